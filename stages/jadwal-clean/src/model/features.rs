//! The features of a line: of itself, of its neighbours, of its place in the document.
//!
//! All are sums, products, quotients and comparisons of small numbers, so that every platform
//! computes the same bits; logarithms are taken by [`log2`], not by the platform's library.

use super::measure::{End, Measure};
use crate::phrases::{Category, Place};

/// Smoothing of what stands around a line: the share that is left a line further away.
const NEAR: f32 = 0.6;
const FAR: f32 = 0.88;

/// Neighbours whose length is looked at, on both sides.
const NEIGHBOURS: usize = 3;

/// Receives the features of a line, one by one, always in the same order.
pub(crate) trait Sink {
    fn take(&mut self, name: &'static str, value: f32);
}

/// The binary logarithm of `1 + value`, piecewise linear between the powers of two.
pub(super) fn log2(value: f32) -> f32 {
    let bits = (1.0 + value.max(0.0)).to_bits();
    let exponent = (bits >> 23) as f32 - 127.0;
    let fraction = f32::from_bits(bits & 0x007F_FFFF | 0x3F80_0000) - 1.0;
    exponent + fraction
}

/// Numbers between 0 and 1 for every line, smoothed over its surroundings, itself left out: each near
/// and far. All are smoothed at once, so that the compiler may use wide registers.
#[derive(Debug)]
pub(super) struct Smoothed<const N: usize> {
    before: Vec<[[f32; 2]; N]>,
    after: Vec<[[f32; 2]; N]>,
}

impl<const N: usize> Smoothed<N> {
    /// Smooths the values of `count` lines.
    pub(super) fn new(count: usize, values: impl Fn(usize) -> [f32; N]) -> Self {
        const RATES: [f32; 2] = [NEAR, FAR];
        let mut smoothed = Self {
            before: vec![[[0.0; 2]; N]; count],
            after: vec![[[0.0; 2]; N]; count],
        };
        let step = |sums: &mut [[f32; 2]; N], values: [f32; N]| {
            for (sums, value) in sums.iter_mut().zip(values) {
                for (sum, rate) in sums.iter_mut().zip(RATES) {
                    *sum = *sum * rate + value * (1.0 - rate);
                }
            }
        };
        let mut sums = [[0.0; 2]; N];
        for (at, before) in smoothed.before.iter_mut().enumerate() {
            *before = sums;
            step(&mut sums, values(at));
        }
        let mut sums = [[0.0; 2]; N];
        for (at, after) in smoothed.after.iter_mut().enumerate().rev() {
            *after = sums;
            step(&mut sums, values(at));
        }
        smoothed
    }

    /// Returns what stands before line `at`: for each number near and far.
    pub(super) fn before(&self, at: usize) -> &[[f32; 2]; N] {
        &self.before[at]
    }

    /// Returns what stands after line `at`.
    pub(super) fn after(&self, at: usize) -> &[[f32; 2]; N] {
        &self.after[at]
    }
}

/// What features of places need to know of the whole document.
#[derive(Debug)]
pub(super) struct Context<'m> {
    measures: &'m [Measure],
    /// Of each line what [`values`] says.
    smoothed: Smoothed<SCALES>,
    places: Vec<Standing>,
    words: f32,
    share_headline: f32,
    share_short: f32,
    share_paragraph: f32,
    share_phrase: f32,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// Whether the lines one, two and three below have the same shape.
    like: [bool; NEIGHBOURS],
    /// Lines of the same shape right before it and after it.
    run: f32,
    /// Index of the nearest paragraph before it, and after it.
    paragraph_before: usize,
    paragraph_after: usize,
    /// Whether a phrase that ends articles stands above, below some running text.
    after_tail: bool,
}

/// No such line.
const NONE: usize = usize::MAX;

/// What is smoothed: running text, short lines, headlines, phrases, sentences, words.
const SCALES: usize = 6;
const ENDED: usize = 4;
const TEXT: usize = 5;

fn values(line: &Measure) -> [f32; SCALES] {
    let flag = |test: bool| f32::from(u8::from(test));
    [
        mass(line),
        flag(line.is_short()),
        flag(line.is_headline()),
        strong(line),
        flag(line.end == End::Sentence && line.words >= 6.0),
        line.words.min(40.0) / 40.0,
    ]
}

impl<'m> Context<'m> {
    pub(super) fn new(measures: &'m [Measure]) -> Self {
        let sum = |value: fn(&Measure) -> f32| measures.iter().map(value).sum::<f32>();
        let words = sum(|m| m.words).max(1.0);
        let count = (measures.len() as f32).max(1.0);
        Self {
            measures,
            smoothed: Smoothed::new(measures.len(), |at| values(&measures[at])),
            places: places(measures),
            words,
            share_headline: sum(|m| f32::from(u8::from(m.is_headline()))) / count,
            share_short: sum(|m| f32::from(u8::from(m.is_short()))) / count,
            share_paragraph: sum(|m| if m.is_paragraph { m.words } else { 0.0 }) / words,
            share_phrase: sum(strong) / count,
        }
    }

    /// Gives the features of line `at` to `sink`.
    pub(super) fn features(&self, at: usize, sink: &mut impl Sink) {
        self.of_itself(at, sink);
        self.of_neighbours(at, sink);
        self.of_place(at, sink);
        self.of_shape(at, sink);
    }

    /// How like its neighbours a line is: lists repeat one shape, or a few in turn.
    fn of_shape(&self, at: usize, sink: &mut impl Sink) {
        let flag = |test: bool| f32::from(u8::from(test));
        let place = &self.places[at];
        let around = |step: usize| {
            let before = at
                .checked_sub(step)
                .map(|at| self.places[at].like[step - 1]);
            [before.unwrap_or(false), place.like[step - 1]].map(flag)
        };
        let [first, second, third] = [1, 2, 3].map(around);
        sink.take("like -1", first[0]);
        sink.take("like +1", first[1]);
        sink.take("like on both sides", first[0] * first[1]);
        sink.take("in turn, two", (second[0] + second[1]) * 0.5);
        sink.take("in turn, three", (third[0] + third[1]) * 0.5);
        let run = log2(place.run);
        sink.take("run of likes", run / 3.0);
        let is_short = flag(self.measures[at].words < 13.0);
        sink.take("run of likes, short", is_short * run / 3.0);
        let (before, after) = (self.smoothed.before(at), self.smoothed.after(at));
        sink.take("text before, near", before[TEXT][0]);
        sink.take("text after, near", after[TEXT][0]);
        sink.take("text before, far", before[TEXT][1]);
        sink.take("text after, far", after[TEXT][1]);
        sink.take("currency", flag(self.measures[at].has_currency));
        sink.take("share headlines", self.share_headline);
        sink.take(
            "words a line",
            log2(self.words / self.measures.len() as f32) / 4.0,
        );
    }

    fn of_itself(&self, at: usize, sink: &mut impl Sink) {
        let line = &self.measures[at];
        let words = line.words.max(1.0);
        let mut flag = |name, test: bool| sink.take(name, f32::from(u8::from(test)));
        flag("one", true);
        flag("words<=1", line.words <= 1.0);
        flag("words<=2", line.words <= 2.0);
        flag("words<=4", line.words <= 4.0);
        flag("words>=8", line.words >= 8.0);
        flag("words>=12", line.words >= 12.0);
        flag("words>=20", line.words >= 20.0);
        flag("words>=40", line.words >= 40.0);
        flag("paragraph", line.is_paragraph);
        flag("table", line.in_table);
        flag("end sentence", line.end == End::Sentence);
        flag(
            "end sentence, short",
            line.end == End::Sentence && line.words < 8.0,
        );
        flag("end colon", line.end == End::Colon);
        flag("end ellipsis", line.end == End::Ellipsis);
        flag("starts with mark", line.starts_with_mark);
        flag("address", line.has_address);
        flag("copyright", line.has_copyright);
        flag("year", line.has_year);
        flag("year, short", line.has_year && line.words < 10.0);
        flag("clock", line.has_clock);
        flag("copies", line.copies > 1);
        flag("copies>=3", line.copies > 2);
        flag("pipe", line.pipes > 0.0);
        let hit = |place: Place| line.hit.is_some_and(|h| !h.weak && h.place == place);
        flag("phrase whole", hit(Place::Whole));
        flag("phrase start", hit(Place::Start));
        flag("phrase inside", hit(Place::Inside));
        flag("phrase weak", line.hit.is_some_and(|hit| hit.weak));
        let policy = line
            .hit
            .is_some_and(|hit| !hit.weak && hit.category.has_sentences());
        flag("phrase of policies", policy);
        flag("phrase related", line.is_strong(Category::Related));
        flag("phrase byline", line.is_strong(Category::Byline));
        sink.take("log words", log2(line.words));
        let letters = line.letters.max(1.0);
        sink.take("letters a word", (letters / words).min(12.0) / 6.0);
        sink.take("digits", line.digits / (line.digits + letters));
        sink.take("commas", (line.commas / words * 10.0).min(2.0));
        sink.take("stops", log2(line.stops));
        sink.take("pipes", (line.pipes / words * 3.0).min(2.0));
        sink.take("slashes", (line.slashes / words * 3.0).min(2.0));
        sink.take("quotes", log2(line.quotes).min(2.0));
        let cased = line.upper + line.lower;
        let upper = if cased > 0.0 { line.upper / cased } else { 0.0 };
        sink.take("capitals", if line.words > 2.0 { upper } else { 0.0 });
        let content = line.content as f32;
        let known = line.known as f32 / content.max(1.0);
        sink.take("known", known);
        sink.take("known, long", if line.words >= 8.0 { known } else { 0.0 });
        sink.take("no content", f32::from(u8::from(line.content == 0)));
    }

    fn of_neighbours(&self, at: usize, sink: &mut impl Sink) {
        const BEFORE: [&str; NEIGHBOURS] = ["log words -1", "log words -2", "log words -3"];
        const AFTER: [&str; NEIGHBOURS] = ["log words +1", "log words +2", "log words +3"];
        let get = |index: Option<usize>| index.and_then(|index| self.measures.get(index));
        for step in 1..=NEIGHBOURS {
            let before = get(at.checked_sub(step));
            let after = get(Some(at + step));
            sink.take(
                BEFORE[step - 1],
                before.map_or(0.0, |line| log2(line.words)),
            );
            sink.take(AFTER[step - 1], after.map_or(0.0, |line| log2(line.words)));
        }
        let flag = |line: Option<&Measure>, test: fn(&Measure) -> bool| {
            f32::from(u8::from(line.is_some_and(test)))
        };
        let (before, after) = (get(at.checked_sub(1)), get(Some(at + 1)));
        sink.take("paragraph -1", flag(before, |m| m.is_paragraph));
        sink.take("paragraph +1", flag(after, |m| m.is_paragraph));
        sink.take("end sentence -1", flag(before, |m| m.end == End::Sentence));
        sink.take("end sentence +1", flag(after, |m| m.end == End::Sentence));
        sink.take("phrase -1", before.map_or(0.0, strong));
        sink.take("phrase +1", after.map_or(0.0, strong));
        sink.take("year -1", flag(before, |m| m.has_year && m.words < 10.0));
        sink.take("year +1", flag(after, |m| m.has_year && m.words < 10.0));
    }

    fn of_place(&self, at: usize, sink: &mut impl Sink) {
        const NAMES: [[&str; 2]; 10] = [
            ["mass before, near", "mass before, far"],
            ["mass after, near", "mass after, far"],
            ["short before, near", "short before, far"],
            ["short after, near", "short after, far"],
            ["headlines before, near", "headlines before, far"],
            ["headlines after, near", "headlines after, far"],
            ["phrases before, near", "phrases before, far"],
            ["phrases after, near", "phrases after, far"],
            ["ends before, near", "ends before, far"],
            ["ends after, near", "ends after, far"],
        ];
        let (before, after) = (self.smoothed.before(at), self.smoothed.after(at));
        let ends = before[ENDED][1] + after[ENDED][1];
        for (scale, names) in NAMES.chunks_exact(2).enumerate() {
            for rate in 0..2 {
                sink.take(names[0][rate], before[scale][rate]);
                sink.take(names[1][rate], after[scale][rate]);
            }
        }
        let place = &self.places[at];
        let (before, after) = (place.paragraph_before, place.paragraph_after);
        let flag = |test: bool| f32::from(u8::from(test));
        sink.take("before all paragraphs", flag(before == NONE));
        sink.take("after all paragraphs", flag(after == NONE));
        let distance = |other: usize| match other {
            NONE => 8.0,
            other => log2(other.abs_diff(at) as f32),
        };
        sink.take("to paragraph before", distance(before));
        sink.take("to paragraph after", distance(after));
        let nearest = distance(before).min(distance(after));
        sink.take("to paragraph", nearest);
        sink.take("after a tail phrase", flag(place.after_tail));
        let count = self.measures.len() as f32;
        sink.take("position", (at as f32 + 0.5) / count);
        sink.take("from the top", log2(at as f32) / 8.0);
        sink.take("from the end", log2(count - at as f32) / 8.0);
        let short = flag(self.measures[at].is_short());
        sink.take("share short", self.share_short);
        sink.take("share short, short", self.share_short * short);
        sink.take("share paragraph", self.share_paragraph);
        sink.take("share paragraph, short", self.share_paragraph * short);
        sink.take("share phrases", (self.share_phrase * 5.0).min(1.0));
        let paragraph = self.share_paragraph;
        let unended = flag(self.measures[at].is_headline());
        sink.take("headline, share paragraph", unended * paragraph);
        sink.take("headline, ends around", unended * ends);
        sink.take("log all words", log2(self.words) / 10.0);
        sink.take("log all lines", log2(count) / 10.0);
    }
}

/// How much running text a line is.
pub(super) fn mass(line: &Measure) -> f32 {
    if line.is_paragraph {
        line.words.min(60.0) / 60.0
    } else {
        0.0
    }
}

fn strong(line: &Measure) -> f32 {
    f32::from(u8::from(line.hit.is_some_and(|hit| !hit.weak)))
}

fn places(measures: &[Measure]) -> Vec<Standing> {
    let tails = tails(measures);
    let (mut run, mut paragraph) = (0.0, NONE);
    let mut places = Vec::with_capacity(measures.len());
    for (at, (line, after_tail)) in measures.iter().zip(tails).enumerate() {
        let is_like = |step| measures.get(at + step).is_some_and(|m| line.is_like(m));
        let like = [1, 2, 3].map(is_like);
        places.push(Standing {
            like,
            run,
            paragraph_before: paragraph,
            paragraph_after: NONE,
            after_tail,
        });
        run = if like[0] { run + 1.0 } else { 0.0 };
        if line.is_paragraph {
            paragraph = at;
        }
    }
    let (mut run, mut paragraph) = (0.0, NONE);
    for (at, (place, line)) in places.iter_mut().zip(measures).enumerate().rev() {
        run = if place.like[0] { run + 1.0 } else { 0.0 };
        place.run += run;
        place.paragraph_after = paragraph;
        if line.is_paragraph {
            paragraph = at;
        }
    }
    places
}

/// For each line whether a phrase that ends articles stands above, below some running text.
fn tails(measures: &[Measure]) -> Vec<bool> {
    let mut words = 0.0;
    let mut seen = false;
    let mut since = 0.0;
    measures
        .iter()
        .map(|line| {
            if line.is_paragraph {
                words += line.words;
                since += line.words;
            }
            if line.hit.is_some_and(|hit| hit.tail && !hit.weak) && words > 0.0 {
                seen = true;
                since = 0.0;
            }
            // As much text again below it: the phrase stood in the middle of an article.
            seen && since * 2.0 < words
        })
        .collect()
}

//! Measures every line of a document once: the numbers that features are made of.
//!
//! One scan over the characters of a line; time and memory are linear in the document.

use std::collections::HashMap;

use crate::lines::{self, Line};
use crate::phrases::{Category, Hit};

/// Shorter words say little of what a text is about.
const MIN_LETTERS: usize = 4;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum End {
    #[default]
    None,
    Sentence,
    Colon,
    Ellipsis,
}

/// What one line is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    pub(super) words: f32,
    pub(super) letters: f32,
    pub(super) digits: f32,
    pub(super) commas: f32,
    /// Sentence ends with more text after them.
    pub(super) stops: f32,
    pub(super) pipes: f32,
    pub(super) quotes: f32,
    pub(super) slashes: f32,
    /// Words that start with a capital letter, and words that start with a small one.
    pub(super) upper: f32,
    pub(super) lower: f32,
    pub(super) end: End,
    pub(super) starts_with_mark: bool,
    pub(super) has_address: bool,
    pub(super) has_copyright: bool,
    pub(super) has_year: bool,
    pub(super) has_clock: bool,
    pub(super) is_paragraph: bool,
    pub(super) in_table: bool,
    pub(super) hit: Option<Hit>,
    /// Equal for lines that differ in digits alone.
    key: u64,
    /// How often such a line stands in the document.
    pub(super) copies: u32,
    /// Content words, and how many of them stand in the paragraphs too.
    pub(super) content: u32,
    pub(super) known: u32,
}

impl Measure {
    pub(super) fn is_short(&self) -> bool {
        self.words < 5.0
    }

    /// Whether it looks like the headline of another article: some words and no end.
    pub(super) fn is_headline(&self) -> bool {
        (5.0..25.0).contains(&self.words) && !self.is_paragraph && self.end != End::Sentence
    }

    pub(super) fn is_strong(&self, category: Category) -> bool {
        self.hit
            .is_some_and(|hit| !hit.weak && hit.category == category)
    }
}

/// Measures `lines`, whose phrases are `hits`.
pub(super) fn measure(lines: &[Line<'_>], hits: &[Option<Hit>]) -> Vec<Measure> {
    let mut measures: Vec<Measure> = lines
        .iter()
        .zip(hits)
        .map(|(line, hit)| one(line, *hit))
        .collect();
    count_copies(&mut measures);
    overlap(lines, &mut measures);
    measures
}

fn one(line: &Line<'_>, hit: Option<Hit>) -> Measure {
    let mut measure = Measure {
        words: line.words as f32,
        is_paragraph: line.is_paragraph(),
        in_table: line.in_table,
        hit,
        end: end(line),
        ..Measure::default()
    };
    scan(line.text, &mut measure);
    let first = line.text.chars().next().unwrap_or(' ');
    measure.starts_with_mark = !first.is_alphanumeric() && !matches!(first, '"' | '«' | '“' | '(');
    measure
}

fn end(line: &Line<'_>) -> End {
    if line.text.ends_with("...") || line.text.ends_with('…') {
        End::Ellipsis
    } else if line.text.ends_with([':', '：']) {
        End::Colon
    } else if line.ends_sentence() {
        End::Sentence
    } else {
        End::None
    }
}

fn scan(text: &str, measure: &mut Measure) {
    let mut key = 0xCBF2_9CE4_8422_2325_u64;
    let (mut run, mut number) = (0u32, 0u32);
    let mut before = ' ';
    let mut stop = false;
    for character in text.chars() {
        let is_digit = matches!(character, '0'..='9' | '٠'..='٩' | '۰'..='۹');
        if is_digit {
            measure.digits += 1.0;
            run += 1;
            number = number * 10 % 100_000 + (character as u32 & 15) % 10;
        } else {
            measure.has_year |= run == 4 && matches!(number, 1900..=2099 | 1300..=1450);
            measure.has_clock |= character == ':' && matches!(run, 1 | 2) && number < 25;
            (run, number) = (0, 0);
            if character == ' ' {
                measure.stops += f32::from(u8::from(stop));
            } else if character.is_ascii_lowercase() || character >= '\u{590}' {
                measure.letters += 1.0;
                measure.lower += f32::from(u8::from(before == ' ' && character.is_ascii()));
            } else {
                other(character, before, measure);
            }
        }
        stop = matches!(character, '.' | '!' | '?' | '؟' | '۔' | '。' | '।');
        measure.commas += f32::from(u8::from(matches!(character, ',' | '،' | '、' | '，')));
        measure.quotes += f32::from(u8::from(matches!(character, '"' | '«' | '“' | '„')));
        let letter = if is_digit { '0' } else { character };
        key = (key ^ u64::from(letter)).wrapping_mul(0x0100_0000_01B3);
        before = character;
    }
    measure.has_year |= run == 4 && matches!(number, 1900..=2099 | 1300..=1450);
    measure.has_address |= text.contains("://") || text.contains("www.");
    measure.key = key;
}

fn other(character: char, before: char, measure: &mut Measure) {
    match character {
        '|' | '·' | '•' | '»' | '›' | '>' => measure.pipes += 1.0,
        '©' => measure.has_copyright = true,
        '@' => measure.has_address = true,
        '/' => measure.slashes += 1.0,
        _ if character.is_alphabetic() => {
            measure.letters += 1.0;
            if before == ' ' && character.is_uppercase() {
                measure.upper += 1.0;
            } else if before == ' ' {
                measure.lower += 1.0;
            }
        }
        _ => {}
    }
}

fn count_copies(measures: &mut [Measure]) {
    let mut counts: HashMap<u64, u32> = HashMap::with_capacity(measures.len());
    for measure in measures.iter() {
        *counts.entry(measure.key).or_default() += 1;
    }
    for measure in measures {
        measure.copies = counts.get(&measure.key).copied().unwrap_or(1);
    }
}

/// Counts the content words of every line that the paragraphs hold too.
fn overlap(lines: &[Line<'_>], measures: &mut [Measure]) {
    let mut known = Known::default();
    let mut places: Vec<u16> = Vec::new();
    let mut ends = Vec::with_capacity(lines.len());
    for (line, measure) in lines.iter().zip(measures.iter()) {
        let start = places.len();
        lines::for_each_word(line.text, |stem| {
            if stem.len() >= MIN_LETTERS {
                places.push(Known::place(lines::key(stem)));
            }
        });
        if measure.is_paragraph {
            places[start..].iter().for_each(|place| known.add(*place));
        }
        ends.push(places.len());
    }
    let mut start = 0;
    for (end, measure) in ends.into_iter().zip(measures) {
        let words = &places[start..end];
        start = end;
        // A paragraph's own words don't count.
        let times = u8::from(measure.is_paragraph) + 1;
        let is_known = |place: &&u16| known.count(**place) >= times;
        measure.content = u32::try_from(words.len()).unwrap_or(u32::MAX);
        measure.known = u32::try_from(words.iter().filter(is_known).count()).unwrap_or(u32::MAX);
    }
}

/// How often words stand in the paragraphs, 3 at most. Words share places: a count may be too high.
#[derive(Debug)]
struct Known {
    counts: Vec<u8>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            counts: vec![0; 1 << Self::BITS],
        }
    }
}

impl Known {
    const BITS: u32 = 14;

    fn place(key: u64) -> u16 {
        let place = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - Self::BITS);
        u16::try_from(place).unwrap_or(0)
    }

    fn add(&mut self, place: u16) {
        let count = &mut self.counts[usize::from(place)];
        *count = (*count + 1).min(3);
    }

    fn count(&self, place: u16) -> u8 {
        self.counts[usize::from(place)]
    }
}

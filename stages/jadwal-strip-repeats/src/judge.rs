//! Tells which lines of a document are repeats.
//!
//! A line that enough other documents of the group have had is one, unless
//!
//! - it is the headline, or says what the headline, the author line or the date of the document say;
//! - it is part of a table: its head and its row names recur, and tables stay whole;
//! - it says what the running text says: half of its content words occur there. The commonest wrong
//!   hit is an article's own headline, which other pages have had among their latest news;
//! - it stands inside the running text: names of sections ("Pros", "Product Specs") recur there, and
//!   counts can't tell them from what a site puts between paragraphs;
//! - it is long and not enough *more* documents have had it.
//!
//! Running text is the long lines that do not repeat, and inside it is what stands between two of them. If less than a third of the words in long lines
//! would stay, or no line at all, something is wrong about this document or its group: all lines
//! stay, and the verdict says so.

use jadwal_core::facts::{BlockKind, Facts};
use jadwal_core::fold::fold;
use jadwal_core::shingle::words;

use crate::lines::Line;
use crate::options::StripRepeatsOptions;
use crate::vocabulary::Vocabulary;

/// How many times more documents must have had a long line.
const LONG_FACTOR: u32 = 4;

/// Share of the words in long lines that stays at least.
const MIN_KEPT: f64 = 0.3;

/// What the counts say of a document's lines.
pub(crate) trait Repeated {
    /// How many documents of the group were counted.
    fn documents(&self) -> u32;
    /// How many other documents had the line with this hash, at least.
    fn count(&self, line: u64) -> u32;
}

/// Which lines are repeats.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// For each line that is one, how many other documents had it.
    pub(crate) gone: Vec<Option<u32>>,
    /// Whether too much would have gone, so that all lines stay.
    pub(crate) fell_back: bool,
}

impl Verdict {
    /// Whether any line is a repeat.
    pub(crate) fn has_repeats(&self) -> bool {
        self.gone.iter().any(Option::is_some)
    }
}

/// Judges `lines`, those of a text of which `facts` are known.
pub(crate) fn judge(
    lines: &[Line],
    facts: &Facts,
    repeated: &impl Repeated,
    options: &StripRepeatsOptions,
) -> Verdict {
    let needed = options.needed(repeated.documents());
    let count = |line: &Line| line.hash.map_or(0, |hash| repeated.count(hash));
    let counts: Vec<u32> = lines.iter().map(count).collect();
    let mut verdict = Verdict {
        gone: vec![None; lines.len()],
        fell_back: false,
    };
    if counts.iter().all(|count| *count < needed) {
        return verdict;
    }
    let is_running = |index: &usize| lines[*index].is_long() && counts[*index] < needed;
    let running: Vec<usize> = (0..lines.len()).filter(is_running).collect();
    let vocabulary = Vocabulary::of(running.iter().map(|index| lines[*index].folded.as_str()));
    let inside = match running[..] {
        [first, .., last] => first..last,
        _ => 0..0,
    };
    let own = Own::of(facts);
    let outside = |(index, _): &(usize, &Line)| !inside.contains(index);
    for (index, line) in lines.iter().enumerate().filter(outside) {
        let needed = match line.is_long() {
            true => needed.saturating_mul(LONG_FACTOR),
            false => needed,
        };
        if counts[index] >= needed && !own.has(line) && !vocabulary.covers(&line.folded) {
            verdict.gone[index] = Some(counts[index]);
        }
    }
    if verdict.has_repeats() && takes_too_much(lines, &verdict.gone) {
        verdict.gone.fill(None);
        verdict.fell_back = true;
    }
    verdict
}

fn takes_too_much(lines: &[Line], gone: &[Option<u32>]) -> bool {
    let (mut all, mut kept) = (0, 0);
    for (line, gone) in lines.iter().zip(gone) {
        if line.is_long() {
            all += line.words;
            kept += if gone.is_none() { line.words } else { 0 };
        }
    }
    gone.iter().all(Option::is_some) || (kept as f64) < MIN_KEPT * all as f64
}

/// What is a document's own, whoever else has it.
struct Own<'f> {
    facts: &'f Facts,
    title: String,
    byline: String,
    /// Year and day of the date that the document gives for itself.
    date: Option<(String, String)>,
}

impl<'f> Own<'f> {
    fn of(facts: &'f Facts) -> Self {
        Self {
            facts,
            title: fold(&facts.title),
            byline: fold(&facts.byline),
            date: date(&facts.created),
        }
    }

    fn has(&self, line: &Line) -> bool {
        if matches!(self.kind(line), Some(BlockKind::Title | BlockKind::Table)) {
            return true;
        }
        let folded = &line.folded;
        let has_word = |wanted: &str| words(folded).any(|word| word == wanted);
        let is_date = |(year, day): &(String, String)| has_word(year) && has_word(day);
        *folded == self.title
            || (!self.byline.is_empty() && folded.contains(&self.byline))
            || self.date.as_ref().is_some_and(is_date)
    }

    /// What the stages before found the line to be.
    fn kind(&self, line: &Line) -> Option<BlockKind> {
        let blocks = &self.facts.blocks;
        let next = blocks.partition_point(|block| block.range.start <= line.range.start);
        let block = blocks.get(next.checked_sub(1)?)?;
        (line.range.start < block.range.end).then_some(block.kind)
    }
}

/// Returns year and day of an ISO 8601 date as people write them.
fn date(created: &str) -> Option<(String, String)> {
    let mut parts = created.get(..10)?.split('-');
    let (year, _, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let day = day.trim_start_matches('0');
    (is_number(year) && is_number(day)).then(|| (year.to_owned(), day.to_owned()))
}

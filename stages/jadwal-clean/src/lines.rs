//! The lines of a text, with what the rules ask about them.

use std::ops::Range;

use crate::html::LineKind;
use crate::scan::{WideBlanks, count_pairs};

/// From this many words on a line is long: no phrase alone removes it from the body.
pub(crate) const LONG_WORDS: usize = 15;

/// A line that is not blank.
#[derive(Clone, Debug)]
pub(crate) struct Line<'t> {
    /// Without blanks at its ends.
    pub(crate) text: &'t str,
    /// Where that lies in the text.
    pub(crate) range: Range<usize>,
    /// Number of words.
    pub(crate) words: usize,
    /// Blank lines just before it.
    pub(crate) blanks_before: usize,
    /// What the markup said, if there was any.
    pub(crate) kind: LineKind,
    /// Whether it is part of a table.
    pub(crate) in_table: bool,
}

impl Line<'_> {
    /// Whether it has the words of running text.
    pub(crate) fn is_long(&self) -> bool {
        self.words >= LONG_WORDS
    }

    /// Whether it is running text: whole sentences of some length, or so long that it must be.
    pub(crate) fn is_paragraph(&self) -> bool {
        if self.in_table || matches!(self.kind, LineKind::Heading(_)) {
            return false;
        }
        self.words >= 30 || (self.words >= 10 && self.ends_sentence())
    }

    /// Whether it is a row of short entries with pipes between them: a menu that was written as one
    /// line.
    pub(crate) fn is_menu(&self) -> bool {
        const MIN_SIGNS: usize = 4;
        const ENTRY_WORDS: usize = 4;
        let signs = memchr::memchr_iter(b'|', self.text.as_bytes()).count();
        // A sign between blanks was counted as a word.
        signs >= MIN_SIGNS
            && self.words <= (signs + 1) * (ENTRY_WORDS + 1)
            && !self.in_table
            && !self.ends_sentence()
    }

    /// Whether it ends as a sentence does.
    pub(crate) fn ends_sentence(&self) -> bool {
        let end = self
            .text
            .trim_end_matches(['"', '»', '”', '’', '\'', ')', ']', ' ']);
        end.ends_with([
            '.', '!', '?', '؟', '۔', '…', ':', '؛', '。', '！', '？', '।', '።', '։',
        ])
    }
}

/// Splits `text` into its lines that are not blank. `kinds` has what the markup said of each line,
/// blank ones included, or is empty.
pub(crate) fn split<'t>(text: &'t str, kinds: &[LineKind]) -> Vec<Line<'t>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut blanks_before = 0;
    let mut wide_blanks = WideBlanks::of(text);
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for (number, end) in ends.enumerate() {
        let whole = &text[start..end];
        let trimmed = whole.trim();
        if trimmed.is_empty() {
            blanks_before += 1;
        } else {
            let lead = whole.len() - whole.trim_start().len();
            let from = start + lead;
            let range = from..from + trimmed.len();
            lines.push(Line {
                text: trimmed,
                words: count_words(trimmed, wide_blanks.stand_in(&range)),
                range,
                blanks_before: std::mem::take(&mut blanks_before),
                kind: kinds.get(number).copied().unwrap_or_default(),
                in_table: false,
            });
        }
        start += whole.len() + 1;
    }
    lines
}

/// Counts the words of `text`, which may hold blanks outside ASCII. Scripts that write no blanks
/// between words count a word for every two of their characters.
pub(crate) fn count_words(text: &str, has_wide_blanks: bool) -> usize {
    let words = match has_wide_blanks {
        false => count_plain_words(text.as_bytes()),
        true => text.split_whitespace().count(),
    };
    // Lines with long words only: the test below reads every character.
    if text.len() < words * 24 {
        return words;
    }
    let unspaced = text.chars().filter(|c| is_unspaced(*c)).count();
    words + unspaced / 2
}

/// Counts the words that blanks of ASCII part: each ends before a blank or at the end.
fn count_plain_words(text: &[u8]) -> usize {
    let is_blank = |byte: u8| (byte == b' ') | (byte.wrapping_sub(b'\t') < 5);
    let ends = count_pairs(text, |byte, next| !is_blank(byte) & is_blank(next));
    ends + usize::from(text.last().is_some_and(|last| !is_blank(*last)))
}

/// Letters of Thai, Lao, Burmese, Khmer, Chinese and Japanese.
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{E01}'..='\u{EFF}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3041}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
    )
}

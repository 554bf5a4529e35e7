//! The lines of a text, each with the hash under which it is counted.
//!
//! Lines are compared folded, with every number as one: "منذ 8 ساعات" and "منذ 9 ساعات" are one line.
//! Lines without a letter are not counted.

use std::collections::HashSet;
use std::ops::Range;

use jadwal_core::fold::fold;
use jadwal_core::shingle::{sequence_hash, word_hash, words};

/// From this many words on a line is long: running text.
pub(crate) const LONG_WORDS: usize = 15;

/// Lines of one document that are counted: as many from the beginning, and from the end, as half of
/// this. Site lines stand at both ends.
const MOST_COUNTED: usize = 512;

/// A line that is not blank.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Where it lies in the text, without blanks at its ends.
    pub(crate) range: Range<usize>,
    /// Number of words.
    pub(crate) words: usize,
    /// What [`fold`] makes of it.
    pub(crate) folded: String,
    /// Under which it is counted; `None` for a line without letters.
    pub(crate) hash: Option<u64>,
}

impl Line {
    /// Whether it has the words of running text.
    pub(crate) fn is_long(&self) -> bool {
        self.words >= LONG_WORDS
    }
}

/// A line as the counts know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) hash: u64,
    /// Words of a long line, 255 at the most; 0 for a short line.
    pub(crate) long_words: u8,
}

/// Splits `text` into its lines that are not blank.
pub(crate) fn split(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for whole in text.split('\n') {
        let trimmed = whole.trim();
        if !trimmed.is_empty() {
            let from = start + (whole.len() - whole.trim_start().len());
            let folded = fold(trimmed);
            lines.push(Line {
                range: from..from + trimmed.len(),
                words: count_words(trimmed),
                hash: hash(&folded),
                folded,
            });
        }
        start += whole.len() + 1;
    }
    lines
}

/// Returns the different lines that are counted, in order.
pub(crate) fn counted(lines: &[Line]) -> Vec<Counted> {
    let half = MOST_COUNTED / 2;
    let middle = half..lines.len().saturating_sub(half).max(half);
    let ends = lines.iter().enumerate();
    let ends = ends.filter(|(index, _)| !middle.contains(index));
    let mut seen = HashSet::new();
    ends.filter_map(|(_, line)| {
        let hash = line.hash.filter(|hash| seen.insert(*hash))?;
        let words = u8::try_from(line.words).unwrap_or(u8::MAX);
        Some(Counted {
            hash,
            long_words: if line.is_long() { words } else { 0 },
        })
    })
    .collect()
}

/// Returns the hash of a line that was folded; `None` where it has no letter.
fn hash(folded: &str) -> Option<u64> {
    let mut has_letter = false;
    let mut figures = String::new();
    let mut hashes = Vec::new();
    for word in words(folded) {
        has_letter |= word.chars().any(char::is_alphabetic);
        let hash = match word.bytes().any(|byte| byte.is_ascii_digit()) {
            true => {
                without_figures(word, &mut figures);
                word_hash(&figures)
            }
            false => word_hash(word),
        };
        // `12,345` and `21/11/2016` are several words when folded.
        if figures != "0" || hashes.last() != Some(&hash) {
            hashes.push(hash);
        }
    }
    has_letter.then(|| sequence_hash(&hashes))
}

/// Writes `word` into `to`, with a `0` for each run of digits.
fn without_figures(word: &str, to: &mut String) {
    to.clear();
    for letter in word.chars() {
        match letter.is_ascii_digit() {
            true if to.ends_with('0') => {}
            true => to.push('0'),
            false => to.push(letter),
        }
    }
}

/// Counts words. Scripts that write no blanks between words count a word for every two of their
/// characters.
fn count_words(text: &str) -> usize {
    let words = text.split_whitespace().count();
    // Lines with long words only: the test below reads every character.
    if text.len() < words * 24 {
        return words;
    }
    let unspaced = text.chars().filter(|letter| is_unspaced(*letter)).count();
    words + unspaced / 2
}

/// Letters of Thai, Lao, Burmese, Khmer, Chinese and Japanese.
fn is_unspaced(letter: char) -> bool {
    matches!(
        letter,
        '\u{E01}'..='\u{EFF}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3041}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_and_figures_make_no_other_line() {
        for (one, other) in [
            ("منذ 8 ساعات", "منذ ٩ ساعات"),
            ("إقرأ أيضاً:", "اقرا ايضا"),
            ("21 نوفمبر 2016", "3 نوفمبر 2017"),
            ("12,345 views", "1 views"),
        ] {
            assert_eq!(hash(&fold(one)), hash(&fold(other)), "{one} and {other}");
        }
        assert_ne!(hash(&fold("الرئيسية")), hash(&fold("الرياضة")));
        assert_eq!(hash(&fold("12 | 30")), None);
    }

    #[test]
    fn lines_lie_where_they_are_said_to() {
        let text = "  أول \n\n\t\nsecond line\r\n3";
        let lines = split(text);
        let texts: Vec<_> = lines.iter().map(|line| &text[line.range.clone()]).collect();
        assert_eq!(texts, ["أول", "second line", "3"]);
    }

    #[test]
    fn of_a_huge_document_both_ends_are_counted() {
        let text: String = (0..5000_u32)
            .map(|n| {
                let digits = n.to_string().into_bytes();
                let letters = digits.into_iter().map(|d| char::from(d - b'0' + b'a'));
                letters.collect::<String>() + "\n"
            })
            .collect();
        let lines = split(&text);
        let counted = counted(&lines);
        assert_eq!(counted.len(), MOST_COUNTED);
        assert_eq!(Some(counted[0].hash), lines[0].hash);
        assert_eq!(Some(counted[MOST_COUNTED - 1].hash), lines[4999].hash);
    }

    #[test]
    fn text_without_blanks_has_words() {
        assert!(count_words(&"天地玄黄".repeat(10)) >= LONG_WORDS);
        assert_eq!(count_words("two words"), 2);
    }
}

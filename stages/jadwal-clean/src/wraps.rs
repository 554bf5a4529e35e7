//! Joins lines that were wrapped at a fixed width, as mails and old archives have them.
//!
//! A wrapping program breaks a line where the next word does not fit. So does every line of a
//! wrapped paragraph, and that is the test: with the first word of the next line, each would be
//! longer than the longest. Verses, lists and tables break elsewhere. The rest is caution: only
//! paragraphs of some length are joined, whose sentences end inside lines as often as at their ends.

use std::borrow::Cow;
use std::ops::Range;

use jadwal_core::{Edited, TextEditor};

use crate::unicode::Repairs;

/// Widths in characters that people wrap at.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// Fewer lines than this prove nothing.
const MIN_LINES: usize = 4;

/// Shortest line before a break, in words: fewer are no running text.
const MIN_WORDS: usize = 4;

/// A line of a paragraph.
struct Line<'t> {
    text: &'t str,
    range: Range<usize>,
}

impl Line<'_> {
    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// Returns the text with its wrapped paragraphs on one line each, or `None` where there are none.
pub(crate) fn join(text: &str, repairs: &mut Repairs) -> Option<Edited> {
    let mut editor = TextEditor::new(text);
    let mut paragraph: Vec<Line<'_>> = Vec::new();
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let lines = ends.scan(0, |start, end| {
        Some(&text[std::mem::replace(start, end + 1)..end])
    });
    for line in lines.chain([""]) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            join_paragraph(&paragraph, &mut editor);
            paragraph.clear();
        } else {
            let from = start + line.len() - line.trim_start().len();
            paragraph.push(Line {
                text: trimmed,
                range: from..from + trimmed.len(),
            });
        }
        start += line.len() + 1;
    }
    let joined = editor.changes();
    if joined == 0 {
        return None;
    }
    let rule = Cow::Borrowed("lines:joined");
    *repairs.entry(rule).or_default() += joined as u64;
    Some(editor.finish())
}

/// Joins the lines of a paragraph if it was wrapped.
fn join_paragraph(lines: &[Line<'_>], editor: &mut TextEditor<'_>) {
    if !is_wrapped(lines) {
        return;
    }
    for pair in lines.windows(2) {
        let between = pair[0].range.end..pair[1].range.start;
        // A word that was broken keeps its hyphen: whether it is the author's nobody knows.
        let is_broken = ends_in_hyphen(pair[0].text);
        editor.replace(between, if is_broken { "" } else { " " });
    }
}

fn is_wrapped(lines: &[Line<'_>]) -> bool {
    // No paragraph of news is measured: a character takes a byte at least, four at most.
    let may_be = |line: &Line<'_>| line.text.len() <= WIDTHS.end() * 4;
    if lines.len() < MIN_LINES || !lines.iter().all(may_be) {
        return false;
    }
    let widths: Vec<usize> = lines.iter().map(Line::width).collect();
    let Some((last, full)) = lines.split_last() else {
        return false;
    };
    let Some(width) = widths[..full.len()].iter().copied().max() else {
        return false;
    };
    WIDTHS.contains(&width)
        && widths[full.len()] <= width
        && lines.windows(2).zip(&widths).all(|(pair, first)| {
            let next = first_word(pair[1].text).chars().count();
            let joint = usize::from(!ends_in_hyphen(pair[0].text));
            first + joint + next > width
        })
        && full.iter().all(|line| is_running_text(line.text))
        && !is_item(last.text)
        && breaks_anywhere(lines)
        && !starts_alike(lines)
}

/// Whether lines start with one word again and again, as those of lists and songs do.
fn starts_alike(lines: &[Line<'_>]) -> bool {
    let mut words: Vec<&str> = lines.iter().map(|line| first_word(line.text)).collect();
    words.sort_unstable();
    words.dedup();
    words.len() * 2 <= lines.len()
}

/// Whether sentences and clauses end inside the lines more often than at their ends. Verses and
/// lists of phrases end them with the line, or have no marks at all.
fn breaks_anywhere(lines: &[Line<'_>]) -> bool {
    let full = &lines[..lines.len() - 1];
    let at_ends = full.iter().filter(|line| line.text.ends_with(is_pause));
    let at_ends = at_ends.count();
    let inside: usize = lines
        .iter()
        .map(|line| {
            let mut words = line.text.split_whitespace();
            words.next_back();
            words.filter(|word| word.ends_with(is_pause)).count()
        })
        .sum();
    inside * 4 >= full.len() && at_ends <= inside && at_ends * 3 <= full.len()
}

fn is_pause(character: char) -> bool {
    matches!(
        character,
        '.' | ',' | ';' | ':' | '!' | '?' | '،' | '؛' | '؟' | '۔' | '…'
    )
}

fn is_running_text(line: &str) -> bool {
    line.split_whitespace().count() >= MIN_WORDS && !is_item(line)
}

/// Whether a line starts an item, a quoted line or a row, or is one.
fn is_item(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_number = first.ends_with(['.', ')', '-', ':'])
        && first.chars().count() <= 4
        && first.starts_with(char::is_numeric);
    is_number
        || first.starts_with([
            '-', '–', '—', '*', '•', '▪', '●', '◦', '‣', '>', '#', '+', '=',
        ])
        || line.contains(['|', '\t'])
        || line.contains("   ")
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

fn ends_in_hyphen(line: &str) -> bool {
    let mut characters = line.chars().rev();
    characters.next() == Some('-') && characters.next().is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests;

//! Lays out the kept lines: one blank between words, a limited number of blank lines between lines,
//! nothing at the ends.

use std::ops::Range;

use jadwal_core::{Edited, TextEditor};

use crate::lines::Line;
use crate::scan::{find_pair, find_wide_blank};
use crate::unicode::Repairs;

/// The new text and where its lines lie in it.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// `None` where nothing changes.
    pub(crate) edited: Option<Edited>,
    /// Bytes of the new text, one range for each kept line.
    pub(crate) ranges: Vec<Range<usize>>,
}

/// Lays out the lines of `text` that `keep` names, with at most `max_blank_lines` between two.
pub(crate) fn layout(
    text: &str,
    lines: &[Line<'_>],
    keep: &[bool],
    max_blank_lines: usize,
    repairs: &mut Repairs,
) -> Layout {
    let mut writer = Writer {
        editor: TextEditor::new(text),
        text,
        written: 0,
        ranges: Vec::with_capacity(lines.len()),
        suspect: find_suspect(text.as_bytes(), 0),
        blanks: 0,
        blank_lines: 0,
    };
    let mut end = 0;
    let mut blank_lines = 0;
    for (line, keep) in lines.iter().zip(keep) {
        blank_lines = blank_lines.max(line.blanks_before);
        if *keep {
            writer.gap(end..line.range.start, blank_lines, max_blank_lines);
            writer.line(line);
            end = line.range.end;
            blank_lines = 0;
        }
    }
    writer.remove(end..text.len());
    writer.finish(repairs)
}

/// Takes the lines out that `keep` does not name, and leaves all else as it is: blanks and blank
/// lines stay where they were.
pub(crate) fn cut(text: &str, lines: &[Line<'_>], keep: &[bool]) -> Layout {
    let mut editor = TextEditor::new(text);
    let mut ranges = Vec::new();
    let mut removed = 0;
    let mut at = 0;
    while at < lines.len() {
        let run = keep[at..].iter().take_while(|keep| !**keep).count();
        if run > 0 {
            let range = whole_lines(text, &lines[at].range, &lines[at + run - 1].range);
            removed += range.len();
            editor.remove(range);
            at += run;
        } else {
            let range = &lines[at].range;
            ranges.push(range.start - removed..range.end - removed);
            at += 1;
        }
    }
    Layout {
        edited: (editor.changes() > 0).then(|| editor.finish()),
        ranges,
    }
}

/// Returns the range from the beginning of the line of `first` to the line end after `last`.
fn whole_lines(text: &str, first: &Range<usize>, last: &Range<usize>) -> Range<usize> {
    let before = memchr::memrchr(b'\n', &text.as_bytes()[..first.start]);
    let after = memchr::memchr(b'\n', &text.as_bytes()[last.end..]);
    let end = after.map_or(text.len(), |length| last.end + length + 1);
    before.map_or(0, |line_end| line_end + 1)..end
}

struct Writer<'t> {
    editor: TextEditor<'t>,
    text: &'t str,
    /// Length of the new text so far.
    written: usize,
    ranges: Vec<Range<usize>>,
    /// Where the next blanks may be that are not one plain blank.
    suspect: usize,
    blanks: u64,
    blank_lines: u64,
}

impl Writer<'_> {
    fn remove(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.editor.remove(range);
        }
    }

    /// Writes what stands between two lines: a line end and the blank lines that are allowed.
    fn gap(&mut self, gap: Range<usize>, blank_lines: usize, max: usize) {
        if self.ranges.is_empty() {
            self.remove(gap);
            return;
        }
        let wanted = blank_lines.min(max);
        self.blank_lines += (blank_lines - wanted) as u64;
        self.written += 1 + wanted;
        let between = &self.text[gap.clone()];
        if between.len() == 1 + wanted && between.bytes().all(|byte| byte == b'\n') {
            return;
        }
        // The first line end keeps its own place in the source; the rest is made up.
        let first = gap.start + between.find('\n').unwrap_or(0);
        self.remove(gap.start..first);
        if wanted > 0 {
            self.editor
                .replace(first + 1..first + 1, &"\n".repeat(wanted));
        }
        self.remove(first + 1..gap.end);
    }

    /// Writes a line with one blank between its words.
    fn line(&mut self, line: &Line<'_>) {
        let mut len = line.text.len();
        let start = line.range.start;
        if self.suspect < start {
            self.suspect = find_suspect(self.text.as_bytes(), start);
        }
        let is_suspect = self.suspect < line.range.end;
        for run in is_suspect
            .then(|| Blanks::of(line.text))
            .into_iter()
            .flatten()
        {
            len = len - run.len() + 1;
            self.editor.replace(start + run.start..start + run.end, " ");
            self.blanks += 1;
        }
        self.ranges.push(self.written..self.written + len);
        self.written += len;
    }

    fn finish(self, repairs: &mut Repairs) -> Layout {
        for (rule, count) in [
            ("whitespace:blanks", self.blanks),
            ("whitespace:blank-lines", self.blank_lines),
        ] {
            if count > 0 {
                *repairs.entry(rule.into()).or_default() += count;
            }
        }
        Layout {
            edited: (self.editor.changes() > 0).then(|| self.editor.finish()),
            ranges: self.ranges,
        }
    }
}

/// The runs of blanks in a line that are not one plain blank.
struct Blanks<'t> {
    line: &'t str,
    at: usize,
    /// The next blanks of ASCII that are no plain blank alone, and the next ones outside ASCII.
    plain: Option<usize>,
    wide: Option<usize>,
}

impl<'t> Blanks<'t> {
    fn of(line: &'t str) -> Self {
        Self {
            line,
            at: 0,
            plain: find_plain(line.as_bytes(), 0),
            wide: find_wide_blank(line.as_bytes(), 0),
        }
    }
}

impl Iterator for Blanks<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.line.as_bytes();
        // Each kind is looked for again only when it was passed, so a line is read twice at most.
        self.plain = self.plain.and_then(|found| match found < self.at {
            true => find_plain(bytes, self.at),
            false => Some(found),
        });
        self.wide = self.wide.and_then(|found| match found < self.at {
            true => find_wide_blank(bytes, self.at),
            false => Some(found),
        });
        let found = match (self.plain, self.wide) {
            (Some(plain), Some(wide)) => plain.min(wide),
            (plain, wide) => plain.or(wide)?,
        };
        // A plain blank before it belongs to the run.
        let start = found - usize::from(found > self.at && bytes[found - 1] == b' ');
        let tail = &self.line[start..];
        self.at = start + tail.len() - tail.trim_start().len();
        Some(start..self.at)
    }
}

/// Returns the first place from `from` on where blanks inside a line may be more than one plain blank, or
/// what is behind every text.
fn find_suspect(bytes: &[u8], from: usize) -> usize {
    let found = find_pair(bytes, from, |byte, next| {
        ((byte.wrapping_sub(b'\t') < 5) & (byte != b'\n'))
            | ((byte == b' ') & (next == b' '))
            | ((byte == 0xC2) & ((next == 0x85) | (next == 0xA0)))
            | ((byte == 0xE1) & (next == 0x9A))
            | ((byte == 0xE2) & ((next == 0x80) | (next == 0x81)))
            | ((byte == 0xE3) & (next == 0x80))
    });
    found.unwrap_or(usize::MAX)
}

/// Returns the first blank of ASCII from `from` on that is no blank, or has another one after it.
fn find_plain(bytes: &[u8], from: usize) -> Option<usize> {
    find_pair(bytes, from, |byte, next| {
        (byte.wrapping_sub(b'\t') < 5) | ((byte == b' ') & (next == b' '))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Guarantees: the quick look finds what a slow one finds.
        #[test]
        fn every_run_of_blanks_is_found(line in "[a \t\u{A0}\u{85}\u{1680}\u{2003}\u{2028}\u{205F}\u{3000}é…ب]{0,12}") {
            let found: Vec<_> = Blanks::of(&line).collect();
            let mut expected = Vec::new();
            let mut at = 0;
            while let Some(start) = line[at..].find(char::is_whitespace).map(|found| at + found) {
                let end = line.len() - line[start..].trim_start().len();
                if &line[start..end] != " " {
                    expected.push(start..end);
                }
                at = end;
            }
            prop_assert_eq!(found, expected);
        }
    }
}

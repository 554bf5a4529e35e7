//! Checked edits of a text, and where they move what pointed into it.

use std::ops::Range;

use super::offsets::Offsets;
use super::reply::Edit;
use crate::origin::{Edited, TextEditor};

/// Edits in byte offsets, in order, without overlap, each of which changes something.
#[derive(Debug, Default)]
pub(super) struct CheckedEdits<'a> {
    edits: Vec<CheckedEdit<'a>>,
    new_len: usize,
}

/// A replaced range of the old text, and the range of the new text that stands for it.
#[derive(Debug)]
struct CheckedEdit<'a> {
    old: Range<usize>,
    new: Range<usize>,
    text: &'a str,
}

impl<'a> CheckedEdits<'a> {
    /// Checks `edits` of `text`.
    ///
    /// # Errors
    /// What is wrong with the first bad one, in words for the guest's author.
    pub(super) fn check(
        text: &str,
        offsets: &Offsets<'_>,
        edits: &'a [Edit],
    ) -> Result<Self, String> {
        let mut ranges = Vec::with_capacity(edits.len());
        for (index, edit) in edits.iter().enumerate() {
            let range = offsets.bytes_of(edit.start, edit.end);
            let range = range.map_err(|error| format!("edit {index}: {error}"))?;
            ranges.push((range, index, edit));
        }
        ranges.sort_by_key(|(range, index, _)| (range.start, range.end, *index));
        for pair in ranges.windows(2) {
            let [(first, one, _), (second, other, _)] = pair else {
                continue;
            };
            if second.start < first.end {
                return Err(format!("edits {one} and {other} overlap"));
            }
            if first == second {
                return Err(format!("edits {one} and {other} insert at the same place"));
            }
        }
        let mut checked = Self {
            edits: Vec::with_capacity(ranges.len()),
            new_len: text.len(),
        };
        for (old, _, edit) in ranges {
            if text[old.clone()] != edit.text {
                checked.push(old, &edit.text);
            }
        }
        match u32::try_from(checked.new_len) {
            Ok(_) => Ok(checked),
            Err(_) => Err("the edited text would be 4 GiB or longer".to_owned()),
        }
    }

    /// Adds an edit behind all others.
    fn push(&mut self, old: Range<usize>, text: &'a str) {
        let start = match self.edits.last() {
            Some(last) => last.new.end + (old.start - last.old.end),
            None => old.start,
        };
        // The old piece lies in the text that `new_len` counts, so this can't go below 0.
        self.new_len = self.new_len - old.len() + text.len();
        let new = start..start + text.len();
        self.edits.push(CheckedEdit { old, new, text });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether nothing of a text of `len` bytes is kept.
    pub(super) fn replace_all(&self, len: usize) -> bool {
        self.edits.iter().map(|edit| edit.old.len()).sum::<usize>() == len
    }

    /// Returns what is cut out without a replacement, and how many edits put something in.
    pub(super) fn summary(&self) -> (Vec<Range<usize>>, u64) {
        let removals = self.edits.iter().filter(|edit| edit.text.is_empty());
        let removed: Vec<_> = removals.map(|edit| edit.old.clone()).collect();
        let replaced = (self.edits.len() - removed.len()) as u64;
        (removed, replaced)
    }

    /// Makes the new text with its map to the old one.
    pub(super) fn make(&self, text: &str) -> Edited {
        let mut editor = TextEditor::new(text);
        for edit in &self.edits {
            editor.replace(edit.old.clone(), edit.text);
        }
        editor.finish()
    }

    /// Whether an edit changes something in `range`, or inserts between its first and last byte.
    pub(super) fn touch(&self, range: &Range<usize>) -> bool {
        let first = self
            .edits
            .partition_point(|edit| edit.old.end <= range.start);
        let next = self.edits.get(first);
        next.is_some_and(|edit| edit.old.start < range.end)
    }

    /// Returns where `range`, which no edit touches, lies in the new text.
    pub(super) fn moved(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        start..start + range.len()
    }

    /// Returns the part of the new text that stands for `range`, which edits may touch. Neighbours
    /// stay neighbours: what is replaced across a border goes to the part before it.
    pub(super) fn stretched(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        start..self.position(range.end).max(start)
    }

    /// Where `old` lies in the new text: behind an insertion there, and at the end of a replacement
    /// that it lies inside of.
    fn position(&self, old: usize) -> usize {
        let behind = self.edits.partition_point(|edit| {
            let insertion_here = edit.old.is_empty() && edit.old.start == old;
            edit.old.start < old || insertion_here
        });
        match behind.checked_sub(1).map(|last| &self.edits[last]) {
            Some(edit) => edit.new.end + old.saturating_sub(edit.old.end),
            None => old,
        }
    }
}

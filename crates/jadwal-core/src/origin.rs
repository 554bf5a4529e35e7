//! Maps every byte of a document's text to the raw bytes it came from.
//!
//! A map is a list of runs. A run repeats one unit: `out_unit` bytes of text came from `src_unit`
//! bytes of source. Unchanged UTF-8 is one run of units 1:1; Arabic from Windows-1256 is runs of
//! 2:1; a replaced piece is one unit of its own size. Source bytes that no run covers were removed.
//!
//! Laws, held by property tests: runs cover the text without a gap, source starts never fall, and
//! every source range lies inside the source.

use std::ops::Range;

/// Where each byte of a text came from. Offsets are bytes; texts are under 4 GiB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginMap {
    runs: Vec<Run>,
    out_len: u32,
}

/// `count` units, side by side: `out_unit` bytes of text from `src_unit` bytes of source each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    out: u32,
    src: u32,
    out_unit: u32,
    src_unit: u32,
    count: u32,
}

impl Run {
    fn out_end(&self) -> usize {
        self.out as usize + self.out_unit as usize * self.count as usize
    }

    fn src_end(&self) -> usize {
        self.src as usize + self.src_unit as usize * self.count as usize
    }

    /// Returns the source range of the unit that holds text byte `out`.
    fn unit_at(&self, out: usize) -> Range<usize> {
        let unit = (out - self.out as usize) / self.out_unit as usize;
        let start = self.src as usize + unit * self.src_unit as usize;
        start..start + self.src_unit as usize
    }
}

impl OriginMap {
    /// Returns the map of a text that equals its source, `len` bytes long.
    #[must_use]
    pub fn identity(len: usize) -> Self {
        let mut map = Self::default();
        map.push(1, 0, 1, len);
        map
    }

    /// Adds `count` units of `out_unit` text bytes, from `src_unit` source bytes each, the first at
    /// `src`.
    ///
    /// # Panics
    /// When `out_unit` is 0, when `src` lies before an earlier run, or past 4 GiB.
    pub fn push(&mut self, out_unit: usize, src: usize, src_unit: usize, count: usize) {
        if count == 0 {
            return;
        }
        assert!(out_unit > 0, "a unit of text has at least one byte");
        let run = Run {
            out: self.out_len,
            src: offset(src),
            out_unit: offset(out_unit),
            src_unit: offset(src_unit),
            count: offset(count),
        };
        self.out_len = offset(run.out_end());
        if let Some(last) = self.runs.last_mut() {
            assert!(last.src <= run.src, "source offsets never fall");
            let same_shape = last.out_unit == run.out_unit && last.src_unit == run.src_unit;
            if same_shape && last.src_end() == src {
                last.count += run.count;
                return;
            }
        }
        self.runs.push(run);
    }

    /// Returns the length of the mapped text in bytes.
    #[must_use]
    pub fn text_len(&self) -> usize {
        self.out_len as usize
    }

    /// Returns the number of runs: what the map costs, 20 bytes each.
    #[must_use]
    pub fn run_count(&self) -> usize {
        self.runs.len()
    }

    /// Returns the source range that `text` came from: from the first byte of the unit that holds
    /// its first byte to the last byte of the unit that holds its last one.
    ///
    /// An empty range maps to an empty range. What lies past the text maps to the end of the source
    /// that the text covers.
    #[must_use]
    pub fn source_range(&self, text: Range<usize>) -> Range<usize> {
        let start = self.source_at(text.start).start;
        if text.end <= text.start {
            return start..start;
        }
        let end = self.source_at(text.end - 1).end;
        start..end.max(start)
    }

    fn source_at(&self, out: usize) -> Range<usize> {
        let index = self.run_index(out);
        match self.runs.get(index) {
            Some(run) if out < run.out_end() => run.unit_at(out),
            Some(run) => run.src_end()..run.src_end(),
            None => 0..0,
        }
    }

    /// Index of the run that holds text byte `out`, or of the last one.
    fn run_index(&self, out: usize) -> usize {
        self.runs
            .partition_point(|run| run.out as usize <= out)
            .saturating_sub(1)
    }

    /// Returns the map of this map's text to the source of `inner`, whose text is this map's source.
    #[must_use]
    pub fn compose(&self, inner: &Self) -> Self {
        let mut composed = Self {
            runs: Vec::with_capacity(self.runs.len()),
            out_len: 0,
        };
        for run in &self.runs {
            if run.out_unit == 1 && run.src_unit == 1 {
                inner.copy_runs(run.src as usize..run.src_end(), &mut composed);
                continue;
            }
            for unit in 0..run.count as usize {
                let start = run.src as usize + unit * run.src_unit as usize;
                let source = inner.source_range(start..start + run.src_unit as usize);
                composed.push(run.out_unit as usize, source.start, source.len(), 1);
            }
        }
        composed
    }

    /// Appends to `target` the runs of this map that cover `text`, cut at its ends.
    fn copy_runs(&self, text: Range<usize>, target: &mut Self) {
        let mut at = text.start;
        for run in &self.runs[self.run_index(at)..] {
            if at >= text.end {
                return;
            }
            let until = run.out_end().min(text.end);
            if until > at {
                run.copy(at..until, target);
                at = until;
            }
        }
        // What lies past the mapped text came from nowhere: the end of the source.
        if at < text.end {
            let end = self.source_at(at).start;
            target.push(text.end - at, end, 0, 1);
        }
    }
}

impl Run {
    /// Appends the part of this run that covers `text`. A unit that is cut keeps its whole source.
    fn copy(&self, text: Range<usize>, target: &mut OriginMap) {
        let unit = self.out_unit as usize;
        let mut at = text.start;
        let lead = (at - self.out as usize) % unit;
        if lead > 0 {
            let until = (at + unit - lead).min(text.end);
            let source = self.unit_at(at);
            target.push(until - at, source.start, source.len(), 1);
            at = until;
        }
        let whole = (text.end - at) / unit;
        target.push(unit, self.unit_start(at), self.src_unit as usize, whole);
        at += whole * unit;
        if at < text.end {
            let source = self.unit_at(at);
            target.push(text.end - at, source.start, source.len(), 1);
        }
    }

    fn unit_start(&self, out: usize) -> usize {
        let unit = (out - self.out as usize) / self.out_unit as usize;
        self.src as usize + unit * self.src_unit as usize
    }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).expect("documents are limited to under 4 GiB at admission")
}

/// A new text, and where each of its bytes came from in the text (or raw bytes) it replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// From the new text to what it was made of.
    pub map: OriginMap,
}

impl Edited {
    /// Appends `text` as one unit, made from the source range `source`.
    pub fn push_unit(&mut self, text: &str, source: Range<usize>) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.map.push(text.len(), source.start, source.len(), 1);
        }
    }

    /// Appends `text` as it stands in the source at `start`, byte for byte.
    pub fn push_same(&mut self, text: &str, start: usize) {
        self.text.push_str(text);
        self.map.push(1, start, 1, text.len());
    }
}

/// Rewrites a text from left to right and keeps the map as it goes.
///
/// ```
/// use jadwal_core::TextEditor;
/// let mut editor = TextEditor::new("a  b");
/// editor.replace(1..3, " ");
/// let edited = editor.finish();
/// assert_eq!(edited.text, "a b");
/// assert_eq!(edited.map.source_range(1..2), 1..3);
/// ```
#[derive(Debug)]
pub struct TextEditor<'a> {
    input: &'a str,
    edited: Edited,
    cursor: usize,
    changes: usize,
}

impl<'a> TextEditor<'a> {
    /// Starts at the beginning of `input`.
    #[must_use]
    pub fn new(input: &'a str) -> Self {
        Self {
            input,
            edited: Edited {
                // Most edits change little.
                text: String::with_capacity(input.len()),
                map: OriginMap::default(),
            },
            cursor: 0,
            changes: 0,
        }
    }

    /// Replaces `range` of the input by `with`; what lies between the last change and it is kept.
    ///
    /// # Panics
    /// When `range` lies before the last change, outside the input, or off a character boundary.
    pub fn replace(&mut self, range: Range<usize>, with: &str) {
        self.keep_until(range.start);
        self.edited.push_unit(with, range.clone());
        self.cursor = range.end;
        self.changes += 1;
    }

    /// Removes `range` of the input.
    ///
    /// # Panics
    /// As [`TextEditor::replace`].
    pub fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Returns how many replacements were made so far.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// Keeps the rest and returns the new text with its map.
    #[must_use]
    pub fn finish(mut self) -> Edited {
        self.keep_until(self.input.len());
        self.edited
    }

    fn keep_until(&mut self, end: usize) {
        let kept = &self.input[self.cursor..end];
        self.edited.push_same(kept, self.cursor);
        self.cursor = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn maps_characters_of_a_single_byte_encoding_to_their_byte() {
        let mut map = OriginMap::default();
        map.push(2, 0, 1, 3);
        map.push(1, 3, 1, 1);
        map.push(2, 4, 1, 2);
        assert_eq!(map.source_range(2..6), 1..3);
        assert_eq!(map.source_range(6..9), 3..5);
        assert_eq!(map.source_range(0..map.text_len()), 0..6);
    }

    #[test]
    fn merges_runs_of_one_shape() {
        let mut map = OriginMap::default();
        map.push(1, 0, 1, 4);
        map.push(1, 4, 1, 4);
        assert_eq!(map.run_count(), 1);
    }

    #[test]
    fn composes_a_removal_with_a_decoding() {
        let mut decoded = OriginMap::default();
        decoded.push(2, 0, 1, 5);
        let mut editor = TextEditor::new("ابجده");
        editor.remove(2..6);
        let composed = editor.finish().map.compose(&decoded);
        assert_eq!(composed.source_range(0..2), 0..1);
        assert_eq!(composed.source_range(2..4), 3..4);
    }

    /// Edits as (keep, cut, insert) triples over a text of `a`s.
    fn edited(source_len: usize, edits: &[(usize, usize, usize)]) -> Edited {
        let input = "a".repeat(source_len);
        let mut editor = TextEditor::new(&input);
        let mut at = 0;
        for (keep, cut, insert) in edits {
            let start = (at + keep).min(source_len);
            let end = (start + cut).min(source_len);
            editor.replace(start..end, &"b".repeat(*insert));
            at = end;
        }
        editor.finish()
    }

    proptest! {
        /// Scenario: two rounds of arbitrary edits.
        /// Guarantees: ranges stay in bounds, starts never fall, and composing equals
        /// mapping twice, up to units that the second round cut.
        #[test]
        fn composed_maps_stay_monotone_and_in_bounds(
            len in 0usize..200,
            first in prop::collection::vec((0usize..20, 0usize..9, 0usize..5), 0..12),
            second in prop::collection::vec((0usize..20, 0usize..9, 0usize..5), 0..12),
        ) {
            let inner = edited(len, &first);
            let outer = edited(inner.text.len(), &second);
            let composed = outer.map.compose(&inner.map);
            prop_assert_eq!(composed.text_len(), outer.text.len());
            let mut last = 0..0;
            for at in 0..outer.text.len() {
                let range = composed.source_range(at..at + 1);
                prop_assert!(range.end <= len && range.start <= range.end);
                prop_assert!(range.start >= last.start);
                let twice = inner.map.source_range(outer.map.source_range(at..at + 1));
                prop_assert_eq!(&range, &twice);
                last = range;
            }
        }
    }
}

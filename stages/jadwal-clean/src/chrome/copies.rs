//! Finds the long lines that a document has more than once, so that one of each stays.
//!
//! A few copies on a page tell leftovers: a notice at its top and its end, a teaser in two lists. There
//! the model is asked first, and a copy goes where one above it stays. Where the text itself stands
//! there several times over, copies say nothing: such a document is judged as if it had each long line
//! once.

use crate::lines::Line;
use crate::model::{Measures, Model};
use crate::phrases::Hit;
use crate::words::Words;

/// The long lines of a document that repeat others.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// For each line the first one with its text: itself where it is no copy. Empty where none is.
    first: Vec<usize>,
    /// Words of the copies, and of the long lines that are none.
    words: usize,
    once: usize,
}

impl Copies {
    /// Looks for the copies among `lines`; rows of tables are left out.
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let mut copies = Self::default();
        let long = |index: &usize| lines[*index].is_long() && !lines[*index].in_table;
        let sketch = |index: usize| (sketch(lines[index].text), index);
        let mut alike: Vec<(Sketch, usize)> = (0..lines.len()).filter(long).map(sketch).collect();
        copies.once = alike.iter().map(|(_, index)| lines[*index].words).sum();
        alike.sort_unstable();
        for alike in alike.chunk_by_mut(|one, other| one.0 == other.0) {
            if alike.len() > 1 {
                alike.sort_unstable_by_key(|(_, index)| (lines[*index].text, *index));
                let same = |one: &(Sketch, usize), other: &(Sketch, usize)| {
                    lines[one.1].text == lines[other.1].text
                };
                for same in alike.chunk_by(same) {
                    copies.add(lines, same[0].1, &same[1..]);
                }
            }
        }
        copies
    }

    fn add(&mut self, lines: &[Line<'_>], first: usize, later: &[(Sketch, usize)]) {
        if self.first.is_empty() && !later.is_empty() {
            self.first = (0..lines.len()).collect();
        }
        for (_, index) in later {
            self.first[*index] = first;
            self.words += lines[*index].words;
            self.once -= lines[*index].words;
        }
    }

    /// Whether some of the text itself must stand there several times over: there are many copies, or any
    /// in a text with few leftovers.
    pub(super) fn are_text(&self, is_light: bool) -> bool {
        /// One word in so many, of those that are no copies.
        const SHARE: usize = 10;
        self.words > 0 && (is_light || self.words * SHARE >= self.once)
    }

    /// Returns the lines that are copies, each with the first line of its text.
    pub(super) fn later(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.first.iter().copied().enumerate();
        pairs.filter(|(index, first)| index != first)
    }

    /// Returns what the model says of `lines` if they were there once; a copy has its first one's answer.
    pub(super) fn scores(
        &self,
        lines: &[Line<'_>],
        hits: &[Option<Hit>],
        model: &Model,
    ) -> Vec<f32> {
        let once: Vec<usize> = (0..lines.len())
            .filter(|index| self.first[*index] == *index)
            .collect();
        let hits: Vec<Option<Hit>> = once.iter().map(|index| hits[*index]).collect();
        let bare: Vec<Line<'_>> = once.iter().map(|index| lines[*index].clone()).collect();
        let answers = model.scores(&Measures::new(&bare, &hits, &Words::of(&bare)));
        let mut scores = vec![0.0; lines.len()];
        for (index, answer) in once.into_iter().zip(answers) {
            scores[index] = answer;
        }
        for (index, first) in self.later() {
            scores[index] = scores[first];
        }
        scores
    }
}

/// What equal lines have in common, and few others: their length, their first bytes and their last.
type Sketch = (usize, [u8; 16]);

/// Returns the sketch of a line, in a time that does not hang on its length.
fn sketch(text: &str) -> Sketch {
    let bytes = text.as_bytes();
    let mut ends = [0; 16];
    let count = bytes.len().min(8);
    ends[..count].copy_from_slice(&bytes[..count]);
    ends[16 - count..].copy_from_slice(&bytes[bytes.len() - count..]);
    (bytes.len(), ends)
}

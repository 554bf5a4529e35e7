//! Counts right and wrong names, exact in place and type.

use crate::tagger::labels::{TYPES, each_name};
use crate::tagger::{TaggedSpan, Tagger};
use crate::training::conll::Sentence;

/// How many names of one type are there, were found, and are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Names of the corpus.
    pub gold: usize,
    /// Names found.
    pub found: usize,
    /// Names found that are names of the corpus.
    pub right: usize,
}

impl Counts {
    /// Returns both counts in one.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            gold: self.gold + other.gold,
            found: self.found + other.found,
            right: self.right + other.right,
        }
    }

    /// Returns precision, recall and F1, 0 to 100.
    #[must_use]
    pub fn percent(self) -> [f64; 3] {
        let share = |part: usize, all: usize| 100.0 * part as f64 / all.max(1) as f64;
        [
            share(self.right, self.found),
            share(self.right, self.gold),
            share(2 * self.right, self.found + self.gold),
        ]
    }
}

/// Tags the sentences with a model, and counts by type: PER, LOC, ORG, MISC.
#[must_use]
pub fn score_sentences(tagger: &Tagger, sentences: &[Sentence], bias: f32) -> [Counts; 4] {
    count_names(sentences, |text| {
        let mut spans = Vec::new();
        tagger.tag(text, 0..text.len(), bias, &mut spans);
        spans
    })
}

/// Calls `find` with each sentence, and counts by type: PER, LOC, ORG, MISC.
pub fn count_names(
    sentences: &[Sentence],
    mut find: impl FnMut(&str) -> Vec<TaggedSpan>,
) -> [Counts; 4] {
    let mut counts = [Counts::default(); 4];
    for sentence in sentences {
        let (text, places) = sentence.text();
        let found: Vec<_> = find(&text)
            .iter()
            .map(|span| tokens_of(span, &places))
            .collect();
        let mut gold = Vec::new();
        each_name(&sentence.labels, |start, end, kind| {
            gold.push((start, end, kind));
        });
        for (_, _, kind) in &gold {
            counts[*kind].gold += 1;
        }
        for name in &found {
            counts[name.2].found += 1;
            counts[name.2].right += usize::from(gold.contains(name));
        }
    }
    counts
}

fn tokens_of(span: &TaggedSpan, places: &[std::ops::Range<usize>]) -> (usize, usize, usize) {
    let first = places.partition_point(|place| place.end <= span.range.start);
    let behind = places.partition_point(|place| place.start < span.range.end);
    let kind = TYPES.iter().position(|label| *label == span.label);
    (first, behind, kind.unwrap_or(TYPES.len() - 1))
}

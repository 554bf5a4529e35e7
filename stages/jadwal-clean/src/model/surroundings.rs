//! What the first pass's answers say of a line's surroundings: the features of the second pass.

use super::features::{Sink, Smoothed, log2};
use super::known::{Known, Places};
use super::measure::Measure;

/// What a line counts in the search for the main block: never more than a long paragraph.
const MAX_WEIGHT: f32 = 40.0;

/// The first pass's answers, and the block of lines where they find the article.
#[derive(Debug)]
pub(super) struct Surroundings<'m> {
    measures: &'m [Measure],
    places: &'m Places,
    /// The words of the lines that the first pass keeps.
    known: Known,
    /// The share of the kept text that stands before each line.
    above: Vec<f32>,
    /// Lines to the nearest one that is kept, before and after.
    distance: [Vec<f32>; 2],
    /// Between 0 and 1.
    shares: Vec<f32>,
    /// The shares, and the kept text.
    smoothed: Smoothed<2>,
    block: std::ops::Range<usize>,
    /// The block's share of the words that the first pass keeps.
    block_share: f32,
    kept_share: f32,
}

impl<'m> Surroundings<'m> {
    pub(super) fn new(measures: &'m [Measure], places: &'m Places, scores: &[f32]) -> Self {
        let shares: Vec<f32> = scores.iter().map(|score| squash(*score)).collect();
        let text: Vec<f32> = shares
            .iter()
            .zip(measures)
            .map(|(share, line)| share * line.words.min(MAX_WEIGHT) / MAX_WEIGHT)
            .collect();
        let value = |(share, line): (&f32, &Measure)| {
            (share - 0.5) * (0.1 + line.words.min(MAX_WEIGHT) / MAX_WEIGHT)
        };
        let values: Vec<f32> = shares.iter().zip(measures).map(value).collect();
        let block = best_block(&values);
        let kept: f32 = text.iter().sum();
        let inside: f32 = text[block.clone()].iter().sum();
        let words: f32 = measures
            .iter()
            .map(|m| m.words.min(MAX_WEIGHT) / MAX_WEIGHT)
            .sum();
        let is_kept = |at: usize| scores[at] > 0.0;
        let mut sum = 0.0;
        let above = text.iter().map(|value| {
            let before = sum;
            sum += value;
            before / kept.max(0.01)
        });
        Self {
            measures,
            places,
            known: Known::of(places, is_kept),
            above: above.collect(),
            distance: [distances((0..scores.len()).map(is_kept)), {
                let mut after = distances((0..scores.len()).rev().map(is_kept));
                after.reverse();
                after
            }],
            smoothed: Smoothed::new(shares.len(), |at| [shares[at], text[at]]),
            block_share: if kept > 0.0 { inside / kept } else { 0.0 },
            kept_share: if words > 0.0 { kept / words } else { 0.0 },
            block,
            shares,
        }
    }

    pub(super) fn features(&self, at: usize, sink: &mut impl Sink) {
        let share = |index: Option<usize>| {
            index
                .and_then(|index| self.shares.get(index))
                .copied()
                .unwrap_or(0.0)
        };
        let here = self.shares[at];
        sink.take("kept", here);
        sink.take("kept, high", (here - 0.7).max(0.0));
        sink.take("kept, low", (0.3 - here).max(0.0));
        sink.take("kept -1", share(at.checked_sub(1)));
        sink.take("kept +1", share(Some(at + 1)));
        sink.take("kept -2", share(at.checked_sub(2)));
        sink.take("kept +2", share(Some(at + 2)));
        const NAMES: [[&str; 2]; 4] = [
            ["kept before, near", "kept before, far"],
            ["kept after, near", "kept after, far"],
            ["kept text before, near", "kept text before, far"],
            ["kept text after, near", "kept text after, far"],
        ];
        let (before, after) = (self.smoothed.before(at), self.smoothed.after(at));
        for (kind, names) in NAMES.chunks_exact(2).enumerate() {
            for rate in 0..2 {
                sink.take(names[0][rate], before[kind][rate]);
                sink.take(names[1][rate], after[kind][rate]);
            }
        }
        let [near, far] = [0, 1].map(|rate| before[0][rate].min(after[0][rate]));
        sink.take("kept on both sides", near);
        sink.take("kept on both sides, far", far);
        let inside = self.block.contains(&at);
        let flag = |test: bool| f32::from(u8::from(test));
        sink.take("in the block", flag(inside));
        sink.take("in the block, share", flag(inside) * self.block_share);
        sink.take("outside the block, share", flag(!inside) * self.block_share);
        let above = self.block.start.saturating_sub(at) as f32;
        let below = (at + 1).saturating_sub(self.block.end) as f32;
        sink.take("above the block", log2(above) / 4.0);
        sink.take("below the block", log2(below) / 4.0);
        sink.take("right above the block", flag((1.0..4.0).contains(&above)));
        sink.take("right below the block", flag((1.0..4.0).contains(&below)));
        let known = self.measures[at].known as f32 / (self.measures[at].content as f32).max(1.0);
        sink.take(
            "above the block, known",
            flag((1.0..13.0).contains(&above)) * known,
        );
        sink.take("kept of all", self.kept_share);
        self.of_words(at, sink);
        self.of_distances(at, sink);
    }

    /// What the kept lines say of a line's words.
    fn of_words(&self, at: usize, sink: &mut impl Sink) {
        let words = self.places.line(at);
        let count = self.known.count(words, self.shares[at] > 0.5) as f32;
        let known = count / (words.len() as f32).max(1.0);
        let flag = |test: bool| f32::from(u8::from(test));
        sink.take("known to the kept", known);
        let (above, below) = (at < self.block.start, at >= self.block.end);
        sink.take("known to the kept, above", flag(above) * known);
        sink.take("known to the kept, below", flag(below) * known);
        sink.take(
            "unknown to the kept",
            flag(count == 0.0 && !words.is_empty()),
        );
        sink.take("log known to the kept", log2(count) / 4.0);
    }

    /// Where a line stands among the kept ones.
    fn of_distances(&self, at: usize, sink: &mut impl Sink) {
        let [before, after] = self.distance.each_ref().map(|all| all[at]);
        sink.take("to kept before", before);
        sink.take("to kept after", after);
        sink.take("between kept", before.max(after));
        sink.take("kept above", self.above[at]);
        let flag = |test: bool| f32::from(u8::from(test));
        let inside = self.block.contains(&at);
        let from = at.saturating_sub(self.block.start) as f32;
        let to = self.block.end.saturating_sub(at) as f32;
        sink.take("from the block's start", flag(inside) * log2(from) / 4.0);
        sink.take("to the block's end", flag(inside) * log2(to) / 4.0);
    }
}

/// For each line in the order given, how far the last kept one is, as a logarithm.
fn distances(kept: impl Iterator<Item = bool>) -> Vec<f32> {
    const FAR_AWAY: f32 = 63.0;
    let mut lines = FAR_AWAY;
    kept.map(|kept| {
        let distance = log2(lines) / 4.0;
        lines = if kept {
            0.0
        } else {
            (lines + 1.0).min(FAR_AWAY)
        };
        distance
    })
    .collect()
}

/// From log odds to a number between 0 and 1, without the exponential function.
fn squash(score: f32) -> f32 {
    0.5 + 0.5 * score / (1.0 + score.abs())
}

/// The run of lines with the largest sum.
fn best_block(values: &[f32]) -> std::ops::Range<usize> {
    let mut best = (0.0, 0..0);
    let (mut sum, mut start) = (0.0_f32, 0);
    for (index, value) in values.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, index);
        }
        sum += value;
        if sum > best.0 {
            best = (sum, start..index + 1);
        }
    }
    best.1
}

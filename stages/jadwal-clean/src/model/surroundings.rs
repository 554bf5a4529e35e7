//! What the first pass's answers say of a line's surroundings: the features of the second pass.

use super::features::{FAR, NEAR, Sink, Smoothed, log2};
use super::measure::Measure;

/// What a line counts in the search for the main block: never more than a long paragraph.
const MAX_WEIGHT: f32 = 40.0;

/// The first pass's answers, and the block of lines where they find the article.
#[derive(Debug)]
pub(super) struct Surroundings<'m> {
    measures: &'m [Measure],
    /// Between 0 and 1.
    shares: Vec<f32>,
    all: [Smoothed; 2],
    text: [Smoothed; 2],
    block: std::ops::Range<usize>,
    /// The block's share of the words that the first pass keeps.
    block_share: f32,
    kept_share: f32,
}

impl<'m> Surroundings<'m> {
    pub(super) fn new(measures: &'m [Measure], scores: &[f32]) -> Self {
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
        Self {
            measures,
            all: [Smoothed::new(&shares, NEAR), Smoothed::new(&shares, FAR)],
            text: [Smoothed::new(&text, NEAR), Smoothed::new(&text, FAR)],
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
        for (kind, values) in [&self.all, &self.text].into_iter().enumerate() {
            for (rate, values) in values.iter().enumerate() {
                sink.take(NAMES[kind * 2][rate], values.before(at));
                sink.take(NAMES[kind * 2 + 1][rate], values.after(at));
            }
        }
        let near = |values: &[Smoothed; 2]| values[0].before(at).min(values[0].after(at));
        sink.take("kept on both sides", near(&self.all));
        let far = self.all[1].before(at).min(self.all[1].after(at));
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
    }
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

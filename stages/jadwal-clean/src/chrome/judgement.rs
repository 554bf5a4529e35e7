//! Turns the model's answers into removals.

use super::Judge;
use crate::model::{Measures, Model};

/// Share of the words in paragraphs from which on a text is light: nearly all of it is text.
const LIGHT_SHARE: f32 = 0.85;

/// Fewer lines than this are no page.
const MIN_PAGE_LINES: usize = 25;

/// What kind of document this is: how much the model must doubt a line to remove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regime {
    /// A few lines without running text, nothing that the model knows; or an article that it has
    /// judged among the other lines of its page.
    Settled,
    /// A text with few leftovers, or none.
    Light,
    /// A whole page rendered as lines.
    Page,
}

impl Regime {
    /// The log odds below which a line is removed: a share of .12 and one of .5.
    fn threshold(self) -> f32 {
        match self {
            Self::Settled => f32::MIN,
            Self::Light => -2.0,
            Self::Page => 0.0,
        }
    }
}

impl Judge<'_> {
    /// Asks the model about all lines.
    pub(super) fn score(&mut self, model: &Model, is_article: bool) {
        self.scores = model.scores(&Measures::new(self.lines, &self.hits));
        let words = |test: fn(&crate::lines::Line<'_>) -> bool| {
            let lines = self.lines.iter().filter(|line| test(line));
            lines.map(|line| line.words).sum::<usize>() as f32
        };
        let share = words(|line| line.is_paragraph() || line.in_table) / words(|_| true).max(1.0);
        let is_short = self.lines.len() < MIN_PAGE_LINES;
        self.regime = if is_article || share == 0.0 && is_short {
            Regime::Settled
        } else if is_short || share >= LIGHT_SHARE {
            Regime::Light
        } else {
            Regime::Page
        };
    }

    /// Whether the model would remove a line.
    pub(super) fn is_doubtful(&self, index: usize) -> bool {
        self.scores[index] < self.regime.threshold()
    }

    /// Removes the lines that the model takes for leftovers and no rule has judged.
    pub(super) fn add_doubts(&mut self) {
        let mut start = 0;
        while start < self.lines.len() {
            let end = (start..self.lines.len())
                .find(|index| !self.is_left_to_model(*index))
                .unwrap_or(self.lines.len());
            let best = self.scores[start..end]
                .iter()
                .copied()
                .fold(f32::MIN, f32::max);
            for index in start..end {
                self.verdict.rules[index] = Some(rule(best).into());
            }
            start = end.max(start + 1);
        }
    }

    fn is_left_to_model(&self, index: usize) -> bool {
        self.is_doubtful(index)
            && !self.is_removed(index)
            && !self.lines[index].in_table
            && self.verdict.title != Some(index)
    }
}

/// `model:.12`: the chance that a line with these log odds is text, or the best one of a run of lines.
fn rule(score: f32) -> String {
    let hundredths = (chance(score) * 100.0) as u32;
    format!("model:.{:02}", hundredths.min(99))
}

/// The logistic function by multiplication alone, so that every platform gives the same digits.
fn chance(score: f32) -> f32 {
    let mut power = 1.0 - score.abs().min(20.0) / 1024.0;
    for _ in 0..10 {
        power *= power;
    }
    let small = power / (1.0 + power);
    if score < 0.0 { small } else { 1.0 - small }
}

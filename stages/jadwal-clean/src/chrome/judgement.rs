//! Turns the model's answers into removals.

use super::copies::Copies;
use super::{COPY, Judge};
use crate::lines::Line;
use crate::model::{Measures, Model};
use crate::tables;

/// Share of the words in paragraphs from which on a text is light: nearly all of it is text.
const LIGHT_SHARE: f32 = 0.85;

/// How the model's rules begin.
const MODEL: &str = "model:";

/// Log odds below which a row of a page's table may be no part of the text.
const TABLE_THRESHOLD: f32 = -1.0;

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
    fn threshold(self) -> Option<f32> {
        match self {
            Self::Settled => None,
            Self::Light => Some(-2.0),
            Self::Page => Some(0.0),
        }
    }
}

impl Judge<'_> {
    /// Tells what kind of document this is, and asks the model about all lines if that counts.
    pub(super) fn score(&mut self, model: &Model, is_article: bool) {
        let words = |test: fn(&Line<'_>) -> bool| {
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
        self.copies = Copies::of(self.lines);
        let are_text = self.copies.are_text(self.regime != Regime::Page);
        if self.regime != Regime::Settled {
            self.scores = match are_text {
                true => self.copies.scores(self.lines, &self.hits, model),
                false => model.scores(&Measures::new(self.lines, &self.hits, &self.words)),
            };
        }
        if are_text {
            self.remove_copies();
        }
    }

    /// Removes the copies of lines that stay.
    pub(super) fn remove_copies(&mut self) {
        let copies = std::mem::take(&mut self.copies);
        for (index, first) in copies.later() {
            if !self.is_removed(first) {
                self.remove(index, COPY);
            }
        }
        self.copies = copies;
    }

    /// Whether the model would remove a line.
    pub(super) fn is_doubtful(&self, index: usize) -> bool {
        let threshold = self.regime.threshold();
        threshold.is_some_and(|threshold| self.scores[index] < threshold)
    }

    /// Removes the lines that the model takes for leftovers and no rule has judged.
    pub(super) fn add_doubts(&mut self) {
        if self.regime == Regime::Settled {
            return;
        }
        let doubted_tables = self.doubted_tables();
        let mut start = 0;
        while start < self.lines.len() {
            let end = (start..self.lines.len())
                .find(|index| !self.is_left_to_model(*index) && !doubted_tables[*index])
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

    /// Keeps what the model alone removed: it must not be the one that empties a document.
    pub(super) fn take_back_doubts(&mut self) {
        for rule in &mut self.verdict.rules {
            if rule.as_ref().is_some_and(|rule| rule.starts_with(MODEL)) {
                *rule = None;
                self.verdict.fell_back = true;
            }
        }
    }

    /// Marks the rows of the tables of a page of which the model keeps no row: menus and lists of
    /// links may be written with pipes. A table with a rule below its head is one.
    fn doubted_tables(&self) -> Vec<bool> {
        let mut doubted = vec![false; self.lines.len()];
        if self.regime != Regime::Page {
            return doubted;
        }
        let mut start = 0;
        while start < self.lines.len() {
            let rows = self.lines[start..].iter().take_while(|line| line.in_table);
            let table = start..start + rows.count();
            let is_doubted = |index: usize| {
                self.scores[index] < TABLE_THRESHOLD && !tables::is_rule(self.lines[index].text)
            };
            if table.clone().all(is_doubted) {
                doubted[table.clone()].fill(true);
            }
            start = table.end.max(start + 1);
        }
        doubted
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
    format!("{MODEL}.{:02}", hundredths.min(99))
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

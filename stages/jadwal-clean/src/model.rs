//! Judges lines by a linear model: how likely each one is part of the main text.
//!
//! Two passes of logistic regression. The first one looks at a line, its neighbours and its place;
//! the second one also at what the first said of the surroundings, so that a headline inside the
//! article is told from one in a list of other articles. A small network adds to the second what no
//! sum of features can say. The weights are a text file, made by `jadwal-train clean`; `MODEL.md` says
//! from what.
//!
//! Time and memory are linear in the document. No function of the platform's library for floats is
//! called, so every platform gives the same answer.

mod features;
mod known;
mod measure;
mod network;
mod sums;
mod surroundings;

use crate::lines::Line;
use crate::phrases::Hit;
use crate::words::Words;
use features::Context;
#[cfg(any(test, feature = "train"))]
use features::Sink;
use known::Places;
use measure::Measure;
pub(crate) use network::Network;
#[cfg(any(test, feature = "train"))]
pub(crate) use network::UNITS;
use sums::{Gathered, Sums};
use surroundings::Surroundings;

const WEIGHTS: &str = include_str!("model/weights.txt");

/// Lines are judged by their length: the same feature may mean different things.
pub(crate) const CLASSES: usize = 3;

/// Number of passes.
pub(crate) const PASSES: usize = 2;

/// What the network's lines have for a pass in the file, and for the name of a feature where they have
/// the weights of its units.
pub(crate) const NETWORK: &str = "units";
pub(crate) const OUTPUTS: &str = "(answer)";

/// The weights of each pass, for each class of lines in the order of the features, and of the network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) passes: [[Vec<f32>; CLASSES]; PASSES],
    pub(crate) network: Network,
}

/// The measures of a document's lines.
#[derive(Debug)]
pub(crate) struct Measures {
    lines: Vec<Measure>,
    places: Places,
}

impl Measures {
    pub(crate) fn new(lines: &[Line<'_>], hits: &[Option<Hit>], words: &Words) -> Self {
        let places = Places::of(words, lines.len());
        Self {
            lines: measure::measure(lines, hits, &places),
            places,
        }
    }

    /// Returns the class of line `at`.
    pub(crate) fn class(&self, at: usize) -> usize {
        let words = self.lines[at].words;
        usize::from(words >= 5.0) + usize::from(words >= 15.0)
    }

    /// Calls `each` with a line's number, a sink, until all lines gave their features of pass
    /// `pass`; `scores` are those of the pass before it.
    #[cfg(any(test, feature = "train"))]
    pub(crate) fn each<S: Sink>(
        &self,
        pass: usize,
        scores: &[f32],
        mut new: impl FnMut(usize) -> S,
        mut done: impl FnMut(usize, S),
    ) {
        let context = Context::new(&self.lines);
        let surroundings = (pass > 0).then(|| Surroundings::new(&self.lines, &self.places, scores));
        for at in 0..self.lines.len() {
            let mut sink = new(at);
            context.features(at, &mut sink);
            if let Some(surroundings) = &surroundings {
                surroundings.features(at, &mut sink);
            }
            done(at, sink);
        }
    }
}

impl Model {
    /// Returns the model that the crate was built with.
    pub(crate) fn load() -> Self {
        Self::parse(WEIGHTS)
    }

    /// Reads weights: lines of columns as the file's head says.
    pub(crate) fn parse(text: &str) -> Self {
        let mut model = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (kind, name) = (columns.next().unwrap_or(""), columns.next().unwrap_or(""));
            let values = columns.map(|column| column.parse().unwrap_or(0.0));
            if kind == NETWORK {
                model.network.push(name == OUTPUTS, values);
                continue;
            }
            let pass: usize = kind.parse().unwrap_or(0);
            for (class, value) in values.enumerate().take(CLASSES) {
                model.passes[pass.saturating_sub(1).min(PASSES - 1)][class].push(value);
            }
        }
        model
    }

    /// Returns the log odds that each line is part of the main text: what [`Model::pass`] returns
    /// for the last pass. The features that all passes share are computed once.
    pub(crate) fn scores(&self, measures: &Measures) -> Vec<f32> {
        let count = measures.lines.len();
        let mut sums = vec![Sums::default(); count];
        let mut features = Gathered::new();
        let context = Context::new(&measures.lines);
        for (at, sums) in sums.iter_mut().enumerate() {
            features.start(0);
            context.features(at, &mut features);
            sums.add(self, measures.class(at), &features);
        }
        let shared = features.end();
        let scores: Vec<f32> = sums.iter().map(|sums| sums.passes[0]).collect();
        let surroundings = Surroundings::new(&measures.lines, &measures.places, &scores);
        let add = |(at, mut sums): (usize, Sums)| {
            features.start(shared);
            surroundings.features(at, &mut features);
            sums.add(self, measures.class(at), &features);
            sums.answer(self)
        };
        sums.into_iter().enumerate().map(add).collect()
    }

    /// Returns the answers of one pass; `before` are those of the pass before it.
    #[cfg(any(test, feature = "train"))]
    pub(crate) fn pass(&self, pass: usize, measures: &Measures, before: &[f32]) -> Vec<f32> {
        let mut scores = vec![0.0; measures.lines.len()];
        let none = Network::default();
        let network = if pass + 1 == PASSES {
            &self.network
        } else {
            &none
        };
        let plain = |at: usize| Plain {
            weights: self.passes[pass][measures.class(at)].iter(),
            sum: 0.0,
            inputs: network.inputs.iter(),
            units: [0.0; UNITS],
        };
        measures.each(pass, before, plain, |at, plain| {
            scores[at] = plain.sum + network.answer(&plain.units);
        });
        scores
    }
}

/// The sums of one pass, feature by feature.
#[cfg(any(test, feature = "train"))]
struct Plain<'w> {
    weights: std::slice::Iter<'w, f32>,
    sum: f32,
    inputs: std::slice::Iter<'w, [f32; UNITS]>,
    units: [f32; UNITS],
}

#[cfg(any(test, feature = "train"))]
impl Sink for Plain<'_> {
    fn take(&mut self, _: &'static str, value: f32) {
        if let Some(weight) = self.weights.next() {
            self.sum += weight * value;
        }
        for (sum, weight) in self
            .units
            .iter_mut()
            .zip(self.inputs.next().into_iter().flatten())
        {
            *sum += weight * value;
        }
    }
}

/// Collects names and values.
#[cfg(any(test, feature = "train"))]
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) names: Vec<&'static str>,
    pub(crate) values: Vec<f32>,
}

#[cfg(any(test, feature = "train"))]
impl Sink for Row {
    fn take(&mut self, name: &'static str, value: f32) {
        self.names.push(name);
        self.values.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;

    #[test]
    fn both_passes_at_once_are_the_passes_one_by_one() {
        let text = "Home\nNews 2019\nA headline of seven words or so\n".repeat(9)
            + &"A sentence of the text, with some words, that is long enough. ".repeat(4);
        let lines = lines::split(&text, &[]);
        let measures = Measures::new(&lines, &vec![None; lines.len()], &Words::of(&lines));
        let model = Model::load();
        let passes = (0..PASSES).fold(Vec::new(), |scores, pass| {
            model.pass(pass, &measures, &scores)
        });
        assert_eq!(model.scores(&measures), passes);
    }

    #[test]
    fn each_feature_has_its_weights() {
        let lines = lines::split("one line", &[]);
        let measures = Measures::new(&lines, &[None], &Words::of(&lines));
        let named = |prefix: &str, width: usize| -> Vec<&str> {
            let columns = WEIGHTS
                .lines()
                .map(|line| line.split('\t').collect::<Vec<_>>());
            columns
                .filter(|columns| columns[0] == prefix)
                .inspect(|columns| assert_eq!(columns.len(), 2 + width, "{columns:?}"))
                .map(|columns| columns[1])
                .collect()
        };
        for pass in 0..PASSES {
            let named = named(&(pass + 1).to_string(), CLASSES);
            let done = |_, row: Row| {
                assert_eq!(row.names, named);
                assert!(row.values.iter().all(|value| value.is_finite()));
            };
            measures.each(pass, &[0.0], |_| Row::default(), done);
        }
        let mut last = named(&PASSES.to_string(), CLASSES);
        assert!(last.len() < sums::MAX);
        last.push(OUTPUTS);
        assert_eq!(named(NETWORK, UNITS), last);
    }
}

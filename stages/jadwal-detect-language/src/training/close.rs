//! Trains the second looks of [`crate::close`]: one weight a feature and label, by stochastic
//! gradient descent with AdaGrad steps, on the samples of the set's labels and on words that were
//! listed by hand.

use std::borrow::Cow;

use crate::alphabet::{Alphabet, ScriptId};
use crate::close::{CloseSet, each_row, norm};
use crate::model::softmax;

use super::corpus::Corpus;
use super::plan::{CloseSetPlan, Label};
use super::random::Random;
use super::samples::{Sample, draw_texts};
use super::sgd::forget;
use super::telling::TELLING;

const PASSES: usize = 30;
const RATE: f32 = 0.3;
/// Samples of listed words of a label in one pass.
const LISTED: usize = 3000;
/// What the values of labels are multiplied with: the first look has a say too. Chosen on held-out
/// sentences.
const TEMPERATURE: f32 = 0.7;

struct Weights {
    width: usize,
    table: Vec<f32>,
    steps: Vec<f32>,
}

impl Weights {
    fn new(width: usize, bits: u32) -> Self {
        Self {
            width,
            table: vec![0.0; width << bits],
            steps: vec![1e-2; width << bits],
        }
    }

    /// Takes one step towards `label` for a text with these features.
    fn learn(&mut self, rows: &[usize], label: usize, rate: f32) {
        let norm = norm(rows.len() as u32);
        let mut errors = vec![0.0; self.width];
        for row in rows {
            let weights = &self.table[row * self.width..];
            for (value, weight) in errors.iter_mut().zip(weights) {
                *value += weight * norm;
            }
        }
        softmax(&mut errors);
        errors[label] -= 1.0;
        for row in rows {
            for (index, error) in errors.iter().enumerate() {
                let at = row * self.width + index;
                let slope = error * norm;
                self.steps[at] += slope * slope;
                self.table[at] -= rate * slope / self.steps[at].sqrt();
            }
        }
    }
}

/// Trains the set of `plan` for a group with these labels.
pub(super) fn train(
    corpus: &Corpus,
    plan: &CloseSetPlan,
    labels: &[Label],
    reading: (&Alphabet, ScriptId),
) -> CloseSet {
    let places: Vec<usize> = plan
        .tags
        .split_whitespace()
        .filter_map(|tag| labels.iter().position(|label| label.tag == tag))
        .collect();
    let chosen: Vec<&Label> = places.iter().map(|place| &labels[*place]).collect();
    let mut weights = Weights::new(chosen.len(), plan.bits);
    let mut random = Random(0x436C_6F73_6521);
    for pass in 0..PASSES {
        let rate = RATE * (1.0 - pass as f32 / PASSES as f32);
        for sample in draw(corpus, &chosen, &mut random) {
            let mut rows = Vec::new();
            each_row(reading, &sample.text, plan.bits, |row| rows.push(row));
            forget(&mut rows, &mut random);
            if !rows.is_empty() {
                weights.learn(&rows, sample.label, rate);
            }
        }
    }
    quantise(&places, plan.bits, &weights)
}

/// Returns the samples of one pass in random order.
fn draw(corpus: &Corpus, labels: &[&Label], random: &mut Random) -> Vec<Sample> {
    let mut samples = draw_texts(corpus, labels, random);
    for (index, label) in labels.iter().enumerate() {
        let of_label = TELLING
            .iter()
            .filter(|(source, _)| label.sources.iter().any(|other| other == source));
        for (_, words) in of_label {
            draw_listed(words, index, &mut samples, random);
        }
    }
    random.shuffle(&mut samples);
    samples
}

/// Draws listed words, one to three at a time.
fn draw_listed(words: &str, label: usize, samples: &mut Vec<Sample>, random: &mut Random) {
    let words: Vec<&str> = words.split_whitespace().collect();
    for _ in 0..LISTED {
        let count = 1 + random.below(3);
        let chosen: Vec<_> = (0..count)
            .map(|_| words[random.below(words.len())])
            .collect();
        let text = chosen.join(" ");
        samples.push(Sample { text, label });
    }
}

/// Writes the table as bytes; the few values past six deviations are clipped.
fn quantise(places: &[usize], bits: u32, weights: &Weights) -> CloseSet {
    let used = weights.table.iter().filter(|value| **value != 0.0);
    let (squares, count) = used.fold((0.0, 1), |(squares, count), value| {
        (squares + value * value, count + 1)
    });
    let step = ((squares / count as f32).sqrt() * 6.0 / 127.0).max(f32::MIN_POSITIVE);
    let byte = |value: &f32| ((value / step).round().clamp(-127.0, 127.0) as i8).cast_unsigned();
    CloseSet {
        labels: places.iter().map(|place| *place as u8).collect(),
        bits,
        scale: step * TEMPERATURE,
        table: Cow::Owned(weights.table.iter().map(byte).collect()),
    }
}

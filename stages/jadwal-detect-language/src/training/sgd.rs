//! Trains one group: a row of numbers for each feature, one for each label, by stochastic gradient
//! descent with AdaGrad steps, on one thread, so that the same text gives the same model.

use std::borrow::Cow;

use crate::alphabet::{Alphabet, ScriptId};
use crate::model::{Group, dot, softmax};
use crate::words::{each_word, features};

use super::Pass;
use super::corpus::Corpus;
use super::plan::{GroupPlan, NOISE_PRIOR};
use super::random::Random;
use super::samples::draw;

const RATE: f32 = 0.25;
/// Share of the features of a sample that are left out.
const FORGOTTEN: f32 = 0.25;
/// What the values of labels are multiplied with: less than 1, for text that was trained on looks
/// surer than other text. Chosen on held-out sentences.
const TEMPERATURE: f32 = 0.9;
/// Errors that are not worth a step.
const NOTHING: f32 = 1e-4;

struct Weights {
    dim: usize,
    table: Vec<f32>,
    table_steps: Vec<f32>,
    outputs: Vec<f32>,
    output_steps: Vec<f32>,
}

impl Weights {
    fn new(plan: &GroupPlan, labels: usize, random: &mut Random) -> Self {
        let rows = 1 << plan.bits;
        let small = |random: &mut Random| (random.unit() - 0.5) * 0.2;
        Self {
            dim: plan.dim,
            table: (0..rows * plan.dim).map(|_| small(random)).collect(),
            table_steps: vec![1e-3; rows],
            outputs: (0..labels * plan.dim).map(|_| small(random)).collect(),
            output_steps: vec![1e-3; labels],
        }
    }

    /// Takes one step towards `label` for a text with these features. Returns its loss.
    fn learn(&mut self, rows: &[usize], label: usize, rate: f32) -> f32 {
        let dim = self.dim;
        let norm = 1.0 / (rows.len() as f32).sqrt();
        let mut hidden = vec![0.0; dim];
        for row in rows {
            add_scaled(&mut hidden, &self.table[row * dim..][..dim], norm);
        }
        let mut errors: Vec<f32> = self
            .outputs
            .chunks_exact(dim)
            .map(|weights| dot(weights, &hidden))
            .collect();
        softmax(&mut errors);
        let loss = -errors[label].max(1e-9).ln();
        errors[label] -= 1.0;

        let mut back = vec![0.0; dim];
        let length = dot(&hidden, &hidden) / dim as f32;
        for (index, error) in errors.iter().enumerate() {
            if error.abs() < NOTHING {
                continue;
            }
            let weights = &mut self.outputs[index * dim..][..dim];
            add_scaled(&mut back, weights, *error);
            self.output_steps[index] += error * error * length;
            let step = rate / self.output_steps[index].sqrt();
            add_scaled(weights, &hidden, -step * error);
        }
        if loss < NOTHING {
            return loss;
        }
        let square = dot(&back, &back) / dim as f32 * norm * norm;
        for row in rows {
            self.table_steps[*row] += square;
            let step = rate * norm / self.table_steps[*row].sqrt();
            add_scaled(&mut self.table[row * dim..][..dim], &back, -step);
        }
        loss
    }
}

fn add_scaled(target: &mut [f32], source: &[f32], factor: f32) {
    for (target, source) in target.iter_mut().zip(source) {
        *target += source * factor;
    }
}

/// Trains the group of `plan`; `told` hears of each pass.
pub(crate) fn train(
    corpus: &Corpus,
    plan: &GroupPlan,
    alphabet: &Alphabet,
    told: &impl Fn(Pass),
) -> Group {
    let script = ScriptId::from_code(plan.script).expect("the plan names known scripts");
    let labels = plan.labels();
    let count = labels.len() + usize::from(plan.noise > 0);
    let mut random = Random(0x4A61_6477_616C);
    let mut weights = Weights::new(plan, count, &mut random);
    for epoch in 0..plan.epochs {
        let rate = RATE * (1.0 - epoch as f32 / plan.epochs as f32);
        let (mut loss, mut seen) = (0.0, 0);
        for sample in draw(corpus, plan, &labels, &mut random) {
            let mut rows = rows_of(alphabet, &sample.text, script, plan.bits);
            forget(&mut rows, &mut random);
            if !rows.is_empty() {
                loss += f64::from(weights.learn(&rows, sample.label, rate));
                seen += 1;
            }
        }
        told(Pass {
            script: plan.script,
            pass: epoch + 1,
            passes: plan.epochs,
            samples: seen,
            loss: loss / seen.max(1) as f64,
        });
    }
    let mut tags: Vec<_> = labels.iter().map(|label| label.tag.clone()).collect();
    let mut priors: Vec<_> = labels.iter().map(|label| label.prior).collect();
    if plan.noise > 0 {
        tags.push("und".to_owned());
        priors.push(NOISE_PRIOR);
    }
    quantise(script, plan, weights, tags, priors)
}

/// Returns the feature rows of the words of `text` that are in `script`.
fn rows_of(alphabet: &Alphabet, text: &str, script: ScriptId, bits: u32) -> Vec<usize> {
    let mut rows = Vec::new();
    each_word(alphabet, text, |found, word| {
        if found == script {
            features(word, bits, |row| rows.push(row));
        }
    });
    rows
}

/// Leaves out a part of the features, so that none is relied on alone.
pub(super) fn forget(rows: &mut Vec<usize>, random: &mut Random) {
    if rows.len() >= 4 {
        let first = rows[0];
        rows.retain(|_| random.unit() >= FORGOTTEN);
        if rows.is_empty() {
            rows.push(first);
        }
    }
}

/// Writes the table as bytes; the few values past four deviations are clipped.
fn quantise(
    script: ScriptId,
    plan: &GroupPlan,
    weights: Weights,
    tags: Vec<String>,
    priors: Vec<f32>,
) -> Group {
    let squares: f32 = weights.table.iter().map(|value| value * value).sum();
    let deviation = (squares / weights.table.len() as f32).sqrt();
    let step = deviation * 5.0 / 127.0;
    let byte = |value: &f32| ((value / step).round().clamp(-127.0, 127.0) as i8).cast_unsigned();
    Group {
        script,
        dim: plan.dim,
        bits: plan.bits,
        tags,
        priors,
        scale: step * TEMPERATURE,
        outputs: weights.outputs,
        table: Cow::Owned(weights.table.iter().map(byte).collect()),
        close: Vec::new(),
    }
}

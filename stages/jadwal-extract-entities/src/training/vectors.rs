//! Word vectors from free text: skip-gram with negative samples (Mikolov et al. 2013), one thread, seeded.

use crate::tagger::exponential::exp;
use crate::training::random::Random;
use crate::training::text::NumberedText;

/// Numbers of a vector.
pub(crate) const SIZE: usize = 64;

/// A vector.
pub(crate) type Vector = [f32; SIZE];

const NEGATIVES: usize = 5;
const RATE: f32 = 0.05;
/// Words more frequent than this share are left out at times.
const OFTEN: f64 = 1e-3;
const DRAWS: usize = 1 << 20;

/// Learns a vector for each word.
pub(crate) fn learn_vectors(
    text: &NumberedText,
    window: usize,
    epochs: usize,
    seed: u64,
    mut progress: impl FnMut(&str),
) -> Vec<Vector> {
    let mut random = Random(seed);
    let mut inputs: Vec<Vector> = text
        .words
        .iter()
        .map(|_| std::array::from_fn(|_| (random.share() as f32 - 0.5) / SIZE as f32))
        .collect();
    let mut outputs = vec![[0.0; SIZE]; text.words.len()];
    let draws = draws_of(&text.counts);
    let all: u64 = text.counts.iter().sum();
    let keep: Vec<f64> = text
        .counts
        .iter()
        .map(|count| {
            let ratio = OFTEN * all as f64 / (*count).max(1) as f64;
            (ratio.sqrt() + ratio).min(1.0)
        })
        .collect();
    let total = (all * epochs as u64).max(1) as f32;
    let mut seen = 0_u64;
    let mut kept = Vec::new();
    for epoch in 0..epochs {
        for sentence in &text.sentences {
            kept.clear();
            for word in sentence.iter().filter(|word| **word != u32::MAX) {
                seen += 1;
                if random.share() < keep[*word as usize] {
                    kept.push(*word as usize);
                }
            }
            let rate = (RATE * (1.0 - seen as f32 / total)).max(RATE * 1e-3);
            for at in 0..kept.len() {
                let reach = 1 + (random.draw() % window as u64) as usize;
                let around = at.saturating_sub(reach)..(at + reach + 1).min(kept.len());
                for other in around.filter(|other| *other != at) {
                    pair(
                        &mut inputs[kept[other]],
                        &mut outputs,
                        kept[at],
                        &draws,
                        rate,
                        &mut random,
                    );
                }
            }
        }
        progress(&format!("word vectors: {} of {epochs} rounds", epoch + 1));
    }
    inputs
}

/// One word with a neighbour, and with words drawn at random.
fn pair(
    input: &mut Vector,
    outputs: &mut [Vector],
    word: usize,
    draws: &[u32],
    rate: f32,
    random: &mut Random,
) {
    let mut change = [0.0; SIZE];
    for negative in 0..=NEGATIVES {
        let (target, wanted) = if negative == 0 {
            (word, 1.0)
        } else {
            (draws[random.draw() as usize % DRAWS] as usize, 0.0)
        };
        if negative > 0 && target == word {
            continue;
        }
        let output = &mut outputs[target];
        let product: f32 = dot(input, output);
        let guess = 1.0 / (1.0 + exp(-product.clamp(-8.0, 8.0)));
        let step = rate * (wanted - guess);
        for index in 0..SIZE {
            change[index] += step * output[index];
            output[index] += step * input[index];
        }
    }
    for (value, change) in input.iter_mut().zip(change) {
        *value += change;
    }
}

/// Returns the product of two vectors, added up in eight lanes so that it can be vectorised.
#[inline]
pub(crate) fn dot(left: &Vector, right: &Vector) -> f32 {
    let mut lanes = [0.0; 8];
    for (left, right) in left.chunks_exact(8).zip(right.chunks_exact(8)) {
        for lane in 0..8 {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    lanes.iter().sum()
}

/// A table to draw words from, each by the 3/4th power of its count.
fn draws_of(counts: &[u64]) -> Vec<u32> {
    // Roots are exact to the bit on every platform, powers are not.
    let weight = |count: &u64| {
        let root = (*count as f64).sqrt();
        root * root.sqrt()
    };
    let all: f64 = counts.iter().map(weight).sum();
    let mut draws = Vec::with_capacity(DRAWS);
    let mut sum = 0.0;
    for (word, count) in counts.iter().enumerate() {
        sum += weight(count);
        let until = (sum / all * DRAWS as f64) as usize;
        draws.resize(until.min(DRAWS), word as u32);
    }
    draws.resize(DRAWS, 0);
    draws
}

//! Fits the network by gradient descent in small steps (Adam), over rows in a fixed shuffled order.

use crate::model::{Network, UNITS};

/// Rows with labels and what the passes say of them already.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) values: Vec<f32>,
    pub(super) labels: Vec<bool>,
    pub(super) weights: Vec<f32>,
    /// Log odds that the network's answer is added to.
    pub(super) offsets: Vec<f32>,
}

const BATCH: usize = 256;
const FIRST: f32 = 0.9;
const SECOND: f32 = 0.999;

/// How the network is fitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Descent {
    pub(super) rounds: usize,
    pub(super) rate: f32,
    pub(super) decay: f32,
}

/// What moves: the weights of the inputs and of the outputs, with their gradients and moments.
struct State {
    inputs: Vec<[f32; UNITS]>,
    outputs: [f32; UNITS],
    slopes: Vec<[f32; UNITS]>,
    output_slopes: [f32; UNITS],
    moments: Vec<[[f32; UNITS]; 2]>,
    steps: i32,
}

impl Descent {
    /// Returns the network that fits `rows`.
    pub(super) fn fit(self, rows: &Rows) -> Network {
        let scales = scales(rows);
        let mut random = 0x2545_F491_4F6C_DD1D_u64;
        let mut state = State::new(rows.width, &mut random);
        let mut order: Vec<usize> = (0..rows.labels.len()).collect();
        let total = self.rounds * order.len().div_ceil(BATCH);
        let mut step = 0;
        for _ in 0..self.rounds {
            shuffle(&mut order, &mut random);
            for batch in order.chunks(BATCH) {
                for row in batch {
                    state.add(rows, *row, &scales);
                }
                // The rate falls to zero.
                let rate = self.rate * (1.0 - step as f32 / total as f32);
                state.step(rate, self.decay);
                step += 1;
            }
        }
        let scaled = |(weights, scale): (&[f32; UNITS], &f32)| weights.map(|w| w * scale);
        Network {
            inputs: state.inputs.iter().zip(&scales).map(scaled).collect(),
            outputs: state.outputs,
        }
    }
}

impl State {
    fn new(width: usize, random: &mut u64) -> Self {
        let size = 1.0 / (width as f32).sqrt();
        let mut draw = || (next(random) as f32 / u32::MAX as f32 * 2.0 - 1.0) * size;
        Self {
            inputs: (0..width).map(|_| [0.0; UNITS].map(|_| draw())).collect(),
            outputs: [0.0; UNITS].map(|_| draw()),
            slopes: vec![[0.0; UNITS]; width],
            output_slopes: [0.0; UNITS],
            moments: vec![[[0.0; UNITS]; 2]; width + 1],
            steps: 0,
        }
    }

    /// Adds a row's slopes.
    fn add(&mut self, rows: &Rows, row: usize, scales: &[f32]) {
        let values = &rows.values[row * rows.width..(row + 1) * rows.width];
        let mut sums = [0.0; UNITS];
        for ((weights, value), scale) in self.inputs.iter().zip(values).zip(scales) {
            let value = value * scale;
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
        let hidden = sums.map(|sum| sum.max(0.0));
        let mut score = rows.offsets[row];
        for (value, weight) in hidden.iter().zip(&self.outputs) {
            score += value * weight;
        }
        let target = f32::from(u8::from(rows.labels[row]));
        let slope = (1.0 / (1.0 + (-score).exp()) - target) * rows.weights[row];
        let mut back = [0.0; UNITS];
        for unit in 0..UNITS {
            self.output_slopes[unit] += slope * hidden[unit];
            back[unit] = if sums[unit] > 0.0 {
                slope * self.outputs[unit]
            } else {
                0.0
            };
        }
        for ((slopes, value), scale) in self.slopes.iter_mut().zip(values).zip(scales) {
            let value = value * scale;
            for (sum, back) in slopes.iter_mut().zip(&back) {
                *sum += back * value;
            }
        }
    }

    /// Moves all weights against their slopes and forgets these.
    fn step(&mut self, rate: f32, decay: f32) {
        self.steps += 1;
        let bias = [1.0 - FIRST.powi(self.steps), 1.0 - SECOND.powi(self.steps)];
        let weights = self.inputs.iter_mut().chain([&mut self.outputs]);
        let slopes = self.slopes.iter_mut().chain([&mut self.output_slopes]);
        for ((weights, slopes), [first, second]) in weights
            .zip(slopes)
            .zip(self.moments.iter_mut().map(|[a, b]| [a, b]))
        {
            for unit in 0..UNITS {
                let slope = slopes[unit] / BATCH as f32;
                first[unit] = FIRST * first[unit] + (1.0 - FIRST) * slope;
                second[unit] = SECOND * second[unit] + (1.0 - SECOND) * slope * slope;
                let size = (second[unit] / bias[1]).sqrt() + 1e-8;
                weights[unit] -= rate * (first[unit] / bias[0] / size + decay * weights[unit]);
                slopes[unit] = 0.0;
            }
        }
    }
}

/// One over the root of each feature's mean square.
fn scales(rows: &Rows) -> Vec<f32> {
    let mut sums = vec![0.0f64; rows.width];
    for row in rows.values.chunks_exact(rows.width.max(1)) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += f64::from(value * value);
        }
    }
    let count = rows.labels.len() as f64;
    let scale = |sum: f64| {
        if sum > 0.0 {
            (1.0 / (sum / count).sqrt()).min(20.0)
        } else {
            0.0
        }
    };
    sums.into_iter().map(|sum| scale(sum) as f32).collect()
}

/// Marsaglia's xorshift.
fn next(state: &mut u64) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 32) as u32
}

fn shuffle(order: &mut [usize], random: &mut u64) {
    for end in (1..order.len()).rev() {
        order.swap(end, next(random) as usize % (end + 1));
    }
}

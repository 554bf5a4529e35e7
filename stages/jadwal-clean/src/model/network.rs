//! A small network on top of the last pass: what sums of features can't say.
//!
//! One layer of hidden units, each zero below zero, over the features of the last pass. Its answer is
//! added to the pass's log odds. Sums run in one order, over all units at a time, so that the compiler
//! may use wide registers and every platform gets the same bits.

use super::features::Sink;

/// Hidden units.
pub(crate) const UNITS: usize = 16;

/// The weights of the network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Network {
    /// For each feature of the last pass, in order, its weight for each unit.
    pub(crate) inputs: Vec<[f32; UNITS]>,
    /// What each unit adds to the log odds.
    pub(crate) outputs: [f32; UNITS],
}

impl Network {
    /// Adds a line of the file: the weights of the units, or of the next feature.
    pub(super) fn push(&mut self, is_outputs: bool, values: impl Iterator<Item = f32>) {
        let mut weights = [0.0; UNITS];
        for (weight, value) in weights.iter_mut().zip(values) {
            *weight = value;
        }
        match is_outputs {
            true => self.outputs = weights,
            false => self.inputs.push(weights),
        }
    }

    /// Returns a sink that takes the features of a line.
    pub(super) fn start(&self) -> Hidden<'_> {
        Hidden {
            weights: self.inputs.iter(),
            sums: [0.0; UNITS],
        }
    }

    /// Returns what the units say.
    pub(super) fn finish(&self, hidden: &Hidden<'_>) -> f32 {
        let mut sum = 0.0;
        for (value, weight) in hidden.sums.iter().zip(&self.outputs) {
            sum += value.max(0.0) * weight;
        }
        sum
    }
}

/// Sums of a line's features, unit by unit.
#[derive(Debug)]
pub(super) struct Hidden<'n> {
    weights: std::slice::Iter<'n, [f32; UNITS]>,
    sums: [f32; UNITS],
}

impl Sink for Hidden<'_> {
    fn take(&mut self, _: &'static str, value: f32) {
        // Most features of a line are zero.
        if let Some(weights) = self.weights.next()
            && value != 0.0
        {
            for (sum, weight) in self.sums.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
    }
}

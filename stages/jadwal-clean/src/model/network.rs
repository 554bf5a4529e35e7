//! A small network on top of the last pass: what sums of features can't say.
//!
//! One layer of hidden units, each zero below zero, over the features of the last pass. Its answer is
//! added to the pass's log odds. Sums run in one order, over all units at a time, so that the compiler
//! may use wide registers and every platform gets the same bits.

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

    /// Returns what the units say, whose sums are `sums`.
    pub(super) fn answer(&self, sums: &[f32; UNITS]) -> f32 {
        let mut sum = 0.0;
        for (value, weight) in sums.iter().zip(&self.outputs) {
            sum += value.max(0.0) * weight;
        }
        sum
    }
}

//! The weighted sums of a line's features, over those alone that are not zero.
//!
//! Most features of most lines are zero, and a zero changes no sum. So the others are gathered first,
//! without a branch, and the sums of both passes and of the network's units run over them side by side,
//! each in the order of the features: every platform gets the same bits.

use super::Model;
use super::features::Sink;
use super::network::UNITS;

/// More features than there are: as many as a byte can count, so that no place needs a check.
pub(super) const MAX: usize = 256;

/// The features of a line that are not zero, each with its place among all.
#[derive(Debug)]
pub(super) struct Gathered {
    places: [u8; MAX],
    values: [f32; MAX],
    /// How many were gathered, and the place of the next feature.
    count: u8,
    next: u8,
}

impl Gathered {
    pub(super) fn new() -> Self {
        Self {
            places: [0; MAX],
            values: [0.0; MAX],
            count: 0,
            next: 0,
        }
    }

    /// Forgets the features of the last line; the next feature has this place.
    pub(super) fn start(&mut self, next: u8) {
        (self.count, self.next) = (0, next);
    }

    /// Returns the place behind the last feature.
    pub(super) fn end(&self) -> u8 {
        self.next
    }
}

impl Sink for Gathered {
    #[inline(always)]
    fn take(&mut self, _: &'static str, value: f32) {
        self.places[usize::from(self.count)] = self.next;
        self.values[usize::from(self.count)] = value;
        self.count += u8::from(value != 0.0);
        self.next += 1;
    }
}

/// The sums of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    units: [f32; UNITS],
    /// The log odds of each pass, without the network.
    pub(super) passes: [f32; 2],
}

impl Sums {
    /// Adds the features that were gathered of a line of this class.
    pub(super) fn add(&mut self, model: &Model, class: usize, features: &Gathered) {
        let [first, last] = model.passes.each_ref().map(|pass| pass[class].as_slice());
        let weight = |of: &[f32], place: usize| of.get(place).copied().unwrap_or(0.0);
        let mut sums = *self;
        let gathered = features.places.iter().zip(&features.values);
        for (place, value) in gathered.take(usize::from(features.count)) {
            let place = usize::from(*place);
            sums.passes[0] += weight(first, place) * value;
            sums.passes[1] += weight(last, place) * value;
            if let Some(weights) = model.network.inputs.get(place) {
                for (sum, weight) in sums.units.iter_mut().zip(weights) {
                    *sum += weight * value;
                }
            }
        }
        *self = sums;
    }

    /// Returns the log odds of the last pass.
    pub(super) fn answer(&self, model: &Model) -> f32 {
        self.passes[1] + model.network.answer(&self.units)
    }
}

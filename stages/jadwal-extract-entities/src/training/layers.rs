//! The weights of a network while it is fitted.

use crate::tagger::labels::LABELS;
use crate::tagger::network::{HIDDEN, SPAN, WIDTH};
use crate::training::blocks::step;
use crate::training::random::Random;

/// What the sums of squared gradients start at: of vectors, of all others.
const CAUTION: [f32; 2] = [0.01, 0.04];

/// The numbers of a hidden layer, or of their gradient.
pub(crate) type Units = [f32; HIDDEN];

/// Weights with the sums of their squared gradients.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Table {
    /// Returns weights between `-most` and `most`.
    fn new(count: usize, most: f32, caution: f32, random: &mut Random) -> Self {
        let mut weight = || (random.share() as f32 - 0.5) * 2.0 * most;
        Self {
            weights: (0..count).map(|_| weight()).collect(),
            squares: vec![caution; count],
        }
    }

    /// Moves the weights from number `from` on against their gradient.
    pub(crate) fn step(&mut self, from: usize, gradient: &[f32], rate: f32, decay: f32) {
        let places = from..from + gradient.len();
        let (weights, squares) = (&mut self.weights[places.clone()], &mut self.squares[places]);
        step(weights, squares, gradient, rate, decay);
    }

    fn add(&mut self, other: &Self) {
        for (weight, more) in self.weights.iter_mut().zip(&other.weights) {
            *weight += more;
        }
    }
}

/// All that is fitted but the links.
#[derive(Clone)]
pub(crate) struct Layers {
    /// [`WIDTH`] numbers each.
    pub(crate) vectors: Table,
    /// By number of the vector, place, unit.
    pub(crate) spreads: Table,
    pub(crate) base: Table,
    /// By copy, label, unit: the shared copy first.
    pub(crate) outputs: Table,
}

impl Layers {
    /// Returns weights drawn at random, those of the copies' own being 0.
    pub(crate) fn new(vectors: usize, copies: usize, random: &mut Random) -> Self {
        let [small, large] = CAUTION;
        let most = (3.0 / (SPAN * WIDTH) as f32).sqrt();
        let mut layers = Self {
            vectors: Table::new(vectors * WIDTH, 0.05, small, random),
            spreads: Table::new(WIDTH * SPAN * HIDDEN, most, large, random),
            base: Table::new(HIDDEN, 0.0, large, random),
            outputs: Table::new(copies * LABELS * HIDDEN, 0.1, large, random),
        };
        layers.outputs.weights[LABELS * HIDDEN..].fill(0.0);
        layers
    }

    /// Returns all weights.
    pub(crate) fn tables(&mut self) -> [&mut Table; 4] {
        [
            &mut self.vectors,
            &mut self.spreads,
            &mut self.base,
            &mut self.outputs,
        ]
    }

    /// Adds the weights of others.
    pub(crate) fn add(&mut self, mut other: Self) {
        for (table, other) in self.tables().into_iter().zip(other.tables()) {
            table.add(other);
        }
    }

    /// Returns the weights from a number of a word's vector to the units of the word at `place` of its own.
    pub(crate) fn spread(&self, number: usize, place: usize) -> &[f32] {
        &self.spreads.weights[(number * SPAN + place) * HIDDEN..][..HIDDEN]
    }

    /// Returns the weights of the units for a label in a copy.
    pub(crate) fn output(&self, copy: usize, label: usize) -> &[f32] {
        &self.outputs.weights[(copy * LABELS + label) * HIDDEN..][..HIDDEN]
    }
}

/// Returns the sum of products, added up in eight lanes so that it can be vectorised.
#[inline]
pub(crate) fn product(left: &Units, right: &[f32]) -> f32 {
    let mut lanes = [0.0; 8];
    for (left, right) in left.chunks_exact(8).zip(right.chunks_exact(8)) {
        for lane in 0..8 {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    lanes.iter().sum()
}

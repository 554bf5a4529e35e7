//! Weights that AdaGrad moves, one copy that all guidelines share and one for each; and those of pairs of labels.

use crate::tagger::labels::LABELS;
use crate::tagger::lattice::{Lattice, Scores, Transitions, marginals};
use crate::training::crf::CrfOptions;

/// A block of weights with its sums of squared gradients.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    pub(crate) weights: Scores,
    pub(crate) squares: Scores,
}

impl Block {
    /// Returns weights of 0.
    pub(crate) fn new(caution: f32) -> Self {
        Self {
            weights: [0.0; LABELS],
            squares: [caution; LABELS],
        }
    }

    /// Moves the weights against their gradient.
    #[inline]
    pub(crate) fn step(&mut self, gradient: &Scores, rate: f32, decay: f32) {
        step(&mut self.weights, &mut self.squares, gradient, rate, decay);
    }
}

/// Moves weights against their gradient, each the less the more it was moved before (Duchi, Hazan and Singer, 2011).
#[inline]
pub(crate) fn step(
    weights: &mut [f32],
    squares: &mut [f32],
    gradient: &[f32],
    rate: f32,
    decay: f32,
) {
    for ((weight, square), gradient) in weights.iter_mut().zip(squares).zip(gradient) {
        let slope = gradient + decay * *weight;
        *square += slope * slope;
        *weight -= rate * slope / (square.sqrt() + 1e-8);
    }
}

/// Returns the shared copy, which comes first, and of each guideline's copy as much as the model speaks of it.
pub(crate) fn spoken(copies: &[Block], speaks: &[f32]) -> Scores {
    let (shared, own) = copies.split_at(1);
    std::array::from_fn(|label| {
        let told = own.iter().zip(speaks);
        shared[0].weights[label]
            + told
                .map(|(block, share)| share * block.weights[label])
                .sum::<f32>()
    })
}

/// The weights of pairs of labels, and of the first label of a sentence.
pub(crate) struct Links {
    /// One row of copies for each label before, and one for the start.
    blocks: Vec<Block>,
    copies: usize,
    lattice: Lattice,
}

impl Links {
    /// Returns weights of 0.
    pub(crate) fn new(copies: usize, caution: f32) -> Self {
        Self {
            blocks: vec![Block::new(caution); (LABELS + 1) * copies],
            copies,
            lattice: Lattice::default(),
        }
    }

    /// Returns the weights as the guideline of copy `own` has them.
    fn transitions(&self, own: usize) -> Transitions {
        let link = |from: usize| -> Scores {
            let at = from * self.copies;
            let (shared, own) = (&self.blocks[at], &self.blocks[at + own]);
            std::array::from_fn(|label| shared.weights[label] + own.weights[label])
        };
        Transitions::new(std::array::from_fn(link), link(LABELS))
    }

    /// Learns from a sentence whose words have `scores` under the guideline of copy `own`. Writes the gradient of these
    /// scores: how likely each label of a word was held, less 1 for the right one. Returns what the right labels cost.
    pub(crate) fn learn(
        &mut self,
        scores: &[Scores],
        gold: &[u8],
        own: usize,
        options: &CrfOptions,
        gradients: &mut Vec<Scores>,
    ) -> f64 {
        let transitions = self.transitions(own);
        marginals(scores, &transitions, 0, &mut self.lattice, gradients);
        let loss = loss(&self.lattice, scores, &transitions, gold);
        let mut links = [[0.0; LABELS]; LABELS + 1];
        links[..LABELS].copy_from_slice(&self.lattice.pairs(&transitions));
        for (gradient, label) in gradients.iter_mut().zip(gold) {
            gradient[usize::from(*label)] -= 1.0;
        }
        if let Some(first) = gradients.first() {
            links[LABELS] = *first;
        }
        for pair in gold.windows(2) {
            links[usize::from(pair[0])][usize::from(pair[1])] -= 1.0;
        }
        let own_rate = options.rate * options.own_rate;
        for (from, gradient) in links.iter().enumerate() {
            let at = from * self.copies;
            self.blocks[at].step(gradient, options.rate, options.decay);
            self.blocks[at + own].step(gradient, own_rate, options.decay);
        }
        loss
    }

    /// Returns the weights by the label before, those of the start last.
    pub(crate) fn spoken(&self, speaks: &[f32]) -> [Scores; LABELS + 1] {
        std::array::from_fn(|from| {
            spoken(
                &self.blocks[from * self.copies..(from + 1) * self.copies],
                speaks,
            )
        })
    }
}

/// Returns what the right labels cost, in a sentence whose marginal probabilities were computed last with `lattice`.
fn loss(lattice: &Lattice, scores: &[Scores], transitions: &Transitions, gold: &[u8]) -> f64 {
    let mut loss = lattice.log_sum();
    for (at, label) in gold.iter().enumerate() {
        let label = usize::from(*label);
        loss -= f64::from(scores[at][label]);
        loss -= f64::from(match at.checked_sub(1) {
            Some(before) => transitions.score(usize::from(gold[before]), label),
            None => transitions.starts[label],
        });
    }
    loss
}

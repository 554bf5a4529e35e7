//! Best labels and marginal probabilities of a sentence, from the scores of its words.

use crate::tagger::exponential::exp;
use crate::tagger::labels::{LABELS, may_follow};

/// Scores of one word, one a label.
pub(crate) type Scores = [f32; LABELS];

/// Labels, and as many that there are not as make it whole vectors.
const LANES: usize = 12;
/// Scores of that many labels; minus infinity for those that there are not.
pub(crate) type Wide = [f32; LANES];

fn wide(scores: &Scores) -> Wide {
    std::array::from_fn(|label| scores.get(label).copied().unwrap_or(f32::NEG_INFINITY))
}

/// What labels say about their neighbours.
#[derive(Clone, Debug)]
pub(crate) struct Transitions {
    /// Score of the second label behind the first; minus infinity where it must not stand.
    pub(crate) scores: [Wide; LABELS],
    /// Score of the first label of a sentence.
    pub(crate) starts: Scores,
    factors: [Scores; LABELS],
    /// `factors` by the second label.
    factors_into: [Scores; LABELS],
    start_factors: Scores,
}

impl Transitions {
    /// Takes scores of allowed pairs; the others are set here.
    pub(crate) fn new(mut scores: [Scores; LABELS], mut starts: Scores) -> Self {
        for next in 0..LABELS {
            for (label, row) in scores.iter_mut().enumerate() {
                if !may_follow(Some(label), next) {
                    row[next] = f32::NEG_INFINITY;
                }
            }
            if !may_follow(None, next) {
                starts[next] = f32::NEG_INFINITY;
            }
        }
        let factors = scores.map(|row| row.map(exp));
        Self {
            factors,
            factors_into: std::array::from_fn(|to| std::array::from_fn(|from| factors[from][to])),
            start_factors: starts.map(exp),
            scores: scores.map(|row| wide(&row)),
            starts,
        }
    }
}

/// Working memory of [`best_labels`] and [`marginals`].
#[derive(Default)]
pub(crate) struct Lattice {
    back: Vec<[u8; LABELS]>,
    forward: Vec<Scores>,
    local: Vec<Scores>,
    behind: Vec<Scores>,
    /// By word: its highest score, and what its probabilities were divided by.
    norms: Vec<(f32, f32)>,
}

#[cfg(feature = "train")]
impl Lattice {
    /// Returns the logarithm of the sum of all labellings' exponentials, for the sentence last given to
    /// [`marginals`].
    pub(crate) fn log_sum(&self) -> f64 {
        let norms = self.norms.iter();
        norms
            .map(|(most, sum)| f64::from(*most) + f64::from(*sum).ln())
            .sum()
    }

    /// Returns how often each pair of labels is expected in the sentence last given to [`marginals`].
    pub(crate) fn pairs(&self, transitions: &Transitions) -> [Scores; LABELS] {
        let mut pairs = [[0.0; LABELS]; LABELS];
        for at in 1..self.forward.len() {
            let (before, behind) = (&self.forward[at - 1], &self.behind[at]);
            for (from, row) in pairs.iter_mut().enumerate() {
                let factors = transitions.factors[from].iter().zip(behind);
                for (pair, (factor, behind)) in row.iter_mut().zip(factors) {
                    *pair += before[from] * factor * behind;
                }
            }
        }
        pairs
    }
}

/// Writes the labels of the highest sum of scores.
pub(crate) fn best_labels(
    words: &[Scores],
    transitions: &Transitions,
    lattice: &mut Lattice,
    labels: &mut Vec<u8>,
) {
    labels.clear();
    let Some((head, rest)) = words.split_first() else {
        return;
    };
    lattice.back.clear();
    let mut best: Scores = std::array::from_fn(|label| transitions.starts[label] + head[label]);
    for word in rest {
        let mut next = [f32::NEG_INFINITY; LANES];
        // As wide as the scores, so that all lanes are chosen at once.
        let mut back = [0_u32; LANES];
        for (from, row) in (0..).zip(&transitions.scores) {
            let reached = best[from as usize];
            for to in 0..LANES {
                let score = reached + row[to];
                let better = score > next[to];
                next[to] = if better { score } else { next[to] };
                back[to] = if better { from } else { back[to] };
            }
        }
        best = std::array::from_fn(|to| next[to] + word[to]);
        lattice.back.push(std::array::from_fn(|to| back[to] as u8));
    }
    let mut label = 0;
    for other in 1..LABELS {
        if best[other] > best[label] {
            label = other;
        }
    }
    labels.push(label as u8);
    for back in lattice.back.iter().rev() {
        label = usize::from(back[label]);
        labels.push(label as u8);
    }
    labels.reverse();
}

/// Writes the probability of each label of each word.
pub(crate) fn marginals(
    words: &[Scores],
    transitions: &Transitions,
    lattice: &mut Lattice,
    out: &mut Vec<Scores>,
) {
    let Lattice {
        forward,
        local,
        behind,
        norms,
        ..
    } = lattice;
    norms.clear();
    forward.clear();
    behind.clear();
    behind.resize(words.len(), [0.0; LABELS]);
    local.clear();
    out.clear();
    for (at, word) in words.iter().enumerate() {
        let most = word.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let factors = word.map(|score| exp(score - most));
        let mut alpha = [0.0; LABELS];
        if let Some(before) = at.checked_sub(1).map(|before| forward[before]) {
            for (from, row) in transitions.factors.iter().enumerate() {
                for to in 0..LABELS {
                    alpha[to] += before[from] * row[to];
                }
            }
        } else {
            alpha = transitions.start_factors;
        }
        for label in 0..LABELS {
            alpha[label] *= factors[label];
        }
        let sum: f32 = alpha.iter().sum();
        let scale = 1.0 / sum.max(f32::MIN_POSITIVE);
        forward.push(alpha.map(|value| value * scale));
        local.push(factors.map(|value| value * scale));
        norms.push((most, sum.max(f32::MIN_POSITIVE)));
    }
    let mut beta = [1.0; LABELS];
    out.resize(words.len(), [0.0; LABELS]);
    for at in (0..words.len()).rev() {
        for label in 0..LABELS {
            out[at][label] = forward[at][label] * beta[label];
        }
        let weighted: Scores = std::array::from_fn(|label| local[at][label] * beta[label]);
        behind[at] = weighted;
        beta = [0.0; LABELS];
        for (row, weight) in transitions.factors_into.iter().zip(weighted) {
            for (sum, factor) in beta.iter_mut().zip(row) {
                *sum += factor * weight;
            }
        }
    }
}

//! Best labels and marginal probabilities of a sentence, from the scores of its words.

use crate::tagger::exponential::exp;
use crate::tagger::labels::{LABELS, OUTSIDE, TYPES, first_of, may_follow};

/// Scores of one word, one a label.
pub(crate) type Scores = [f32; LABELS];

/// Labels, and as many that there are not as make it whole vectors.
const LANES: usize = 12;
/// Probabilities of that many labels; 0 for those that there are not.
type Wide = [f32; LANES];
/// One number a type.
type Kinds = [f32; TYPES.len()];

fn wide(scores: &Scores) -> Wide {
    std::array::from_fn(|label| scores.get(label).copied().unwrap_or(0.0))
}

/// What labels say about their neighbours.
#[derive(Clone, Debug)]
pub(crate) struct Transitions {
    /// Score of the first label of a sentence.
    pub(crate) starts: Scores,
    into: Into,
    factors: [Wide; LABELS],
    /// `factors` by the second label.
    factors_into: [Wide; LABELS],
    start_factors: Wide,
}

/// The scores of pairs of labels as [`best_labels`] reads them.
#[derive(Clone, Debug)]
struct Into {
    /// By the second label, and the first.
    any: [Scores; LABELS],
    /// The first word of a name of each type behind each label.
    first: [Kinds; LABELS],
    /// A later word of a name of each type behind the first one, and behind a later one: nothing else may
    /// stand before it.
    later: [Kinds; 2],
}

impl Into {
    fn of(scores: &[Scores; LABELS]) -> Self {
        let first = |from: usize| std::array::from_fn(|kind| scores[from][first_of(kind)]);
        let later = |back: usize| {
            std::array::from_fn(|kind| scores[first_of(kind) + back][first_of(kind) + 1])
        };
        Self {
            any: transposed(scores),
            first: std::array::from_fn(first),
            later: [later(0), later(1)],
        }
    }
}

fn transposed(scores: &[Scores; LABELS]) -> [Scores; LABELS] {
    std::array::from_fn(|to| std::array::from_fn(|from| scores[from][to]))
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
            into: Into::of(&scores),
            factors: factors.map(|row| wide(&row)),
            factors_into: transposed(&factors).map(|row| wide(&row)),
            start_factors: wide(&starts.map(exp)),
            starts,
        }
    }

    /// Returns the score of the second label behind the first; minus infinity where it must not stand.
    #[cfg(feature = "train")]
    pub(crate) fn score(&self, first: usize, second: usize) -> f32 {
        self.into.any[second][first]
    }
}

/// Working memory of [`best_labels`] and [`marginals`].
#[derive(Default)]
pub(crate) struct Lattice {
    best: Vec<Scores>,
    forward: Vec<Wide>,
    local: Vec<Wide>,
    behind: Vec<Wide>,
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

/// Writes the labels of the highest sum of scores; of two labels as good the first one.
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
    let mut best: Scores = std::array::from_fn(|label| transitions.starts[label] + head[label]);
    lattice.best.clear();
    lattice.best.push(best);
    for word in rest {
        best = best_behind(&best, &transitions.into, word);
        lattice.best.push(best);
    }
    let mut label = first_of_best(&best);
    labels.push(label as u8);
    // What a label was reached from is looked for only on the way that was taken.
    let before = lattice.best.iter().rev().skip(1);
    for best in before {
        let row = &transitions.into.any[label];
        label = first_of_best(&std::array::from_fn(|from| best[from] + row[from]));
        labels.push(label as u8);
    }
    labels.reverse();
}

/// Returns the best sum of scores up to a word for each of its labels.
#[inline]
fn best_behind(best: &Scores, into: &Into, word: &Scores) -> Scores {
    // The greatest of numbers is the same in any order, so that three chains can run side by side.
    let mut outside = [f32::NEG_INFINITY; 3];
    let mut first = [[f32::NEG_INFINITY; TYPES.len()]; 3];
    let from_each = into.any[OUTSIDE].iter().zip(&into.first);
    for (from, (reached, (to_outside, to_first))) in best.iter().zip(from_each).enumerate() {
        let chain = from % 3;
        outside[chain] = greater(outside[chain], reached + to_outside);
        for (most, score) in first[chain].iter_mut().zip(to_first) {
            *most = greater(*most, reached + score);
        }
    }
    let [one, two, three] = first;
    let mut next = *word;
    next[OUTSIDE] += greater(greater(outside[0], outside[1]), outside[2]);
    for (kind, ((one, two), three)) in one.into_iter().zip(two).zip(three).enumerate() {
        let at = first_of(kind);
        let [behind_first, behind_later] = [into.later[0][kind], into.later[1][kind]];
        next[at] += greater(greater(one, two), three);
        next[at + 1] += greater(best[at] + behind_first, best[at + 1] + behind_later);
    }
    next
}

#[inline]
fn greater(left: f32, right: f32) -> f32 {
    if left > right { left } else { right }
}

/// Returns the first label with the highest score, without branches: which it is can't be foreseen.
#[inline]
fn first_of_best(scores: &Scores) -> usize {
    let (mut label, mut best) = (0_u32, scores[0]);
    for (other, score) in (0..).zip(scores).skip(1) {
        let better = *score > best;
        best = if better { *score } else { best };
        label = if better { other } else { label };
    }
    label as usize
}

/// Writes the probability of each label of each word from word `first` on; of those before it nothing is told.
pub(crate) fn marginals(
    words: &[Scores],
    transitions: &Transitions,
    first: usize,
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
    local.clear();
    // In a walk of their own: they need not wait for the word before.
    for word in words {
        let (factors, most) = exponentials(word);
        norms.push((most, 0.0));
        local.push(factors);
    }
    forward.clear();
    for (factors, norm) in local.iter_mut().zip(&mut *norms) {
        let mut alpha = match forward.last() {
            Some(before) => multiplied(before, &transitions.factors),
            None => transitions.start_factors,
        };
        for (alpha, factor) in alpha.iter_mut().zip(&*factors) {
            *alpha *= factor;
        }
        let sum: f32 = alpha[..LABELS].iter().sum();
        norm.1 = sum.max(f32::MIN_POSITIVE);
        let scale = 1.0 / norm.1;
        forward.push(alpha.map(|value| value * scale));
        for factor in factors {
            *factor *= scale;
        }
    }
    behind.clear();
    behind.resize(words.len(), [0.0; LANES]);
    out.clear();
    out.resize(words.len(), [0.0; LABELS]);
    let mut beta = [1.0; LANES];
    for at in (first..words.len()).rev() {
        for label in 0..LABELS {
            out[at][label] = forward[at][label] * beta[label];
        }
        for (behind, (local, beta)) in behind[at].iter_mut().zip(local[at].iter().zip(beta)) {
            *behind = local * beta;
        }
        beta = multiplied(&behind[at], &transitions.factors_into);
    }
}

/// Returns the exponentials of a word's scores over that of the highest one, and the highest one.
#[inline]
fn exponentials(word: &Scores) -> (Wide, f32) {
    let mut factors = [f32::NEG_INFINITY; LANES];
    factors[..LABELS].copy_from_slice(word);
    let mut most = [f32::NEG_INFINITY; 4];
    for four in factors.chunks_exact(4) {
        for (most, score) in most.iter_mut().zip(four) {
            *most = greater(*most, *score);
        }
    }
    let most = greater(greater(most[0], most[1]), greater(most[2], most[3]));
    for factor in &mut factors {
        *factor = exp(*factor - most);
    }
    (factors, most)
}

/// Returns the sum of `rows`, each of them times its number in `values`, added in their order.
#[inline]
fn multiplied(values: &Wide, rows: &[Wide; LABELS]) -> Wide {
    let mut sums = [0.0; LANES];
    for (value, row) in values.iter().zip(rows) {
        for (sum, factor) in sums.iter_mut().zip(row) {
            *sum += value * factor;
        }
    }
    sums
}

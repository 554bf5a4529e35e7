//! A second look at close languages, which share most of their runs of letters: Croatian, Bosnian and
//! Serbian, Indonesian and Malay, Danish and Norwegian.
//!
//! The first look, by [`Group`](crate::model::Group), finds the set of languages. Where it is unsure
//! within the set, the words are read again: each word, each pair of neighbours and each run of three
//! to five letters has one byte a label, and their sum has a say beside the first look. What the
//! labels of the set have together stays as it was.

use std::borrow::Cow;

use crate::alphabet::{Alphabet, ScriptId};
use crate::model::softmax;
use crate::words::{close_features, each_word, word_hash};

/// The most labels of a set.
pub const MAX_SET: usize = 4;
/// The part of a set's share from which on the first look is believed.
const SURE: f32 = 0.995;
/// The share below which no label of a set can be the likeliest of all, or so rarely that it doesn't
/// matter.
const UNLIKELY: f32 = 0.05;
/// What the values of the first look are multiplied with, now that another has a say. Chosen on
/// held-out sentences.
const FIRST: f32 = 0.6;
/// The least logarithm of a share that is told from none.
const LEAST: f32 = -16.0;
/// Features that a text is taken to have besides its own, which say nothing.
const DAMPING: f32 = 4.0;
/// Features after which enough was heard; also keeps sums far from overflow.
const ENOUGH: u32 = 1 << 20;

/// Labels of a group that are easily taken for each other, and the weights that tell them apart.
#[derive(Debug, Clone)]
pub struct CloseSet {
    /// Indices of the group's labels.
    pub labels: Vec<u8>,
    /// The table has two to the power of this many rows.
    pub bits: u32,
    /// What a step of a byte is worth.
    pub scale: f32,
    /// A signed byte for each label in each row.
    pub table: Cow<'static, [u8]>,
}

impl CloseSet {
    /// Whether the likeliest of all labels is of the set, and others of the set are too likely to
    /// leave it at that.
    pub(crate) fn is_unsure(&self, shares: &[f32]) -> bool {
        let (mut most, mut sum) = (0.0_f32, 0.0);
        for label in &self.labels {
            let share = shares[usize::from(*label)];
            most = most.max(share);
            sum += share;
        }
        let is_open = most >= UNLIKELY && most < SURE * sum;
        is_open && shares.iter().all(|share| *share <= most)
    }

    /// Divides anew what the labels of the set have of `shares`, by the words of `parts` that are in
    /// `script`. `biases` are what was added to each label's value; negative infinity rules one out.
    pub(crate) fn look(
        &self,
        (alphabet, script): (&Alphabet, ScriptId),
        parts: &[&str],
        biases: impl Fn(usize) -> f32,
        shares: &mut [f32],
    ) {
        let second = self.values(alphabet, script, parts);
        let mut values = [f32::NEG_INFINITY; MAX_SET];
        let mut sum = 0.0;
        for (at, label) in self.labels.iter().enumerate() {
            let (share, bias) = (shares[usize::from(*label)], biases(usize::from(*label)));
            sum += share;
            if bias > f32::NEG_INFINITY {
                let first = share.ln().max(LEAST) - bias;
                values[at] = FIRST * first + second[at] + bias;
            }
        }
        softmax(&mut values);
        for (value, label) in values.iter().zip(&self.labels) {
            shares[usize::from(*label)] = value * sum;
        }
    }

    /// Returns the value of each label.
    fn values(&self, alphabet: &Alphabet, script: ScriptId, parts: &[&str]) -> [f32; MAX_SET] {
        let width = self.labels.len();
        let mut sums = [0_i32; MAX_SET];
        let mut count = 0;
        for part in parts {
            each_row((alphabet, script), part, self.bits, |row| {
                if count < ENOUGH {
                    count += 1;
                    let bytes = &self.table[row * width..][..width];
                    for (sum, byte) in sums.iter_mut().zip(bytes) {
                        *sum += i32::from(byte.cast_signed());
                    }
                }
            });
        }
        let norm = self.scale * norm(count);
        sums.map(|sum| sum as f32 * norm)
    }
}

/// Returns what the sum of `count` features is multiplied with, so that it means the same for a
/// word and for a page.
pub(crate) fn norm(count: u32) -> f32 {
    1.0 / (count as f32 + DAMPING).sqrt()
}

/// Calls `row` with the row number of each feature of the words of `text` that are in the script.
pub(crate) fn each_row(
    (alphabet, script): (&Alphabet, ScriptId),
    text: &str,
    bits: u32,
    mut row: impl FnMut(usize),
) {
    let mut before = 0;
    each_word(alphabet, text, |found, word| {
        if found == script {
            close_features(word, before, bits, &mut row);
            before = word_hash(word);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set of two labels, the first and the third, whose table prefers the third whatever it reads.
    fn set() -> CloseSet {
        CloseSet {
            labels: vec![0, 2],
            bits: 1,
            scale: 0.1,
            table: Cow::Owned(vec![0, 10, 0, 10]),
        }
    }

    fn looked(shares: [f32; 3], biases: [f32; 3]) -> [f32; 3] {
        let alphabet = Alphabet::new();
        let latin = ScriptId::from_code("Latn").unwrap();
        let mut shares = shares;
        let bias = |label: usize| biases[label];
        set().look((&alphabet, latin), &["ord og ord"], bias, &mut shares);
        shares
    }

    #[test]
    fn a_look_is_worth_it_where_the_first_is_unsure_within_the_set() {
        let cases = [
            ([0.5, 0.1, 0.4], true),
            ([0.99, 0.01, 0.0], false),
            ([0.3, 0.5, 0.2], false),
            ([0.998, 0.0, 0.002], false),
            ([0.0, 0.0, 0.0], false),
        ];
        for (shares, wanted) in cases {
            assert_eq!(set().is_unsure(&shares), wanted, "{shares:?}");
        }
    }

    #[test]
    fn a_look_moves_shares_within_the_set_only() {
        let [first, other, third] = looked([0.45, 0.1, 0.45], [0.0; 3]);
        assert!(third > 0.6, "{third}");
        assert!((first + third - 0.9).abs() < 1e-6);
        assert_eq!(other.to_bits(), 0.1_f32.to_bits());
    }

    #[test]
    fn what_is_not_allowed_stays_ruled_out() {
        let [first, _, third] = looked([0.9, 0.1, 0.0], [0.0, 0.0, f32::NEG_INFINITY]);
        assert!((first - 0.9).abs() < 1e-6);
        assert_eq!(third.to_bits(), 0);
    }
}

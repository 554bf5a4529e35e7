//! A small network that looks at five words together, where the rows of weights look at one, two or three.
//!
//! After Collobert et al. (2011), "Natural language processing (almost) from scratch". Each feature of a word
//! form has a short vector, and their sum is the word's. What it adds to the hidden units of the words around it
//! depends on the form alone: it is computed once and kept. For each word there is left to add up five such
//! pushes, to cut off what is below 0, and to weigh the rest. Sums are of whole numbers and stay in range
//! whatever the file holds, so that they are the same everywhere.

use crate::tagger::bits::BitReader;
use crate::tagger::exponential::ROUNDER;
use crate::tagger::features::{FormFeature, InName};
use crate::tagger::hash::join;
use crate::tagger::labels::LABELS;
use crate::tagger::model::ModelError;
use crate::tagger::rows::{LEVEL_BITS, LEVELS};

/// Numbers of a feature's vector.
pub(crate) const WIDTH: usize = 16;
/// Hidden units.
pub(crate) const HIDDEN: usize = 64;
/// Words that are looked at on each side.
pub(crate) const SIDE: usize = 2;
/// Words that are looked at.
pub(crate) const SPAN: usize = 2 * SIDE + 1;

/// The vector of a feature.
pub(crate) type Vector = [i8; WIDTH];
/// The sums of a word's hidden units.
pub(crate) type Units = [i16; HIDDEN];
/// What a word adds to the units of the words around it, from [`SIDE`] before it to as many behind it.
pub(crate) type Pushes = [Units; SPAN];
/// Weights from a number of a word's vector to the units of the words around it.
pub(crate) type Spread = [[f32; HIDDEN]; SPAN];

/// Units that are computed side by side, so that their sums stay in registers.
const LANES: usize = 16;

/// Parts that the sum of a unit is counted in: it is cut at 128.
const PARTS: f32 = 256.0;
/// The largest weight of a unit for a label: all units at their most still have a sum in range.
const MOST_OUTPUT: f32 = 1023.0;
const _: () = assert!(1023 * i16::MAX as i64 * HIDDEN as i64 <= i32::MAX as i64);

/// A trained network.
pub(crate) struct Network {
    vectors: Vec<Vector>,
    /// Weights from each number of a word's vector to [`LANES`] units, for one place and so many units after the other.
    spreads: Vec<[[f32; LANES]; WIDTH]>,
    /// The units of a word before anything is added.
    base: Units,
    /// Weights of the units for each label but `OUTSIDE`, over that for `OUTSIDE`.
    outputs: [Units; LABELS - 1],
    /// What a weight of 1 for one part of a unit is worth.
    unit: f32,
    /// What the edges before and behind a sentence add.
    edges: [Pushes; 2],
    /// What a place in a name of the list adds, and by its code which of them it is.
    names: Vec<Pushes>,
    names_by_code: Vec<u16>,
}

/// Returns the hash of a place in a name of the list as a feature.
pub(crate) fn name_feature(name: InName) -> u64 {
    join(name.code(), 0x61)
}

impl Network {
    /// Reads the part of a model file; `edges` are the features of the edges of a sentence.
    pub(crate) fn read(
        reader: &mut BitReader<'_>,
        edges: [FormFeature; 2],
    ) -> Result<Self, ModelError> {
        let bits = reader.bits(8)?;
        if !(8..=20).contains(&bits) {
            return Err(ModelError::Damaged);
        }
        let unit = reader.float()? * reader.float()? * PARTS;
        let mut spreads = vec![[[0.0; HIDDEN]; SPAN]; WIDTH];
        for weight in spreads.iter_mut().flatten().flatten() {
            *weight = f32::from(reader.bits(8)? as u8 as i8) * unit;
        }
        let spreads = in_lanes(&spreads);
        let mut base = [0; HIDDEN];
        for unit in &mut base {
            *unit = nearest(reader.float()? * PARTS);
        }
        let (outputs, unit) = read_outputs(reader)?;
        let mut network = Self {
            vectors: read_vectors(reader, 1 << bits)?,
            spreads,
            base,
            outputs,
            unit: unit / PARTS,
            edges: [[[0; HIDDEN]; SPAN]; 2],
            names: Vec::new(),
            names_by_code: vec![NO_NAME; usize::from(InName::CODES)],
        };
        network.edges = edges.map(|edge| network.pushes([edge.hash]));
        network.spread_names();
        Ok(network)
    }

    /// Computes what the places in names of the list add.
    fn spread_names(&mut self) {
        for code in 0..InName::CODES {
            let name = InName::of_code(code);
            let hash = name_feature(name);
            if name.classes != 0 && self.vector(hash) != &[0; WIDTH] {
                self.names_by_code[usize::from(code)] = self.names.len() as u16;
                self.names.push(self.pushes([hash]));
            }
        }
    }

    #[inline]
    fn vector(&self, hash: u64) -> &Vector {
        // The number of vectors is a power of two, and never 0.
        &self.vectors[hash as usize & (self.vectors.len() - 1)]
    }

    /// Returns what a word with these features adds to the units of the words around it.
    fn pushes(&self, features: impl IntoIterator<Item = u64>) -> Pushes {
        let mut pushes = [[0; HIDDEN]; SPAN];
        self.write_pushes(features, &mut pushes);
        pushes
    }

    /// Writes what a word with these features adds to the units of the words around it.
    pub(crate) fn write_pushes(
        &self,
        features: impl IntoIterator<Item = u64>,
        pushes: &mut Pushes,
    ) {
        let mut sum = [0_i32; WIDTH];
        for hash in features {
            for (sum, value) in sum.iter_mut().zip(self.vector(hash)) {
                *sum += i32::from(*value);
            }
        }
        let values = sum.map(|value| value as f32);
        let units = pushes.as_flattened_mut().chunks_exact_mut(LANES);
        for (units, weights) in units.zip(&self.spreads) {
            let mut added = [0.0; LANES];
            for (value, weights) in values.iter().zip(weights) {
                for (added, weight) in added.iter_mut().zip(weights) {
                    *added += value * weight;
                }
            }
            for (unit, added) in units.iter_mut().zip(added) {
                *unit = nearest(added);
            }
        }
    }

    /// Starts a sentence of as many words.
    pub(crate) fn start(&self, words: usize, units: &mut Vec<Units>) {
        units.clear();
        // Room for what words say about places outside the sentence.
        units.resize(words + 2 * SIDE, self.base);
        let [before, behind] = &self.edges;
        push(&mut units[..SPAN - 1], &before[1..]);
        push(&mut units[words..], &behind[..SPAN - 1]);
    }

    /// Adds what the place of word `at` in a name of the list says.
    #[inline]
    pub(crate) fn push_name(&self, at: usize, name: InName, units: &mut [Units]) {
        let code = usize::from(self.names_by_code[name.code() as usize]);
        if let Some(pushes) = self.names.get(code) {
            push(&mut units[at..], pushes);
        }
    }

    /// Adds to the scores of a word's labels but `OUTSIDE` what its units say.
    #[inline]
    pub(crate) fn add_scores(&self, units: &Units, scores: &mut [f32]) {
        let above = units.map(|unit| unit.max(0));
        for (score, weights) in scores.iter_mut().zip(&self.outputs) {
            let products = above.iter().zip(weights);
            let sum: i32 = products
                .map(|(unit, weight)| i32::from(*unit) * i32::from(*weight))
                .sum();
            *score += sum as f32 * self.unit;
        }
    }
}

/// No place in a name.
const NO_NAME: u16 = u16::MAX;

/// Adds pushes to the units of words that stand one behind the other.
#[inline]
pub(crate) fn push(units: &mut [Units], pushes: &[Units]) {
    for (units, push) in units.iter_mut().zip(pushes) {
        for (unit, push) in units.iter_mut().zip(push) {
            *unit = unit.saturating_add(*push);
        }
    }
}

/// Returns the nearest whole number, the greatest or least one where it is too large. A conversion would look for what
/// does not fit number by number; what stands in the low bits of a rounded sum can be had of many at once.
#[inline]
fn nearest(value: f32) -> i16 {
    let rounded = value.clamp(-MOST, MOST) + ROUNDER;
    rounded.to_bits().wrapping_sub(ROUNDER.to_bits()) as i16
}

const MOST: f32 = i16::MAX as f32;

/// Returns weights, which are by number of the vector, as [`Network`] keeps them.
fn in_lanes(spreads: &[Spread]) -> Vec<[[f32; LANES]; WIDTH]> {
    let mut lanes = vec![[[0.0; LANES]; WIDTH]; SPAN * HIDDEN / LANES];
    for (number, spread) in spreads.iter().enumerate() {
        for (at, weight) in spread.as_flattened().iter().enumerate() {
            lanes[at / LANES][number][at % LANES] = *weight;
        }
    }
    lanes
}

/// Reads the weights of the units for the labels; returns them and what a weight of 1 is worth.
fn read_outputs(reader: &mut BitReader<'_>) -> Result<([Units; LABELS - 1], f32), ModelError> {
    let mut weights = [[0.0_f32; HIDDEN]; LABELS - 1];
    for weight in weights.iter_mut().flatten() {
        *weight = reader.float()?;
    }
    let sizes = weights.iter().flatten().map(|weight| weight.abs());
    let unit = sizes.fold(f32::MIN_POSITIVE, f32::max) / MOST_OUTPUT;
    let whole = |weight: f32| nearest((weight / unit).clamp(-MOST_OUTPUT, MOST_OUTPUT));
    Ok((weights.map(|row| row.map(whole)), unit))
}

/// Reads `count` vectors: of each whether it says something, and if so the levels of its numbers.
fn read_vectors(reader: &mut BitReader<'_>, count: usize) -> Result<Vec<Vector>, ModelError> {
    let mut levels = [0; LEVELS];
    for level in &mut levels {
        *level = reader.bits(8)? as u8 as i8;
    }
    let mut vectors = vec![[0; WIDTH]; count];
    for vector in &mut vectors {
        if reader.bits(1)? == 0 {
            continue;
        }
        for value in vector {
            *value = levels[reader.bits(LEVEL_BITS)? as usize];
        }
    }
    Ok(vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a network with one vector for all features, of which only the first number says something.
    fn network(value: i8, spread: Spread, base: i16, outputs: [Units; LABELS - 1]) -> Network {
        let mut vector = [0; WIDTH];
        vector[0] = value;
        let mut spreads = vec![[[0.0; HIDDEN]; SPAN]; WIDTH];
        spreads[0] = spread;
        Network {
            vectors: vec![vector],
            spreads: in_lanes(&spreads),
            base: [base; HIDDEN],
            outputs,
            unit: 1.0,
            edges: [[[0; HIDDEN]; SPAN]; 2],
            names: Vec::new(),
            names_by_code: vec![NO_NAME; usize::from(InName::CODES)],
        }
    }

    #[test]
    fn a_word_speaks_about_the_words_around_it() {
        let spread = std::array::from_fn(|place| [place as f32 + 1.0; HIDDEN]);
        let network = network(2, spread, 7, [[0; HIDDEN]; LABELS - 1]);
        let mut units = Vec::new();
        network.start(6, &mut units);
        push(&mut units[1..1 + SPAN], &network.pushes([5]));
        let first: Vec<i16> = units.iter().map(|units| units[0]).collect();
        assert_eq!(first, [7, 9, 11, 13, 15, 17, 7, 7, 7, 7]);
    }

    #[test]
    fn edges_speak_about_the_words_beside_them() {
        let spread = std::array::from_fn(|place| [place as f32 + 1.0; HIDDEN]);
        let mut network = network(1, spread, 0, [[0; HIDDEN]; LABELS - 1]);
        network.edges = [network.pushes([0]); 2];
        let mut units = Vec::new();
        network.start(5, &mut units);
        let words = &units[SIDE..SIDE + 5];
        let first: Vec<i16> = words.iter().map(|units| units[0]).collect();
        assert_eq!(first, [4, 5, 0, 1, 2]);
        network.start(1, &mut units);
        assert_eq!(units[SIDE][0], 4 + 2);
    }

    /// Guarantees: no sum leaves its range, whatever the words and the file say.
    #[test]
    fn the_largest_sums_are_cut() {
        let spread = [[f32::MAX; HIDDEN]; SPAN];
        let mut outputs = [[1023; HIDDEN]; LABELS - 1];
        outputs[1] = [-1023; HIDDEN];
        let network = network(127, spread, i16::MAX, outputs);
        let mut units = vec![[i16::MAX; HIDDEN]; SPAN];
        push(&mut units, &network.pushes([1; 40]));
        assert_eq!(units, vec![[i16::MAX; HIDDEN]; SPAN]);
        let mut scores = [0.0; LABELS - 1];
        network.add_scores(&units[0], &mut scores);
        let most = 1023.0 * 32_767.0 * HIDDEN as f32;
        assert_eq!(scores[..2], [most, -most]);
    }

    #[test]
    fn what_is_below_zero_says_nothing() {
        let network = network(0, [[0.0; HIDDEN]; SPAN], 0, [[5; HIDDEN]; LABELS - 1]);
        let mut scores = [1.5; LABELS - 1];
        network.add_scores(&[-300; HIDDEN], &mut scores);
        assert_eq!(scores, [1.5; LABELS - 1]);
    }
}

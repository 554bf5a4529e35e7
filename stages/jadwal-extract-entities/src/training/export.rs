//! Writes a model file: the counterpart of `tagger::model`.

use crate::tagger::knowledge::{
    CLUSTER_BITS, CLUSTERINGS, Knowledge, POSTERIOR_BITS, POSTERIOR_SHIFT,
};
use crate::tagger::labels::{LABELS, OUTSIDE};
use crate::tagger::lattice::Scores;
use crate::tagger::model::{MAGIC, PARENT_BITS};
use crate::tagger::rows::{LEVEL_BITS, LEVELS, NO_ROW, ROW_BYTES};
use crate::training::bits::BitWriter;
use crate::training::crf::{CrfOptions, Weights};
use crate::training::network::{self, NetworkWeights};

/// Share of the weights' size that the largest stored number stands for: the few larger ones are cut.
const KEPT_SHARE: f64 = 0.9995;
/// Times that the levels are moved to the middle of the weights that are stored as them.
const ROUNDS: usize = 60;

/// Returns the model file.
pub(crate) fn write_model(
    weights: &Weights,
    network: Option<&NetworkWeights>,
    knowledge: &Knowledge,
    options: &CrfOptions,
) -> Vec<u8> {
    let unit = unit_of(weights.rows.iter().map(|(_, row)| above_outside(row)));
    let stored = stored_rows(weights, unit, options.least_weight);
    let levels = levels_of(stored.iter().map(|stored| (stored.row, stored.uses)));
    let mut writer = BitWriter::default();
    writer.bits(u32::from(network.is_some()), 8);
    writer.bits(options.bits.into(), 8);
    let share = network.map_or(0.0, |_| options.network_share);
    let mixed = |linear: &Scores, other: Option<&Scores>| -> Scores {
        let other = other.copied().unwrap_or_default();
        std::array::from_fn(|label| (1.0 - share) * linear[label] + share * other[label])
    };
    writer.float((1.0 - share) * unit);
    writer.floats(&options.biases);
    writer.floats(&mixed(
        &weights.starts,
        network.map(|network| &network.starts),
    ));
    for (label, row) in weights.transitions.iter().enumerate() {
        let other = network.map(|network| &network.transitions[label]);
        writer.floats(&mixed(row, other));
    }
    write_knowledge(knowledge, &mut writer);
    write_levels(levels, &mut writer);
    if let Some(network) = network {
        write_network(network, share, &mut writer);
    }
    let mut out = MAGIC.to_vec();
    out.extend(writer.into_bytes());
    write_rows(&stored, levels, options.bits, &mut out);
    out
}

/// Returns knowledge as it stands in a model file.
pub(crate) fn knowledge_bytes(knowledge: &Knowledge) -> Vec<u8> {
    let mut writer = BitWriter::default();
    write_knowledge(knowledge, &mut writer);
    writer.into_bytes()
}

/// Returns the weights of a row over that of `OUTSIDE`: only their distances count.
fn above_outside(scores: &Scores) -> [f32; LABELS - 1] {
    std::array::from_fn(|at| scores[OUTSIDE + 1 + at] - scores[OUTSIDE])
}

/// Returns what one of 127 steps of a weight is worth.
fn unit_of<const N: usize>(rows: impl Iterator<Item = [f32; N]>) -> f32 {
    let mut sizes: Vec<f32> = rows
        .flat_map(|row| row.map(f32::abs))
        .filter(|size| *size > 1e-3)
        .collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let at = (sizes.len() as f64 * KEPT_SHARE) as usize;
    let most = sizes
        .get(at.min(sizes.len().saturating_sub(1)))
        .copied()
        .unwrap_or(1.0);
    most / 127.0
}

/// A row, one weight a label but for `OUTSIDE`.
type Row = [i8; LABELS - 1];

/// A row that is stored.
struct Stored {
    number: u32,
    row: Row,
    /// How often the row was met while learning.
    uses: u32,
}

/// Returns a weight in steps of `unit`.
fn whole(weight: f32, unit: f32) -> i8 {
    (weight / unit).round().clamp(-127.0, 127.0) as i8
}

/// Returns the rows that say something.
fn stored_rows(weights: &Weights, unit: f32, least: i32) -> Vec<Stored> {
    let rows = weights.rows.iter().zip(&weights.uses);
    rows.map(|((number, scores), uses)| Stored {
        number: *number,
        row: above_outside(scores).map(|score| whole(score, unit)),
        uses: *uses,
    })
    .filter(|stored| {
        let mut values = stored.row.iter();
        values.any(|value| i32::from(*value).abs() >= least)
    })
    .collect()
}

/// Chooses the levels that the weights are moved to, so that they move little (Lloyd 1982), each as often as it
/// was met: the many that are seldom met are small, and would leave no levels to the large ones.
fn levels_of<const N: usize>(rows: impl Iterator<Item = ([i8; N], u32)>) -> [i8; LEVELS] {
    let mut counts = [0_i64; 256];
    for (row, uses) in rows {
        for value in row {
            counts[(i16::from(value) + 128) as usize] += i64::from(uses);
        }
    }
    let all: i64 = counts.iter().sum();
    let mut levels = [0_i8; LEVELS];
    let (mut seen, mut level) = (0, 0);
    for value in -128..=127_i8 {
        seen += counts[(i16::from(value) + 128) as usize];
        // At first each level stands for as many weights.
        while level < LEVELS && seen * 2 * LEVELS as i64 > all * (2 * level as i64 + 1) {
            levels[level] = value;
            level += 1;
        }
    }
    for _ in 0..ROUNDS {
        let (mut sums, mut weights) = ([0_i64; LEVELS], [0_i64; LEVELS]);
        for value in -128..=127_i8 {
            let count = counts[(i16::from(value) + 128) as usize];
            let level = nearest(value, levels);
            sums[level] += count * i64::from(value);
            weights[level] += count;
        }
        for level in 0..LEVELS {
            if weights[level] > 0 {
                let twice = 2 * sums[level] + sums[level].signum() * weights[level];
                levels[level] = (twice / (2 * weights[level])) as i8;
            }
        }
    }
    levels
}

/// Returns the number of the level that `value` is nearest to.
fn nearest(value: i8, levels: [i8; LEVELS]) -> usize {
    let distance = |level: &usize| levels[*level].abs_diff(value);
    (0..LEVELS).min_by_key(distance).unwrap_or(0)
}

/// Returns the number of each value's level.
fn by_value(levels: [i8; LEVELS]) -> impl Fn(i8) -> u8 {
    let numbers: Vec<u8> = (-128..=127)
        .map(|value| nearest(value, levels) as u8)
        .collect();
    move |value| numbers[(i16::from(value) + 128) as usize]
}

fn write_levels(levels: [i8; LEVELS], writer: &mut BitWriter) {
    for level in levels {
        writer.bits(u32::from(level as u8), 8);
    }
}

/// Writes a network whose scores count `share`.
fn write_network(network: &NetworkWeights, share: f32, writer: &mut BitWriter) {
    let unit = unit_of(network.vectors.iter().map(|(_, vector)| *vector));
    let vectors = network.vectors.iter().zip(&network.uses);
    let vectors = vectors.map(|((number, vector), uses)| {
        let vector = vector.map(|value| whole(value, unit));
        // What is met a hundred times as often shall not count a hundred times as much: it would leave no levels to
        // the others, which are many.
        (*number, vector, uses.isqrt())
    });
    let vectors: Vec<_> = vectors.collect();
    let levels = levels_of(vectors.iter().map(|(_, vector, uses)| (*vector, *uses)));
    writer.bits(network::BITS.into(), 8);
    writer.float(unit);
    let spreads = network.spreads.as_flattened().as_flattened();
    let most = spreads
        .iter()
        .fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
    writer.float(most / 127.0);
    for weight in spreads {
        writer.bits(u32::from(whole(*weight, most / 127.0) as u8), 8);
    }
    writer.floats(&network.base);
    for outputs in &network.outputs {
        writer.floats(&outputs.map(|weight| share * weight));
    }
    write_levels(levels, writer);
    let level = by_value(levels);
    let mut next = vectors.iter().peekable();
    for number in 0..1 << network::BITS {
        let found = next.next_if(|(at, ..)| *at == number);
        writer.bits(u32::from(found.is_some()), 1);
        for value in found.into_iter().flat_map(|(_, vector, _)| vector) {
            writer.bits(level(*value).into(), LEVEL_BITS);
        }
    }
}

fn write_rows(stored: &[Stored], levels: [i8; LEVELS], bits: u8, out: &mut Vec<u8>) {
    let from = out.len();
    out.resize(from + (1 << bits) / 8, 0);
    for Stored { number, .. } in stored {
        out[from + *number as usize / 8] |= 1 << (number % 8);
    }
    let level = by_value(levels);
    out.reserve(stored.len() * ROW_BYTES);
    for Stored { row, .. } in stored {
        let byte = |at: usize| level(row[2 * at]) | level(row[2 * at + 1]) << LEVEL_BITS;
        let mut packed: [u8; ROW_BYTES] = std::array::from_fn(byte);
        if packed == NO_ROW.to_le_bytes() {
            packed[0] -= 1;
        }
        out.extend(packed);
    }
}

fn write_knowledge(knowledge: &Knowledge, writer: &mut BitWriter) {
    let words = knowledge.words.sorted();
    let posteriors = words
        .iter()
        .map(|(key, value)| (*key, value >> POSTERIOR_SHIFT));
    write_map(&posteriors.collect::<Vec<_>>(), POSTERIOR_BITS, writer);
    for (_, value) in &words {
        writer.bits(*value, CLUSTER_BITS * CLUSTERINGS as u32);
    }
    for parents in &knowledge.parents {
        writer.bits(parents.len() as u32, CLUSTER_BITS + 1);
        for (middle, coarse) in parents {
            writer.bits(u32::from(*middle), PARENT_BITS);
            writer.bits(u32::from(*coarse), PARENT_BITS);
        }
    }
    for map in [&knowledge.names, &knowledge.triggers] {
        write_map(&map.sorted(), u8::BITS, writer);
    }
}

/// Writes sorted keys and a number of `width` bits for each.
fn write_map(pairs: &[(u32, u32)], width: u32, writer: &mut BitWriter) {
    writer.bits(pairs.len() as u32, 32);
    let mean = u32::MAX / (pairs.len() as u32).max(1);
    let low = mean.max(2).ilog2() - 1;
    writer.bits(low, 5);
    let mut before = 0;
    for (key, _) in pairs {
        writer.near(key - before, low);
        before = *key;
    }
    let mut counts = vec![0_u32; 1 << width];
    for (_, value) in pairs {
        counts[*value as usize] += 1;
    }
    let mut kinds: Vec<u32> = (0..1 << width)
        .filter(|kind| counts[*kind as usize] > 0)
        .collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(counts[*kind as usize]));
    writer.bits(kinds.len() as u32, width + 1);
    let mut ranks = vec![0; 1 << width];
    for (rank, kind) in kinds.iter().enumerate() {
        writer.bits(*kind, width);
        ranks[*kind as usize] = rank as u32;
    }
    for (_, value) in pairs {
        writer.small(ranks[*value as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_with_weights_is_written_as_none() {
        let levels = std::array::from_fn(|level| level as i8);
        let stored = [7, 15].map(|weight| Stored {
            number: 3,
            row: [weight; LABELS - 1],
            uses: 1,
        });
        let mut out = Vec::new();
        write_rows(&stored, levels, 8, &mut out);
        let rows = &out[32..];
        assert_eq!(rows, [0x77, 0x77, 0x77, 0x77, 0xfe, 0xff, 0xff, 0xff]);
    }
}

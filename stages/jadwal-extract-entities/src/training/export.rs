//! Writes a model file: the counterpart of `tagger::model`.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::key_map::KeyMap;
use crate::tagger::knowledge::Knowledge;
use crate::tagger::model::MAGIC;
use crate::training::crf::{CrfOptions, Weights};

/// Share of the weights' size that the largest stored number stands for: the few larger ones are cut.
const KEPT_SHARE: f64 = 0.9999;

/// Returns the model file.
pub(crate) fn write_model(
    weights: &Weights,
    knowledge: &Knowledge,
    options: &CrfOptions,
) -> Vec<u8> {
    let mut out = vec![options.bits];
    let unit = unit_of(weights);
    let mut float = |value: f32| out.extend_from_slice(&value.to_le_bytes());
    float(unit);
    options.biases.into_iter().for_each(&mut float);
    weights.starts.into_iter().for_each(&mut float);
    weights
        .transitions
        .iter()
        .flatten()
        .copied()
        .for_each(&mut float);
    write_knowledge(knowledge, &mut out);
    write_rows(weights, unit, options.least_weight, &mut out);
    packed(&out)
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(MAGIC.to_vec(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .expect("writing to memory can't fail")
}

/// Returns knowledge as it stands in a model file.
pub(crate) fn knowledge_bytes(knowledge: &Knowledge) -> Vec<u8> {
    let mut out = Vec::new();
    write_knowledge(knowledge, &mut out);
    out
}

fn unit_of(weights: &Weights) -> f32 {
    let mut sizes: Vec<f32> = weights
        .rows
        .iter()
        .flat_map(|(_, row)| row.iter().map(|weight| weight.abs()))
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

fn write_rows(weights: &Weights, unit: f32, least: i32, out: &mut Vec<u8>) {
    let stored: Vec<(u32, [i8; 9])> = weights
        .rows
        .iter()
        .map(|(row, scores)| {
            let whole = scores.map(|score| {
                let value = (score / unit).round().clamp(-127.0, 127.0) as i32;
                if value.abs() < least { 0 } else { value as i8 }
            });
            (*row, whole)
        })
        .filter(|(_, whole)| whole.iter().any(|value| *value != 0))
        .collect();
    let keys: Vec<u32> = stored.iter().map(|(row, _)| *row).collect();
    write_keys(&keys, out);
    for (_, whole) in &stored {
        let bits = whole.iter().enumerate().filter(|(_, value)| **value != 0);
        let mask = bits.fold(0_u16, |mask, (label, _)| mask | 1 << label);
        out.extend_from_slice(&mask.to_le_bytes());
    }
    for value in stored.iter().flat_map(|(_, whole)| whole) {
        if *value != 0 {
            out.push(*value as u8);
        }
    }
}

fn write_knowledge(knowledge: &Knowledge, out: &mut Vec<u8>) {
    let words = knowledge.words.sorted();
    write_keys(&words.iter().map(|(key, _)| *key).collect::<Vec<_>>(), out);
    for (_, value) in &words {
        out.extend_from_slice(&(*value as u16).to_le_bytes());
    }
    for (_, value) in &words {
        out.extend_from_slice(&((value >> 16) as u16).to_le_bytes());
    }
    write_number(knowledge.parents.len() as u32, out);
    for (middle, coarse) in &knowledge.parents {
        out.extend_from_slice(&middle.to_le_bytes());
        out.extend_from_slice(&coarse.to_le_bytes());
    }
    write_bytes_by_key(&knowledge.names, out);
    write_bytes_by_key(&knowledge.triggers, out);
}

fn write_bytes_by_key(map: &KeyMap<u32>, out: &mut Vec<u8>) {
    let all = map.sorted();
    write_keys(&all.iter().map(|(key, _)| *key).collect::<Vec<_>>(), out);
    out.extend(all.iter().map(|(_, value)| *value as u8));
}

/// Writes sorted keys as their count and the distances between them.
fn write_keys(keys: &[u32], out: &mut Vec<u8>) {
    write_number(keys.len() as u32, out);
    let mut before = 0;
    for key in keys {
        write_number(key - before, out);
        before = *key;
    }
}

fn write_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

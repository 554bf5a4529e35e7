//! The model file: read into tables that the tagger looks things up in.
//!
//! Behind four bytes that tell the version stand numbers of a few bits each (`bits`): settings, what is known
//! of words, and the sixteen levels that weights have. Then come the rows, four bits a weight: a bit a
//! row for those that there are, and four bytes for each of these. Reading is little more than
//! copying, so that a language costs little time when its first text comes. A file is part of the
//! binary, so a broken one is a mistake of ours; it is told, never a panic.

use crate::key_map::KeyMap;
use crate::tagger::bits::BitReader;
use crate::tagger::features::edge;
use crate::tagger::knowledge::{
    CLUSTER_BITS, CLUSTERINGS, Knowledge, POSTERIOR_BITS, POSTERIOR_SHIFT,
};
use crate::tagger::labels::LABELS;
use crate::tagger::lattice::Transitions;
use crate::tagger::network::Network;
use crate::tagger::rows::{LEVELS, Lanes, NO_ROW, Packed, ROW_BYTES};

/// First bytes of a model file; the last one is the version of the format and of the features.
pub(crate) const MAGIC: [u8; 4] = *b"JDT\x03";

/// Bits of the number of a middle or a coarse cluster.
pub(crate) const PARENT_BITS: u32 = 8;

/// Why a model file was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It does not start as a model file of this version does.
    #[error("the file is not a model of this version")]
    Version,
    /// It ends too early or holds numbers that can't be.
    #[error("the model file is damaged")]
    Damaged,
}

/// A model, ready for use.
pub(crate) struct Model {
    pub(crate) knowledge: Knowledge,
    /// The rows as they are in the file, [`NO_ROW`] where there is none: twice as many fit into a cache.
    rows: Vec<Packed>,
    pub(crate) lanes: Lanes,
    /// What a weight of 1 is worth.
    pub(crate) unit: f32,
    pub(crate) transitions: Transitions,
    /// What adds to the scores that the rows give, if anything.
    pub(crate) network: Option<Network>,
    /// What is taken off the score of `OUTSIDE`: for precision, balance, recall.
    pub(crate) biases: [f32; 3],
}

impl Model {
    /// Reads a model file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let content = bytes.strip_prefix(&MAGIC).ok_or(ModelError::Version)?;
        let mut reader = BitReader::new(content);
        let with_network = reader.bits(8)? != 0;
        let bits = reader.bits(8)?;
        if !(8..=24).contains(&bits) {
            return Err(ModelError::Damaged);
        }
        let unit = reader.float()?;
        let mut biases = [0.0; 3];
        for bias in &mut biases {
            *bias = reader.float()?;
        }
        let mut starts = [0.0; LABELS];
        for start in &mut starts {
            *start = reader.float()?;
        }
        let mut scores = [[0.0; LABELS]; LABELS];
        for score in scores.iter_mut().flatten() {
            *score = reader.float()?;
        }
        let knowledge = read_knowledge(&mut reader)?;
        let mut levels = [0; LEVELS];
        for level in &mut levels {
            *level = reader.bits(8)? as u8 as i8;
        }
        let network = match with_network {
            true => Some(Network::read(&mut reader, [edge(false).1, edge(true).1])?),
            false => None,
        };
        Ok(Self {
            knowledge,
            network,
            rows: read_rows(reader.rest(content), 1 << bits)?,
            lanes: Lanes::new(levels),
            unit,
            transitions: Transitions::new(scores, starts),
            biases,
        })
    }

    /// Returns the row of a feature.
    #[inline]
    pub(crate) fn row(&self, hash: u64) -> Packed {
        // The number of rows is a power of two, and never 0.
        self.rows[hash as usize & (self.rows.len() - 1)]
    }
}

/// Reads knowledge that was written without a model around it.
#[cfg(feature = "train")]
pub(crate) fn read_knowledge_alone(bytes: &[u8]) -> Result<Knowledge, ModelError> {
    read_knowledge(&mut BitReader::new(bytes))
}

fn read_knowledge(reader: &mut BitReader<'_>) -> Result<Knowledge, ModelError> {
    let posteriors = read_map(reader, POSTERIOR_BITS)?;
    let mut words = KeyMap::with_room(posteriors.len());
    for (key, posterior) in posteriors {
        let clusters = reader.bits(CLUSTER_BITS * CLUSTERINGS as u32)?;
        words.insert(key, clusters | posterior << POSTERIOR_SHIFT);
    }
    let parents = [read_parents(reader)?, read_parents(reader)?];
    let mut maps = [KeyMap::default(), KeyMap::default()];
    for map in &mut maps {
        let pairs = read_map(reader, u8::BITS)?;
        *map = KeyMap::with_room(pairs.len());
        for (key, value) in pairs {
            map.insert(key, value);
        }
    }
    let [names, triggers] = maps;
    Ok(Knowledge {
        words,
        parents,
        names,
        triggers,
    })
}

/// Reads keys by size, each with a number of `width` bits: how many keys, how many bits of the distance from
/// one to the next are written as they are, the distances; then the numbers that occur, the most frequent
/// first, and which of them each key has.
fn read_map(reader: &mut BitReader<'_>, width: u32) -> Result<Vec<(u32, u32)>, ModelError> {
    let count = reader.bits(32)? as usize;
    let low = reader.bits(5)?;
    let mut pairs = Vec::new();
    let mut key: u32 = 0;
    for _ in 0..count {
        key = key
            .checked_add(reader.near(low)?)
            .ok_or(ModelError::Damaged)?;
        pairs.push((key, 0));
    }
    let kinds = reader.bits(width + 1)?;
    let kinds: Vec<u32> = (0..kinds)
        .map(|_| reader.bits(width))
        .collect::<Result<_, _>>()?;
    for (_, value) in &mut pairs {
        let kind = reader.small()? as usize;
        *value = *kinds.get(kind).ok_or(ModelError::Damaged)?;
    }
    Ok(pairs)
}

fn read_parents(reader: &mut BitReader<'_>) -> Result<Vec<(u16, u16)>, ModelError> {
    let count = reader.bits(CLUSTER_BITS + 1)?;
    (0..count)
        .map(|_| {
            let both = [reader.bits(PARENT_BITS)?, reader.bits(PARENT_BITS)?];
            Ok((both[0] as u16, both[1] as u16))
        })
        .collect()
}

fn read_rows(bytes: &[u8], count: usize) -> Result<Vec<Packed>, ModelError> {
    let (present, packed) = bytes
        .split_at_checked(count / 8)
        .ok_or(ModelError::Damaged)?;
    let mut rows = vec![NO_ROW; count];
    let mut packed = packed.chunks_exact(ROW_BYTES);
    for (eight, present) in rows.chunks_exact_mut(8).zip(present) {
        for (bit, row) in eight.iter_mut().enumerate() {
            if present >> bit & 1 != 0 {
                let bytes = packed.next().and_then(|bytes| bytes.first_chunk());
                *row = u32::from_le_bytes(*bytes.ok_or(ModelError::Damaged)?);
            }
        }
    }
    match packed.next().is_none() && packed.remainder().is_empty() {
        true => Ok(rows),
        false => Err(ModelError::Damaged),
    }
}

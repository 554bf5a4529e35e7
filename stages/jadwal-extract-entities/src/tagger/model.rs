//! The model file: read into tables that the tagger looks things up in.
//!
//! Behind four bytes that tell the version the file is one stream of DEFLATE. All numbers are little-endian; counts, and distances between sorted keys, are LEB128. A file is part of the
//! binary, so a broken one is a mistake of ours; it is told, never a panic.

use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::key_map::KeyMap;
use crate::tagger::knowledge::Knowledge;
use crate::tagger::labels::LABELS;
use crate::tagger::lattice::Transitions;

/// First bytes of a model file; the last one is the version of the format and of the features.
pub(crate) const MAGIC: [u8; 4] = *b"JDT\x01";

/// More bytes than any model has.
const LARGEST: u64 = 64 << 20;

/// Weights of one row, as they are read: sixteen numbers, of which those from [`LABELS`] on belong to the
/// next row and mean nothing. So rows are added sixteen numbers at a time and yet lie close together.
pub(crate) type Row = [i8; 16];

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
    /// The rows, [`LABELS`] numbers each, and behind the last one as many as make it a [`Row`].
    rows: Vec<i8>,
    /// Number of rows less one.
    mask: u64,
    /// What a weight of 1 is worth.
    pub(crate) unit: f32,
    pub(crate) transitions: Transitions,
    /// What is taken off the score of `OUTSIDE`: for precision, balance, recall.
    pub(crate) biases: [f32; 3],
}

impl Model {
    /// Reads a model file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let packed = bytes.strip_prefix(&MAGIC).ok_or(ModelError::Version)?;
        let mut content = Vec::new();
        DeflateDecoder::new(packed)
            .take(LARGEST)
            .read_to_end(&mut content)
            .map_err(|_| ModelError::Damaged)?;
        let mut reader = Reader { bytes: &content };
        let bits = reader.byte()?;
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
        let rows = read_rows(&mut reader, 1 << bits)?;
        Ok(Self {
            knowledge,
            rows,
            mask: (1 << bits) - 1,
            unit,
            transitions: Transitions::new(scores, starts),
            biases,
        })
    }

    /// Returns the row of a feature.
    #[inline]
    pub(crate) fn row(&self, hash: u64) -> &Row {
        let from = (hash & self.mask) as usize * LABELS;
        self.rows[from..]
            .first_chunk()
            .expect("behind the last row is room for one more")
    }
}

/// Reads knowledge that was written without a model around it.
#[cfg(feature = "train")]
pub(crate) fn read_knowledge_alone(bytes: &[u8]) -> Result<Knowledge, ModelError> {
    read_knowledge(&mut Reader { bytes })
}

fn read_knowledge(reader: &mut Reader<'_>) -> Result<Knowledge, ModelError> {
    let keys = reader.keys()?;
    let mut words = KeyMap::with_room(keys.len());
    let clusters = reader.take(2 * keys.len())?;
    let posteriors = reader.take(2 * keys.len())?;
    let pairs = clusters.chunks_exact(2).zip(posteriors.chunks_exact(2));
    for (key, (cluster, posterior)) in keys.iter().zip(pairs) {
        let value = [cluster[0], cluster[1], posterior[0], posterior[1]];
        words.insert(*key, u32::from_le_bytes(value));
    }
    let count = reader.number()? as usize;
    let parents = reader
        .take(count.checked_mul(4).ok_or(ModelError::Damaged)?)?
        .chunks_exact(4)
        .map(|pair| {
            (
                u16::from_le_bytes([pair[0], pair[1]]),
                u16::from_le_bytes([pair[2], pair[3]]),
            )
        })
        .collect();
    Ok(Knowledge {
        words,
        parents,
        names: read_bytes_by_key(reader)?,
        triggers: read_bytes_by_key(reader)?,
    })
}

fn read_bytes_by_key(reader: &mut Reader<'_>) -> Result<KeyMap<u32>, ModelError> {
    let keys = reader.keys()?;
    let mut map = KeyMap::with_room(keys.len());
    for (key, value) in keys.iter().zip(reader.take(keys.len())?) {
        map.insert(*key, u32::from(*value));
    }
    Ok(map)
}

fn read_rows(reader: &mut Reader<'_>, len: usize) -> Result<Vec<i8>, ModelError> {
    let mut rows = vec![0; len * LABELS + size_of::<Row>() - LABELS];
    let keys = reader.keys()?;
    let masks = reader.take(2 * keys.len())?;
    for (key, mask) in keys.iter().zip(masks.chunks_exact(2)) {
        let mask = u16::from_le_bytes([mask[0], mask[1]]);
        if *key as usize >= len || mask >> LABELS != 0 {
            return Err(ModelError::Damaged);
        }
        let from = *key as usize * LABELS;
        for (label, weight) in rows[from..from + LABELS].iter_mut().enumerate() {
            if mask >> label & 1 != 0 {
                *weight = reader.byte()? as i8;
            }
        }
    }
    Ok(rows)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let (head, rest) = self
            .bytes
            .split_at_checked(count)
            .ok_or(ModelError::Damaged)?;
        self.bytes = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    fn float(&mut self) -> Result<f32, ModelError> {
        let bytes = self.take(4)?;
        let value = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if value.is_nan() {
            return Err(ModelError::Damaged);
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<u32, ModelError> {
        let mut number: u32 = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u32::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err(ModelError::Damaged)
    }

    /// Sorted keys: their count, then the distance from one to the next.
    fn keys(&mut self) -> Result<Vec<u32>, ModelError> {
        let count = self.number()? as usize;
        if count > self.bytes.len() {
            return Err(ModelError::Damaged);
        }
        let mut key: u32 = 0;
        (0..count)
            .map(|_| {
                key = key.checked_add(self.number()?).ok_or(ModelError::Damaged)?;
                Ok(key)
            })
            .collect()
    }
}

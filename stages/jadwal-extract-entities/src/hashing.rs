//! A word's hash, grown letter by letter, and keys made of such hashes.
//!
//! Maps compare these 64-bit hashes only. That two different words of a text and of the tables share
//! one is a matter of one in 10^15; the cost would be one wrong entity.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// The hash of a folded word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordHash(u64);

// The multiplier of FxHash: odd, bits well spread.
const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;

impl WordHash {
    /// The hash of the empty word.
    pub(crate) fn new() -> Self {
        Self(0)
    }

    /// Adds one folded letter.
    #[inline]
    pub(crate) fn add(&mut self, letter: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(letter)).wrapping_mul(MULTIPLIER);
    }

    /// Returns the hash, never 0.
    #[inline]
    pub(crate) fn finish(self) -> u64 {
        mix(self.0)
    }
}

/// Returns the key of a pair, never 0.
#[inline]
pub(crate) fn pair_key(first: u32, second: u32) -> u64 {
    mix(u64::from(first) << 32 | u64::from(second))
}

/// Returns the key of a row of words: of the words before, and the hash of one more. Never 0.
#[inline]
pub(crate) fn chained_key(before: u64, word: u64) -> u64 {
    mix(before.rotate_left(23) ^ word)
}

/// Hashes keys of maps that live as long as one document is looked at. Each map gets a seed of its own, so that
/// nobody can write a text whose names fall together; nothing may depend on the order of such a map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seeded(u64);

impl Default for Seeded {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0))
    }
}

impl BuildHasher for Seeded {
    type Hasher = SeededHasher;

    fn build_hasher(&self) -> SeededHasher {
        SeededHasher(self.0)
    }
}

/// The hasher of [`Seeded`]: eight bytes a step, each step the two halves of a product of 128 bits.
pub(crate) struct SeededHasher(u64);

impl SeededHasher {
    #[inline]
    fn add(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * u128::from(FOLDER);
        self.0 = (product as u64) ^ (product >> 64) as u64;
    }
}

/// Bits of pi: odd, and as many ones as zeros.
const FOLDER: u64 = 0x243f_6a88_85a3_08d3;

impl Hasher for SeededHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let eight = chunk.first_chunk().copied().unwrap_or_default();
            self.add(u64::from_le_bytes(eight));
        }
        let rest = chunks.remainder();
        let last = rest
            .iter()
            .fold(0, |last, byte| last << 8 | u64::from(*byte));
        self.add(last ^ (bytes.len() as u64) << 56);
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.add(number.into());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }

    #[inline]
    fn write_isize(&mut self, number: isize) {
        self.add(number as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        mix(self.0)
    }
}

/// Spreads the bits over the whole word (the finish of SplitMix64); never 0.
#[inline]
fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (value ^ value >> 31) | 1
}

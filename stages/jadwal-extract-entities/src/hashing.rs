//! A word's hash, grown letter by letter, and keys made of such hashes.
//!
//! Maps compare these 64-bit hashes only. That two different words of a text and of the tables share
//! one is a matter of one in 10^15; the cost would be one wrong entity.

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

/// Spreads the bits over the whole word (the finish of SplitMix64); never 0.
#[inline]
fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (value ^ value >> 31) | 1
}

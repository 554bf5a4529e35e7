//! Hashes of words and features.
//!
//! The hashes are part of the model files: a change here means training anew.

// The multiplier of FxHash: odd, bits well spread.
const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;

/// A hash that grows letter by letter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grown(u64);

impl Grown {
    /// The hash of nothing.
    pub(crate) fn new() -> Self {
        Self(0x9e37)
    }

    /// Adds one letter.
    #[inline]
    pub(crate) fn add(&mut self, letter: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(letter)).wrapping_mul(MULTIPLIER);
    }

    /// Returns the hash together with `salt`.
    #[inline]
    pub(crate) fn finish(self, salt: u64) -> u64 {
        mix(self.0 ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// Returns the hash of letters.
pub(crate) fn of_letters(letters: &[u32], salt: u64) -> u64 {
    let mut grown = Grown::new();
    for letter in letters {
        grown.add(*letter);
    }
    grown.finish(salt)
}

/// Returns a hash of two hashes, in this order.
#[inline]
pub(crate) fn join(first: u64, second: u64) -> u64 {
    mix(first.rotate_left(23) ^ second.wrapping_mul(MULTIPLIER))
}

/// Spreads the bits over the whole word (the finish of SplitMix64).
#[inline]
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

/// Returns the 32 bits of a hash that the maps of a model go by; never 0.
#[inline]
pub(crate) fn key32(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

//! A word's hash, grown letter by letter, and a map from hashes to numbers.
//!
//! The map compares 64-bit hashes only. That two different words of a text and of the tables share
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

/// A map from keys of this module to numbers, open addressing, at most a quarter full.
#[derive(Default)]
pub(crate) struct Table {
    slots: Vec<(u64, u32)>,
    len: usize,
}

impl Table {
    /// Returns the number under `key`.
    #[inline]
    pub(crate) fn get(&self, key: u64) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = self.slots[self.slot_of(key)];
        (slot.0 == key).then_some(slot.1)
    }

    /// Puts `value` under `key`, over what was there.
    pub(crate) fn insert(&mut self, key: u64, value: u32) {
        if (self.len + 1) * 4 > self.slots.len() {
            self.grow();
        }
        let at = self.slot_of(key);
        if self.slots[at].0 == 0 {
            self.len += 1;
        }
        self.slots[at] = (key, value);
    }

    /// Where `key` is, or the free slot where it belongs.
    #[inline]
    fn slot_of(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key >> 1) as usize & mask;
        while self.slots[at].0 != 0 && self.slots[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let bigger = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); bigger]);
        for (key, value) in old.into_iter().filter(|slot| slot.0 != 0) {
            let at = self.slot_of(key);
            self.slots[at] = (key, value);
        }
    }
}

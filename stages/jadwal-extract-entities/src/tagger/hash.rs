//! Hashes of words and features, and a small map from hashes to numbers.
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

/// Returns the 32 bits of a hash that a [`Map32`] goes by; never 0.
#[inline]
pub(crate) fn key32(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

/// A map from 32-bit keys to numbers, open addressing, at most half full.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map32 {
    slots: Vec<(u32, u32)>,
    len: usize,
}

impl Map32 {
    /// Returns a map that `len` keys fit into.
    pub(crate) fn with_room(len: usize) -> Self {
        Self {
            slots: vec![(0, 0); (len * 2).next_power_of_two().max(16)],
            len: 0,
        }
    }

    /// Returns the number under `key`.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = self.slots[self.slot_of(key)];
        (slot.0 == key).then_some(slot.1)
    }

    /// Puts `value` under `key`, over what was there.
    pub(crate) fn insert(&mut self, key: u32, value: u32) {
        if (self.len + 1) * 2 > self.slots.len() {
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
    fn slot_of(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
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

    /// Returns all keys with their numbers, by key.
    #[cfg(feature = "train")]
    pub(crate) fn sorted(&self) -> Vec<(u32, u32)> {
        let mut all: Vec<_> = self
            .slots
            .iter()
            .filter(|slot| slot.0 != 0)
            .copied()
            .collect();
        all.sort_unstable();
        all
    }
}

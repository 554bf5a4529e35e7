//! A map from hashes to numbers that says "not here" without leaving the processor's cache.
//!
//! Open addressing, at most half full. Most words of a text are in no table, so a filter, eight bits a
//! slot, is asked first. A key's upper bits, spread, say where it is. Only the keys are compared: how sure an
//! answer is depends on how many bits a key has.

/// What keys are made of: an unsigned number, of which 0 is no key.
pub(crate) trait Key: Copy + Default + Ord {
    /// Returns the key's bits well spread; the upper ones are the best.
    fn spread(self) -> u64;
}

impl Key for u32 {
    /// These keys are the upper half of a hash. As they are, sorted keys fill a map from its beginning to its
    /// end, which takes a quarter of the time.
    #[inline]
    fn spread(self) -> u64 {
        u64::from(self) << 32
    }
}

impl Key for u64 {
    /// Fibonacci hashing.
    #[inline]
    fn spread(self) -> u64 {
        self.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// Slots of the smallest map, as a power of two.
const LEAST_BITS: u32 = 4;
/// Bits of the filter for each slot, as a power of two.
const FILTER_BITS: u32 = 3;

/// A map from keys to numbers.
#[derive(Clone, Debug)]
pub(crate) struct KeyMap<K> {
    slots: Vec<(K, u32)>,
    filter: Vec<u64>,
    /// Number of slots, as a power of two.
    bits: u32,
    len: usize,
}

impl<K: Key> Default for KeyMap<K> {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl<K: Key> KeyMap<K> {
    /// Returns a map that `len` keys fit into.
    pub(crate) fn with_room(len: usize) -> Self {
        Self::of_size((len * 2).next_power_of_two().ilog2().max(LEAST_BITS))
    }

    fn of_size(bits: u32) -> Self {
        Self {
            slots: vec![(K::default(), 0); 1 << bits],
            filter: vec![0; 1 << (bits + FILTER_BITS).saturating_sub(6)],
            bits,
            len: 0,
        }
    }

    /// Returns the number under `key`.
    #[inline]
    pub(crate) fn get(&self, key: K) -> Option<u32> {
        let (word, bit) = self.filter_place(key);
        if self.filter[word] & bit == 0 {
            return None;
        }
        let slot = self.slots[self.slot_of(key)];
        (slot.0 == key).then_some(slot.1)
    }

    /// Puts `value` under `key`, over what was there.
    pub(crate) fn insert(&mut self, key: K, value: u32) {
        if (self.len + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let at = self.slot_of(key);
        if self.slots[at].0 == K::default() {
            self.len += 1;
        }
        self.slots[at] = (key, value);
        let (word, bit) = self.filter_place(key);
        self.filter[word] |= bit;
    }

    /// Returns all keys with their numbers, by key.
    #[cfg(feature = "train")]
    pub(crate) fn sorted(&self) -> Vec<(K, u32)> {
        let used = self.slots.iter().filter(|slot| slot.0 != K::default());
        let mut all: Vec<_> = used.copied().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }

    /// Where `key` is, or the free slot where it belongs.
    #[inline]
    fn slot_of(&self, key: K) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key.spread() >> (64 - self.bits)) as usize;
        while self.slots[at].0 != K::default() && self.slots[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    #[inline]
    fn filter_place(&self, key: K) -> (usize, u64) {
        let at = key.spread() >> (64 - self.bits - FILTER_BITS);
        ((at / 64) as usize, 1 << (at % 64))
    }

    fn grow(&mut self) {
        let bigger = Self::of_size(self.bits + 1);
        let old = std::mem::replace(self, bigger);
        let used = old.slots.into_iter().filter(|slot| slot.0 != K::default());
        for (key, value) in used {
            self.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let mut map = KeyMap::<u64>::default();
        assert_eq!(map.get(1), None);
        for key in 1..5_000_u64 {
            map.insert(key * 2, key as u32);
        }
        map.insert(8, 77);
        for key in 1..5_000_u64 {
            let expected = if key == 4 { 77 } else { key as u32 };
            assert_eq!(map.get(key * 2), Some(expected), "{key}");
            assert_eq!(map.get(key * 2 + 1), None, "{key}");
        }
    }

    #[test]
    fn keys_that_share_their_upper_bits_are_told_apart() {
        let mut map = KeyMap::<u32>::with_room(3);
        for key in [1, u32::MAX, 1 << 31] {
            map.insert(key, !key);
        }
        for key in [1, u32::MAX, 1 << 31] {
            assert_eq!(map.get(key), Some(!key));
        }
        assert_eq!(map.get(2), None);
    }
}

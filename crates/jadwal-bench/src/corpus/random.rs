//! Repeatable choices: SplitMix64, so that a seed means the same corpus for ever.

/// A stream of numbers that a seed determines.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Returns the stream number `stream` of `seed`; streams are independent of each other.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut start = Self(seed);
        let offset = start.next();
        Self(offset ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number under `limit`; 0 where that is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // The high half of the product: even enough for words, and without a division.
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// Returns a number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Returns one of `words`.
    ///
    /// # Panics
    /// When there are none.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, words: &[&'a T]) -> &'a T {
        words[self.below(words.len() as u64) as usize]
    }

    /// Whether something that happens in `share` of all cases happens now.
    pub(crate) fn happens(&mut self, share: f64) -> bool {
        // 53 bits are what a double holds.
        let fraction = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        fraction < share
    }
}

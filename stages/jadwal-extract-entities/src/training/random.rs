//! Random numbers that are the same every time: SplitMix64 (Steele, Lea and Flood, 2014).

use crate::tagger::hash::mix;

/// A row of numbers that its seed decides.
#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Returns the next number.
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Returns a number from 0 to below 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts `order` in another order.
    pub(crate) fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            let other = (self.draw() % (last as u64 + 1)) as usize;
            order.swap(last, other);
        }
    }
}

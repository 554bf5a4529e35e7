//! How long to wait before a transient failure is tried again.

use std::time::Duration;

/// Exponential back-off with full jitter (AWS Architecture Blog, 2015): the n-th wait is drawn evenly
/// from the upper half of `0..first * 2^n`, capped.
#[derive(Debug)]
pub struct Backoff {
    limit: u32,
    tries: u32,
    first: Duration,
    cap: Duration,
    random: u64,
}

impl Backoff {
    /// Returns a back-off that allows `limit` retries, starting at 100 ms and capped at 30 s.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self {
            limit,
            tries: 0,
            first: Duration::from_millis(100),
            cap: Duration::from_secs(30),
            random: 0x9E37_79B9_7F4A_7C15 ^ u64::from(std::process::id()),
        }
    }

    /// Returns how long to wait before the next try, or `None` when the retries are spent.
    pub fn next_wait(&mut self) -> Option<Duration> {
        if self.tries >= self.limit {
            return None;
        }
        let ceiling = self
            .first
            .saturating_mul(1 << self.tries.min(16))
            .min(self.cap);
        self.tries += 1;
        Some(ceiling / 2 + ceiling.mul_f64(self.jitter()) / 2)
    }

    /// A number in 0..1 (xorshift64: spread matters here, not quality).
    fn jitter(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 40) as f64 / f64::from(1u32 << 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_cap_and_end() {
        let mut backoff = Backoff::new(12);
        let waits: Vec<_> = std::iter::from_fn(|| backoff.next_wait()).collect();
        assert_eq!(waits.len(), 12);
        for (index, wait) in waits.iter().enumerate() {
            let ceiling = Duration::from_millis(100 << index).min(Duration::from_secs(30));
            assert!(
                *wait >= ceiling / 2 && *wait <= ceiling,
                "{index}: {wait:?}"
            );
        }
    }
}

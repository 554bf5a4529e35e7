//! Stops the pipeline when most documents fail: a bad configuration must not empty the folder.

use std::collections::VecDeque;

use jadwal_core::Fate;

use crate::error::RunError;

/// When the breaker trips.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerSettings {
    /// Number of documents looked back on; 0 turns the breaker off.
    pub window: usize,
    /// Share of them that may be quarantined, 0 to 1.
    pub share: f64,
}

/// Remembers the last fates.
#[derive(Debug)]
pub(crate) struct Breaker {
    settings: BreakerSettings,
    failed: VecDeque<bool>,
    failures: usize,
}

impl Breaker {
    pub(crate) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            failed: VecDeque::new(),
            failures: 0,
        }
    }

    /// Counts one fate.
    ///
    /// # Errors
    /// [`RunError::Breaker`] when the window is full and too much of it failed.
    pub(crate) fn count(&mut self, fate: &Fate) -> Result<(), RunError> {
        let window = self.settings.window;
        if window == 0 {
            return Ok(());
        }
        let failed = matches!(fate, Fate::Quarantined { .. });
        self.failed.push_back(failed);
        self.failures += usize::from(failed);
        if self.failed.len() > window {
            let oldest = self.failed.pop_front().unwrap_or(false);
            self.failures -= usize::from(oldest);
        }
        let allowed = self.settings.share * window as f64;
        if self.failed.len() == window && self.failures as f64 > allowed {
            return Err(RunError::Breaker {
                failed: self.failures,
                window,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tripped_after(fates: &[bool], window: usize, share: f64) -> Option<usize> {
        let mut breaker = Breaker::new(BreakerSettings { window, share });
        fates.iter().position(|failed| {
            let fate = if *failed {
                Fate::Quarantined {
                    stage: "clean".into(),
                    error: "bad".into(),
                }
            } else {
                Fate::Delivered
            };
            breaker.count(&fate).is_err()
        })
    }

    #[test]
    fn trips_only_on_a_full_window_with_too_many_failures() {
        assert_eq!(tripped_after(&[true; 9], 10, 0.5), None);
        assert_eq!(tripped_after(&[true; 12], 10, 0.5), Some(9));
        assert_eq!(tripped_after(&[true, false].repeat(20), 10, 0.5), None);
        assert_eq!(
            tripped_after(&[true, true, false].repeat(20), 9, 0.5),
            Some(8)
        );
        assert_eq!(tripped_after(&[true; 50], 0, 0.5), None);
    }
}

//! The one place that time comes from, so that a test can fix it.

use std::sync::Arc;

use jiff::Timestamp;

/// Where "now" comes from, for times that are written into records and state.
///
/// Cloning shares the clock. Deadlines and back-off use the runtime's own timer instead.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// Returns the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// Returns a clock that always tells `at`.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(move || at))
    }

    /// Returns the time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }

    /// Returns the time now as RFC 3339 in UTC, to the second.
    #[must_use]
    pub fn now_rfc3339(&self) -> String {
        rfc3339(self.now())
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// Writes `at` as RFC 3339 in UTC, to the second (`2026-11-21T08:00:00Z`).
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

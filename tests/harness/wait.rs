//! Waits for a state, with a limit; nothing here sleeps without a condition.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// No wait in these tests is longer, unless it says so.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(4);

/// Looks until `done` or until `limit` is over; returns whether it is done.
pub(crate) fn waited(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + limit;
    loop {
        if done() {
            return true;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        pause(LOOK_EVERY.min(left));
    }
}

/// Waits until `done`, and fails the test when that takes longer than [`LIMIT`].
pub(crate) fn wait_until(what: &str, done: impl FnMut() -> bool) {
    assert!(waited(LIMIT, done), "waited too long: {what}");
}

/// Nobody ever rings this bell, so waiting for it is waiting for the time.
fn pause(span: Duration) {
    let (lock, bell) = (Mutex::new(()), Condvar::new());
    let guard = lock.lock().unwrap();
    drop(bell.wait_timeout(guard, span).unwrap());
}

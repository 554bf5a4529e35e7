//! The clock that deadlines are measured with: a thread that counts up while guests run.
//!
//! Machine code of guests looks at the count on every loop and call, and stops when its deadline is
//! reached. When no guest has run for a while the thread sleeps, so an idle pipeline costs nothing; not at
//! once, or each document would have to wake it. It ends with the ticker.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::Engine;

/// Time between two counts: how exact deadlines are.
const TICK: Duration = Duration::from_millis(10);

/// Counts up while somebody holds a [`Running`], and for a moment longer.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    /// The thread waits for a guest to begin, and must be told.
    asleep: bool,
    closed: bool,
}

/// Keeps the ticker going.
pub(crate) struct Running<'a>(&'a Shared);

impl Ticker {
    /// Starts a ticker for `engine`.
    pub(crate) fn start(engine: Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("component-ticker".to_owned())
            .spawn(move || own.tick(&engine))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Returns how many counts a deadline of `limit` is away. The count that is under way may end at
    /// once, so it is not reckoned.
    pub(crate) fn counts(limit: Duration) -> u64 {
        let counts = limit.as_nanos().div_ceil(TICK.as_nanos());
        u64::try_from(counts)
            .unwrap_or(u64::MAX / 2)
            .saturating_add(1)
    }

    /// Keeps it going until the value is dropped.
    pub(crate) fn run(&self) -> Running<'_> {
        let mut state = self.shared.lock();
        state.running += 1;
        if state.asleep {
            self.shared.changed.notify_one();
        }
        Running(&self.shared)
    }
}

impl Shared {
    fn tick(&self, engine: &Engine) {
        let mut state = self.lock();
        // Nobody ran when the last count ended.
        let mut idle = true;
        while !state.closed {
            if state.running == 0 && idle {
                state.asleep = true;
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.asleep = false;
                continue;
            }
            let waited = self.changed.wait_timeout(state, TICK);
            let (again, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = again;
            // Woken early, a count would shorten deadlines.
            if timeout.timed_out() {
                engine.increment_epoch();
                idle = state.running == 0;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It only counts: it can't have panicked.
            thread.join().unwrap_or_default();
        }
    }
}

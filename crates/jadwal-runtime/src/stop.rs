//! Tells a running pipeline to end: gently, or at once.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use jadwal_core::source::Waker;
use tokio::sync::watch;

/// Why a pipeline ended, when it ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The source had no more.
    SourceEnded,
    /// It was asked to stop and everything admitted was settled.
    Drained,
}

/// Stops a pipeline from another task or thread. Cloning shares the handle.
#[derive(Clone)]
pub struct StopHandle(Arc<Shared>);

struct Shared {
    stopping: watch::Sender<bool>,
    abort: watch::Sender<bool>,
    wakers: Mutex<Vec<Waker>>,
    budget_changed: Condvar,
    budget: Mutex<BudgetUse>,
}

/// What of the admission budget is taken.
#[derive(Debug, Default)]
pub(crate) struct BudgetUse {
    pub(crate) documents: usize,
    pub(crate) bytes: u64,
}

impl StopHandle {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            stopping: watch::Sender::new(false),
            abort: watch::Sender::new(false),
            wakers: Mutex::default(),
            budget_changed: Condvar::new(),
            budget: Mutex::default(),
        }))
    }

    /// Admits no more and drains what was admitted. May be called any number of times.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
        self.0.budget_changed.notify_all();
        for waker in self
            .0
            .wakers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            waker();
        }
    }

    /// Gives up what is not committed yet; nothing is lost, it is done again at the next start.
    pub fn abort(&self) {
        self.stop();
        self.0.abort.send_replace(true);
    }

    /// Whether [`StopHandle::stop`] or [`StopHandle::abort`] was called.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.0.stopping.borrow()
    }

    pub(crate) fn on_stop(&self, waker: Waker) {
        self.0
            .wakers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(waker);
    }

    /// Waits until [`StopHandle::abort`] is called.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn aborted(&self) {
        became_true(&self.0.abort).await;
    }

    /// Waits until [`StopHandle::stop`] or [`StopHandle::abort`] is called.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn stopping(&self) {
        became_true(&self.0.stopping).await;
    }

    /// Blocks until `fits` accepts the budget's use, which then `take`s its part; `false` when the
    /// pipeline stops first.
    pub(crate) fn take_budget(
        &self,
        fits: impl Fn(&BudgetUse) -> bool,
        take: impl FnOnce(&mut BudgetUse),
    ) -> bool {
        let mut budget = self.0.budget.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.is_stopping() {
                return false;
            }
            if fits(&budget) {
                take(&mut budget);
                return true;
            }
            // A stop between the check and the wait is seen: waits are bounded.
            let wait = std::time::Duration::from_millis(100);
            budget = self
                .0
                .budget_changed
                .wait_timeout(budget, wait)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Gives a part of the budget back.
    pub(crate) fn give_back(&self, give: impl FnOnce(&mut BudgetUse)) {
        give(&mut self.0.budget.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.budget_changed.notify_all();
    }
}

async fn became_true(switch: &watch::Sender<bool>) {
    // The sender outlives the wait, so only the switch ends it.
    if switch.subscribe().wait_for(|is_on| *is_on).await.is_err() {
        futures::future::pending::<()>().await;
    }
}

impl std::fmt::Debug for StopHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StopHandle")
            .field("stopping", &self.is_stopping())
            .finish()
    }
}

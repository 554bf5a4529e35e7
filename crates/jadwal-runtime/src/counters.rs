//! Counts by stage and outcome, kept by the runtime so that no stage can forget them.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use jadwal_core::Fate;
use serde::{Deserialize, Serialize};

/// Live counts of one run; shared and cheap to read.
#[derive(Debug)]
pub struct Counters {
    stages: Vec<(String, StageCounters)>,
    admitted: AtomicU64,
    admitted_bytes: AtomicU64,
    delivered: AtomicU64,
    dropped: AtomicU64,
    quarantined: AtomicU64,
    withdrawn: AtomicU64,
    settled_bytes: AtomicU64,
    settled_files: AtomicU64,
    commits: AtomicU64,
}

/// Live counts of one stage.
#[derive(Debug, Default)]
pub(crate) struct StageCounters {
    pub(crate) passed: AtomicU64,
    pub(crate) skipped: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) deferred: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) panics: AtomicU64,
    pub(crate) timeouts: AtomicU64,
    pub(crate) busy_ns: AtomicU64,
}

impl StageCounters {
    pub(crate) fn add_busy(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.busy_ns.fetch_add(nanos, Relaxed);
    }
}

/// Counts of a run at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountersSnapshot {
    /// Records admitted.
    pub admitted: u64,
    /// Their raw bytes.
    pub admitted_bytes: u64,
    /// Records delivered.
    pub delivered: u64,
    /// Records dropped on purpose.
    pub dropped: u64,
    /// Records quarantined.
    pub quarantined: u64,
    /// Bad records whose file changed or vanished before they could be kept.
    #[serde(default)]
    pub withdrawn: u64,
    /// Raw bytes of all settled records.
    pub settled_bytes: u64,
    /// Files that are done.
    pub settled_files: u64,
    /// Transactions committed.
    pub commits: u64,
    /// Counts by stage, in plan order.
    pub stages: Vec<StageSnapshot>,
}

impl CountersSnapshot {
    /// Returns the number of records whose fate is committed.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.delivered + self.dropped + self.quarantined
    }
}

/// Counts of one stage at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageSnapshot {
    /// Id of the stage.
    pub stage: String,
    /// Documents processed and passed on.
    pub passed: u64,
    /// Documents passed on untouched, because its `when` did not hold.
    #[serde(default)]
    pub skipped: u64,
    /// Documents dropped on purpose.
    pub dropped: u64,
    /// Documents that failed.
    pub failed: u64,
    /// Times a document had to wait for an earlier one.
    pub deferred: u64,
    /// Retries after transient errors.
    pub retries: u64,
    /// Panics caught.
    pub panics: u64,
    /// Documents that took too long.
    pub timeouts: u64,
    /// Time at work, over all threads, in milliseconds.
    pub busy_ms: u64,
}

impl Counters {
    pub(crate) fn new(stages: impl Iterator<Item = String>) -> Self {
        Self {
            stages: stages.map(|id| (id, StageCounters::default())).collect(),
            admitted: AtomicU64::new(0),
            admitted_bytes: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            quarantined: AtomicU64::new(0),
            withdrawn: AtomicU64::new(0),
            settled_bytes: AtomicU64::new(0),
            settled_files: AtomicU64::new(0),
            commits: AtomicU64::new(0),
        }
    }

    pub(crate) fn stage(&self, index: usize) -> &StageCounters {
        &self.stages[index].1
    }

    pub(crate) fn admit(&self, bytes: u64) {
        self.admitted.fetch_add(1, Relaxed);
        self.admitted_bytes.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn settle(&self, fate: &Fate, bytes: u64) {
        let counter = match fate {
            Fate::Delivered => &self.delivered,
            Fate::Dropped(_) => &self.dropped,
            Fate::Quarantined { .. } => &self.quarantined,
            Fate::Withdrawn => &self.withdrawn,
        };
        counter.fetch_add(1, Relaxed);
        self.settled_bytes.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn settle_file(&self) {
        self.settled_files.fetch_add(1, Relaxed);
    }

    pub(crate) fn commit(&self) {
        self.commits.fetch_add(1, Relaxed);
    }

    /// Returns the counts now.
    #[must_use]
    pub fn snapshot(&self) -> CountersSnapshot {
        CountersSnapshot {
            admitted: self.admitted.load(Relaxed),
            admitted_bytes: self.admitted_bytes.load(Relaxed),
            delivered: self.delivered.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            quarantined: self.quarantined.load(Relaxed),
            withdrawn: self.withdrawn.load(Relaxed),
            settled_bytes: self.settled_bytes.load(Relaxed),
            settled_files: self.settled_files.load(Relaxed),
            commits: self.commits.load(Relaxed),
            stages: self
                .stages
                .iter()
                .map(|(id, stage)| stage.snapshot(id))
                .collect(),
        }
    }
}

impl StageCounters {
    fn snapshot(&self, id: &str) -> StageSnapshot {
        StageSnapshot {
            stage: id.to_owned(),
            passed: self.passed.load(Relaxed),
            skipped: self.skipped.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            failed: self.failed.load(Relaxed),
            deferred: self.deferred.load(Relaxed),
            retries: self.retries.load(Relaxed),
            panics: self.panics.load(Relaxed),
            timeouts: self.timeouts.load(Relaxed),
            busy_ms: self.busy_ns.load(Relaxed) / 1_000_000,
        }
    }
}

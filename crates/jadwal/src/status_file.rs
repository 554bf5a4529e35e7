//! The daemon's status for `jadwal status`: one small JSON file beside the state, replaced whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jadwal_runtime::CountersSnapshot;
use jadwal_watch::SourceCounts;
use serde::{Deserialize, Serialize};

/// What a running or ended pipeline says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    /// Process number.
    pub(crate) pid: u32,
    /// `run` or `batch`.
    pub(crate) mode: String,
    /// Pipeline name.
    pub(crate) pipeline: String,
    /// RFC 3339.
    pub(crate) started: String,
    /// RFC 3339.
    pub(crate) updated: String,
    /// Counts since the start.
    pub(crate) counters: CountersSnapshot,
    /// What the source saw since the start.
    pub(crate) source: SourceStatus,
}

/// The source's counts, as far as people ask for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceStatus {
    /// Folders watched.
    pub(crate) folders: u64,
    /// Files that wait to be complete, or for room.
    pub(crate) waiting: u64,
    /// Files found at the start.
    pub(crate) found_at_start: u64,
    /// Files found through an event.
    pub(crate) found_by_event: u64,
    /// Files that only a scan found.
    pub(crate) found_by_scan: u64,
    /// Files put back because they changed while they were read.
    pub(crate) changed_while_read: u64,
    /// Files that may not be read.
    pub(crate) unreadable: u64,
    /// FIFOs, sockets, devices, and symbolic links that are not followed.
    pub(crate) special: u64,
    /// Reads put off because of an error.
    pub(crate) read_errors: u64,
    /// Files that could not be moved or removed.
    pub(crate) settle_failures: u64,
    /// Whether changes are found by listing alone.
    pub(crate) polling: bool,
}

impl SourceStatus {
    /// Returns the share of files found while running that only a scan found, 0 to 1.
    pub(crate) fn scan_share(&self) -> f64 {
        let found = self.found_by_event + self.found_by_scan;
        if found == 0 {
            return 0.0;
        }
        self.found_by_scan as f64 / found as f64
    }
}

impl From<SourceCounts> for SourceStatus {
    fn from(counts: SourceCounts) -> Self {
        Self {
            folders: counts.folders,
            waiting: counts.waiting,
            found_at_start: counts.found_at_start,
            found_by_event: counts.found_by_event,
            found_by_scan: counts.found_by_scan,
            changed_while_read: counts.changed_while_read,
            unreadable: counts.unreadable,
            special: counts.special,
            read_errors: counts.read_errors,
            settle_failures: counts.settle_failures,
            polling: counts.polling,
        }
    }
}

/// Returns where the status of the state folder `state` lies.
fn path(state: &Path) -> PathBuf {
    state.join("status.json")
}

/// Replaces the status. It is news, not state: nothing is synced.
pub(crate) fn write(state: &Path, status: &Status) -> io::Result<()> {
    let partial = state.join("status.json.tmp");
    fs::write(&partial, serde_json::to_vec_pretty(status)?)?;
    fs::rename(partial, path(state))
}

/// Reads the status; `None` where none was written yet.
pub(crate) fn read(state: &Path) -> io::Result<Option<Status>> {
    match fs::read(path(state)) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

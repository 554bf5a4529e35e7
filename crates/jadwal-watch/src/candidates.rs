//! Files that may be taken: they wait until they stood still, then until it is their turn.
//!
//! Their number is limited; what finds no room stays in its folder and is found again.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::{Duration, Instant};

use jadwal_core::state::FileIdentity;

use crate::look::FoundFile;
use crate::read::Position;
use crate::walk::Why;

/// A file that may be taken.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) found: FoundFile,
    pub(crate) why: Why,
    /// Where reading starts.
    pub(crate) from: Position,
    /// How often reading it failed.
    pub(crate) attempts: u32,
}

/// The candidates. Paths are compared as bytes.
#[derive(Debug)]
pub(crate) struct Candidates {
    settle: Duration,
    limit: usize,
    places: HashMap<OsString, Place>,
    waiting: BTreeMap<(Instant, OsString), Candidate>,
    ready: BTreeMap<(i128, OsString), Candidate>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Waiting(Instant),
    Ready,
}

impl Candidates {
    pub(crate) fn new(settle: Duration, limit: usize) -> Self {
        Self {
            settle,
            limit: limit.max(1),
            places: HashMap::new(),
            waiting: BTreeMap::new(),
            ready: BTreeMap::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn has_room(&self) -> bool {
        self.places.len() < self.limit
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Notes that `path` was seen in this version, if it is a candidate; returns whether it is one.
    ///
    /// A file that changed waits anew. One that is ready is compared again when it is opened.
    pub(crate) fn observe(
        &mut self,
        path: &Path,
        identity: FileIdentity,
        complete: bool,
        now: Instant,
    ) -> bool {
        let Some(Place::Waiting(due)) = self.places.get(path.as_os_str()).copied() else {
            return self.places.contains_key(path.as_os_str());
        };
        let Some(mut candidate) = self.waiting.remove(&(due, path.as_os_str().to_owned())) else {
            return false;
        };
        let changed = candidate.found.identity != identity;
        if changed {
            candidate.found.identity = identity;
            candidate.from = candidate.from.in_new_version();
        }
        if complete {
            self.add_ready(candidate);
        } else {
            let due = if changed { now + self.settle } else { due };
            self.add_waiting(candidate, due);
        }
        true
    }

    /// Adds a file that was first seen in its present version at `now`.
    pub(crate) fn add(&mut self, candidate: Candidate, now: Instant) {
        self.add_waiting(candidate, now + self.settle);
    }

    /// Adds a file that is looked at again at `due`.
    pub(crate) fn add_waiting(&mut self, candidate: Candidate, due: Instant) {
        let path = candidate.found.path.as_os_str().to_owned();
        self.places.insert(path.clone(), Place::Waiting(due));
        self.waiting.insert((due, path), candidate);
    }

    /// Adds a file that is complete.
    pub(crate) fn add_ready(&mut self, candidate: Candidate) {
        let path = candidate.found.path.as_os_str().to_owned();
        self.places.insert(path.clone(), Place::Ready);
        let modified = candidate.found.identity.modified_ns;
        self.ready.insert((modified, path), candidate);
    }

    /// Takes out a file whose time to be looked at has come.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Candidate> {
        let first = self.waiting.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let ((_, path), candidate) = first.remove_entry();
        self.forget(&path);
        Some(candidate)
    }

    /// Takes out the oldest file that is ready, by modification time, then path.
    pub(crate) fn take_ready(&mut self) -> Option<Candidate> {
        let ((_, path), candidate) = self.ready.pop_first()?;
        self.forget(&path);
        Some(candidate)
    }

    /// Returns when the next file is to be looked at.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    fn forget(&mut self, path: &OsStr) {
        self.places.remove(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: Duration = Duration::from_secs(1);

    fn candidate(path: &str, modified_ns: i128) -> Candidate {
        Candidate {
            found: FoundFile {
                root: 0,
                path: path.into(),
                identity: identity(modified_ns),
                links: 1,
            },
            why: Why::Event,
            from: Position::default(),
            attempts: 0,
        }
    }

    fn identity(modified_ns: i128) -> FileIdentity {
        FileIdentity {
            size: 1,
            modified_ns,
            inode: 1,
        }
    }

    #[test]
    fn a_file_that_changes_waits_anew() {
        let start = Instant::now();
        let mut all = Candidates::new(SETTLE, 10);
        all.add(candidate("/a", 1), start);
        assert!(all.observe(Path::new("/a"), identity(2), false, start + SETTLE / 2));
        assert!(!all.observe(Path::new("/b"), identity(2), false, start));
        assert!(all.take_due(start + SETTLE).is_none());
        let due = all.take_due(start + SETTLE * 3 / 2).unwrap();
        assert_eq!(due.found.identity, identity(2));
        assert_eq!(all.len(), 0);
    }

    #[test]
    fn ready_files_come_by_time_and_then_by_the_bytes_of_the_path() {
        let mut all = Candidates::new(SETTLE, 10);
        for (path, modified) in [("/a/b", 5), ("/a.b", 5), ("/z", 1)] {
            all.add_ready(candidate(path, modified));
        }
        let order: Vec<_> = std::iter::from_fn(|| all.take_ready())
            .map(|candidate| candidate.found.path)
            .collect();
        assert_eq!(order, ["/z", "/a.b", "/a/b"].map(std::path::PathBuf::from));
    }
}

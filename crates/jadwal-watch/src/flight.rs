//! Which files are between admission and settlement.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jadwal_core::source::SourceFile;
use jadwal_core::state::FileIdentity;

/// The files in flight, shared by the source, which adds, and the settler, which removes.
///
/// Its size is bounded by the admission budget.
#[derive(Debug, Default)]
pub(crate) struct Flight(Mutex<HashMap<PathBuf, Flying>>);

#[derive(Debug)]
struct Flying {
    identity: FileIdentity,
    /// Whether another version was seen meanwhile.
    newer: bool,
}

impl Flight {
    pub(crate) fn insert(&self, path: &Path, identity: FileIdentity) {
        let flying = Flying {
            identity,
            newer: false,
        };
        self.lock().insert(path.to_owned(), flying);
    }

    /// Whether `path` is in flight. If it is, and `identity` is another version, the settler will
    /// have it looked at again.
    pub(crate) fn holds(&self, path: &Path, identity: FileIdentity) -> bool {
        match self.lock().get_mut(path) {
            Some(flying) => {
                flying.newer |= flying.identity != identity;
                true
            }
            None => false,
        }
    }

    /// Forgets a file that was not submitted to its end.
    pub(crate) fn abandon(&self, path: &Path) {
        self.lock().remove(path);
    }

    /// Lands a file; returns whether a newer version of it is to be looked at.
    pub(crate) fn land(&self, file: &SourceFile) -> bool {
        let Some(path) = &file.path else {
            return false;
        };
        let mut flying = self.lock();
        match flying.get(path) {
            Some(found) if found.identity == file.identity => {}
            _ => return false,
        }
        flying.remove(path).is_some_and(|found| found.newer)
    }

    /// Forgets a version that is gone.
    pub(crate) fn withdraw(&self, file: &SourceFile) {
        let Some(path) = &file.path else { return };
        let mut flying = self.lock();
        if flying
            .get(path)
            .is_some_and(|found| found.identity == file.identity)
        {
            flying.remove(path);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Flying>> {
        // No code panics while it holds the lock; a map is whole either way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

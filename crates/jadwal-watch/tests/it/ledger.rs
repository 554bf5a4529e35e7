//! A ledger in memory.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jadwal_core::state::{
    Commit, FateCounts, FileChange, FileRow, ScanVisitor, StateError, StateRead, StateStore,
};

/// Knows files, and no stage's keys.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Rows>);

#[derive(Default)]
struct Rows {
    files: HashMap<PathBuf, FileRow>,
    resume: Option<PathBuf>,
}

impl StateRead for Ledger {
    fn get(&self, _: &str, _: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(None)
    }

    fn scan(&self, _: &str, _: Range<&[u8]>, _: &mut ScanVisitor<'_>) -> Result<(), StateError> {
        Ok(())
    }
}

impl StateStore for Ledger {
    fn file(&self, path: &Path) -> Result<Option<FileRow>, StateError> {
        Ok(self.0.lock().unwrap().files.get(path).cloned())
    }

    fn resume(&self) -> Result<Option<PathBuf>, StateError> {
        Ok(self.0.lock().unwrap().resume.clone())
    }

    fn position(&self, _: &str) -> Result<Option<Vec<u8>>, StateError> {
        Ok(None)
    }

    fn next_seq(&self) -> Result<u64, StateError> {
        Ok(0)
    }

    fn commit(&self, commit: &Commit) -> Result<(), StateError> {
        let mut rows = self.0.lock().unwrap();
        for (path, change) in &commit.files {
            match change {
                FileChange::Set(row) => rows.files.insert(path.clone(), row.clone()),
                FileChange::Forget => rows.files.remove(path),
            };
        }
        rows.resume.clone_from(&commit.resume);
        Ok(())
    }

    fn totals(&self) -> Result<FateCounts, StateError> {
        Ok(FateCounts::default())
    }
}

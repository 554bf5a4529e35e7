//! The same state in memory: for dry runs, which must leave no trace, and for tests.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, Range};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jadwal_core::state::{
    Commit, DocumentRow, FateCounts, FileChange, FileRow, ScanVisitor, StateError, StateRead,
    StateStore,
};

use crate::store::counts_of;

/// Holds the state as long as it lives.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    files: HashMap<PathBuf, FileRow>,
    documents: Vec<DocumentRow>,
    stages: HashMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
    positions: BTreeMap<String, Vec<u8>>,
    resume: Option<PathBuf>,
    next_seq: u64,
    totals: FateCounts,
}

impl MemoryStore {
    /// Returns every document committed so far, in admission order.
    #[must_use]
    pub fn documents(&self) -> Vec<DocumentRow> {
        self.with(|state| state.documents.clone())
    }

    fn with<R>(&self, read: impl FnOnce(&mut State) -> R) -> R {
        read(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl StateRead for MemoryStore {
    fn get(&self, stage: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.with(|state| state.stages.get(stage)?.get(key).cloned()))
    }

    fn scan(
        &self,
        stage: &str,
        keys: Range<&[u8]>,
        visit: &mut ScanVisitor<'_>,
    ) -> Result<(), StateError> {
        // `range` panics on a range that ends before it starts.
        if keys.start >= keys.end {
            return Ok(());
        }
        self.with(|state| {
            for (key, value) in state.stages.get(stage).into_iter().flat_map(|values| {
                values.range::<[u8], _>((Bound::Included(keys.start), Bound::Excluded(keys.end)))
            }) {
                if visit(key, value).is_break() {
                    break;
                }
            }
        });
        Ok(())
    }
}

impl StateStore for MemoryStore {
    fn file(&self, path: &Path) -> Result<Option<FileRow>, StateError> {
        Ok(self.with(|state| state.files.get(path).cloned()))
    }

    fn resume(&self) -> Result<Option<PathBuf>, StateError> {
        Ok(self.with(|state| state.resume.clone()))
    }

    fn position(&self, stage: &str) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.with(|state| state.positions.get(stage).cloned()))
    }

    fn next_seq(&self) -> Result<u64, StateError> {
        Ok(self.with(|state| state.next_seq))
    }

    fn commit(&self, commit: &Commit) -> Result<(), StateError> {
        self.with(|state| {
            for (path, change) in &commit.files {
                match change {
                    FileChange::Set(row) => state.files.insert(path.clone(), row.clone()),
                    FileChange::Forget => state.files.remove(path),
                };
            }
            for row in &commit.documents {
                state.totals.add(counts_of(row));
                state.documents.push(row.clone());
            }
            for write in &commit.writes {
                let values = state.stages.entry(write.stage.clone()).or_default();
                match &write.value {
                    Some(value) => values.insert(write.key.clone(), value.clone()),
                    None => values.remove(&write.key),
                };
            }
            state.positions.extend(commit.positions.iter().cloned());
            state.resume.clone_from(&commit.resume);
            state.next_seq = commit.next_seq;
        });
        Ok(())
    }

    fn totals(&self) -> Result<FateCounts, StateError> {
        Ok(self.with(|state| state.totals))
    }
}

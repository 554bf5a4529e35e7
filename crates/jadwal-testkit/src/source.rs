//! A source that submits files from memory and keeps the ledger's rules.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use jadwal_core::source::{
    Intake, Item, NextRecord, Settler, Source, SourceError, SourceFile, Submission, Waker,
};
use jadwal_core::state::{FileIdentity, FileProgress, StateStore};
use jadwal_core::{Document, Provenance};

/// A file of one or more records.
#[derive(Clone, Debug)]
pub struct ScriptFile {
    /// Its name.
    pub name: String,
    /// The records, in order.
    pub records: Vec<Bytes>,
}

impl ScriptFile {
    /// Returns a file of these records.
    pub fn new<T: Into<Bytes>>(name: &str, records: impl IntoIterator<Item = T>) -> Self {
        Self {
            name: name.to_owned(),
            records: records.into_iter().map(Into::into).collect(),
        }
    }

    fn path(&self) -> PathBuf {
        PathBuf::from("/lab").join(&self.name)
    }

    fn identity(&self) -> FileIdentity {
        FileIdentity {
            size: self.records.iter().map(|record| record.len() as u64).sum(),
            modified_ns: 0,
            inode: 1,
        }
    }
}

/// Submits its files in order; files that the ledger knows as done are left out, a file done in part
/// is resumed.
pub struct ScriptSource {
    files: Vec<ScriptFile>,
    store: Arc<dyn StateStore>,
    settled: Arc<SettledFiles>,
}

/// Names of files that were settled.
#[derive(Debug, Default)]
pub struct SettledFiles(Mutex<BTreeSet<PathBuf>>);

impl SettledFiles {
    /// Returns how many files were settled.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether no file was settled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Settler for SettledFiles {
    fn settle(&self, file: &SourceFile) -> bool {
        let mut settled = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        settled.extend(file.path.clone());
        false
    }
}

impl ScriptSource {
    /// Returns a source of `files` that looks them up in `store`.
    #[must_use]
    pub fn new(files: Vec<ScriptFile>, store: Arc<dyn StateStore>) -> Self {
        Self {
            files,
            store,
            settled: Arc::default(),
        }
    }

    /// Returns the files that were settled, live.
    #[must_use]
    pub fn settled(&self) -> Arc<SettledFiles> {
        Arc::clone(&self.settled)
    }

    /// Number of the first record that is not settled yet; `None` for a file that is done.
    fn first_record(&self, file: &ScriptFile) -> Result<Option<u64>, SourceError> {
        let row = self.store.file(&file.path())?;
        Ok(match row.map(|row| row.progress) {
            None => Some(0),
            Some(FileProgress::Partial { next_record, .. }) => Some(next_record),
            Some(FileProgress::Done) => None,
        })
    }
}

impl Source for ScriptSource {
    fn waker(&self) -> Waker {
        Arc::new(|| {})
    }

    fn settler(&self) -> Arc<dyn Settler> {
        Arc::clone(&self.settled) as Arc<dyn Settler>
    }

    fn run(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        for file in &self.files {
            let Some(first) = self.first_record(file)? else {
                continue;
            };
            for index in first..file.records.len() as u64 {
                let raw = file.records[index as usize].clone();
                let Some(permit) = intake.admit(raw.len() as u64) else {
                    return Ok(());
                };
                if !intake.submit(permit, submission(file, raw, index)) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn submission(file: &ScriptFile, raw: Bytes, index: u64) -> Submission {
    let before = &file.records[..index as usize];
    let start: u64 = before.iter().map(|record| record.len() as u64).sum();
    let end = start + raw.len() as u64;
    let last = index + 1 == file.records.len() as u64;
    let place = Provenance {
        file_path: file.name.clone(),
        file_bytes: file.identity().size,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: index,
        bytes: start..end,
    };
    Submission {
        file: Arc::new(SourceFile {
            path: Some(file.path()),
            identity: file.identity(),
        }),
        item: Item::Document(Box::new(Document::new(raw, place))),
        next: (!last).then_some(NextRecord {
            record: index + 1,
            byte: end,
            prefix: None,
        }),
        end: None,
    }
}

//! The durable state as stages and the runtime see it: reads, and one atomic commit.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::document::DocumentId;
use crate::source::NextRecord;

/// A failure of the state store; `doing` says what was tried.
#[derive(Debug, thiserror::Error)]
#[error("failed to {doing}")]
pub struct StateError {
    doing: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StateError {
    /// Returns the error of an attempt to `doing`.
    pub fn new(
        doing: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            doing: doing.into(),
            source: Some(source.into()),
        }
    }
}

/// One key that a stage wants set or forgotten, under its own id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateWrite {
    /// Id of the stage; its own name space.
    pub stage: String,
    /// Key, unique in the name space.
    pub key: Vec<u8>,
    /// The new value; `None` forgets the key.
    pub value: Option<Vec<u8>>,
}

/// What tells one version of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIdentity {
    /// Length in bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970.
    pub modified_ns: i128,
    /// Inode number, 0 where there is none.
    pub inode: u64,
}

/// How far a file is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileProgress {
    /// Records before this one are settled; reading goes on at this byte of the unpacked file.
    Partial {
        /// Number of the next record.
        next_record: u64,
        /// Where the next record starts.
        next_byte: u64,
        /// BLAKE3 of the unpacked bytes before it, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prefix: Option<[u8; 32]>,
    },
    /// All records are settled.
    Done,
}

/// One row of the ledger of files; the key is the file's absolute path as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// The version that was read.
    pub identity: FileIdentity,
    /// How far it is done.
    pub progress: FileProgress,
    /// Of a file that is done: where a longer version of it goes on, if its beginning is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<NextRecord>,
    /// Records settled so far, by fate.
    pub counts: FateCounts,
}

/// Numbers of documents by fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FateCounts {
    /// A record is durable.
    pub delivered: u64,
    /// Dropped on purpose.
    pub dropped: u64,
    /// Kept apart with an error.
    pub quarantined: u64,
}

impl FateCounts {
    /// Adds `other` to each count.
    pub fn add(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.dropped += other.dropped;
        self.quarantined += other.quarantined;
    }

    /// Takes `other` off each count.
    pub fn subtract(&mut self, other: Self) {
        self.delivered = self.delivered.saturating_sub(other.delivered);
        self.dropped = self.dropped.saturating_sub(other.dropped);
        self.quarantined = self.quarantined.saturating_sub(other.quarantined);
    }

    /// Returns the sum.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.delivered + self.dropped + self.quarantined
    }
}

/// One row of the ledger of documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRow {
    /// The document.
    pub id: DocumentId,
    /// Its admission number.
    pub seq: u64,
    /// File it came from, as in the record.
    pub file_path: String,
    /// Number of the record in the file.
    pub record_index: u64,
    /// Where the record lies in the unpacked file: start and end.
    pub bytes: (u64, u64),
    /// `delivered`, `dropped` or `quarantined`.
    pub fate: String,
    /// The stage that decided, empty for delivered.
    pub stage: String,
    /// Reason or error, empty for delivered.
    pub detail: String,
    /// The document that this one copies or revises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<DocumentId>,
    /// How much it is like that one, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f32>,
}

/// What happens to one row of the ledger of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// Set or replace the row.
    Set(FileRow),
    /// The file left the folder; forget its row.
    Forget,
}

/// Everything that becomes true at one instant.
#[derive(Debug, Default)]
pub struct Commit {
    /// Ledger rows of files, by absolute path.
    pub files: Vec<(PathBuf, FileChange)>,
    /// Ledger rows of documents.
    pub documents: Vec<DocumentRow>,
    /// What delivered documents asked to have stored.
    pub writes: Vec<StateWrite>,
    /// Positions of sinks, by stage id.
    pub positions: Vec<(String, Vec<u8>)>,
    /// The file that is read in part, if any: the next start resumes it first.
    pub resume: Option<PathBuf>,
    /// The first admission number that is still free.
    pub next_seq: u64,
}

/// What a stage may read of the committed state.
pub trait StateRead: Send + Sync + 'static {
    /// Returns the value that was committed for `key` in the name space of `stage`.
    ///
    /// # Errors
    /// When the store can't be read.
    fn get(&self, stage: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StateError>;

    /// Calls `visit` with each key of `keys` in the name space of `stage` and its value, in the order
    /// of the keys, until it says [`Break`](std::ops::ControlFlow::Break).
    ///
    /// # Errors
    /// When the store can't be read.
    fn scan(
        &self,
        stage: &str,
        keys: std::ops::Range<&[u8]>,
        visit: &mut ScanVisitor<'_>,
    ) -> Result<(), StateError>;
}

/// What [`StateRead::scan`] calls with a key and its value.
pub type ScanVisitor<'a> = dyn FnMut(&[u8], &[u8]) -> std::ops::ControlFlow<()> + 'a;

/// A state that nothing was ever committed to, for stages that are built alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoState;

impl StateRead for NoState {
    fn get(&self, _: &str, _: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(None)
    }

    fn scan(
        &self,
        _: &str,
        _: std::ops::Range<&[u8]>,
        _: &mut ScanVisitor<'_>,
    ) -> Result<(), StateError> {
        Ok(())
    }
}

/// The store that the runtime commits to and the source looks files up in.
pub trait StateStore: StateRead {
    /// Returns the ledger row of a file.
    ///
    /// # Errors
    /// When the store can't be read.
    fn file(&self, path: &std::path::Path) -> Result<Option<FileRow>, StateError>;

    /// Returns the file that was read in part when the last commit was made.
    ///
    /// # Errors
    /// When the store can't be read.
    fn resume(&self) -> Result<Option<PathBuf>, StateError>;

    /// Returns a sink's committed position.
    ///
    /// # Errors
    /// When the store can't be read.
    fn position(&self, stage: &str) -> Result<Option<Vec<u8>>, StateError>;

    /// Returns the first free admission number.
    ///
    /// # Errors
    /// When the store can't be read.
    fn next_seq(&self) -> Result<u64, StateError>;

    /// Makes all of `commit` true at once; it is on disk when this returns.
    ///
    /// # Errors
    /// When it could not be made durable; then none of it is true after a restart.
    fn commit(&self, commit: &Commit) -> Result<(), StateError>;

    /// Returns the sum of all fates ever committed.
    ///
    /// # Errors
    /// When the store can't be read.
    fn totals(&self) -> Result<FateCounts, StateError>;
}

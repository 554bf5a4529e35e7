//! What a source hands to the runtime, and what it hears back.
//!
//! A source runs on a thread of its own and blocks where it must: when the admission budget is
//! spent, when a queue is full, when there is nothing to do.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{Document, DocumentId, Provenance};
use crate::state::{FileIdentity, StateError};

/// A file as admitted: what the ledger will say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Absolute path; `None` for standard input, which the ledger does not remember.
    pub path: Option<PathBuf>,
    /// The version that is being read.
    pub identity: FileIdentity,
}

/// What a source submits, in order; records of one file follow each other.
#[derive(Debug)]
pub struct Submission {
    /// The file it belongs to.
    pub file: Arc<SourceFile>,
    /// What is submitted.
    pub item: Item,
    /// Where reading goes on after this record; `None` after the last, when the file is done.
    pub next: Option<NextRecord>,
    /// Told with the last record: where a longer version of the file would go on, so that what was
    /// appended is read alone. `None` where a new version is read from its start.
    pub end: Option<NextRecord>,
}

/// A place between two records of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRecord {
    /// Number of the next record.
    pub record: u64,
    /// Its first byte in the unpacked file.
    pub byte: u64,
    /// BLAKE3 of the unpacked bytes before it, where the source knows it: a file that grew since is
    /// then read on, not anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<[u8; 32]>,
}

/// One submitted thing.
#[derive(Debug)]
pub enum Item {
    /// A record to process.
    Document(Box<Document>),
    /// A record that the source itself can't make a document of: it is quarantined.
    Refused(Box<Refused>),
    /// Nothing more: the file had no further record.
    End,
}

/// A record that goes to quarantine without passing a stage.
#[derive(Debug)]
pub struct Refused {
    /// Hash of its raw bytes.
    pub id: DocumentId,
    /// Where it lies.
    pub provenance: Provenance,
    /// What is wrong with it, with causes.
    pub error: String,
    /// Its raw bytes.
    pub raw: RawBytes,
    /// Whether `raw` is a whole packed file (`.gz`, `.zst`) that could not be unpacked.
    pub packed: bool,
}

/// Raw bytes for the quarantine: in memory, or to be copied when they are needed.
pub enum RawBytes {
    /// The bytes.
    InMemory(bytes::Bytes),
    /// Too long to hold: writes the bytes to a writer.
    Copied(Box<CopyRaw>),
}

/// Writes a record's raw bytes, however long.
pub type CopyRaw = dyn Fn(&mut dyn std::io::Write) -> Result<(), CopyError> + Send + Sync;

/// Why raw bytes could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// They are not there any more: the file changed or vanished.
    #[error("the file changed or vanished before it could be kept")]
    Gone,
    /// They could not be read or written now.
    #[error("failed to copy the raw bytes")]
    Io(#[from] std::io::Error),
}

impl std::fmt::Debug for RawBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InMemory(bytes) => write!(f, "InMemory({} bytes)", bytes.len()),
            Self::Copied(_) => f.write_str("Copied"),
        }
    }
}

/// Room for one document in the admission budget; it is given back when the document is settled.
pub trait Permit: Send + Sync {}

/// The runtime's side of admission.
pub trait Intake: Send {
    /// Waits for room for one document of about `bytes` raw bytes; `None` when the pipeline stops.
    ///
    /// Blocks the calling thread.
    fn admit(&mut self, bytes: u64) -> Option<Box<dyn Permit>>;

    /// Hands a submission over; `false` when the pipeline stops.
    ///
    /// Blocks the calling thread while the first queue is full.
    fn submit(&mut self, permit: Box<dyn Permit>, submission: Submission) -> bool;

    /// Whether the source is to end.
    fn stopping(&self) -> bool;
}

/// Wakes a source that waits; the runtime calls it when the pipeline stops.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Feeds the pipeline.
pub trait Source: Send + 'static {
    /// Returns what ends a wait of [`Source::run`] from another thread.
    fn waker(&self) -> Waker;

    /// Returns what acts on files that are done.
    fn settler(&self) -> Arc<dyn Settler>;

    /// Submits documents until there are no more or `intake` says stop. Runs on its own thread.
    ///
    /// # Errors
    /// Only when going on makes no sense; a bad file is refused or left, never an error.
    fn run(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError>;
}

/// Acts on files whose records are all committed: keep, move or delete.
pub trait Settler: Send + Sync + 'static {
    /// Settles `file`; called after the commit, in admission order. Returns whether the file left the
    /// folder, so that its ledger row can be forgotten.
    ///
    /// A failure is reported and counted here, and tried again at the next start.
    fn settle(&self, file: &SourceFile) -> bool;

    /// Lets go of `file`, whose version is gone before its fate was committed: what lies there now is
    /// to be looked at as new.
    fn withdraw(&self, _file: &SourceFile) {}

    /// Makes the moves and removals so far durable; called before ledger rows of files that left are
    /// forgotten, lest a power cut bring back a file that nobody knows any more.
    ///
    /// # Errors
    /// When the disk refuses; the rows are kept then.
    fn sync(&self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Why a source can't go on.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The state store can't be read.
    #[error("failed to look a file up in the ledger")]
    State(#[from] StateError),
    /// Something else.
    #[error("failed to {doing}")]
    Other {
        /// What was tried.
        doing: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

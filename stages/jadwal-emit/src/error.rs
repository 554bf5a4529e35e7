//! What can go wrong with an output, and of which class it is.

use std::io;
use std::path::{Path, PathBuf};

use jadwal_core::StageError;

use crate::position::PositionError;

/// Why the output could not be written or taken up again.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The system refused; the output was cut back, or will be before the next write.
    #[error("failed to {doing} `{}`", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// There is output that no state speaks of.
    #[error(
        "`{}` holds records that the state knows nothing of; move them away, choose another `path`, or set `if_exists = \"append\"` to go on in a new segment after them",
        path.display()
    )]
    Occupied {
        /// The first such file.
        path: PathBuf,
    },
    /// Lines of an earlier state's unfinished frame lie beside the output.
    #[error(
        "`{}` holds the last lines of an earlier state's packed output, which the state knows nothing of; a run that ended normally has packed them too, then delete this file, else keep its lines elsewhere first",
        path.display()
    )]
    OrphanTail {
        /// The tail.
        path: PathBuf,
    },
    /// Records that were committed are not there any more.
    #[error(
        "`{}` has {found} bytes but {committed} were committed: committed records are missing; put the whole file back, or move what is left away and set `if_exists = \"append\"` to go on in a new segment",
        path.display()
    )]
    Missing {
        /// The segment or tail.
        path: PathBuf,
        /// Its length now.
        found: u64,
        /// Its length at the last commit.
        committed: u64,
    },
    /// Something else wrote to the output, cut it or replaced it while it was in use.
    #[error(
        "`{}` has {found} bytes where {expected} were written: something else changes the output; nothing else may write, rotate or cut it while the pipeline runs",
        path.display()
    )]
    Changed {
        /// The segment or tail.
        path: PathBuf,
        /// Its length now.
        found: u64,
        /// The length it was left with.
        expected: u64,
    },
    /// The state's position can't be read.
    #[error("failed to read the committed position of the output")]
    Position(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OutputError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }

    /// Returns the stage error: the disk may recover by itself, everything else needs a person.
    pub(crate) fn into_stage_error(self) -> StageError {
        match self {
            Self::Io { .. } => StageError::transient("failed to write the records", self),
            _ => StageError::fatal("failed to use the output", self),
        }
    }
}

impl From<PositionError> for OutputError {
    fn from(error: PositionError) -> Self {
        Self::Position(Box::new(error))
    }
}

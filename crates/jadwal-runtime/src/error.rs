//! Why a pipeline ended before its work was done.

use jadwal_core::StageError;
use jadwal_core::source::SourceError;
use jadwal_core::state::StateError;

use crate::quarantine::QuarantineError;

/// Why a run ended with files left where they are. Everything committed stays true.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A stage said that going on would do harm, or its retries are spent.
    #[error("the stage `{stage}` stopped the pipeline")]
    Stage {
        /// Id of the stage.
        stage: String,
        /// What it said.
        #[source]
        source: StageError,
    },
    /// A stage could not take up its committed position; nothing was admitted.
    #[error("the stage `{stage}` could not be started")]
    Restore {
        /// Id of the stage.
        stage: String,
        /// What it said.
        #[source]
        source: StageError,
    },
    /// A stage broke its contract.
    #[error(
        "the stage `{stage}` broke the stage contract: {what}; please report this to its author"
    )]
    Contract {
        /// Id of the stage.
        stage: String,
        /// What it did.
        what: &'static str,
    },
    /// The source can't go on.
    #[error("the source stopped the pipeline")]
    Source(#[from] SourceError),
    /// The state store refused a commit or a read.
    #[error("the state store stopped the pipeline")]
    State(#[from] StateError),
    /// The quarantine can't be written.
    #[error("the quarantine stopped the pipeline")]
    Quarantine(#[from] QuarantineError),
    /// Most documents fail: something is wrong with the configuration, not with them.
    #[error(
        "{failed} of the last {window} documents were quarantined; stopped before the folder is emptied"
    )]
    Breaker {
        /// Documents quarantined in the window.
        failed: usize,
        /// Length of the window.
        window: usize,
    },
    /// Draining took longer than allowed, or a second signal came.
    #[error(
        "the pipeline was aborted before it was drained; what was not committed is done again at the next start"
    )]
    Aborted,
    /// A task of the runtime panicked.
    #[error("a task of the runtime panicked: {0}")]
    Panic(String),
}

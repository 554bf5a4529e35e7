//! What can go wrong with the store, as far as a caller can tell it apart.

use std::path::PathBuf;

/// Why the store could not be opened or inspected.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open.
    #[error("the state folder `{}` is held by {holder}", path.display())]
    Held {
        /// The state folder.
        path: PathBuf,
        /// `process 4711`, or `another process` where the lock does not say.
        holder: String,
    },
    /// It was written by another version of Jadwal.
    #[error(
        "the state folder `{}` has format {found}, this version of Jadwal reads format {known}",
        path.display()
    )]
    Format {
        /// The state folder.
        path: PathBuf,
        /// Format on disk.
        found: String,
        /// Format of this version.
        known: u32,
    },
    /// A row can't be read: the store is damaged.
    #[error("failed to read the {keyspace} row {key}")]
    Row {
        /// Keyspace.
        keyspace: &'static str,
        /// The row's key, readable.
        key: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The file system refused.
    #[error("failed to {doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The embedded store refused.
    #[error("failed to {doing}")]
    Database {
        /// What was tried.
        doing: String,
        /// Why it failed.
        #[source]
        source: fjall::Error,
    },
}

impl StoreError {
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    pub(crate) fn database(doing: impl Into<String>) -> impl FnOnce(fjall::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Database { doing, source }
    }
}

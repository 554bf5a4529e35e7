//! What a user may set for a folder, with its defaults.

use std::path::PathBuf;
use std::time::Duration;

/// A folder or file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Absolute path. A file is read whatever its name; a folder need not exist yet.
    pub path: PathBuf,
    /// What stands before the relative path in records; empty for the relative path alone.
    pub label: String,
}

/// What happens to a file when all its records are committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnDone {
    /// It stays where it is.
    #[default]
    Keep,
    /// It is moved to the same relative path below `dir`; nothing there is overwritten.
    Move {
        /// Absolute path of the folder for files that are done.
        dir: PathBuf,
    },
    /// It is removed.
    Delete,
}

/// How changes are noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchMode {
    /// File-system events, backed by listings.
    #[default]
    Events,
    /// Listings alone, for network file systems.
    Poll,
}

/// Which fields of a JSON Lines record mean what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonlFields {
    /// Holds the text; a record without it is refused. Default `text`.
    pub text: String,
    /// Holds the address. Default `url`.
    pub url: String,
    /// Holds the headline. Default `title`.
    pub title: String,
    /// Holds the date of the document, kept as it is given. Default `created`.
    pub created: String,
}

impl Default for JsonlFields {
    fn default() -> Self {
        Self {
            text: "text".to_owned(),
            url: "url".to_owned(),
            title: "title".to_owned(),
            created: "created".to_owned(),
        }
    }
}

/// How folders are read.
#[derive(Clone, Debug)]
pub struct FolderOptions {
    /// What is read; a batch works through them in this order.
    pub roots: Vec<Root>,
    /// Globs over the path relative to the root; empty for every file. Default empty.
    pub include: Vec<String>,
    /// Globs over the relative path of what is left alone. Default empty.
    pub exclude: Vec<String>,
    /// Folders inside a root that are not read: state, quarantine, output. The folder of
    /// [`OnDone::Move`] is always one of them. Default empty.
    pub skip_dirs: Vec<PathBuf>,
    /// How long a file must stand still before it is taken, in the daemon. Default 500 ms.
    pub settle: Duration,
    /// Ending of the marker that alone says that a file is complete (`.done` for
    /// `article.txt.done`). Default none.
    pub done_marker: Option<String>,
    /// What happens to files that are done. Default keep.
    pub on_done: OnDone,
    /// Whether symbolic links inside a root are followed. Default no.
    pub follow_symlinks: bool,
    /// How the daemon notices changes. Default events.
    pub watch: WatchMode,
    /// Time between two listings where there are no events; longer for trees so large that listing
    /// would take more than a trace of the machine. Default 2 s.
    pub poll_interval: Duration,
    /// Time between two full listings that back the events, stretched like `poll_interval`.
    /// Default 10 min.
    pub reconcile: Duration,
    /// Longest document, unpacked; a longer one is refused. At most 4 GiB - 1. Default 64 MiB.
    pub max_document_bytes: u64,
    /// Fields of JSON Lines records.
    pub jsonl: JsonlFields,
    /// Batch: read what is there in order, then end. Default no.
    pub once: bool,
    /// Files that a batch sorts in memory; more are sorted on disk. Default 200,000.
    pub sort_in_memory: usize,
    /// Where a batch sorts on disk. Default the system's folder for temporary files.
    pub spill_dir: PathBuf,
    /// Files that the daemon keeps waiting at a time; others wait in the folder. Default 50,000.
    pub max_candidates: usize,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self {
            roots: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            skip_dirs: Vec::new(),
            settle: Duration::from_millis(500),
            done_marker: None,
            on_done: OnDone::Keep,
            follow_symlinks: false,
            watch: WatchMode::Events,
            poll_interval: Duration::from_secs(2),
            reconcile: Duration::from_secs(600),
            max_document_bytes: 64 << 20,
            jsonl: JsonlFields::default(),
            once: false,
            sort_in_memory: 200_000,
            spill_dir: std::env::temp_dir(),
            max_candidates: 50_000,
        }
    }
}

/// Why options can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// A pattern is wrong.
    #[error("failed to read `{pattern}` as a glob")]
    Glob {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: globset::Error,
    },
    /// A path is relative.
    #[error("`{}` must be an absolute path", path.display())]
    Relative {
        /// The path.
        path: PathBuf,
    },
    /// The marker is empty or has a folder in it.
    #[error("`{marker}` can't be the ending of a done marker")]
    Marker {
        /// The ending.
        marker: String,
    },
    /// There is nothing to read.
    #[error("a folder source needs at least one folder or file")]
    NoRoots,
}

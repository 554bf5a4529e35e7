//! The table `[source]`: which files are taken, when, and what becomes of them.

use std::path::PathBuf;

use jadwal_core::units::TimeSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where documents come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SourceSection {
    /// Kind of the source. Default `folder`.
    pub kind: SourceKind,
    /// The folder. Default `inbox`.
    pub path: PathBuf,
    /// Globs of the files to take, relative to the folder. Default text, HTML and JSON Lines files,
    /// plain or packed.
    pub include: Vec<String>,
    /// Globs of files to leave alone. Default none.
    pub exclude: Vec<String>,
    /// How long a file's size and modification time must stand still before it is taken.
    /// Default `500ms`.
    pub settle: TimeSpan,
    /// When not empty, a file is taken once a file of its name with this appended exists (`.done`).
    /// Default `""`.
    pub done_marker: String,
    /// What becomes of a file when all its documents are committed. Default `keep`.
    pub on_done: OnDone,
    /// Folder that done files are moved to. Default `done`.
    pub done_dir: PathBuf,
    /// Whether links to files and folders are followed. Default `false`.
    pub follow_symlinks: bool,
    /// How new files are noticed. Default `auto`.
    pub watch: Watch,
    /// Time between two scans when polling. Default `2s`.
    pub poll_interval: TimeSpan,
    /// Time between two full scans when events wake the scan. Default `10m`.
    pub reconcile: TimeSpan,
    /// Which fields of a JSON Lines record are used.
    pub jsonl: JsonlSection,
}

impl Default for SourceSection {
    fn default() -> Self {
        let include = ["txt", "html", "htm", "jsonl", "ndjson", "gz", "zst"];
        Self {
            kind: SourceKind::Folder,
            path: "inbox".into(),
            include: include.map(|ending| format!("**/*.{ending}")).into(),
            exclude: Vec::new(),
            settle: TimeSpan::millis(500),
            done_marker: String::new(),
            on_done: OnDone::Keep,
            done_dir: "done".into(),
            follow_symlinks: false,
            watch: Watch::Auto,
            poll_interval: TimeSpan::secs(2),
            reconcile: TimeSpan::secs(600),
            jsonl: JsonlSection::default(),
        }
    }
}

/// Kind of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A folder that files are dropped into.
    Folder,
}

/// What becomes of a file when all its documents are committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDone {
    /// It stays; the ledger remembers it.
    Keep,
    /// It moves to `done_dir`.
    Move,
    /// It is deleted.
    Delete,
}

/// How new files are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    /// By events of the file system; by polling where there are none.
    Auto,
    /// By polling.
    Poll,
}

/// Which fields of a JSON Lines record are used; the others become metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JsonlSection {
    /// The document's text. Default `text`.
    pub text_field: String,
    /// The address it was fetched from. Default `url`.
    pub url_field: String,
    /// Its title. Default `title`.
    pub title_field: String,
    /// Its date. Default `created`.
    pub created_field: String,
}

impl Default for JsonlSection {
    fn default() -> Self {
        Self {
            text_field: "text".into(),
            url_field: "url".into(),
            title_field: "title".into(),
            created_field: "created".into(),
        }
    }
}

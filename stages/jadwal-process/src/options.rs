//! How children are started, and what bounds them.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use jadwal_core::Problem;
use jadwal_core::units::{ByteSize, TimeSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Options of `process`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProcessOptions {
    /// The program and its arguments, such as `["python3", "my_stage.py"]`. A program with a `/` in its
    /// name is looked for from the folder of the configuration file, any other in `PATH`. Must be given.
    pub command: Vec<String>,
    /// Options of the stage itself, passed to it as they are. Default: none.
    pub settings: Map<String, Value>,
    /// Environment variables that are set for it, beside those of Jadwal. Default: none.
    pub env: BTreeMap<String, String>,
    /// Folder that it runs in, from the folder of the configuration file. Default: that folder.
    pub working_dir: PathBuf,
    /// How many children work side by side; the order of documents is kept. Default: 1.
    pub children: NonZeroUsize,
    /// Most documents that a child is shown at once. Default: 32.
    pub batch: NonZeroUsize,
    /// How long a child may take for one batch. Then it is killed, and the documents are tried alone.
    /// Default: 10s.
    pub batch_timeout: TimeSpan,
    /// How long a child may take until it is ready for its first batch. Default: 20s.
    pub start_timeout: TimeSpan,
    /// How long a child may take to end when there is nothing more to do; then it is killed.
    /// Default: 2s.
    pub stop_timeout: TimeSpan,
    /// How often children may fail in a row, none of them having answered a document in between, before
    /// the pipeline stops. Default: 10.
    pub restarts: NonZeroU32,
    /// Longest message in either direction. Default: 64 MiB.
    pub max_frame: ByteSize,
    /// Most address space that a child may have, 0 for no limit. Programs that reserve much more than
    /// they use (Node.js) need a generous one. Default: 0 B.
    pub max_memory: ByteSize,
}

impl Default for ProcessOptions {
    fn default() -> Self {
        let count = |count| NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN);
        Self {
            command: Vec::new(),
            settings: Map::new(),
            env: BTreeMap::new(),
            working_dir: PathBuf::new(),
            children: NonZeroUsize::MIN,
            batch: count(32),
            batch_timeout: TimeSpan::secs(10),
            start_timeout: TimeSpan::secs(20),
            stop_timeout: TimeSpan::secs(2),
            restarts: NonZeroU32::new(10).unwrap_or(NonZeroU32::MIN),
            max_frame: ByteSize::mib(64),
            max_memory: ByteSize(0),
        }
    }
}

/// More processes than this are a slip of the pen.
const MOST_CHILDREN: usize = 256;

/// Below this not even the declaration of a stage would fit.
const SMALLEST_FRAME: u64 = 4096;

impl ProcessOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if self.command.first().is_none_or(String::is_empty) {
            let message = "names no program; write `command = [\"python3\", \"my_stage.py\"]`";
            problems.push(Problem::new("command", message));
        }
        if self.command.iter().any(|part| part.contains('\0')) {
            problems.push(Problem::new("command", "has a zero byte in it"));
        }
        for (name, value) in &self.env {
            if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
                problems.push(Problem {
                    path: vec!["env".to_owned(), name.clone()],
                    message: "is no environment variable".to_owned(),
                });
            }
        }
        for (key, span) in [
            ("batch_timeout", self.batch_timeout),
            ("start_timeout", self.start_timeout),
        ] {
            if span.0.is_zero() {
                problems.push(Problem::new(key, "nothing is done in no time"));
            }
        }
        if self.children.get() > MOST_CHILDREN {
            let message = format!("is more than {MOST_CHILDREN}");
            problems.push(Problem::new("children", message));
        }
        let most = u64::from(u32::MAX);
        if !(SMALLEST_FRAME..=most).contains(&self.max_frame.bytes()) {
            let message = "is not between 4 KiB and 4 GiB";
            problems.push(Problem::new("max_frame", message));
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(problems),
        }
    }

    /// Returns the longest message in bytes.
    pub(crate) fn frame_limit(&self) -> usize {
        usize::try_from(self.max_frame.bytes()).unwrap_or(usize::MAX)
    }
}

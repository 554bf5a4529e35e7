//! What a guest is granted.

use std::num::NonZeroU32;
use std::path::PathBuf;

use jadwal_core::Problem;
use jadwal_core::units::{ByteSize, TimeSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Options of `component`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ComponentOptions {
    /// The component, a `.wasm` file, from the folder of the configuration file. Must be given.
    pub path: PathBuf,
    /// BLAKE3 of the file in hexadecimal digits, as `b3sum` prints it: another file is refused.
    /// Default: any file.
    pub blake3: String,
    /// Settings of the stage itself, passed to it as they are. Default: none.
    pub settings: Map<String, Value>,
    /// The most time it may take for one document. Default: 10s.
    pub deadline: TimeSpan,
    /// The most time it may take to start. Default: 20s.
    pub start_timeout: TimeSpan,
    /// The most memory that an instance may have. Default: 64 MiB.
    pub max_memory: ByteSize,
    /// How many documents an instance is used for; then a fresh one takes its place. 1: no document can
    /// see what another one left behind. Default: 1000.
    pub documents_per_instance: NonZeroU32,
    /// Folder of compiled components, from the folder of the configuration file; made where the folder
    /// above it is there. It holds machine code: nobody but Jadwal's user may write to it. Empty: compile
    /// at each start. Default: var/components.
    pub cache: PathBuf,
}

impl Default for ComponentOptions {
    fn default() -> Self {
        Self {
            path: PathBuf::new(),
            blake3: String::new(),
            settings: Map::new(),
            deadline: TimeSpan::secs(10),
            start_timeout: TimeSpan::secs(20),
            max_memory: ByteSize::mib(64),
            documents_per_instance: NonZeroU32::new(1000).unwrap_or(NonZeroU32::MIN),
            cache: "var/components".into(),
        }
    }
}

/// One page of WebAssembly: no instance has less.
const SMALLEST_MEMORY: u64 = 64 << 10;
/// What 32-bit addresses reach.
const LARGEST_MEMORY: u64 = 4 << 30;

impl ComponentOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if self.path.as_os_str().is_empty() {
            let message = "names no component; write `path = \"my_stage.wasm\"`";
            problems.push(Problem::new("path", message));
        }
        let hexadecimal = self.blake3.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !(self.blake3.is_empty() || hexadecimal && self.blake3.len() == 64) {
            let message = "is not a BLAKE3 hash (64 hexadecimal digits)";
            problems.push(Problem::new("blake3", message));
        }
        for (key, span) in [
            ("deadline", self.deadline),
            ("start_timeout", self.start_timeout),
        ] {
            if span.0.is_zero() {
                problems.push(Problem::new(key, "nothing is done in no time"));
            }
        }
        if !(SMALLEST_MEMORY..=LARGEST_MEMORY).contains(&self.max_memory.bytes()) {
            let message = "is not between 64 KiB and 4 GiB";
            problems.push(Problem::new("max_memory", message));
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(problems),
        }
    }
}

//! `pipeline.toml` as it is written: typed, every key with its default.
//!
//! Runtime keys and the keys of a stage (`options`) never mix, so nothing is flattened and every
//! unknown key is refused.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use jadwal_core::units::{ByteSize, TimeSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::interpolate;
use crate::source_section::SourceSection;
use crate::test_section::TestSection;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PipelineFile {
    /// What runs, in which order, within which limits.
    pub pipeline: PipelineSection,
    /// Where documents come from.
    pub source: SourceSection,
    /// One table a stage, by its id.
    pub stages: BTreeMap<String, StageSection>,
    /// Config tests, run by `jadwal test`.
    #[serde(rename = "test")]
    pub tests: Vec<TestSection>,
}

/// What runs, in which order, within which limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PipelineSection {
    /// Name of the pipeline, the `source` of its records: lower-case letters, digits, `_` and `-`.
    /// Default `jadwal`.
    #[schemars(regex(pattern = "^[a-z0-9_-]+$"))]
    pub name: String,
    /// Ids of the stages, in order. Default `clean`, `dedup`, `detect_language`,
    /// `extract_entities`, `emit`.
    pub stages: Vec<String>,
    /// Folder of the state store. Default `var/state`.
    pub state: PathBuf,
    /// Folder that quarantined documents are kept in. Default `var/quarantine`.
    pub quarantine: PathBuf,
    /// Threads that compute; 0, the default, is one per core.
    pub workers: u32,
    /// The most documents a stage takes at once. Default 256.
    pub batch_size: NonZeroU32,
    /// The most groups of documents that wait between two stages; a group is what was ready at once.
    /// `max_in_flight` bounds the documents. Default 256.
    pub queue: NonZeroU32,
    /// The most documents that are admitted and not yet settled. Default 1024.
    pub max_in_flight: NonZeroU32,
    /// The most raw bytes that are admitted and not yet settled. Default `64 MiB`.
    pub max_in_flight_bytes: ByteSize,
    /// A longer document is quarantined unread. Default `64 MiB`.
    pub max_document_bytes: ByteSize,
    /// How long a stop waits for documents in flight. Default `60s`.
    pub drain_timeout: TimeSpan,
    /// Stops the pipeline when most documents are quarantined.
    pub breaker: BreakerSection,
}

impl Default for PipelineSection {
    fn default() -> Self {
        let stages = [
            "clean",
            "dedup",
            "detect_language",
            "extract_entities",
            "emit",
        ];
        Self {
            name: "jadwal".into(),
            stages: stages.map(str::to_owned).into(),
            state: "var/state".into(),
            quarantine: "var/quarantine".into(),
            workers: 0,
            batch_size: at_least_one(256),
            queue: at_least_one(256),
            max_in_flight: at_least_one(1024),
            max_in_flight_bytes: ByteSize::mib(64),
            max_document_bytes: ByteSize::mib(64),
            drain_timeout: TimeSpan::secs(60),
            breaker: BreakerSection::default(),
        }
    }
}

/// Stops the pipeline when most of a window of documents is quarantined: a bad config must not empty
/// the folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerSection {
    /// Whether it is armed. Default `true`.
    pub enabled: bool,
    /// How many of the last documents it looks at. Default 200.
    pub window: NonZeroU32,
    /// The share of quarantined ones that stops the pipeline, above 0, at most 1. Default 0.5.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub share: f64,
}

impl Default for BreakerSection {
    fn default() -> Self {
        Self {
            enabled: true,
            window: at_least_one(200),
            share: 0.5,
        }
    }
}

/// How one stage is run, and its options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StageSection {
    /// Kind of the stage. Default: its id.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Condition in CEL (`language == "ar" && size(text) > 200`): a document that it does not hold for
    /// passes the stage untouched. Default: every document is processed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What happens when the retries of a transient error are spent. Default `quarantine`, for a
    /// sink `stop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_error: Option<OnError>,
    /// How often a transient error is tried again. Default 8.
    pub retries: u32,
    /// The most time one document may take. Default `30s`.
    pub timeout: TimeSpan,
    /// The stage's own keys; `jadwal stages KIND` lists them.
    pub options: Map<String, Value>,
}

impl Default for StageSection {
    fn default() -> Self {
        Self {
            kind: None,
            when: None,
            on_error: None,
            retries: 8,
            timeout: TimeSpan::secs(30),
            options: Map::new(),
        }
    }
}

/// What happens to a document when the retries of a transient error are spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// It is quarantined and the rest flow on.
    Quarantine,
    /// The pipeline stops; files stay in the folder.
    Stop,
}

/// The values have no form in TOML (a null in a stage's options).
#[derive(Debug, thiserror::Error)]
#[error("failed to write the pipeline as TOML")]
pub struct ToTomlError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl PipelineFile {
    /// Returns the file as TOML, every key spelled out. Read again, it gives an equal value.
    ///
    /// # Errors
    /// When the options of a stage hold a null or a number beyond 64 bits.
    pub fn to_toml(&self) -> Result<String, ToTomlError> {
        let mut tree = serde_json::to_value(self).map_err(|error| ToTomlError(error.into()))?;
        escape_dollars(&mut tree);
        toml::to_string(&tree).map_err(|error| ToTomlError(error.into()))
    }
}

/// Keeps string values from being taken for references when the text is read again.
fn escape_dollars(tree: &mut Value) {
    match tree {
        Value::String(text) => *text = interpolate::escape(text),
        Value::Array(items) => items.iter_mut().for_each(escape_dollars),
        Value::Object(table) => table.values_mut().for_each(escape_dollars),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn at_least_one(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)
}

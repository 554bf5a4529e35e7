//! The checked plan: what the runtime drives, with every default filled in and every path resolved.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jadwal_core::Fact;
use jadwal_core::spec::{ErasedSpec, PipelineInfo};
use jadwal_when::When;
use serde_json::{Value, json};

use crate::canonical::sorted;
use crate::guests::{Guest, guest_of};
use crate::pipeline_file::{OnError, PipelineFile};
use crate::source_section::{JsonlSection, OnDone, SourceKind, SourceSection, Watch};
use crate::test_section::{ExpectSection, TestSection};

/// A pipeline that was checked and can be built.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the pipeline.
    pub name: String,
    /// The stages, in order; the last ones are sinks.
    pub stages: Vec<PlannedStage>,
    /// How much may be under way.
    pub limits: Limits,
    /// Where documents come from.
    pub source: SourcePlan,
    /// Folder of the state store.
    pub state: PathBuf,
    /// Folder of quarantined documents.
    pub quarantine: PathBuf,
    /// Config tests.
    pub tests: Vec<ConfigTest>,
    /// Folder that relative paths start from.
    pub base_dir: PathBuf,
}

impl Plan {
    /// Returns what records tell of the pipeline; `guests` are its stages that were asked what they are,
    /// `files` what its stages read beside their options.
    #[must_use]
    pub fn info(&self, guests: &[Guest<'_>], files: &StageFiles) -> PipelineInfo {
        let named = |stage: &PlannedStage| {
            let guest = guest_of(stage, guests);
            let version = guest.map_or(stage.spec.version(), |guest| &guest.declaration.version);
            format!("{}@{version}", stage.id)
        };
        PipelineInfo {
            name: self.name.clone(),
            config_hash: config_hash(&self.name, &self.stages, guests, files),
            stages: self.stages.iter().map(named).collect(),
        }
    }
}

/// Hashes of the files that stages read beside their options, by stage id, in the order in which the stage
/// names them.
pub type StageFiles = BTreeMap<String, Vec<String>>;

/// One stage of the plan.
#[derive(Clone)]
pub struct PlannedStage {
    /// Its id in `pipeline.toml`.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Which documents it processes; `None`: all.
    pub when: Option<When>,
    /// What happens when the retries of a transient error are spent.
    pub on_error: OnError,
    /// How often a transient error is tried again.
    pub retries: u32,
    /// The most time one document may take.
    pub timeout: Duration,
    /// Its options, checked, with every default.
    pub options: Value,
    /// How it is built.
    pub spec: Arc<dyn ErasedSpec>,
}

impl PlannedStage {
    /// Whether it writes records.
    #[must_use]
    pub fn is_sink(&self) -> bool {
        is_sink(self.spec.as_ref())
    }
}

impl fmt::Debug for PlannedStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlannedStage")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("when", &self.when)
            .field("on_error", &self.on_error)
            .field("retries", &self.retries)
            .field("timeout", &self.timeout)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Whether stages of this spec write records.
pub(crate) fn is_sink(spec: &dyn ErasedSpec) -> bool {
    spec.gives().contains(&Fact::Record)
}

/// How much may be under way at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Threads that compute; 0 is one per core.
    pub workers: usize,
    /// The most documents a stage takes at once, 1 or more.
    pub batch_size: usize,
    /// The most documents that wait between two stages, 1 or more.
    pub queue: usize,
    /// The most documents admitted and not settled, 1 or more.
    pub max_in_flight: usize,
    /// The most raw bytes admitted and not settled; not less than `max_document_bytes`.
    pub max_in_flight_bytes: u64,
    /// A longer document is quarantined.
    pub max_document_bytes: u64,
    /// How long a stop waits.
    pub drain_timeout: Duration,
    /// When to stop by itself; `None`: never.
    pub breaker: Option<Breaker>,
}

/// Stops the pipeline when more than `share` of the last `window` documents were quarantined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    /// How many documents it looks back on, 1 or more.
    pub window: usize,
    /// Above 0, at most 1.
    pub share: f64,
}

/// Where documents come from. The globs are known to compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlan {
    /// Kind of the source.
    pub kind: SourceKind,
    /// The folder.
    pub path: PathBuf,
    /// Globs of files to take, relative to the folder.
    pub include: Vec<String>,
    /// Globs of files to leave alone.
    pub exclude: Vec<String>,
    /// How long a file must stand still.
    pub settle: Duration,
    /// Ending of the marker file, if files are marked.
    pub done_marker: Option<String>,
    /// What becomes of a file.
    pub on_done: OnDone,
    /// Where done files go.
    pub done_dir: PathBuf,
    /// Whether links are followed.
    pub follow_symlinks: bool,
    /// How new files are noticed.
    pub watch: Watch,
    /// Time between scans when polling.
    pub poll_interval: Duration,
    /// Time between full scans.
    pub reconcile: Duration,
    /// Fields of JSON Lines records.
    pub jsonl: JsonlSection,
}

/// One config test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigTest {
    /// Name for the report.
    pub name: String,
    /// The document.
    pub input: TestInput,
    /// Name the document is given.
    pub path: String,
    /// What must be true of the outcome.
    pub expect: ExpectSection,
}

/// The document of a config test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestInput {
    /// Its text.
    Text(String),
    /// The file that holds it.
    File(PathBuf),
}

/// Returns the plan of a file that was found to be right.
pub(crate) fn plan(file: &PipelineFile, stages: Vec<PlannedStage>, base_dir: &Path) -> Plan {
    let pipeline = &file.pipeline;
    let tests = file.tests.iter().enumerate();
    Plan {
        name: pipeline.name.clone(),
        stages,
        limits: limits(file),
        source: source(&file.source, base_dir),
        state: resolve(base_dir, &pipeline.state),
        quarantine: resolve(base_dir, &pipeline.quarantine),
        tests: tests
            .map(|(index, section)| test(index, section, base_dir))
            .collect(),
        base_dir: base_dir.to_owned(),
    }
}

/// Returns `path` as seen from `base_dir`, without `.` parts.
pub(crate) fn resolve(base_dir: &Path, path: &Path) -> PathBuf {
    base_dir.join(path).components().collect()
}

fn limits(file: &PipelineFile) -> Limits {
    let pipeline = &file.pipeline;
    let breaker = &pipeline.breaker;
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    Limits {
        workers: count(pipeline.workers),
        batch_size: count(pipeline.batch_size.get()),
        queue: count(pipeline.queue.get()),
        max_in_flight: count(pipeline.max_in_flight.get()),
        max_in_flight_bytes: pipeline.max_in_flight_bytes.bytes(),
        max_document_bytes: pipeline.max_document_bytes.bytes(),
        drain_timeout: pipeline.drain_timeout.0,
        breaker: breaker.enabled.then_some(Breaker {
            window: count(breaker.window.get()),
            share: breaker.share,
        }),
    }
}

fn source(section: &SourceSection, base_dir: &Path) -> SourcePlan {
    let marker = &section.done_marker;
    SourcePlan {
        kind: section.kind,
        path: resolve(base_dir, &section.path),
        include: section.include.clone(),
        exclude: section.exclude.clone(),
        settle: section.settle.0,
        done_marker: (!marker.is_empty()).then(|| marker.clone()),
        on_done: section.on_done,
        done_dir: resolve(base_dir, &section.done_dir),
        follow_symlinks: section.follow_symlinks,
        watch: section.watch,
        poll_interval: section.poll_interval.0,
        reconcile: section.reconcile.0,
        jsonl: section.jsonl.clone(),
    }
}

fn test(index: usize, section: &TestSection, base_dir: &Path) -> ConfigTest {
    let file = section.file.as_deref();
    let own_name = file
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy());
    let default_path = || own_name.map_or_else(|| "test.txt".to_owned(), Cow::into_owned);
    let name = match section.name.as_str() {
        "" => format!("test {}", index + 1),
        name => name.to_owned(),
    };
    ConfigTest {
        name,
        input: match file {
            Some(file) => TestInput::File(resolve(base_dir, file)),
            None => TestInput::Text(section.input.clone().unwrap_or_default()),
        },
        path: section.path.clone().unwrap_or_else(default_path),
        expect: section.expect.clone(),
    }
}

/// Hashes what can change a record, to 16 hexadecimal digits: the name, and id, kind, version, condition
/// and options of each stage, the options of sinks left out; of guests also name, version and program; of
/// stages that read lists or models of the user's also their content.
/// Where documents lie and how fast they are read can't change one.
fn config_hash(
    name: &str,
    stages: &[PlannedStage],
    guests: &[Guest<'_>],
    files: &StageFiles,
) -> String {
    let part = |stage: &PlannedStage| {
        let mut part = hashed_part(stage, guest_of(stage, guests));
        if let Some(hashes) = files.get(&stage.id) {
            part["files"] = json!(hashes);
        }
        part
    };
    let parts: Vec<_> = stages.iter().map(part).collect();
    let canonical = sorted(json!({ "name": name, "stages": parts })).to_string();
    let hash = blake3::hash(canonical.as_bytes());
    hash.to_hex()[..16].to_owned()
}

fn hashed_part(stage: &PlannedStage, guest: Option<&Guest<'_>>) -> Value {
    let options = (!stage.is_sink()).then_some(&stage.options);
    let mut part = json!({
        "id": stage.id,
        "kind": stage.kind,
        "version": stage.spec.version(),
        "options": options,
    });
    if let Some(when) = &stage.when {
        part["when"] = when.source().into();
    }
    if let Some(Guest {
        declaration,
        program,
        ..
    }) = guest
    {
        part["guest"] = json!({
            "name": declaration.name,
            "version": declaration.version,
            "program": program,
        });
    }
    part
}

//! How a stage announces itself: kind, options with schema and docs, needs and gifts.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock::Clock;
use crate::guest::Declaration;
use crate::stage::BuiltStage;
use crate::state::StateRead;

/// What a stage needs from the ones before it, or gives to the ones after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A decoded text.
    Text,
    /// Whether the document was seen before.
    Duplicate,
    /// Its language.
    Language,
    /// Names, dates and amounts.
    Entities,
    /// A durable record: only a sink gives it.
    Record,
}

impl Fact {
    /// Returns the name used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "a decoded text",
            Self::Duplicate => "a duplicate verdict",
            Self::Language => "a language",
            Self::Entities => "entities",
            Self::Record => "a durable record",
        }
    }
}

/// One thing that is wrong with a stage's options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Keys from the options down to the wrong value.
    pub path: Vec<String>,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl Problem {
    /// Returns a problem with the option `key`.
    pub fn new(key: &str, message: impl Into<String>) -> Self {
        Self {
            path: vec![key.to_owned()],
            message: message.into(),
        }
    }
}

/// Why a stage could not be built.
#[derive(Debug, thiserror::Error)]
#[error("failed to {doing}")]
pub struct BuildError {
    doing: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl BuildError {
    /// Returns the error of an attempt to `doing`.
    pub fn new(
        doing: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            doing: doing.into(),
            source: Some(source.into()),
        }
    }
}

/// What the pipeline is, as records tell it.
#[derive(Clone, Debug, Default)]
pub struct PipelineInfo {
    /// `pipeline.name`.
    pub name: String,
    /// Hash over what can change the output: the stages and their options, sinks left out.
    pub config_hash: String,
    /// `id@version` of each stage, in order.
    pub stages: Vec<String>,
}

/// What a stage is built with. State, time and places come in through here only.
#[derive(Clone)]
pub struct StageDeps {
    /// The stage's id in `pipeline.toml`.
    pub stage: String,
    /// The pipeline it is part of.
    pub pipeline: Arc<PipelineInfo>,
    /// Committed state, under the stage's own id.
    pub state: Arc<dyn StateRead>,
    /// The clock for times in records.
    pub clock: Clock,
    /// Folder that relative paths in options start from.
    pub base_dir: PathBuf,
}

impl fmt::Debug for StageDeps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StageDeps")
            .field("stage", &self.stage)
            .field("base_dir", &self.base_dir)
            .finish_non_exhaustive()
    }
}

/// A stage whose work is done outside of this binary, started, with what it says of itself.
#[derive(Debug)]
pub struct Introduction {
    /// What it says of itself.
    pub declaration: Declaration,
    /// What tells its program from any other, such as a hash of it; empty where only its version does.
    pub program: String,
    /// The stage itself, so that it is not started twice.
    pub built: BuiltStage,
}

/// One per stage crate: all that Jadwal knows of a stage before it is built.
pub trait StageSpec: 'static {
    /// Verb in snake case, the value of `use` (or the id itself) in `pipeline.toml`.
    const KIND: &'static str;
    /// One line for `jadwal stages`.
    const SUMMARY: &'static str;
    /// Version that records name.
    const VERSION: &'static str;
    /// What must have been given by an earlier stage.
    const NEEDS: &'static [Fact];
    /// What this stage gives to later ones.
    const GIVES: &'static [Fact];
    /// What it may give: more than [`StageSpec::GIVES`] where only its introduction tells what it does.
    const MAY_GIVE: &'static [Fact] = Self::GIVES;
    /// Options as in `[stages.<id>.options]`; every field documented.
    type Options: DeserializeOwned + Serialize + JsonSchema + Default + 'static;

    /// Looks at the values alone; no I/O.
    ///
    /// # Errors
    /// Everything that is wrong.
    fn check(options: &Self::Options) -> Result<(), Vec<Problem>> {
        let _ = options;
        Ok(())
    }

    /// Whether output written with these options can be cut back after a crash. A sink that can't
    /// (standard output) delivers at least once, and `jadwal check` says so.
    fn exactly_once(options: &Self::Options) -> bool {
        let _ = options;
        true
    }

    /// Names the files that options point to and that decide about records, such as lists and models; their
    /// content is part of `config_hash`. Called before anything is built; no I/O. Relative paths start from
    /// the folder of the configuration.
    fn files(options: &Self::Options) -> Vec<PathBuf> {
        let _ = options;
        Vec::new()
    }

    /// Starts a stage that is somebody else's program, as the stage `stage`, and asks it what it is;
    /// `None` for all others. Called before anything is built, so that the plan's order can be checked and
    /// records can name the program's version. Relative paths start from `base_dir`.
    ///
    /// # Errors
    /// When it can't be started, or refuses its options.
    fn introduce(
        options: Self::Options,
        stage: &str,
        base_dir: &Path,
    ) -> Result<Option<Introduction>, BuildError> {
        let _ = (options, stage, base_dir);
        Ok(None)
    }

    /// Builds the stage; may read models and probe folders, must not start work.
    ///
    /// # Errors
    /// What the world refused.
    fn build(options: Self::Options, deps: &StageDeps) -> Result<BuiltStage, BuildError>;
}

/// A [`StageSpec`] without its type.
pub trait ErasedSpec: Send + Sync + 'static {
    /// See [`StageSpec::KIND`].
    fn kind(&self) -> &'static str;
    /// See [`StageSpec::SUMMARY`].
    fn summary(&self) -> &'static str;
    /// See [`StageSpec::VERSION`].
    fn version(&self) -> &'static str;
    /// See [`StageSpec::NEEDS`].
    fn needs(&self) -> &'static [Fact];
    /// See [`StageSpec::GIVES`].
    fn gives(&self) -> &'static [Fact];
    /// See [`StageSpec::MAY_GIVE`].
    fn may_give(&self) -> &'static [Fact];
    /// Returns the JSON Schema of the options.
    fn schema(&self) -> Value;
    /// Returns the default options.
    fn defaults(&self) -> Value;
    /// Parses and checks options; no I/O. Returns them with every default filled in.
    ///
    /// # Errors
    /// Everything that is wrong; of wrong types only the first.
    fn check(&self, options: &Value) -> Result<Value, Vec<Problem>>;
    /// See [`StageSpec::exactly_once`]; true where the options don't parse.
    fn exactly_once(&self, options: &Value) -> bool;
    /// See [`StageSpec::files`]; none where the options don't parse.
    fn files(&self, options: &Value) -> Vec<PathBuf>;
    /// See [`StageSpec::introduce`]; from checked options.
    ///
    /// # Errors
    /// When it can't be started, or refuses its options.
    fn introduce(
        &self,
        options: &Value,
        stage: &str,
        base_dir: &Path,
    ) -> Result<Option<Introduction>, BuildError>;
    /// Builds the stage from checked options.
    ///
    /// # Errors
    /// What the world refused.
    fn build(&self, options: &Value, deps: &StageDeps) -> Result<BuiltStage, BuildError>;
}

struct Erased<S>(PhantomData<fn() -> S>);

impl<S: StageSpec> ErasedSpec for Erased<S> {
    fn kind(&self) -> &'static str {
        S::KIND
    }

    fn summary(&self) -> &'static str {
        S::SUMMARY
    }

    fn version(&self) -> &'static str {
        S::VERSION
    }

    fn needs(&self) -> &'static [Fact] {
        S::NEEDS
    }

    fn gives(&self) -> &'static [Fact] {
        S::GIVES
    }

    fn may_give(&self) -> &'static [Fact] {
        S::MAY_GIVE
    }

    fn schema(&self) -> Value {
        schemars::schema_for!(S::Options).to_value()
    }

    fn defaults(&self) -> Value {
        serde_json::to_value(S::Options::default()).unwrap_or_default()
    }

    fn check(&self, options: &Value) -> Result<Value, Vec<Problem>> {
        let typed = parse::<S::Options>(options)?;
        S::check(&typed)?;
        Ok(serde_json::to_value(&typed).unwrap_or_default())
    }

    fn exactly_once(&self, options: &Value) -> bool {
        parse::<S::Options>(options).map_or(true, |options| S::exactly_once(&options))
    }

    fn files(&self, options: &Value) -> Vec<PathBuf> {
        parse::<S::Options>(options).map_or_else(|_| Vec::new(), |options| S::files(&options))
    }

    fn introduce(
        &self,
        options: &Value,
        stage: &str,
        base_dir: &Path,
    ) -> Result<Option<Introduction>, BuildError> {
        S::introduce(parse_checked(options)?, stage, base_dir)
    }

    fn build(&self, options: &Value, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        S::build(parse_checked(options)?, deps)
    }
}

/// Parses options that were checked before.
fn parse_checked<T: DeserializeOwned>(options: &Value) -> Result<T, BuildError> {
    parse(options).map_err(|problems| {
        let messages = problems.into_iter().map(|problem| problem.message);
        BuildError::new("read the options", messages.collect::<Vec<_>>().join("; "))
    })
}

/// Parses `value` and says where it went wrong.
fn parse<T: DeserializeOwned>(value: &Value) -> Result<T, Vec<Problem>> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
                serde_path_to_error::Segment::Enum { variant } => Some(variant.clone()),
                serde_path_to_error::Segment::Unknown => None,
            })
            .collect();
        vec![Problem {
            path,
            message: error.into_inner().to_string(),
        }]
    })
}

/// The stages that a binary knows, by kind.
#[derive(Clone, Default)]
pub struct StageRegistry {
    specs: BTreeMap<&'static str, Arc<dyn ErasedSpec>>,
}

impl StageRegistry {
    /// Returns a registry that knows no stage.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds the stage `S`.
    ///
    /// # Panics
    /// When a stage of the same kind was added before.
    #[must_use]
    pub fn with<S: StageSpec>(mut self) -> Self {
        let before = self
            .specs
            .insert(S::KIND, Arc::new(Erased::<S>(PhantomData)));
        assert!(
            before.is_none(),
            "the stage kind `{}` is registered twice",
            S::KIND
        );
        self
    }

    /// Returns the stage of this kind.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&Arc<dyn ErasedSpec>> {
        self.specs.get(kind)
    }

    /// Returns all stages, by kind.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn ErasedSpec>> {
        self.specs.values()
    }

    /// Returns the known kinds, in order.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        self.specs.keys().copied().collect()
    }
}

impl fmt::Debug for StageRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.specs.keys()).finish()
    }
}

//! From the command line to a checked plan.

use std::path::{Path, PathBuf};

use jadwal_config::{Checked, Sources, load};
use jadwal_core::Clock;

use crate::cli::Globals;
use crate::failure::{Failure, print_finding};
use crate::registry::Registry;

/// The name looked for in the working folder.
const DEFAULT_FILE: &str = "pipeline.toml";

/// Where a plan comes from; it can be read again for a reload.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    file: Option<PathBuf>,
    sets: Vec<String>,
}

impl Settings {
    /// Finds the configuration: the file that was named, else the one in the working folder, else
    /// none.
    pub(crate) fn find(globals: &Globals, more_sets: Vec<String>) -> Self {
        let here = PathBuf::from(DEFAULT_FILE);
        let file = globals
            .config
            .clone()
            .or_else(|| here.is_file().then_some(here));
        let mut sets = globals.set.clone();
        sets.extend(more_sets);
        Self { file, sets }
    }

    /// Returns the file, where there is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Refuses to go on without a file.
    pub(crate) fn require_file(&self, why: &str) -> Result<(), Failure> {
        if self.file.is_some() {
            return Ok(());
        }
        Err(
            Failure::usage(format!("there is no `{DEFAULT_FILE}` here, and {why}"))
                .with_hint("`jadwal init` writes one; or name one with `--config FILE`"),
        )
    }

    /// Gathers file, environment and arguments.
    fn sources(&self) -> Result<Sources, Failure> {
        let sources = match &self.file {
            Some(file) => Sources::read(file).map_err(|error| {
                Failure::usage(jadwal_core::describe_chain(&error)).with_hint(
                    "name the configuration with `--config FILE`, or write one with `jadwal init`",
                )
            })?,
            None => Sources::defaults(""),
        };
        let mut sources = sources
            .with_env(std::env::vars_os())
            .with_sets(self.sets.iter().cloned());
        sources.base_dir = absolute(&sources.base_dir)?;
        Ok(sources)
    }

    /// Reads and checks the configuration, without printing warnings.
    pub(crate) fn load_quietly(&self, registry: &Registry) -> Result<Checked, Failure> {
        Ok(load(&self.sources()?, registry.stages())?)
    }

    /// Returns the failure that the value of a key can't be used, with its place.
    pub(crate) fn refuse(&self, keys: &[&str], message: &str, hint: &str) -> Failure {
        match self.sources() {
            Ok(sources) => jadwal_config::refuse(&sources, keys, message, hint).into(),
            Err(failure) => failure,
        }
    }

    /// Reads and checks the configuration; warnings go to standard error.
    pub(crate) fn load(&self, registry: &Registry) -> Result<Checked, Failure> {
        let checked = self.load_quietly(registry)?;
        checked.warnings.iter().for_each(print_finding);
        Ok(checked)
    }
}

/// Returns `path` from the root of the file system, links kept.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    std::path::absolute(path)
        .map(|path| path.components().collect())
        .map_err(|error| Failure::doing(format!("find `{}`", path.display()), error))
}

/// Returns the clock for times in records: `SOURCE_DATE_EPOCH` (reproducible-builds.org), in seconds,
/// fixes it.
pub(crate) fn clock() -> Result<Clock, Failure> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH") else {
        return Ok(Clock::system());
    };
    let seconds = value
        .to_str()
        .and_then(|text| text.trim().parse::<i64>().ok());
    seconds
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map(Clock::fixed)
        .ok_or_else(|| {
            Failure::usage(format!("SOURCE_DATE_EPOCH is `{}`", value.display()))
                .with_hint("it must be a whole number of seconds since 1970, or not be set")
        })
}

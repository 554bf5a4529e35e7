//! The folder that a measurement happens in: an inbox, a `pipeline.toml`, state and output.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::engine;

/// Which stages run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Stages {
    /// `emit` alone: what the machine costs that carries the stages.
    Engine,
    /// The default pipeline, by the release binary.
    Full,
}

impl Stages {
    fn ids(self) -> &'static [&'static str] {
        match self {
            Self::Engine => &["plain", "emit"],
            Self::Full => &[
                "clean",
                "dedup",
                "detect_language",
                "extract_entities",
                "emit",
            ],
        }
    }
}

/// What the configuration says beside the stages.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// `pipeline.workers`
    pub workers: u32,
    /// `source.path`
    pub source: &'a Path,
    /// `source.settle`
    pub settle: &'a str,
    /// `source.on_done`
    pub on_done: &'a str,
}

/// A folder of its own, removed at the end.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    jadwal: PathBuf,
}

impl Place {
    /// Makes the folder below `parent`, or below the system's folder for temporary files. `jadwal` is
    /// the binary to measure, by default the one beside this program.
    ///
    /// # Errors
    /// When there is no such binary or folder.
    pub fn new(parent: Option<&Path>, jadwal: Option<&Path>) -> Result<Self> {
        let jadwal = match jadwal {
            Some(jadwal) => jadwal.to_owned(),
            None => this_program()?.with_file_name("jadwal"),
        };
        if !jadwal.is_file() {
            bail!(
                "there is no `{}`: build it with `cargo build --release -p jadwal -p jadwal-bench`, or name one with `--jadwal PATH`",
                jadwal.display()
            );
        }
        let builder = tempfile::Builder::new().prefix("jadwal-bench-").to_owned();
        let folder = match parent {
            Some(parent) => builder.tempdir_in(parent),
            None => builder.tempdir(),
        };
        let place = Self {
            folder: folder.context("failed to make a folder to measure in")?,
            jadwal,
        };
        place.make(&place.inbox())?;
        Ok(place)
    }

    /// Returns the path of `name` in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the drop folder.
    #[must_use]
    pub fn inbox(&self) -> PathBuf {
        self.path("inbox")
    }

    /// Returns the output file.
    #[must_use]
    pub fn output(&self) -> PathBuf {
        self.path("out/records.jsonl")
    }

    /// Makes a folder, if it is not there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn make(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("failed to make `{}`", folder.display()))
    }

    /// Forgets what runs left behind: state and output. The inbox stays.
    ///
    /// # Errors
    /// When something can't be removed.
    pub fn forget(&self) -> Result<()> {
        for name in ["var", "out"] {
            match fs::remove_dir_all(self.path(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("failed to remove `{name}`"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes `pipeline.toml` and returns the command that runs it: `batch` or `run`.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn command(&self, mode: &str, stages: Stages, settings: &Settings<'_>) -> Result<Command> {
        let config = self.path("pipeline.toml");
        fs::write(&config, self.config(stages, settings)?)
            .with_context(|| format!("failed to write `{}`", config.display()))?;
        let mut command = match stages {
            Stages::Full => Command::new(&self.jadwal),
            Stages::Engine => {
                let mut command = Command::new(this_program()?);
                command.arg0(engine::NAME);
                command
            }
        };
        command.arg(mode).arg("--config").arg(config);
        Ok(command)
    }

    /// Writes `config` as `pipeline.toml` and returns the command of the binary that runs it.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn configured(&self, mode: &str, config: &str) -> Result<Command> {
        let path = self.path("pipeline.toml");
        fs::write(&path, config)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
        let mut command = Command::new(&self.jadwal);
        command.arg(mode).arg("--config").arg(path);
        Ok(command)
    }

    fn config(&self, stages: Stages, settings: &Settings<'_>) -> Result<String> {
        let source = settings.source.to_str();
        let source = source
            .with_context(|| format!("`{}` is not UTF-8, as TOML is", settings.source.display()))?;
        // JSON and TOML write lists and strings the same way; `$$` is a dollar.
        Ok(format!(
            "[pipeline]\nname = \"bench\"\nstages = {}\nworkers = {}\n\n\
             [source]\npath = {}\ninclude = [\"**/*\"]\nsettle = {}\non_done = {}\n",
            serde_json::to_string(stages.ids())?,
            settings.workers,
            serde_json::to_string(&source.replace('$', "$$"))?,
            serde_json::to_string(settings.settle)?,
            serde_json::to_string(settings.on_done)?,
        ))
    }

    /// Returns what the last run counted.
    ///
    /// # Errors
    /// When it left no status.
    pub fn counters(&self) -> Result<Counters> {
        let path = self.path("var/state/status.json");
        let read = || -> Result<Status> { Ok(serde_json::from_slice(&fs::read(&path)?)?) };
        let status = read().with_context(|| format!("failed to read `{}`", path.display()))?;
        Ok(status.counters)
    }
}

fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("failed to find this program")
}

#[derive(serde::Deserialize)]
struct Status {
    counters: Counters,
}

/// How documents ended, and what stages had to do for that.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counters {
    /// Documents with a record.
    pub delivered: u64,
    /// Documents dropped on purpose.
    pub dropped: u64,
    /// Documents kept apart.
    pub quarantined: u64,
    /// Transactions.
    pub commits: u64,
    /// The stages, in order.
    pub stages: Vec<StageTime>,
}

/// How long a stage was busy.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StageTime {
    /// Its id.
    pub stage: String,
    /// Over all threads, in milliseconds.
    pub busy_ms: u64,
}

impl Counters {
    /// Returns how many documents ended.
    #[must_use]
    pub(crate) fn settled(&self) -> u64 {
        self.delivered + self.dropped + self.quarantined
    }
}

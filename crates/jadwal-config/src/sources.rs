//! What a configuration is made from, gathered by the caller.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// The file's text, the environment, the arguments of `--set`.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file: its path for messages, and its text. `None`: all defaults.
    pub file: Option<(PathBuf, String)>,
    /// Environment variables. Those named `JADWAL__...` set keys, all can be referred to.
    pub env: Vec<(OsString, OsString)>,
    /// Arguments of `--set`, each `key.path=value`; later ones win.
    pub sets: Vec<String>,
    /// Folder that relative paths start from.
    pub base_dir: PathBuf,
}

impl Sources {
    /// Returns the sources for a file with this text; relative paths start from its folder.
    pub fn of_text(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            base_dir: path.parent().map(Path::to_owned).unwrap_or_default(),
            file: Some((path, text.into())),
            ..Self::default()
        }
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it can't be read, or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let bytes = std::fs::read(path).map_err(|source| ReadError::Io {
            path: path.to_owned(),
            source,
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            ReadError::NotUtf8 {
                path: path.to_owned(),
                line: good.iter().filter(|byte| **byte == b'\n').count() + 1,
            }
        })?;
        Ok(Self::of_text(path, text))
    }

    /// Returns the sources of the defaults alone.
    pub fn defaults(base_dir: impl Into<PathBuf>) -> Self {
        Self {
            base_dir: base_dir.into(),
            ..Self::default()
        }
    }

    /// Adds environment variables, such as `std::env::vars_os()`.
    #[must_use]
    pub fn with_env<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter();
        self.env
            .extend(variables.map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// Adds arguments of `--set`.
    #[must_use]
    pub fn with_sets<S: Into<String>>(mut self, sets: impl IntoIterator<Item = S>) -> Self {
        self.sets.extend(sets.into_iter().map(Into::into));
        self
    }
}

/// Why the file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error("failed to read `{path}`")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not a text.
    #[error("`{path}` is not UTF-8: line {line}")]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The first line that can't be read, from 1.
        line: usize,
    },
}

//! Where a project in Rust takes Jadwal's own crates from.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::settings::absolute;

/// The place of Jadwal's own crates.
pub(crate) enum OwnCrates {
    /// The registry, in the version of this binary.
    Published,
    /// A folder with Jadwal's sources.
    Sources(PathBuf),
}

impl OwnCrates {
    /// Takes the sources that were named, else those that this binary was built from if they are still
    /// there, else the published crates.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let Some(named) = named else {
            let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
            let built_from = built_from.filter(|path| path.is_dir());
            return Ok(built_from.map_or(Self::Published, |path| Self::Sources(path.to_owned())));
        };
        let sources = absolute(named)?;
        if sources.join("crates/jadwal").is_dir() {
            return Ok(Self::Sources(sources));
        }
        let message = format!("`{}` holds no sources of Jadwal", named.display());
        Err(Failure::usage(message)
            .with_hint("name the folder with Jadwal's `Cargo.toml` and `crates`"))
    }

    /// Returns what stands behind `krate =` in a manifest.
    pub(crate) fn dependency(&self, krate: &str) -> String {
        match self {
            Self::Published => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
            Self::Sources(sources) => path_dependency(&sources.join("crates").join(krate)),
        }
    }
}

/// Returns what stands behind the name of a crate that lies in `path`.
pub(crate) fn path_dependency(path: &Path) -> String {
    // A string in TOML is quoted as in JSON.
    let path = serde_json::Value::from(path.display().to_string());
    format!("{{ path = {path} }}")
}

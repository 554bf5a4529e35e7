//! The folder of compiled components, which nobody else may write to.
//!
//! It holds machine code that is run without a further look: whoever writes to it, runs as Jadwal.
//! So it is made for Jadwal's user alone, and one that others own or may write to is refused. The
//! entries are wasmtime's own, named after the component, the compiler and its settings.

use std::fs::{DirBuilder, Metadata};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use jadwal_core::BuildError;
use wasmtime::{Cache, CacheConfig};

/// Opens the cache in `folder`; `None` where the folder above it is not there, as in a place that
/// nothing was written to yet.
///
/// # Errors
/// When the folder can't be made, or others may write to it.
pub(crate) fn open(folder: &Path) -> Result<Option<Cache>, BuildError> {
    let above = folder.parent().is_some_and(Path::is_dir);
    if !above {
        return Ok(None);
    }
    let doing = || {
        format!(
            "open the cache of compiled components `{}`",
            folder.display()
        )
    };
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| BuildError::new(doing(), error))?;
    let metadata = folder.symlink_metadata();
    let metadata = metadata.map_err(|error| BuildError::new(doing(), error))?;
    if let Some(why) = writable_by_others(&metadata) {
        let why = format!(
            "it holds machine code, and {why}; give it to Jadwal's user alone (`chmod 700`), or set \
             `cache` to another folder"
        );
        return Err(BuildError::new(doing(), why));
    }
    let mut config = CacheConfig::new();
    config.with_directory(folder);
    let cache = Cache::new(config);
    cache
        .map(Some)
        .map_err(|error| BuildError::new(doing(), error))
}

/// Says who else may write to the folder, if somebody may.
fn writable_by_others(metadata: &Metadata) -> Option<String> {
    if !metadata.is_dir() {
        return Some("it is not a folder".to_owned());
    }
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user {
        return Some(format!("it belongs to the user {}", metadata.uid()));
    }
    let others = metadata.mode() & 0o022 != 0;
    others.then(|| "other users may write to it".to_owned())
}

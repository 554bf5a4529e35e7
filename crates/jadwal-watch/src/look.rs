//! Looks at one path: what it is, and which version of it.
//!
//! Nothing is opened here. What a user should hear of is told once, not at every listing.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_core::state::FileIdentity;
use tracing::warn;

use crate::rules::Rules;
use crate::stats::SourceStats;

/// Paths remembered as told of; when there are more, some are told of again.
const MAX_TOLD: usize = 10_000;

/// A regular file and its version.
#[derive(Clone, Debug)]
pub(crate) struct FoundFile {
    pub(crate) root: usize,
    pub(crate) path: PathBuf,
    pub(crate) identity: FileIdentity,
    /// Number of hard links.
    pub(crate) links: u64,
}

/// What a path is.
#[derive(Debug)]
pub(crate) enum Look {
    File(FoundFile),
    Folder,
    /// Not there, or nothing that is read.
    Nothing,
    /// It could not be looked at for now.
    Failed(io::Error),
}

/// Looks at paths and remembers what was told.
#[derive(Debug)]
pub(crate) struct Looker {
    rules: Arc<Rules>,
    stats: Arc<SourceStats>,
    told: HashMap<PathBuf, Option<FileIdentity>>,
}

impl Looker {
    pub(crate) fn new(rules: Arc<Rules>, stats: Arc<SourceStats>) -> Self {
        Self {
            rules,
            stats,
            told: HashMap::new(),
        }
    }

    /// Looks at `path`, which lies in `root`.
    pub(crate) fn look(&mut self, root: usize, path: &Path) -> Look {
        let follow = self.rules.follow_symlinks || self.rules.is_root(root, path);
        let mut metadata = fs::symlink_metadata(path);
        if metadata.as_ref().is_ok_and(Metadata::is_symlink) {
            if !follow {
                let what = "is a symbolic link; source.follow_symlinks = true follows it";
                self.tell_special(path, what);
                return Look::Nothing;
            }
            metadata = fs::metadata(path);
        }
        match metadata {
            Ok(metadata) if metadata.is_file() => Look::File(FoundFile {
                root,
                path: path.to_owned(),
                identity: identity_of(&metadata),
                links: metadata.nlink(),
            }),
            Ok(metadata) if metadata.is_dir() => Look::Folder,
            Ok(_) => {
                self.tell_special(path, "is no regular file; never opened");
                Look::Nothing
            }
            Err(error) if is_gone(&error) => Look::Nothing,
            Err(error) if is_refused(&error) => {
                self.tell_unreadable(path, None, &error);
                Look::Nothing
            }
            Err(error) => Look::Failed(error),
        }
    }

    /// Warns, once for this version of the file, that it may not be read.
    pub(crate) fn tell_unreadable(
        &mut self,
        path: &Path,
        identity: Option<FileIdentity>,
        error: &io::Error,
    ) {
        if self.told.get(path) != Some(&identity) {
            warn!(path = %path.display(), %error, "may not be read; left where it is");
            self.stats.unreadable.add(1);
            self.remember(path, identity);
        }
    }

    fn tell_special(&mut self, path: &Path, what: &str) {
        if !self.told.contains_key(path) {
            warn!(path = %path.display(), "{what}");
            self.stats.special.add(1);
            self.remember(path, None);
        }
    }

    fn remember(&mut self, path: &Path, identity: Option<FileIdentity>) {
        if self.told.len() >= MAX_TOLD {
            self.told.clear();
        }
        self.told.insert(path.to_owned(), identity);
    }
}

/// Returns which version of a file `metadata` describes.
pub(crate) fn identity_of(metadata: &Metadata) -> FileIdentity {
    FileIdentity {
        size: metadata.len(),
        modified_ns: modified_ns(metadata),
        inode: metadata.ino(),
    }
}

/// Returns the modification time in nanoseconds since 1970.
pub(crate) fn modified_ns(metadata: &Metadata) -> i128 {
    i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec())
}

/// Whether the path leads nowhere.
pub(crate) fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// Whether trying again can't help until someone changes something.
pub(crate) fn is_refused(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, PermissionDenied};
    matches!(error.kind(), PermissionDenied | InvalidFilename)
        || rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

//! The folders that are known: watched, if events are used, and what they looked like when listed.
//!
//! Each folder has a watch of its own, added before the folder is listed, so that nothing falls
//! between. Recursive watches are not used: they miss what is made right after a new folder.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{debug, warn};

use crate::hints::Hints;
use crate::look::{is_gone, modified_ns};
use crate::stats::SourceStats;

/// What tells one folder from another at the same path. The time of birth is there because an
/// inode number is soon used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FolderId {
    device: u64,
    inode: u64,
    born: Option<u128>,
}

impl FolderId {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let born = metadata.created().ok();
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            born: born
                .and_then(|born| born.duration_since(UNIX_EPOCH).ok())
                .map(|since| since.as_nanos()),
        }
    }
}

/// The known folders.
#[derive(Debug)]
pub(crate) struct Watches {
    watcher: Option<RecommendedWatcher>,
    folders: BTreeMap<PathBuf, Known>,
    by_id: HashMap<FolderId, PathBuf>,
    stats: Arc<SourceStats>,
}

#[derive(Debug)]
struct Known {
    root: usize,
    id: FolderId,
    modified_ns: i128,
    /// It changed not long ago. A second change in the same tick of the clock would not show, so
    /// where there are no events it is listed once more.
    again: bool,
}

/// What came of entering a folder.
#[derive(Debug)]
pub(crate) enum Entered {
    /// It is watched as far as can be: list it.
    New,
    /// Another path leads to the same folder: leave it.
    Alias,
    /// It is not there.
    Gone,
    /// It could not be looked at.
    Failed(io::Error),
}

impl Watches {
    /// Starts watching, unless `poll`; where events can't be had, polls.
    pub(crate) fn new(poll: bool, hints: &Arc<Hints>, stats: &Arc<SourceStats>) -> Self {
        let mut watches = Self {
            watcher: None,
            folders: BTreeMap::new(),
            by_id: HashMap::new(),
            stats: Arc::clone(stats),
        };
        if poll {
            stats.set_polling();
            return watches;
        }
        let hints = Arc::clone(hints);
        let config = notify::Config::default().with_follow_symlinks(false);
        match RecommendedWatcher::new(move |event| hints.event(event), config) {
            Ok(watcher) => watches.watcher = Some(watcher),
            Err(error) => watches.fall_back(&error, "fs.inotify.max_user_instances"),
        }
        watches
    }

    /// Whether changes are found by listing alone.
    pub(crate) fn is_polling(&self) -> bool {
        self.watcher.is_none()
    }

    pub(crate) fn knows(&self, folder: &Path) -> bool {
        self.folders.contains_key(folder)
    }

    /// Watches `folder` and makes it known; done before each listing of it. A watch that is there
    /// is set again: it may have died with a folder that had the same path.
    pub(crate) fn enter(&mut self, root: usize, folder: &Path) -> Entered {
        let first = match fs::metadata(folder) {
            Ok(metadata) if metadata.is_dir() => FolderId::of(&metadata),
            Ok(_) => return Entered::Gone,
            Err(error) if is_gone(&error) => return Entered::Gone,
            Err(error) => return Entered::Failed(error),
        };
        if let Some(other) = self.by_id.get(&first).filter(|other| *other != folder) {
            let other = other.clone();
            if fs::metadata(&other).is_ok_and(|metadata| FolderId::of(&metadata) == first) {
                debug!(path = %folder.display(), other = %other.display(), "the same folder again");
                return Entered::Alias;
            }
            // It was moved here: the watch on its old path is the same watch, so it goes first.
            self.forget(&other);
        }
        self.watch(folder);
        // What is remembered is older than the listing that follows: a change in between shows.
        match fs::metadata(folder) {
            Ok(metadata) => self.remember(root, folder, &metadata),
            Err(error) if is_gone(&error) => return Entered::Gone,
            Err(error) => return Entered::Failed(error),
        }
        Entered::New
    }

    /// Forgets `folder` and all below it.
    pub(crate) fn forget(&mut self, folder: &Path) {
        let below: Vec<PathBuf> = self
            .folders
            .range(folder.to_owned()..)
            .map(|(path, _)| path)
            .take_while(|path| path.starts_with(folder))
            .cloned()
            .collect();
        for path in below {
            if let Some(known) = self.folders.remove(&path)
                && self.by_id.get(&known.id) == Some(&path)
            {
                self.by_id.remove(&known.id);
            }
            if let Some(watcher) = &mut self.watcher
                && let Err(error) = watcher.unwatch(&path)
            {
                debug!(path = %path.display(), %error, "the watch was gone already");
            }
        }
        self.stats.folders.set(self.folders.len() as u64);
    }

    /// Returns the folders that look changed since they were listed, with their roots; forgets
    /// those that are gone.
    pub(crate) fn changed(&mut self) -> Vec<(usize, PathBuf)> {
        let mut changed = Vec::new();
        let mut gone = Vec::new();
        let polling = self.is_polling();
        for (path, known) in &mut self.folders {
            match fs::metadata(path) {
                Ok(metadata) => {
                    let same = known.modified_ns == modified_ns(&metadata);
                    if !same || (polling && known.again) || known.id != FolderId::of(&metadata) {
                        changed.push((known.root, path.clone()));
                    }
                    known.again = !same;
                }
                Err(error) if is_gone(&error) => gone.push(path.clone()),
                Err(error) => debug!(path = %path.display(), %error, "could not be looked at"),
            }
        }
        for path in gone {
            self.forget(&path);
        }
        changed
    }

    fn remember(&mut self, root: usize, folder: &Path, metadata: &Metadata) {
        let id = FolderId::of(metadata);
        let modified_ns = modified_ns(metadata);
        let before = self.folders.get(folder);
        if let Some(before) = before.filter(|before| before.id != id) {
            self.by_id.remove(&before.id);
        }
        let known = Known {
            root,
            id,
            modified_ns,
            again: before.is_none_or(|before| before.again || before.modified_ns != modified_ns),
        };
        self.folders.insert(folder.to_owned(), known);
        self.by_id.insert(id, folder.to_owned());
        self.stats.folders.set(self.folders.len() as u64);
    }

    fn watch(&mut self, folder: &Path) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive) else {
            return;
        };
        match &error.kind {
            ErrorKind::MaxFilesWatch => self.fall_back(&error, "fs.inotify.max_user_watches"),
            ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => {
                self.fall_back(&error, "fs.inotify.max_user_watches");
            }
            // The listing that follows tells what is wrong with it, and finds what is in it.
            _ => debug!(path = %folder.display(), %error, "could not be watched"),
        }
    }

    fn fall_back(&mut self, error: &notify::Error, limit: &str) {
        self.watcher = None;
        self.stats.set_polling();
        warn!(
            %error,
            raise = limit,
            "file-system events can't be had for all folders; listing them in turns instead"
        );
    }
}

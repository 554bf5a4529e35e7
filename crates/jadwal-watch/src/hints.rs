//! What events say: paths to look at, bounded, and a bell for the source's thread.
//!
//! The watcher's thread only ever adds to a set under a short lock, so it never blocks on the
//! pipeline. When the set is full, files collapse into their folders, and folders into "everything".

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RemoveKind, RenameMode};

/// Paths held before they collapse into their folders, and folders before they collapse.
const MAX_PATHS: usize = 10_000;

/// What is known of a touched path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The last that happened is that it was renamed to this name: it is complete.
    pub(crate) renamed_in: bool,
    /// The last that happened is that it was created: complete if it is a hard link.
    pub(crate) created: bool,
    /// It appeared, went or was renamed: if it is a folder, all below it is unknown.
    pub(crate) tree: bool,
}

/// What was hinted at since the last time.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) paths: HashMap<PathBuf, Hint>,
    pub(crate) folders: HashSet<PathBuf>,
    pub(crate) everything: bool,
}

/// The hints, shared by the watcher's thread, the settler and the source.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: Taken,
    woken: bool,
}

impl Hints {
    /// Takes an event of the watcher.
    pub(crate) fn event(&self, event: notify::Result<notify::Event>) {
        let Ok(event) = event else {
            // Some events are lost, and nobody can say which.
            return self.everything();
        };
        if event.need_rescan() {
            return self.everything();
        }
        let hint = match event.kind {
            EventKind::Create(_) => Hint {
                created: true,
                tree: true,
                ..Hint::default()
            },
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Hint {
                renamed_in: true,
                tree: true,
                ..Hint::default()
            },
            // Both halves of it come by themselves as well.
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => return,
            // A file that goes concerns nobody; our own reading must not wake us.
            EventKind::Remove(RemoveKind::File) => return,
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Hint::default(),
            EventKind::Access(_) => return,
            EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)) => Hint::default(),
            EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Any | EventKind::Other => {
                Hint {
                    tree: true,
                    ..Hint::default()
                }
            }
        };
        for path in event.paths {
            self.touch(path, hint);
        }
    }

    /// Asks that `path` be looked at.
    pub(crate) fn touch(&self, path: PathBuf, hint: Hint) {
        let mut state = self.lock();
        state.taken.add(path, hint);
        drop(state);
        self.bell.notify_one();
    }

    /// Asks that everything be looked at.
    pub(crate) fn everything(&self) {
        self.lock().taken.collapse_all();
        self.bell.notify_one();
    }

    /// Ends the current wait, or the next one.
    pub(crate) fn wake(&self) {
        self.lock().woken = true;
        self.bell.notify_one();
    }

    /// Takes what was hinted at.
    pub(crate) fn take(&self) -> Taken {
        std::mem::take(&mut self.lock().taken)
    }

    /// Waits until `limit` is over, or it is woken, or there is a hint and `for_hints` is set.
    pub(crate) fn wait(&self, limit: Duration, for_hints: bool) {
        let end = Instant::now() + limit;
        let mut state = self.lock();
        while !(state.woken || for_hints && state.taken.is_any()) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self
                .bell
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.woken = false;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock; what it guards is whole either way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn is_any(&self) -> bool {
        self.everything || !self.paths.is_empty() || !self.folders.is_empty()
    }

    fn add(&mut self, path: PathBuf, hint: Hint) {
        if self.everything {
            return;
        }
        let known = self.paths.entry(path).or_default();
        *known = Hint {
            tree: known.tree || hint.tree,
            ..hint
        };
        if self.paths.len() >= MAX_PATHS {
            let parents = self.paths.drain().filter_map(|(path, _)| parent_of(&path));
            self.folders.extend(parents);
        }
        if self.folders.len() >= MAX_PATHS {
            self.collapse_all();
        }
    }

    fn collapse_all(&mut self) {
        *self = Self {
            everything: true,
            ..Self::default()
        };
    }
}

fn parent_of(path: &Path) -> Option<PathBuf> {
    path.parent().map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(hints: &Hints, folder: usize, file: usize) {
        let path = PathBuf::from(format!("/in/{folder}/{file}"));
        hints.touch(path, Hint::default());
    }

    #[test]
    fn many_files_collapse_into_folders_and_many_folders_into_everything() {
        let hints = Hints::default();
        (0..MAX_PATHS).for_each(|file| touched(&hints, file % 3, file));
        let taken = hints.take();
        assert_eq!((taken.paths.len(), taken.folders.len()), (0, 3));
        (0..2 * MAX_PATHS).for_each(|folder| touched(&hints, folder, 0));
        let taken = hints.take();
        assert!(taken.everything && taken.paths.is_empty() && taken.folders.is_empty());
    }

    #[test]
    fn a_rescan_without_a_path_means_everything() {
        let hints = Hints::default();
        let event = notify::Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        hints.event(Ok(event));
        assert!(hints.take().everything);
    }

    #[test]
    fn writing_after_a_rename_takes_the_mark_of_completeness_away() {
        let hints = Hints::default();
        let event = |kind| Ok(notify::Event::new(kind).add_path("/in/a".into()));
        hints.event(event(EventKind::Modify(ModifyKind::Name(RenameMode::To))));
        hints.event(event(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(hints.take().paths[Path::new("/in/a")].renamed_in);
        hints.event(event(EventKind::Modify(ModifyKind::Name(RenameMode::To))));
        let written = AccessKind::Close(AccessMode::Write);
        hints.event(event(EventKind::Access(written)));
        let hint = hints.take().paths[Path::new("/in/a")];
        assert!(!hint.renamed_in && hint.tree);
    }

    #[test]
    fn being_woken_ends_the_next_wait() {
        let hints = Hints::default();
        hints.wake();
        hints.wait(Duration::from_secs(60), false);
        touched(&hints, 0, 0);
        hints.wait(Duration::from_secs(60), true);
        hints.wait(Duration::from_millis(1), false);
    }
}

//! Lists folders one at a time; a walk can stop at any entry and go on later.
//!
//! One folder is open at a time, and the queue holds folders only, so a walk over any number of
//! files takes one handle and no memory for files.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, FileType, ReadDir};
use std::io;
use std::path::{Path, PathBuf};

/// What led to a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The first listing.
    Start,
    /// An event.
    Event,
    /// A later listing.
    Scan,
}

/// A folder to list.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) root: usize,
    pub(crate) folder: PathBuf,
    pub(crate) why: Why,
    /// Whether folders in it are listed even if they are known.
    pub(crate) deep: bool,
}

/// What comes next in a walk.
#[derive(Debug)]
pub(crate) enum Step {
    /// This folder is next: the caller opens it with [`Walk::open`], or leaves it.
    Enter(Job),
    /// An entry of the open folder.
    Entry(Entry),
    /// Listing a folder broke off.
    Broken(Job, io::Error),
}

/// An entry of a folder.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    /// What the listing says it is, where it says so.
    pub(crate) kind: Option<FileType>,
    pub(crate) root: usize,
    pub(crate) why: Why,
    pub(crate) deep: bool,
}

/// A listing in progress.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    queue: VecDeque<PathBuf>,
    queued: HashMap<PathBuf, Job>,
    open: Option<(Job, ReadDir)>,
}

impl Walk {
    /// Queues a folder; one that waits already is not queued twice.
    pub(crate) fn push(&mut self, job: Job) {
        if let Some(waiting) = self.queued.get_mut(&job.folder) {
            waiting.deep |= job.deep;
            return;
        }
        self.queue.push_back(job.folder.clone());
        self.queued.insert(job.folder.clone(), job);
    }

    /// Opens the folder of `job` for listing.
    pub(crate) fn open(&mut self, job: Job) -> io::Result<()> {
        let entries = fs::read_dir(&job.folder)?;
        self.open = Some((job, entries));
        Ok(())
    }

    pub(crate) fn is_done(&self) -> bool {
        self.open.is_none() && self.queue.is_empty()
    }

    /// Goes one step; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Step> {
        if let Some((job, entries)) = &mut self.open {
            match entries.next() {
                Some(Ok(entry)) => {
                    return Some(Step::Entry(Entry {
                        path: entry.path(),
                        kind: entry.file_type().ok(),
                        root: job.root,
                        why: job.why,
                        deep: job.deep,
                    }));
                }
                Some(Err(error)) => {
                    let job = job.clone();
                    self.open = None;
                    return Some(Step::Broken(job, error));
                }
                None => self.open = None,
            }
        }
        let folder = self.queue.pop_front()?;
        self.queued.remove(&folder).map(Step::Enter)
    }

    /// Takes a folder and what lies below it off the queue.
    pub(crate) fn forget(&mut self, folder: &Path) {
        self.queued.retain(|path, _| !path.starts_with(folder));
        let queued = &self.queued;
        self.queue.retain(|path| queued.contains_key(path));
    }
}

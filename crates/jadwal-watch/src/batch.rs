//! Works through all files once, in order: by root, modification time, path.
//!
//! All is listed before the first file is read, so the totals are known from the start.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jadwal_core::source::{Intake, SourceError};
use tracing::{info, warn};

use crate::folder::{Decision, Folder, backoff};
use crate::look::{FoundFile, Look, is_gone, is_refused};
use crate::open::Halt;
use crate::order::{Listed, Sorter};
use crate::read::Position;
use crate::walk::{Job, Step, Walk, Why};
use crate::watches::FolderId;

/// How often a file is tried that changes while it is read, or can't be read.
const MAX_ATTEMPTS: u32 = 5;

/// Longest wait between two tries.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// One pass over the folder.
pub(crate) struct Batch<'a> {
    folder: &'a mut Folder,
    walk: Walk,
    sorter: Sorter,
    /// Folders that were listed: symbolic links may lead to one twice, or in a circle.
    listed: HashSet<FolderId>,
    files: u64,
    bytes: u64,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(folder: &'a mut Folder) -> Self {
        let options = &folder.options;
        Self {
            walk: Walk::default(),
            sorter: Sorter::new(options.sort_in_memory, options.spill_dir.clone()),
            listed: HashSet::new(),
            files: 0,
            bytes: 0,
            folder,
        }
    }

    pub(crate) fn run(mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        let resumable = self.folder.resumable()?;
        self.list_all(intake)?;
        if intake.stopping() {
            return Ok(());
        }
        self.folder.stats.total_files.set(self.files);
        self.folder.stats.total_bytes.set(self.bytes);
        self.folder.stats.full_scans.add(1);
        if let Some((found, from)) = resumable
            && !take(self.folder, found, from, intake)
        {
            return Ok(());
        }
        for listed in self.sorter.finish().map_err(spill_error)? {
            let found = found_again(listed.map_err(spill_error)?);
            if intake.stopping() {
                return Ok(());
            }
            // It may be on its way by now, found through another root.
            if let Decision::Take(from) = self.folder.decide(&found, false)?
                && !take(self.folder, found, from, intake)
            {
                return Ok(());
            }
        }
        let unmarked = self.folder.stats.unmarked.get();
        if unmarked > 0 {
            info!(
                files = unmarked,
                "left because their done marker is missing"
            );
        }
        Ok(())
    }

    fn list_all(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        for root in 0..self.folder.rules.roots.len() {
            let path = self.folder.rules.roots[root].path.clone();
            match self.folder.looker.look(root, &path) {
                Look::File(found) => self.add(&found)?,
                Look::Folder => self.push(root, path),
                Look::Nothing => return Err(list_error(&path, io::ErrorKind::NotFound.into())),
                Look::Failed(error) => return Err(list_error(&path, error)),
            }
            while let Some(step) = self.walk.next() {
                if intake.stopping() {
                    return Ok(());
                }
                self.step(step)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, step: Step) -> Result<(), SourceError> {
        match step {
            Step::Enter(job) => self.enter(&job),
            Step::Broken(job, error) => self.broken(&job, error),
            Step::Entry(entry) => match self.folder.look_at(entry.root, &entry.path, entry.kind) {
                Look::File(found) => self.add(&found),
                Look::Folder => {
                    self.push(entry.root, entry.path);
                    Ok(())
                }
                Look::Nothing => Ok(()),
                Look::Failed(error) => Err(list_error(&entry.path, error)),
            },
        }
    }

    fn enter(&mut self, job: &Job) -> Result<(), SourceError> {
        let opened = std::fs::metadata(&job.folder).and_then(|metadata| {
            // Each root is listed in full; within one, no folder twice.
            let is_root = self.folder.rules.is_root(job.root, &job.folder);
            if is_root {
                self.listed.clear();
            }
            if self.listed.insert(FolderId::of(&metadata)) {
                self.walk.open(job.clone())?;
            }
            Ok(())
        });
        opened.or_else(|error| self.broken(job, error))
    }

    /// An incomplete listing must not pass for a complete one, unless the folder is gone or locked.
    fn broken(&mut self, job: &Job, error: io::Error) -> Result<(), SourceError> {
        let is_root = self.folder.rules.is_root(job.root, &job.folder);
        if is_refused(&error) && !is_root {
            let looker = &mut self.folder.looker;
            looker.tell_unreadable(&job.folder, None, &error);
            return Ok(());
        }
        if is_gone(&error) && !is_root {
            return Ok(());
        }
        Err(list_error(&job.folder, error))
    }

    fn add(&mut self, found: &FoundFile) -> Result<(), SourceError> {
        match self.folder.decide(found, true)? {
            Decision::Leave => {
                self.folder.stats.done_before.add(1);
                Ok(())
            }
            Decision::Unmarked => {
                self.folder.stats.unmarked.add(1);
                Ok(())
            }
            Decision::Take(_) => {
                self.files += 1;
                self.bytes += found.identity.size;
                let listed = Listed::new(found.root, &found.path, found.identity);
                self.sorter.push(listed).map_err(spill_error)
            }
        }
    }

    fn push(&mut self, root: usize, folder: PathBuf) {
        self.walk.push(Job {
            root,
            folder,
            why: Why::Start,
            deep: true,
        });
    }
}

/// Reads a file, again if need be; `false` when the pipeline stops.
fn take(
    folder: &mut Folder,
    mut found: FoundFile,
    mut from: Position,
    intake: &mut dyn Intake,
) -> bool {
    for attempt in 1..=MAX_ATTEMPTS {
        let Err(halt) = folder.reader.read(&found, &mut from, intake) else {
            folder.stats.found_at_start.add(1);
            return true;
        };
        if matches!(halt, Halt::Stopped) {
            return false;
        }
        if !folder.note_halt(&found, &halt, attempt == 1) {
            return true;
        }
        folder.hints.wait(backoff(attempt, MAX_WAIT), false);
        if intake.stopping() {
            return false;
        }
        match folder.looker.look(found.root, &found.path) {
            Look::File(now) if now.identity != found.identity => {
                from = from.in_new_version();
                found = now;
            }
            Look::File(_) | Look::Failed(_) => {}
            Look::Folder | Look::Nothing => return true,
        }
    }
    folder.stats.left.add(1);
    warn!(path = %found.path.display(), "would not stand still or could not be read; left");
    true
}

fn found_again(listed: Listed) -> FoundFile {
    FoundFile {
        root: listed.root,
        identity: listed.identity(),
        path: listed.path.into(),
        links: 1,
    }
}

fn list_error(path: &Path, error: io::Error) -> SourceError {
    SourceError::Other {
        doing: format!("list `{}`", path.display()),
        source: error.into(),
    }
}

fn spill_error(error: io::Error) -> SourceError {
    SourceError::Other {
        doing: "sort the files on disk".to_owned(),
        source: error.into(),
    }
}

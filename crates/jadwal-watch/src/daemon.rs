//! Takes files as they come, for as long as the pipeline runs.
//!
//! One loop on one thread: look at what events point at, list a little, see which files stood still,
//! read some of those that are ready, wait. Each part gives way after a short while, so none starves
//! another. When the candidates are full, hints and listings pause: what they would have found is
//! still in the folders.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jadwal_core::source::{Intake, SourceError};
use tracing::{debug, warn};

use crate::candidates::{Candidate, Candidates};
use crate::folder::{Decision, Folder, backoff};
use crate::hints::Hint;
use crate::look::{FoundFile, Look, is_gone, is_refused};
use crate::open::Halt;
use crate::rounds::{Round, Rounds};
use crate::walk::{Job, Step, Walk, Why};
use crate::watches::{Entered, Watches};

/// How long one part of the loop may run before the others get their turn.
const SLICE: Duration = Duration::from_millis(50);

/// Events that come in such a span are handled together.
const GATHER: Duration = Duration::from_millis(5);

/// How long no file is read after an error that is not the file's own.
const PAUSE: Duration = Duration::from_millis(100);

/// Longest time before a file or folder that could not be read is tried again.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// The daemon's state.
pub(crate) struct Daemon<'a> {
    folder: &'a mut Folder,
    watches: Watches,
    walk: Walk,
    rounds: Rounds,
    candidates: Candidates,
    /// When reading goes on after an error that other files may meet too.
    paused_until: Option<Instant>,
    /// Folders whose listing failed for now.
    put_off: Vec<(Instant, Job)>,
}

impl<'a> Daemon<'a> {
    pub(crate) fn new(folder: &'a mut Folder) -> Self {
        let options = &folder.options;
        let poll = options.watch == crate::WatchMode::Poll;
        let watches = Watches::new(poll, &folder.hints, &folder.stats);
        let candidates = Candidates::new(options.settle, options.max_candidates);
        Self {
            watches,
            candidates,
            walk: Walk::default(),
            rounds: Rounds::new(options),
            paused_until: None,
            put_off: Vec::new(),
            folder,
        }
    }

    pub(crate) fn run(mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        if let Some((found, from)) = self.folder.resumable()? {
            let candidate = Candidate {
                found,
                why: Why::Start,
                from,
                attempts: 0,
            };
            if !self.read(candidate, intake) {
                return Ok(());
            }
        }
        while !intake.stopping() {
            self.do_rounds();
            if self.candidates.has_room() {
                self.follow_hints()?;
            }
            self.list_some()?;
            self.promote();
            if !self.read_some(intake) {
                break;
            }
            self.folder.stats.waiting.set(self.candidates.len() as u64);
            self.wait();
        }
        Ok(())
    }

    /// Starts the rounds whose time has come.
    fn do_rounds(&mut self) {
        let now = Instant::now();
        while let Some(round) = self.rounds.due(now) {
            match round {
                Round::Lost(root) => {
                    let path = self.folder.rules.roots[root].path.clone();
                    self.watches.forget(&path);
                    self.walk.forget(&path);
                }
                Round::Arrived(root) => {
                    let path = self.folder.rules.roots[root].path.clone();
                    self.watches.forget(&path);
                    self.queue(root, path, self.rounds.why(), true);
                }
                Round::Touched(root) => {
                    let path = self.folder.rules.roots[root].path.clone();
                    self.folder.hints.touch(path, Hint::default());
                }
                Round::Changed => {
                    let changed = self.watches.changed();
                    self.rounds.spent(now.elapsed());
                    for (root, path) in changed {
                        self.queue(root, path, Why::Scan, false);
                    }
                }
                Round::Full => self.list_everything(),
            }
        }
        for (_, job) in self.put_off.extract_if(.., |(due, _)| *due <= now) {
            self.walk.push(job);
        }
    }

    fn list_everything(&mut self) {
        for root in 0..self.folder.rules.roots.len() {
            if self.rounds.is_folder(root) {
                let path = self.folder.rules.roots[root].path.clone();
                self.queue(root, path, self.rounds.why(), true);
            }
        }
    }

    fn queue(&mut self, root: usize, folder: PathBuf, why: Why, deep: bool) {
        self.walk.push(Job {
            root,
            folder,
            why,
            deep,
        });
    }

    /// Looks at what events pointed at.
    fn follow_hints(&mut self) -> Result<(), SourceError> {
        let taken = self.folder.hints.take();
        if taken.everything {
            warn!("file-system events were lost; listing everything");
            self.rounds.events_lost();
        }
        for path in taken.folders {
            if let Some(root) = self.folder.rules.root_of(&path)
                && !self.folder.rules.is_skipped(root, &path)
            {
                self.queue(root, path, Why::Event, false);
            }
        }
        for (path, hint) in taken.paths {
            self.follow_hint(&path, hint)?;
        }
        Ok(())
    }

    fn follow_hint(&mut self, path: &Path, hint: Hint) -> Result<(), SourceError> {
        let Some(root) = self.folder.rules.root_of(path) else {
            return Ok(());
        };
        if let Some(marked) = self.folder.rules.marked_file(path) {
            return self.follow_hint(&marked, Hint::default());
        }
        if self.folder.rules.is_skipped(root, path) {
            return Ok(());
        }
        match self.folder.look_at(root, path, None) {
            Look::File(found) => {
                let complete = hint.renamed_in || (hint.created && found.links > 1);
                self.found(found, Why::Event, complete, false)
            }
            Look::Folder => {
                // One that came or went may be another one by now, with all below it.
                self.queue(root, path.to_owned(), Why::Event, hint.tree);
                Ok(())
            }
            Look::Nothing => {
                if self.watches.knows(path) && path.symlink_metadata().is_err() {
                    self.watches.forget(path);
                }
                Ok(())
            }
            Look::Failed(error) => {
                debug!(path = %path.display(), %error, "could not be looked at; its folder is listed");
                if let Some(folder) = path.parent() {
                    self.put_off(Job {
                        root,
                        folder: folder.to_owned(),
                        why: Why::Event,
                        deep: false,
                    });
                }
                Ok(())
            }
        }
    }

    /// Notes a file of a wanted name.
    fn found(
        &mut self,
        found: FoundFile,
        why: Why,
        complete: bool,
        settle_again: bool,
    ) -> Result<(), SourceError> {
        let now = Instant::now();
        let (path, identity) = (&found.path, found.identity);
        if self.candidates.observe(path, identity, complete, now) {
            return Ok(());
        }
        let Decision::Take(from) = self.folder.decide(&found, settle_again)? else {
            return Ok(());
        };
        let is_marked = self.folder.rules.marker_of(&found.path).is_some();
        let candidate = Candidate {
            found,
            why,
            from,
            attempts: 0,
        };
        if complete || is_marked {
            self.candidates.add_ready(candidate);
        } else {
            self.candidates.add(candidate, now);
        }
        Ok(())
    }

    /// Goes on with the listing for a while.
    fn list_some(&mut self) -> Result<(), SourceError> {
        let start = Instant::now();
        while self.candidates.has_room() && start.elapsed() < SLICE {
            let Some(step) = self.walk.next() else {
                break;
            };
            self.step(step)?;
        }
        self.rounds.spent(start.elapsed());
        if self.walk.is_done()
            && self
                .rounds
                .finish(Instant::now(), self.watches.is_polling())
        {
            self.folder.stats.full_scans.add(1);
        }
        Ok(())
    }

    fn step(&mut self, step: Step) -> Result<(), SourceError> {
        match step {
            Step::Enter(job) => self.enter(job),
            Step::Broken(job, error) => self.broken(job, &error),
            Step::Entry(entry) => match self.folder.look_at(entry.root, &entry.path, entry.kind) {
                Look::File(found) => {
                    // A full listing is when a failed move or removal is tried again.
                    self.found(found, entry.why, false, entry.deep)?;
                }
                Look::Folder => {
                    if entry.deep || !self.watches.knows(&entry.path) {
                        self.queue(entry.root, entry.path, entry.why, true);
                    }
                }
                Look::Nothing => {}
                Look::Failed(error) => {
                    if let Some(folder) = entry.path.parent() {
                        let folder = folder.to_owned();
                        let (root, why, deep) = (entry.root, entry.why, false);
                        self.broken(
                            Job {
                                root,
                                folder,
                                why,
                                deep,
                            },
                            &error,
                        );
                    }
                }
            },
        }
        Ok(())
    }

    fn enter(&mut self, job: Job) {
        match self.watches.enter(job.root, &job.folder) {
            Entered::New => {
                if let Err(error) = self.walk.open(job.clone()) {
                    self.broken(job, &error);
                }
            }
            Entered::Alias => {}
            Entered::Gone => self.watches.forget(&job.folder),
            Entered::Failed(error) => self.broken(job, &error),
        }
    }

    /// A folder could not be listed to its end.
    fn broken(&mut self, job: Job, error: &std::io::Error) {
        if is_gone(error) {
            self.watches.forget(&job.folder);
        } else if is_refused(error) {
            // An event, or the next full listing, leads here again.
            let looker = &mut self.folder.looker;
            looker.tell_unreadable(&job.folder, None, error);
        } else {
            self.folder.stats.read_errors.add(1);
            warn!(path = %job.folder.display(), %error, "could not be listed now; it is tried again");
            self.put_off(job);
        }
    }

    /// Tries a folder again in a while; once, however many of its entries failed.
    fn put_off(&mut self, job: Job) {
        let mut waiting = self.put_off.iter_mut().map(|(_, waiting)| waiting);
        if let Some(known) = waiting.find(|waiting| waiting.folder == job.folder) {
            known.deep |= job.deep;
            return;
        }
        let due = Instant::now() + Duration::from_secs(2);
        self.put_off.push((due, job));
    }

    /// Makes ready what stood still for long enough.
    fn promote(&mut self) {
        let now = Instant::now();
        while let Some(mut candidate) = self.candidates.take_due(now) {
            match self
                .folder
                .looker
                .look(candidate.found.root, &candidate.found.path)
            {
                Look::File(found) if found.identity == candidate.found.identity => {
                    self.candidates.add_ready(candidate);
                }
                Look::File(found) => {
                    candidate.found = found;
                    candidate.from = candidate.from.in_new_version();
                    self.candidates.add(candidate, now);
                }
                Look::Failed(_) => {
                    candidate.attempts += 1;
                    let due = now + backoff(candidate.attempts, MAX_BACKOFF);
                    self.candidates.add_waiting(candidate, due);
                }
                Look::Folder | Look::Nothing => self.folder.stats.vanished.add(1),
            }
        }
    }

    /// Reads some of the files that are ready; `false` when the pipeline stops.
    fn read_some(&mut self, intake: &mut dyn Intake) -> bool {
        let start = Instant::now();
        if self.paused_until.is_some_and(|until| until <= start) {
            self.paused_until = None;
        }
        while self.paused_until.is_none() && start.elapsed() < SLICE {
            let Some(candidate) = self.candidates.take_ready() else {
                break;
            };
            if !self.read(candidate, intake) {
                return false;
            }
        }
        true
    }

    /// Reads one file; `false` when the pipeline stops.
    fn read(&mut self, mut candidate: Candidate, intake: &mut dyn Intake) -> bool {
        let Candidate { found, from, .. } = &mut candidate;
        let Err(halt) = self.folder.reader.read(found, from, intake) else {
            let stats = &self.folder.stats;
            match candidate.why {
                Why::Start => stats.found_at_start.add(1),
                Why::Event => stats.found_by_event.add(1),
                Why::Scan => stats.found_by_scan.add(1),
            }
            return true;
        };
        if matches!(halt, Halt::Stopped) {
            return false;
        }
        let first = candidate.attempts == 0;
        if self.folder.note_halt(&candidate.found, &halt, first) {
            candidate.attempts += 1;
            let wait = match halt {
                // It is looked at again then, and waits anew if it is another version.
                Halt::Changed => Duration::ZERO,
                _ => {
                    // Without a pause, each file in turn would fail for want of handles.
                    self.paused_until = Some(Instant::now() + PAUSE);
                    backoff(candidate.attempts, MAX_BACKOFF)
                }
            };
            self.candidates
                .add_waiting(candidate, Instant::now() + wait);
        }
        true
    }

    fn wait(&self) {
        if self.candidates.has_ready() && self.paused_until.is_none() {
            return;
        }
        let room = self.candidates.has_room();
        if room && !self.walk.is_done() {
            return;
        }
        let now = Instant::now();
        let due = [
            self.candidates.next_due(),
            self.paused_until,
            self.put_off.iter().map(|(due, _)| *due).min(),
        ];
        let next = due
            .into_iter()
            .flatten()
            .fold(self.rounds.next(), Instant::min);
        self.folder
            .hints
            .wait(next.saturating_duration_since(now), room);
        // What comes in one breath is handled in one turn.
        self.folder.hints.wait(GATHER, false);
    }
}

//! The folder source: what the daemon and the batch share.

use std::fs::FileType;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jadwal_core::source::{Intake, Settler, Source, SourceError, Waker};
use jadwal_core::state::{FileProgress, StateStore};
use tracing::{debug, info};

use crate::batch::Batch;
use crate::daemon::Daemon;
use crate::flight::Flight;
use crate::hints::Hints;
use crate::look::{FoundFile, Look, Looker};
use crate::open::Halt;
use crate::options::{FolderOptions, OptionsError};
use crate::read::{Position, Reader};
use crate::rules::Rules;
use crate::settler::FolderSettler;
use crate::stats::SourceStats;

/// Feeds the files of folders to the pipeline: once, or as they come.
pub struct FolderSource {
    folder: Folder,
}

/// What both ways of working through a folder need.
pub(crate) struct Folder {
    pub(crate) options: FolderOptions,
    pub(crate) rules: Arc<Rules>,
    pub(crate) stats: Arc<SourceStats>,
    pub(crate) hints: Arc<Hints>,
    pub(crate) looker: Looker,
    pub(crate) reader: Reader,
    state: Arc<dyn StateStore>,
    flight: Arc<Flight>,
    settler: Arc<FolderSettler>,
}

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing: it is done, or on its way.
    Leave,
    /// Its marker is missing.
    Unmarked,
    /// Read it from here on.
    Take(Position),
}

impl FolderSource {
    /// Prepares a source that looks files up in `state` and counts in `stats`. Touches no file.
    ///
    /// # Errors
    /// When a glob, a path or a marker can't be used.
    pub fn new(
        options: FolderOptions,
        state: Arc<dyn StateStore>,
        stats: Arc<SourceStats>,
    ) -> Result<Self, OptionsError> {
        let rules = Arc::new(Rules::new(&options)?);
        let hints = Arc::<Hints>::default();
        let flight = Arc::<Flight>::default();
        let settler = Arc::new(FolderSettler::new(
            options.on_done.clone(),
            Arc::clone(&rules),
            Arc::clone(&flight),
            Arc::clone(&hints),
            Arc::clone(&stats),
        ));
        let reader = Reader::new(
            &options,
            Arc::clone(&rules),
            Arc::clone(&stats),
            Arc::clone(&flight),
        );
        Ok(Self {
            folder: Folder {
                looker: Looker::new(Arc::clone(&rules), Arc::clone(&stats)),
                options,
                rules,
                stats,
                hints,
                reader,
                state,
                flight,
                settler,
            },
        })
    }
}

impl Source for FolderSource {
    fn waker(&self) -> Waker {
        let hints = Arc::clone(&self.folder.hints);
        Arc::new(move || hints.wake())
    }

    fn settler(&self) -> Arc<dyn Settler> {
        Arc::clone(&self.folder.settler) as Arc<dyn Settler>
    }

    fn run(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        if self.folder.options.once {
            Batch::new(&mut self.folder).run(intake)
        } else {
            Daemon::new(&mut self.folder).run(intake)
        }
    }
}

impl Folder {
    /// Decides about a file of a wanted name. A file that is done but should have left the folder
    /// is sent away if `settle_again`.
    pub(crate) fn decide(
        &self,
        found: &FoundFile,
        settle_again: bool,
    ) -> Result<Decision, SourceError> {
        // First the flight, then the ledger: the settler lands a file after its row is committed. The
        // other way round, a file could be missing in both looks, and be read twice.
        if self.flight.holds(&found.path, found.identity) {
            return Ok(Decision::Leave);
        }
        let row = self.state.file(&found.path)?;
        let known = row.map(|row| (row.identity == found.identity, row.progress, row.end));
        let from = match known {
            Some((true, FileProgress::Done, _)) => {
                if settle_again && !self.settler.keeps() {
                    self.settler.act(&found.path, found.identity);
                }
                return Ok(Decision::Leave);
            }
            // Of another version the part that was read may still be the same: the reader compares it
            // with the prefix, and begins anew if it is not.
            Some((
                same,
                FileProgress::Partial {
                    next_record,
                    next_byte,
                    prefix,
                },
                _,
            )) if same || prefix.is_some() => Position {
                record: next_record,
                byte: next_byte,
                prefix: prefix.map(blake3::Hash::from_bytes),
            },
            Some((false, FileProgress::Done, Some(end))) => end.into(),
            _ => Position::default(),
        };
        match self.rules.marker_of(&found.path) {
            Some(marker) if marker.symlink_metadata().is_err() => Ok(Decision::Unmarked),
            _ => Ok(Decision::Take(from)),
        }
    }

    /// Returns the file that the last run read in part, if it is still the same.
    pub(crate) fn resumable(&mut self) -> Result<Option<(FoundFile, Position)>, SourceError> {
        let Some(path) = self.state.resume()? else {
            return Ok(None);
        };
        let Some(root) = self.rules.root_of(&path) else {
            return Ok(None);
        };
        if !self.wants_file(root, &path) {
            return Ok(None);
        }
        let Look::File(found) = self.looker.look(root, &path) else {
            return Ok(None);
        };
        match self.decide(&found, false)? {
            Decision::Take(from) if from != Position::default() => {
                info!(path = %path.display(), record = from.record, "reading goes on in the middle");
                Ok(Some((found, from)))
            }
            _ => Ok(None),
        }
    }

    /// Removes what a crash left between setting a file that is done aside and removing it.
    fn sweep(&self, aside: &Path, original: &Path) {
        let Ok(Some(row)) = self.state.file(original) else {
            return;
        };
        if row.progress == FileProgress::Done {
            self.settler.remove_left_over(aside, row.identity);
        }
    }

    /// Looks at an entry of a folder, if its name is wanted; `kind` is what the listing said it is.
    pub(crate) fn look_at(&mut self, root: usize, path: &Path, kind: Option<FileType>) -> Look {
        if let Some(original) = self.settler.original_of(path) {
            self.sweep(path, &original);
        }
        let is_folder = kind.is_some_and(|kind| kind.is_dir());
        let may_be_folder = is_folder || kind.is_none_or(|kind| kind.is_symlink());
        let wanted_file = !is_folder && self.rules.wants_file(root, path);
        let wanted_folder = may_be_folder && self.rules.wants_folder(root, path);
        if is_folder && wanted_folder {
            return Look::Folder;
        }
        if !wanted_file && !wanted_folder {
            let is_file = kind.is_some_and(|kind| kind.is_file());
            if self.options.once && is_file && self.rules.lacks_glob(root, path) {
                self.stats.passed_over.add(1);
            }
            return Look::Nothing;
        }
        match self.looker.look(root, path) {
            Look::File(_) if !wanted_file => Look::Nothing,
            Look::Folder if !wanted_folder => Look::Nothing,
            look => look,
        }
    }

    /// Whether a file of this path may be read.
    pub(crate) fn wants_file(&self, root: usize, path: &Path) -> bool {
        self.rules.wants_file(root, path) && !self.rules.is_skipped(root, path)
    }

    /// Counts and tells why a file was not read; returns whether to try again.
    pub(crate) fn note_halt(&mut self, found: &FoundFile, halt: &Halt, first: bool) -> bool {
        let path = found.path.display();
        match halt {
            Halt::Stopped => false,
            Halt::Changed => {
                self.stats.changed_while_read.add(1);
                debug!(%path, "changed while it was read");
                true
            }
            Halt::Vanished => {
                self.stats.vanished.add(1);
                debug!(%path, "vanished before it was read");
                false
            }
            Halt::Unreadable(error) => {
                self.looker
                    .tell_unreadable(&found.path, Some(found.identity), error);
                false
            }
            Halt::Transient(error) => {
                self.stats.read_errors.add(1);
                if first {
                    tracing::warn!(%path, %error, "could not be read now; it is tried again");
                } else {
                    debug!(%path, %error, "could not be read now; it is tried again");
                }
                true
            }
        }
    }
}

/// Returns how long to wait before a file is tried again for the `attempts`th time.
pub(crate) fn backoff(attempts: u32, most: Duration) -> Duration {
    (Duration::from_millis(100) * 2u32.saturating_pow(attempts.min(16))).min(most)
}

//! Takes an output up again: finds where it ends and cuts off what lies past it.
//!
//! What is missing is never made up for: fewer bytes than were committed stop the pipeline.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::commits::Commits;
use crate::disk::{Disk, create_folder};
use crate::error::OutputError;
use crate::leaving::Leaving;
use crate::options::IfExists;
use crate::packing::Packing;
use crate::position::{self, End, Stored};
use crate::segments::{OpenFiles, Segments, Unsynced};

impl Segments {
    /// Takes up where the committed `position` says, or begins where there is none for this path.
    ///
    /// # Errors
    /// When committed records are missing, when there is output of another origin, or when the disk
    /// refuses. Then nothing of value was cut.
    pub(crate) fn restore(&mut self, position: Option<&[u8]>) -> Result<(), OutputError> {
        let folder = self.config.names.folder();
        create_folder(folder).map_err(OutputError::io("create the folder", folder))?;
        let committed = match position {
            Some(stored) => self.committed_end(&position::load(stored)?)?,
            None => None,
        };
        let end = match committed {
            Some(end) => self.resume(end)?,
            None => self.begin()?,
        };
        self.written = end;
        self.durable = end;
        self.torn = true;
        self.mend()?;
        self.remove_older_tails()?;
        self.commits = Commits::starting_at(end.frame);
        if committed.is_some() {
            self.claim.release(&*self.disk)?;
        }
        // A folder that can't be written to is found out now, before a document is taken.
        self.segment()?;
        self.open.close();
        Ok(())
    }

    /// Returns the committed end if it is one of this output, whatever its path was written like;
    /// else the other output is left in order.
    fn committed_end(&self, stored: &Stored) -> Result<Option<End>, OutputError> {
        let place = |path: &str| -> PathBuf {
            let path = self.config.base_dir.join(path);
            path.components().collect()
        };
        let path = place(&stored.path);
        if path == place(&self.config.path) {
            return Ok(Some(stored.end));
        }
        let leaving = Leaving {
            path: &path,
            packing: Packing::of(&stored.path, self.config.compression_level),
            end: stored.end,
        };
        let past = match leaving.settle(&*self.disk) {
            // Nothing that was committed lies in a tail: an output that can't be looked at lacks nothing.
            Err(error) if stored.end.tail == 0 => {
                let path = path.display();
                let error = jadwal_core::describe_chain(&error);
                tracing::warn!(%path, error, "the output of the last run can't be looked at");
                0
            }
            settled => settled?,
        };
        if past > 0 {
            let path = path.display();
            tracing::warn!(%path, bytes = past, committed = stored.end.bytes, "the output of the last run holds more than was committed, as after a kill; what was not committed comes again in the new output");
        }
        Ok(None)
    }

    /// Returns the end to go on from: the committed one, if all before it is there.
    fn resume(&self, end: End) -> Result<End, OutputError> {
        let tail = self.config.names.tail(end.frame);
        require(&tail, end.tail)?;
        let segment = self.config.names.segment(end.segment);
        let moved_away = end.bytes > 0 && !exists(&segment)?;
        if moved_away && self.config.if_exists == IfExists::Append {
            let segment = segment.display();
            tracing::warn!(%segment, "the output was moved away; going on in a new segment");
            return Ok(end.next_segment());
        }
        require(&segment, end.bytes)?;
        Ok(end)
    }

    /// Returns where to begin an output that has no committed position.
    fn begin(&mut self) -> Result<End, OutputError> {
        let names = &self.config.names;
        if let Some(first_segment) = self.claim.find()? {
            return Ok(End::default().with_segment(first_segment));
        }
        let existing = names
            .existing()
            .map_err(OutputError::io("list the folder", names.folder()))?;
        let mut filled = Vec::new();
        for (segment, length) in existing.segments {
            if length > 0 && !self.is_empty_frame(segment, length)? {
                filled.push(segment);
            }
        }
        if let Some(first) = filled.first()
            && self.config.if_exists == IfExists::Refuse
        {
            return Err(OutputError::Occupied {
                path: names.segment(*first),
            });
        }
        if let Some(frame) = existing.tails.first() {
            return Err(OutputError::OrphanTail {
                path: names.tail(*frame),
            });
        }
        let first_free = filled.last().map_or(0, |last| last + 1);
        Ok(End::default().with_segment(first_free))
    }

    /// Whether a segment holds nothing but what a run without a document leaves: a frame of no lines,
    /// or, after a kill, its beginning.
    fn is_empty_frame(&self, segment: u64, length: u64) -> Result<bool, OutputError> {
        let Some(packing) = self.config.packing else {
            return Ok(false);
        };
        let path = self.config.names.segment(segment);
        let empty = packing
            .pack(b"")
            .map_err(OutputError::io("pack an empty frame for", &path))?;
        if length > empty.len() as u64 {
            return Ok(false);
        }
        let bytes = fs::read(&path).map_err(OutputError::io("read", &path))?;
        Ok(empty.starts_with(&bytes))
    }

    /// Cuts everything past `written` off, if there may be something. Nothing is kept open.
    ///
    /// # Errors
    /// The output stays torn.
    pub(crate) fn mend(&mut self) -> Result<(), OutputError> {
        if !self.torn {
            return Ok(());
        }
        self.open = OpenFiles::default();
        let names = &self.config.names;
        let existing = names
            .existing()
            .map_err(OutputError::io("list the folder", names.folder()))?;
        // From the last one down, so that a kill in between leaves no gap.
        for (segment, _) in existing.segments.iter().rev() {
            if *segment > self.written.segment {
                remove(&names.segment(*segment))?;
            }
        }
        for frame in existing.tails {
            if frame > self.written.frame {
                remove(&names.tail(frame))?;
            }
        }
        cut(&*self.disk, &self.segment_path(), self.written.bytes)?;
        let tail = self.tail_path();
        cut(&*self.disk, &tail, self.written.tail)?;
        self.frame = match self.written.tail {
            0 => Vec::new(),
            _ => fs::read(&tail).map_err(OutputError::io("read", &tail))?,
        };
        // What was cut back to may have been written after the last checkpoint.
        self.open.unsynced = Unsynced::ALL;
        self.torn = false;
        Ok(())
    }

    fn remove_older_tails(&self) -> Result<(), OutputError> {
        let names = &self.config.names;
        let existing = names
            .existing()
            .map_err(OutputError::io("list the folder", names.folder()))?;
        let older = existing.tails.into_iter();
        for frame in older.filter(|frame| *frame < self.written.frame) {
            remove(&names.tail(frame))?;
        }
        Ok(())
    }
}

/// Returns the length of a file, `None` where there is none.
pub(crate) fn length(path: &Path) -> Result<Option<u64>, OutputError> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OutputError::io("look at", path)(error)),
    }
}

fn exists(path: &Path) -> Result<bool, OutputError> {
    Ok(length(path)?.is_some())
}

/// Checks that `path` has at least the `committed` bytes, and returns how many it has.
fn require(path: &Path, committed: u64) -> Result<u64, OutputError> {
    let found = length(path)?.unwrap_or(0);
    if found < committed {
        return Err(OutputError::Missing {
            path: path.to_owned(),
            found,
            committed,
        });
    }
    Ok(found)
}

fn cut(disk: &dyn Disk, path: &Path, keep: u64) -> Result<(), OutputError> {
    if require(path, keep)? == keep {
        return Ok(());
    }
    disk.open(path, false)
        .and_then(|mut file| file.cut(keep))
        .map_err(OutputError::io("cut", path))
}

fn remove(path: &Path) -> Result<(), OutputError> {
    fs::remove_file(path).map_err(OutputError::io("remove", path))
}

//! Appends lines to segments, in a way that any crash can be taken back.
//!
//! # What is where
//! Plain lines go to the segment itself. Of a packed output the segment holds complete frames only;
//! lines of the frame that is still open lie, unpacked, in a *tail*: a hidden file of its own for
//! each frame, so that no committed byte is ever written over. A frame is closed before the line
//! that would take it past 1 MiB, a segment before the line that would take it past `roll_bytes`.
//! Both look at the lines alone, so neither the size of batches nor a restart shows in the bytes.
//!
//! An [`End`] says where the output ends. [`Segments::checkpoint`] makes all before the end durable
//! and returns it; the runtime commits it together with the fates of the documents. Everything past
//! the committed end is cut when the output is taken up again: `recovery` does that.
//!
//! # Why no kill loses or doubles a line
//! | killed | on disk | the next start |
//! |---|---|---|
//! | before the claim is durable | no line of this run, for the claim comes before the first byte | begins, as if nothing had been |
//! | before the first commit | a claim, some lines, maybe half a line | the claim says that no line counts: cuts to nothing |
//! | while lines, frames, segments or tails are written | more than the committed end | cuts to the end, removes later segments and tails; the tail of the committed frame was only added to |
//! | after sync, before the commit | the same | the same: the documents are not settled, so they come again |
//! | after the commit | the committed end; maybe the claim or older tails | cuts nothing, removes those |
//! | while [`Segments::finish`] packs the open frame | a piece of a frame past the end | cuts it; the lines are in the tail |
//! | while the start itself cuts | something between the two | cuts again: a cut only ever goes to the committed end |
//!
//! A tail is removed only when an end in a later frame is committed; until then, every end that may
//! turn out to be the committed one can be cut back to.
//!
//! # Errors
//! After any error the output is cut back, to where it was before the batch or, when durability is
//! in doubt, to the last checkpoint. If that fails too the output is *torn*, and is cut before the
//! next byte is written.
//!
//! # Fault points
//! `emit.write` before each append, `emit.written` after a batch, `emit.sync` and `emit.synced`
//! around a checkpoint's syncs, `emit.roll` before a full segment is synced, `emit.cut` before a
//! file is cut, `emit.finish` before the last frame is packed.

use std::path::PathBuf;

use jadwal_core::fault;

use crate::claim::Claim;
use crate::commits::Commits;
use crate::disk::{AppendFile, Disk};
use crate::error::OutputError;
use crate::lines::Lines;
use crate::names::OutputNames;
use crate::options::IfExists;
use crate::packing::{FRAME_BYTES, Packing};
use crate::position::{self, End};

/// What an output is set up with.
#[derive(Clone, Debug)]
pub(crate) struct SegmentsConfig {
    /// The option `path`, as positions name the output.
    pub(crate) path: String,
    /// Where relative paths start from.
    pub(crate) base_dir: PathBuf,
    pub(crate) compression_level: Option<u8>,
    pub(crate) names: OutputNames,
    pub(crate) packing: Option<Packing>,
    /// Lines that a frame of a packed output holds at most.
    pub(crate) frame_bytes: u64,
    /// 0 for one segment without end.
    pub(crate) roll_bytes: u64,
    pub(crate) if_exists: IfExists,
    /// Who claims an output before the first commit: pipeline and stage.
    pub(crate) owner: String,
}

/// An output that is being written. Before anything else, `restore` is called.
pub(crate) struct Segments {
    pub(crate) config: SegmentsConfig,
    pub(crate) disk: Box<dyn Disk>,
    pub(crate) claim: Claim,
    pub(crate) commits: Commits,
    /// Where the next line goes.
    pub(crate) written: End,
    /// The last checkpoint.
    pub(crate) durable: End,
    /// Whether files may hold more than `written` says.
    pub(crate) torn: bool,
    /// Lines of the open frame: what its tail holds.
    pub(crate) frame: Vec<u8>,
    pub(crate) open: OpenFiles,
}

/// Files that are open between two checkpoints, and what has to be synced at the next one.
#[derive(Default)]
pub(crate) struct OpenFiles {
    segment: Option<Box<dyn AppendFile>>,
    tail: Option<Box<dyn AppendFile>>,
    pub(crate) unsynced: Unsynced,
}

/// What holds bytes or names that are not known to be durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unsynced {
    segment: bool,
    tail: bool,
    folder: bool,
}

impl OpenFiles {
    /// Closes the files. They are found by name again, so that one that was replaced or cut in the
    /// meantime is noticed; what is unsynced stays so.
    pub(crate) fn close(&mut self) {
        self.segment = None;
        self.tail = None;
    }
}

impl Unsynced {
    pub(crate) const ALL: Self = Self {
        segment: true,
        tail: true,
        folder: true,
    };
}

impl Segments {
    pub(crate) fn new(config: SegmentsConfig, disk: Box<dyn Disk>) -> Self {
        Self {
            claim: Claim::new(config.names.claim(), &config.owner),
            config,
            disk,
            commits: Commits::default(),
            written: End::default(),
            durable: End::default(),
            torn: false,
            frame: Vec::new(),
            open: OpenFiles::default(),
        }
    }

    /// Appends `lines`, the last of which belongs to the document with the admission number `seq`.
    /// They are not durable before the next checkpoint.
    ///
    /// # Errors
    /// Nothing of `lines` was written, or it will be cut off before anything else is.
    pub(crate) fn append(&mut self, lines: &Lines, seq: u64) -> Result<(), OutputError> {
        if lines.is_empty() {
            return Ok(());
        }
        self.mend()?;
        self.claim.stake(&*self.disk, self.written.segment)?;
        let before = self.written;
        self.torn = true;
        match self.write(lines) {
            Ok(()) => {
                self.torn = false;
                self.commits.wrote(seq);
                Ok(())
            }
            Err(error) => {
                self.fall_back(before, &error);
                Err(error)
            }
        }
    }

    /// Makes all that was appended durable and returns the position to commit with it.
    ///
    /// # Errors
    /// Everything since the last checkpoint counts as not written.
    pub(crate) fn checkpoint(&mut self) -> Result<Vec<u8>, OutputError> {
        match self.mend().and_then(|()| self.sync()) {
            Ok(()) => {
                self.durable = self.written;
                self.commits.reached(self.durable.frame);
                self.open = OpenFiles::default();
                Ok(position::store(&self.config.path, self.durable))
            }
            Err(error) => {
                self.fall_back(self.durable, &error);
                Err(error)
            }
        }
    }

    /// Hears that the document with the admission number `seq` is committed as delivered, and with
    /// it a position that covers it. Removes what only an older position needs.
    pub(crate) fn committed(&mut self, seq: u64) {
        let Some(frame) = self.commits.settle(seq) else {
            return;
        };
        let removed = self
            .claim
            .release(&*self.disk)
            .and_then(|()| self.commits.forget_tails(&self.config.names, frame));
        if let Err(error) = removed {
            // Nothing depends on it: it is tried again at the next commit and at the next start.
            let error = jadwal_core::describe_chain(&error);
            tracing::warn!(error, "failed to tidy up beside the output");
        }
    }

    /// Packs the open frame behind the complete ones, so that a reader finds every line (and a valid
    /// file, should there be none). The position stays before it: the next start cuts it off and
    /// goes on with the lines in the tail.
    ///
    /// # Errors
    /// The segment ends with its last complete frame, or will be cut to it.
    pub(crate) fn finish(&mut self) -> Result<(), OutputError> {
        self.mend()?;
        let all_packed = self.frame.is_empty() && self.written.bytes > 0;
        let Some(packing) = self.config.packing.filter(|_| !all_packed) else {
            return Ok(());
        };
        // Past `written` from here on: should more lines come, they are cut off first.
        self.torn = true;
        let result = self.append_last_frame(packing);
        if let Err(error) = &result {
            self.fall_back(self.written, error);
        }
        self.open.close();
        result
    }

    fn append_last_frame(&mut self, packing: Packing) -> Result<(), OutputError> {
        // A frame of no lines needs no claim: a start knows it for what it is.
        let path = self.segment_path();
        let packed = fault::point("emit.finish")
            .and_then(|()| packing.pack(&self.frame))
            .map_err(OutputError::io("pack the last frame of", &path))?;
        let segment = self.segment()?;
        segment
            .append(&packed)
            .and_then(|()| segment.sync())
            .map_err(OutputError::io("append the last frame to", &path))?;
        self.sync_folder()
    }

    fn sync_folder(&self) -> Result<(), OutputError> {
        let folder = self.config.names.folder();
        self.disk
            .sync_folder(folder)
            .map_err(OutputError::io("sync the folder", folder))
    }

    /// Goes back to `end` after `error`; should that fail, it is done before the next write.
    ///
    /// What something else did to the files is left as it is, for a person to look at.
    fn fall_back(&mut self, end: End, error: &OutputError) {
        self.written = end;
        self.torn = true;
        if matches!(error, OutputError::Changed { .. }) {
            self.open.close();
            return;
        }
        if let Err(error) = self.mend() {
            let error = jadwal_core::describe_chain(&error);
            tracing::warn!(error, "failed to cut the output back; will try again");
        }
    }

    fn write(&mut self, lines: &Lines) -> Result<(), OutputError> {
        let bytes = lines.bytes();
        // Lines from `waiting` to `start` fit, and are handed on in one piece.
        let (mut waiting, mut start) = (0, 0);
        for &end in lines.ends() {
            let (line, before) = ((end - start) as u64, (start - waiting) as u64);
            if self.segment_ends_before(line, before) {
                self.end_segment(&bytes[waiting..start])?;
                waiting = start;
            } else if self.frame_ends_before(line, before) {
                self.end_frame(&bytes[waiting..start])?;
                waiting = start;
            }
            start = end;
        }
        self.hold(&bytes[waiting..])?;
        fault::point("emit.written").map_err(OutputError::io("write", &self.segment_path()))
    }

    /// Whether a line does not fit into the segment any more. An empty segment takes any line.
    fn segment_ends_before(&self, line: u64, waiting: u64) -> bool {
        let held = self.written.text_bytes + self.frame.len() as u64 + waiting;
        let limit = self.config.roll_bytes;
        limit > 0 && held > 0 && held + line > limit
    }

    /// Whether a line does not fit into the frame any more. An empty frame takes any line.
    fn frame_ends_before(&self, line: u64, waiting: u64) -> bool {
        let held = self.frame.len() as u64 + waiting;
        self.config.packing.is_some() && held > 0 && held + line > self.config.frame_bytes
    }

    /// Writes `lines`, which fit, to the segment or, if it is packed, to the tail.
    fn hold(&mut self, lines: &[u8]) -> Result<(), OutputError> {
        if lines.is_empty() {
            return Ok(());
        }
        let length = lines.len() as u64;
        if self.config.packing.is_none() {
            self.append_to_segment(lines)?;
            self.written.text_bytes += length;
            return Ok(());
        }
        let path = self.tail_path();
        self.open.unsynced.tail = true;
        self.tail()?
            .append(lines)
            .map_err(OutputError::io("append to", &path))?;
        self.frame.extend_from_slice(lines);
        self.written.tail += length;
        Ok(())
    }

    /// Adds `lines` to the open frame, packs it into the segment and opens the next one.
    fn end_frame(&mut self, lines: &[u8]) -> Result<(), OutputError> {
        self.frame.extend_from_slice(lines);
        let Some(packing) = self.config.packing.filter(|_| !self.frame.is_empty()) else {
            return Ok(());
        };
        let packed = packing
            .pack(&self.frame)
            .map_err(OutputError::io("pack a frame of", &self.segment_path()))?;
        self.append_to_segment(&packed)?;
        self.written.text_bytes += self.frame.len() as u64;
        self.written.frame += 1;
        self.written.tail = 0;
        self.frame.clear();
        self.frame.shrink_to(FRAME_BYTES);
        // The lines of the old tail are in the segment; only an older position still needs it.
        self.open.tail = None;
        self.open.unsynced.tail = false;
        Ok(())
    }

    /// Adds `lines` to the segment, makes it durable and goes on to the next one.
    fn end_segment(&mut self, lines: &[u8]) -> Result<(), OutputError> {
        if self.config.packing.is_some() {
            self.end_frame(lines)?;
        } else {
            self.hold(lines)?;
        }
        let path = self.segment_path();
        fault::point("emit.roll").map_err(OutputError::io("close", &path))?;
        self.segment()?
            .sync()
            .map_err(OutputError::io("sync", &path))?;
        self.open.segment = None;
        self.open.unsynced.segment = false;
        self.written = self.written.next_segment();
        Ok(())
    }

    fn append_to_segment(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let path = self.segment_path();
        self.open.unsynced.segment = true;
        self.segment()?
            .append(bytes)
            .map_err(OutputError::io("append to", &path))?;
        self.written.bytes += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> Result<(), OutputError> {
        let unsynced = self.open.unsynced;
        if unsynced == Unsynced::default() {
            return Ok(());
        }
        let segment = self.segment_path();
        fault::point("emit.sync").map_err(OutputError::io("sync", &segment))?;
        if unsynced.segment {
            let file = self.segment()?;
            file.sync().map_err(OutputError::io("sync", &segment))?;
        }
        if unsynced.tail && self.written.tail > 0 {
            let path = self.tail_path();
            let file = self.tail()?;
            file.sync().map_err(OutputError::io("sync", &path))?;
        }
        // Asked anew: opening a file above may have made it.
        if self.open.unsynced.folder {
            self.sync_folder()?;
        }
        fault::point("emit.synced").map_err(OutputError::io("sync", &segment))
    }

    pub(crate) fn segment_path(&self) -> PathBuf {
        self.config.names.segment(self.written.segment)
    }

    pub(crate) fn tail_path(&self) -> PathBuf {
        self.config.names.tail(self.written.frame)
    }

    /// Returns the open segment; opens it first where it is not.
    pub(crate) fn segment(&mut self) -> Result<&mut Box<dyn AppendFile>, OutputError> {
        let file = match self.open.segment.take() {
            Some(file) => file,
            None => self.open_at(self.segment_path(), self.written.bytes)?,
        };
        Ok(self.open.segment.insert(file))
    }

    fn tail(&mut self) -> Result<&mut Box<dyn AppendFile>, OutputError> {
        let file = match self.open.tail.take() {
            Some(file) => file,
            None => self.open_at(self.tail_path(), self.written.tail)?,
        };
        Ok(self.open.tail.insert(file))
    }

    /// Opens a file that must be `expected` bytes long; makes it where that is 0.
    fn open_at(
        &mut self,
        path: PathBuf,
        expected: u64,
    ) -> Result<Box<dyn AppendFile>, OutputError> {
        let file = match self.disk.open(&path, expected == 0) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && expected > 0 => {
                return Err(OutputError::Changed {
                    path,
                    found: 0,
                    expected,
                });
            }
            Err(error) => return Err(OutputError::io("open", &path)(error)),
        };
        let found = file.length().map_err(OutputError::io("look at", &path))?;
        if found != expected {
            return Err(OutputError::Changed {
                path,
                found,
                expected,
            });
        }
        self.open.unsynced.folder |= expected == 0;
        Ok(file)
    }
}

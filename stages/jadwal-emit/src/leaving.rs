//! Looks after the output of the last run, where another path is configured now.
//!
//! A run that ended by itself left it whole. One that was killed may have left lines past the committed
//! end, which come again in the new output, and of a packed output the last committed lines in their
//! tail alone. The lines are packed now. What lies past the end is told of and not cut: since then the
//! file may have been written on by somebody else.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::disk::Disk;
use crate::error::OutputError;
use crate::names::OutputNames;
use crate::packing::Packing;
use crate::position::End;
use crate::recovery::length;

/// An output that is written to no more.
pub(crate) struct Leaving<'a> {
    pub(crate) path: &'a Path,
    pub(crate) packing: Option<Packing>,
    pub(crate) end: End,
}

impl Leaving<'_> {
    /// Packs committed lines that lie in the tail alone; returns how many bytes of the output are past
    /// the committed end and nobody's. A file that was moved away is left in peace.
    pub(crate) fn settle(&self, disk: &dyn Disk) -> Result<u64, OutputError> {
        let names = OutputNames::new(self.path);
        let segment = names.segment(self.end.segment);
        let Some(length) = length(&segment)?.filter(|length| *length >= self.end.bytes) else {
            return Ok(0);
        };
        let later = later_bytes(&names, self.end.segment)?;
        let past = length - self.end.bytes;
        let frame = self.last_frame(&names)?;
        if past > frame.len() as u64 {
            return Ok(past + later);
        }
        let there = read_end(&segment, self.end.bytes)?;
        let Some(missing) = frame.strip_prefix(there.as_slice()) else {
            return Ok(past + later);
        };
        if !missing.is_empty() {
            disk.open(&segment, false)
                .and_then(|mut file| file.append(missing).and_then(|()| file.sync()))
                .map_err(OutputError::io("append the last frame to", &segment))?;
        }
        Ok(later)
    }

    /// Returns the frame that the committed lines of the tail make; nothing where they are missing.
    fn last_frame(&self, names: &OutputNames) -> Result<Vec<u8>, OutputError> {
        // A packed output without a line is a frame of none.
        let is_needed = self.end.tail > 0 || self.end.bytes == 0;
        let Some(packing) = self.packing.filter(|_| is_needed) else {
            return Ok(Vec::new());
        };
        let tail = names.tail(self.end.frame);
        if self.end.tail > 0 && length(&tail)?.is_none_or(|length| length < self.end.tail) {
            return Ok(Vec::new());
        }
        let lines = match self.end.tail {
            0 => Vec::new(),
            _ => fs::read(&tail).map_err(OutputError::io("read", &tail))?,
        };
        packing
            .pack(&lines[..self.end.tail as usize])
            .map_err(OutputError::io("pack the last frame of", &tail))
    }
}

/// Returns the bytes of all segments behind this one.
fn later_bytes(names: &OutputNames, segment: u64) -> Result<u64, OutputError> {
    let existing = names
        .existing()
        .map_err(OutputError::io("list the folder", names.folder()))?;
    let later = existing
        .segments
        .iter()
        .filter(|(number, _)| *number > segment);
    Ok(later.map(|(_, length)| length).sum())
}

/// Reads a file from byte `start` on.
fn read_end(path: &Path, start: u64) -> Result<Vec<u8>, OutputError> {
    let mut end = Vec::new();
    File::open(path)
        .and_then(|mut file| {
            file.seek(SeekFrom::Start(start))?;
            file.read_to_end(&mut end)
        })
        .map_err(OutputError::io("read", path))?;
    Ok(end)
}

//! Raw bytes of records that the source refuses: hashed and copied piece by piece, never held whole.

use std::io::{self, Read, Write};
use std::ops::Range;

use jadwal_core::source::{CopyError, RawBytes};

use crate::open::{FileRef, Halt, OpenFile};
use crate::unpack::Packing;

const PIECE: usize = 64 << 10;

/// Hashes a file as it lies on disk.
pub(crate) fn hash_file(
    file: &mut OpenFile,
    stopping: &dyn Fn() -> bool,
) -> Result<blake3::Hash, Halt> {
    let mut hasher = blake3::Hasher::new();
    let mut piece = vec![0; PIECE];
    loop {
        if stopping() {
            return Err(Halt::Stopped);
        }
        match file.read(&mut piece)? {
            0 => break,
            count => hasher.update(&piece[..count]),
        };
    }
    file.check_unchanged()?;
    Ok(hasher.finalize())
}

/// Returns the raw bytes of a file as it lies on disk.
pub(crate) fn whole_file(file: FileRef) -> RawBytes {
    RawBytes::Copied(Box::new(move |out| {
        copy_exactly(reopen(&file)?, file.identity.size, out)
    }))
}

/// Returns the raw bytes of a part of what is packed in a file.
pub(crate) fn part_of_file(file: FileRef, packing: Packing, part: Range<u64>) -> RawBytes {
    RawBytes::Copied(Box::new(move |out| {
        let mut reader = packing.reader(reopen(&file)?)?;
        copy_exactly(&mut reader, part.start, &mut io::sink())?;
        copy_exactly(reader, part.end - part.start, out)
    }))
}

fn reopen(file: &FileRef) -> Result<OpenFile, CopyError> {
    file.open().map_err(|halt| match halt {
        Halt::Unreadable(error) | Halt::Transient(error) => CopyError::Io(error),
        Halt::Vanished | Halt::Stopped | Halt::Changed => CopyError::Gone,
    })
}

/// Fewer bytes than there were: it is another version by now.
fn copy_exactly(from: impl Read, count: u64, out: &mut dyn Write) -> Result<(), CopyError> {
    if io::copy(&mut from.take(count), out)? == count {
        Ok(())
    } else {
        Err(CopyError::Gone)
    }
}

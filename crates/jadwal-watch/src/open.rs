//! Opens files so that nothing can hang or be mistaken, and sorts failures by what helps.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_core::fault;
use jadwal_core::state::FileIdentity;
use rustix::fs::OFlags;

use crate::look::{identity_of, is_gone, is_refused};

/// Why a file was not read to its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The pipeline stops.
    Stopped,
    /// It is not the version that was seen, or changed while it was read.
    Changed,
    /// It is gone, or no regular file any more.
    Vanished,
    /// It may not be read.
    Unreadable(io::Error),
    /// It could not be read now; later it may.
    Transient(io::Error),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        match error {
            error if is_gone(&error) => Self::Vanished,
            error if is_refused(&error) => Self::Unreadable(error),
            error => Self::Transient(error),
        }
    }
}

/// Where a version of a file is, and how to open it again.
#[derive(Clone, Debug)]
pub(crate) struct FileRef {
    pub(crate) path: PathBuf,
    pub(crate) identity: FileIdentity,
    pub(crate) follow: bool,
}

impl FileRef {
    /// Opens the file, if it is still this version.
    pub(crate) fn open(&self) -> Result<OpenFile, Halt> {
        fault::point("source.open")?;
        let file = match open_read(&self.path, self.follow) {
            // A FIFO or socket took its place.
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
                return Err(Halt::Vanished);
            }
            other => other?,
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(Halt::Vanished);
        }
        if identity_of(&metadata) != self.identity {
            return Err(Halt::Changed);
        }
        Ok(OpenFile {
            file: Arc::new(file),
            identity: self.identity,
        })
    }
}

/// An open file; clones share the handle and the place in the file.
#[derive(Clone, Debug)]
pub(crate) struct OpenFile {
    file: Arc<File>,
    identity: FileIdentity,
}

impl OpenFile {
    /// Fails when the file changed since it was opened.
    pub(crate) fn check_unchanged(&self) -> Result<(), Halt> {
        if identity_of(&self.file.metadata()?) == self.identity {
            Ok(())
        } else {
            Err(Halt::Changed)
        }
    }
}

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        fault::point("source.read")?;
        self.file.as_ref().read(buffer)
    }
}

/// Opens without waiting for a writer, should the path be a FIFO by now.
fn open_read(path: &Path, follow: bool) -> io::Result<File> {
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    if !follow {
        flags |= OFlags::NOFOLLOW;
    }
    // The bits of open(2) flags fit a C int.
    let flags = flags.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

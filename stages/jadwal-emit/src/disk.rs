//! The few file operations that an output is made of, behind a trait that tests can break.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use jadwal_core::fault;

/// Opens files and makes names durable.
pub(crate) trait Disk: Send {
    /// Opens `path` for appending; makes it where `create` says so and it is missing.
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn AppendFile>>;

    /// Makes the names in `folder` durable: files made, files removed.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// A file that grows at its end and may be cut.
pub(crate) trait AppendFile: Send {
    fn length(&self) -> io::Result<u64>;

    /// Appends `bytes`. After an error any part of them may be in the file.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was appended durable, with the length.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file to `length`.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// The disk of the machine, with the fault points `emit.write` and `emit.cut`.
#[derive(Debug)]
pub(crate) struct LocalDisk;

impl Disk for LocalDisk {
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn AppendFile>> {
        let file = OpenOptions::new().append(true).create(create).open(path)?;
        Ok(Box::new(LocalFile(file)))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        sync_folder(folder)
    }
}

struct LocalFile(File);

impl AppendFile for LocalFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        fault::point("emit.write")?;
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        fault::point("emit.cut")?;
        self.0.set_len(length)
    }
}

/// Makes `folder` and those above it that are missing; their names are on disk when this returns.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    create_folder(above)?;
    match fs::create_dir(folder) {
        // Another stage may have made it just now.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        result => result?,
    }
    sync_folder(above)
}

/// Makes the names in `folder` durable. Only Unix knows how; elsewhere the file system must do it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

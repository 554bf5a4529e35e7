//! Keeps a state folder to one process, and says which one.
//!
//! The lock is the operating system's, so it goes with the process however that ends; the number in
//! the file only names the holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::error::StoreError;

/// Held while the store is open.
#[derive(Debug)]
pub(crate) struct FolderLock(
    #[expect(dead_code, reason = "the lock lives as long as the file")] File,
);

impl FolderLock {
    /// Takes the lock of `folder`.
    ///
    /// # Errors
    /// [`StoreError::Held`] with the holder's number when another process has it.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("LOCK");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io(format!(
                "open the lock `{}`",
                path.display()
            )))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(folder, &mut file)),
            Err(TryLockError::Error(source)) => {
                return Err(StoreError::io(format!("lock `{}`", path.display()))(source));
            }
        }
        write_holder(&mut file).map_err(StoreError::io(format!(
            "write the lock `{}`",
            path.display()
        )))?;
        Ok(Self(file))
    }
}

fn write_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", std::process::id())
}

fn held(folder: &Path, file: &mut File) -> StoreError {
    let mut holder = String::new();
    let named = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
    StoreError::Held {
        path: folder.to_owned(),
        holder: if named {
            format!("process {}", holder.trim())
        } else {
            "another process".to_owned()
        },
    }
}

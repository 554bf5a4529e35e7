//! A disk that fails when told to, and that knows what a power cut would leave.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::disk::{AppendFile, Disk, LocalDisk};

/// How the next calls of a disk fail.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// The next append writes this many bytes, then fails.
    pub(crate) append_after: Option<usize>,
    /// The next this many syncs fail.
    pub(crate) syncs: usize,
    /// The next this many cuts fail.
    pub(crate) cuts: usize,
}

/// The disk; clones share it.
#[derive(Clone, Default)]
pub(crate) struct ShakyDisk(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    faults: Faults,
    /// How much of each file was synced.
    synced: BTreeMap<PathBuf, u64>,
    /// Files whose names were synced.
    named: BTreeSet<PathBuf>,
}

impl ShakyDisk {
    pub(crate) fn set(&self, faults: Faults) {
        self.inside().faults = faults;
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }

    fn take(&self, pick: impl FnOnce(&mut Faults) -> &mut usize) -> io::Result<()> {
        let mut inside = self.inside();
        let left = pick(&mut inside.faults);
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        Err(io::Error::other("the disk is shaky"))
    }

    /// Makes of `folder` what a power cut may: files whose names were not synced are gone or empty,
    /// the others end somewhere between what was synced and what was written; `choose` picks from
    /// that many bytes.
    pub(crate) fn power_cut(&self, folder: &Path, choose: &mut dyn FnMut(u64) -> u64) {
        let inside = self.inside();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let written = path.metadata().unwrap().len();
            if !inside.named.contains(&path) && choose(2).is_multiple_of(2) {
                fs::remove_file(&path).unwrap();
                continue;
            }
            if path.to_string_lossy().ends_with(".uncommitted") {
                // Written and synced in one go, past this disk.
                continue;
            }
            let kept = inside.synced.get(&path).copied().unwrap_or(0).min(written);
            let open = written - kept + 1;
            let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
            file.set_len(kept + choose(open) % open).unwrap();
        }
    }
}

impl Disk for ShakyDisk {
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn AppendFile>> {
        if !path.exists() {
            self.inside().synced.remove(path);
        }
        Ok(Box::new(ShakyFile {
            file: LocalDisk.open(path, create)?,
            path: path.to_owned(),
            disk: self.clone(),
        }))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.take(|faults| &mut faults.syncs)?;
        LocalDisk.sync_folder(folder)?;
        let entries = fs::read_dir(folder)?;
        self.inside().named = entries.map(|entry| entry.unwrap().path()).collect();
        Ok(())
    }
}

struct ShakyFile {
    file: Box<dyn AppendFile>,
    path: PathBuf,
    disk: ShakyDisk,
}

impl AppendFile for ShakyFile {
    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let fail = self.disk.inside().faults.append_after.take();
        match fail {
            None => self.file.append(bytes),
            Some(after) => {
                self.file.append(&bytes[..after.min(bytes.len())])?;
                Err(io::ErrorKind::StorageFull.into())
            }
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.take(|faults| &mut faults.syncs)?;
        self.file.sync()?;
        let length = self.file.length()?;
        self.disk.inside().synced.insert(self.path.clone(), length);
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.disk.take(|faults| &mut faults.cuts)?;
        self.file.cut(length)?;
        let mut inside = self.disk.inside();
        let synced = inside.synced.entry(self.path.clone()).or_default();
        *synced = (*synced).min(length);
        Ok(())
    }
}

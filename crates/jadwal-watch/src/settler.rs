//! Keeps, moves or deletes a file after all its records are committed.
//!
//! Only the version that was read is touched, nothing is ever overwritten, and a file that can't be
//! settled stays where it is, to be tried at the next start. The marker of a file goes before it: a
//! marker left behind would call the next file of that name complete.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jadwal_core::fault;
use jadwal_core::source::{Settler, SourceFile};
use jadwal_core::state::FileIdentity;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tracing::{debug, warn};

use crate::flight::Flight;
use crate::hints::{Hint, Hints};
use crate::look::{identity_of, is_gone};
use crate::options::OnDone;
use crate::rules::Rules;
use crate::stats::SourceStats;

/// Before the name of a file that is about to be removed.
const DELETING: &[u8] = b".deleting-";

/// Acts on files of a folder that are done.
#[derive(Debug)]
pub(crate) struct FolderSettler {
    on_done: OnDone,
    rules: Arc<Rules>,
    flight: Arc<Flight>,
    hints: Arc<Hints>,
    stats: Arc<SourceStats>,
    /// Folders whose entries changed since the last sync.
    touched: Mutex<BTreeSet<PathBuf>>,
}

impl FolderSettler {
    pub(crate) fn new(
        on_done: OnDone,
        rules: Arc<Rules>,
        flight: Arc<Flight>,
        hints: Arc<Hints>,
        stats: Arc<SourceStats>,
    ) -> Self {
        Self {
            on_done,
            rules,
            flight,
            hints,
            stats,
            touched: Mutex::default(),
        }
    }

    /// Whether files stay where they are.
    pub(crate) fn keeps(&self) -> bool {
        self.on_done == OnDone::Keep
    }

    /// Does what is to be done with a file that is done; returns whether it left the folder.
    pub(crate) fn act(&self, path: &Path, identity: FileIdentity) -> bool {
        let outcome = fault::point("settle.before")
            .and_then(|()| self.send_away(path, identity))
            .and_then(|left| fault::point("settle.after").map(|()| left));
        match outcome {
            Ok(left) => left,
            Err(error) => {
                self.stats.settle_failures.add(1);
                warn!(
                    path = %path.display(),
                    %error,
                    "a file that is done could not be moved or removed; it stays until the next start"
                );
                false
            }
        }
    }

    fn send_away(&self, path: &Path, identity: FileIdentity) -> io::Result<bool> {
        if self.keeps() {
            return Ok(false);
        }
        match version_of(path, self.rules.follow_symlinks) {
            Ok(found) if found == identity => {}
            Ok(_) => {
                debug!(path = %path.display(), "a newer version is there; it stays");
                return Ok(false);
            }
            Err(error) if is_gone(&error) => return Ok(true),
            Err(error) => return Err(error),
        }
        if let Some(marker) = self.rules.marker_of(path) {
            match self
                .set_aside(&marker)
                .and_then(|aside| self.finish(&aside))
            {
                Err(error) if !is_gone(&error) => return Err(error),
                _ => {}
            }
        }
        let aside = self.set_aside(path)?;
        if !same_content(version_of(&aside, self.rules.follow_symlinks)?, identity) {
            // A newer version came between the look and the rename: it is not done.
            move_to_free_name(&aside, path)?;
            return Ok(false);
        }
        self.finish(&aside)?;
        self.stats.settled_away.add(1);
        Ok(true)
    }

    /// Renames one path to where it goes: below the folder for files that are done, or to a hidden
    /// name beside it before it is removed. So what is there can be looked at before it is too late.
    fn set_aside(&self, path: &Path) -> io::Result<PathBuf> {
        let aside = match &self.on_done {
            OnDone::Move { dir } => {
                let root = self.rules.root_of(path).unwrap_or_default();
                let below = self.rules.below_source(root);
                let target = dir.join(below).join(self.rules.relative(root, path));
                if let Some(parent) = target.parent() {
                    fs::create_dir_all(parent)?;
                }
                move_to_free_name(path, &target)?
            }
            OnDone::Keep | OnDone::Delete => {
                let mut hidden = OsStr::from_bytes(DELETING).to_owned();
                hidden.push(path.file_name().unwrap_or_default());
                move_to_free_name(path, &path.with_file_name(hidden))?
            }
        };
        let folders = [path.parent(), aside.parent()];
        let folders = folders.into_iter().flatten().map(Path::to_owned);
        self.touched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(folders);
        Ok(aside)
    }

    /// Returns the path that `aside` had before it was set aside to be removed, if it is such a path.
    pub(crate) fn original_of(&self, aside: &Path) -> Option<PathBuf> {
        if self.on_done != OnDone::Delete {
            return None;
        }
        let name = aside.file_name()?.as_bytes().strip_prefix(DELETING)?;
        Some(aside.with_file_name(OsStr::from_bytes(name)))
    }

    /// Removes `aside` if it is the version `identity`, whose records are all committed.
    pub(crate) fn remove_left_over(&self, aside: &Path, identity: FileIdentity) {
        let same =
            version_of(aside, self.rules.follow_symlinks).is_ok_and(|found| found == identity);
        if same && let Err(error) = fs::remove_file(aside) {
            warn!(path = %aside.display(), %error, "a file that is done could not be removed");
        }
    }

    /// Removes what was set aside to be removed.
    fn finish(&self, aside: &Path) -> io::Result<()> {
        match self.on_done {
            OnDone::Delete => fs::remove_file(aside),
            OnDone::Keep | OnDone::Move { .. } => Ok(()),
        }
    }
}

impl Settler for FolderSettler {
    fn settle(&self, file: &SourceFile) -> bool {
        let Some(path) = &file.path else {
            return false;
        };
        let left = self.act(path, file.identity);
        // The row is committed by now, so whoever does not find the file in flight finds the row.
        if self.flight.land(file) {
            self.hints.touch(path.clone(), Hint::default());
        }
        left
    }

    fn withdraw(&self, file: &SourceFile) {
        self.flight.withdraw(file);
        if let Some(path) = &file.path {
            self.hints.touch(path.clone(), Hint::default());
        }
    }

    fn sync(&self) -> io::Result<()> {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(folder) = touched.first() {
            match File::open(folder).and_then(|folder| folder.sync_all()) {
                Err(error) if !is_gone(&error) => return Err(error),
                _ => {}
            }
            touched.pop_first();
        }
        Ok(())
    }
}

/// Whether a moved file is the version that was to be moved; a move across file systems gives it
/// another inode.
fn same_content(moved: FileIdentity, wanted: FileIdentity) -> bool {
    (moved.size, moved.modified_ns) == (wanted.size, wanted.modified_ns)
}

fn version_of(path: &Path, follow: bool) -> io::Result<FileIdentity> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() && follow {
        return fs::metadata(path).map(|metadata| identity_of(&metadata));
    }
    Ok(identity_of(&metadata))
}

/// Moves `from` to `to`, or to the first of `to (1)`, `to (2)`, … that is free.
fn move_to_free_name(from: &Path, to: &Path) -> io::Result<PathBuf> {
    let mut number = 0;
    loop {
        let target = numbered(to, number);
        match rename_new(from, &target) {
            Ok(()) => return Ok(target),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Returns the files in `done_dir` that a file which lay at `relative` in its source may have become
/// when it was done: that name and its numbers, as far as there are any.
pub fn names_when_done(done_dir: &Path, relative: &Path) -> impl Iterator<Item = PathBuf> {
    let target = done_dir.join(relative);
    (0..)
        .map(move |number| numbered(&target, number))
        .take_while(|name| name.is_file())
}

/// Returns `path` with a number before the ending, if it is not 0: `a (1).txt`, `a (1).txt.gz`.
fn numbered(path: &Path, number: u64) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let ending = |path: &Path| path.extension().map(ToOwned::to_owned);
    let mut stem = PathBuf::from(path.file_name().unwrap_or_default());
    let mut endings = Vec::new();
    if let Some(last) = ending(&stem) {
        stem.set_extension("");
        let packed = last.eq_ignore_ascii_case("gz") || last.eq_ignore_ascii_case("zst");
        endings.push(last);
        if packed && let Some(inner) = ending(&stem) {
            stem.set_extension("");
            endings.push(inner);
        }
    }
    let mut name = stem.into_os_string();
    name.push(format!(" ({number})"));
    for ending in endings.iter().rev() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

/// Renames without ever replacing what is there, across file systems too.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::XDEV) => copy_over(from, to),
        // The file system does not know how to rename like that.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes a durable copy under the name `to`, then removes `from`.
///
/// A kill between the two leaves both; the next try ends that move instead of making another copy.
fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_err() {
        copy_under_name(from, to)?;
    } else if !is_copy(from, to)? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if let Some(folder) = to.parent() {
        File::open(folder)?.sync_all()?;
    }
    fs::remove_file(from)
}

/// Copies to a hidden name beside `to`, makes that durable, and gives it its name.
fn copy_under_name(from: &Path, to: &Path) -> io::Result<()> {
    let mut hidden = OsString::from(".moving-");
    hidden.push(to.file_name().unwrap_or_default());
    let hidden = to.with_file_name(hidden);
    let copied = copy_durably(from, &hidden).and_then(|()| rename_new(&hidden, to));
    if let Err(error) = copied {
        // What is half there is of no use; if it can't be removed, the next try writes over it.
        if let Err(error) = fs::remove_file(&hidden) {
            debug!(path = %hidden.display(), %error, "a half copy could not be removed");
        }
        return Err(error);
    }
    Ok(())
}

/// Whether `to` is a regular file with the modification time and the bytes of `from`.
fn is_copy(from: &Path, to: &Path) -> io::Result<bool> {
    let (old, new) = (fs::symlink_metadata(from)?, fs::symlink_metadata(to)?);
    if !old.is_file() || !new.is_file() || old.len() != new.len() {
        return Ok(false);
    }
    if old.modified()? != new.modified()? {
        return Ok(false);
    }
    let hash = |path: &Path| -> io::Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        Ok(hasher.finalize())
    };
    Ok(hash(from)? == hash(to)?)
}

fn copy_durably(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let metadata = source.metadata()?;
    let mut target = File::create(to)?;
    io::copy(&mut source, &mut target)?;
    target.set_permissions(metadata.permissions())?;
    target.set_modified(metadata.modified()?)?;
    target.sync_all()?;
    if identity_of(&source.metadata()?) == identity_of(&metadata) {
        Ok(())
    } else {
        Err(io::Error::other("the file changed while it was copied"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_the_ending() {
        for (path, expected) in [
            ("/d/a.txt", "/d/a (3).txt"),
            ("/d/a.txt.gz", "/d/a (3).txt.gz"),
            ("/d/2026.11.21.txt", "/d/2026.11.21 (3).txt"),
            ("/d/a", "/d/a (3)"),
            ("/d/a.gz", "/d/a (3).gz"),
        ] {
            assert_eq!(numbered(Path::new(path), 3), Path::new(expected));
        }
    }

    #[test]
    fn a_copy_across_file_systems_is_the_same_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, "text").unwrap();
        let modified = fs::metadata(&from).unwrap().modified().unwrap();
        copy_over(&from, &to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"text");
        assert_eq!(fs::metadata(&to).unwrap().modified().unwrap(), modified);
        assert!(!from.exists());
        fs::write(&from, "other").unwrap();
        let error = copy_over(&from, &to).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&to).unwrap(), b"text");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    /// Scenario: a kill fell between the copy and the removal of the original.
    #[test]
    fn a_move_across_file_systems_that_was_cut_short_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, "text").unwrap();
        copy_durably(&from, &to).unwrap();
        copy_over(&from, &to).unwrap();
        assert!(!from.exists());
        assert_eq!(fs::read(&to).unwrap(), b"text");
        // The same time and length are not enough.
        fs::write(&from, "tent").unwrap();
        let modified = fs::metadata(&to).unwrap().modified().unwrap();
        File::open(&from).unwrap().set_modified(modified).unwrap();
        assert!(copy_over(&from, &to).is_err());
        assert!(from.exists());
    }
}

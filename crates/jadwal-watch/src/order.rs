//! Sorts any number of files by root, modification time and path, in bounded memory.
//!
//! Up to a limit they are sorted in memory; beyond it, sorted runs go to unnamed temporary files and
//! are merged as they are read back. What a crash leaves of them is nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jadwal_core::state::FileIdentity;

/// Runs that are open at a time; more are merged into one.
const MAX_RUNS: usize = 64;

/// A file in the order in which it is read: fields compare from first to last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub(crate) root: usize,
    pub(crate) modified_ns: i128,
    pub(crate) path: OsString,
    pub(crate) size: u64,
    pub(crate) inode: u64,
}

impl Listed {
    pub(crate) fn new(root: usize, path: &Path, identity: FileIdentity) -> Self {
        Self {
            root,
            modified_ns: identity.modified_ns,
            path: path.as_os_str().to_owned(),
            size: identity.size,
            inode: identity.inode,
        }
    }

    pub(crate) fn identity(&self) -> FileIdentity {
        FileIdentity {
            size: self.size,
            modified_ns: self.modified_ns,
            inode: self.inode,
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let path = self.path.as_bytes();
        out.write_all(&(self.root as u64).to_le_bytes())?;
        out.write_all(&self.modified_ns.to_le_bytes())?;
        out.write_all(&self.size.to_le_bytes())?;
        out.write_all(&self.inode.to_le_bytes())?;
        out.write_all(&(path.len() as u64).to_le_bytes())?;
        out.write_all(path)
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        let root = u64::from_le_bytes(read_array(from)?);
        let modified_ns = i128::from_le_bytes(read_array(from)?);
        let size = u64::from_le_bytes(read_array(from)?);
        let inode = u64::from_le_bytes(read_array(from)?);
        let length = u64::from_le_bytes(read_array(from)?);
        let mut path = Vec::new();
        from.take(length).read_to_end(&mut path)?;
        Ok(Self {
            root: usize::try_from(root).map_err(io::Error::other)?,
            modified_ns,
            path: OsString::from_vec(path),
            size,
            inode,
        })
    }
}

fn read_array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut array = [0; N];
    from.read_exact(&mut array)?;
    Ok(array)
}

/// Takes files in any order.
#[derive(Debug)]
pub(crate) struct Sorter {
    limit: usize,
    folder: PathBuf,
    held: Vec<Listed>,
    runs: Vec<Run>,
}

/// Sorted files on disk.
#[derive(Debug)]
struct Run {
    file: BufReader<File>,
    left: u64,
}

impl Sorter {
    /// Holds at most `limit` files in memory; more go to files in `folder`.
    pub(crate) fn new(limit: usize, folder: PathBuf) -> Self {
        Self {
            limit: limit.max(1),
            folder,
            held: Vec::new(),
            runs: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, listed: Listed) -> io::Result<()> {
        self.held.push(listed);
        if self.held.len() >= self.limit {
            self.spill()?;
        }
        Ok(())
    }

    /// Returns the files in order.
    pub(crate) fn finish(mut self) -> io::Result<Sorted> {
        if !self.runs.is_empty() && !self.held.is_empty() {
            self.spill()?;
        }
        self.held.sort_unstable();
        Ok(Sorted {
            held: self.held.into_iter(),
            merge: Merge::new(self.runs)?,
        })
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let run = write_run(&self.folder, self.held.drain(..).map(Ok))?;
        self.runs.push(run);
        if self.runs.len() >= MAX_RUNS {
            let merge = Merge::new(std::mem::take(&mut self.runs))?;
            self.runs.push(write_run(&self.folder, merge)?);
        }
        Ok(())
    }
}

/// Gives files in order.
pub(crate) struct Sorted {
    held: std::vec::IntoIter<Listed>,
    merge: Merge,
}

impl Iterator for Sorted {
    type Item = io::Result<Listed>;

    fn next(&mut self) -> Option<Self::Item> {
        // One of the two is empty.
        self.held.next().map(Ok).or_else(|| self.merge.next())
    }
}

/// Merges sorted runs.
struct Merge {
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(Listed, usize)>>,
}

impl Merge {
    fn new(runs: Vec<Run>) -> io::Result<Self> {
        let mut merge = Self {
            heads: BinaryHeap::with_capacity(runs.len()),
            runs,
        };
        for index in 0..merge.runs.len() {
            merge.refill(index)?;
        }
        Ok(merge)
    }

    fn refill(&mut self, index: usize) -> io::Result<()> {
        let run = &mut self.runs[index];
        if run.left > 0 {
            run.left -= 1;
            let listed = Listed::read(&mut run.file)?;
            self.heads.push(Reverse((listed, index)));
        }
        Ok(())
    }
}

impl Iterator for Merge {
    type Item = io::Result<Listed>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((listed, index)) = self.heads.pop()?;
        Some(self.refill(index).map(|()| listed))
    }
}

fn write_run(folder: &Path, files: impl Iterator<Item = io::Result<Listed>>) -> io::Result<Run> {
    let mut out = BufWriter::new(unnamed_file(folder)?);
    let mut left = 0;
    for listed in files {
        listed?.write(&mut out)?;
        left += 1;
    }
    let mut file = out.into_inner()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(Run {
        file: BufReader::new(file),
        left,
    })
}

/// Makes a file in `folder` that is gone when it is closed.
pub(crate) fn unnamed_file(folder: &Path) -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".jadwal-spill-{}-{number}", std::process::id()));
        let mut options = OpenOptions::new();
        match options.read(true).write(true).create_new(true).open(&path) {
            Ok(file) => {
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Scenario: files in any order, memory for any number of them.
        /// Guarantees: they come out sorted, none lost, and nothing stays on disk.
        #[test]
        fn order_does_not_depend_on_memory(
            files in prop::collection::vec((0usize..3, -5i128..5, "[a-c./\n]{0,4}"), 0..300),
            limit in 1usize..40,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut listed: Vec<_> = files
                .into_iter()
                .map(|(root, modified_ns, path)| Listed {
                    root,
                    modified_ns,
                    path: path.into(),
                    size: 7,
                    inode: 9,
                })
                .collect();
            let mut sorter = Sorter::new(limit, folder.path().to_owned());
            for file in &listed {
                sorter.push(file.clone()).unwrap();
            }
            let sorted: Vec<_> = sorter.finish().unwrap().map(Result::unwrap).collect();
            listed.sort();
            prop_assert_eq!(sorted, listed);
            prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}

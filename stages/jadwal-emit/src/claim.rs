//! Says that an output was begun by a run that has committed nothing yet.
//!
//! Until the first commit there is no position, and a file with lines in it could be anybody's. So
//! a small hidden file is made durable before the first byte of output, and removed after the first
//! commit: while it is there, no line from its segment on counts, and a start may cut them off.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::disk::Disk;
use crate::error::OutputError;

/// The claim of one stage on its output.
#[derive(Debug)]
pub(crate) struct Claim {
    path: PathBuf,
    owner: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was written; the first byte needs a claim before it.
    Needed,
    /// The claim is on disk.
    Staked,
    /// A position was committed: it rules.
    Over,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stake {
    /// Pipeline and stage.
    owner: String,
    /// The first segment that belongs to the claim.
    first_segment: u64,
}

impl Claim {
    pub(crate) fn new(path: PathBuf, owner: &str) -> Self {
        Self {
            path,
            owner: owner.to_owned(),
            state: State::Needed,
        }
    }

    /// Returns the first segment that an earlier run of the same stage claimed and never committed.
    ///
    /// A claim that can't be read was never durable, so nothing was written under it.
    pub(crate) fn find(&mut self) -> Result<Option<u64>, OutputError> {
        let bytes = match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(OutputError::io("read", &self.path))?,
        };
        let stake: Option<Stake> = serde_json::from_slice(&bytes).ok();
        let own = stake.filter(|stake| stake.owner == self.owner);
        if own.is_some() {
            self.state = State::Staked;
        }
        Ok(own.map(|stake| stake.first_segment))
    }

    /// Makes the claim durable if it is needed and not there yet.
    pub(crate) fn stake(&mut self, disk: &dyn Disk, first_segment: u64) -> Result<(), OutputError> {
        if self.state != State::Needed {
            return Ok(());
        }
        let stake = Stake {
            owner: self.owner.clone(),
            first_segment,
        };
        write_durably(disk, &self.path, &stake)
            .map_err(OutputError::io("write the claim", &self.path))?;
        self.state = State::Staked;
        Ok(())
    }

    /// Removes the claim: a position was committed. It can't come back after a crash.
    pub(crate) fn release(&mut self, disk: &dyn Disk) -> Result<(), OutputError> {
        if self.state == State::Over {
            return Ok(());
        }
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => {
                result
                    .and_then(|()| disk.sync_folder(folder_of(&self.path)))
                    .map_err(OutputError::io("remove the claim", &self.path))?;
            }
        }
        self.state = State::Over;
        Ok(())
    }
}

fn write_durably(disk: &dyn Disk, path: &Path, stake: &Stake) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&serde_json::to_vec(stake)?)?;
    file.sync_all()?;
    disk.sync_folder(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

//! Keeps the raw bytes of documents that failed, and why: dead letters, one pair of files each.
//!
//! `<id>` holds the raw bytes: written under another name, synced and renamed. `<id>.json` tells what
//! happened, one JSON object a line for each place that the content came from; lines are appended and
//! synced. All of it is on disk before the commit that records the fates. A crash in between is
//! repaired by doing it again: the same bytes come under the same name, the last line of a place
//! counts, and half a line is passed over.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jadwal_core::DocumentId;
use jadwal_core::clock::rfc3339;
use jadwal_core::fault;
use jadwal_core::source::{CopyError, RawBytes, Refused};
use serde::{Deserialize, Serialize};

/// A failure of the quarantine folder.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The disk refused.
    #[error("failed to {doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The bytes to keep are not there any more.
    #[error("the raw bytes of document {0} are gone")]
    Gone(DocumentId),
}

impl QuarantineError {
    fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

/// One quarantined content and every place it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineEntry {
    /// Hash of the raw bytes, and the name of the file that holds them.
    pub id: DocumentId,
    /// Where it came from and what failed, oldest first.
    pub occurrences: Vec<Occurrence>,
}

/// One time that a content failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// File, as in records.
    pub file_path: String,
    /// Length of that file on disk.
    pub file_bytes: u64,
    /// When the file was last modified, RFC 3339 to the nanosecond.
    pub modified: jiff::Timestamp,
    /// Number of the record in the file.
    pub record_index: u64,
    /// Start and end of the record in the unpacked file.
    pub bytes: (u64, u64),
    /// Whether the quarantined bytes are the packed file, because it could not be unpacked.
    pub packed: bool,
    /// Id of the stage that failed, or `source`.
    pub stage: String,
    /// The error with its causes.
    pub error: String,
    /// When it was quarantined, RFC 3339.
    pub time: String,
}

/// The quarantine folder, or nothing for a dry run.
#[derive(Clone, Debug)]
pub struct Quarantine {
    folder: Option<PathBuf>,
}

impl Quarantine {
    /// Returns the quarantine in `folder`, which is made when it is first needed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
        }
    }

    /// Returns a quarantine that keeps nothing.
    #[must_use]
    pub fn discard() -> Self {
        Self { folder: None }
    }

    /// Keeps the raw bytes of `refused`. They are on disk when this returns, but for the folder's own
    /// entry: see [`Quarantine::sync`].
    ///
    /// # Errors
    /// When the disk refuses, and doing it again is safe; or when the bytes are gone.
    pub(crate) fn keep_raw(&self, refused: &Refused) -> Result<(), QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let place = &refused.provenance.file_path;
        let doing = || format!("quarantine `{place}` in `{}`", folder.display());
        fault::point("quarantine.write").map_err(QuarantineError::io(doing()))?;
        make_folder(folder).map_err(QuarantineError::io(doing()))?;
        let raw = folder.join(refused.id.to_string());
        if raw.is_file() {
            return Ok(());
        }
        write_durably(&raw, |file| copy_raw(&refused.raw, file)).map_err(|error| match error {
            CopyError::Gone => QuarantineError::Gone(refused.id),
            CopyError::Io(error) => QuarantineError::io(doing())(error),
        })
    }

    /// Tells what happened to each of `failed`, as stage and record; synced when this returns.
    ///
    /// # Errors
    /// When the disk refuses; doing it again is safe.
    pub(crate) fn describe<'a>(
        &self,
        failed: impl Iterator<Item = (&'a str, &'a Refused)>,
        now: jiff::Timestamp,
    ) -> Result<(), QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let mut lines: BTreeMap<DocumentId, Vec<u8>> = BTreeMap::new();
        for (stage, refused) in failed {
            let occurrence = occurrence(stage, refused, rfc3339(now));
            add_line(lines.entry(refused.id).or_default(), &occurrence)?;
        }
        for (id, lines) in lines {
            let path = folder.join(format!("{id}.json"));
            let doing = format!("write `{}`", path.display());
            append_lines(&path, &lines).map_err(QuarantineError::io(doing))?;
        }
        Ok(())
    }

    /// Makes the folder's entries durable.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn sync(&self) -> Result<(), QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(QuarantineError::io(format!(
                "sync the quarantine `{}`",
                folder.display()
            )))
    }

    /// Returns the entry of `id`, if it is quarantined.
    ///
    /// # Errors
    /// When its description can't be read.
    pub fn entry(&self, id: DocumentId) -> Result<Option<QuarantineEntry>, QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let path = folder.join(format!("{id}.json"));
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(QuarantineEntry {
                id,
                occurrences: occurrences(&bytes),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let doing = format!("read `{}`", path.display());
                Err(QuarantineError::io(doing)(error))
            }
        }
    }

    /// Returns all entries, by id.
    ///
    /// # Errors
    /// When the folder or a description can't be read.
    pub fn entries(&self) -> Result<Vec<QuarantineEntry>, QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let doing = || format!("list the quarantine `{}`", folder.display());
        let listing = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listing => listing.map_err(QuarantineError::io(doing()))?,
        };
        let mut ids = Vec::new();
        for entry in listing {
            let name = entry.map_err(QuarantineError::io(doing()))?.file_name();
            let id = name
                .to_str()
                .and_then(|name| name.strip_suffix(".json")?.parse::<DocumentId>().ok());
            ids.extend(id);
        }
        ids.sort_unstable();
        ids.into_iter()
            .filter_map(|id| self.entry(id).transpose())
            .collect()
    }

    /// Returns where the raw bytes of `id` lie.
    #[must_use]
    pub fn raw_path(&self, id: DocumentId) -> Option<PathBuf> {
        self.folder
            .as_ref()
            .map(|folder| folder.join(id.to_string()))
    }

    /// Forgets occurrences; with the last one the raw bytes go too.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn release(&self, id: DocumentId, settled: &[Occurrence]) -> Result<(), QuarantineError> {
        let (Some(folder), Some(mut entry)) = (&self.folder, self.entry(id)?) else {
            return Ok(());
        };
        let places: std::collections::HashSet<_> = settled.iter().map(place).collect();
        entry
            .occurrences
            .retain(|known| !places.contains(&place(known)));
        let description = folder.join(format!("{id}.json"));
        if !entry.occurrences.is_empty() {
            let mut lines = Vec::new();
            for occurrence in &entry.occurrences {
                add_line(&mut lines, occurrence)?;
            }
            let written = write_durably(&description, |file| Ok(file.write_all(&lines)?));
            return written.map_err(|error| {
                let doing = format!("write `{}`", description.display());
                QuarantineError::io(doing)(io::Error::other(error))
            });
        }
        // The description goes first: without it the raw bytes are no entry.
        for path in [description, folder.join(id.to_string())] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    let doing = format!("remove `{}`", path.display());
                    return Err(QuarantineError::io(doing)(error));
                }
                _ => {}
            }
        }
        self.sync()
    }
}

fn occurrence(stage: &str, refused: &Refused, time: String) -> Occurrence {
    let place = &refused.provenance;
    Occurrence {
        file_path: place.file_path.clone(),
        file_bytes: place.file_bytes,
        modified: place.modified,
        record_index: place.record_index,
        bytes: (place.bytes.start, place.bytes.end),
        packed: refused.packed,
        stage: stage.to_owned(),
        error: refused.error.clone(),
        time,
    }
}

/// What tells one occurrence of a content from another.
fn place(occurrence: &Occurrence) -> (&str, u64) {
    (&occurrence.file_path, occurrence.record_index)
}

/// Reads the lines of a description: the last one of a place counts, half a line is passed over.
fn occurrences(bytes: &[u8]) -> Vec<Occurrence> {
    let lines = bytes.split(|byte| *byte == b'\n');
    let read: Vec<Occurrence> = lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    let last: BTreeMap<(&str, u64), usize> = read
        .iter()
        .enumerate()
        .map(|(index, found)| (place(found), index))
        .collect();
    let mut kept: Vec<usize> = last.into_values().collect();
    kept.sort_unstable();
    kept.into_iter().map(|index| read[index].clone()).collect()
}

fn add_line(lines: &mut Vec<u8>, occurrence: &Occurrence) -> Result<(), QuarantineError> {
    serde_json::to_writer(&mut *lines, occurrence)
        .map_err(|error| QuarantineError::io("describe a quarantined document")(error.into()))?;
    lines.push(b'\n');
    Ok(())
}

/// Appends `lines` and syncs them. Half a line that a crash left is ended first.
fn append_lines(path: &Path, lines: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    if file.metadata()?.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    file.write_all(lines)?;
    file.sync_all()
}

fn copy_raw(raw: &RawBytes, target: &mut dyn Write) -> Result<(), CopyError> {
    match raw {
        RawBytes::InMemory(bytes) => Ok(target.write_all(bytes)?),
        RawBytes::Copied(copy) => copy(target),
    }
}

/// Makes the folder, and its name durable.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

/// Writes a file so that it is there in full or not at all.
fn write_durably(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let partial = path.with_file_name(name);
    let mut file = File::create(&partial)?;
    write(&mut file)?;
    file.sync_all()?;
    Ok(fs::rename(&partial, path)?)
}

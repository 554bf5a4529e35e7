//! Keeps the raw bytes of documents that failed, and why: dead letters, one pair of files each.
//!
//! `<id>` holds the raw bytes, `<id>.json` what happened. Both are written under another name, synced
//! and renamed, before the commit that records the fate; a crash between the two is repaired by doing
//! it again, which changes nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jadwal_core::DocumentId;
use jadwal_core::clock::rfc3339;
use jadwal_core::fault;
use jadwal_core::source::{RawBytes, Refused};
use serde::{Deserialize, Serialize};

/// A failure of the quarantine folder.
#[derive(Debug, thiserror::Error)]
#[error("failed to {doing}")]
pub struct QuarantineError {
    doing: String,
    #[source]
    source: io::Error,
}

impl QuarantineError {
    fn new(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self { doing, source }
    }
}

/// One quarantined content and every place it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Keeps the raw bytes of `refused` and what happened. All of it is on disk when this returns,
    /// but for the folder's own entry: see [`Quarantine::sync`].
    ///
    /// # Errors
    /// When the disk refuses; doing it again is safe.
    pub(crate) fn keep(
        &self,
        stage: &str,
        refused: &Refused,
        now: jiff::Timestamp,
    ) -> Result<(), QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let doing = || {
            format!(
                "quarantine `{}` in `{}`",
                refused.provenance.file_path,
                folder.display()
            )
        };
        fault::point("quarantine.write").map_err(QuarantineError::new(doing()))?;
        fs::create_dir_all(folder).map_err(QuarantineError::new(doing()))?;
        let raw = folder.join(refused.id.to_string());
        if !raw.is_file() {
            write_durably(&raw, |file| copy_raw(&refused.raw, file))
                .map_err(QuarantineError::new(doing()))?;
        }
        let mut entry = self.entry(refused.id)?.unwrap_or(QuarantineEntry {
            id: refused.id,
            occurrences: Vec::new(),
        });
        let occurrence = occurrence(stage, refused, rfc3339(now));
        entry
            .occurrences
            .retain(|known| !same_place(known, &occurrence));
        entry.occurrences.push(occurrence);
        self.write_entry(&entry)
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
            .map_err(QuarantineError::new(format!(
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
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
                QuarantineError::new(format!("read `{}`", path.display()))(error.into())
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(QuarantineError::new(format!("read `{}`", path.display()))(
                error,
            )),
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
            listing => listing.map_err(QuarantineError::new(doing()))?,
        };
        let mut ids = Vec::new();
        for entry in listing {
            let name = entry.map_err(QuarantineError::new(doing()))?.file_name();
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

    /// Forgets one occurrence; with the last one the raw bytes go too.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn release(&self, id: DocumentId, occurrence: &Occurrence) -> Result<(), QuarantineError> {
        let (Some(folder), Some(mut entry)) = (&self.folder, self.entry(id)?) else {
            return Ok(());
        };
        entry
            .occurrences
            .retain(|known| !same_place(known, occurrence));
        if !entry.occurrences.is_empty() {
            return self.write_entry(&entry);
        }
        // The description goes first: without it the raw bytes are no entry.
        for path in [
            folder.join(format!("{id}.json")),
            folder.join(id.to_string()),
        ] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(
                        QuarantineError::new(format!("remove `{}`", path.display()))(error),
                    );
                }
                _ => {}
            }
        }
        self.sync()
    }

    fn write_entry(&self, entry: &QuarantineEntry) -> Result<(), QuarantineError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let path = folder.join(format!("{}.json", entry.id));
        let doing = format!("write `{}`", path.display());
        write_durably(&path, |file| {
            serde_json::to_writer_pretty(&mut *file, entry)?;
            file.write_all(b"\n")
        })
        .map_err(QuarantineError::new(doing))
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

fn same_place(left: &Occurrence, right: &Occurrence) -> bool {
    left.file_path == right.file_path && left.record_index == right.record_index
}

fn copy_raw(raw: &RawBytes, target: &mut dyn Write) -> io::Result<()> {
    match raw {
        RawBytes::InMemory(bytes) => target.write_all(bytes),
        RawBytes::Copied(copy) => copy(target),
    }
}

/// Writes a file so that it is there in full or not at all.
fn write_durably(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let partial = path.with_file_name(name);
    let mut file = File::create(&partial)?;
    write(&mut file)?;
    file.sync_all()?;
    fs::rename(&partial, path)
}

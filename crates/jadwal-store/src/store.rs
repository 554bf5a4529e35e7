//! Opens the store, answers look-ups and makes commits durable.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use jadwal_core::fault;
use jadwal_core::state::{
    Commit, DocumentRow, FateCounts, FileChange, FileRow, ScanVisitor, StateError, StateRead,
    StateStore,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::lock::FolderLock;

/// Raised when a reader of the old layout would misread the new one.
const FORMAT: u32 = 1;

/// The database's folder in the state folder, and its name until it is whole.
const DATABASE: &str = "store";
const DATABASE_IN_THE_MAKING: &str = "store.new";

/// Memory of the block cache and of each keyspace's write buffer. Small on purpose: look-ups that
/// miss are answered by filters, and an idle daemon should weigh little.
const CACHE_BYTES: u64 = 24 << 20;
const WRITE_BUFFER_BYTES: u64 = 8 << 20;
const JOURNAL_BYTES: u64 = 64 << 20;

/// The durable state in one folder. Cloning is not offered: share it behind an `Arc`.
pub struct Store {
    pub(crate) database: Database,
    pub(crate) files: Keyspace,
    pub(crate) documents: Keyspace,
    pub(crate) ids: Keyspace,
    pub(crate) stages: Keyspace,
    pub(crate) meta: Keyspace,
    pub(crate) folder: PathBuf,
    totals: Mutex<FateCounts>,
    _lock: FolderLock,
}

impl Store {
    /// Opens the store in `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// When another process holds it, when it has another format, or when the disk refuses.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::io(format!(
            "make the state folder `{}`",
            folder.display()
        )))?;
        let lock = FolderLock::take(folder)?;
        let path = folder.join(DATABASE);
        if !path.is_dir() {
            make_database(folder, &path)?;
        }
        let (database, [files, documents, ids, stages, meta]) = open_database(&path)?;
        let store = Self {
            database,
            files,
            documents,
            ids,
            stages,
            meta,
            folder: folder.to_owned(),
            totals: Mutex::default(),
            _lock: lock,
        };
        store.check_format()?;
        let totals = store.meta_json("totals")?.unwrap_or_default();
        *store.lock_totals() = totals;
        Ok(store)
    }

    /// Opens the store like [`Store::open`], but waits up to `patience` for its holder to let go:
    /// commands that look into the state hold it for a moment only. Blocks the thread.
    ///
    /// # Errors
    /// Like [`Store::open`].
    pub fn open_waiting(folder: &Path, patience: Duration) -> Result<Self, StoreError> {
        let end = Instant::now() + patience;
        loop {
            match Self::open(folder) {
                Err(StoreError::Held { .. }) if Instant::now() < end => {
                    std::thread::park_timeout(Duration::from_millis(20));
                }
                result => return result,
            }
        }
    }

    /// Returns the folder the store lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sum of all fates; held through a commit, so that two commits do not lose each other's counts.
    pub(crate) fn lock_totals(&self) -> MutexGuard<'_, FateCounts> {
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_format(&self) -> Result<(), StoreError> {
        match self.meta_json::<u32>("format")? {
            Some(FORMAT) => Ok(()),
            found => Err(StoreError::Format {
                path: self.folder.clone(),
                found: found.map_or("unknown".to_owned(), |found| found.to_string()),
                known: FORMAT,
            }),
        }
    }

    pub(crate) fn meta_json<T: DeserializeOwned>(
        &self,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let value = self.meta.get(key).map_err(StoreError::database(format!(
            "read `{key}` from the state store"
        )))?;
        value
            .map(|bytes| parse_row("meta", key, &bytes))
            .transpose()
    }

    fn read(
        &self,
        keyspace: &Keyspace,
        key: &[u8],
        what: &str,
    ) -> Result<Option<Vec<u8>>, StateError> {
        keyspace
            .get(key)
            .map(|value| value.map(|bytes| bytes.to_vec()))
            .map_err(|error| StateError::new(format!("read {what} from the state store"), error))
    }

    /// Writes the whole commit into one synced batch.
    fn write_batch(&self, commit: &Commit, totals: FateCounts) -> Result<(), StateError> {
        let mut batch = self
            .database
            .batch()
            .durability(Some(PersistMode::SyncData));
        for (path, change) in last_by_key(commit.files.iter().map(|(path, change)| (path, change)))
        {
            let key = path.as_os_str().as_bytes();
            match change {
                FileChange::Set(row) => batch.insert(&self.files, key, json(row)?),
                FileChange::Forget => batch.remove(&self.files, key),
            }
        }
        for row in &commit.documents {
            batch.insert(&self.documents, row.seq.to_be_bytes(), json(row)?);
            batch.insert(&self.ids, id_key(row), "");
        }
        let writes = commit.writes.iter();
        let writes = writes.map(|write| (stage_key(&write.stage, &write.key), &write.value));
        for (key, value) in last_by_key(writes) {
            match value {
                Some(value) => batch.insert(&self.stages, key, value.as_slice()),
                None => batch.remove(&self.stages, key),
            }
        }
        let positions = commit.positions.iter();
        for (stage, position) in last_by_key(positions.map(|(stage, position)| (stage, position))) {
            batch.insert(&self.meta, format!("position:{stage}"), position.as_slice());
        }
        match &commit.resume {
            Some(path) => batch.insert(&self.meta, "resume", path.as_os_str().as_bytes()),
            None => batch.remove(&self.meta, "resume"),
        }
        batch.insert(&self.meta, "next_seq", json(&commit.next_seq)?);
        batch.insert(&self.meta, "totals", json(&totals)?);
        batch
            .commit()
            .map_err(|error| StateError::new("commit to the state store", error))
    }
}

impl StateRead for Store {
    fn get(&self, stage: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.read(&self.stages, &stage_key(stage, key), stage)
    }

    fn scan(
        &self,
        stage: &str,
        keys: Range<&[u8]>,
        visit: &mut ScanVisitor<'_>,
    ) -> Result<(), StateError> {
        if keys.start >= keys.end {
            return Ok(());
        }
        let range = stage_key(stage, keys.start)..stage_key(stage, keys.end);
        let prefix = stage.len() + 1;
        for guard in self.stages.range(range) {
            let (key, value) = guard.into_inner().map_err(|error| {
                StateError::new(format!("read {stage} from the state store"), error)
            })?;
            if visit(&key[prefix..], &value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl StateStore for Store {
    fn file(&self, path: &Path) -> Result<Option<FileRow>, StateError> {
        let Some(bytes) = self.read(&self.files, path.as_os_str().as_bytes(), "a file's row")?
        else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            StateError::new(
                format!("read the ledger row of `{}`", path.display()),
                error,
            )
        })
    }

    fn resume(&self) -> Result<Option<PathBuf>, StateError> {
        let path = self.read(&self.meta, b"resume", "the unfinished file")?;
        Ok(path.map(|bytes| PathBuf::from(OsStr::from_bytes(&bytes))))
    }

    fn position(&self, stage: &str) -> Result<Option<Vec<u8>>, StateError> {
        let key = format!("position:{stage}");
        self.read(&self.meta, key.as_bytes(), "a sink's position")
    }

    fn next_seq(&self) -> Result<u64, StateError> {
        let value = self
            .meta_json("next_seq")
            .map_err(|error| StateError::new("read the admission number", error))?;
        Ok(value.unwrap_or(0))
    }

    fn commit(&self, commit: &Commit) -> Result<(), StateError> {
        let failed = |error| StateError::new("commit to the state store", error);
        fault::point("store.commit").map_err(failed)?;
        let mut totals = self.lock_totals();
        let mut sum = *totals;
        for row in &commit.documents {
            sum.add(counts_of(row));
        }
        self.write_batch(commit, sum)?;
        *totals = sum;
        fault::point("store.committed").map_err(failed)
    }

    fn totals(&self) -> Result<FateCounts, StateError> {
        Ok(*self.lock_totals())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// Opens the database in `path`, which is made if it is missing, with its keyspaces.
fn open_database(path: &Path) -> Result<(Database, [Keyspace; 5]), StoreError> {
    let opening = || format!("open the state store `{}`", path.display());
    let database = Database::builder(path)
        .cache_size(CACHE_BYTES)
        .max_journaling_size(JOURNAL_BYTES)
        .worker_threads(1)
        .open()
        .map_err(StoreError::database(opening()))?;
    let keyspace = |name: &str| {
        database
            .keyspace(name, || {
                KeyspaceCreateOptions::default().max_memtable_size(WRITE_BUFFER_BYTES)
            })
            .map_err(StoreError::database(opening()))
    };
    let keyspaces = [
        keyspace("files")?,
        keyspace("documents")?,
        keyspace("ids")?,
        keyspace("stages")?,
        keyspace("meta")?,
    ];
    Ok((database, keyspaces))
}

/// Makes the database under another name, and gives it its own when it is whole: fjall can't open
/// one that a kill left half made.
fn make_database(folder: &Path, path: &Path) -> Result<(), StoreError> {
    let doing = || format!("make the state store `{}`", path.display());
    let partial = folder.join(DATABASE_IN_THE_MAKING);
    match std::fs::remove_dir_all(&partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(StoreError::io(doing())(error));
        }
        _ => {}
    }
    let (database, [.., meta]) = open_database(&partial)?;
    meta.insert("format", FORMAT.to_string())
        .and_then(|()| database.persist(PersistMode::SyncAll))
        .map_err(StoreError::database(doing()))?;
    drop((database, meta));
    std::fs::rename(&partial, path)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(StoreError::io(doing()))
}

/// One document's fate as counts.
pub(crate) fn counts_of(row: &DocumentRow) -> FateCounts {
    let mut counts = FateCounts::default();
    match row.fate.as_str() {
        "delivered" => counts.delivered = 1,
        "dropped" => counts.dropped = 1,
        _ => counts.quarantined = 1,
    }
    counts
}

pub(crate) fn id_key(row: &DocumentRow) -> [u8; 24] {
    let mut key = [0; 24];
    key[..16].copy_from_slice(row.id.as_bytes());
    key[16..].copy_from_slice(&row.seq.to_be_bytes());
    key
}

/// Keeps the last value of each key: all of a batch has one sequence number, so a key that stands in
/// it twice would have no defined value.
fn last_by_key<K: Ord, V>(pairs: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    pairs.collect()
}

pub(crate) fn stage_key(stage: &str, key: &[u8]) -> Vec<u8> {
    [stage.as_bytes(), b"\0", key].concat()
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, StateError> {
    serde_json::to_vec(value)
        .map_err(|error| StateError::new("write a row of the state store", error))
}

pub(crate) fn parse_row<T: DeserializeOwned>(
    keyspace: &'static str,
    key: &str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|source| StoreError::Row {
        keyspace,
        key: format!("`{key}`"),
        source,
    })
}

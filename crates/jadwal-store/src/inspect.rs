//! Looks into the store and mends it: what `jadwal state` shows and does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use fjall::PersistMode;
use jadwal_core::DocumentId;
use jadwal_core::state::{DocumentRow, FateCounts, FileRow};

use crate::error::StoreError;
use crate::store::{Store, counts_of, id_key, parse_row, stage_key};

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Rows of files read.
    pub files: u64,
    /// Rows of documents read.
    pub documents: u64,
    /// Keys of stages read.
    pub stage_keys: u64,
    /// What is wrong, one line each; empty for a sound store.
    pub problems: Vec<String>,
}

impl Store {
    /// Calls `visit` with each file of the ledger, by path.
    ///
    /// # Errors
    /// When a row can't be read, or `visit` fails.
    pub fn visit_files<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(PathBuf, FileRow) -> Result<(), E>,
    ) -> Result<(), E> {
        for guard in self.files.iter() {
            let (key, value) = guard
                .into_inner()
                .map_err(StoreError::database("read the ledger of files"))?;
            let path = PathBuf::from(OsStr::from_bytes(&key));
            let row = parse_row("files", &path.to_string_lossy(), &value)?;
            visit(path, row)?;
        }
        Ok(())
    }

    /// Calls `visit` with each document of the ledger, in admission order.
    ///
    /// # Errors
    /// When a row can't be read, or `visit` fails.
    pub fn visit_documents<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(DocumentRow) -> Result<(), E>,
    ) -> Result<(), E> {
        for guard in self.documents.iter() {
            let (key, value) = guard
                .into_inner()
                .map_err(StoreError::database("read the ledger of documents"))?;
            visit(parse_row("documents", &hex(&key), &value)?)?;
        }
        Ok(())
    }

    /// Returns every row of the document `id`, in admission order.
    ///
    /// # Errors
    /// When a row can't be read.
    pub fn documents_by_id(&self, id: DocumentId) -> Result<Vec<DocumentRow>, StoreError> {
        let mut rows = Vec::new();
        for guard in self.ids.prefix(id.as_bytes()) {
            let key = guard
                .key()
                .map_err(StoreError::database("read the ledger of ids"))?;
            let seq = &key[16..];
            let row = self
                .documents
                .get(seq)
                .map_err(StoreError::database("read the ledger of documents"))?;
            if let Some(bytes) = row {
                rows.push(parse_row("documents", &hex(seq), &bytes)?);
            }
        }
        Ok(rows)
    }

    /// Returns the row of one file.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn file_row(&self, path: &Path) -> Result<Option<FileRow>, StoreError> {
        let key = path.as_os_str().as_bytes();
        let row = self
            .files
            .get(key)
            .map_err(StoreError::database("read the ledger of files"))?;
        row.map(|bytes| parse_row("files", &path.to_string_lossy(), &bytes))
            .transpose()
    }

    /// Forgets a file, so that it is read again. Returns whether it was known.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget_file(&self, path: &Path) -> Result<bool, StoreError> {
        let known = self.file_row(path)?.is_some();
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        batch.remove(&self.files, path.as_os_str().as_bytes());
        batch
            .commit()
            .map_err(StoreError::database(format!("forget `{}`", path.display())))?;
        Ok(known)
    }

    /// Forgets everything that the stage `stage` stored: dedup then takes every text as new.
    /// Returns the number of keys.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget_stage(&self, stage: &str) -> Result<u64, StoreError> {
        let doing = || format!("forget what `{stage}` stored");
        let mut count = 0;
        let prefix = format!("{stage}\0");
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for guard in self.stages.prefix(prefix) {
            let key = guard.key().map_err(StoreError::database(doing()))?;
            batch.remove(&self.stages, key);
            count += 1;
        }
        batch.commit().map_err(StoreError::database(doing()))?;
        Ok(count)
    }

    /// Forgets these keys of the stage `stage`.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget_keys(&self, stage: &str, keys: &[Vec<u8>]) -> Result<(), StoreError> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for key in keys {
            batch.remove(&self.stages, stage_key(stage, key));
        }
        batch
            .commit()
            .map_err(StoreError::database(format!("forget keys of `{stage}`")))
    }

    /// Forgets these rows of documents, after a retry gave them another fate.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget_documents(&self, rows: &[DocumentRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let doing = || "forget settled documents";
        let mut totals = self.lock_totals();
        let mut left = *totals;
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for row in rows {
            batch.remove(&self.documents, row.seq.to_be_bytes());
            batch.remove(&self.ids, id_key(row));
            left.subtract(counts_of(row));
        }
        let value = serde_json::to_vec(&left).map_err(|source| StoreError::Row {
            keyspace: "meta",
            key: "`totals`".to_owned(),
            source,
        })?;
        batch.insert(&self.meta, "totals", value);
        batch.commit().map_err(StoreError::database(doing()))?;
        *totals = left;
        Ok(())
    }

    /// Reads every row and checks the store's own laws: each id leads to its document and back, and
    /// the totals are the sum of the fates.
    ///
    /// # Errors
    /// When the store can't be read at all; damaged rows are listed in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        let mut report = VerifyReport::default();
        self.verify_files(&mut report)?;
        self.verify_documents(&mut report)?;
        for guard in self.stages.iter() {
            guard
                .key()
                .map_err(StoreError::database("read the keys of stages"))?;
            report.stage_keys += 1;
        }
        Ok(report)
    }

    fn verify_files(&self, report: &mut VerifyReport) -> Result<(), StoreError> {
        for guard in self.files.iter() {
            let (key, value) = guard
                .into_inner()
                .map_err(StoreError::database("read the ledger of files"))?;
            report.files += 1;
            let name = String::from_utf8_lossy(&key);
            if let Err(error) = parse_row::<FileRow>("files", &name, &value) {
                report.problems.push(jadwal_core::describe_chain(&error));
            }
        }
        Ok(())
    }

    fn verify_documents(&self, report: &mut VerifyReport) -> Result<(), StoreError> {
        let mut sum = FateCounts::default();
        for guard in self.documents.iter() {
            let (key, value) = guard
                .into_inner()
                .map_err(StoreError::database("read the ledger of documents"))?;
            report.documents += 1;
            match parse_row::<DocumentRow>("documents", &hex(&key), &value) {
                Ok(row) => {
                    sum.add(counts_of(&row));
                    let indexed = self
                        .ids
                        .contains_key(id_key(&row))
                        .map_err(StoreError::database("read the ledger of ids"))?;
                    if !indexed {
                        report
                            .problems
                            .push(format!("document {} is not indexed by its id", row.id));
                    }
                }
                Err(error) => report.problems.push(jadwal_core::describe_chain(&error)),
            }
        }
        let totals: FateCounts = self.meta_json("totals")?.unwrap_or_default();
        if totals != sum {
            report
                .problems
                .push(format!("the totals say {totals:?}, the rows {sum:?}"));
        }
        Ok(())
    }

    /// Rewrites the store without what was replaced or forgotten. Returns its size in bytes before
    /// and after.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn compact(&self) -> Result<(u64, u64), StoreError> {
        let size = || {
            self.database
                .disk_space()
                .map_err(StoreError::database("measure the state store"))
        };
        let before = size()?;
        for keyspace in [
            &self.files,
            &self.documents,
            &self.ids,
            &self.stages,
            &self.meta,
        ] {
            keyspace
                .rotate_memtable_and_wait()
                .and_then(|()| keyspace.major_compact())
                .map_err(StoreError::database("compact the state store"))?;
        }
        Ok((before, size()?))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

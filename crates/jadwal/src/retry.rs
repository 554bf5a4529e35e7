//! Gives quarantined documents a second chance, under the names and places they had.
//!
//! The order makes a crash harmless: the new fate is committed first, then the old row goes, then the
//! raw bytes. Whoever comes again and finds a newer fate only finishes the clean-up.

use std::path::PathBuf;
use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::source::{
    Intake, Item, RawBytes, Refused, Settler, Source, SourceError, SourceFile, Submission, Waker,
};
use jadwal_core::state::{DocumentRow, FileIdentity};
use jadwal_core::{Document, DocumentId, Provenance};
use jadwal_runtime::{Occurrence, Quarantine, QuarantineEntry};
use jadwal_store::Store;
use jadwal_watch::JsonlFields;

use crate::assemble::jsonl_fields;
use crate::failure::Failure;

/// One place of one quarantined content.
#[derive(Clone)]
struct Chosen {
    id: DocumentId,
    occurrence: Occurrence,
    raw: PathBuf,
}

/// What is to be tried again.
pub(crate) struct Selection(Vec<Chosen>);

impl Selection {
    /// Chooses all occurrences of `entries`; those that an earlier retry settled already are released
    /// here.
    pub(crate) fn of(
        entries: Vec<QuarantineEntry>,
        quarantine: &Quarantine,
        store: &Store,
    ) -> Result<Self, Failure> {
        let mut chosen = Vec::new();
        for entry in entries {
            for occurrence in entry.occurrences {
                let rows = rows_of(store, entry.id, &occurrence)?;
                if rows.iter().any(|row| row.fate != "quarantined") {
                    release(store, quarantine, entry.id, &occurrence, &rows)?;
                    continue;
                }
                let raw = quarantine.raw_path(entry.id).unwrap_or_default();
                chosen.push(Chosen {
                    id: entry.id,
                    occurrence,
                    raw,
                });
            }
        }
        Ok(Self(chosen))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Cleans up after the run that began at admission number `first_seq`. Returns how many left the
    /// quarantine and how many failed again.
    pub(crate) fn settle(
        &self,
        first_seq: u64,
        quarantine: &Quarantine,
        store: &Store,
    ) -> Result<(usize, usize), Failure> {
        let (mut good, mut bad) = (0, 0);
        for chosen in &self.0 {
            let rows = rows_of(store, chosen.id, &chosen.occurrence)?;
            let Some(newest) = rows.iter().rfind(|row| row.seq >= first_seq) else {
                bad += 1;
                continue;
            };
            if newest.fate == "quarantined" {
                let newest = newest.seq;
                let old: Vec<_> = rows.into_iter().filter(|row| row.seq != newest).collect();
                store.forget_documents(&old)?;
                bad += 1;
            } else {
                release(store, quarantine, chosen.id, &chosen.occurrence, &rows)?;
                good += 1;
            }
        }
        Ok((good, bad))
    }
}

/// Rows of the content at this very place, in admission order.
fn rows_of(
    store: &Store,
    id: DocumentId,
    occurrence: &Occurrence,
) -> Result<Vec<DocumentRow>, Failure> {
    let mut rows = store.documents_by_id(id)?;
    rows.retain(|row| {
        row.file_path == occurrence.file_path && row.record_index == occurrence.record_index
    });
    Ok(rows)
}

/// Forgets the quarantined fates, then the raw bytes.
fn release(
    store: &Store,
    quarantine: &Quarantine,
    id: DocumentId,
    occurrence: &Occurrence,
    rows: &[DocumentRow],
) -> Result<(), Failure> {
    let old: Vec<_> = rows
        .iter()
        .filter(|row| row.fate == "quarantined")
        .cloned()
        .collect();
    store.forget_documents(&old)?;
    quarantine.release(id, occurrence).map_err(Failure::fatal)
}

/// Submits the chosen documents, one at a time.
pub(crate) struct RetrySource {
    chosen: Vec<Chosen>,
    fields: JsonlFields,
    max_bytes: u64,
}

impl RetrySource {
    pub(crate) fn new(plan: &Plan, selection: &Selection) -> Self {
        Self {
            chosen: selection.0.clone(),
            fields: jsonl_fields(&plan.source),
            max_bytes: plan.limits.max_document_bytes,
        }
    }

    /// Makes the document that `chosen` is, or refuses it again with what is wrong now.
    fn item(&self, chosen: &Chosen) -> Item {
        match self.document(chosen) {
            Ok(document) => Item::Document(Box::new(document)),
            Err(error) => {
                let raw = chosen.raw.clone();
                Item::Refused(Box::new(Refused {
                    id: chosen.id,
                    provenance: provenance(&chosen.occurrence),
                    error,
                    raw: RawBytes::Copied(Box::new(move |target| {
                        let mut file = std::fs::File::open(&raw)?;
                        std::io::copy(&mut file, target).map(|_| ())
                    })),
                    packed: chosen.occurrence.packed,
                }))
            }
        }
    }

    fn document(&self, chosen: &Chosen) -> Result<Document, String> {
        let place = provenance(&chosen.occurrence);
        let packed = chosen.occurrence.packed;
        jadwal_watch::read_retained(&chosen.raw, packed, place, &self.fields, self.max_bytes)
    }
}

fn provenance(occurrence: &Occurrence) -> Provenance {
    Provenance {
        file_path: occurrence.file_path.clone(),
        file_bytes: occurrence.file_bytes,
        modified: occurrence.modified,
        record_index: occurrence.record_index,
        bytes: occurrence.bytes.0..occurrence.bytes.1,
    }
}

/// The ledger of files has nothing to do with a retry.
struct NoFiles;

impl Settler for NoFiles {
    fn settle(&self, _: &SourceFile) -> bool {
        false
    }
}

impl Source for RetrySource {
    fn waker(&self) -> Waker {
        Arc::new(|| {})
    }

    fn settler(&self) -> Arc<dyn Settler> {
        Arc::new(NoFiles)
    }

    fn run(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        for chosen in &self.chosen {
            let bytes = chosen
                .raw
                .metadata()
                .map_or(0, |found| found.len())
                .min(self.max_bytes);
            let Some(permit) = intake.admit(bytes) else {
                break;
            };
            let file = SourceFile {
                path: None,
                identity: FileIdentity {
                    size: bytes,
                    modified_ns: 0,
                    inode: 0,
                },
            };
            let submission = Submission {
                file: Arc::new(file),
                item: self.item(chosen),
                next: None,
            };
            if !intake.submit(permit, submission) {
                break;
            }
        }
        Ok(())
    }
}

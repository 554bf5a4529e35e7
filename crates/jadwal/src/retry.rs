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

/// The fate of documents that failed, in the ledger.
const QUARANTINED: &str = "quarantined";

/// One place of one quarantined content.
#[derive(Clone)]
struct Chosen {
    id: DocumentId,
    occurrence: Occurrence,
    raw: PathBuf,
}

/// What is to be tried again.
pub(crate) struct Selection {
    chosen: Vec<Chosen>,
    max_bytes: u64,
}

impl Selection {
    /// Chooses all occurrences of `entries`; those that an earlier retry settled already are released
    /// here. `max_bytes` is the longest document now.
    pub(crate) fn of(
        entries: Vec<QuarantineEntry>,
        quarantine: &Quarantine,
        store: &Store,
        max_bytes: u64,
    ) -> Result<Self, Failure> {
        let mut selection = Self {
            chosen: Vec::new(),
            max_bytes,
        };
        for entry in entries {
            for occurrence in entry.occurrences {
                let raw = quarantine.raw_path(entry.id).unwrap_or_default();
                let chosen = Chosen {
                    id: entry.id,
                    occurrence,
                    raw,
                };
                let rows = chosen.rows(store, max_bytes)?;
                if rows.last().is_some_and(|row| chosen.is_replaced_by(row)) {
                    chosen.release(&rows, quarantine, store)?;
                } else {
                    selection.chosen.push(chosen);
                }
            }
        }
        Ok(selection)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chosen.is_empty()
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
        for chosen in &self.chosen {
            let mut rows = chosen.rows(store, self.max_bytes)?;
            let Some(newest) = rows.pop_if(|row| row.seq >= first_seq) else {
                bad += 1;
                continue;
            };
            if chosen.is_replaced_by(&newest) {
                chosen.release(&rows, quarantine, store)?;
            } else {
                store.forget_documents(&rows)?;
            }
            let failed = newest.fate == QUARANTINED;
            bad += usize::from(failed);
            good += usize::from(!failed);
        }
        Ok((good, bad))
    }
}

impl Chosen {
    /// Rows of the content at this very place, in admission order. A file that could not be unpacked
    /// was quarantined as it is; once it is unpacked, the document has the id of what was in it.
    fn rows(&self, store: &Store, max_bytes: u64) -> Result<Vec<DocumentRow>, Failure> {
        let place = &self.occurrence;
        let mut rows = store.documents_by_id(self.id)?;
        if place.packed {
            let names = JsonlFields::default();
            let unpacked =
                jadwal_watch::read_retained(&self.raw, true, provenance(place), &names, max_bytes);
            if let Ok(unpacked) = unpacked {
                rows.extend(store.documents_by_id(unpacked.id())?);
            }
        }
        rows.retain(|row| {
            row.file_path == place.file_path && row.record_index == place.record_index
        });
        rows.sort_unstable_by_key(|row| row.seq);
        Ok(rows)
    }

    /// Whether `newest`, the last row of this place, makes this entry a thing of the past: it was
    /// settled well, or it failed with what was unpacked from it and is kept as that.
    fn is_replaced_by(&self, newest: &DocumentRow) -> bool {
        newest.fate != QUARANTINED || newest.id != self.id
    }

    /// Forgets the quarantined fates in `rows`, then the raw bytes.
    fn release(
        &self,
        rows: &[DocumentRow],
        quarantine: &Quarantine,
        store: &Store,
    ) -> Result<(), Failure> {
        let is_old = |row: &&DocumentRow| row.fate == QUARANTINED && row.id == self.id;
        let old: Vec<_> = rows.iter().filter(is_old).cloned().collect();
        store.forget_documents(&old)?;
        quarantine
            .release(self.id, std::slice::from_ref(&self.occurrence))
            .map_err(Failure::fatal)
    }
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
            chosen: selection.chosen.clone(),
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
                        std::io::copy(&mut file, target)?;
                        Ok(())
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
                end: None,
            };
            if !intake.submit(permit, submission) {
                break;
            }
        }
        Ok(())
    }
}

//! Decides, in admission order, whether a document was delivered before.
//!
//! For each document: a key that another document in flight holds means `Defer`, for that one's fate
//! decides. Else the keys are looked up; the store is current, for keys are released only after the
//! commit that recorded them. A new document reserves its keys and asks for them to be written on
//! delivery. Whatever the fate, settlement releases the reservation.

use std::sync::Arc;

use async_trait::async_trait;
use jadwal_core::facts::Duplicate;
use jadwal_core::state::{StateRead, StateWrite};
use jadwal_core::{
    Batch, Document, DocumentId, DropReason, Settled, Stage, StageCx, StageDeps, StageError,
    StageResult, Verdict,
};

use crate::keys::{Keys, Likeness, decode_cluster, encode_cluster};
use crate::options::{DedupOptions, Policy};
use crate::reservations::Reservations;

/// What was found out about a document, before it is told.
#[derive(Debug)]
enum Finding {
    /// Another document in flight shares a key.
    Waits,
    /// No delivered document shares a key; `keys` are reserved.
    New { keys: Keys },
    /// It copies a member of the cluster `of`; `keys` are new to the store and reserved.
    Copy {
        of: DocumentId,
        by: Likeness,
        keys: Keys,
    },
}

/// The stage: exact comparison with all that was delivered before.
pub(crate) struct ExactDedup {
    options: DedupOptions,
    stage: String,
    state: Arc<dyn StateRead>,
    reservations: Reservations,
}

impl ExactDedup {
    pub(crate) fn new(options: DedupOptions, deps: &StageDeps) -> Self {
        Self {
            options,
            stage: deps.stage.clone(),
            state: Arc::clone(&deps.state),
            reservations: Reservations::default(),
        }
    }

    #[cfg(test)]
    pub(crate) fn reservations(&self) -> &Reservations {
        &self.reservations
    }

    /// Finds out about the documents of `batch` up to the first that has to wait. The documents are
    /// not changed; after an error none of them holds a reservation. Blocks on the store.
    fn examine_batch(&mut self, batch: &Batch) -> StageResult<Vec<Finding>> {
        let mut findings = Vec::with_capacity(batch.slots.len());
        for slot in &batch.slots {
            match self.examine(&slot.doc) {
                Ok(Finding::Waits) => {
                    findings.push(Finding::Waits);
                    break;
                }
                Ok(finding) => findings.push(finding),
                Err(error) => {
                    for slot in &batch.slots {
                        self.reservations.release(slot.doc.seq());
                    }
                    return Err(error);
                }
            }
        }
        Ok(findings)
    }

    /// Finds out about one document and reserves what is new. Blocks on the store.
    fn examine(&mut self, doc: &Document) -> StageResult<Finding> {
        let keys = Keys::of(doc, &self.options)?;
        if self.reservations.held_by_another(&keys, doc.seq()) {
            return Ok(Finding::Waits);
        }
        let mut first = None;
        let mut stored = Vec::new();
        for key in keys.iter() {
            if let Some(of) = self.look_up(&key.to_bytes())? {
                first.get_or_insert((of, key.likeness));
                stored.push(key);
            }
        }
        let Some((of, by)) = first else {
            self.reservations.reserve(keys, doc.seq());
            return Ok(Finding::New { keys });
        };
        let keys = match self.options.policy {
            Policy::Mark => keys.filter(|key| !stored.contains(&key)),
            Policy::Drop | Policy::Keep => Keys::default(),
        };
        self.reservations.reserve(keys, doc.seq());
        Ok(Finding::Copy { of, by, keys })
    }

    fn look_up(&self, key: &[u8]) -> StageResult<Option<DocumentId>> {
        self.state
            .get(&self.stage, key)
            .map_err(|error| StageError::transient("failed to look a fingerprint up", error))?
            .map(|value| decode_cluster(&value))
            .transpose()
    }

    /// Writes a finding into the document and returns the verdict.
    fn tell(&self, doc: &mut Document, finding: &Finding) -> Verdict {
        match *finding {
            Finding::Waits => Verdict::Defer,
            Finding::New { keys } => {
                doc.facts_mut().duplicate = Some(Duplicate {
                    cluster_id: doc.id().to_string(),
                    cluster_size: 1,
                    ..Duplicate::default()
                });
                self.write_on_delivery(doc, &keys, doc.id());
                Verdict::Pass
            }
            Finding::Copy { of, by, keys } => {
                doc.facts_mut().duplicate = Some(copy_of(of));
                self.write_on_delivery(doc, &keys, of);
                match self.options.policy {
                    Policy::Drop => Verdict::Drop(DropReason::Duplicate {
                        of,
                        similarity: 1.0,
                        by: by.name().to_owned(),
                    }),
                    Policy::Mark | Policy::Keep => Verdict::Pass,
                }
            }
        }
    }

    fn write_on_delivery(&self, doc: &mut Document, keys: &Keys, cluster: DocumentId) {
        for key in keys.iter() {
            doc.write_on_delivery(StateWrite {
                stage: self.stage.clone(),
                key: key.to_bytes().to_vec(),
                value: Some(encode_cluster(cluster)),
            });
        }
    }
}

/// Returns the fact about a copy. Its cluster has at least two members, the first and this one;
/// counting the rest would make every copy wait for the commit of the one before it.
fn copy_of(first: DocumentId) -> Duplicate {
    Duplicate {
        duplicate_of: first.to_string(),
        cluster_id: first.to_string(),
        cluster_size: 2,
        similarity: 1.0,
        ..Duplicate::default()
    }
}

#[async_trait]
impl Stage for ExactDedup {
    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        let finding = cx.block(|| self.examine(doc))?;
        Ok(self.tell(doc, &finding))
    }

    fn takes_batches(&self) -> bool {
        true
    }

    async fn process_batch(&mut self, batch: &mut Batch, cx: &StageCx) -> StageResult<()> {
        let findings = cx.block(|| self.examine_batch(batch))?;
        // Slots past a `Defer` have no finding and stay unresolved, as the contract wants.
        for (slot, finding) in batch.slots.iter_mut().zip(findings) {
            let verdict = self.tell(&mut slot.doc, &finding);
            slot.resolve(Ok(verdict));
        }
        Ok(())
    }

    async fn settled(&mut self, settled: &[Settled], _cx: &StageCx) -> StageResult<()> {
        for settled in settled {
            self.reservations.release(settled.seq);
        }
        Ok(())
    }
}

//! The stage: decides, in admission order, how a document relates to those delivered before.
//!
//! For each document: a key that another document in flight holds means `Defer`, for that one's fate
//! decides. Else the keys are looked up; the store is current, for keys are released only after the
//! commit that recorded them. A text without an equal is compared with what is near it, under the same
//! rule ([`crate::near`] says how it is kept). A member of a cluster counts the members before it, so
//! it waits for one in flight. What is new is reserved and written on delivery; whatever the
//! fate, settlement releases the reservation.

use std::sync::Arc;

use async_trait::async_trait;
use jadwal_core::facts::Duplicate;
use jadwal_core::state::{StateRead, StateWrite};
use jadwal_core::{
    Batch, Document, DocumentId, DropReason, Fate, Settled, Stage, StageCx, StageDeps, StageError,
    StageResult, Transform, Verdict,
};
use serde_json::Value;

use crate::keys::{Holder, Keys};
use crate::near::{Best, Near, Reach};
use crate::options::DedupOptions;
use crate::policy::Policy;
use crate::reading::{Read, Readers};
use crate::relation::{Match, Relation};
use crate::reservations::Reservations;
use crate::row::{Bytes, HEADER_KEY, Row, cluster_key, put, row_key, unknown_layout};
use crate::told;

/// A copy this alike is not indexed for near search: what is like it is like its original. So a story
/// that a hundred papers print stays one entry.
const LIKE_ITS_ORIGINAL: f32 = 0.9;

/// The delivered document that a new one matches best.
struct Found {
    id: DocumentId,
    cluster: DocumentId,
    matched: Match,
    told: Value,
}

/// What a look for the document that a new one matches has come to.
enum Search {
    /// A document in flight could change it.
    Waits,
    Ended(Option<Found>),
}

/// What was found out about a document, before it is told.
enum Finding {
    /// A document in flight could change it.
    Waits,
    Decided(Box<Decision>),
}

/// What becomes of a document.
struct Decision {
    found: Option<Found>,
    policy: Policy,
    cluster: DocumentId,
    cluster_size: u64,
    writes: Vec<StateWrite>,
}

/// Compares with all that was delivered before.
pub(crate) struct DedupStage {
    options: DedupOptions,
    stage: String,
    state: Arc<dyn StateRead>,
    readers: Arc<Readers>,
    reservations: Reservations,
    near: Option<Near>,
}

impl DedupStage {
    pub(crate) fn new(options: DedupOptions, deps: &StageDeps) -> Self {
        let reach = Reach {
            generations: options.generations(),
            window: i64::try_from(options.near_window.0.as_secs()).unwrap_or(i64::MAX),
        };
        let near = |()| Near::new(deps.stage.clone(), Arc::clone(&deps.state), reach);
        Self {
            near: options.near.then_some(()).map(near),
            readers: Arc::new(Readers::new(options.clone())),
            options,
            stage: deps.stage.clone(),
            state: Arc::clone(&deps.state),
            reservations: Reservations::default(),
        }
    }

    #[cfg(test)]
    pub(crate) fn holds_nothing(&self) -> bool {
        let near = self.near.as_ref();
        self.reservations.is_empty() && near.is_none_or(Near::is_empty_handed)
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
                        self.release(slot.doc.seq());
                    }
                    return Err(error);
                }
            }
        }
        Ok(findings)
    }

    /// Finds out about one document and reserves what is new. Blocks on the store.
    fn examine(&mut self, doc: &Document) -> StageResult<Finding> {
        if let Some(near) = &mut self.near {
            near.load()?;
        }
        let read = match doc.prepared::<Read>() {
            Some(read) => read,
            None => Arc::new(self.readers.read(doc)?),
        };
        Ok(match self.decide(doc, &read)? {
            Some(decision) => Finding::Decided(Box::new(decision)),
            None => Finding::Waits,
        })
    }

    /// Decides what becomes of `doc` and reserves what it would be known by; `None` when a document in
    /// flight could change that.
    fn decide(&mut self, doc: &Document, read: &Read) -> StageResult<Option<Decision>> {
        if self.reservations.held_by_another(&read.keys, doc.seq()) {
            return Ok(None);
        }
        let (equal, new_keys) = self.look_up(&read.keys)?;
        let search = match equal {
            Some(equal) => Search::Ended(Some(equal)),
            None => self.search_near(doc, read)?,
        };
        let Search::Ended(found) = search else {
            return Ok(None);
        };
        let policy = match &found {
            Some(found) => self.options.policy.of(found.matched.relation),
            None => Policy::Keep,
        };
        if policy == Policy::Drop {
            return Ok(Some(Decision {
                cluster: cluster_of(found.as_ref()).unwrap_or(doc.id()),
                cluster_size: 0,
                found,
                policy,
                writes: Vec::new(),
            }));
        }
        self.admit(doc, read, found, policy, new_keys)
    }

    /// Looks for a delivered document that `doc` is near to.
    fn search_near(&mut self, doc: &Document, read: &Read) -> StageResult<Search> {
        let (Some(reading), Some(near)) = (&read.reading, &mut self.near) else {
            return Ok(Search::Ended(None));
        };
        let (matched, row) = match near.best(doc.seq(), reading, &read.origin)? {
            Best::Waits => return Ok(Search::Waits),
            Best::None => return Ok(Search::Ended(None)),
            Best::Found(matched, row) => (matched, row),
        };
        let told = |reader: &mut _| told::near(&matched, doc, reading, &row, reader);
        Ok(Search::Ended(Some(Found {
            id: row.id,
            cluster: row.cluster,
            matched,
            told: self.readers.lend(told),
        })))
    }

    /// Decides on a document that will be delivered, and reserves what it will be known by; `None`
    /// when a document in flight could change the size of its cluster.
    fn admit(
        &mut self,
        doc: &Document,
        read: &Read,
        found: Option<Found>,
        policy: Policy,
        new_keys: Keys,
    ) -> StageResult<Option<Decision>> {
        let joins = cluster_of(found.as_ref());
        let cluster_size = match joins {
            Some(cluster) if self.reservations.joined_by_another(cluster, doc.seq()) => {
                return Ok(None);
            }
            Some(cluster) => self.members(cluster)? + 1,
            None => 1,
        };
        let id = doc.id();
        let cluster = joins.unwrap_or(id);
        let matched = found.as_ref().map(|found| found.matched);
        let mut writes = self.near_writes(doc, read, cluster, matched)?;
        let holder = Holder { id, cluster };
        let keys = new_keys.iter();
        writes.extend(keys.map(|key| self.write(&key.to_bytes(), Some(holder.encode()))));
        if joins.is_some() {
            let mut size = Vec::new();
            put(&mut size, u32::try_from(cluster_size).unwrap_or(u32::MAX));
            writes.push(self.write(&cluster_key(cluster), Some(size)));
        }
        self.reservations.reserve(doc.seq(), new_keys, joins);
        Ok(Some(Decision {
            found,
            policy,
            cluster,
            cluster_size,
            writes,
        }))
    }

    /// Returns the delivered document with an equal key, and the keys that are new to the store.
    fn look_up(&self, keys: &Keys) -> StageResult<(Option<Found>, Keys)> {
        let mut equal = None;
        let mut stored = Vec::new();
        for key in keys.iter() {
            let Some(value) = self.get(&key.to_bytes())? else {
                continue;
            };
            stored.push(key);
            if equal.is_none() {
                let holder = Holder::decode(&value)?;
                let matched = Match {
                    relation: key.relation(),
                    similarity: 1.0,
                    same_url: false,
                };
                equal = Some(Found {
                    id: holder.id,
                    cluster: holder.cluster,
                    matched,
                    told: told::relation(&matched, holder.id),
                });
            }
        }
        Ok((equal, keys.filter(|key| !stored.contains(&key))))
    }

    /// Returns what near search has to store of `doc`, and takes note of it.
    fn near_writes(
        &mut self,
        doc: &Document,
        read: &Read,
        cluster: DocumentId,
        matched: Option<Match>,
    ) -> StageResult<Vec<StateWrite>> {
        let (Some(near), Some(reading)) = (&mut self.near, &read.reading) else {
            return Ok(Vec::new());
        };
        let is_its_original = |matched: Match| match matched.relation {
            Relation::Raw | Relation::Text => true,
            Relation::Copy => matched.similarity >= LIKE_ITS_ORIGINAL,
            _ => false,
        };
        if matched.is_some_and(is_its_original) {
            return Ok(Vec::new());
        }
        let row = Row {
            id: doc.id(),
            cluster,
            origin: read.origin,
            sketch: reading.sketch.clone(),
        };
        let expired = near.out_of_reach(doc.seq())?;
        let header = near.missing_header();
        let encoded = row.encode();
        near.take_off(doc.seq(), Arc::new(row));
        let mut writes = vec![self.write(&row_key(doc.seq()), Some(encoded))];
        writes.extend(header.map(|header| self.write(HEADER_KEY, Some(header))));
        let forgotten = expired
            .into_iter()
            .map(|seq| self.write(&row_key(seq), None));
        writes.extend(forgotten);
        Ok(writes)
    }

    /// Returns the number of delivered members of `cluster`.
    fn members(&self, cluster: DocumentId) -> StageResult<u64> {
        match self.get(&cluster_key(cluster))? {
            // Only clusters with a second member have a row.
            None => Ok(1),
            Some(value) => Bytes(&value)
                .number()
                .map(u64::from)
                .ok_or_else(unknown_layout),
        }
    }

    fn get(&self, key: &[u8]) -> StageResult<Option<Vec<u8>>> {
        self.state
            .get(&self.stage, key)
            .map_err(|error| StageError::transient("failed to look a fingerprint up", error))
    }

    fn write(&self, key: &[u8], value: Option<Vec<u8>>) -> StateWrite {
        StateWrite {
            stage: self.stage.clone(),
            key: key.to_vec(),
            value,
        }
    }

    /// Writes a finding into the document and returns the verdict.
    fn tell(&self, doc: &mut Document, finding: Finding) -> Verdict {
        let Finding::Decided(decision) = finding else {
            return Verdict::Defer;
        };
        doc.facts_mut().duplicate = Some(duplicate(&decision));
        for write in decision.writes {
            doc.write_on_delivery(write);
        }
        let Some(found) = decision.found else {
            return Verdict::Pass;
        };
        doc.set_extra(&self.stage, found.told);
        match decision.policy {
            Policy::Drop => Verdict::Drop(DropReason::Duplicate {
                of: found.id,
                similarity: found.matched.similarity,
                by: found.matched.relation.name().to_owned(),
            }),
            Policy::Mark | Policy::Keep => Verdict::Pass,
        }
    }

    fn release(&mut self, seq: u64) {
        self.reservations.release(seq);
        if let Some(near) = &mut self.near {
            near.forget(seq);
        }
    }
}

/// Returns the cluster that a document joins of which this was found.
fn cluster_of(found: Option<&Found>) -> Option<DocumentId> {
    let found = found.filter(|found| found.matched.relation.joins());
    found.map(|found| found.cluster)
}

/// Returns what the record says of a decision.
fn duplicate(decision: &Decision) -> Duplicate {
    let mut told = Duplicate {
        cluster_id: decision.cluster.to_string(),
        cluster_size: decision.cluster_size,
        ..Duplicate::default()
    };
    if let Some(found) = &decision.found {
        let relation = found.matched.relation;
        told.similarity = found.matched.similarity;
        if relation == Relation::Revision {
            told.revision_of = found.id.to_string();
        }
        if decision.policy != Policy::Keep {
            told.duplicate_of = found.id.to_string();
        }
    }
    told
}

#[async_trait]
impl Stage for DedupStage {
    fn preparation(&self) -> Option<Arc<dyn Transform>> {
        Some(Arc::clone(&self.readers) as Arc<dyn Transform>)
    }

    /// Makes the tables of near search, so that the first document does not wait for them.
    async fn restore(&mut self, _position: Option<&[u8]>, cx: &StageCx) -> StageResult<()> {
        match &mut self.near {
            Some(near) => cx.block(|| near.load()),
            None => Ok(()),
        }
    }

    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        let finding = cx.block(|| self.examine(doc))?;
        Ok(self.tell(doc, finding))
    }

    fn takes_batches(&self) -> bool {
        true
    }

    async fn process_batch(&mut self, batch: &mut Batch, cx: &StageCx) -> StageResult<()> {
        let findings = cx.block(|| self.examine_batch(batch))?;
        // Slots past a `Defer` have no finding and stay unresolved, as the contract wants.
        for (slot, finding) in batch.slots.iter_mut().zip(findings) {
            let verdict = self.tell(&mut slot.doc, finding);
            slot.resolve(Ok(verdict));
        }
        Ok(())
    }

    async fn settled(&mut self, settled: &[Settled], _cx: &StageCx) -> StageResult<()> {
        for settled in settled {
            self.reservations.release(settled.seq);
            if let Some(near) = &mut self.near {
                match settled.fate {
                    Fate::Delivered => near.deliver(settled.seq),
                    _ => near.forget(settled.seq),
                }
            }
        }
        Ok(())
    }
}

//! Drives one stage that waits or keeps state: in order, with retries, time-outs and a panic fence.
//!
//! One round offers a group: at once to a stage that takes batches, else document by document. What
//! is resolved before the first `Defer` goes on; the rest is offered again when something was settled.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use futures::FutureExt;
use jadwal_core::stage::timed_out;
use jadwal_core::{
    Batch, Document, ErrorClass, Settled, Slot, Stage, StageCx, StageError, StageResult, Verdict,
    describe_chain,
};
use tokio::sync::mpsc;
use tracing::{debug, warn};

use crate::backoff::Backoff;
use crate::counters::{Counters, StageCounters};
use crate::cpu::panic_message;
use crate::error::RunError;
use crate::gate::{Gate, Judgement};
use crate::group::{Cargo, Envelope, Group, Parcel, put_back, take_live};
use crate::pipeline::OnError;
use crate::transform_task::{fail, panicked, receive_ready};

/// What a stage's task owns.
pub(crate) struct StageTask {
    pub(crate) id: String,
    pub(crate) index: usize,
    pub(crate) stage: Box<dyn Stage>,
    pub(crate) cx: StageCx,
    /// What decides which documents it is offered.
    pub(crate) gate: Gate,
    pub(crate) timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) on_error: OnError,
    pub(crate) counters: Arc<Counters>,
    /// Fates from the committer. It has room for every document in flight, so sending never waits.
    pub(crate) settled: mpsc::Receiver<Arc<[Settled]>>,
    /// Records passed on whose fate was not heard of yet.
    pub(crate) unsettled: usize,
    /// Whether a sink before it has written the documents already. A document that fails here can't
    /// be quarantined then: it would be delivered and not delivered.
    pub(crate) behind_sink: bool,
}

/// What an offer made of one document.
enum Resolved {
    /// It passed, was dropped or failed.
    Cargo(Cargo),
    /// It waits for an earlier one, or stands behind one that does.
    Waits(Document),
}

/// Documents with what became of them, and the sink's position behind them.
type Offered = (Vec<Resolved>, Option<Vec<u8>>);

impl StageTask {
    /// Works until the queue is closed and everything in hand is passed on, then ends the stage.
    ///
    /// # Errors
    /// On a fatal error, or a transient one whose retries are spent where the stage stops then.
    pub(crate) async fn run(
        mut self,
        mut queue: mpsc::Receiver<Group>,
        next: mpsc::Sender<Group>,
        batch_size: usize,
    ) -> Result<(), RunError> {
        loop {
            let received = tokio::select! {
                biased;
                Some(settled) = self.settled.recv() => {
                    self.hear(&settled).await?;
                    continue;
                }
                group = receive_ready(&mut queue, batch_size) => group,
            };
            let Some(mut group) = received else { break };
            loop {
                let done = self.round(&mut group).await?;
                self.unsettled += done
                    .parcels
                    .iter()
                    .filter(|parcel| parcel.is_record())
                    .count();
                if next.send(done).await.is_err() {
                    // A later task ended early; its error is the one to report.
                    return Ok(());
                }
                if group.parcels.is_empty() {
                    break;
                }
                if !self.wait_for_settlement().await? {
                    return Ok(());
                }
            }
        }
        // The committer ends when nothing more can come; then every fate was heard.
        drop(next);
        while let Some(settled) = self.settled.recv().await {
            self.hear(&settled).await?;
        }
        let finish = self.stage.finish(&self.cx).await;
        finish.map_err(|error| self.stop(error))
    }

    /// Offers the whole group and returns the part that goes on; what waits stays in `group`.
    async fn round(&mut self, group: &mut Group) -> Result<Group, RunError> {
        let begun = Instant::now();
        let mut parcels = std::mem::take(&mut group.parcels);
        let mut positions = std::mem::take(&mut group.positions);
        let live = self.wanted(&mut parcels).await?;
        debug!(stage = %self.id, documents = live.len(), "processing");
        let (places, documents): (Vec<_>, Vec<_>) = live.into_iter().unzip();
        let (resolved, position) = self.offer_all(documents).await?;
        let mut first_waiting = parcels.len();
        for (place, resolved) in places.into_iter().zip(resolved) {
            let cargo = match resolved {
                Resolved::Cargo(cargo) => cargo,
                Resolved::Waits(doc) => {
                    first_waiting = first_waiting.min(place);
                    Cargo::Live(Box::new(doc))
                }
            };
            put_back(&mut parcels, place, cargo);
        }
        group.parcels = parcels.split_off(first_waiting);
        self.count_skipped(&parcels);
        if !group.parcels.is_empty() {
            self.counters().deferred.fetch_add(1, Relaxed);
            if !positions.is_empty() || position.is_some() {
                return Err(self.contract("a sink, or a stage behind one, can't defer"));
            }
        }
        positions.extend(position.map(|position| (self.id.clone(), position)));
        self.counters().add_busy(begun.elapsed());
        Ok(Group { parcels, positions })
    }

    /// Takes the documents out of `parcels` that the stage is to be offered, with their places.
    async fn wanted(&mut self, parcels: &mut [Parcel]) -> Result<Vec<(usize, Document)>, RunError> {
        let live = take_live(parcels);
        let judgements = self.gate.judge(&live).await;
        let mut wanted = Vec::with_capacity(live.len());
        for ((place, doc), judgement) in live.into_iter().zip(judgements) {
            let parcel = &mut parcels[place];
            let cargo = match judgement {
                Judgement::PassesBy(stages) => {
                    // Judged again behind a document that waited: the answer is the same.
                    let known = std::mem::take(&mut parcel.passes_by);
                    parcel.passes_by = [known, stages].concat();
                    parcel.passes_by.sort_unstable();
                    parcel.passes_by.dedup();
                    if !parcel.passes_by.contains(&self.index) {
                        wanted.push((place, doc));
                        continue;
                    }
                    Cargo::Live(Box::new(doc))
                }
                Judgement::Dropped(reason) => self.cargo(doc, Ok(Verdict::Drop(reason))),
                Judgement::Failed(error) => {
                    if self.behind_sink || error.class() == ErrorClass::Fatal {
                        return Err(self.stop(error));
                    }
                    self.cargo(doc, Err(error))
                }
            };
            put_back(parcels, place, cargo);
        }
        Ok(wanted)
    }

    fn count_skipped(&self, parcels: &[Parcel]) {
        let skipped = |parcel: &&Parcel| {
            matches!(parcel.cargo, Cargo::Live(_)) && parcel.passes_by.contains(&self.index)
        };
        let count = parcels.iter().filter(skipped).count();
        self.counters().skipped.fetch_add(count as u64, Relaxed);
    }

    /// Offers `documents` at once or one by one, as the stage wants them.
    async fn offer_all(&mut self, documents: Vec<Document>) -> Result<Offered, RunError> {
        if documents.is_empty() {
            return Ok((Vec::new(), None));
        }
        if self.stage.takes_batches() {
            match self.offer(&documents).await? {
                Some(offered) => return Ok(offered),
                // A document broke the batch: find it by offering each alone.
                None => {
                    warn!(stage = %self.id, documents = documents.len(), "offering a failed batch one by one");
                }
            }
        }
        self.offer_one_by_one(documents).await
    }

    async fn offer_one_by_one(&mut self, documents: Vec<Document>) -> Result<Offered, RunError> {
        let mut all = Vec::with_capacity(documents.len());
        let mut last_position = None;
        let mut waiting = false;
        for doc in documents {
            if waiting {
                all.push(Resolved::Waits(doc));
                continue;
            }
            let one = std::slice::from_ref(&doc);
            let Some((resolved, position)) = self.offer(one).await? else {
                return Err(self.contract("a single document failed as a batch"));
            };
            waiting = resolved
                .iter()
                .any(|resolved| matches!(resolved, Resolved::Waits(_)));
            all.extend(resolved);
            last_position = position.or(last_position);
        }
        Ok((all, last_position))
    }

    /// Offers `documents` together until they are resolved; `None` when one of several broke the
    /// batch and it is not known which.
    async fn offer(&mut self, documents: &[Document]) -> Result<Option<Offered>, RunError> {
        let mut backoff = Backoff::new(self.retries);
        loop {
            let error = match self.attempt(documents.to_vec()).await? {
                Ok(offered) => return Ok(Some(offered)),
                Err(error) => error,
            };
            match error.class() {
                ErrorClass::Fatal => return Err(self.stop(error)),
                ErrorClass::Document if documents.len() > 1 => return Ok(None),
                ErrorClass::Document => return self.give_up(documents, error).map(Some),
                ErrorClass::Transient => {}
            }
            let Some(wait) = backoff.next_wait() else {
                return match self.on_error {
                    OnError::Stop => Err(self.stop(error)),
                    OnError::Quarantine => self.give_up(documents, error).map(Some),
                };
            };
            self.counters().retries.fetch_add(1, Relaxed);
            warn!(stage = %self.id, error = %describe_chain(&error), ?wait, "retrying");
            tokio::time::sleep(wait).await;
        }
    }

    /// Quarantines `documents`, unless a sink has delivered them already.
    fn give_up(&self, documents: &[Document], error: StageError) -> Result<Offered, RunError> {
        if self.behind_sink {
            return Err(self.stop(error));
        }
        let fail = |doc| {
            let envelope = Envelope::of(doc);
            Resolved::Cargo(fail(&self.id, self.counters(), envelope, &error))
        };
        Ok((documents.iter().map(fail).collect(), None))
    }

    /// Offers `documents` once. The inner error is of the whole batch.
    async fn attempt(
        &mut self,
        documents: Vec<Document>,
    ) -> Result<StageResult<Offered>, RunError> {
        let mut batch = Batch {
            slots: documents.into_iter().map(Slot::new).collect(),
        };
        if let Err(error) = self.guarded(&mut batch).await {
            return Ok(Err(error));
        }
        let mut resolved = Vec::with_capacity(batch.slots.len());
        let mut waiting = false;
        for slot in batch.slots {
            let (doc, result) = slot.into_parts();
            match result {
                _ if waiting => resolved.push(Resolved::Waits(doc)),
                None => return Err(self.contract("it left a document unresolved")),
                Some(Ok(Verdict::Defer)) => {
                    waiting = true;
                    resolved.push(Resolved::Waits(doc));
                }
                Some(Err(error)) if error.class() != ErrorClass::Document => return Ok(Err(error)),
                Some(Err(error)) if self.behind_sink => return Err(self.stop(error)),
                Some(result) => resolved.push(Resolved::Cargo(self.cargo(doc, result))),
            }
        }
        match self.stage.checkpoint(&self.cx).await {
            Ok(position) => Ok(Ok((resolved, position))),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Runs the stage over `batch` with a time-out and a panic fence; either is a document error.
    async fn guarded(&mut self, batch: &mut Batch) -> StageResult<()> {
        let documents = u32::try_from(batch.slots.len()).unwrap_or(u32::MAX);
        let limit = self.timeout.saturating_mul(documents);
        let work = AssertUnwindSafe(self.stage.process_batch(batch, &self.cx)).catch_unwind();
        match tokio::time::timeout(limit, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => {
                self.counters().panics.fetch_add(1, Relaxed);
                Err(panicked(&panic_message(&*panic)))
            }
            Err(_) => {
                self.counters().timeouts.fetch_add(1, Relaxed);
                Err(timed_out(limit))
            }
        }
    }

    fn cargo(&self, mut doc: Document, result: StageResult) -> Cargo {
        let counters = self.counters();
        match result {
            Ok(Verdict::Drop(reason)) => {
                counters.dropped.fetch_add(1, Relaxed);
                Envelope::of(&doc).dropped(&self.id, reason)
            }
            Err(error) => fail(&self.id, counters, Envelope::of(&doc), &error),
            Ok(_) => {
                counters.passed.fetch_add(1, Relaxed);
                doc.forget_prepared();
                Cargo::Live(Box::new(doc))
            }
        }
    }

    /// Waits until the fate of an earlier document is known; `false` when the committer ended.
    async fn wait_for_settlement(&mut self) -> Result<bool, RunError> {
        if self.unsettled == 0 {
            return Err(
                self.contract("it deferred a document though nothing before it is in flight")
            );
        }
        match self.settled.recv().await {
            Some(settled) => {
                self.hear(&settled).await?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    async fn hear(&mut self, settled: &[Settled]) -> Result<(), RunError> {
        self.unsettled = self.unsettled.saturating_sub(settled.len());
        let heard = self.stage.settled(settled, &self.cx).await;
        heard.map_err(|error| self.stop(error))
    }

    fn counters(&self) -> &StageCounters {
        self.counters.stage(self.index)
    }

    fn stop(&self, source: StageError) -> RunError {
        RunError::Stage {
            stage: self.id.clone(),
            source,
        }
    }

    fn contract(&self, what: &'static str) -> RunError {
        RunError::Contract {
            stage: self.id.clone(),
            what,
        }
    }
}

//! Drives one transform, or the preparation of a stage: spreads groups over the CPU pool and keeps their order.
//!
//! Large groups are cut into pieces, which go on one by one: the next stage begins with the first
//! documents while the last are still computed, and one that takes long holds up no other core.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream::FuturesOrdered;
use jadwal_core::stage::timed_out;
use jadwal_core::{Document, ErrorClass, StageError, StageResult, Transform, Verdict};
use tokio::sync::mpsc;
use tracing::{debug, warn};

use crate::counters::{Counters, StageCounters};
use crate::cpu::{Cpu, CpuOutcome};
use crate::error::RunError;
use crate::gate::Condition;
use crate::group::{Cargo, Envelope, Group, put_back, take_live};

/// Parcels that go on together.
const PIECE: usize = 32;

/// What a transform's task owns.
pub(crate) struct TransformTask {
    pub(crate) id: String,
    pub(crate) index: usize,
    pub(crate) transform: Arc<dyn Transform>,
    /// Whether it prepares documents for a stage, which is to count what becomes of them.
    pub(crate) prepares: bool,
    pub(crate) when: Option<Condition>,
    pub(crate) timeout: Duration,
    pub(crate) cpu: Cpu,
    pub(crate) counters: Arc<Counters>,
}

/// A document and what became of it.
struct Applied {
    doc: Document,
    /// What the transform said; `None` when the document passed it by.
    result: Option<StageResult>,
    took: Duration,
}

impl TransformTask {
    /// Works until the queue is closed and empty.
    ///
    /// # Errors
    /// On a fatal error; what was passed on before goes its way.
    pub(crate) async fn run(
        self,
        mut queue: mpsc::Receiver<Group>,
        next: mpsc::Sender<Group>,
        batch_size: usize,
    ) -> Result<(), RunError> {
        let mut open = true;
        let mut in_hand = 0;
        let mut working = FuturesOrdered::new();
        let mut done: VecDeque<Group> = VecDeque::new();
        loop {
            let room = batch_size.saturating_sub(in_hand);
            tokio::select! {
                biased;
                permit = next.reserve(), if !done.is_empty() => {
                    let (Ok(permit), Some(piece)) = (permit, done.pop_front()) else {
                        // A later task ended early; its error is the one to report.
                        return Ok(());
                    };
                    in_hand -= piece.parcels.len();
                    permit.send(piece);
                }
                // Also while the next queue is full: this is where time-outs are noticed.
                Some((piece, stopped)) = working.next() => {
                    done.push_back(piece);
                    if let Err(error) = stopped {
                        send_all(done, &next).await;
                        return Err(error);
                    }
                }
                group = receive_ready(&mut queue, room), if open && room > 0 => {
                    open = group.is_some();
                    for piece in group.into_iter().flat_map(|group| group.cut(PIECE)) {
                        in_hand += piece.parcels.len();
                        working.push_back(self.process(piece));
                    }
                }
                else => return Ok(()),
            }
        }
    }

    /// Processes `group` and returns it. After an error it holds the parcels before the document that made
    /// it: their fates are to be committed, or the same documents would come together again at the next
    /// start.
    async fn process(&self, mut group: Group) -> (Group, Result<(), RunError>) {
        let live = take_live(&mut group.parcels);
        debug!(stage = %self.id, documents = live.len(), "processing");
        let mut places = Vec::with_capacity(live.len());
        let mut documents = Vec::with_capacity(live.len());
        for (place, doc) in live {
            places.push((place, Envelope::of(&doc)));
            documents.push(doc);
        }
        let transform = Arc::clone(&self.transform);
        let when = self.when.clone();
        let apply = move |mut doc: Document| -> Applied {
            let begun = Instant::now();
            let holds = when.as_ref().map_or(Ok(true), |when| when.holds(&doc));
            let result = match holds {
                Ok(true) => Some(transform.apply(&mut doc)),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            };
            Applied {
                doc,
                result,
                took: begun.elapsed(),
            }
        };
        let outcomes = self.cpu.map(documents, self.timeout, apply).await;
        for ((place, envelope), outcome) in places.into_iter().zip(outcomes) {
            match self.cargo(envelope, outcome) {
                Ok(cargo) => put_back(&mut group.parcels, place, cargo),
                Err(error) => {
                    group.parcels.truncate(place);
                    return (group, Err(error));
                }
            }
        }
        (group, Ok(()))
    }

    fn cargo(&self, envelope: Envelope, outcome: CpuOutcome<Applied>) -> Result<Cargo, RunError> {
        let counters = self.counters.stage(self.index);
        let (doc, result) = match outcome {
            CpuOutcome::Done(Applied { doc, result, took }) => {
                counters.add_busy(took);
                let Some(result) = result else {
                    self.count(&counters.skipped);
                    return Ok(Cargo::Live(Box::new(doc)));
                };
                (Some(doc), result)
            }
            CpuOutcome::Panicked(message) => {
                counters.panics.fetch_add(1, Relaxed);
                (None, Err(panicked(&message)))
            }
            CpuOutcome::Unfinished => {
                let message = "too many documents hang in computations that do not end";
                return Err(self.stop(StageError::fatal_message(message)));
            }
            CpuOutcome::TimedOut => {
                counters.timeouts.fetch_add(1, Relaxed);
                (None, Err(timed_out(self.timeout)))
            }
        };
        match (doc, result) {
            (Some(doc), Ok(Verdict::Pass)) => {
                self.count(&counters.passed);
                Ok(Cargo::Live(Box::new(doc)))
            }
            (_, Ok(Verdict::Drop(_))) if self.prepares => Err(RunError::Contract {
                stage: self.id.clone(),
                what: "a preparation can't drop: the stage itself decides",
            }),
            (_, Ok(Verdict::Drop(reason))) => {
                counters.dropped.fetch_add(1, Relaxed);
                Ok(envelope.dropped(&self.id, reason))
            }
            (_, Ok(_)) => Err(RunError::Contract {
                stage: self.id.clone(),
                what: "a transform can't defer: it knows no other document",
            }),
            (_, Err(error)) if error.class() == ErrorClass::Fatal => Err(self.stop(error)),
            // A pure computation that failed once fails again: transient errors are the document's.
            (_, Err(error)) => Ok(fail(&self.id, counters, envelope, &error)),
        }
    }

    /// Counts a document, unless the stage itself is to.
    fn count(&self, counter: &AtomicU64) {
        if !self.prepares {
            counter.fetch_add(1, Relaxed);
        }
    }

    fn stop(&self, source: StageError) -> RunError {
        RunError::Stage {
            stage: self.id.clone(),
            source,
        }
    }
}

/// Counts and reports a failed document and returns it for the quarantine.
pub(crate) fn fail(
    stage: &str,
    counters: &StageCounters,
    envelope: Envelope,
    error: &StageError,
) -> Cargo {
    counters.failed.fetch_add(1, Relaxed);
    let cargo = envelope.failed(stage, error);
    if let Cargo::Failed { refused, .. } = &cargo {
        warn!(stage, doc = %refused.id, path = %refused.provenance.file_path, error = %refused.error, "quarantining");
    }
    cargo
}

/// The error of a document whose processing panicked.
pub(crate) fn panicked(message: &str) -> StageError {
    StageError::document_message(format!("the stage panicked: {message}"))
}

/// Sends what was done before an error, unless a later task has ended, too.
async fn send_all(done: VecDeque<Group>, next: &mpsc::Sender<Group>) {
    for piece in done {
        if next.send(piece).await.is_err() {
            return;
        }
    }
}

/// Waits for a group, then takes what else is ready, up to about `limit` documents; `None` when the
/// queue is closed and empty.
///
/// # Cancel safety
/// Cancel safe: nothing is taken before the future is ready.
pub(crate) async fn receive_ready(
    queue: &mut mpsc::Receiver<Group>,
    limit: usize,
) -> Option<Group> {
    let mut group = queue.recv().await?;
    while group.parcels.len() < limit {
        match queue.try_recv() {
            Ok(more) => group.merge(more),
            Err(_) => break,
        }
    }
    Some(group)
}

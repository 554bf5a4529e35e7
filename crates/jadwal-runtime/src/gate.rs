//! Decides which documents a stage is offered: the conditions of `when`.
//!
//! A condition is a pure function of the document as it stands before the stage. The conditions of all
//! sinks are judged before the first one writes, on the same document: what the first sink has
//! written can't fail any more because the condition of a later one does. A document that no sink
//! takes is dropped there, so that it has a fate.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jadwal_core::stage::timed_out;
use jadwal_core::{Document, DropReason, StageError, StageResult};

use crate::cpu::{Cpu, CpuOutcome};
use crate::transform_task::panicked;

/// Whether a stage is to process a document. Cloning shares it.
#[derive(Clone)]
pub struct Condition(Arc<Holds>);

type Holds = dyn Fn(&Document) -> StageResult<bool> + Send + Sync;

impl Condition {
    /// Wraps a pure function: the same document gives the same answer.
    pub fn new(holds: impl Fn(&Document) -> StageResult<bool> + Send + Sync + 'static) -> Self {
        Self(Arc::new(holds))
    }

    /// Whether it holds for `doc`.
    ///
    /// # Errors
    /// Those of the function.
    pub fn holds(&self, doc: &Document) -> StageResult<bool> {
        (self.0)(doc)
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Condition")
    }
}

/// Returns why a document that no sink took was dropped.
#[must_use]
pub fn no_sink_took_it() -> DropReason {
    DropReason::Filtered {
        why: "the `when` of no sink holds".to_owned(),
    }
}

/// What is known before a document is offered.
pub(crate) enum Judgement {
    /// It goes on; the stages of these numbers are passed by.
    PassesBy(Vec<usize>),
    /// No sink takes it.
    Dropped(DropReason),
    /// It can't be told.
    Failed(StageError),
}

/// The conditions that are judged before one stage.
pub(crate) struct Gate {
    /// Conditions of stages, by their number in the plan.
    pub(crate) conditions: Vec<(usize, Condition)>,
    /// Whether these are the conditions of all sinks there are.
    pub(crate) all_sinks: bool,
    pub(crate) cpu: Cpu,
    pub(crate) timeout: Duration,
}

impl Gate {
    /// Judges the documents of `live`, in order.
    pub(crate) async fn judge(&self, live: &[(usize, Document)]) -> Vec<Judgement> {
        let documents = live.iter();
        if self.conditions.is_empty() {
            let offered = |_| Judgement::PassesBy(Vec::new());
            return documents.map(offered).collect();
        }
        let documents = documents.map(|(_, doc)| doc.clone()).collect();
        let conditions = self.conditions.clone();
        let passed_by = move |doc: Document| -> StageResult<Vec<usize>> {
            let mut passed_by = Vec::new();
            for (stage, condition) in &conditions {
                if !condition.holds(&doc)? {
                    passed_by.push(*stage);
                }
            }
            Ok(passed_by)
        };
        let outcomes = self.cpu.map(documents, self.timeout, passed_by).await;
        outcomes
            .into_iter()
            .map(|one| self.judgement(one))
            .collect()
    }

    fn judgement(&self, outcome: CpuOutcome<StageResult<Vec<usize>>>) -> Judgement {
        match outcome {
            CpuOutcome::Done(Ok(passed_by)) => {
                if self.all_sinks && passed_by.len() == self.conditions.len() {
                    return Judgement::Dropped(no_sink_took_it());
                }
                Judgement::PassesBy(passed_by)
            }
            CpuOutcome::Done(Err(error)) => Judgement::Failed(error),
            CpuOutcome::Panicked(message) => Judgement::Failed(panicked(&message)),
            CpuOutcome::TimedOut => Judgement::Failed(timed_out(self.timeout)),
            CpuOutcome::Unfinished => Judgement::Failed(StageError::fatal_message(
                "too many documents hang in computations that do not end",
            )),
        }
    }
}

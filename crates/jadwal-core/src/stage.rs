//! The two kinds of stage, and what they may answer about a document.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::document::{Document, DocumentId};
use crate::error::{StageError, StageResult};

/// What a stage says of a document it could process.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Go on to the next stage.
    Pass,
    /// Done with on purpose.
    Drop(DropReason),
    /// Can't be decided before an earlier document is settled; offer it again then.
    Defer,
}

/// Why a document was dropped on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum DropReason {
    /// There is no text in it.
    Empty,
    /// It copies a document that was delivered.
    Duplicate {
        /// The document it copies.
        of: DocumentId,
        /// Likeness, 0 to 1; 1 for equal.
        similarity: f32,
        /// What is equal (`raw`, `text`), or how the two relate (`copy`, `revision`, `excerpt`).
        by: String,
    },
    /// A filter refused it.
    Filtered {
        /// The filter and what it saw (`language ar not kept`).
        why: String,
    },
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::Duplicate { of, similarity, by } if *similarity < 1.0 => {
                write!(f, "duplicate of {of} by {by}, likeness {similarity:.2}")
            }
            Self::Duplicate { of, by, .. } => write!(f, "duplicate of {of} by {by}"),
            Self::Filtered { why } => write!(f, "filtered: {why}"),
        }
    }
}

/// How a document ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// A record of it is durable.
    Delivered,
    /// A stage dropped it on purpose.
    Dropped(DropReason),
    /// It is kept apart, with the error.
    Quarantined {
        /// Id of the stage that failed, `source` for the source.
        stage: String,
        /// The error with its causes.
        error: String,
    },
    /// None: its file changed or vanished before it could be kept. What lies there now is another
    /// version, read for itself.
    Withdrawn,
}

/// A document whose fate is committed.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The document.
    pub id: DocumentId,
    /// Its admission number.
    pub seq: u64,
    /// How it ended.
    pub fate: Fate,
}

/// Work that only computes: one document, no I/O, no clock; same input gives same output.
///
/// Many threads share one transform. The runtime catches its panics and watches its time.
pub trait Transform: Send + Sync + 'static {
    /// Processes one document.
    ///
    /// # Errors
    /// A [`StageError`] of the class that tells the runtime what to do.
    fn apply(&self, doc: &mut Document) -> StageResult;
}

/// Work that waits or keeps state: one task owns it and drives it in admission order.
#[async_trait]
pub trait Stage: Send + 'static {
    /// Takes up where the last commit left off; called before the first document, and again after a
    /// transient error.
    ///
    /// `position` is what [`Stage::checkpoint`] last returned in a committed batch. A sink cuts
    /// back what it wrote past it.
    ///
    /// # Errors
    /// A transient error is tried again, as those of documents are; any other keeps the pipeline from
    /// starting.
    async fn restore(&mut self, position: Option<&[u8]>, cx: &StageCx) -> StageResult<()> {
        let _ = (position, cx);
        Ok(())
    }

    /// Returns the part of its work that needs nothing but the document, if that is worth a thread of
    /// its own.
    ///
    /// It runs on the CPU pool, documents side by side, before the stage is offered them, also while
    /// the stage waits; what it leaves with [`Document::set_prepared`] the stage takes with
    /// [`Document::prepared`]. It may fail a document and not drop it. A stage has to do without: nothing
    /// is prepared behind a sink, nor where a stage is driven by hand.
    fn preparation(&self) -> Option<Arc<dyn Transform>> {
        None
    }

    /// Processes one document.
    ///
    /// # Errors
    /// A [`StageError`] of the class that tells the runtime what to do. After a transient error the
    /// document is offered again as it was before.
    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult;

    /// Whether [`Stage::process_batch`] is to be called instead of [`Stage::process`].
    fn takes_batches(&self) -> bool {
        false
    }

    /// Processes a batch in order and resolves every slot, or all up to the first `Defer`.
    ///
    /// # Errors
    /// An error of the whole batch; a transient one has it offered again, unresolved.
    async fn process_batch(&mut self, batch: &mut Batch, cx: &StageCx) -> StageResult<()> {
        for slot in &mut batch.slots {
            let result = self.process(&mut slot.doc, cx).await;
            let deferred = matches!(result, Ok(Verdict::Defer));
            slot.resolve(result);
            if deferred {
                break;
            }
        }
        Ok(())
    }

    /// Makes everything processed so far durable and returns the position to commit with it; `None`
    /// for a stage that keeps none.
    ///
    /// # Errors
    /// As [`Stage::process_batch`]; after a transient error the same batch is offered again, so what
    /// was written for it must be taken back first.
    async fn checkpoint(&mut self, cx: &StageCx) -> StageResult<Option<Vec<u8>>> {
        let _ = cx;
        Ok(None)
    }

    /// Hears of documents whose fate is committed, in admission order.
    ///
    /// # Errors
    /// Any error stops the pipeline.
    async fn settled(&mut self, settled: &[Settled], cx: &StageCx) -> StageResult<()> {
        let _ = (settled, cx);
        Ok(())
    }

    /// Ends: no document will follow. Not called when the pipeline is aborted.
    ///
    /// # Errors
    /// Any error is reported; what was committed stays.
    async fn finish(&mut self, cx: &StageCx) -> StageResult<()> {
        let _ = cx;
        Ok(())
    }
}

/// What `StageSpec::build` returns.
pub enum BuiltStage {
    /// Runs on the CPU pool, documents side by side.
    Transform(Arc<dyn Transform>),
    /// Runs as one task, documents one after the other.
    Stage(Box<dyn Stage>),
}

impl BuiltStage {
    /// Wraps a transform.
    pub fn transform(transform: impl Transform) -> Self {
        Self::Transform(Arc::new(transform))
    }

    /// Wraps a stage.
    pub fn stage(stage: impl Stage) -> Self {
        Self::Stage(Box::new(stage))
    }
}

impl fmt::Debug for BuiltStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Transform(_) => "Transform",
            Self::Stage(_) => "Stage",
        })
    }
}

/// Documents that were ready together, in admission order.
#[derive(Debug, Default)]
pub struct Batch {
    /// One slot a document.
    pub slots: Vec<Slot>,
}

/// A document in a batch and what the stage said of it.
#[derive(Debug)]
pub struct Slot {
    /// The document.
    pub doc: Document,
    resolution: Option<StageResult>,
}

impl Slot {
    /// Returns an unresolved slot.
    #[must_use]
    pub fn new(doc: Document) -> Self {
        Self {
            doc,
            resolution: None,
        }
    }

    /// Says what becomes of the document.
    pub fn resolve(&mut self, result: StageResult) {
        self.resolution = Some(result);
    }

    /// Takes the slot apart; an unresolved one is a bug of the stage.
    #[must_use]
    pub fn into_parts(self) -> (Document, Option<StageResult>) {
        (self.doc, self.resolution)
    }
}

type Blocking = dyn Fn(&mut dyn FnMut()) + Send + Sync;

/// What the runtime lends a stage while it works.
#[derive(Clone)]
pub struct StageCx {
    stage: Arc<str>,
    blocking: Arc<Blocking>,
}

impl StageCx {
    /// Returns the context of the stage `stage`; `blocking` runs a closure that may block.
    pub fn new(
        stage: impl Into<Arc<str>>,
        blocking: impl Fn(&mut dyn FnMut()) + Send + Sync + 'static,
    ) -> Self {
        Self {
            stage: stage.into(),
            blocking: Arc::new(blocking),
        }
    }

    /// Returns the context of a test: blocking calls run in place.
    #[must_use]
    pub fn inline(stage: &str) -> Self {
        Self::new(stage, |work| work())
    }

    /// Returns the stage's id.
    #[must_use]
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// Runs `work`, which may block on a disk, without holding up other tasks.
    pub fn block<R>(&self, work: impl FnOnce() -> R) -> R {
        let mut work = Some(work);
        let mut result = None;
        (self.blocking)(&mut || {
            if let Some(work) = work.take() {
                result = Some(work());
            }
        });
        result.expect("the runtime runs a blocking closure before it returns")
    }
}

impl fmt::Debug for StageCx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StageCx")
            .field("stage", &self.stage)
            .finish_non_exhaustive()
    }
}

/// A stage error that says a document took too long.
#[must_use]
pub fn timed_out(limit: std::time::Duration) -> StageError {
    StageError::document_message(format!("the document took longer than {limit:?}"))
}

//! The stage around the pool: one call, one batch, in turns.

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jadwal_core::{Batch, Document, Slot, Stage, StageCx, StageDeps, StageError, StageResult};

use crate::child::Launch;
use crate::options::ProcessOptions;
use crate::pool::Pool;
use crate::work::Work;

/// The longest that the stage's task can't be aborted.
const TURN: Duration = Duration::from_millis(50);

/// A stage that other processes do the work of.
#[derive(Debug)]
pub(crate) struct ProcessStage {
    pool: Pool,
}

impl ProcessStage {
    pub(crate) fn new(options: ProcessOptions, deps: &StageDeps) -> Self {
        let launch = Launch {
            stage: deps.stage.as_str().into(),
            options,
            base_dir: deps.base_dir.clone(),
        };
        Self {
            pool: Pool::new(launch),
        }
    }
}

#[async_trait]
impl Stage for ProcessStage {
    /// Starts the children: what is wrong with them is told before a file is touched.
    async fn restore(&mut self, _: Option<&[u8]>, cx: &StageCx) -> StageResult<()> {
        while !cx.block(|| self.pool.start_turn(Instant::now() + TURN))? {
            step_aside().await;
        }
        Ok(())
    }

    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        let mut batch = Batch {
            slots: vec![Slot::new(doc.clone())],
        };
        self.process_batch(&mut batch, cx).await?;
        let slot = batch.slots.pop().map(Slot::into_parts);
        let lost = || StageError::fatal_message("the batch lost its document");
        let (after, resolution) = slot.ok_or_else(lost)?;
        *doc = after;
        resolution.unwrap_or_else(|| Err(lost()))
    }

    fn takes_batches(&self) -> bool {
        true
    }

    /// # Cancel safety
    /// When the future is dropped, children that are at work are given up at the next call, or with the
    /// stage.
    async fn process_batch(&mut self, batch: &mut Batch, cx: &StageCx) -> StageResult<()> {
        cx.block(|| self.pool.recall());
        let mut work = Work::new(&mut batch.slots);
        while !cx.block(|| self.pool.work_turn(&mut work, Instant::now() + TURN))? {
            step_aside().await;
        }
        Ok(())
    }

    async fn finish(&mut self, cx: &StageCx) -> StageResult<()> {
        // Those that had to be killed were logged.
        cx.block(|| self.pool.stop());
        Ok(())
    }
}

/// Lets other tasks run, and this one be aborted.
async fn step_aside() {
    let mut stepped = false;
    poll_fn(|cx| {
        if stepped {
            return Poll::Ready(());
        }
        stepped = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

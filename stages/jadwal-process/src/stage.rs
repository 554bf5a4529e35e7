//! The stage around the pool: one call, one batch, in turns.

use std::future::poll_fn;
use std::path::Path;
use std::task::Poll;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jadwal_core::guest::Declaration;
use jadwal_core::{Batch, BuildError, Document, Slot, Stage, StageCx, StageError, StageResult};

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
    pub(crate) fn new(options: ProcessOptions, stage: &str, base_dir: &Path) -> Self {
        let launch = Launch {
            stage: stage.into(),
            options,
            base_dir: base_dir.to_owned(),
        };
        Self {
            pool: Pool::new(launch),
        }
    }

    /// Starts a child and returns what it says of the stage.
    ///
    /// # Errors
    /// When it can't be started or refuses.
    pub(crate) fn ask(&mut self) -> Result<Declaration, BuildError> {
        let asked = self.pool.ask();
        asked.map_err(|error| BuildError::new("ask the process what it is", error))
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

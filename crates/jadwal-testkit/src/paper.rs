//! A sink in memory that behaves like a file: written, synced, cut back.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jadwal_core::{Batch, Document, Stage, StageCx, StageError, StageResult, Verdict};

/// Lines that survive the stage that wrote them. Cloning shares the paper.
#[derive(Clone, Debug, Default)]
pub struct Paper(Arc<Mutex<Sheet>>);

#[derive(Debug, Default)]
struct Sheet {
    lines: Vec<String>,
    failures_left: u32,
    restore_failures_left: u32,
    fatal_at: Option<usize>,
}

impl Paper {
    /// Returns what is written, one line a document: its raw bytes.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.with(|sheet| sheet.lines.clone())
    }

    /// Makes the next `count` writes fail for a moment; what they wrote is taken back.
    pub fn fail_writes(&self, count: u32) {
        self.with(|sheet| sheet.failures_left = count);
    }

    /// Makes the next `count` restores fail for a moment.
    pub fn fail_restores(&self, count: u32) {
        self.with(|sheet| sheet.restore_failures_left = count);
    }

    /// Makes the write that would pass `lines` lines fail for good, once.
    pub fn break_at(&self, lines: usize) {
        self.with(|sheet| sheet.fatal_at = Some(lines));
    }

    fn with<R>(&self, work: impl FnOnce(&mut Sheet) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Stage for Paper {
    async fn restore(&mut self, position: Option<&[u8]>, _: &StageCx) -> StageResult<()> {
        let committed = position
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u64::from_be_bytes);
        self.with(|sheet| {
            if sheet.restore_failures_left > 0 {
                sheet.restore_failures_left -= 1;
                return Err(StageError::transient(
                    "take the paper up",
                    "the drawer is stuck",
                ));
            }
            sheet.lines.truncate(committed as usize);
            Ok(())
        })
    }

    async fn process(&mut self, _: &mut Document, _: &StageCx) -> StageResult {
        Err(StageError::fatal_message("the paper takes batches"))
    }

    fn takes_batches(&self) -> bool {
        true
    }

    async fn process_batch(&mut self, batch: &mut Batch, _: &StageCx) -> StageResult<()> {
        self.with(|sheet| {
            let before = sheet.lines.len();
            if sheet
                .fatal_at
                .is_some_and(|at| before + batch.slots.len() > at)
            {
                sheet.fatal_at = None;
                return Err(StageError::fatal_message("the paper is torn"));
            }
            for slot in &mut batch.slots {
                let line = String::from_utf8_lossy(slot.doc.raw()).into_owned();
                sheet.lines.push(line);
                slot.resolve(Ok(Verdict::Pass));
            }
            if sheet.failures_left > 0 {
                sheet.failures_left -= 1;
                sheet.lines.truncate(before);
                return Err(StageError::transient("write to the paper", "out of ink"));
            }
            Ok(())
        })
    }

    async fn checkpoint(&mut self, _: &StageCx) -> StageResult<Option<Vec<u8>>> {
        let lines = self.with(|sheet| sheet.lines.len() as u64);
        Ok(Some(lines.to_be_bytes().to_vec()))
    }
}

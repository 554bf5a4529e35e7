//! Drives the output as the runtime asks: restore, batches, checkpoints, settlement, finish.

use std::fmt;
use std::io::Stdout;
use std::sync::Arc;

use async_trait::async_trait;
use jadwal_core::{
    Batch, Document, Fate, Settled, Stage, StageCx, StageResult, Transform, Verdict, describe_chain,
};

use crate::card::Card;
use crate::console::Console;
use crate::error::OutputError;
use crate::line_maker::{Line, LineMaker};
use crate::lines::Lines;
use crate::segments::Segments;

/// Writes one line for each document.
pub(crate) struct EmitStage {
    pub(crate) maker: Arc<LineMaker>,
    pub(crate) lines: Lines,
    pub(crate) output: Output,
}

/// Where lines go.
pub(crate) enum Output {
    Console(Console<Stdout>),
    Files(Box<Files>),
}

/// Segments, and the card beside them.
pub(crate) struct Files {
    pub(crate) segments: Segments,
    pub(crate) card: Option<Card>,
}

impl EmitStage {
    /// Appends the records of `docs`. Returns, for each, what becomes of it.
    fn write<'a>(
        &mut self,
        docs: impl Iterator<Item = &'a Document>,
    ) -> StageResult<Vec<StageResult>> {
        self.lines.clear();
        let (mut results, mut newest, mut extra) = (Vec::new(), 0, false);
        for doc in docs {
            let result = self.push_line(doc);
            if result.is_ok() {
                newest = newest.max(doc.seq());
                extra |= !doc.extra().is_empty();
            }
            results.push(result.map(|()| Verdict::Pass));
        }
        match &mut self.output {
            Output::Console(console) => console.append(&self.lines)?,
            Output::Files(files) => files.append(&self.lines, newest, extra)?,
        }
        Ok(results)
    }

    fn push_line(&mut self, doc: &Document) -> StageResult<()> {
        let line = match doc.prepared::<Line>() {
            Some(line) => line,
            None => Arc::new(self.maker.line(doc)?),
        };
        self.lines.push(&line.0);
        Ok(())
    }
}

impl Files {
    fn restore(&mut self, position: Option<&[u8]>) -> StageResult<()> {
        self.segments
            .restore(position)
            .map_err(OutputError::into_stage_error)?;
        keep_card(self.card.as_mut().map(Card::restore));
        Ok(())
    }

    fn append(&mut self, lines: &Lines, newest: u64, extra: bool) -> StageResult<()> {
        if extra {
            keep_card(self.card.as_mut().map(Card::declare_extra));
        }
        self.segments
            .append(lines, newest)
            .map_err(OutputError::into_stage_error)
    }
}

/// A card that can't be written is no reason to stop: the records are whole without it.
fn keep_card(result: Option<Result<(), OutputError>>) {
    if let Some(Err(error)) = result {
        let error = describe_chain(&error);
        tracing::warn!(error, "failed to keep the dataset card");
    }
}

#[async_trait]
impl Stage for EmitStage {
    fn preparation(&self) -> Option<Arc<dyn Transform>> {
        Some(Arc::clone(&self.maker) as Arc<dyn Transform>)
    }

    async fn restore(&mut self, position: Option<&[u8]>, cx: &StageCx) -> StageResult<()> {
        match &mut self.output {
            Output::Console(_) => Ok(()),
            Output::Files(files) => cx.block(|| files.restore(position)),
        }
    }

    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        let results = cx.block(|| self.write(std::iter::once(&*doc)))?;
        results.into_iter().next().unwrap_or(Ok(Verdict::Pass))
    }

    fn takes_batches(&self) -> bool {
        true
    }

    async fn process_batch(&mut self, batch: &mut Batch, cx: &StageCx) -> StageResult<()> {
        let docs = batch.slots.iter().map(|slot| &slot.doc);
        let results = cx.block(|| self.write(docs))?;
        for (slot, result) in batch.slots.iter_mut().zip(results) {
            slot.resolve(result);
        }
        Ok(())
    }

    async fn checkpoint(&mut self, cx: &StageCx) -> StageResult<Option<Vec<u8>>> {
        match &mut self.output {
            Output::Console(console) => cx.block(|| console.flush()).map(|()| None),
            Output::Files(files) => cx
                .block(|| files.segments.checkpoint())
                .map(Some)
                .map_err(OutputError::into_stage_error),
        }
    }

    async fn settled(&mut self, settled: &[Settled], cx: &StageCx) -> StageResult<()> {
        let delivered = settled.iter().filter(|one| one.fate == Fate::Delivered);
        let newest = delivered.map(|one| one.seq).max();
        if let (Output::Files(files), Some(seq)) = (&mut self.output, newest) {
            cx.block(|| files.segments.committed(seq));
        }
        Ok(())
    }

    async fn finish(&mut self, cx: &StageCx) -> StageResult<()> {
        match &mut self.output {
            Output::Console(console) => cx.block(|| console.flush()),
            Output::Files(files) => cx
                .block(|| files.segments.finish())
                .map_err(OutputError::into_stage_error),
        }
    }
}

impl fmt::Debug for EmitStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmitStage").finish_non_exhaustive()
    }
}

//! Two passes: what `jadwal batch --learn` counts first, and applies then.
//!
//! In the first pass a [`learner`] counts every document and ends in [`Learned`]: the lines that
//! repeat. They go to the store in a commit of their own, under the name of the batch; so a batch that
//! was interrupted goes on with what it had learnt, even where files that it had counted are away by
//! then. In the second pass the stage reads them, counts nothing, and each document is judged by the
//! same counts wherever it stands.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use async_trait::async_trait;
use jadwal_core::state::{ScanVisitor, StateError, StateRead, StateWrite};
use jadwal_core::{Document, Stage, StageCx, StageResult, Verdict};

use crate::counts::{Caps, Counts};
use crate::judge::Repeated;
use crate::lines::split;
use crate::options::StripRepeatsOptions;
use crate::row::{BATCH_KEY, LearnedRow, Row, group_of, learned_group, learned_key};
use crate::stage::reading;

/// What a first pass found.
#[derive(Debug)]
pub struct Learned {
    rows: Vec<(u64, LearnedRow)>,
}

impl Learned {
    /// Returns the number of groups with lines that repeat.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.rows.len()
    }

    /// Returns the number of lines that repeat.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.rows.iter().map(|(_, row)| row.lines.len()).sum()
    }

    /// Returns what has to be stored for the stage `stage` in the batch `batch`.
    #[must_use]
    pub fn writes(&self, stage: &str, batch: &str) -> Vec<StateWrite> {
        let write = |key: &[u8], value: Vec<u8>| StateWrite {
            stage: stage.to_owned(),
            key: key.to_vec(),
            value: Some(value),
        };
        let rows = self.rows.iter();
        let rows = rows.map(|(group, row)| write(&learned_key(*group), row.encode()));
        rows.chain([write(BATCH_KEY, batch.as_bytes().to_vec())])
            .collect()
    }
}

/// Returns the name of the batch that the stage `stage` has learnt for and that is not done yet.
///
/// # Errors
/// When the store can't be read.
pub fn learned_for(state: &dyn StateRead, stage: &str) -> Result<Option<String>, StateError> {
    let batch = state.get(stage, BATCH_KEY)?;
    Ok(batch.map(|batch| String::from_utf8_lossy(&batch).into_owned()))
}

/// Returns what has to be written so that the stage `stage` forgets what was learnt.
///
/// # Errors
/// When the store can't be read.
pub fn forget_learned(state: &dyn StateRead, stage: &str) -> Result<Vec<StateWrite>, StateError> {
    let mut keys = vec![BATCH_KEY.to_vec()];
    scan(state, stage, &mut |key, _| {
        keys.push(key.to_vec());
        ControlFlow::Continue(())
    })?;
    let forget = |key| StateWrite {
        stage: stage.to_owned(),
        key,
        value: None,
    };
    Ok(keys.into_iter().map(forget).collect())
}

fn scan(state: &dyn StateRead, stage: &str, visit: &mut ScanVisitor<'_>) -> Result<(), StateError> {
    state.scan(stage, b"l"..b"m", visit)
}

/// What was learnt of one group.
#[derive(Debug)]
pub(crate) struct Table {
    documents: u32,
    lines: HashMap<u64, u32>,
}

impl Repeated for Table {
    fn documents(&self) -> u32 {
        self.documents
    }

    /// The document that asks was counted too.
    fn count(&self, line: u64) -> u32 {
        self.lines.get(&line).map_or(0, |count| count - 1)
    }
}

/// Reads what was learnt, by group.
pub(crate) fn read(state: &dyn StateRead, stage: &str) -> StageResult<HashMap<u64, Table>> {
    let mut tables = HashMap::new();
    let mut damaged = None;
    let scanned = scan(state, stage, &mut |key, value| {
        match (learned_group(key), LearnedRow::decode(value)) {
            (Some(group), Ok(LearnedRow { documents, lines })) => {
                let lines = lines.into_iter().filter(|(_, count)| *count > 0).collect();
                tables.insert(group, Table { documents, lines });
            }
            (_, Err(error)) => {
                damaged = Some(error);
                return ControlFlow::Break(());
            }
            (None, _) => {}
        }
        ControlFlow::Continue(())
    });
    scanned.map_err(reading)?;
    match damaged {
        Some(error) => Err(error),
        None => Ok(tables),
    }
}

/// Where what a learner counts comes out, once its pipeline has ended.
#[derive(Debug)]
pub struct Learning(Receiver<Learned>);

impl Learning {
    /// Returns what was learnt; `None` when the pipeline did not come to its end.
    #[must_use]
    pub fn finish(self) -> Option<Learned> {
        self.0.try_recv().ok()
    }
}

/// Returns a stage that counts and changes nothing, and where its counts come out.
#[must_use]
pub fn learner(options: &StripRepeatsOptions) -> (impl Stage, Learning) {
    let caps = Caps {
        max_lines: options.max_lines,
        max_counters: options.max_counters,
        repeats: options.min_documents,
    };
    let (done, learned) = sync_channel(1);
    let learner = Learner {
        options: options.clone(),
        counts: Counts::new(caps),
        done,
    };
    (learner, Learning(learned))
}

struct Learner {
    options: StripRepeatsOptions,
    counts: Counts,
    done: SyncSender<Learned>,
}

#[async_trait]
impl Stage for Learner {
    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        cx.block(|| {
            let row = |group| Some(Row::new(group, &split(doc.text().ok()?)));
            let row = group_of(doc, self.options.key).and_then(row).flatten();
            if let Some(row) = row {
                self.counts.add(&row);
            }
        });
        Ok(Verdict::Pass)
    }

    async fn finish(&mut self, _cx: &StageCx) -> StageResult<()> {
        let frequent = self.counts.frequent(self.options.min_documents);
        let mut rows: Vec<_> = frequent.collect();
        rows.sort_unstable_by_key(|(group, _)| *group);
        // Who started the pipeline may have given up waiting for it.
        self.done.try_send(Learned { rows }).unwrap_or_default();
        Ok(())
    }
}

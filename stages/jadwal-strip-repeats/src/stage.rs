//! The stage: judges documents in order of admission by those delivered before.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use jadwal_core::state::{StateError, StateRead, StateWrite};
use jadwal_core::{
    Batch, Document, Fate, Settled, Stage, StageCx, StageDeps, StageError, StageResult, Verdict,
};

use crate::cut::cut;
use crate::judge::{Repeated, judge};
use crate::learn::Table;
use crate::lines::{Line, split};
use crate::options::{Counting, StripRepeatsOptions};
use crate::row::{Row, group_of, row_key, row_seq};
use crate::window::Window;

/// Rows that no document to come can read are forgotten with the deliveries of new ones, this many
/// with each, so that they go faster than they come.
const FORGOTTEN_AT_ONCE: usize = 4;

/// Rows that are looked for at once to be forgotten.
const SWEPT_AT_ONCE: usize = 4096;

/// Strips lines that repeat.
pub(crate) struct StripRepeatsStage {
    options: StripRepeatsOptions,
    stage: String,
    state: Arc<dyn StateRead>,
    window: Window,
    /// Whether the window has what the store has.
    loaded: bool,
    /// What a batch learnt, once it was read.
    learned: Option<HashMap<u64, Table>>,
    /// Rows that are out of reach and still stored, and where to look for more.
    expired: VecDeque<u64>,
    swept: u64,
    /// Rows that go if a document in flight is delivered.
    going: HashMap<u64, Vec<u64>>,
}

impl StripRepeatsStage {
    pub(crate) fn new(options: StripRepeatsOptions, deps: &StageDeps) -> Self {
        Self {
            window: Window::new(&options),
            options,
            stage: deps.stage.clone(),
            state: Arc::clone(&deps.state),
            loaded: false,
            learned: None,
            expired: VecDeque::new(),
            swept: 0,
            going: HashMap::new(),
        }
    }

    /// Processes one document. Blocks on the store.
    fn work(&mut self, doc: &mut Document) -> StageResult {
        match self.options.counts {
            Counting::Live => self.live(doc),
            Counting::Learned => self.learned(doc),
            Counting::Off => Ok(Verdict::Pass),
        }
    }

    fn live(&mut self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let Some(group) = group_of(doc, self.options.key) else {
            return Ok(Verdict::Pass);
        };
        let seq = doc.seq();
        let horizon = self.window.horizon_of(seq);
        if self.window.waits_for(horizon) {
            return Ok(Verdict::Defer);
        }
        // A batch that failed is offered again from its beginning, which lies below the counts.
        if !self.loaded || self.window.is_past(horizon) {
            self.load(horizon)?;
        }
        self.window.advance(horizon);
        let lines = split(&text);
        let row = Row::new(group, &lines);
        let counts = InWindow {
            window: &self.window,
            group,
        };
        strip(doc, &lines, &counts, &self.options)?;
        if let Some(row) = row {
            doc.write_on_delivery(self.write(seq, Some(row.encode())));
            for expired in self.out_of_reach(seq, horizon)? {
                doc.write_on_delivery(self.write(expired, None));
            }
            self.window.take_off(seq, row);
        }
        Ok(Verdict::Pass)
    }

    fn learned(&mut self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        if self.learned.is_none() {
            self.learned = Some(crate::learn::read(&*self.state, &self.stage)?);
        }
        let group = group_of(doc, self.options.key);
        let tables = self.learned.as_ref();
        if let Some(table) = group.and_then(|group| tables?.get(&group)) {
            strip(doc, &split(&text), table, &self.options)?;
        }
        Ok(Verdict::Pass)
    }

    /// Makes the counts for `horizon` from the stored rows.
    fn load(&mut self, horizon: u64) -> StageResult<()> {
        self.loaded = false;
        self.window.begin(horizon);
        let (from, to) = (row_key(self.window.first_read(horizon)), row_key(u64::MAX));
        let (window, mut damaged) = (&mut self.window, None);
        let scanned = self
            .state
            .scan(&self.stage, &from[..]..&to[..], &mut |key, value| {
                match (row_seq(key), Row::decode(value)) {
                    (Some(seq), Ok(row)) => window.recall(seq, row),
                    (_, Err(error)) => {
                        damaged = Some(error);
                        return ControlFlow::Break(());
                    }
                    (None, _) => {}
                }
                ControlFlow::Continue(())
            });
        scanned.map_err(reading)?;
        if let Some(error) = damaged {
            return Err(error);
        }
        self.loaded = true;
        Ok(())
    }

    /// Returns some rows that no document reads any more whose horizon is `horizon` or higher; they are
    /// to be forgotten in the commit that delivers `seq`. After a crash they are found again.
    fn out_of_reach(&mut self, seq: u64, horizon: u64) -> StageResult<Vec<u64>> {
        self.stay(seq);
        let first_read = self.window.first_read(horizon);
        if self.expired.is_empty() && self.swept < first_read {
            let (from, to) = (row_key(self.swept), row_key(first_read));
            let expired = &mut self.expired;
            let scanned = self
                .state
                .scan(&self.stage, &from[..]..&to[..], &mut |key, _| {
                    expired.extend(row_seq(key));
                    match expired.len() < SWEPT_AT_ONCE {
                        true => ControlFlow::Continue(()),
                        false => ControlFlow::Break(()),
                    }
                });
            scanned.map_err(reading)?;
            self.swept = match self.expired.back() {
                Some(last) if self.expired.len() >= SWEPT_AT_ONCE => last + 1,
                _ => first_read,
            };
        }
        let some = self.expired.len().min(FORGOTTEN_AT_ONCE);
        let some: Vec<_> = self.expired.drain(..some).collect();
        if !some.is_empty() {
            self.going.insert(seq, some.clone());
        }
        Ok(some)
    }

    /// `seq` was not delivered: what was to be forgotten with it is still to be forgotten.
    fn stay(&mut self, seq: u64) {
        self.expired
            .extend(self.going.remove(&seq).into_iter().flatten());
    }

    fn write(&self, seq: u64, value: Option<Vec<u8>>) -> StateWrite {
        StateWrite {
            stage: self.stage.clone(),
            key: row_key(seq).to_vec(),
            value,
        }
    }

    #[cfg(test)]
    pub(crate) fn held(&self) -> (usize, usize) {
        self.window.held()
    }
}

/// The window's counts of one group.
struct InWindow<'w> {
    window: &'w Window,
    group: u64,
}

impl Repeated for InWindow<'_> {
    fn documents(&self) -> u32 {
        self.window.documents(self.group)
    }

    fn count(&self, line: u64) -> u32 {
        self.window.count_of(self.group, line)
    }
}

/// Takes the lines out of `doc` that are repeats, and says so where it would have been too many.
fn strip(
    doc: &mut Document,
    lines: &[Line],
    counts: &impl Repeated,
    options: &StripRepeatsOptions,
) -> StageResult<()> {
    let verdict = judge(lines, doc.facts(), counts, options);
    if verdict.fell_back {
        let repairs = &mut doc.facts_mut().repairs;
        repairs.insert("repeat:fallback".into(), 1);
    }
    if verdict.has_repeats() {
        cut(doc, lines, &verdict.gone, options.repeats)?;
    }
    Ok(())
}

pub(crate) fn reading(error: StateError) -> StageError {
    StageError::transient("failed to read the counts of lines", error)
}

#[async_trait]
impl Stage for StripRepeatsStage {
    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        cx.block(|| self.work(doc))
    }

    fn takes_batches(&self) -> bool {
        true
    }

    async fn process_batch(&mut self, batch: &mut Batch, cx: &StageCx) -> StageResult<()> {
        cx.block(|| {
            for slot in &mut batch.slots {
                let verdict = self.work(&mut slot.doc)?;
                let waits = verdict == Verdict::Defer;
                slot.resolve(Ok(verdict));
                if waits {
                    break;
                }
            }
            Ok(())
        })
    }

    async fn settled(&mut self, settled: &[Settled], _cx: &StageCx) -> StageResult<()> {
        for settled in settled {
            match settled.fate {
                Fate::Delivered => {
                    self.window.deliver(settled.seq);
                    self.going.remove(&settled.seq);
                }
                _ => {
                    self.window.forget(settled.seq);
                    self.stay(settled.seq);
                }
            }
        }
        Ok(())
    }
}

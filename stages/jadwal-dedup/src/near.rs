//! Finds the delivered document that a new one is most like.
//!
//! The rows of delivered documents lie in the store, one a document, by admission number; tables in
//! memory lead from the keys of a sketch to admission numbers and are made from the rows at the start.
//! Documents in flight are kept apart until their fate is committed.
//!
//! # Why the answer does not depend on what is in flight
//!
//! The answer for a document B is a function of the documents *delivered* before it in admission
//! order, whenever it is asked. When it is asked, some of those are committed and some, A, are in
//! flight with a fate that is not known yet. Either the answer is the same whether A is delivered
//! or not, or B waits ([`Best::Waits`]):
//!
//! - *What A could be to B* is known, for A's row is at hand. B waits if A could win: if it would be of
//!   B's story, or would tell more than the best committed match. Among matches that only link (series,
//!   related) the earliest wins, and A is later than every committed document, for commits are made
//!   in admission order: so a long series does not make each of its issues wait for the one before.
//! - *What A does to others*: entries in the tables are never displaced, and of too many candidates the
//!   earliest are taken. So A could only take a place from a document A′ after it, which is in
//!   flight too; if A′ matters, B waits for it, and A's fate is known by then.
//! - *Which rows are looked at* depends on the two documents alone: on their admission numbers (a
//!   number of generations back) and on the modification times of their files (the window). No
//!   clock is read, so a crash, a replay or a slow day change nothing.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use jadwal_core::state::{StateError, StateRead};
use jadwal_core::{StageError, StageResult};

use crate::flight::Flight;
use crate::likeness::Likeness;
use crate::relation::{ANY, MORE_THAN_RELATED, Match, relate};
use crate::row::{HEADER_KEY, Origin, Row, header, row_key, row_seq};
use crate::rows::Rows;
use crate::sketch::Reading;
use crate::table::{GENERATION, Table};

/// Candidates that are compared, the earliest ones. A sketch has 58 keys, most of them its own.
const MOST_CANDIDATES: usize = 512;

/// Candidates whose rows are fetched together: few enough to stay in the processor's first cache.
const FETCHED: usize = 16;

/// Generations whose tables are put side by side at most.
const MOST_JOINED: u64 = 4;

/// Rows that fell out of the last generation are forgotten with the deliveries of new ones, this
/// many with each, so that they go faster than they come.
const FORGOTTEN_AT_ONCE: usize = 4;

/// How far back near copies are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Generations before a document's own.
    pub(crate) generations: u64,
    /// Seconds between the modification times.
    pub(crate) window: i64,
}

impl Reach {
    /// Returns how `new` relates to `old`, if that is near enough in time.
    fn relate(&self, new: &Reading, origin: &Origin, old: &Row, least: &Likeness) -> Option<Match> {
        let apart = origin.modified.abs_diff(old.origin.modified);
        (apart <= self.window.unsigned_abs())
            .then(|| relate(new, origin, old, least))
            .flatten()
    }
}

/// What a search found.
pub(crate) enum Best {
    /// A document in flight could change the answer.
    Waits,
    /// Nothing is alike.
    None,
    /// The best match.
    Found(Match, Arc<Row>),
}

/// The index.
pub(crate) struct Near {
    stage: String,
    state: Arc<dyn StateRead>,
    reach: Reach,
    loaded: bool,
    /// Whether the store has the header.
    header_stored: bool,
    /// Tables by their first generation, rising.
    tables: VecDeque<(u64, Table)>,
    rows: Rows,
    flight: Flight,
    /// Rows that are out of reach and still stored, and where to look for more.
    expired: VecDeque<u64>,
    swept: u64,
}

impl Near {
    pub(crate) fn new(stage: String, state: Arc<dyn StateRead>, reach: Reach) -> Self {
        Self {
            rows: Rows::new(stage.clone(), Arc::clone(&state)),
            stage,
            state,
            reach,
            loaded: false,
            header_stored: false,
            tables: VecDeque::new(),
            flight: Flight::default(),
            expired: VecDeque::new(),
            swept: 0,
        }
    }

    /// Makes the tables from the stored rows, once. Blocks on the store.
    ///
    /// # Errors
    /// Fatal, when the rows were made with other parameters; transient, when they can't be read.
    pub(crate) fn load(&mut self) -> StageResult<()> {
        if self.loaded {
            return Ok(());
        }
        let stored = self.state.get(&self.stage, HEADER_KEY).map_err(reading)?;
        self.header_stored = stored.is_some();
        check_header(stored.as_deref())?;
        self.tables.clear();
        let (state, stage) = (Arc::clone(&self.state), self.stage.clone());
        let mut damaged = None;
        let mut first = None;
        let (from, to) = (row_key(0), row_key(u64::MAX));
        let scanned = state.scan(&stage, &from[..]..&to[..], &mut |key, value| {
            let Some(seq) = row_seq(key) else {
                return ControlFlow::Continue(());
            };
            first.get_or_insert(seq);
            match Row::decode(value) {
                Ok(row) => self.insert(seq, &row),
                Err(error) => {
                    damaged = Some(error);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        scanned.map_err(reading)?;
        if let Some(error) = damaged {
            return Err(error);
        }
        self.swept = first.unwrap_or(0);
        self.loaded = true;
        Ok(())
    }

    /// Returns the best match of the document `seq`. Blocks on the store.
    pub(crate) fn best(&mut self, seq: u64, new: &Reading, origin: &Origin) -> StageResult<Best> {
        let best = self.best_delivered(seq, new, origin)?;
        let rank = best.as_ref().map_or(0, |(found, _)| found.relation.rank());
        let least = if rank == 0 { ANY } else { MORE_THAN_RELATED };
        for row in self.flight.like(seq, new.sketch.keys()) {
            if let Some(found) = self.reach.relate(new, origin, row, &least)
                && (found.relation.joins() || found.relation.rank() > rank)
            {
                return Ok(Best::Waits);
            }
        }
        Ok(match best {
            Some((found, row)) => Best::Found(found, row),
            None => Best::None,
        })
    }

    /// Returns the best match among the delivered documents, the first of matches as good.
    fn best_delivered(
        &mut self,
        seq: u64,
        new: &Reading,
        origin: &Origin,
    ) -> StageResult<Option<(Match, Arc<Row>)>> {
        let mut best: Option<(Match, Arc<Row>)> = None;
        for some in self.candidates(seq, new).chunks(FETCHED) {
            self.rows.fetch(some);
            for candidate in some {
                let Some(row) = self.rows.get(*candidate)? else {
                    continue;
                };
                let known = best.as_ref().map(|(best, _)| best);
                let least = known.map_or(ANY, Match::bettered_by);
                let found = self.reach.relate(new, origin, row, &least);
                if let Some(found) = found
                    && known.is_none_or(|known| is_better(&found, known))
                {
                    best = Some((found, Arc::clone(row)));
                }
            }
        }
        Ok(best)
    }

    /// Returns the delivered documents that share a key with `new`, earliest first.
    fn candidates(&self, seq: u64, new: &Reading) -> Vec<u64> {
        let last = seq / GENERATION;
        let first = last.saturating_sub(self.reach.generations);
        let mut candidates = Vec::with_capacity(MOST_CANDIDATES);
        for (oldest, table) in &self.tables {
            for key in new.sketch.keys() {
                table.find(key, |generation, number| {
                    let generation = oldest + generation as u64;
                    if (first..=last).contains(&generation) {
                        candidates.push(generation * GENERATION + u64::from(number));
                    }
                });
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.truncate(MOST_CANDIDATES);
        candidates
    }

    /// Takes note of a document that will have `row` if it is delivered.
    pub(crate) fn take_off(&mut self, seq: u64, row: Arc<Row>) {
        self.flight.take_off(seq, row);
    }

    /// A document's row is stored: from now on it is found.
    pub(crate) fn deliver(&mut self, seq: u64) {
        if let Some(row) = self.flight.land(seq) {
            self.header_stored = true;
            self.insert(seq, &row);
            self.rows.keep(seq, row);
        }
    }

    /// A document was not delivered.
    pub(crate) fn forget(&mut self, seq: u64) {
        self.flight.land(seq);
    }

    fn insert(&mut self, seq: u64, row: &Row) {
        let generation = seq / GENERATION;
        let last = self.tables.back().map(|(oldest, _)| *oldest);
        if last.is_none_or(|last| last < generation) {
            self.join_tables();
            self.tables.push_back((generation, Table::new()));
            let first = generation.saturating_sub(self.reach.generations);
            let out = |(oldest, table): &(u64, Table)| oldest + table.generations() as u64 <= first;
            while self.tables.front().is_some_and(out) {
                self.tables.pop_front();
            }
        }
        if let Some((_, table)) = self.tables.back_mut() {
            for key in row.sketch.keys() {
                table.insert(key, (seq % GENERATION) as u16);
            }
        }
    }

    /// Puts tables of generations that are complete side by side, as many as leave a table in time: half
    /// of those in reach, and not so many that copying them takes long.
    fn join_tables(&mut self) {
        let most = (self.reach.generations / 2).min(MOST_JOINED);
        while let [.., (oldest, first), (newer, second)] = self.tables.make_contiguous() {
            let generations = first.generations() as u64;
            let are_a_pair = second.generations() as u64 == generations
                && *newer == *oldest + generations
                && *oldest % (2 * generations) == 0;
            if !are_a_pair || 2 * generations > most {
                return;
            }
            let joined = (*oldest, Table::join(first, second));
            self.tables.truncate(self.tables.len() - 2);
            self.tables.push_back(joined);
        }
    }

    /// Returns the header, if it is still to be stored.
    pub(crate) fn missing_header(&self) -> Option<Vec<u8>> {
        (!self.header_stored).then(header)
    }

    /// Returns some rows that no document from `seq` on can reach; they are to be forgotten in its
    /// commit. If that is never made, the next start finds them again.
    pub(crate) fn out_of_reach(&mut self, seq: u64) -> StageResult<Vec<u64>> {
        let reached = (seq / GENERATION).saturating_sub(self.reach.generations) * GENERATION;
        if self.expired.is_empty() && self.swept < reached {
            let end = reached.min(self.swept + GENERATION);
            let expired = &mut self.expired;
            let (from, to) = (row_key(self.swept), row_key(end));
            self.state
                .scan(&self.stage, &from[..]..&to[..], &mut |key, _| {
                    expired.extend(row_seq(key));
                    ControlFlow::Continue(())
                })
                .map_err(reading)?;
            self.swept = end;
        }
        let some = self.expired.len().min(FORGOTTEN_AT_ONCE);
        Ok(self.expired.drain(..some).collect())
    }

    #[cfg(test)]
    pub(crate) fn is_empty_handed(&self) -> bool {
        self.flight.is_empty()
    }
}

/// Whether `found`, which is later, is a better match than `best`.
fn is_better(found: &Match, best: &Match) -> bool {
    let (new, old) = (found.relation, best.relation);
    if new.rank() != old.rank() {
        return new.rank() > old.rank();
    }
    if !new.joins() {
        return false;
    }
    // Of versions at one address the last one is revised, whatever it is like.
    match (found.same_url, best.same_url) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => found.similarity > best.similarity,
    }
}

/// Refuses rows that were made with other parameters.
pub(crate) fn check_header(stored: Option<&[u8]>) -> StageResult<()> {
    let known = header();
    match stored {
        Some(stored) if stored != known => Err(StageError::fatal_message(format!(
            "the near-duplicate index was made with other parameters ({}; this version: {}); go on \
             with the version that made it, or let `jadwal state forget --stage` forget what this \
             stage stored, and copies of documents before that with it",
            String::from_utf8_lossy(stored),
            String::from_utf8_lossy(&known),
        ))),
        _ => Ok(()),
    }
}

/// Returns the error for an index that can't be read.
pub(crate) fn reading(error: StateError) -> StageError {
    StageError::transient("failed to read the near-duplicate index", error)
}

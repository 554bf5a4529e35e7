//! The counts that a document is judged by: of delivered documents, in generations, a lag behind.
//!
//! What counts are at a horizon is a function of the rows of delivered documents below it: each
//! generation is counted by itself, in order of admission, and the generation that the horizon lies in
//! and the one before it are read. So they can be made anew from the store at any time.

use std::collections::BTreeMap;

use crate::counts::{Caps, Counts};
use crate::options::StripRepeatsOptions;
use crate::row::Row;

/// Counts up to a horizon, and rows that wait to be counted.
#[derive(Debug)]
pub(crate) struct Window {
    caps: Caps,
    window: u64,
    lag: u64,
    /// Every delivered document below it is counted.
    horizon: u64,
    /// The generation that is being counted.
    generation: u64,
    /// Its counts and those of the one before it.
    current: Counts,
    previous: Counts,
    /// Rows of delivered documents at or above the horizon.
    delivered: BTreeMap<u64, Row>,
    /// Rows of documents whose fate is not known.
    flying: BTreeMap<u64, Row>,
}

impl Window {
    pub(crate) fn new(options: &StripRepeatsOptions) -> Self {
        // Two generations share the room.
        let max_counters = options.max_counters / 2;
        let caps = Caps {
            max_lines: options.max_lines.min(max_counters),
            max_counters,
            repeats: options.min_documents,
        };
        Self {
            caps,
            window: options.window,
            lag: options.lag,
            horizon: 0,
            generation: 0,
            current: Counts::new(caps),
            previous: Counts::new(caps),
            delivered: BTreeMap::new(),
            flying: BTreeMap::new(),
        }
    }

    /// Returns the admission number below which documents are counted for the document `seq`.
    pub(crate) fn horizon_of(&self, seq: u64) -> u64 {
        (seq / self.lag).saturating_sub(1) * self.lag
    }

    /// Returns the first admission number whose row is still read at `horizon`.
    pub(crate) fn first_read(&self, horizon: u64) -> u64 {
        (horizon / self.window).saturating_sub(1) * self.window
    }

    /// Whether the counts have passed `horizon` already, so that they must be made anew for it.
    pub(crate) fn is_past(&self, horizon: u64) -> bool {
        self.horizon > horizon
    }

    /// Whether a document below `horizon` has a fate that is not known.
    pub(crate) fn waits_for(&self, horizon: u64) -> bool {
        let first = self.flying.first_key_value();
        first.is_some_and(|(seq, _)| *seq < horizon)
    }

    /// Forgets all counts, and begins anew for `horizon`; stored rows are to be given with
    /// [`Window::recall`] then. What is in flight stays.
    pub(crate) fn begin(&mut self, horizon: u64) {
        self.horizon = horizon;
        self.generation = self.first_read(horizon) / self.window;
        self.current = Counts::new(self.caps);
        self.previous = Counts::new(self.caps);
        self.delivered.clear();
    }

    /// Takes up a stored row; rows come in order of admission.
    pub(crate) fn recall(&mut self, seq: u64, row: Row) {
        if seq < self.horizon {
            self.count(seq, &row);
        } else {
            self.delivered.insert(seq, row);
        }
    }

    /// Counts all delivered documents below `horizon`; no document below it may be in flight.
    pub(crate) fn advance(&mut self, horizon: u64) {
        let later = self.delivered.split_off(&horizon);
        for (seq, row) in std::mem::replace(&mut self.delivered, later) {
            self.count(seq, &row);
        }
        self.turn(horizon / self.window);
        self.horizon = horizon;
    }

    fn count(&mut self, seq: u64, row: &Row) {
        self.turn(seq / self.window);
        self.current.add(row);
    }

    /// Makes `generation` the one that is counted, if it is later.
    fn turn(&mut self, generation: u64) {
        if generation <= self.generation {
            return;
        }
        let fresh = Counts::new(self.caps);
        self.previous = std::mem::replace(&mut self.current, fresh);
        if generation - self.generation > 1 {
            self.previous = Counts::new(self.caps);
        }
        self.generation = generation;
    }

    /// Takes note of a document that brings `row` if it is delivered.
    pub(crate) fn take_off(&mut self, seq: u64, row: Row) {
        self.flying.insert(seq, row);
    }

    /// A document's row is stored.
    pub(crate) fn deliver(&mut self, seq: u64) {
        if let Some(row) = self.flying.remove(&seq) {
            self.delivered.insert(seq, row);
        }
    }

    /// A document was not delivered.
    pub(crate) fn forget(&mut self, seq: u64) {
        self.flying.remove(&seq);
    }

    /// Returns how many documents of `group` are counted.
    pub(crate) fn documents(&self, group: u64) -> u32 {
        let previous = self.previous.documents(group);
        previous.saturating_add(self.current.documents(group))
    }

    /// Returns how many documents of `group` had the line, at least.
    pub(crate) fn count_of(&self, group: u64, line: u64) -> u32 {
        let previous = self.previous.count(group, line);
        previous.saturating_add(self.current.count(group, line))
    }

    /// Returns how many counters and rows are held.
    #[cfg(test)]
    pub(crate) fn held(&self) -> (usize, usize) {
        let counters = self.current.counters() + self.previous.counters();
        (counters, self.delivered.len() + self.flying.len())
    }
}

//! The stored rows, those that were asked for lately in memory.

use std::hint::black_box;
use std::sync::Arc;

use jadwal_core::StageResult;
use jadwal_core::state::StateRead;

use crate::near::reading;
use crate::row::{Row, row_key};

/// Rows kept in memory, a kilobyte and a third each.
const CACHED_ROWS: usize = 1 << 14;

/// Rows by admission number.
pub(crate) struct Rows {
    stage: String,
    state: Arc<dyn StateRead>,
    /// By [`place_of`].
    cache: Vec<Option<(u64, Arc<Row>)>>,
}

impl Rows {
    pub(crate) fn new(stage: String, state: Arc<dyn StateRead>) -> Self {
        Self {
            stage,
            state,
            cache: vec![None; CACHED_ROWS],
        }
    }

    /// Returns the row of the document `seq`, if it is stored. It is lent, not shared: a count of its
    /// owners would be a wait for memory on each of hundreds of candidates, most of which are looked at
    /// no further. Blocks on the store.
    pub(crate) fn get(&mut self, seq: u64) -> StageResult<Option<&Arc<Row>>> {
        let place = &mut self.cache[place_of(seq)];
        if place.as_ref().is_none_or(|(cached, _)| *cached != seq) {
            let stored = self.state.get(&self.stage, &row_key(seq));
            let Some(stored) = stored.map_err(reading)? else {
                return Ok(None);
            };
            *place = Some((seq, Arc::new(Row::decode(&stored)?)));
        }
        Ok(place.as_ref().map(|(_, row)| row))
    }

    /// Reads a little of each of these rows that is in memory: so the processor fetches them side by
    /// side, where [`Self::get`] would wait for one after the other.
    pub(crate) fn fetch(&self, seqs: &[u64]) {
        let places = seqs.iter().map(|seq| &self.cache[place_of(*seq)]);
        let looks = places.flatten().map(|(_, row)| row.look());
        black_box(looks.fold(0, u32::wrapping_add));
    }

    /// Keeps a row that was stored just now.
    pub(crate) fn keep(&mut self, seq: u64, row: Arc<Row>) {
        self.cache[place_of(seq)] = Some((seq, row));
    }
}

/// A row's place follows from its number; a newer row takes an older one's.
fn place_of(seq: u64) -> usize {
    seq as usize % CACHED_ROWS
}

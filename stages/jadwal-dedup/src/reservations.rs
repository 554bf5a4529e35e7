//! Which document in flight has claimed which key.
//!
//! Nothing of this is on disk: what a crash forgets here was never delivered. The admission budget
//! bounds the number of documents in flight, and so the size of these maps.

use std::collections::HashMap;

use crate::keys::{Key, Keys};

/// Keys of documents whose fate is not yet committed, by admission number.
#[derive(Debug, Default)]
pub(crate) struct Reservations {
    holders: HashMap<Key, u64>,
    held: HashMap<u64, Keys>,
}

impl Reservations {
    /// Whether a document other than `seq` holds one of `keys`.
    pub(crate) fn held_by_another(&self, keys: &Keys, seq: u64) -> bool {
        keys.iter()
            .any(|key| self.holders.get(&key).is_some_and(|holder| *holder != seq))
    }

    /// Claims `keys` for `seq`, in place of what it held; no other document may hold them.
    pub(crate) fn reserve(&mut self, keys: Keys, seq: u64) {
        self.release(seq);
        for key in keys.iter() {
            self.holders.insert(key, seq);
            self.held.insert(seq, keys);
        }
    }

    /// Gives up what `seq` holds, if anything.
    pub(crate) fn release(&mut self, seq: u64) {
        for key in self.held.remove(&seq).iter().flat_map(Keys::iter) {
            self.holders.remove(&key);
        }
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.holders.is_empty() && self.held.is_empty()
    }
}

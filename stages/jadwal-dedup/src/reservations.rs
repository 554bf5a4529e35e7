//! Which document in flight has claimed which key, and which cluster it would join.
//!
//! Nothing of this is on disk: what a crash forgets here was never delivered. The admission budget
//! bounds the number of documents in flight, and so the size of these maps.

use std::collections::HashMap;

use jadwal_core::DocumentId;

use crate::keys::{Key, Keys};

/// Claims of documents whose fate is not yet committed, by admission number.
#[derive(Debug, Default)]
pub(crate) struct Reservations {
    holders: HashMap<Key, u64>,
    /// The document that would be a cluster's next member. There is one at most: the one after it
    /// waits, for it counts the members.
    joining: HashMap<DocumentId, u64>,
    held: HashMap<u64, (Keys, Option<DocumentId>)>,
}

impl Reservations {
    /// Whether a document other than `seq` holds one of `keys`.
    pub(crate) fn held_by_another(&self, keys: &Keys, seq: u64) -> bool {
        let holders = keys.iter().filter_map(|key| self.holders.get(&key));
        holders.into_iter().any(|holder| *holder != seq)
    }

    /// Whether a document other than `seq` is about to join `cluster`.
    pub(crate) fn joined_by_another(&self, cluster: DocumentId, seq: u64) -> bool {
        self.joining
            .get(&cluster)
            .is_some_and(|joins| *joins != seq)
    }

    /// Claims `keys` and the next place in `joins` for `seq`, in place of what it held; no other
    /// document may hold them.
    pub(crate) fn reserve(&mut self, seq: u64, keys: Keys, joins: Option<DocumentId>) {
        self.release(seq);
        for key in keys.iter() {
            self.holders.insert(key, seq);
        }
        if let Some(cluster) = joins {
            self.joining.insert(cluster, seq);
        }
        if joins.is_some() || keys != Keys::default() {
            self.held.insert(seq, (keys, joins));
        }
    }

    /// Gives up what `seq` holds, if anything.
    pub(crate) fn release(&mut self, seq: u64) {
        let Some((keys, joins)) = self.held.remove(&seq) else {
            return;
        };
        for key in keys.iter() {
            self.holders.remove(&key);
        }
        if let Some(cluster) = joins {
            self.joining.remove(&cluster);
        }
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.holders.is_empty() && self.held.is_empty() && self.joining.is_empty()
    }
}

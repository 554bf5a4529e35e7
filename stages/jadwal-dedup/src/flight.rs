//! Rows of documents whose fate is not committed yet, by admission number and by key.
//!
//! Nothing of this is on disk; the admission budget bounds it. Each document comes and goes with
//! dozens of keys, most of which no other has, so a key's first document takes no memory of its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::row::Row;

/// The documents in flight.
#[derive(Default)]
pub(crate) struct Flight {
    rows: HashMap<u64, Arc<Row>>,
    by_key: HashMap<u32, Documents, BuildHasherDefault<KeyHasher>>,
}

/// The documents under one key: one, and seldom more.
struct Documents {
    one: u64,
    more: Vec<u64>,
}

impl Flight {
    /// Takes note of a document that will have `row` if it is delivered.
    pub(crate) fn take_off(&mut self, seq: u64, row: Arc<Row>) {
        self.land(seq);
        for key in row.sketch.keys() {
            match self.by_key.entry(key) {
                Entry::Occupied(mut known) => known.get_mut().more.push(seq),
                Entry::Vacant(place) => {
                    let more = Vec::new();
                    place.insert(Documents { one: seq, more });
                }
            }
        }
        self.rows.insert(seq, row);
    }

    /// Forgets the document and returns its row.
    pub(crate) fn land(&mut self, seq: u64) -> Option<Arc<Row>> {
        let row = self.rows.remove(&seq)?;
        for key in row.sketch.keys() {
            // A sketch may have a key twice; then the first time takes both off.
            let Entry::Occupied(mut known) = self.by_key.entry(key) else {
                continue;
            };
            let documents = known.get_mut();
            documents.more.retain(|other| *other != seq);
            if documents.one == seq {
                match documents.more.pop() {
                    Some(other) => documents.one = other,
                    None => drop(known.remove()),
                }
            }
        }
        Some(row)
    }

    /// Returns the rows, but that of `seq`, that are under one of `keys`, by admission number.
    pub(crate) fn like(&self, seq: u64, keys: impl Iterator<Item = u32>) -> Vec<&Row> {
        let known = keys.filter_map(|key| self.by_key.get(&key));
        let mut like: Vec<_> = known
            .flat_map(|documents| documents.more.iter().chain([&documents.one]))
            .copied()
            .filter(|other| *other != seq)
            .collect();
        like.sort_unstable();
        like.dedup();
        let rows = like.iter().filter_map(|other| self.rows.get(other));
        rows.map(|row| &**row).collect()
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.by_key.is_empty()
    }
}

/// Keys are hashes already; this moves their bits to where the map looks.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        self.0 = (self.0.rotate_left(8) ^ u64::from(key)).wrapping_mul(0x9E37_79B1_85EB_CA87);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Origin;
    use crate::sketch::Reader;
    use jadwal_core::DocumentId;
    use jadwal_core::fold::Folded;

    fn row(text: &str) -> Arc<Row> {
        let reading = Reader::new().read(Folded::of(text)).unwrap();
        Arc::new(Row {
            id: DocumentId::of(text.as_bytes()),
            cluster: DocumentId::of(text.as_bytes()),
            origin: Origin::default(),
            sketch: reading.sketch,
        })
    }

    #[test]
    fn what_takes_off_is_found_until_it_lands() {
        let one = row("هذه جملة من عشر كلمات لا ترد في نص غيرها أبدا");
        let other = row("وتلك جملة أخرى تماما لها كلماتها التي لا يشاركها فيها أحد");
        let keys = || one.sketch.keys();
        let mut flight = Flight::default();
        for seq in [3, 1, 2] {
            flight.take_off(seq, Arc::clone(&one));
        }
        flight.take_off(4, Arc::clone(&other));
        assert_eq!(flight.like(9, keys()).len(), 3);
        assert_eq!(flight.like(2, keys()).len(), 2, "not itself");
        assert_eq!(flight.like(9, other.sketch.keys()).len(), 1);
        for (seq, left) in [(3, 2), (2, 1), (1, 0)] {
            assert!(flight.land(seq).is_some());
            assert_eq!(flight.like(9, keys()).len(), left, "{seq} landed");
        }
        assert!(flight.land(1).is_none());
        flight.land(4);
        assert!(flight.is_empty());
    }
}

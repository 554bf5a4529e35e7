//! Finds documents by 32-bit keys, for one generation: [`GENERATION`] admission numbers in a row.
//!
//! A table is an array of lines of sixteen slots, one cache line each. A slot is 16 bits of the key
//! and the document's number in the generation; a key's line follows from its upper bits. A look-up
//! is one line as a rule, and a key that is not there costs nothing but that.
//!
//! Of many documents under one key the first [`SAME_KEY`] are found: what stands in hundreds of
//! documents (a closing paragraph, the frame of a report) tells nothing of any one of them. Entries
//! are never moved or replaced, so what a look-up finds depends on the documents inserted before,
//! in their order, and on nothing else; a table made anew from the stored rows is the same.

/// Admission numbers in a generation; a document's number in it has 16 bits.
pub(crate) const GENERATION: u64 = 1 << 16;

/// Documents that are found under one key.
const SAME_KEY: usize = 8;

const SLOTS: usize = 16;

/// Lines, for 56 keys of every document and twelve slots a line.
const LINES: usize = GENERATION as usize * 56 / 12;

/// Lines that a key may spill over to.
const REACH: usize = 32;

type Line = [u32; SLOTS];

/// The table of one generation.
pub(crate) struct Table {
    lines: Vec<Line>,
}

impl Table {
    /// Returns an empty table. Its memory is taken by the system as it is filled.
    pub(crate) fn new() -> Self {
        Self::with_lines(LINES)
    }

    fn with_lines(count: usize) -> Self {
        Self {
            lines: vec![[0; SLOTS]; count],
        }
    }

    /// Adds the document `number` under `key`, unless the key is full.
    pub(crate) fn insert(&mut self, key: u32, number: u16) {
        let count = self.lines.len();
        let (tag, first) = place(key, count);
        let mut same = 0;
        for line in first..first + REACH {
            for slot in &mut self.lines[line % count] {
                if *slot == 0 {
                    *slot = tag | u32::from(number);
                    return;
                }
                same += usize::from(*slot & TAG == tag);
                if same == SAME_KEY {
                    return;
                }
            }
        }
    }

    /// Calls `found` with the number of each document under `key`, in the order of insertion. Now and
    /// then one is under another key that looks the same.
    pub(crate) fn find(&self, key: u32, mut found: impl FnMut(u16)) {
        let count = self.lines.len();
        let (tag, first) = place(key, count);
        for line in first..first + REACH {
            let slots = &self.lines[line % count];
            // Whether any slot matches at all is one comparison of vectors; as a rule none does.
            if slots
                .iter()
                .fold(false, |any, slot| any | (slot & TAG == tag))
            {
                for slot in slots.iter().filter(|slot| **slot & TAG == tag) {
                    found((slot & !TAG) as u16);
                }
            }
            if slots[SLOTS - 1] == 0 {
                return;
            }
        }
    }
}

const TAG: u32 = 0xFFFF_0000;

/// Returns the tag of `key`, never 0, and its first line of `count`.
fn place(key: u32, count: usize) -> (u32, usize) {
    let tag = (key << 16).max(1 << 16);
    let line = (u64::from(key) * count as u64) >> 32;
    (tag, line as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(table: &Table, key: u32) -> Vec<u16> {
        let mut numbers = Vec::new();
        table.find(key, |number| numbers.push(number));
        numbers
    }

    #[test]
    fn documents_are_found_under_their_keys() {
        let mut table = Table::new();
        table.insert(0, 0);
        table.insert(0, 7);
        table.insert(u32::MAX, 65_535);
        assert_eq!(found(&table, 0), [0, 7]);
        assert_eq!(found(&table, u32::MAX), [65_535]);
        assert!(found(&table, 1 << 31).is_empty());
    }

    #[test]
    fn of_many_under_one_key_the_first_are_found() {
        let mut table = Table::new();
        for number in 0..1000 {
            table.insert(42, number);
            // The same lines, another tag.
            table.insert(43, number);
        }
        assert_eq!(found(&table, 42), (0..8).collect::<Vec<_>>());
        assert_eq!(found(&table, 43), (0..8).collect::<Vec<_>>());
    }

    /// A sixteenth of a generation in a sixteenth of its lines is as full as a whole one.
    #[test]
    fn a_full_generation_loses_nothing() {
        let mut table = Table::with_lines(LINES / 16);
        let key = |n: u64| (jadwal_core::shingle::mix(n) >> 32) as u32;
        for number in 0..GENERATION / 16 {
            for n in 0..56 {
                table.insert(key(number * 56 + n), number as u16);
            }
        }
        for number in 0..GENERATION / 16 {
            for n in 0..56 {
                let numbers = found(&table, key(number * 56 + n));
                assert!(numbers.contains(&(number as u16)), "{number}, key {n}");
            }
        }
    }
}

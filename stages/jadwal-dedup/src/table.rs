//! Finds documents by 32-bit keys, by generation: [`GENERATION`] admission numbers in a row.
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

/// Lines, for 58 keys of every document and twelve slots a line.
const LINES: usize = GENERATION as usize * 58 / 12;

/// Lines that a key may spill over to.
const REACH: usize = 32;

type Line = [u32; SLOTS];

/// The table of one generation, or those of some generations in a row with their lines side by side: a
/// look-up waits for memory once and not once a generation.
pub(crate) struct Table {
    lines: Vec<Line>,
    generations: usize,
}

impl Table {
    /// Returns an empty table of one generation. Its memory is taken by the system as it is filled.
    pub(crate) fn new() -> Self {
        Self::with_lines(LINES)
    }

    fn with_lines(count: usize) -> Self {
        Self {
            lines: vec![[0; SLOTS]; count],
            generations: 1,
        }
    }

    /// Puts two tables side by side; they have as many generations each.
    pub(crate) fn join(first: &Self, second: &Self) -> Self {
        let generations = first.generations;
        let mut lines = Vec::with_capacity(first.lines.len() * 2);
        let both = first.lines.chunks_exact(generations);
        for (first, second) in both.zip(second.lines.chunks_exact(generations)) {
            lines.extend_from_slice(first);
            lines.extend_from_slice(second);
        }
        Self {
            lines,
            generations: generations * 2,
        }
    }

    /// Returns the number of generations.
    pub(crate) fn generations(&self) -> usize {
        self.generations
    }

    /// Adds the document `number` of the last generation under `key`, unless the key is full.
    pub(crate) fn insert(&mut self, key: u32, number: u16) {
        let count = self.lines.len() / self.generations;
        let (tag, first) = place(key, count);
        let mut same = 0;
        for line in first..first + REACH {
            let at = line % count * self.generations + self.generations - 1;
            for slot in &mut self.lines[at] {
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

    /// Calls `found` with the generation, counted from the table's first, and the number of each
    /// document under `key`; those of one generation in the order of insertion. Now and then one is under
    /// another key that looks the same.
    pub(crate) fn find(&self, key: u32, mut found: impl FnMut(usize, u16)) {
        let count = self.lines.len() / self.generations;
        let (tag, first) = place(key, count);
        for generation in 0..self.generations {
            for line in first..first + REACH {
                let slots = &self.lines[line % count * self.generations + generation];
                // Whether any slot matches at all is one comparison of vectors; as a rule none does.
                if slots
                    .iter()
                    .fold(false, |any, slot| any | (slot & TAG == tag))
                {
                    for slot in slots.iter().filter(|slot| **slot & TAG == tag) {
                        found(generation, (slot & !TAG) as u16);
                    }
                }
                if slots[SLOTS - 1] == 0 {
                    break;
                }
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
        table.find(key, |_, number| numbers.push(number));
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

    #[test]
    fn tables_side_by_side_find_what_each_finds() {
        let tables: Vec<_> = (0..4_u16)
            .map(|generation| {
                let mut table = Table::with_lines(97);
                for number in 0..100 {
                    table.insert(mixed(u64::from(number % (20 + generation))), number);
                }
                table
            })
            .collect();
        let pairs = [0, 2].map(|at| Table::join(&tables[at], &tables[at + 1]));
        let all = Table::join(&pairs[0], &pairs[1]);
        assert_eq!(all.generations(), 4);
        for key in (0..30).map(mixed) {
            let mut together = Vec::new();
            all.find(key, |generation, number| {
                together.push((generation, number));
            });
            let apart: Vec<_> = tables
                .iter()
                .enumerate()
                .flat_map(|(at, table)| found(table, key).into_iter().map(move |n| (at, n)))
                .collect();
            assert_eq!(together, apart, "{key}");
        }
    }

    fn mixed(number: u64) -> u32 {
        (jadwal_core::shingle::mix(number) >> 32) as u32
    }

    /// A sixteenth of a generation in a sixteenth of its lines is as full as a whole one.
    #[test]
    fn a_full_generation_loses_nothing() {
        let mut table = Table::with_lines(LINES / 16);
        for number in 0..GENERATION / 16 {
            for n in 0..58 {
                table.insert(mixed(number * 58 + n), number as u16);
            }
        }
        for number in 0..GENERATION / 16 {
            for n in 0..58 {
                let numbers = found(&table, mixed(number * 58 + n));
                assert!(numbers.contains(&(number as u16)), "{number}, key {n}");
            }
        }
    }
}

//! In how many different documents of its group a line was seen: counters in bounded memory.
//!
//! # Never too high
//!
//! Each group has counters for some lines. When they become more than `max_lines`, the median is taken
//! off all of them and those at zero go (Misra and Gries 1982, in the batched form of Anderson et al.
//! 2017, "A High-Performance Algorithm for Identifying Frequent Items in Data Streams"). So a count is
//! never more than the number of documents that had the line, and a line that more than a share of
//! `2 / max_lines` of all counted lines are is never lost. When all groups together have more than
//! `max_counters`, those that were not seen for longest go as a whole.
//!
//! # Copies count once
//!
//! Of a document whose running text was seen before in the group, nothing is counted: half of the
//! words of its long lines, those left out that repeat already. A document without long lines has to
//! bring a line that is new.

use std::collections::HashMap;

use crate::lines::Counted;
use crate::row::{LearnedRow, Row};

/// How much is remembered, and what is known to repeat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps {
    pub(crate) max_lines: usize,
    pub(crate) max_counters: usize,
    /// From this count on a line repeats.
    pub(crate) repeats: u32,
}

/// The counters of all groups.
#[derive(Debug)]
pub(crate) struct Counts {
    caps: Caps,
    groups: HashMap<u64, Group>,
    counters: usize,
    /// Number of rows added.
    added: u64,
}

/// The counters of one group.
#[derive(Debug, Default)]
struct Group {
    documents: u32,
    lines: HashMap<u64, u32>,
    /// The last row of this group among those added.
    last: u64,
}

impl Counts {
    pub(crate) fn new(caps: Caps) -> Self {
        Self {
            caps,
            groups: HashMap::new(),
            counters: 0,
            added: 0,
        }
    }

    /// Counts what a document brings, unless it is a copy.
    pub(crate) fn add(&mut self, row: &Row) {
        self.added += 1;
        let group = self.groups.entry(row.group).or_default();
        group.last = self.added;
        if group.is_copy(&row.lines, self.caps.repeats) {
            return;
        }
        let before = group.lines.len();
        group.documents = group.documents.saturating_add(1);
        for line in &row.lines {
            let count = group.lines.entry(line.hash).or_default();
            *count = count.saturating_add(1);
        }
        while group.lines.len() > self.caps.max_lines {
            group.take_median_off();
        }
        self.counters = self.counters + group.lines.len() - before;
        if self.counters > self.caps.max_counters {
            self.make_room();
        }
    }

    /// Returns how many documents of `group` were counted.
    pub(crate) fn documents(&self, group: u64) -> u32 {
        self.groups.get(&group).map_or(0, |group| group.documents)
    }

    /// Returns how many documents of `group` had the line, at least.
    pub(crate) fn count(&self, group: u64, line: u64) -> u32 {
        let counters = self.groups.get(&group);
        let count = counters.and_then(|group| group.lines.get(&line));
        count.copied().unwrap_or(0)
    }

    /// Returns all groups with the lines that more than `min` documents had, in an order that says
    /// nothing.
    pub(crate) fn frequent(&self, min: u32) -> impl Iterator<Item = (u64, LearnedRow)> {
        self.groups.iter().filter_map(move |(key, group)| {
            let lines = group.lines.iter().filter(|(_, count)| **count > min);
            let mut lines: Vec<_> = lines.map(|(line, count)| (*line, *count)).collect();
            lines.sort_unstable();
            let documents = group.documents;
            (!lines.is_empty()).then_some((*key, LearnedRow { documents, lines }))
        })
    }

    /// Forgets groups, those first that were not seen for longest, until an eighth of the room is free.
    fn make_room(&mut self) {
        let enough = self.caps.max_counters - self.caps.max_counters / 8;
        let mut by_age: Vec<_> = self.groups.iter().collect();
        by_age.sort_unstable_by_key(|(_, group)| group.last);
        let mut left = self.counters;
        let mut gone = Vec::new();
        for (key, group) in by_age {
            // The group that is being counted stays, so that one that fills all can be learnt.
            if left <= enough || group.last == self.added {
                break;
            }
            left -= group.lines.len();
            gone.push(*key);
        }
        for key in gone {
            self.groups.remove(&key);
        }
        self.counters = left;
    }

    /// Returns how many counters there are.
    #[cfg(test)]
    pub(crate) fn counters(&self) -> usize {
        let all = self.groups.values().map(|group| group.lines.len()).sum();
        assert_eq!(self.counters, all);
        all
    }
}

impl Group {
    fn is_copy(&self, lines: &[Counted], repeats: u32) -> bool {
        let count = |line: &Counted| self.lines.get(&line.hash).copied().unwrap_or(0);
        let (mut words, mut seen_words) = (0u64, 0u64);
        for line in lines.iter().filter(|line| count(line) < repeats) {
            words += u64::from(line.long_words);
            if count(line) > 0 {
                seen_words += u64::from(line.long_words);
            }
        }
        match words {
            0 => lines.iter().all(|line| count(line) > 0),
            words => seen_words * 2 >= words,
        }
    }

    fn take_median_off(&mut self) {
        let mut counts: Vec<u32> = self.lines.values().copied().collect();
        let middle = counts.len() / 2;
        let (_, median, _) = counts.select_nth_unstable(middle);
        let median = *median;
        self.lines.retain(|_, count| {
            *count -= median.min(*count);
            *count > 0
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const CAPS: Caps = Caps {
        max_lines: 64,
        max_counters: 256,
        repeats: 5,
    };

    fn short(hashes: impl IntoIterator<Item = u64>) -> Vec<Counted> {
        let line = |hash| Counted {
            hash,
            long_words: 0,
        };
        hashes.into_iter().map(line).collect()
    }

    fn long(hash: u64, long_words: u8) -> Counted {
        Counted { hash, long_words }
    }

    fn add(counts: &mut Counts, group: u64, lines: Vec<Counted>) {
        counts.add(&Row { group, lines });
    }

    proptest! {
        /// Scenario: documents of three groups with lines of a small alphabet, far more than fit.
        /// Guarantees: no count is too high, and counters stay within their bounds.
        #[test]
        fn counts_are_never_too_high(
            documents in prop::collection::vec(
                (0u64..9, prop::collection::btree_set(0u64..500, 1..40)), 1..120),
        ) {
            let mut counts = Counts::new(CAPS);
            let mut truth: BTreeMap<(u64, u64), u32> = BTreeMap::new();
            for (group, lines) in documents {
                for line in &lines {
                    *truth.entry((group, *line)).or_default() += 1;
                }
                add(&mut counts, group, short(lines));
                prop_assert!(counts.counters() <= CAPS.max_counters);
            }
            for ((group, line), seen) in truth {
                prop_assert!(counts.count(group, line) <= seen);
            }
        }
    }

    /// Scenario: ten site lines among hundreds of lines that come once, in a group that is full after
    /// two documents.
    /// Guarantees: the site lines are known.
    #[test]
    fn frequent_lines_survive_a_flood_of_others() {
        let mut counts = Counts::new(CAPS);
        for document in 1..=60u64 {
            let own = (0..30).map(|line| document * 1000 + line);
            add(&mut counts, 1, short((0..10).chain(own)));
            assert!(counts.counters() <= CAPS.max_lines);
        }
        for line in 0..10 {
            assert!(counts.count(1, line) >= 20, "{}", counts.count(1, line));
        }
        assert_eq!(counts.documents(1), 60);
    }

    #[test]
    fn copies_count_once() {
        let mut counts = Counts::new(CAPS);
        let story = vec![long(1, 40), long(2, 30), long(3, 0)];
        for _ in 0..9 {
            add(&mut counts, 1, story.clone());
        }
        assert_eq!((counts.documents(1), counts.count(1, 3)), (1, 1));
        // Less than half of its words are new: a copy.
        add(&mut counts, 1, vec![long(1, 40), long(4, 39)]);
        assert_eq!(counts.documents(1), 1);
        add(&mut counts, 1, vec![long(1, 40), long(4, 41)]);
        assert_eq!(counts.documents(1), 2);
        // In another group nothing of it was seen.
        add(&mut counts, 2, story);
        assert_eq!(counts.documents(2), 1);
    }

    /// Scenario: short articles above a long notice that all have.
    /// Guarantees: they are counted, and so is the notice.
    #[test]
    fn a_long_notice_makes_no_copies() {
        let mut counts = Counts::new(CAPS);
        for document in 1..=9 {
            add(&mut counts, 1, vec![long(100 + document, 30), long(1, 25)]);
        }
        assert_eq!((counts.documents(1), counts.count(1, 1)), (9, 9));
    }

    #[test]
    fn short_documents_have_to_bring_something_new() {
        let mut counts = Counts::new(CAPS);
        add(&mut counts, 1, short([1, 2]));
        add(&mut counts, 1, short([2, 1]));
        assert_eq!(counts.documents(1), 1);
        add(&mut counts, 1, short([1, 2, 3]));
        assert_eq!(counts.documents(1), 2);
    }

    #[test]
    fn the_groups_that_were_not_seen_for_longest_make_room() {
        let mut counts = Counts::new(CAPS);
        for group in 0..4 {
            add(&mut counts, group, short(0..60));
        }
        add(&mut counts, 0, short(1..61));
        add(&mut counts, 4, short(0..60));
        assert_eq!(counts.documents(0), 2);
        assert_eq!(counts.documents(1), 0);
        assert_eq!(counts.documents(4), 1);
    }
}

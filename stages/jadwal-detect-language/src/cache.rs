//! Remembers what words say, for most words of a text were met before.
//!
//! A cache belongs to one detector and one call at a time. It changes how fast an answer comes and
//! never the answer: a word is known by a 64-bit hash of its letters.

use std::sync::{Mutex, PoisonError};

use crate::model::{Evidence, Group, WordSums};
use crate::words::word_key;

/// Words that are remembered for one group; a newer word takes an older one's place.
const WORDS: usize = 1 << 13;

#[derive(Clone, Default)]
struct Entry {
    /// The word's hash; 0 for none.
    hash: u64,
    sums: WordSums,
}

/// The words of one group, and what those of the present text say.
#[derive(Default)]
struct Remembered {
    entries: Vec<Entry>,
    heard: Evidence,
}

/// What the words of each group say.
#[derive(Default)]
pub(crate) struct Cache {
    groups: Vec<Remembered>,
}

impl Cache {
    /// Forgets what was heard of the text before this one.
    fn begin(&mut self) {
        for group in &mut self.groups {
            group.heard = Evidence::default();
        }
    }

    /// Adds what `word` says to the evidence for the group with this index.
    pub(crate) fn hear(&mut self, group: &Group, index: usize, word: &[u16]) {
        if self.groups.len() <= index {
            self.groups.resize_with(index + 1, Remembered::default);
        }
        let Remembered { entries, heard } = &mut self.groups[index];
        if entries.is_empty() {
            entries.resize(WORDS, Entry::default());
        }
        let hash = word_key(word) | 1;
        let entry = &mut entries[(hash >> 32) as usize % WORDS];
        if entry.hash != hash {
            entry.hash = hash;
            entry.sums = group.word_sums(word);
        }
        heard.add(&entry.sums);
    }

    /// Returns what the group with this index heard of the present text.
    pub(crate) fn heard(&self, index: usize) -> Evidence {
        self.groups
            .get(index)
            .map_or_else(Evidence::default, |group| group.heard)
    }
}

/// The caches of one detector, one for each call that runs.
#[derive(Default)]
pub(crate) struct Caches(Mutex<Vec<Cache>>);

impl Caches {
    /// Calls `read` with a cache that nobody else has and that has heard nothing yet. The lock is held
    /// for two moves only.
    pub(crate) fn lend<T>(&self, read: impl FnOnce(&mut Cache) -> T) -> T {
        let mut cache = self.lock().pop().unwrap_or_default();
        cache.begin();
        let told = read(&mut cache);
        self.lock().push(cache);
        told
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Cache>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Caches {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Caches").finish_non_exhaustive()
    }
}

//! Knowledge of words as the trainer puts it together.

use crate::key_map::KeyMap;
use crate::tagger::features::stored_key;
use crate::tagger::hash::of_letters;
use crate::tagger::knowledge::{
    CLUSTER_BITS, CLUSTERINGS, Knowledge, NO_POSTERIOR, POSTERIOR_SHIFT,
};
use crate::tagger::model::read_knowledge_alone;
use crate::tagger::words::Alphabet;
use crate::tagger::{ModelError, Tagger};
use crate::training::lists::NameLists;
use crate::training::text::FreeText;
use crate::training::{clusters, export, posteriors, vectors};

/// Times that a word must be met in free text to get a cluster.
const LEAST_COUNT: u64 = 5;
/// Words on each side that shape a word's vector, and the seed, of each clustering.
const WINDOWS: [(usize, u64); CLUSTERINGS] = [(4, 7), (2, 8)];
/// Times that the free text is read for the vectors.
const ROUNDS: usize = 3;

impl Knowledge {
    /// Learns word clusters from free text.
    #[must_use]
    pub fn from_text(text: &FreeText, mut progress: impl FnMut(&str)) -> Self {
        let numbered = text.numbered(LEAST_COUNT);
        progress(&format!("{} words of free text", numbered.words.len()));
        let [near, beside] = WINDOWS.map(|(window, seed)| {
            let vectors = vectors::learn_vectors(&numbered, window, ROUNDS, seed, &mut progress);
            clusters::cluster(&vectors, &mut progress)
        });
        let mut words = KeyMap::with_room(numbered.words.len());
        for (number, hash) in numbered.words.iter().enumerate().rev() {
            let packed = u32::from(near.of_words[number])
                | u32::from(beside.of_words[number]) << CLUSTER_BITS
                | u32::from(NO_POSTERIOR) << POSTERIOR_SHIFT;
            words.insert(stored_key(*hash), packed);
        }
        Self {
            words,
            parents: [near.parents, beside.parents],
            ..Self::default()
        }
    }

    /// Takes the names of `lists` over.
    pub fn set_names(&mut self, lists: &NameLists) {
        self.names = lists.all();
    }

    /// Adds words that announce names: class (a bit number below 8) and words with blanks between.
    pub fn add_triggers(&mut self, class: u8, words: &str) {
        let alphabet = Alphabet::new();
        let mut letters = Vec::new();
        for word in words.split_whitespace() {
            alphabet.letters(word, 48, &mut letters);
            let key = stored_key(of_letters(&letters, 0));
            let classes = self.triggers.get(key).unwrap_or(0);
            self.triggers.insert(key, classes | 1 << class);
        }
    }

    /// Takes over how often `tagger` finds words of `text` in names.
    pub fn set_posteriors(&mut self, tagger: &Tagger, text: &FreeText, bias: f32) {
        posteriors::add_posteriors(self, tagger, text, bias);
    }

    /// Returns this knowledge as bytes, for [`Knowledge::from_bytes`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        export::knowledge_bytes(self)
    }

    /// Reads what [`Knowledge::to_bytes`] wrote.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        read_knowledge_alone(bytes)
    }
}

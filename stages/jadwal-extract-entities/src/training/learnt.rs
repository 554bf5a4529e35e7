//! Knowledge of words as the trainer puts it together.

use crate::key_map::KeyMap;
use crate::tagger::features::stored_key;
use crate::tagger::hash::of_letters;
use crate::tagger::knowledge::{Knowledge, NO_POSTERIOR};
use crate::tagger::model::read_knowledge_alone;
use crate::tagger::words::Alphabet;
use crate::tagger::{ModelError, Tagger};
use crate::training::lists::NameLists;
use crate::training::text::FreeText;
use crate::training::{clusters, export, posteriors, vectors};

/// Times that a word must be met in free text to get a cluster.
const LEAST_COUNT: u64 = 8;
/// Words on each side that shape a word's vector.
const WINDOW: usize = 4;
/// Times that the free text is read for the vectors.
const ROUNDS: usize = 3;

impl Knowledge {
    /// Learns word clusters from free text.
    #[must_use]
    pub fn from_text(text: &FreeText, mut progress: impl FnMut(&str)) -> Self {
        let numbered = text.numbered(LEAST_COUNT);
        progress(&format!("{} words of free text", numbered.words.len()));
        let vectors = vectors::learn_vectors(&numbered, WINDOW, ROUNDS, &mut progress);
        let clusters = clusters::cluster(&vectors, &mut progress);
        let mut words = KeyMap::with_room(numbered.words.len());
        for (hash, cluster) in numbered.words.iter().zip(&clusters.of_words).rev() {
            words.insert(
                stored_key(*hash),
                u32::from(*cluster) | u32::from(NO_POSTERIOR) << 16,
            );
        }
        Self {
            words,
            parents: clusters.parents,
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

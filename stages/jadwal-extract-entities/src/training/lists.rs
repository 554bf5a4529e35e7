//! Lists of names, with the sources that tell each.

use std::collections::BTreeMap;

use crate::key_map::KeyMap;
use crate::tagger::features::{name_hash, stored_key};
use crate::tagger::hash::of_letters;
use crate::tagger::knowledge::GOES_ON;
use crate::tagger::labels::each_name;
use crate::tagger::words::{Alphabet, Shape, Word};
use crate::training::samples::{Corpus, cut_sentence};

/// Names by the key of their words.
#[derive(Clone, Debug, Default)]
pub struct NameLists {
    /// Whether the words of persons' names count as parts of names too.
    with_parts: bool,
    /// By key: classes with the sources that tell them.
    names: BTreeMap<u32, Vec<(u8, String)>>,
    /// Keys of starts of longer names, with the sources.
    starts: BTreeMap<u32, Vec<String>>,
}

/// The longest name that is kept, in words.
const LONGEST: usize = 6;
/// The class of persons' names.
const PERSON: u8 = 0;
/// The class of words that are part of persons' names.
const PART: u8 = 6;
/// Letters that such a word has at the least: shorter ones are mostly `بن`, `de`, `van`.
const LEAST_OF_PART: usize = 3;

impl NameLists {
    /// Returns lists without names; `with_parts`, every word of a person's name is one more, of a class of its own.
    #[must_use]
    pub fn new(with_parts: bool) -> Self {
        Self {
            with_parts,
            ..Self::default()
        }
    }

    /// Adds names with their classes (bit numbers below 7) that `source` tells.
    pub fn add_all<'a>(&mut self, names: impl IntoIterator<Item = (&'a str, u8)>, source: &str) {
        let alphabet = Alphabet::new();
        let mut words = Vec::new();
        for (name, class) in names {
            words.clear();
            alphabet.cut(name, 0, name.len(), &mut words);
            self.add_words(&alphabet, name, &words, class, source);
        }
    }

    /// Adds all names of a corpus; their classes are the types' numbers.
    pub fn add_corpus(&mut self, corpus: &Corpus) {
        let alphabet = Alphabet::new();
        for (source, sentences) in corpus.each_block() {
            for sentence in sentences {
                let (text, words, labels) = cut_sentence(&alphabet, sentence);
                each_name(&labels, |start, end, kind| {
                    let words = &words[start..end];
                    self.add_words(&alphabet, &text, words, kind as u8, &source);
                });
            }
        }
    }

    /// Adds a name, and if need be its parts.
    fn add_words(
        &mut self,
        alphabet: &Alphabet,
        text: &str,
        words: &[Word],
        class: u8,
        source: &str,
    ) {
        self.add_row(alphabet, text, words, class, source);
        if self.with_parts && class == PERSON && words.len() > 1 {
            for word in words {
                let slice = &text[word.start as usize..word.end as usize];
                if slice.chars().count() >= LEAST_OF_PART {
                    self.add_row(alphabet, text, std::slice::from_ref(word), PART, source);
                }
            }
        }
    }

    fn add_row(
        &mut self,
        alphabet: &Alphabet,
        text: &str,
        words: &[Word],
        class: u8,
        source: &str,
    ) {
        let solid = words
            .iter()
            .any(|word| !matches!(word.shape, Shape::Sign | Shape::Digits));
        if words.is_empty() || words.len() > LONGEST || !solid {
            return;
        }
        let mut letters = Vec::new();
        let mut hash = 0;
        for (at, word) in words.iter().enumerate() {
            alphabet.letters(
                &text[word.start as usize..word.end as usize],
                48,
                &mut letters,
            );
            let one = of_letters(&letters, 0);
            hash = if at == 0 { one } else { name_hash(hash, one) };
            let key = stored_key(hash);
            if at + 1 < words.len() {
                let sources = self.starts.entry(key).or_default();
                if !sources.iter().any(|known| known == source) {
                    sources.push(source.to_owned());
                }
            } else {
                let told = self.names.entry(key).or_default();
                if !told
                    .iter()
                    .any(|(known, by)| *known == class && by == source)
                {
                    told.push((class, source.to_owned()));
                }
            }
        }
    }

    /// Returns all names for the tagger.
    #[must_use]
    pub(crate) fn all(&self) -> KeyMap<u32> {
        self.without("")
    }

    /// Returns the names that another source than `source` tells.
    pub(crate) fn without(&self, source: &str) -> KeyMap<u32> {
        let mut map = KeyMap::with_room(self.names.len() + self.starts.len());
        for (key, told) in &self.names {
            let classes = told
                .iter()
                .filter(|(_, by)| by != source)
                .fold(0_u8, |classes, (class, _)| classes | 1 << class);
            if classes != 0 {
                map.insert(*key, u32::from(classes));
            }
        }
        for (key, told) in &self.starts {
            if told.iter().any(|by| by != source) {
                let classes = map.get(*key).unwrap_or(0);
                map.insert(*key, classes | u32::from(GOES_ON));
            }
        }
        map
    }
}

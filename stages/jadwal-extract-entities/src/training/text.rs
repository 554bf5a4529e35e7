//! Free text as numbers of words.

use std::collections::HashMap;

use crate::tagger::hash::of_letters;
use crate::tagger::words::{Alphabet, Shape, Word};

/// Text without labels: what words are like is learnt from their neighbours in it.
#[derive(Default)]
pub struct FreeText {
    /// The text, a document each.
    pub(crate) documents: Vec<String>,
}

/// Words by number, most frequent first, and the text in these numbers.
pub(crate) struct NumberedText {
    /// Hash of the folded word, by number.
    pub(crate) words: Vec<u64>,
    pub(crate) counts: Vec<u64>,
    /// Word numbers, `u32::MAX` for rare words; a sentence each.
    pub(crate) sentences: Vec<Vec<u32>>,
}

impl FreeText {
    /// Adds a document. Lines of markup (`<doc …>`) are left out.
    pub fn add(&mut self, document: &str) {
        let lines = document.lines().filter(|line| !line.starts_with('<'));
        self.documents.push(lines.collect::<Vec<_>>().join("\n"));
    }

    /// Whether there is no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Calls `tell` with the words of each document and the hash of each folded word.
    pub(crate) fn each_document(&self, mut tell: impl FnMut(&str, &[Word], &[u64])) {
        let alphabet = Alphabet::new();
        let mut forms: HashMap<u64, u64> = HashMap::new();
        let (mut words, mut hashes, mut letters) = (Vec::new(), Vec::new(), Vec::new());
        for document in &self.documents {
            words.clear();
            hashes.clear();
            alphabet.cut(document, 0, document.len(), &mut words);
            for word in &words {
                let hash = *forms.entry(word.form).or_insert_with(|| {
                    let slice = &document[word.start as usize..word.end as usize];
                    alphabet.letters(slice, 48, &mut letters);
                    of_letters(&letters, 0)
                });
                hashes.push(hash);
            }
            tell(document, &words, &hashes);
        }
    }

    /// Numbers the words that are met at least `least` times.
    pub(crate) fn numbered(&self, least: u64) -> NumberedText {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        self.each_document(|_, words, hashes| {
            for (word, hash) in words.iter().zip(hashes) {
                if word.shape != Shape::Sign {
                    *counts.entry(*hash).or_default() += 1;
                }
            }
        });
        let mut known: Vec<(u64, u64)> = counts
            .into_iter()
            .filter(|(_, count)| *count >= least)
            .collect();
        known.sort_unstable_by_key(|(hash, count)| (u64::MAX - count, *hash));
        let numbers: HashMap<u64, u32> = known
            .iter()
            .enumerate()
            .map(|(number, (hash, _))| (*hash, number as u32))
            .collect();
        let mut sentences: Vec<Vec<u32>> = Vec::new();
        self.each_document(|_, words, hashes| {
            for (word, hash) in words.iter().zip(hashes) {
                if word.first || sentences.is_empty() {
                    sentences.push(Vec::new());
                }
                if let (Some(sentence), true) = (sentences.last_mut(), word.shape != Shape::Sign) {
                    sentence.push(numbers.get(hash).copied().unwrap_or(u32::MAX));
                }
            }
        });
        NumberedText {
            words: known.iter().map(|(hash, _)| *hash).collect(),
            counts: known.iter().map(|(_, count)| *count).collect(),
            sentences,
        }
    }
}

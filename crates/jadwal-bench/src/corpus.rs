//! A made-up news corpus, the same for the same seed on every machine.
//!
//! Documents are articles in Arabic, English and French with dates, amounts, names and countries, one
//! file a document, [`FILES_IN_FOLDER`] files a folder. Each document depends on the seed and its
//! number alone, so a corpus can be made longer without touching what is there.

pub(crate) mod arabic;
mod article;
mod english;
mod french;
mod language;
pub(crate) mod random;

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jadwal_core::{Document, Provenance};
use jiff::Timestamp;

pub use crate::corpus::language::Language;

use crate::corpus::article::Writer;
use crate::corpus::random::Random;

/// How many files lie side by side.
pub const FILES_IN_FOLDER: u64 = 1000;

/// What documents are like.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub struct Corpus {
    /// Seed: the same one gives the same documents
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Bytes of a document; it may be longer by one sentence and the web leftovers
    #[arg(long, default_value_t = 5000)]
    pub bytes: usize,
    /// Languages, each as often as it is named
    #[arg(long, value_delimiter = ',', default_value = "ar,en,fr")]
    pub languages: Vec<Language>,
    /// Put web leftovers around the articles
    #[arg(long)]
    pub chrome: bool,
    /// Share of documents that repeat an earlier one, byte for byte
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub duplicates: f64,
}

/// Returns the whole file `name` as one document.
#[must_use]
pub fn whole_file(name: &str, raw: impl Into<Bytes>) -> Document {
    let raw = raw.into();
    let place = Provenance {
        file_path: name.to_owned(),
        file_bytes: raw.len() as u64,
        modified: Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..raw.len() as u64,
    };
    Document::new(raw, place)
}

impl Corpus {
    /// Returns a corpus of news of 5 kB in one language.
    #[must_use]
    pub fn of(language: Language, chrome: bool) -> Self {
        Self {
            seed: 1,
            bytes: 5000,
            languages: vec![language],
            chrome,
            duplicates: 0.0,
        }
    }

    /// Returns the first `count` documents.
    #[must_use]
    pub fn texts(&self, count: u64) -> Vec<String> {
        (0..count).map(|index| self.document(index)).collect()
    }

    /// Returns document number `index`.
    #[must_use]
    pub fn document(&self, index: u64) -> String {
        let original = self.original_of(index);
        // Two streams a document: one says what it repeats, one what it says.
        let mut random = Random::new(self.seed, 2 * original + 1);
        let language = match self.languages.len() as u64 {
            0 => Language::English,
            count => self.languages[random.below(count) as usize],
        };
        Writer::new(language, &mut random).write(self.bytes, self.chrome)
    }

    /// Returns the number of the document that `index` repeats; its own, if it repeats none.
    #[must_use]
    pub fn original_of(&self, mut index: u64) -> u64 {
        loop {
            let mut random = Random::new(self.seed, 2 * index);
            if index == 0 || !random.happens(self.duplicates) {
                return index;
            }
            index = random.below(index);
        }
    }

    /// Returns where document `index` lies below the corpus's folder.
    #[must_use]
    pub fn path(index: u64) -> PathBuf {
        let folder = index / FILES_IN_FOLDER;
        PathBuf::from(format!("{folder:05}/{index:08}.txt"))
    }

    /// Writes the documents `range` below `folder` and returns their bytes together.
    ///
    /// # Errors
    /// When a folder or file can't be written.
    pub fn write(&self, folder: &Path, range: Range<u64>) -> io::Result<u64> {
        let mut bytes = 0;
        for index in range.clone() {
            let path = folder.join(Self::path(index));
            let first_in_folder = index == range.start || index % FILES_IN_FOLDER == 0;
            if let (true, Some(parent)) = (first_in_folder, path.parent()) {
                fs::create_dir_all(parent)?;
            }
            let document = self.document(index);
            bytes += document.len() as u64;
            fs::write(path, document)?;
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus() -> Corpus {
        Corpus {
            seed: 7,
            bytes: 2000,
            languages: vec![Language::Arabic, Language::English, Language::French],
            chrome: true,
            duplicates: 0.2,
        }
    }

    #[test]
    fn a_document_depends_on_seed_and_number_alone() {
        let corpus = corpus();
        let first: Vec<String> = (0..40).map(|index| corpus.document(index)).collect();
        let again: Vec<String> = (0..40).rev().map(|index| corpus.document(index)).collect();
        assert!(first.iter().eq(again.iter().rev()));
        let other = Corpus {
            seed: 8,
            ..corpus.clone()
        };
        assert_ne!(first[0], other.document(0));
        // A pinned hash: figures of two versions are comparable only over the same corpus.
        let hash = blake3::hash(first.concat().as_bytes()).to_hex();
        assert_eq!(&hash[..16], "4035d53bf41413bd");
    }

    #[test]
    fn documents_have_the_length_that_was_asked_for() {
        for bytes in [0, 500, 5000] {
            let corpus = Corpus {
                bytes,
                chrome: false,
                ..corpus()
            };
            for index in 0..60 {
                let length = corpus.document(index).len();
                assert!(
                    (bytes..bytes + 700).contains(&length),
                    "{length} for {bytes}"
                );
            }
        }
    }

    #[test]
    fn the_share_of_repeated_documents_is_what_was_asked_for() {
        let corpus = corpus();
        let repeated: Vec<u64> = (0..5000)
            .filter(|index| corpus.original_of(*index) != *index)
            .collect();
        assert!((900..1100).contains(&repeated.len()), "{}", repeated.len());
        for index in repeated.into_iter().take(20) {
            let original = corpus.original_of(index);
            assert!(original < index);
            assert_eq!(corpus.document(index), corpus.document(original));
        }
    }

    #[test]
    fn a_corpus_grows_in_place() {
        let (whole, grown) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let corpus = Corpus {
            bytes: 100,
            ..corpus()
        };
        let bytes = corpus.write(whole.path(), 995..1010).unwrap();
        let first = corpus.write(grown.path(), 995..1003).unwrap();
        let second = corpus.write(grown.path(), 1003..1010).unwrap();
        assert_eq!(bytes, first + second);
        for index in 995..1010 {
            let path = Corpus::path(index);
            let left = fs::read(whole.path().join(&path)).unwrap();
            assert_eq!(left, fs::read(grown.path().join(&path)).unwrap());
        }
    }
}

//! Trains the tagger's models: only built with the feature `train`.
//!
//! Everything here is deterministic: one thread, seeded shuffles, and what comes out of a
//! hash map is sorted.

mod bits;
mod blocks;
mod clusters;
mod conll;
mod crf;
mod export;
mod folder;
mod layers;
mod learnt;
mod lists;
mod network;
mod posteriors;
mod random;
mod samples;
mod scoring;
mod text;
mod vectors;

pub use crate::tagger::knowledge::Knowledge;
pub use conll::{ConllError, Sentence, read_conll, rejoin_clitics};
pub use crf::CrfOptions;
pub use folder::{SplitError, read_split};
pub use lists::NameLists;
pub use samples::{Corpus, train};
pub use scoring::{Counts, count_names, score_sentences};
pub use text::FreeText;

//! Tags documents and their parts with language and script.
//!
//! A script with one language decides alone; Arabic, Latin, Cyrillic and four other scripts have a
//! table of letter runs and words, trained by `examples/train` (`models/MODEL.md` tells from what).
//! What has no language (figures, code, noise, too little text) is `und`. Dialects are not told
//! apart, and a language outside the list is taken for its nearest relative.
//!
//! The stage cuts, merges and applies thresholds; another [`detector::Detector`] can take the
//! place of the built-in one through [`LanguageTagger::new`].

pub mod alphabet;
pub mod detector;
pub mod model;
mod options;
mod pieces;
mod segments;
mod stage;
#[cfg(test)]
mod tests;
pub mod words;

use jadwal_core::{BuildError, BuiltStage, Fact, Problem, StageDeps, StageSpec};

pub use options::DetectLanguageOptions;
pub use stage::LanguageTagger;

use detector::NgramDetector;

/// The stage kind `detect_language`.
pub struct DetectLanguage;

impl StageSpec for DetectLanguage {
    const KIND: &'static str = "detect_language";
    const SUMMARY: &'static str = "Tags documents and their parts with language and script";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Language];
    type Options = DetectLanguageOptions;

    fn check(options: &DetectLanguageOptions) -> Result<(), Vec<Problem>> {
        options.check()
    }

    fn build(options: DetectLanguageOptions, _: &StageDeps) -> Result<BuiltStage, BuildError> {
        let detector = NgramDetector::builtin(&options.languages)
            .map_err(|error| BuildError::new("read the built-in language model", error))?;
        Ok(BuiltStage::transform(LanguageTagger::new(
            options,
            Box::new(detector),
        )))
    }
}

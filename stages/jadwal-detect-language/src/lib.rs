//! Tags documents and their parts with language and script.
//!
//! A script with one language decides alone; Arabic, Latin, Cyrillic and five other scripts have a
//! table of letter runs and words, trained by `jadwal-train` (`models/MODEL.md` tells from what, and
//! how well it does). Languages that are close to each other get a second look, [`close`]. What has
//! no language (figures, code, noise, too little text) is `und`, and so are some languages of Arabic
//! script that are not in the list. Dialects are told as `ar` unless the options ask for them; Arabic
//! in Latin letters is `ar-Latn`.
//!
//! The stage cuts, merges and applies thresholds; another [`detector::Detector`] can take the
//! place of the built-in one through [`LanguageTagger::new`]: the features `lingua` and `lid176` have
//! two of them.

pub mod alphabet;
mod cache;
pub mod close;
pub mod detector;
pub mod model;
pub mod naming;
mod options;
#[cfg(any(feature = "lid176", feature = "lingua"))]
pub mod peers;
mod pieces;
mod segments;
mod stage;
#[cfg(test)]
mod tests;
#[cfg(feature = "train")]
pub mod training;
pub mod words;

use jadwal_core::{BuildError, BuiltStage, Fact, Problem, StageDeps, StageSpec};

pub use options::{DetectLanguageOptions, SerboCroatian};
pub use stage::LanguageTagger;

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

    fn build(options: DetectLanguageOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        let tagger = LanguageTagger::builtin(options)
            .map_err(|error| BuildError::new("read the built-in language model", error))?;
        Ok(BuiltStage::transform(tagger.with_id(&deps.stage)))
    }
}

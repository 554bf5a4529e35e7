//! Decodes a document, finds its main text and removes web leftovers.
//!
//! The steps, in order; each keeps the map from the text to the raw bytes:
//!
//! | step | does |
//! |---|---|
//! | [`decode`] | bytes to text: UTF-8, UTF-16, the older encodings; refuses what is no text |
//! | `html` | markup to lines; the article told from the rest; title, date, address, author |
//! | `unicode` | one form: NFC, plain letters for presentation forms, no invisible marks |
//! | `lines`, `chrome`, `model` | menus, share buttons, date lines, comment forms: out, or marked |
//! | `whitespace` | one blank between words, few blank lines between lines |
//! | `blocks`, `tables` | says what each part of the text is |
//!
//! Everything that was taken out is listed with its place in the raw bytes and the rule that took
//! it; everything that was repaired is counted. Spelling is never changed.

mod blocks;
mod chrome;
mod clean;
mod dates;
pub mod decode;
mod html;
mod lines;
mod model;
mod options;
mod phrases;
mod tables;
#[cfg(feature = "train")]
pub mod training;
mod unicode;
mod whitespace;

#[cfg(test)]
mod tests;

use jadwal_core::{BuildError, BuiltStage, Fact, StageDeps, StageSpec};

pub use clean::Clean;
pub use options::{Chrome, CleanOptions, Html};

impl StageSpec for Clean {
    const KIND: &'static str = "clean";
    const SUMMARY: &'static str =
        "Decodes the file, finds the main text, removes web leftovers, drops empty documents";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[];
    const GIVES: &'static [Fact] = &[Fact::Text];
    type Options = CleanOptions;

    fn build(options: CleanOptions, _deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::transform(Self::new(options)))
    }
}

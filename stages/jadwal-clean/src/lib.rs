//! Decodes a document, finds its main text and removes web leftovers.
//!
//! The steps, in order; each keeps the map from the text to the raw bytes:
//!
//! | step | switch | does | counts |
//! |---|---|---|---|
//! | [`decode`] | `decode` | bytes to text: UTF-8, UTF-16, the older encodings; refuses what is no text | `bad-bytes` |
//! | `mojibake` | `mojibake` | lines that were read in the wrong encoding on their way | `mojibake:*` |
//! | `html` | `html` | markup to lines; the article told from the rest; title, date, address, author | `html:*` |
//! | `controls` | `controls` | control characters out, one kind of line end, references left in text | `controls:*` |
//! | `unicode` | `unicode`, `spelling` | one form: NFC, plain letters for presentation forms, no invisible marks | `unicode:*`, `spelling:*` |
//! | `lines` | `join_lines` | joins what was wrapped at a fixed width | `lines:*` |
//! | `classify` | `chrome` | menus, share buttons, date lines, comment forms: out, or marked; by rules, phrases and a line model | `chrome:*` |
//! | `metadata` | `metadata` | title, date and author out of the lines | |
//! | `whitespace` | `whitespace` | one blank between words, few blank lines between lines | `whitespace:*` |
//!
//! `blocks` and `tables` say what each part of the text is; `quality`, where it is asked for, how good
//! the whole is.
//!
//! Everything that was taken out is listed with its place in the raw bytes and the rule that took
//! it; everything that was repaired is counted. Spelling is never changed unless `spelling` asks for it.

mod blocks;
mod characters;
mod chrome;
mod clean;
mod controls;
mod dates;
pub mod decode;
mod html;
mod lines;
mod model;
mod mojibake;
mod options;
mod phrases;
mod quality;
mod removals;
mod scan;
mod spelling;
mod tables;
#[cfg(feature = "train")]
pub mod training;
mod unicode;
mod visual;
mod whitespace;
mod words;
mod wraps;

#[cfg(test)]
mod tests;

use jadwal_core::{BuildError, BuiltStage, Fact, StageDeps, StageSpec};

pub use clean::Clean;
pub use options::{Chrome, CleanOptions, Html, QualityLabels, Spelling, VisualOrder};

impl StageSpec for Clean {
    const KIND: &'static str = "clean";
    const SUMMARY: &'static str =
        "Decodes the file, finds the main text, removes web leftovers, drops empty documents";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[];
    const GIVES: &'static [Fact] = &[Fact::Text];
    type Options = CleanOptions;

    fn build(options: CleanOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::transform(
            Self::new(options).with_id(&deps.stage),
        ))
    }
}

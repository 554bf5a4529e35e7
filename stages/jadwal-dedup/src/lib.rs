//! Drops or marks documents whose bytes or folded text were delivered before.
//!
//! Two documents are twins when their raw bytes are equal, or when their texts are equal after
//! [`jadwal_core::fold`]: another hamza, tatweel, digit script or punctuation makes no new text.
//!
//! A look-up only *reserves* the keys of a new document, in memory. They are recorded in the commit
//! that delivers the document, so a crash between the two forgets the claim and never the document,
//! and a document can't be the duplicate of its own lost attempt. A twin of a document that is still
//! in flight waits until that one's fate is committed. Near-duplicates are not looked for here.

mod exact;
mod keys;
mod options;
mod reservations;
#[cfg(test)]
mod tests;

use jadwal_core::{BuildError, BuiltStage, Fact, Problem, StageDeps, StageSpec};

pub use options::{DedupOptions, Policy};

use exact::ExactDedup;

/// The stage kind `dedup`.
pub struct Dedup;

impl StageSpec for Dedup {
    const KIND: &'static str = "dedup";
    const SUMMARY: &'static str =
        "Drops or marks documents whose bytes or folded text were delivered before";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Duplicate];
    type Options = DedupOptions;

    fn check(options: &DedupOptions) -> Result<(), Vec<Problem>> {
        options.check()
    }

    fn build(options: DedupOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::stage(ExactDedup::new(options, deps)))
    }
}

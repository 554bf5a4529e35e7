//! Finds exact copies, near copies, excerpts, revisions and series in a stream that never ends.
//!
//! | relation | is |
//! |---|---|
//! | `raw`, `text` | equal bytes, or equal text after [`jadwal_core::fold`]: another hamza, tatweel, digit script or punctuation makes no new text; known for ever |
//! | `copy` | the same text with edits |
//! | `excerpt` | a part of a longer document |
//! | `revision` | a later version: same address, same host, or a few other figures |
//! | `series` | the same frame with other figures: rates, weather, prices. Never merged |
//! | `related` | alike, and not enough to say more; a link only |
//!
//! A look-up only *reserves* what a new document would be known by, in memory. It is recorded in the
//! commit that delivers the document, so a crash between the two forgets the claim and never the
//! document, and a document can't be the duplicate of its own lost attempt. A document that one
//! still in flight could decide about waits until that one's fate is committed.
//!
//! | key | value |
//! |---|---|
//! | `r`, BLAKE3 of the raw bytes; `t`, BLAKE3 of the folded text | who had it first, and that one's cluster |
//! | `n`, admission number | the sketch by which near copies are found, as long as it is in reach |
//! | `c`, id of a cluster's first member | members delivered, from the second on |
//! | `h` | the parameters that all sketches were made with |

mod comparison;
mod few;
mod figures;
mod flight;
mod inspect;
mod keys;
mod likeness;
mod names;
mod near;
mod options;
mod policy;
mod reading;
mod relation;
mod reservations;
mod row;
mod rows;
mod sketch;
mod stage;
mod table;
#[cfg(test)]
mod tests;
mod told;

use jadwal_core::{BuildError, BuiltStage, Fact, Problem, StageDeps, StageSpec};

pub use inspect::{Inspection, inspect};
pub use options::DedupOptions;
pub use policy::{Policies, Policy};

use stage::DedupStage;

/// The stage kind `dedup`.
pub struct Dedup;

impl StageSpec for Dedup {
    const KIND: &'static str = "dedup";
    const SUMMARY: &'static str =
        "Finds copies, excerpts, revisions and series of what was delivered; drops or marks them";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Duplicate];
    type Options = DedupOptions;

    fn check(options: &DedupOptions) -> Result<(), Vec<Problem>> {
        options.check()
    }

    fn build(options: DedupOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::stage(DedupStage::new(options, deps)))
    }
}

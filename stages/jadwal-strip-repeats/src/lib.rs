//! Takes out the lines that repeat across the documents of a host or folder: menus, share buttons,
//! lists of the latest headlines.
//!
//! Documents are counted in groups, by host or by folder. A line that many different documents of its
//! group have had is a leftover of their site, unless the document itself says otherwise (see
//! `judge.rs`). What goes is an edit: the origin map stays true, and `removed` names each run of lines
//! with the rule `repeat:N`, N being the number of other documents that have had the line, at least.
//!
//! # Same input, same output
//!
//! A document is judged by the documents *delivered* before it, and counts lag: a document with
//! admission number `s` sees those below `horizon(s)`, a multiple of `lag` that is between one and two
//! `lag`s back. It waits until the fates of all of them are known, which they usually are by then. So
//! what is in flight, and how documents are batched, makes no difference.
//!
//! What a document brings to the counts is one row of the store, written in the commit that delivers
//! it. The counts themselves are made from the rows at the start, in order of admission: a crash, or
//! a replay, gives the same counts. They are kept in generations of `window` admission numbers; the
//! last two are read, and older rows are forgotten.
//!
//! # Bounded memory
//!
//! Each group has at most `max_lines` counters in each generation, and all of them together at most
//! `max_counters` (see `counts.rs`). Where counters have to make room, counts become too low, never
//! too high: a line goes only for documents that have really had it.
//!
//! | key | value |
//! |---|---|
//! | `n`, admission number | the group of a delivered document and hashes of its lines |
//! | `l`, group | what `jadwal batch --learn` counted, until that batch is done |
//! | `m` | for which batch that was |

mod counts;
mod cut;
mod judge;
mod learn;
mod lines;
mod options;
mod row;
mod stage;
mod vocabulary;
mod window;

#[cfg(test)]
mod tests;

use jadwal_core::{BuildError, BuiltStage, Fact, Problem, StageDeps, StageSpec};

pub use learn::{Learned, Learning, forget_learned, learned_for, learner};
pub use options::{Counting, GroupBy, Repeats, StripRepeatsOptions};

use stage::StripRepeatsStage;

/// The stage kind `strip_repeats`.
pub struct StripRepeats;

impl StageSpec for StripRepeats {
    const KIND: &'static str = "strip_repeats";
    const SUMMARY: &'static str =
        "Takes out lines that repeat across the documents of a host or folder";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[];
    type Options = StripRepeatsOptions;

    fn check(options: &StripRepeatsOptions) -> Result<(), Vec<Problem>> {
        options.check()
    }

    fn build(options: StripRepeatsOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::stage(StripRepeatsStage::new(options, deps)))
    }
}

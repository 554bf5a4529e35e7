//! Runs a stage that is written in any language: a process that is shown batches of documents on its
//! standard input and answers on its standard output (`docs/process-protocol.md`).
//!
//! What is promised, whatever the child does: a document that ends a child, hangs it or makes it write
//! nonsense is quarantined with the reason, and the rest flow. A child that fails with several documents
//! in hand is no proof against any of them: each is offered again alone, and is only held to be poison
//! when it fails a child that served nothing else before. So a document's fate does not depend on its
//! neighbours.
//!
//! **No task and no thread.** One `poll` watches all children inside `StageCx::block`, in short turns
//! between which the stage's task can be aborted. Dropping the stage kills and reaps its children; a
//! guard process kills them when Jadwal itself is killed.
//!
//! | module | idea |
//! |---|---|
//! | [`protocol`] | frames and messages, also for children written in Rust |
//! | `options` | how children are started, and what bounds them |
//! | `child` | one running child: bytes in, bytes out, its end |
//! | `guard` | kills the children of a Jadwal that was killed |
//! | `failure` | why a child was given up |
//! | `work` | the documents of a batch, and which of them are under suspicion |
//! | `pool` | keeps the children busy, watches deadlines, starts anew |
//! | `stage` | the stage around the pool |
//! | [`conformance`] | checks a child from outside, for `jadwal test-stage` |

mod child;
pub mod conformance;
mod failure;
mod guard;
mod last_words;
mod options;
mod pool;
pub mod protocol;
mod stage;
#[cfg(test)]
mod tests;
mod work;

use std::path::Path;

use jadwal_core::{BuildError, BuiltStage, Fact, Introduction, Problem, StageDeps, StageSpec};

pub use options::ProcessOptions;

use stage::ProcessStage;

/// The stage kind `process`.
pub struct Process;

impl StageSpec for Process {
    const KIND: &'static str = "process";
    const SUMMARY: &'static str = "Runs a stage of your own, in any language, as a process";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[];
    const MAY_GIVE: &'static [Fact] = &[Fact::Text, Fact::Entities];
    type Options = ProcessOptions;

    fn check(options: &ProcessOptions) -> Result<(), Vec<Problem>> {
        options.check()
    }

    /// Starts the first child: the others are started with the pipeline.
    fn introduce(
        options: ProcessOptions,
        stage: &str,
        base_dir: &Path,
    ) -> Result<Option<Introduction>, BuildError> {
        let mut process = ProcessStage::new(options, stage, base_dir);
        let declaration = process.ask()?;
        Ok(Some(Introduction {
            declaration,
            // The command may name anything; what it runs is told by its version alone.
            program: String::new(),
            built: BuiltStage::stage(process),
        }))
    }

    fn build(options: ProcessOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        let stage = ProcessStage::new(options, &deps.stage, &deps.base_dir);
        Ok(BuiltStage::stage(stage))
    }
}

//! Runs a stage that is a WebAssembly component in a sandbox (`docs/component-stage.md`).
//!
//! What is promised, whatever the guest does: it has no file, no network, no clock and no randomness;
//! it has the memory and the time that the options grant for one document, and no more. A document
//! that it traps on, hangs on, or answers with nonsense is quarantined with the reason, and the rest flow.
//! After any error its instance is thrown away.
//!
//! A guest is shown one document at a time: a call into the sandbox costs less than a microsecond, so
//! batches would win nothing, and a trap belongs to exactly one document. Documents are worked on side
//! by side, each thread with an instance of its own.
//!
//! | module | idea |
//! |---|---|
//! | `options` | what a guest is granted |
//! | `bindings` | the types of `wit/stage.wit` in Rust |
//! | `engine` | compiles a component, from the cache if it can |
//! | `cache` | the folder of compiled components, which nobody else may write to |
//! | `ticker` | the clock that deadlines are measured with |
//! | `limits` | the memory that an instance may have |
//! | `instance` | one instance: calls with a deadline, errors in words |
//! | `convert` | between documents and replies, here and in the sandbox |
//! | `stage` | the stage around a pool of instances |

#![cfg(feature = "wasmtime")]

mod bindings;
mod cache;
mod convert;
mod engine;
mod instance;
mod limits;
mod options;
mod stage;
mod ticker;

use std::path::Path;

use jadwal_core::{BuildError, BuiltStage, Fact, Introduction, Problem, StageDeps, StageSpec};

pub use options::ComponentOptions;

use stage::ComponentStage;

/// The stage kind `component`.
pub struct Component;

impl StageSpec for Component {
    const KIND: &'static str = "component";
    const SUMMARY: &'static str =
        "Runs a stage of your own that is a WebAssembly component, in a sandbox";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[];
    const MAY_GIVE: &'static [Fact] = &[Fact::Text, Fact::Entities];
    type Options = ComponentOptions;

    fn check(options: &ComponentOptions) -> Result<(), Vec<Problem>> {
        options.check()
    }

    fn introduce(
        options: ComponentOptions,
        stage: &str,
        base_dir: &Path,
    ) -> Result<Option<Introduction>, BuildError> {
        let component = ComponentStage::new(&options, stage, base_dir)?;
        Ok(Some(Introduction {
            declaration: component.declaration().clone(),
            program: component.hash().to_owned(),
            built: BuiltStage::transform(component),
        }))
    }

    fn build(options: ComponentOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        let component = ComponentStage::new(&options, &deps.stage, &deps.base_dir)?;
        Ok(BuiltStage::transform(component))
    }
}

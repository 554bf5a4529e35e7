//! Scripted sources, stages and stores for tests, and the contract that every stage keeps.
//!
//! - [`Lab`] runs a pipeline over scripted files, counts fates and holds the conservation law:
//!   records dropped in = delivered + dropped + quarantined + still there.
//! - [`Paper`] is a sink in memory with a committed position, cut back on restore like a file.
//! - [`Scripted`] is a stage that does what the document's text tells it to.
//! - [`assert_conforms`] is `jadwal test-stage` for `cargo test`, with options of your choice.
//! - [`check_stage`] is the contract of a stage: options, any text, raw bytes untouched, determinism.

mod contract;
mod lab;
mod paper;
mod scripted;
mod source;

pub use contract::{assert_conforms, built_transform, check_stage, run_transform, sample_texts};
pub use lab::{FailingStore, Lab, LabReport};
pub use paper::Paper;
pub use scripted::{Scripted, TwinGuard};
pub use source::{ScriptFile, ScriptSource};

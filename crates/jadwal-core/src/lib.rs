//! The vocabulary of Jadwal: documents, origin maps, facts, and the traits that stages, sources
//! and stores implement.
//!
//! This crate is the SDK for custom stages. It does no I/O and starts no task; everything that
//! touches the world is reached through handles that the runtime passes in.
//!
//! | module | idea |
//! |---|---|
//! | [`document`] | what flows: immutable raw bytes, one working text, typed facts |
//! | [`origin`] | where each byte of the text came from |
//! | [`facts`] | what stages found out about the text |
//! | [`stage`] | the two stage traits and what they may answer |
//! | [`spec`] | how a stage announces its kind, options and needs |
//! | [`state`] | the durable state: what is read, and the one atomic commit |
//! | [`guest`] | what a stage in another process or a sandbox sees, and the checked way to act on its answer |
//! | [`fold`] | the comparison key for Arabic and Latin text |
//! | [`shingle`] | hashes of its words and runs of words |

pub mod clock;
pub mod document;
mod error;
pub mod facts;
pub mod fault;
pub mod fold;
pub mod guest;
pub mod origin;
pub mod shingle;
pub mod source;
pub mod spec;
pub mod stage;
pub mod state;
pub mod units;

pub use clock::Clock;
pub use document::{Document, DocumentId, Provenance};
pub use error::{ErrorClass, StageError, StageResult, chain, describe_chain};
pub use facts::Facts;
pub use origin::{Edited, OriginMap, TextEditor};
pub use spec::{BuildError, Fact, Introduction, Problem, StageDeps, StageRegistry, StageSpec};
pub use stage::{
    Batch, BuiltStage, DropReason, Fate, Settled, Slot, Stage, StageCx, Transform, Verdict,
};

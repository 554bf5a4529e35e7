//! Drives documents through the stages of a plan to one atomic commit.
//!
//! ```text
//! source thread ──> stage task ──> … ──> sink task ──> committer
//!      ^  admission budget                                 │
//!      └────────────── settlement ─────────────────────────┘
//! ```
//!
//! - Queues between tasks are bounded and hold groups of documents in admission order; nothing ever
//!   overtakes, so output order is admission order.
//! - A document that was dropped or quarantined rides on to the committer, untouched by later stages:
//!   fates become durable in admission order, together with what sinks wrote before them.
//! - A sink ends each group with its position. The committer commits whole groups only, so a
//!   committed position covers exactly the committed documents.
//! - A condition decides which documents a stage is offered; the others pass it untouched, in order.
//! - The admission budget bounds memory; it is taken before a record is read and given back when the
//!   record's fate is committed.
//!
//! All tasks are spawned in [`Pipeline::run`] and joined there; the CPU pool owns its threads.

mod backoff;
mod blocking;
mod breaker;
mod commit;
mod counters;
mod cpu;
mod error;
mod gate;
mod group;
mod intake;
mod pipeline;
mod quarantine;
mod spawn;
mod stage_task;
mod stop;
mod transform_task;

pub use backoff::Backoff;
pub use blocking::block;
pub use breaker::BreakerSettings;
pub use counters::{Counters, CountersSnapshot, StageSnapshot};
pub use cpu::{Cpu, CpuOutcome};
pub use error::RunError;
pub use gate::{Condition, no_sink_took_it};
pub use pipeline::{Limits, OnError, Pipeline, PlannedStage, Summary};
pub use quarantine::{Occurrence, Quarantine, QuarantineEntry, QuarantineError};
pub use stop::{StopHandle, StopReason};

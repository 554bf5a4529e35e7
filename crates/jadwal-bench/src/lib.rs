//! End-to-end measurements of Jadwal, beside a floor measured in the same run.
//!
//! The machine is measured from outside: the release binary runs as a process of its own over a
//! generated corpus. Absolute times drift on a shared machine, so what counts are ratios to the
//! *floor*: one thread that reads each file, hashes it, writes a JSON line, and syncs once at the end.
//!
//! | module | idea |
//! |---|---|
//! | [`corpus`] | a made-up news corpus, the same for the same seed |
//! | [`floor`] | the least that any such pipeline has to do |
//! | [`engine`] | the machine with no stage but `emit`, to be measured alone |
//! | [`process`] | a child process: wall clock, processor time, memory, handles |
//! | [`place`] | the folder that a measurement happens in, and its `pipeline.toml` |
//! | [`throughput`], [`latency`], [`idle`] | what is measured |
//! | [`eval`] | how right the stages are, on named splits |
//! | [`markup`] | labelled lines as pages of markup |
//! | [`report`], [`machine`] | how it is told, and of which machine |
//! | [`eval`] | scores of the stages, on [`stream`]s and labelled data |

pub mod corpus;
pub mod engine;
pub mod eval;
pub mod floor;
pub mod idle;
pub mod latency;
pub mod machine;
pub mod markup;
pub mod place;
pub mod process;
pub mod report;
pub mod stream;
pub mod throughput;

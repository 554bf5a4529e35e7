//! Frames and messages between Jadwal and a child, as `docs/process-protocol.md` tells them.
//!
//! A frame is four bytes of length, the highest first, and as many bytes of JSON. [`serve`] is the
//! child's side of it in Rust; a stage in Rust is better linked than run as a process, so this is for
//! tests and benchmarks, and for programs that are there already.

mod frame;
mod serve;

use jadwal_core::guest::{Declaration, Reply};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

pub use frame::{FrameReader, FrameTrouble, begin_frame, end_frame, frame};
pub use serve::{serve, serve_on};

/// The version of the protocol that this crate speaks.
pub const VERSION: u32 = 1;

/// The first message to a child.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hello {
    /// [`VERSION`].
    pub protocol: u32,
    /// The stage's id in `pipeline.toml`.
    pub stage: String,
    /// The stage's own options.
    pub options: Map<String, Value>,
    /// Longest message that Jadwal takes, in bytes.
    pub max_frame: u64,
}

/// The answer to [`Hello`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// [`VERSION`].
    pub protocol: u32,
    /// What the stage says of itself.
    pub stage: Declaration,
}

/// Why a child won't start: its options are wrong, a model is missing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// In words for the user.
    pub reason: String,
}

/// What a child is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToChild<D> {
    /// Once, first.
    Hello(Hello),
    /// Documents to work on.
    Batch(Batch<D>),
}

/// Documents to work on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch<D> {
    /// To be repeated in the answer.
    pub number: u64,
    /// Views of documents; of what kind is up to the child.
    pub documents: Vec<D>,
}

/// What a child answers; `R` is [`Reply`], or [`RawReply`] where a bad reply is to be told from good ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<R = Reply> {
    /// It is ready for batches.
    Ready(Ready),
    /// It won't start.
    Refused(Refused),
    /// One reply a document, in their order.
    Replies(Replies<R>),
}

/// One reply a document, in their order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replies<R = Reply> {
    /// The batch they are for.
    pub number: u64,
    /// One a document.
    pub replies: Vec<R>,
}

/// A reply, unread.
pub type RawReply = Box<RawValue>;

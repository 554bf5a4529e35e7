//! What a guest answers about one document. Nothing in it is trusted before [`super::apply`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::facts::Label;

/// A guest's answer. An empty one (`{}`) lets the document pass as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    /// What becomes of the document.
    pub verdict: ReplyVerdict,
    /// Changes of the text, without overlap, in any order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// Entities to add, in offsets of the text as it was shown; none may overlap an edit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<NewEntity>,
    /// What the stage says of the document, for `extra` of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<Value>,
}

/// What becomes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReplyVerdict {
    /// It goes on.
    #[default]
    Pass,
    /// It is dropped on purpose.
    Drop {
        /// Why, for the ledger.
        reason: String,
    },
    /// The guest could not work on it.
    Fail {
        /// What the runtime is to do.
        #[serde(default)]
        class: FailClass,
        /// What went wrong.
        reason: String,
    },
}

/// What the runtime does about a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailClass {
    /// The document is bad: quarantine it.
    #[default]
    Document,
    /// The world is bad for a moment: offer it again later.
    Transient,
    /// Going on would do harm: stop the pipeline.
    Fatal,
}

/// One change of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Where the replaced piece starts, in the guest's unit.
    pub start: u64,
    /// Where it ends; equal to `start` for an insertion.
    pub end: u64,
    /// What stands there instead; empty for a removal.
    #[serde(default)]
    pub text: String,
}

/// An entity that the guest found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEntity {
    /// Where it starts, in the guest's unit.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// What it is.
    pub label: Label,
    /// Normal form, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub norm: String,
    /// Link to an authority, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
    /// How sure the guest is, 0 to 1.
    #[serde(default = "certain", skip_serializing_if = "is_certain")]
    pub score: f32,
}

fn certain() -> f32 {
    1.0
}

/// By reference, as serde wants it.
fn is_certain(score: &f32) -> bool {
    *score == certain()
}

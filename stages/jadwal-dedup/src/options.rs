//! The options of the stage: what makes a twin, and what becomes of one.

use jadwal_core::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of `dedup`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DedupOptions {
    /// What becomes of a document that copies a delivered one: `drop` it (default), `mark` it as a
    /// duplicate and deliver it as a member of the cluster, or `keep` it, named a duplicate in its
    /// record but not remembered.
    pub policy: Policy,
    /// Documents with equal raw bytes are twins. Default: true.
    pub raw: bool,
    /// Documents with equal folded text are twins (spelling variants of Arabic letters, digits,
    /// marks, case and punctuation make no difference). Default: true.
    pub text: bool,
}

impl Default for DedupOptions {
    fn default() -> Self {
        Self {
            policy: Policy::Drop,
            raw: true,
            text: true,
        }
    }
}

impl DedupOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        if self.raw || self.text {
            return Ok(());
        }
        let message = "`raw` and `text` are both false, so nothing is compared; set one to true";
        Err(vec![Problem::new("raw", message)])
    }
}

/// What becomes of a duplicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Drop it; no record is written.
    Drop,
    /// Deliver it with `duplicate_of` set; keys of its own lead to the same cluster from then on.
    Mark,
    /// Deliver it with `duplicate_of` set and remember nothing of it.
    Keep,
}

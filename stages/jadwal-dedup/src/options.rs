//! The options of the stage: what is compared, how far back, and what becomes of a match.

use jadwal_core::Problem;
use jadwal_core::units::TimeSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Policies;
use crate::table::GENERATION;

/// Most documents that near copies may be looked for in: 64 tables, more than a gigabyte.
const MOST_NEAR_DOCUMENTS: u64 = 64 * GENERATION;

/// Options of `dedup`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DedupOptions {
    /// What becomes of a document that matches a delivered one: `drop` it, `mark` it as a duplicate
    /// and deliver it, or `keep` it as a document of its own that tells its relation. One word for
    /// all duplicates (issues of a series are none, and kept), or a table by relation `{ exact = "drop", copy = "mark", excerpt = "mark",
    /// revision = "keep", series = "keep" }`, which is the default.
    pub policy: Policies,
    /// Documents with equal raw bytes are exact copies. Default: true.
    pub raw: bool,
    /// Documents with equal folded text are exact copies (spelling variants of Arabic letters,
    /// digits, marks, case and punctuation make no difference). Default: true.
    pub text: bool,
    /// Looks for near copies, excerpts, revisions and series too. Default: true.
    pub near: bool,
    /// How far the modification times of two files may lie apart for their documents to be compared
    /// as near copies; exact copies are known for ever. Default: `1440h`, 60 days.
    pub near_window: TimeSpan,
    /// How many admitted documents back near copies are looked for, in steps of 65536; memory grows
    /// by up to 20 MB a step, as documents come. Default: 262144.
    pub near_documents: u64,
}

impl Default for DedupOptions {
    fn default() -> Self {
        Self {
            policy: Policies::default(),
            raw: true,
            text: true,
            near: true,
            near_window: TimeSpan::secs(60 * 24 * 3600),
            near_documents: 4 * GENERATION,
        }
    }
}

impl DedupOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if !(self.raw || self.text || self.near) {
            let message =
                "`raw`, `text` and `near` are all false, so nothing is compared; set one to true";
            problems.push(Problem::new("raw", message));
        }
        if !(1..=MOST_NEAR_DOCUMENTS).contains(&self.near_documents) {
            let message = format!("must be 1 to {MOST_NEAR_DOCUMENTS}");
            problems.push(Problem::new("near_documents", message));
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(problems)
    }

    /// How many generations of the near index are looked at before a document's own.
    pub(crate) fn generations(&self) -> u64 {
        self.near_documents.div_ceil(GENERATION)
    }
}

//! The options of the stage: what belongs together, what is a repeat, how much is remembered.

use jadwal_core::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most counters that may be asked for: more than half a gigabyte.
const MOST_COUNTERS: usize = 1 << 24;

/// Most documents that may be counted in one generation, or that counts may lag behind.
const MOST_DOCUMENTS: u64 = 1 << 24;

/// Which documents are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Those of one host where the address is known, else those of one folder.
    #[default]
    Auto,
    /// Those of one host; documents without an address pass untouched.
    Host,
    /// Those whose files lie in one folder.
    Folder,
}

/// What becomes of lines that repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// They are taken out and listed in `removed`.
    #[default]
    Remove,
    /// They stay and are listed in `removed` with rules that start with `mark:`.
    Mark,
}

/// Where counts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// From the documents that were delivered before.
    #[default]
    Live,
    /// From the first pass of `jadwal batch --learn`.
    Learned,
    /// Nowhere: all documents pass untouched.
    Off,
}

/// Options of `strip_repeats`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StripRepeatsOptions {
    /// Which documents are counted together: those of one `host` (of the address that the page gives),
    /// of one `folder`, or `auto`: by host where the address is known, else by folder. Default: `auto`.
    pub key: GroupBy,
    /// How many other documents must have had a line. Documents that are copies of one another count
    /// as one. Lines of 15 words and more need four times as many. Default: 5.
    pub min_documents: u32,
    /// The share of the group's documents that must have had it, too, 0 to 1. Default: 0.02.
    pub min_share: f64,
    /// What becomes of lines that repeat: `remove` or `mark`. Default: `remove`.
    pub repeats: Repeats,
    /// Counts reach back over at least so many admitted documents, and less than twice as many.
    /// Default: 65536.
    pub window: u64,
    /// Lines that are counted in one group, the most frequent ones. Default: 4096.
    pub max_lines: usize,
    /// Lines that are counted in all groups together; groups that were not seen for longest make room.
    /// This bounds memory, at some 40 bytes a line and 250 a group. Default: 524288.
    pub max_counters: usize,
    /// Counts lag between one and two times so many documents behind, so that documents need not wait
    /// for one another. A slow stream may set it low to learn sooner. Default: 128.
    pub lag: u64,
    /// Where counts come from: `live`, the documents delivered before; `learned`, the first pass of
    /// `jadwal batch --learn`, which sets this itself; `off`, nowhere: all documents pass untouched.
    /// Default: `live`.
    pub counts: Counting,
    /// Whether `jadwal batch` without `--learn` strips lines too, by live counts: then what happens to a
    /// document depends on those before it. Default: false.
    pub in_batch: bool,
}

impl Default for StripRepeatsOptions {
    fn default() -> Self {
        Self {
            key: GroupBy::Auto,
            min_documents: 5,
            min_share: 0.02,
            repeats: Repeats::Remove,
            window: 65_536,
            max_lines: 4096,
            max_counters: 524_288,
            lag: 128,
            counts: Counting::Live,
            in_batch: false,
        }
    }
}

impl StripRepeatsOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut refuse = |holds: bool, key: &str, message: String| {
            if !holds {
                problems.push(Problem::new(key, message));
            }
        };
        let documents = 1..=MOST_DOCUMENTS;
        refuse(
            (1..=100_000).contains(&self.min_documents),
            "min_documents",
            "must be 1 to 100000".to_owned(),
        );
        refuse(
            (0.0..=1.0).contains(&self.min_share),
            "min_share",
            "must be 0 to 1".to_owned(),
        );
        for (value, key) in [(self.window, "window"), (self.lag, "lag")] {
            let message = format!("must be 1 to {MOST_DOCUMENTS}");
            refuse(documents.contains(&value), key, message);
        }
        refuse(
            (16..=MOST_COUNTERS).contains(&self.max_counters),
            "max_counters",
            format!("must be 16 to {MOST_COUNTERS}"),
        );
        refuse(
            (16..=self.max_counters.max(16)).contains(&self.max_lines),
            "max_lines",
            "must be at least 16, and at most `max_counters`".to_owned(),
        );
        if problems.is_empty() {
            return Ok(());
        }
        Err(problems)
    }

    /// Returns how many other documents must have had a line, in a group of which `documents` were
    /// counted.
    pub(crate) fn needed(&self, documents: u32) -> u32 {
        let share = (f64::from(documents) * self.min_share).ceil();
        self.min_documents.max(share as u32)
    }
}

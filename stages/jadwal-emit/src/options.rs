//! What `[stages.<id>.options]` of an `emit` stage may say.

use std::path::Path;

use jadwal_core::Problem;
use jadwal_core::units::ByteSize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::packing::Packing;

/// Options of the stage `emit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EmitOptions {
    /// File for the records, relative to the folder of `pipeline.toml`; `-` is standard output. A name
    /// that ends in `.gz` or `.zst` is packed. Default: `out/records.jsonl`.
    pub path: String,
    /// Size, before packing, past which a segment is closed and the next one (`records-00001.jsonl`)
    /// begun; `0 B` for never. Default: `1 GiB`.
    pub roll_bytes: ByteSize,
    /// Level of the packer: 0 to 9 for `.gz` (without it 6), 1 to 22 for `.zst` (without it 3).
    /// Default: not set.
    pub compression_level: Option<u8>,
    /// Whether a dataset card, `README.md`, is kept beside the output, so that readers know the types
    /// of columns whose first rows are empty. A `README.md` of your own is left alone. Default: `true`.
    pub card: bool,
    /// What to do about an output that is there already and that the state knows nothing of.
    /// Default: `refuse`.
    pub if_exists: IfExists,
}

impl Default for EmitOptions {
    fn default() -> Self {
        Self {
            path: "out/records.jsonl".to_owned(),
            roll_bytes: ByteSize(1 << 30),
            compression_level: None,
            card: true,
            if_exists: IfExists::Refuse,
        }
    }
}

/// What to do about an output that the state knows nothing of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IfExists {
    /// Stop before a document is taken.
    #[default]
    Refuse,
    /// Leave what is there as it is and go on in a new segment after it. The same is done when the
    /// file that the state speaks of was moved away.
    Append,
}

impl EmitOptions {
    /// Whether records go to standard output.
    #[must_use]
    pub fn to_standard_output(&self) -> bool {
        self.path == "-"
    }

    /// Returns how the file's name says it is packed.
    pub(crate) fn packing(&self) -> Option<Packing> {
        Packing::of(&self.path, self.compression_level)
    }

    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if Path::new(&self.path).file_name().is_none() || self.path.ends_with('/') {
            let message = format!("`{}` does not name a file", self.path);
            problems.push(Problem::new("path", message));
        }
        let Some(level) = self.compression_level else {
            return problems;
        };
        if let Some(packing) = self.packing()
            && !packing.levels().contains(&level)
        {
            let levels = packing.levels();
            let (low, high) = (levels.start(), levels.end());
            let message = format!("{level} is not a level of {packing}: {low} to {high}");
            problems.push(Problem::new("compression_level", message));
        }
        problems
    }
}

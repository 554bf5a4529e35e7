//! A binary with one stage of its own: the whole `jadwal` command line comes with it.
//!
//! ```text
//! cargo run -p jadwal --example custom_stage -- stages keep_long
//! cargo run -p jadwal --example custom_stage -- batch samples -o - --stateless \
//!     --set 'pipeline.stages=["clean", "keep_long", "emit"]' --set stages.keep_long.options.words=60
//! ```

use std::process::ExitCode;

use jadwal::Registry;
use jadwal_core::{
    BuildError, BuiltStage, Document, DropReason, Fact, Problem, StageDeps, StageResult, StageSpec,
    Transform, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Drops documents that are too short to be an article.
struct KeepLong {
    options: KeepLongOptions,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct KeepLongOptions {
    /// Fewest words a document may have. Default: 40.
    words: usize,
}

impl Default for KeepLongOptions {
    fn default() -> Self {
        Self { words: 40 }
    }
}

impl StageSpec for KeepLong {
    const KIND: &'static str = "keep_long";
    const SUMMARY: &'static str = "Drops documents that are too short to be an article";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[];
    type Options = KeepLongOptions;

    fn check(options: &KeepLongOptions) -> Result<(), Vec<Problem>> {
        match options.words {
            0 => Err(vec![Problem::new(
                "words",
                "0 keeps everything; leave the stage out instead",
            )]),
            _ => Ok(()),
        }
    }

    fn build(options: KeepLongOptions, _: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::transform(Self { options }))
    }
}

impl Transform for KeepLong {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let words = doc.text()?.split_whitespace().count();
        doc.set_extra(Self::KIND, serde_json::json!({ "words": words }));
        if words < self.options.words {
            let why = format!("{words} words, at least {} are wanted", self.options.words);
            return Ok(Verdict::Drop(DropReason::Filtered { why }));
        }
        Ok(Verdict::Pass)
    }
}

fn main() -> ExitCode {
    jadwal::main(Registry::builtin().with::<KeepLong>())
}

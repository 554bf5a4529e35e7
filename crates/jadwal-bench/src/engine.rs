//! The machine with no stage but `emit`: what scanning, admission, queues, syncs and commits cost.
//!
//! `emit` needs a text, so a stage stands before it that does nothing but look whether the bytes are
//! UTF-8. The measuring binary plays this engine when it is called by the name [`NAME`].

use std::process::ExitCode;

use jadwal_core::facts::Encoding;
use jadwal_core::{
    BuildError, BuiltStage, Document, Edited, Fact, OriginMap, StageDeps, StageError, StageResult,
    StageSpec, Transform, Verdict,
};

/// The name that the engine is called by.
pub const NAME: &str = "jadwal-bench-engine";

/// Runs the command line of `jadwal` with the stage [`Plain`] added.
#[must_use]
pub fn main() -> ExitCode {
    jadwal::main(jadwal::Registry::builtin().with::<Plain>())
}

/// The stage `plain`: takes the bytes for UTF-8, as they stand.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl StageSpec for Plain {
    const KIND: &'static str = "plain";
    const SUMMARY: &'static str = "Takes the bytes for UTF-8, as they stand";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[];
    const GIVES: &'static [Fact] = &[Fact::Text];
    type Options = NoOptions;

    fn build(_: NoOptions, _: &StageDeps) -> Result<BuiltStage, BuildError> {
        Ok(BuiltStage::transform(Self))
    }
}

/// The stage has no options.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoOptions {}

impl Transform for Plain {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = String::from_utf8(doc.raw().to_vec())
            .map_err(|error| StageError::document("failed to read the bytes as UTF-8", error))?;
        let map = OriginMap::identity(text.len());
        doc.replace_text(Edited { text, map });
        doc.facts_mut().encoding = Some(Encoding {
            name: "utf-8".to_owned(),
            score: 1.0,
        });
        Ok(Verdict::Pass)
    }
}

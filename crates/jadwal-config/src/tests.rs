//! The configuration as a user meets it: text, variables and arguments in, a plan or findings out.

mod conditions;
mod errors;
mod layers;
mod plans;
mod round_trip;
mod schemas;

use std::fmt::Write;

use expect_test::Expect;
use jadwal_core::spec::{BuildError, StageDeps};
use jadwal_core::units::{ByteSize, TimeSpan};
use jadwal_core::{
    BuiltStage, Document, Fact, Problem, StageRegistry, StageResult, StageSpec, Transform, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Checked, ConfigErrors, Finding, Sources, load};

/// Options of every stage of the tests.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    /// Where records go; `-` is standard output.
    path: String,
    /// What happens to chrome.
    chrome: Chrome,
    /// The fewest words of a text.
    min_words: u32,
    /// The most words of a text.
    max_words: u32,
    /// Length of a segment.
    segment: ByteSize,
    /// Pause between two attempts.
    pause: TimeSpan,
    /// Labels that are kept.
    labels: Vec<String>,
    /// Whether it shouts.
    loud: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Chrome {
    /// It goes.
    Remove,
    /// It stays.
    Keep,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: "out.jsonl".into(),
            chrome: Chrome::Remove,
            min_words: 1,
            max_words: 100,
            segment: ByteSize::mib(1),
            pause: TimeSpan::secs(1),
            labels: Vec::new(),
            loud: false,
        }
    }
}

struct Nothing;

impl Transform for Nothing {
    fn apply(&self, _doc: &mut Document) -> StageResult {
        Ok(Verdict::Pass)
    }
}

macro_rules! spec {
    ($name:ident, $kind:literal, $needs:expr, $gives:expr) => {
        struct $name;

        impl StageSpec for $name {
            const KIND: &'static str = $kind;
            const SUMMARY: &'static str = "Does nothing";
            const VERSION: &'static str = "1.2.3";
            const NEEDS: &'static [Fact] = $needs;
            const GIVES: &'static [Fact] = $gives;
            type Options = Options;

            fn check(options: &Options) -> Result<(), Vec<Problem>> {
                match options.min_words > options.max_words {
                    true => Err(vec![Problem::new("min_words", "is above `max_words`")]),
                    false => Ok(()),
                }
            }

            fn exactly_once(options: &Options) -> bool {
                options.path != "-"
            }

            fn build(_: Options, _: &StageDeps) -> Result<BuiltStage, BuildError> {
                Ok(BuiltStage::transform(Nothing))
            }
        }
    };
}

spec!(Clean, "clean", &[], &[Fact::Text]);
spec!(Dedup, "dedup", &[Fact::Text], &[Fact::Duplicate]);
spec!(
    DetectLanguage,
    "detect_language",
    &[Fact::Text],
    &[Fact::Language]
);
spec!(
    ExtractEntities,
    "extract_entities",
    &[Fact::Text],
    &[Fact::Entities]
);
spec!(Emit, "emit", &[Fact::Text], &[Fact::Record]);

fn registry() -> StageRegistry {
    StageRegistry::empty()
        .with::<Clean>()
        .with::<Dedup>()
        .with::<DetectLanguage>()
        .with::<ExtractEntities>()
        .with::<Emit>()
}

fn sources(text: &str) -> Sources {
    Sources::of_text("etc/pipeline.toml", text)
}

fn loaded(sources: &Sources) -> Result<Checked, ConfigErrors> {
    load(sources, &registry())
}

fn good(text: &str) -> Checked {
    loaded(&sources(text)).unwrap()
}

/// Loads `sources` and compares what is wrong with them, line by line, with hints.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "`expect!` makes a value")]
fn check_errors(sources: &Sources, expected: Expect) {
    let errors = loaded(sources).expect_err("the configuration is wrong");
    expected.assert_eq(&render(errors.findings()));
}

fn render(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        writeln!(text, "{finding}").unwrap();
        if let Some(hint) = &finding.hint {
            writeln!(text, "  hint: {hint}").unwrap();
        }
    }
    text
}

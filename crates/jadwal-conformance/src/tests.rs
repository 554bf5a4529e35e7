//! The kit finds what is broken, and lets pass what is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jadwal_core::facts::{Entity, Label};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::state::NoState;
use jadwal_core::{
    BuildError, BuiltStage, Clock, Document, Fact, StageDeps, StageError, StageRegistry,
    StageResult, StageSpec, Transform, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Finding, Subject, check};

/// What the stage does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Fault {
    #[default]
    None,
    Counts,
    OffTheText,
    FailsOnEmpty,
    RefusesToStart,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Options {
    /// What it does wrong.
    fault: Fault,
}

struct Odd {
    fault: Fault,
    seen: AtomicU64,
}

impl StageSpec for Odd {
    const KIND: &'static str = "odd";
    const SUMMARY: &'static str = "Breaks a rule";
    const VERSION: &'static str = "1";
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[];
    type Options = Options;

    fn build(options: Options, _: &StageDeps) -> Result<BuiltStage, BuildError> {
        if options.fault == Fault::RefusesToStart {
            return Err(BuildError::new("load the model", "there is none"));
        }
        Ok(BuiltStage::transform(Self {
            fault: options.fault,
            seen: AtomicU64::new(0),
        }))
    }
}

impl Transform for Odd {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed);
        match self.fault {
            Fault::Counts => doc.set_extra("odd", json!(seen)),
            Fault::OffTheText => doc.facts_mut().entities.push(Entity {
                range: 0..1,
                label: Label::Misc,
                norm: String::new(),
                link: String::new(),
                mention_of: None,
                score: 1.0,
            }),
            Fault::FailsOnEmpty if doc.text()?.is_empty() => {
                return Err(StageError::document("count words", "there are none"));
            }
            _ => {}
        }
        Ok(Verdict::Pass)
    }
}

fn findings(fault: &str) -> Vec<Finding> {
    let registry = StageRegistry::empty().with::<Odd>();
    let spec = registry.get("odd").unwrap();
    let deps = StageDeps {
        stage: "odd".to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::new(NoState),
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        base_dir: std::path::PathBuf::new(),
    };
    let options = json!({ "fault": fault });
    check(&Subject {
        spec: spec.as_ref(),
        options: &options,
        deps: &deps,
    })
}

/// The broken checks, with the first line of each.
fn broken(fault: &str) -> Vec<(&'static str, String)> {
    let broken = |finding: Finding| Some((finding.check, finding.outcome.err()?.remove(0)));
    findings(fault).into_iter().filter_map(broken).collect()
}

#[test]
fn a_good_stage_passes_every_check() {
    assert_eq!(broken("none"), []);
    let checks: Vec<_> = findings("none")
        .into_iter()
        .map(|finding| finding.check)
        .collect();
    assert_eq!(
        checks,
        [
            "options",
            "start",
            "any text",
            "order",
            "determinism",
            "cancellation",
            "end"
        ]
    );
}

#[test]
fn each_fault_is_found_and_told() {
    let found = broken("counts");
    let checks: Vec<_> = found.iter().map(|(check, _)| *check).collect();
    assert_eq!(checks, ["order", "determinism", "cancellation"]);
    assert!(found[0].1.contains("alone, and Pass"), "{}", found[0].1);

    let found = broken("off_the_text");
    let expected = "empty: its entity 0..1 lies off the text";
    assert_eq!(found, [("any text", expected.to_owned())]);

    let found = broken("fails_on_empty");
    assert_eq!(
        found,
        [("any text", "empty: count words: there are none".to_owned())]
    );

    let found = broken("refuses_to_start");
    let expected = "failed to load the model: there is none";
    assert_eq!(found, [("start", expected.to_owned())]);

    assert_eq!(broken("unheard_of")[0].0, "options");
}

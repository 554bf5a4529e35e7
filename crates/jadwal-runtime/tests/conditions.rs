//! Stages with a condition: who is offered what, in which order, and that every document has a fate.

use std::sync::Arc;
use std::time::Duration;

use jadwal_core::{BuiltStage, Document, StageError};
use jadwal_runtime::{Condition, RunError};
use jadwal_testkit::{Lab, LabReport, Paper, Scripted, TwinGuard};

fn scripted() -> (&'static str, BuiltStage) {
    ("scripted", BuiltStage::transform(Scripted::default()))
}

fn twins(lab: &Lab) -> (&'static str, BuiltStage) {
    let state = Arc::clone(&lab.store) as Arc<dyn jadwal_core::state::StateRead>;
    ("twins", BuiltStage::stage(TwinGuard::new(state)))
}

fn raw(doc: &Document) -> String {
    String::from_utf8_lossy(doc.raw()).into_owned()
}

/// Holds for documents that hold `word`; fails for those that hold `untold`.
fn holds(word: &'static str) -> Condition {
    Condition::new(move |doc| {
        let text = raw(doc);
        if text.contains("untold") {
            return Err(StageError::document_message("can't tell"));
        }
        assert!(!text.contains("odd"), "an odd document");
        Ok(text.contains(word))
    })
}

fn assert_ok(report: &LabReport) {
    assert!(report.result.is_ok(), "{:?}", report.result);
}

fn skipped(report: &LabReport) -> Vec<(String, u64, u64)> {
    let summary = report.result.as_ref().expect("the run ended well");
    let counters = &summary.counters;
    let stages = counters.stages.iter();
    stages
        .map(|stage| (stage.stage.clone(), stage.passed, stage.skipped))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transform_leaves_out_what_its_condition_does_not_hold_for() {
    let mut lab = Lab::with_texts(["drop me", "drop x", "a", "fail x", "untold", "odd", "z"]);
    lab.conditions = vec![("scripted", holds("x"))];
    let report = lab.run(vec![scripted()]).await;
    assert_ok(&report);
    assert_eq!(report.lines, ["drop me", "a", "z"]);
    let fates = report.fates();
    assert_eq!(fates[3..6], ["quarantined"; 3]);
    assert_eq!(report.rows[4].detail, "can't tell");
    assert_eq!(report.rows[5].detail, "the stage panicked: an odd document");
    assert_eq!(skipped(&report)[0], ("scripted".to_owned(), 0, 3));
}

/// Scenario: twins, some of which the dedup is not to see, in every batch size.
/// Guarantees: those it does not see are delivered, order is kept, waiting ones are decided.
#[tokio::test(flavor = "multi_thread")]
async fn a_stage_with_state_is_offered_only_its_documents_in_order() {
    for batch_size in [1, 3, 64] {
        let mut lab =
            Lab::with_texts(["x", "y", "x", "y", "x 2", "untold", "odd", "y", "x", "x 2"]);
        lab.limits.batch_size = batch_size;
        lab.conditions = vec![("twins", holds("x"))];
        let report = lab.run(vec![twins(&lab)]).await;
        assert_ok(&report);
        assert_eq!(report.lines, ["x", "y", "y", "x 2", "y"], "{batch_size}");
        let fates = report.fates();
        assert_eq!(fates[5..7], ["quarantined"; 2]);
        assert_eq!(fates.iter().filter(|fate| **fate == "dropped").count(), 3);
        let (_, passed, left_out) = skipped(&report)[0];
        assert_eq!((passed, left_out), (2, 3), "each is counted once");
    }
}

/// Scenario: two sinks, each with a condition; some documents suit both, one or none.
/// Guarantees: each writes what it should, in order; what none takes is dropped with a reason; an
/// error of the second one's condition is told before the first one writes.
#[tokio::test(flavor = "multi_thread")]
async fn sinks_share_documents_out_and_leave_none_without_a_fate() {
    for batch_size in [1, 64] {
        let mut lab = Lab::with_texts(["a", "b", "ab", "c", "untold a", "odd a", "b"]);
        lab.limits.batch_size = batch_size;
        lab.conditions = vec![("paper2", holds("a")), ("paper", holds("b"))];
        let first = Paper::default();
        let stages = vec![("paper2", BuiltStage::stage(first.clone()))];
        let report = lab.run(stages).await;
        assert_ok(&report);
        assert_eq!(first.lines(), ["a", "ab"]);
        assert_eq!(report.lines, ["b", "ab", "b"]);
        let fates = report.fates();
        assert_eq!(fates[3], "dropped");
        assert_eq!(
            report.rows[3].detail,
            "filtered: the `when` of no sink holds"
        );
        assert_eq!(fates[4..6], ["quarantined"; 2]);
        assert_eq!(fates.iter().filter(|fate| **fate == "delivered").count(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_without_condition_takes_what_the_others_leave() {
    let mut lab = Lab::with_texts(["a", "b", "c"]);
    lab.conditions = vec![("paper2", holds("a"))];
    let first = Paper::default();
    let stages = vec![("paper2", BuiltStage::stage(first.clone()))];
    let report = lab.run(stages).await;
    assert_ok(&report);
    assert_eq!(first.lines(), ["a"]);
    assert_eq!(report.lines, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_that_never_answers_times_out() {
    let mut lab = Lab::with_texts(["a", "hang", "b"]);
    lab.timeout = Duration::from_millis(50);
    let (release, gate) = std::sync::mpsc::sync_channel::<()>(0);
    let gate = std::sync::Mutex::new(gate);
    let hangs = Condition::new(move |doc| {
        if raw(doc) == "hang" {
            // Ends when the test drops `release`.
            let gate = gate
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            assert!(gate.recv().is_err());
        }
        Ok(true)
    });
    lab.conditions = vec![("twins", hangs)];
    let report = lab.run(vec![twins(&lab)]).await;
    drop(release);
    assert_ok(&report);
    assert_eq!(report.lines, ["a", "b"]);
    assert!(report.rows[1].detail.contains("longer than 50ms"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fatal_condition_stops_the_pipeline_and_loses_nothing() {
    let mut lab = Lab::with_texts(["a", "b", "stop", "c"]);
    let fatal = Condition::new(|doc| match raw(doc).as_str() {
        "stop" => Err(StageError::fatal_message("told to stop")),
        _ => Ok(false),
    });
    lab.conditions = vec![("twins", fatal.clone())];
    let report = lab.run(vec![twins(&lab)]).await;
    assert!(matches!(report.result, Err(RunError::Stage { .. })));
    lab.conditions = vec![("scripted", fatal)];
    let report = lab.run(vec![scripted()]).await;
    assert!(matches!(report.result, Err(RunError::Stage { .. })));
    lab.conditions.clear();
    let report = lab.run(vec![]).await;
    assert_ok(&report);
    assert_eq!(report.lines, ["a", "b", "stop", "c"]);
}

//! The engine's promises, with scripted stages over files in memory.

use std::sync::Arc;
use std::time::Duration;

use jadwal_core::BuiltStage;
use jadwal_core::state::StateStore;
use jadwal_runtime::{BreakerSettings, OnError, RunError};
use jadwal_testkit::{Lab, LabReport, Paper, ScriptFile, Scripted, TwinGuard};
use proptest::prelude::*;

fn scripted() -> (&'static str, BuiltStage) {
    ("scripted", BuiltStage::transform(Scripted::default()))
}

fn twins(lab: &Lab) -> (&'static str, BuiltStage) {
    let state = Arc::clone(&lab.store) as Arc<dyn jadwal_core::state::StateRead>;
    ("twins", BuiltStage::stage(TwinGuard::new(state)))
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("spin {index}")).collect()
}

fn assert_ok(report: &LabReport) {
    assert!(report.result.is_ok(), "{:?}", report.result);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_order_is_admission_order_under_uneven_work() {
    for (workers, batch_size) in [(1, 1), (2, 64), (8, 7)] {
        let mut lab = Lab::with_texts(texts(300));
        lab.workers = workers;
        lab.limits.batch_size = batch_size;
        let report = lab.run(vec![scripted(), twins(&lab)]).await;
        assert_ok(&report);
        assert_eq!(report.lines, texts(300));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_documents_harm_only_themselves() {
    let lab = Lab::with_texts(["a", "panic now", "b", "fail", "drop", "c"]);
    let report = lab.run(vec![scripted()]).await;
    assert_ok(&report);
    assert_eq!(report.lines, ["a", "b", "c"]);
    assert_eq!(
        report.fates(),
        [
            "delivered",
            "quarantined",
            "delivered",
            "quarantined",
            "dropped",
            "delivered"
        ]
    );
    assert_eq!(report.rows[1].detail, "the stage panicked: told to panic");
    assert_eq!(report.rows[3].detail, "obey the script: told to fail");
    assert_eq!(report.rows[3].stage, "scripted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_hangs_is_quarantined_and_the_rest_flow_on() {
    let mut lab = Lab::with_texts(["a", "hang", "b", "hang 2", "hang 3", "c"]);
    lab.timeout = Duration::from_millis(50);
    let report = lab.run(vec![scripted()]).await;
    assert_ok(&report);
    assert_eq!(report.lines, ["a", "b", "c"]);
    assert!(
        report.rows[1].detail.contains("longer than 50ms"),
        "{}",
        report.rows[1].detail
    );
}

/// Scenario: twins so near that the second one arrives while the first is in flight.
/// Guarantees: the first one wins, in order; a twin of a failed document is delivered.
#[tokio::test(flavor = "multi_thread")]
async fn twins_in_flight_are_decided_in_order() {
    for batch_size in [1, 64] {
        let mut lab = Lab::with_texts(["x", "x", "y", "x", "fail z", "fail z", "y", "w"]);
        lab.limits.batch_size = batch_size;
        let report = lab.run(vec![twins(&lab), scripted()]).await;
        assert_ok(&report);
        assert_eq!(report.lines, ["x", "y", "w"]);
        let fates = report.fates();
        assert_eq!(
            fates[4..6],
            ["quarantined", "quarantined"],
            "a failed twin is no reason to drop"
        );
        assert_eq!(fates.iter().filter(|fate| **fate == "dropped").count(), 3);
    }
}

/// Scenario: the sink fails a few times, then works again.
/// Guarantees: no line is lost or doubled; the wait is a retry, not a loss.
#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_fails_for_a_while_loses_nothing() {
    let lab = Lab::with_texts(texts(40));
    lab.paper.fail_writes(3);
    let report = lab.run(vec![scripted()]).await;
    assert_ok(&report);
    assert_eq!(report.lines, texts(40));
    let counters = report.result.unwrap().counters;
    assert_eq!(counters.stages.last().unwrap().retries, 3);
}

/// Scenario: retries of a transient error are spent.
/// Guarantees: with `Stop` nothing is quarantined and the next run delivers all; with `Quarantine`
/// the documents at hand are kept apart and the rest flow on.
#[tokio::test(flavor = "multi_thread")]
async fn spent_retries_stop_or_quarantine_as_configured() {
    let mut lab = Lab::with_texts(texts(10));
    lab.retries = (1, OnError::Stop);
    lab.paper.fail_writes(2);
    let report = lab.run(vec![]).await;
    assert!(
        matches!(report.result, Err(RunError::Stage { .. })),
        "{:?}",
        report.result
    );
    assert!(report.rows.iter().all(|row| row.fate == "delivered"));
    assert_eq!(lab.run(vec![]).await.lines, texts(10));

    let mut lab = Lab::with_texts(texts(10));
    lab.limits.batch_size = 1;
    lab.retries = (0, OnError::Quarantine);
    lab.paper.fail_writes(1);
    let report = lab.run(vec![]).await;
    assert_ok(&report);
    assert_eq!(report.fates()[0], "quarantined");
    assert_eq!(report.lines.len(), 9);
}

/// Scenario: the sink breaks for good in the midst, and the pipeline is started again.
/// Guarantees: every record once, in order.
#[tokio::test(flavor = "multi_thread")]
async fn a_fatal_sink_leaves_the_rest_in_the_folder() {
    for at in [0, 1, 17, 60, 99] {
        let lab = Lab::with_texts(texts(100));
        lab.paper.break_at(at);
        let report = lab.run(vec![scripted(), twins(&lab)]).await;
        assert!(
            matches!(report.result, Err(RunError::Stage { .. })),
            "{:?}",
            report.result
        );
        let report = lab.run(vec![scripted(), twins(&lab)]).await;
        assert_ok(&report);
        assert_eq!(report.lines, texts(100), "broken at {at}");
    }
}

/// Scenario: the process dies at the n-th commit, with output written past the last position.
/// Guarantees: after a restart the output is cut back and every record is there once; a document is
/// never the duplicate of its own lost attempt.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_commit_is_done_again_once() {
    for n in 1..6 {
        let mut lab = Lab::new(vec![
            ScriptFile::new("a.jsonl", ["1", "2", "3", "fail 4", "5", "1"]),
            ScriptFile::new("b.txt", ["6"]),
            ScriptFile::new("c.jsonl", ["7", "drop 8", "9"]),
        ]);
        lab.limits.batch_size = 2;
        lab.limits.max_documents = 3;
        lab.store.fail_commit(n);
        let first = lab.run(vec![twins(&lab), scripted()]).await;
        let report = lab.run(vec![twins(&lab), scripted()]).await;
        assert_ok(&report);
        assert_eq!(
            report.lines,
            ["1", "2", "3", "5", "6", "7", "9"],
            "lost commit {n}"
        );
        assert_eq!(report.rows.len(), 10);
        assert_eq!(lab.store.resume().unwrap(), None);
        drop(first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_breaker_stops_before_the_folder_is_emptied() {
    let mut lab = Lab::with_texts((0..500).map(|index| format!("fail {index}")));
    lab.limits.breaker = BreakerSettings {
        window: 20,
        share: 0.5,
    };
    lab.limits.max_documents = 8;
    let report = lab.run(vec![scripted()]).await;
    assert!(
        matches!(report.result, Err(RunError::Breaker { .. })),
        "{:?}",
        report.result
    );
    assert!(
        report.rows.len() < 60,
        "{} documents were quarantined",
        report.rows.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_larger_than_the_budget_passes_alone() {
    let mut texts = vec!["x".repeat(5000)];
    texts.extend((0..20).map(|index| index.to_string()));
    let mut lab = Lab::with_texts(&texts);
    lab.limits.max_bytes = 1000;
    lab.limits.max_documents = 2;
    let report = lab.run(vec![scripted()]).await;
    assert_ok(&report);
    assert_eq!(report.lines, texts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fatal_stage_stops_the_pipeline_and_keeps_what_went_before() {
    let mut lab = Lab::with_texts(["a", "b", "fatal", "c"]);
    lab.limits.batch_size = 1;
    let report = lab.run(vec![scripted()]).await;
    assert!(
        matches!(report.result, Err(RunError::Stage { .. })),
        "{:?}",
        report.result
    );
    assert_eq!(report.lines, ["a", "b"]);
}

/// Scenario: a second sink fails, and is told to quarantine then.
/// Guarantees: what the first sink has written is not quarantined; after a restart both sinks hold each
/// record once.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_sink_has_written_cannot_fail_in_the_next() {
    let mut lab = Lab::with_texts(texts(30));
    lab.limits.batch_size = 4;
    lab.retries = (0, OnError::Quarantine);
    lab.paper.fail_writes(1);
    let first = Paper::default();
    let sinks = || vec![scripted(), ("paper-one", BuiltStage::stage(first.clone()))];
    let report = lab.run(sinks()).await;
    assert!(
        matches!(report.result, Err(RunError::Stage { .. })),
        "{:?}",
        report.result
    );
    assert!(!report.fates().contains(&"quarantined"));
    let report = lab.run(sinks()).await;
    assert_ok(&report);
    assert_eq!(report.lines, texts(30));
    assert_eq!(first.lines(), texts(30));
}

/// Scenario: so many documents hang that the pool gives up.
/// Guarantees: what timed out before is quarantined, so that the next start gets on.
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_full_of_hanging_documents_gets_on_at_the_next_start() {
    let mut texts = vec!["hang".to_owned(); 7];
    texts.push("a".to_owned());
    let mut lab = Lab::with_texts(texts);
    lab.workers = 1;
    lab.timeout = Duration::from_millis(20);
    let first = lab.run(vec![scripted()]).await;
    assert!(
        matches!(first.result, Err(RunError::Stage { .. })),
        "{:?}",
        first.result
    );
    assert!(!first.rows.is_empty());
    let second = lab.run(vec![scripted()]).await;
    assert_ok(&second);
    assert_eq!(second.lines, ["a"]);
    assert_eq!(
        second
            .fates()
            .iter()
            .filter(|fate| **fate == "quarantined")
            .count(),
        7
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Scenario: arbitrary words with twins, drops, failures and panics; a commit is lost now and
    /// then; batch sizes and workers vary.
    /// Guarantees: the output equals that of one undisturbed run with one worker.
    #[test]
    fn disturbed_runs_equal_an_undisturbed_one(
        words in prop::collection::vec(0usize..12, 1..60),
        lost in prop::collection::vec(1u64..8, 0..4),
        workers in 1usize..4,
        batch_size in 1usize..20,
        max_documents in 1usize..20,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2).enable_all().build().unwrap();
        let text = |word: &usize| match word {
            0 => "fail".to_owned(),
            1 => "drop".to_owned(),
            2 => "panic".to_owned(),
            other => format!("spin {other}"),
        };
        let files = |words: &[usize]| -> Vec<ScriptFile> {
            words.chunks(4).enumerate().map(|(index, chunk)| {
                ScriptFile::new(&format!("{index:04}"), chunk.iter().map(text).collect::<Vec<_>>())
            }).collect()
        };
        runtime.block_on(async {
            let mut calm = Lab::new(files(&words));
            calm.workers = 1;
            calm.limits.batch_size = 1;
            let expected = calm.run(vec![twins(&calm), scripted()]).await;
            let mut lab = Lab::new(files(&words));
            lab.workers = workers;
            lab.limits.batch_size = batch_size;
            lab.limits.max_documents = max_documents;
            for n in lost {
                lab.store.fail_commit(n);
                lab.run(vec![twins(&lab), scripted()]).await;
            }
            lab.store.fail_commit(u64::MAX / 2);
            let report = lab.run(vec![twins(&lab), scripted()]).await;
            assert_ok(&report);
            assert_eq!(report.lines, expected.lines);
            assert_eq!(report.fates(), expected.fates());
        });
    }
}

/// Scenario: the sink can't be taken up at first, once for a moment and once for longer than its retries.
/// Guarantees: the first run delivers all the same; the second fails to start and loses nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_can_not_be_taken_up_for_a_moment_is_tried_again() {
    let mut lab = Lab::with_texts(["a", "b"]);
    lab.retries = (2, OnError::Quarantine);
    lab.paper.fail_restores(2);
    let report = lab.run(vec![]).await;
    assert_ok(&report);
    assert_eq!(report.lines, ["a", "b"]);
    let mut lab = Lab::with_texts(["a", "b"]);
    lab.retries = (2, OnError::Quarantine);
    lab.paper.fail_restores(3);
    let report = lab.run(vec![]).await;
    assert!(matches!(report.result, Err(RunError::Restore { .. })));
    assert_eq!(lab.run(vec![]).await.lines, ["a", "b"]);
}

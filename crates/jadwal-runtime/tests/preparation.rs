//! Stages with a preparation: what is prepared reaches the stage, once, in order, and who counts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jadwal_core::{
    BuiltStage, Document, DropReason, Stage, StageCx, StageError, StageResult, Transform, Verdict,
};
use jadwal_runtime::{Condition, RunError};
use jadwal_testkit::{Lab, LabReport};

/// Its preparation measures documents. The tenth byte makes it stumble, the first time.
#[derive(Clone, Default)]
struct Measured {
    prepared: Arc<Preparation>,
    unprepared: Arc<AtomicUsize>,
    tried: Option<u64>,
}

#[derive(Default)]
struct Preparation {
    calls: AtomicUsize,
}

/// What is prepared.
struct Length(usize);

impl Transform for Preparation {
    fn apply(&self, doc: &mut Document) -> StageResult {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let raw = doc.raw().clone();
        assert!(!raw.starts_with(b"panic"), "a document that panics");
        if raw.starts_with(b"fail") {
            return Err(StageError::document_message("can't be measured"));
        }
        if raw.starts_with(b"drop") {
            return Ok(Verdict::Drop(DropReason::Empty));
        }
        doc.set_prepared(Length(raw.len()));
        Ok(Verdict::Pass)
    }
}

#[async_trait]
impl Stage for Measured {
    fn preparation(&self) -> Option<Arc<dyn Transform>> {
        Some(Arc::clone(&self.prepared) as Arc<dyn Transform>)
    }

    async fn process(&mut self, doc: &mut Document, _: &StageCx) -> StageResult {
        let first = self.tried.replace(doc.seq()) != Some(doc.seq());
        if first && doc.raw().len().is_multiple_of(10) {
            return Err(StageError::transient("measure the document", "not yet"));
        }
        match doc.prepared::<Length>() {
            Some(length) => assert_eq!(length.0, doc.raw().len(), "of this very document"),
            None => {
                self.unprepared.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(Verdict::Pass)
    }
}

impl Measured {
    fn calls(&self) -> usize {
        self.prepared.calls.load(Ordering::Relaxed)
    }

    fn unprepared(&self) -> usize {
        self.unprepared.load(Ordering::Relaxed)
    }
}

async fn run(lab: &Lab, stage: &Measured) -> LabReport {
    let built = BuiltStage::stage(stage.clone());
    lab.run(vec![("measured", built)]).await
}

/// Scenario: documents of different lengths, some tried twice, in every batch size.
/// Guarantees: each is prepared once, finds its own measure, and is counted once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_prepared_reaches_the_stage_in_order() {
    for batch_size in [1, 3, 64] {
        let texts: Vec<_> = (0..40).map(|length| "x".repeat(length + 1)).collect();
        let mut lab = Lab::with_texts(&texts);
        lab.limits.batch_size = batch_size;
        let stage = Measured::default();
        let report = run(&lab, &stage).await;
        assert_eq!(report.lines, texts);
        assert_eq!((stage.calls(), stage.unprepared()), (40, 0));
        let counters = report.result.expect("the run ended well").counters;
        assert_eq!(counters.stages[0].passed, 40);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_preparation_fails_the_document() {
    let lab = Lab::with_texts(["a", "fail", "panic", "b"]);
    let stage = Measured::default();
    let report = run(&lab, &stage).await;
    assert_eq!(report.lines, ["a", "b"]);
    assert_eq!(report.rows[1].detail, "can't be measured");
    let panicked = "the stage panicked: a document that panics";
    assert_eq!(report.rows[2].detail, panicked);
    let counters = report.result.expect("the run ended well").counters;
    assert_eq!(
        (counters.stages[0].passed, counters.stages[0].failed),
        (2, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_the_stage_by_is_not_prepared() {
    let mut lab = Lab::with_texts(["ax", "b", "cx"]);
    let holds = |doc: &Document| Ok(doc.raw().ends_with(b"x"));
    lab.conditions = vec![("measured", Condition::new(holds))];
    let stage = Measured::default();
    let report = run(&lab, &stage).await;
    assert_eq!(report.lines, ["ax", "b", "cx"]);
    assert_eq!((stage.calls(), stage.unprepared()), (2, 0));
    let counters = report.result.expect("the run ended well").counters;
    assert_eq!(
        (counters.stages[0].passed, counters.stages[0].skipped),
        (2, 1)
    );
}

/// What a sink has written can't fail any more, so nothing is tried beforehand behind it.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_prepared_behind_a_sink() {
    let lab = Lab::with_texts(["a", "fail"]);
    let stage = Measured::default();
    let first = jadwal_testkit::Paper::default();
    let stages = vec![
        ("paper2", BuiltStage::stage(first)),
        ("measured", BuiltStage::stage(stage.clone())),
    ];
    let report = lab.run(stages).await;
    assert_eq!(report.lines, ["a", "fail"]);
    assert_eq!((stage.calls(), stage.unprepared()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preparation_that_drops_is_a_bug() {
    let lab = Lab::with_texts(["drop"]);
    let report = run(&lab, &Measured::default()).await;
    let error = report.result.expect_err("the stage itself decides");
    assert!(matches!(error, RunError::Contract { .. }), "{error:?}");
}

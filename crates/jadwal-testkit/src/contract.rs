//! The contract of a stage, checked from outside.

use std::path::Path;
use std::sync::Arc;

use jadwal_core::spec::{ErasedSpec, PipelineInfo};
use jadwal_core::{
    BuiltStage, Clock, Document, Slot, StageCx, StageDeps, StageRegistry, StageResult, StageSpec,
    Transform, Verdict,
};
use jadwal_store::MemoryStore;
use serde_json::{Value, json};

/// Texts that stages must survive: empty, every script, controls, long lines, broken markup.
#[must_use]
pub fn sample_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " \n\t\n",
        "a",
        "سجّلت المدينة أمطارا غزيرة يوم ٢١ نوفمبر ٢٠١٦ في قطر.",
        "Le 3 mars, 25 % des élèves — soit 1 200 € — sont revenus.",
        "שלום עולם 你好 世界 नमस्ते 🙂👨‍👩‍👧 Ελλάδα Россия ﷺ ﻻ",
        "<p>unclosed <b>markup <table><tr><td>a",
        "a | b | c\n---|---|---\n1 | 2 | 3\n",
        "\u{0}\u{1}\u{7f}\u{200f}\u{202e}\u{feff}\u{e000}\u{10ffff}",
        "http://example.org/%D8%A7?q=(a)b me@example.org +974 4444 0000 14:30",
    ]
    .map(String::from)
    .to_vec();
    texts.push("كلمة ".repeat(20_000));
    texts.push("x".repeat(200_000));
    texts.push("سطر قصير\n".repeat(5_000));
    texts
}

/// Checks that the stage `S` keeps the contract, with default options where `S` can be built from
/// them; panics with what it broke.
///
/// # Panics
/// On a broken contract.
pub fn check_stage<S: StageSpec>() {
    let registry = StageRegistry::empty().with::<S>();
    let spec = registry.get(S::KIND).expect("it was just added");
    check_options(&**spec);
    for text in sample_texts() {
        let first = offer::<S>(&text);
        let second = offer::<S>(&text);
        assert_eq!(first, second, "`{}` is not deterministic", S::KIND);
    }
}

fn check_options(spec: &dyn ErasedSpec) {
    let kind = spec.kind();
    let snake = kind.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    assert!(snake && !kind.is_empty(), "`{kind}` is not snake case");
    assert!(!spec.summary().is_empty(), "`{kind}` has no summary");
    let defaults = spec.defaults();
    let checked = spec
        .check(&defaults)
        .unwrap_or_else(|problems| panic!("{kind}: {problems:?}"));
    assert_eq!(
        checked, defaults,
        "the defaults of `{kind}` do not survive a round trip"
    );
    assert_eq!(
        spec.check(&json!({})).ok(),
        Some(defaults),
        "`{kind}` needs options to be given"
    );
    let unknown = spec.check(&json!({ "no_such_option": 1 }));
    assert!(
        unknown.is_err(),
        "`{kind}` takes an unknown option without a word"
    );
    let schema = spec.schema();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let described = property.get("description").and_then(Value::as_str);
        assert!(
            described.is_some(),
            "the option `{name}` of `{kind}` is not described"
        );
    }
}

/// Builds `S` from its defaults and offers it one document; returns what can be compared.
fn offer<S: StageSpec>(text: &str) -> String {
    let folder = std::env::temp_dir().join(format!("jadwal-contract-{}", std::process::id()));
    let deps = deps::<S>(&folder);
    let built = S::build(S::Options::default(), &deps).expect("builds from its defaults");
    let mut doc = Document::of_text("contract.txt", text);
    let raw = doc.raw().clone();
    let result = match built {
        BuiltStage::Transform(transform) => transform.apply(&mut doc),
        BuiltStage::Stage(mut stage) => {
            let mut batch = jadwal_core::Batch {
                slots: vec![Slot::new(doc)],
            };
            let cx = StageCx::inline(S::KIND);
            futures::executor::block_on(stage.process_batch(&mut batch, &cx))
                .expect("takes any text");
            let slot = batch.slots.pop().expect("the batch keeps its slot");
            let (back, resolution) = slot.into_parts();
            doc = back;
            resolution.expect("resolves every slot")
        }
    };
    assert_eq!(*doc.raw(), raw, "`{}` changed the raw bytes", S::KIND);
    check_spans(&doc, S::KIND);
    let result: StageResult<Verdict> = result;
    format!(
        "{:?} {:?} {:?}",
        result.map_err(|error| error.to_string()),
        doc.text().ok(),
        doc.facts()
    )
}

/// Every span lies in the text, on character boundaries.
fn check_spans(doc: &Document, kind: &str) {
    let Ok(text) = doc.text() else { return };
    let facts = doc.facts();
    let spans = facts.entities.iter().map(|entity| &entity.range);
    let spans = spans.chain(facts.segments.iter().map(|segment| &segment.range));
    for span in spans.chain(facts.blocks.iter().map(|block| &block.range)) {
        assert!(
            text.get(span.clone()).is_some(),
            "`{kind}` gave the span {span:?} off the text"
        );
    }
    for removed in &facts.removed {
        assert!(
            removed.raw.end <= doc.raw().len(),
            "`{kind}` removed bytes that are not there"
        );
    }
}

/// Tries the stage `S` with `options` (JSON) as `jadwal test-stage` does; relative paths in them start
/// from `base_dir`.
///
/// # Panics
/// When it breaks something; the message says what and why.
pub fn assert_conforms<S: StageSpec>(options: &Value, base_dir: &Path) {
    let registry = StageRegistry::empty().with::<S>();
    let spec = registry.get(S::KIND).expect("it was just added");
    let options = spec
        .check(options)
        .unwrap_or_else(|problems| panic!("the options are wrong: {problems:?}"));
    let deps = deps::<S>(base_dir);
    let findings = jadwal_conformance::check(&jadwal_conformance::Subject {
        spec: spec.as_ref(),
        options: &options,
        deps: &deps,
    });
    let broken = findings.iter().filter_map(|finding| {
        let lines = finding.outcome.as_ref().err()?;
        Some(format!("{}: {}", finding.check, lines.join("; ")))
    });
    let broken: Vec<_> = broken.collect();
    assert!(
        broken.is_empty(),
        "`{}` breaks:\n{}",
        S::KIND,
        broken.join("\n")
    );
}

/// Builds the transform `S`, with a fixed clock and an empty state; relative paths start from the folder
/// for temporary files.
///
/// # Panics
/// When it can't be built, or `S` is not a transform.
#[must_use]
pub fn built_transform<S: StageSpec>(options: S::Options) -> Arc<dyn Transform> {
    match S::build(options, &deps::<S>(&std::env::temp_dir())) {
        Ok(BuiltStage::Transform(transform)) => transform,
        Ok(BuiltStage::Stage(_)) => panic!("`{}` is not a transform", S::KIND),
        Err(error) => panic!("`{}` is not built: {error}", S::KIND),
    }
}

fn deps<S: StageSpec>(base_dir: &Path) -> StageDeps {
    StageDeps {
        stage: S::KIND.to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::new(MemoryStore::default()),
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        base_dir: base_dir.to_owned(),
    }
}

/// Runs the transform `S` with `options` (JSON) over `text` and returns the document and the verdict.
///
/// # Panics
/// When the options are refused, or `S` is not a transform.
pub fn run_transform<S: StageSpec>(options: Value, text: &str) -> (Document, StageResult) {
    let options = serde_json::from_value(options).expect("the options are good");
    let transform = built_transform::<S>(options);
    let mut doc = Document::of_text("contract.txt", text);
    let result = transform.apply(&mut doc);
    (doc, result)
}

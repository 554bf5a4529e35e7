//! A bad guest in a pipeline: one document is quarantined with the reason, the rest are delivered in order.

use jadwal_core::units::TimeSpan;
use jadwal_core::{BuiltStage, Document, StageError, StageResult, StageSpec, Transform, Verdict};
use jadwal_core::{Edited, OriginMap};
use jadwal_testkit::Lab as Pipeline;

use crate::lab::Lab;

/// Reads the raw bytes as they are.
struct Decode;

impl Transform for Decode {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = String::from_utf8(doc.raw().to_vec());
        let text = text.map_err(|error| StageError::document("decode", error))?;
        let map = OriginMap::identity(text.len());
        doc.replace_text(Edited { text, map });
        Ok(Verdict::Pass)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_documents_are_quarantined_and_the_rest_flow() {
    let mut lab = Lab::new();
    lab.options.deadline = TimeSpan::millis(100);
    let cases = [
        ("Loop for ever", "it took longer than 100ms"),
        ("Memory without end", "it asked for more than 64 MiB"),
        ("Trap", "it trapped: wasm `unreachable`"),
        ("Offsets past the end", "past the end"),
        ("Verdict unheard of", "its answer can't be read"),
        ("J is no JSON", "as JSON"),
    ];
    let mut texts = vec!["a".to_owned()];
    for (index, (bad, _)) in cases.iter().enumerate() {
        texts.extend([(*bad).to_owned(), format!("good {index}")]);
    }
    let stages = vec![
        ("decode", BuiltStage::transform(Decode)),
        ("plugin", BuiltStage::Transform(lab.build())),
    ];
    let report = Pipeline::with_texts(&texts).run(stages).await;
    assert!(report.result.is_ok(), "{:?}", report.result);
    let good: Vec<_> = texts.iter().step_by(2).cloned().collect();
    assert_eq!(report.lines, good);
    let failed = report.rows.iter().filter(|row| row.fate == "quarantined");
    let failed: Vec<_> = failed.collect();
    assert_eq!(failed.len(), cases.len());
    for (row, (bad, reason)) in failed.iter().zip(cases) {
        assert_eq!(row.stage, "plugin");
        assert!(row.detail.contains(reason), "{bad}: {}", row.detail);
    }
}

/// Guarantees: what records tell of a component changes with its file.
#[test]
fn a_component_is_introduced_by_its_file() {
    let introduced = |lab: &Lab| {
        let folder = lab.path("");
        let options = lab.options.clone();
        let introduced = jadwal_component::Component::introduce(options, "mine", &folder);
        introduced.unwrap().unwrap()
    };
    let wat = introduced(&Lab::new());
    assert_eq!(wat.declaration.name, "wat");
    assert_eq!(wat.program.len(), 64);
    let phones = include_bytes!("../../../../examples/redact-phones/redact_phones.wasm");
    let phones = introduced(&Lab::with(phones));
    assert_eq!(phones.declaration.version, "1.0.0");
    assert_ne!(wat.program, phones.program);
}

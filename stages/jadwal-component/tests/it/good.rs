//! A guest that keeps the rules.

use jadwal_core::facts::Label;
use jadwal_core::{DropReason, ErrorClass, Verdict, describe_chain};

use crate::lab::{Lab, document};

#[test]
fn edits_entities_and_extra_arrive() {
    let stage = Lab::new().build();
    let mut doc = document("Ex 44");
    assert_eq!(stage.apply(&mut doc).unwrap(), Verdict::Pass);
    assert_eq!(doc.text().unwrap(), "said sox 44");
    let entity = &doc.facts().entities[0];
    assert_eq!((entity.range.clone(), entity.label), (7..9, Label::Phone));
    assert_eq!(doc.source_range(entity.range.clone()), 1..3);
    assert_eq!(doc.extra()["mine"], serde_json::json!({ "n": 1 }));
}

#[test]
fn it_drops_and_fails_with_its_own_words() {
    let stage = Lab::new().build();
    let dropped = stage.apply(&mut document("D")).unwrap();
    let why = "said so".to_owned();
    assert_eq!(dropped, Verdict::Drop(DropReason::Filtered { why }));
    let error = stage.apply(&mut document("F")).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Document);
    assert_eq!(describe_chain(&error), "`wat` failed: said so");
}

#[test]
fn any_text_passes_twice_alike() {
    let stage = Lab::new().build();
    let long = "كلمة ".repeat(20_000);
    for text in [
        "",
        "-",
        "سجّلت المدينة ٢١ مم",
        "שלום 你好 🙂👨‍👩‍👧 ﷺ",
        "\u{0}\u{202e}\u{10ffff}",
        &long,
    ] {
        for _ in 0..2 {
            let mut doc = document(text);
            assert_eq!(stage.apply(&mut doc).unwrap(), Verdict::Pass);
            assert_eq!(doc.text().unwrap(), text);
        }
    }
}

/// Scenario: many threads share the stage.
/// Guarantees: each document gets its own answer.
#[test]
fn documents_are_worked_on_side_by_side() {
    let stage = Lab::new().build();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let stage = &stage;
            scope.spawn(move || {
                for number in 0..200 {
                    let mut doc = document(&format!("E{thread} {number}"));
                    stage.apply(&mut doc).unwrap();
                    assert_eq!(doc.text().unwrap(), format!("said so{thread} {number}"));
                }
            });
        }
    });
}

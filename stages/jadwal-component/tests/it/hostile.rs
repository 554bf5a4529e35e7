//! Guests that hang, gorge, trap and lie: their document is an error with a reason, the rest flow.

use std::time::{Duration, Instant};

use jadwal_core::units::{ByteSize, TimeSpan};
use jadwal_core::{ErrorClass, Verdict, describe_chain};

use crate::lab::{Lab, document};

/// Feeds the guest `text`, and good documents before and after it; returns the error.
#[track_caller]
fn harm(lab: &Lab, text: &str) -> String {
    let stage = lab.build();
    assert_eq!(stage.apply(&mut document("good")).unwrap(), Verdict::Pass);
    let mut doc = document(text);
    let error = stage.apply(&mut doc).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Document);
    assert_eq!(
        doc.text().unwrap(),
        text,
        "a bad document is left as it was"
    );
    assert!(doc.facts().entities.is_empty() && doc.extra().is_empty());
    let mut after = document("Eab");
    assert_eq!(stage.apply(&mut after).unwrap(), Verdict::Pass);
    assert_eq!(after.text().unwrap(), "said soab");
    describe_chain(&error)
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let told = harm(&Lab::new(), text);
    assert!(told.contains(expected), "{text}: {told}");
}

#[test]
fn endless_loops_end_at_the_deadline() {
    let mut lab = Lab::new();
    lab.options.deadline = TimeSpan::millis(100);
    for text in ["L", "G"] {
        let begun = Instant::now();
        let told = harm(&lab, text);
        assert!(
            told.contains("`wat` failed: it took longer than 100ms"),
            "{told}"
        );
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn memory_is_not_more_than_granted() {
    check("M", "it asked for more than 64 MiB of memory");
    let mut lab = Lab::new();
    lab.options.max_memory = ByteSize::mib(1);
    let told = harm(&lab, "M");
    assert!(told.contains("more than 1 MiB"), "{told}");
    // The text itself does not fit.
    let told = harm(&lab, &"x".repeat(2 << 20));
    assert!(told.contains("more than 1 MiB"), "{told}");
}

/// Scenario: a reply of little memory that names the same megabyte ten thousand times.
/// Guarantees: the host does not make ten gigabytes of it.
#[test]
fn a_reply_does_not_swell_in_the_host() {
    check("A", "its answer can't be read");
}

#[test]
fn traps_are_told_by_their_kind() {
    check("T", "it trapped: wasm `unreachable` instruction executed");
    check("R", "it trapped: call stack exhausted");
}

#[test]
fn a_trap_on_the_seventh_document_harms_that_one() {
    let stage = Lab::new().build();
    let results: Vec<_> = (0..20).map(|_| stage.apply(&mut document("7"))).collect();
    let failed: Vec<_> = (0..20).filter(|index| results[*index].is_err()).collect();
    assert_eq!(failed, [6, 13], "a fresh instance after each trap");
}

#[test]
fn an_instance_for_each_document_knows_no_other() {
    let mut lab = Lab::new();
    lab.options.documents_per_instance = std::num::NonZeroU32::MIN;
    let stage = lab.build();
    for _ in 0..20 {
        stage.apply(&mut document("7")).unwrap();
    }
}

#[test]
fn lies_are_found_out() {
    check("O", "past the end");
    check("Bقطر", "inside a character");
    check("P", "its answer can't be read");
    check("U", "its answer can't be read");
    check("V", "its answer can't be read");
    check("J", "as JSON");
}

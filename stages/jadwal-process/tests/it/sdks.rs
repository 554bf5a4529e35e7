//! The SDKs: offsets in their own units, with emoji and combining marks; their own tests.

use std::process::Command;

use jadwal_core::{StageCx, describe_chain};
use serde_json::{Value, json};

use crate::bench::{here, stage, unboxed, work};

/// Fails loudly where a program is missing: a test that is skipped proves nothing.
fn run_tests(folder: &str, program: &str, args: &[&str]) {
    let output = Command::new(program)
        .args(args)
        .current_dir(here(folder))
        .output();
    let output = output.unwrap_or_else(|error| panic!("`{program}` is needed: {error}"));
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}\n{log}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn the_tests_of_the_python_sdk_pass() {
    run_tests(
        "../../sdk/python",
        "python3",
        &["-m", "unittest", "discover", "-s", "tests"],
    );
}

#[test]
fn the_tests_of_the_javascript_sdk_pass() {
    run_tests("../../sdk/js", "node", &["--test"]);
}

const TEXTS: [&str; 4] = [
    "قطر first",
    "🙂🙂 e\u{301}\u{323} قطر and قطر",
    "👩\u{200d}👩\u{200d}👧 in 🇶🇦 قطر: drop nothing",
    "no match",
];

/// Scenario: a stage in each language marks a word, cuts the emoji before it, and prints.
/// Guarantees: both find the same places, whatever their unit, and the origin leads home.
fn check(options: Value, lengths: [u64; 4]) {
    let mut stage = unboxed(stage(options));
    let docs = work(&mut *stage, &TEXTS);
    for ((doc, before), length) in docs.iter().zip(TEXTS).zip(lengths) {
        let text = doc.text().unwrap();
        assert!(!text.contains('🙂') && !text.contains('👩'), "{text}");
        let entities = &doc.facts().entities;
        assert_eq!(entities.len(), before.matches("قطر").count(), "{before}");
        for entity in entities {
            assert_eq!(&text[entity.range.clone()], "قطر");
            let raw = doc.origin_map().source_range(entity.range.clone());
            assert_eq!(&before[raw], "قطر");
        }
        assert_eq!(doc.extra()["plugin"], json!({ "length": length }));
    }
}

#[test]
fn python_counts_code_points() {
    let lengths = TEXTS.map(|text| text.chars().count() as u64);
    check(json!({ "command": ["python3", "tagger.py"] }), lengths);
}

#[test]
fn javascript_counts_utf16_units() {
    let lengths = TEXTS.map(|text| text.encode_utf16().count() as u64);
    check(json!({ "command": ["node", "tagger.mjs"] }), lengths);
}

#[test]
fn options_are_handed_over_and_wrong_ones_refused() {
    for command in [["python3", "tagger.py"], ["node", "tagger.mjs"]] {
        let settings = |settings: Value| json!({ "command": command, "settings": settings });
        let mut good = unboxed(stage(settings(json!({ "word": "first" }))));
        let docs = work(&mut *good, &TEXTS[..1]);
        assert_eq!(docs[0].facts().entities[0].range, 7..12);
        let mut wrong = unboxed(stage(settings(json!({ "wrd": "first" }))));
        let started = futures::executor::block_on(wrong.restore(None, &StageCx::inline("plugin")));
        let message = describe_chain(&started.unwrap_err());
        let expected =
            "the process refused to start: unknown option `wrd`; the known ones are `word`";
        assert_eq!(message, expected);
    }
}

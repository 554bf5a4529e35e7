//! The SDKs: offsets in their own units, with emoji and combining marks; their own tests.

use std::path::Path;
use std::process::Command;

use jadwal_core::facts::{Block, BlockKind, Entity, Label, Language, Segment};
use jadwal_core::{StageCx, describe_chain};
use serde_json::{Value, json};

use crate::bench::{batch, here, stage, unboxed, work};

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

/// Builds the stage `name` of this folder, which is in C, and returns the program; `mark` tells it from
/// those of tests that run at the same time.
fn compiled(name: &str, mark: &str) -> String {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{mark}"));
    let program = program.to_str().unwrap();
    let source = format!("{name}.c");
    let options = ["-Wall", "-Wextra", "-Werror", "-o", program, &source];
    run_tests("tests/it", "cc", &options);
    program.to_owned()
}

#[test]
fn c_counts_bytes() {
    let lengths = TEXTS.map(|text| text.len() as u64);
    check(
        json!({ "command": [compiled("tagger", "offsets")] }),
        lengths,
    );
}

/// Scenario: a document with everything that a stage can be shown, and with all that JSON escapes.
/// Guarantees: the SDK for C reads what Jadwal wrote.
#[test]
fn the_sdk_for_c_reads_all_that_it_is_shown() {
    let mut stage = unboxed(stage(json!({ "command": [compiled("mirror", "views")] })));
    let text = "قطر \u{0}\u{1f} \"\\\"\r\n\t 🙂 end";
    let mut batch = batch(&[text, text]);
    for slot in &mut batch.slots {
        let facts = slot.doc.facts_mut();
        facts.title = "Title \"of\" \\ it".to_owned();
        let language = Language {
            tag: "ar".to_owned(),
            script: "Arab".to_owned(),
            score: 0.5,
        };
        facts.segments = vec![Segment {
            range: 0..6,
            language: language.clone(),
        }];
        facts.language = Some(language);
        facts.blocks = vec![Block {
            kind: BlockKind::Quote,
            range: 0..text.len(),
        }];
        let entity = |mention_of| Entity {
            range: 0..6,
            label: Label::Phone,
            norm: String::new(),
            link: "iso3166:QA".to_owned(),
            mention_of,
            score: 0.25,
        };
        facts.entities = vec![entity(None), entity(Some(0))];
        slot.doc.set_extra("earlier", json!({ "a": [1, null] }));
    }
    let cx = StageCx::inline("plugin");
    let done = stage.process_batch(&mut batch, &cx);
    futures::executor::block_on(done).unwrap();
    for slot in batch.slots {
        let (doc, result) = slot.into_parts();
        result.unwrap().unwrap();
        let (length, quote, phone) = (text.len(), 5, 12);
        let seen = json!([
            "a.txt", text, "Title \"of\" \\ it", text, "ar", quote, length, "Arab", 6,
            0, 6, phone, "iso3166:QA", 99, 25, 0, 6, phone, "iso3166:QA", 0, 25,
            { "earlier": { "a": [1, null] } }
        ]);
        assert_eq!(doc.extra()["plugin"], seen);
    }
}

#[test]
fn options_are_handed_over_and_wrong_ones_refused() {
    let in_c = compiled("tagger", "options");
    let commands: [&[&str]; 3] = [&["python3", "tagger.py"], &["node", "tagger.mjs"], &[&in_c]];
    for command in commands {
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

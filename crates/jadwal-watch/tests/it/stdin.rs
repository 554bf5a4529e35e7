//! Standard input.

use std::io::Cursor;
use std::sync::Arc;

use jadwal_core::source::{Intake, Item, Permit, RawBytes, Source, Submission};
use jadwal_core::{Clock, DocumentId};
use jadwal_watch::{JsonlFields, SourceStats, StdinOptions, StdinSource};

#[derive(Default)]
struct Collect(Vec<Submission>);

struct Room;

impl Permit for Room {}

impl Intake for Collect {
    fn admit(&mut self, _: u64) -> Option<Box<dyn Permit>> {
        Some(Box::new(Room))
    }

    fn submit(&mut self, _: Box<dyn Permit>, submission: Submission) -> bool {
        self.0.push(submission);
        true
    }

    fn stopping(&self) -> bool {
        false
    }
}

fn check(input: &str, jsonl: Option<JsonlFields>, expected: &[&str]) {
    let options = StdinOptions {
        jsonl,
        max_document_bytes: 100,
        clock: Clock::fixed(Default::default()),
        spill_dir: std::env::temp_dir(),
    };
    let stats = Arc::<SourceStats>::default();
    let input = Box::new(Cursor::new(input.as_bytes().to_vec()));
    let mut source = StdinSource::with_input(options, stats, input);
    let mut collect = Collect::default();
    source.run(&mut collect).unwrap();
    let seen: Vec<String> = collect.0.iter().map(shown).collect();
    assert_eq!(seen, expected);
    assert!(collect.0.iter().all(|got| got.file.path.is_none()));
    let last = collect.0.pop().unwrap();
    assert_eq!(last.next, None);
}

fn shown(submission: &Submission) -> String {
    match &submission.item {
        Item::Document(document) => match document.has_text() {
            true => format!("text {}", document.text().unwrap()),
            false => format!("raw {}", String::from_utf8_lossy(document.raw())),
        },
        Item::Refused(refused) => {
            let mut raw = Vec::new();
            match &refused.raw {
                RawBytes::InMemory(bytes) => raw.extend_from_slice(bytes),
                RawBytes::Copied(copy) => copy(&mut raw).unwrap(),
            }
            assert_eq!(refused.id, DocumentId::of(&raw));
            format!("refused {} ({})", refused.error, raw.len())
        }
        Item::End => "end".to_owned(),
    }
}

#[test]
fn all_of_it_is_one_document() {
    check("some\ntext", None, &["raw some\ntext"]);
    check("", None, &["raw "]);
    let long = "x".repeat(200_000);
    check(
        &long,
        None,
        &["refused too long for a document: 200000 bytes (200000)"],
    );
}

#[test]
fn or_each_line_is_one() {
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(100_000));
    let lines = format!("{{\"text\":\"a\"}}\n\n{long}\n?\n{{\"text\":\"b\"}}");
    check(
        &lines,
        Some(JsonlFields::default()),
        &[
            "text a",
            "refused line 3 is too long for a document: 100011 bytes (100011)",
            "refused line 4: not a JSON object: expected value (column 1) (1)",
            "text b",
            "end",
        ],
    );
}

//! `jadwal state` looks into the ledger and mends it.

use crate::place::{NOW, Place};
use crate::repository::{STORY, assert_contains, fates, inbox};

fn worked() -> Place {
    let place = inbox(&[
        ("a.txt", STORY.as_bytes()),
        ("b.txt", b"Noon has come."),
        ("c.txt", b"%PDF-1"),
    ]);
    for (number, name) in ["a", "b", "c"].iter().enumerate() {
        place.set_modified(format!("inbox/{name}.txt"), NOW - 10 + number as u64);
    }
    place.jadwal(["batch"]).run().expect(1);
    place
}

fn state(place: &Place, args: &[&str], code: i32) -> String {
    let args = ["state"].iter().chain(args);
    let outcome = place.jadwal(args).run().expect(code);
    outcome.text() + &outcome.err
}

#[test]
fn files_and_documents_are_listed() {
    let place = worked();
    let files = state(&place, &["ls"], 0);
    assert_eq!(files.lines().count(), 3);
    assert_contains(
        &files,
        &["done", "1 delivered", "1 quarantined", "inbox/a.txt"],
    );
    let documents = state(&place, &["ls", "--documents"], 0);
    assert_eq!(documents.lines().count(), 3);
    assert_contains(
        &documents,
        &["delivered", "quarantined", "c.txt#0", "a PDF document"],
    );
    let rows = place
        .jadwal(["state", "ls", "--format", "json"])
        .run()
        .expect(0)
        .records();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["row"]["progress"], "done");
}

#[test]
fn a_file_or_a_document_is_shown() {
    let place = worked();
    for name in ["inbox/a.txt", "a.txt"] {
        assert_contains(
            &state(&place, &["show", name], 0),
            &["done", "inbox/a.txt", "\"delivered\":1"],
        );
    }
    let records = place.records("out/records.jsonl");
    let id = records[1]["id"].as_str().unwrap();
    assert_contains(&state(&place, &["show", id], 0), &["delivered", "b.txt#0"]);
    assert_contains(
        &state(&place, &["show", "z.txt"], 2),
        &["the ledger knows no file", "hint:"],
    );
    assert_contains(
        &state(&place, &["show", &"0".repeat(32)], 2),
        &["the ledger knows no document"],
    );
}

#[test]
fn a_forgotten_file_is_read_again_and_known_as_a_copy() {
    let place = worked();
    assert_contains(
        &state(&place, &["forget", "a.txt"], 0),
        &["forgot", "it is read again"],
    );
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 2);
    assert_eq!(fates(&place)[&("a.txt".to_owned(), 0)].0, "dropped");
    assert_contains(&state(&place, &["verify"], 0), &["sound"]);
    assert_contains(
        &state(&place, &["forget", "z.txt"], 2),
        &["the ledger knows no file"],
    );
}

#[test]
fn a_forgotten_stage_knows_no_copies() {
    let place = worked();
    assert_contains(
        &state(&place, &["forget", "--stage", "dedup"], 0),
        &["keys of `dedup`"],
    );
    state(&place, &["forget", "a.txt"], 0);
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 3);
    assert_contains(&state(&place, &["verify"], 0), &["sound"]);
}

#[test]
fn a_compacted_store_knows_the_same() {
    let place = worked();
    let before = fates(&place);
    assert_contains(
        &state(&place, &["compact"], 0),
        &["bytes before", "bytes after"],
    );
    assert_eq!(fates(&place), before);
    assert_contains(
        &state(&place, &["verify"], 0),
        &[
            "3 files, 3 documents",
            "`dedup`: 4 keys of equal texts, 1 sketches",
            "sound",
        ],
    );
    let outcome = place.jadwal(["batch"]).run().expect(0);
    assert_contains(&outcome.err, &["documents    0"]);
}

#[test]
fn looking_makes_no_state() {
    let place = inbox(&[]);
    for args in [&["ls"][..], &["verify"], &["compact"], &["show", "a.txt"]] {
        assert_contains(&state(&place, args, 2), &["there is no state in", "hint:"]);
    }
    assert!(!place.path("var").exists());
}

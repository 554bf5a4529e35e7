//! `jadwal quarantine`: what failed, and its second chance under a mended configuration.

use std::fs;

use crate::formats::gzip;
use crate::place::Place;
use crate::repository::{CONFIG, STORY, assert_contains, documents, fates};

/// A pipeline whose limit for documents is too low, and whose records have the wrong field.
fn failed() -> Place {
    let place = Place::with_config(&format!("{CONFIG}jsonl = {{ text_field = \"body\" }}\n"));
    place.write("inbox/long.txt", STORY.repeat(20));
    place.write(
        "inbox/wire.jsonl",
        "{\"text\": \"Noon has come.\"}\n{\"body\": \"Evening has come.\"}\n",
    );
    place.write("inbox/image.txt", "\u{89}PNG no\0\0\0\0\0");
    let small = "pipeline.max_document_bytes=2000 B";
    place.jadwal(["batch", "--set", small]).run().expect(1);
    place
}

#[test]
fn what_failed_is_listed_and_shown() {
    let place = failed();
    let list = place.jadwal(["quarantine", "list"]).run().expect(0).text();
    assert_eq!(list.lines().count(), 3, "{list}");
    assert_contains(
        &list,
        &[
            "long.txt#0",
            "source too long",
            "wire.jsonl#0",
            "field `body` is missing",
            "image.txt#0",
            "clean",
        ],
    );
    let rows = place
        .jadwal(["quarantine", "list", "--format", "json"])
        .run()
        .expect(0)
        .records();
    for row in rows {
        let id = row["id"].as_str().unwrap();
        let shown = place
            .jadwal(["quarantine", "show", id])
            .run()
            .expect(0)
            .text();
        let error = row["occurrence"]["error"].as_str().unwrap();
        assert_contains(&shown, &[id, "raw bytes", error, "jadwal quarantine retry"]);
    }
    let none = place
        .jadwal(["quarantine", "show", &"0".repeat(32)])
        .run()
        .expect(2);
    assert_contains(&none.err, &["is not quarantined", "hint:"]);
    place
        .jadwal(["quarantine", "show", "nonsense"])
        .run()
        .expect(2);
}

#[test]
fn a_mended_configuration_lets_documents_pass_on_retry() {
    let place = failed();
    let unmended = place.jadwal([
        "quarantine",
        "retry",
        "--set",
        "pipeline.max_document_bytes=2000 B",
    ]);
    assert_contains(
        &unmended.run().expect(1).err,
        &["0 left the quarantine, 3 failed again"],
    );
    assert_eq!(
        place
            .jadwal(["quarantine", "list"])
            .run()
            .expect(0)
            .text()
            .lines()
            .count(),
        3
    );
    place.write("pipeline.toml", CONFIG);
    let mended = place.jadwal(["quarantine", "retry"]).run().expect(1);
    assert_contains(&mended.err, &["2 left the quarantine, 1 failed again"]);
    let fates = fates(&place);
    let fate = |name: &str, record| fates[&(name.to_owned(), record)].0.clone();
    assert_eq!(fate("long.txt", 0), "delivered");
    assert_eq!(fate("wire.jsonl", 0), "delivered");
    assert_eq!(fate("image.txt", 0), "quarantined");
    let records = place.records("out/records.jsonl");
    assert_eq!(records.len(), 3);
    assert!(
        records
            .iter()
            .any(|record| record["metadata"]["file_path"] == "long.txt")
    );
    let verified = place.jadwal(["state", "verify"]).run().expect(0);
    assert_contains(&verified.text(), &["sound"]);
    assert_eq!(
        place
            .jadwal(["quarantine", "list"])
            .run()
            .expect(0)
            .text()
            .lines()
            .count(),
        1
    );
}

/// Scenario: of what the quarantine keeps one file is gone, one was written over, and one has lost
/// its description.
/// Guarantees: `state verify` names each, and is content with all of it before.
#[test]
fn what_the_quarantine_has_lost_is_found() {
    let place = Place::with_config(CONFIG);
    for name in ["a", "b", "c"] {
        let image = [b"\x89PNG\r\n\x1a\n", name.as_bytes()].concat();
        place.write(format!("inbox/{name}.txt"), image);
    }
    place.write("inbox/packed.txt.gz", &gzip(STORY.as_bytes())[..60]);
    place.write("inbox/lines.jsonl", "{\"text\": 1}\n{\"text\"\n");
    place.jadwal(["batch"]).run().expect(1);
    let sound = place.jadwal(["state", "verify"]).run().expect(0);
    assert_contains(&sound.text(), &["sound"]);
    let rows = documents(&place);
    let kept = |name: &str| {
        let mut rows = rows.iter();
        let row = rows.find(|row| row["file_path"] == name).unwrap();
        place
            .path("var/quarantine")
            .join(row["id"].as_str().unwrap())
    };
    fs::remove_file(kept("a.txt")).unwrap();
    fs::write(kept("b.txt"), "other").unwrap();
    fs::remove_file(kept("c.txt").with_extension("json")).unwrap();
    let told = place.jadwal(["state", "verify"]).run().expect(1).text();
    assert_contains(
        &told,
        &[
            "`a.txt#0`, is quarantined, but",
            "can't be read",
            "`b.txt#0`, is quarantined, but",
            "holds other bytes",
            "`c.txt#0`, is quarantined, but",
            "does not tell why",
        ],
    );
    assert_eq!(told.matches("wrong:").count(), 3);
}

/// Scenario: a packed file was too long to unpack; now it is not, but one of two holds no text.
/// Guarantees: each has one fate, under the hash of what was in it, and one place in the quarantine.
#[test]
fn a_packed_file_is_tried_again_as_what_is_in_it() {
    let place = Place::with_config(CONFIG);
    let image = [b"\x89PNG\r\n\x1a\n".as_slice(), &[b'x'; 4000]].concat();
    place.write("inbox/good.txt.gz", gzip(STORY.repeat(20).as_bytes()));
    place.write("inbox/image.txt.gz", gzip(&image));
    let small = "pipeline.max_document_bytes=2000 B";
    place.jadwal(["batch", "--set", small]).run().expect(1);
    let told = place.jadwal(["quarantine", "retry"]).run().expect(1).err;
    assert_contains(&told, &["1 left the quarantine, 1 failed again"]);
    let list = place.jadwal(["quarantine", "list"]).run().expect(0).text();
    let id = blake3::hash(&image).to_hex()[..32].to_owned();
    assert_contains(&list, &[&id, "image.txt.gz#0", "a PNG image"]);
    assert_eq!(list.lines().count(), 1, "{list}");
    let told = place.jadwal(["quarantine", "retry"]).run().expect(1).err;
    assert_contains(&told, &["0 left the quarantine, 1 failed again"]);
    assert_eq!(place.records("out/records.jsonl").len(), 1);
    let documents = place.jadwal(["state", "ls", "--documents"]).run().expect(0);
    assert_eq!(documents.text().lines().count(), 2, "{}", documents.text());
}

#[test]
fn one_document_can_be_tried_alone() {
    let place = failed();
    place.write("pipeline.toml", CONFIG);
    let rows = place
        .jadwal(["quarantine", "list", "--format", "json"])
        .run()
        .expect(0)
        .records();
    let long = rows
        .iter()
        .find(|row| row["occurrence"]["file_path"] == "long.txt")
        .unwrap();
    let id = long["id"].as_str().unwrap();
    let outcome = place.jadwal(["quarantine", "retry", id]).run().expect(0);
    assert_contains(&outcome.err, &["1 left the quarantine, 0 failed again"]);
    assert!(!place.path("var/quarantine").join(id).exists());
    let again = place.jadwal(["quarantine", "retry", id]).run().expect(2);
    assert_contains(&again.err, &["is not quarantined"]);
}

#[test]
fn an_empty_quarantine_is_no_error() {
    let place = Place::with_config(CONFIG);
    assert_eq!(
        place.jadwal(["quarantine", "list"]).run().expect(0).text(),
        ""
    );
    let outcome = place.jadwal(["quarantine", "retry"]).run().expect(0);
    assert_contains(&outcome.err, &["nothing to try again"]);
}

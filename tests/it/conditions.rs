//! `when` from outside: it is checked, it leaves documents out, it shares them out among sinks.

use crate::place::Place;
use crate::repository::assert_contains;

const ARABIC: &str = "قال وزير الطاقة إن الميناء الجديد في الدوحة سيفتح أبوابه في الشهر القادم";
const ENGLISH: &str =
    "The ferry leaves the old harbour of Doha at noon and comes back in the evening";

/// Returns a place with two documents and this configuration.
fn place(config: &str) -> Place {
    let place = Place::with_config(&format!("source.settle = \"0s\"\n{config}"));
    place.write("inbox/a.txt", ARABIC);
    place.write("inbox/b.txt", ENGLISH);
    place.set_modified("inbox/a.txt", crate::place::NOW - 200);
    place.set_modified("inbox/b.txt", crate::place::NOW - 100);
    place
}

#[test]
fn a_stage_processes_only_what_its_condition_holds_for() {
    let config = "[stages.extract_entities]\nwhen = 'language == \"ar\" && size(text) > 20'\n";
    let place = place(config);
    let outcome = place.jadwal(["batch"]).run().expect(0);
    assert_contains(&outcome.err, &["skipped"]);
    let records = place.records("out/records.jsonl");
    assert_eq!(records.len(), 2);
    let entities = |index: usize| records[index]["entities"].as_array().unwrap().len();
    assert!(entities(0) > 0, "{}", records[0]);
    assert_eq!(entities(1), 0, "{}", records[1]);
    let explained = place.jadwal(["explain", "inbox/b.txt"]).run().expect(0);
    assert_contains(
        &explained.text(),
        &["passed by", "size(text) > 20", "delivered"],
    );
    let graph = place.jadwal(["graph"]).run().expect(0).text();
    assert_contains(&graph, &["extract_entities when language =="]);
}

#[test]
fn a_document_that_a_condition_fails_on_is_quarantined_alone() {
    let place = place(
        "[stages.extract_entities]\nwhen = '4 / (size(text) - size(text)) == 1 || language == \"ar\"'\n",
    );
    let outcome = place.jadwal(["batch"]).run().expect(1);
    assert_contains(
        &outcome.err,
        &["failed to evaluate `when`", "ivision by zero"],
    );
    assert_eq!(place.records("out/records.jsonl").len(), 1);
}

#[test]
fn sinks_share_documents_out_and_what_none_takes_is_dropped() {
    let config = "pipeline.stages = [\"clean\", \"detect_language\", \"arabic\", \"french\"]\n\
         [stages.arabic]\nuse = \"emit\"\nwhen = 'language == \"ar\"'\noptions.path = \"out/ar.jsonl\"\n\
         [stages.french]\nuse = \"emit\"\nwhen = 'language == \"fr\"'\noptions.path = \"out/fr.jsonl\"\n";
    let place = place(config);
    let dry = place.jadwal(["batch", "--dry-run"]).run().expect(0);
    assert_contains(&dry.err, &["delivered    1 ", "dropped      1"]);
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/ar.jsonl").len(), 1);
    let french = place.path("out/fr.jsonl");
    assert!(std::fs::read(french).unwrap_or_default().is_empty());
    let rows = place
        .jadwal(["state", "ls", "--documents"])
        .run()
        .expect(0)
        .text();
    assert_contains(&rows, &["the `when` of no sink holds"]);
    let explained = place
        .jadwal(["explain", "inbox/b.txt"])
        .run()
        .expect(0)
        .text();
    assert_contains(
        &explained,
        &["dropped: filtered: the `when` of no sink holds"],
    );
}

#[test]
fn check_points_at_the_place_in_the_condition() {
    let place = Place::with_config("[stages.dedup]\nwhen = 'size(txt) > 3'\n");
    let outcome = place.jadwal(["check"]).run().expect(2);
    assert_contains(
        &outcome.err,
        &[
            "pipeline.toml:2:14: stages.dedup.when: unknown variable `txt`",
            "did you mean `text`?",
        ],
    );
}

/// Scenario: the condition of one sink fails on a document that the other would take.
/// Guarantees: it is quarantined and written nowhere; a dry run and `explain` say the same.
#[test]
fn a_document_that_a_sinks_condition_fails_on_is_written_nowhere() {
    let config = "pipeline.stages = [\"clean\", \"detect_language\", \"all\", \"arabic\"]\n\
         [stages.all]\nuse = \"emit\"\noptions.path = \"out/all.jsonl\"\n\
         [stages.arabic]\nuse = \"emit\"\nwhen = 'language == \"ar\" || fields.desk == 1'\n\
         options.path = \"out/ar.jsonl\"\n";
    let place = place(config);
    let dry = place.jadwal(["batch", "--dry-run"]).run().expect(1);
    assert_contains(&dry.err, &["delivered    1 ", "quarantined  1"]);
    let explained = place.jadwal(["explain", "inbox/b.txt"]).run().expect(1);
    assert_contains(&explained.text(), &["quarantined by all", "desk"]);
    place.jadwal(["batch"]).run().expect(1);
    assert_eq!(place.records("out/all.jsonl").len(), 1);
    assert_eq!(place.records("out/ar.jsonl").len(), 1);
}

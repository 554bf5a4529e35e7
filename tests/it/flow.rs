//! From a file to a record.

use std::collections::BTreeSet;

use expect_test::expect;
use serde_json::Value;

use crate::place::{NOW, Place};
use crate::repository::{CONFIG, STORY, assert_contains, fates, inbox, repository};

#[test]
fn a_new_folder_works_at_once() {
    let place = Place::empty();
    let outcome = place.jadwal(["init", "news"]).run().expect(0);
    assert_contains(
        &outcome.err,
        &["news/pipeline.toml", "next: cd news && jadwal batch"],
    );
    let config = place.path("news/pipeline.toml");
    let batch = ["batch".into(), "--config".into(), config.into_os_string()];
    let outcome = place.jadwal(&batch).run().expect(0);
    assert_contains(&outcome.err, &["delivered", "records.jsonl"]);
    let records = place.records("news/out/records.jsonl");
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["language"], "ar");
    assert_eq!(records[0]["source"], "news");
    assert!(place.path("news/out/README.md").is_file());
}

#[test]
fn nothing_is_overwritten_by_init() {
    let place = Place::empty();
    place.write("pipeline.toml", "mine");
    let outcome = place.jadwal(["init"]).run().expect(2);
    assert_contains(&outcome.err, &["pipeline.toml` is there already", "hint:"]);
    assert_eq!(std::fs::read(place.path("pipeline.toml")).unwrap(), b"mine");
}

/// Everything that only depends on the version of a stage or on its options.
fn mask(mut record: Value) -> Value {
    record["id"] = "ID".into();
    record["cluster_id"] = "ID".into();
    record["metadata"]["config_hash"] = "HASH".into();
    let stages = record["metadata"]["stages"].as_array_mut().unwrap();
    for stage in stages {
        let id = stage
            .as_str()
            .unwrap()
            .split('@')
            .next()
            .unwrap()
            .to_owned();
        *stage = id.into();
    }
    record
}

#[test]
fn records_are_as_they_were() {
    let place = inbox(&[
        ("river.txt", STORY.as_bytes()),
        (
            "wire.jsonl",
            br#"{"text": "The ferry leaves at noon and comes back in the evening.", "title": "Ferry", "url": "https://ferry.example/1", "created": "2026-11-20", "desk": "sea"}"#,
        ),
    ]);
    place.set_modified("inbox/river.txt", NOW - 2000);
    place.set_modified("inbox/wire.jsonl", NOW - 1000);
    place.jadwal(["batch"]).run().expect(0);
    let records = place.records("out/records.jsonl");
    let masked: Vec<_> = records.into_iter().map(mask).collect();
    let text = serde_json::to_string_pretty(&masked).unwrap();
    expect![[r#"
        [
          {
            "added": "2026-11-21T08:00:00Z",
            "blocks": [
              {
                "end": 139,
                "kind": "paragraph",
                "start": 0
              }
            ],
            "byline": "",
            "cluster_id": "ID",
            "created": "",
            "duplicate_of": "",
            "entities": [
              {
                "end": 18,
                "label": "DATE",
                "link": "",
                "mention_of": null,
                "norm": "relative:-P1D",
                "score": 0.9,
                "src_end": 34,
                "src_start": 28,
                "start": 15,
                "text": "أمس"
              }
            ],
            "extra": {},
            "id": "ID",
            "language": "ar",
            "language_score": 1.0,
            "language_script": "Arab",
            "metadata": {
              "agency": "",
              "byte_end": 254,
              "byte_start": 0,
              "config_hash": "HASH",
              "encoding": "utf-8",
              "encoding_score": 1.0,
              "fields": "",
              "file_bytes": 254,
              "file_path": "river.txt",
              "modified": "2026-11-21T07:26:40Z",
              "pipeline": "desk",
              "place": "",
              "record_index": 0,
              "site": "",
              "stages": [
                "clean",
                "dedup",
                "detect_language",
                "extract_entities",
                "emit"
              ],
              "subtitle": "",
              "updated": ""
            },
            "minhash_cluster_size": 1,
            "removed": [],
            "repairs": [],
            "revision_of": "",
            "segments": [
              {
                "end": 139,
                "language": "ar",
                "score": 1.0,
                "script": "Arab",
                "start": 0
              }
            ],
            "similarity": 0.0,
            "source": "desk",
            "tables": [],
            "text": "افتتحت البلدية أمس حديقة عامة جديدة على ضفة النهر بعد عامين من العمل، وقال المهندس المشرف إن الحديقة تتسع لثلاثة آلاف زائر في اليوم الواحد.",
            "title": "",
            "url": ""
          },
          {
            "added": "2026-11-21T08:00:00Z",
            "blocks": [
              {
                "end": 55,
                "kind": "paragraph",
                "start": 0
              }
            ],
            "byline": "",
            "cluster_id": "ID",
            "created": "2026-11-20",
            "duplicate_of": "",
            "entities": [],
            "extra": {},
            "id": "ID",
            "language": "en",
            "language_score": 0.9985,
            "language_script": "Latn",
            "metadata": {
              "agency": "",
              "byte_end": 159,
              "byte_start": 0,
              "config_hash": "HASH",
              "encoding": "utf-8",
              "encoding_score": 1.0,
              "fields": "{\"desk\":\"sea\"}",
              "file_bytes": 159,
              "file_path": "wire.jsonl",
              "modified": "2026-11-21T07:43:20Z",
              "pipeline": "desk",
              "place": "",
              "record_index": 0,
              "site": "",
              "stages": [
                "clean",
                "dedup",
                "detect_language",
                "extract_entities",
                "emit"
              ],
              "subtitle": "",
              "updated": ""
            },
            "minhash_cluster_size": 1,
            "removed": [],
            "repairs": [],
            "revision_of": "",
            "segments": [
              {
                "end": 55,
                "language": "en",
                "score": 0.9985,
                "script": "Latn",
                "start": 0
              }
            ],
            "similarity": 0.0,
            "source": "desk",
            "tables": [],
            "text": "The ferry leaves at noon and comes back in the evening.",
            "title": "Ferry",
            "url": "https://ferry.example/1"
          }
        ]"#]].assert_eq(&text);
}

#[test]
fn the_samples_show_what_they_are_for() {
    let place = Place::empty();
    let samples = repository("samples").into_os_string();
    let args = [
        "batch".into(),
        samples,
        "-o".into(),
        "-".into(),
        "--stateless".into(),
    ];
    let outcome = place.jadwal(&args).run().expect(1);
    assert_contains(&outcome.err, &["quarantined", "PNG image", "delivered"]);
    let records = outcome.records();
    let languages: Vec<_> = records.iter().map(|record| &record["language"]).collect();
    for language in ["ar", "en", "fr"] {
        assert!(languages.contains(&&Value::from(language)), "{languages:?}");
    }
    let names: BTreeSet<_> = records.iter().map(file_name).collect();
    let wanted = [
        "harbour-ar.txt",
        "library-en.html",
        "orchards-fr.txt",
        "wire.jsonl",
    ];
    assert_eq!(names, wanted.map(str::to_owned).into());
    assert_eq!(records.len(), 5);
    for record in &records {
        let text = record["text"].as_str().unwrap();
        for chrome in [
            "تسجيل الدخول",
            "رابط مختصر",
            "اترك تعليق",
            "Sign in",
            "Se connecter",
        ] {
            assert!(!text.contains(chrome), "`{chrome}` is left in {record}");
        }
    }
    assert!(
        !place.path("var/state").exists(),
        "a stateless batch leaves no state"
    );
}

fn file_name(record: &Value) -> String {
    let path = record["metadata"]["file_path"].as_str().unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn every_key_is_on_every_row() {
    let place = Place::empty();
    let samples = repository("samples").into_os_string();
    let args = [
        "batch".into(),
        samples,
        "-o".into(),
        "-".into(),
        "--stateless".into(),
    ];
    let records = place.jadwal(&args).run().expect(1).records();
    let schema = place.jadwal(["schema", "--record"]).run().expect(0);
    let schema: Value = serde_json::from_slice(&schema.out).unwrap();
    let keys_of = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    for record in &records {
        assert_eq!(keys_of(record), keys_of(&schema["properties"]));
        let metadata = &schema["$defs"]["Metadata"]["properties"];
        assert_eq!(keys_of(&record["metadata"]), keys_of(metadata));
        let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
        for entity in record["entities"].as_array().unwrap() {
            let at = |key: &str| usize::try_from(entity[key].as_u64().unwrap()).unwrap();
            let piece: String = text[at("start")..at("end")].iter().collect();
            assert_eq!(entity["text"], piece.as_str());
        }
    }
}

#[test]
fn a_second_batch_has_nothing_to_do() {
    let place = inbox(&[
        ("a.txt", STORY.as_bytes()),
        ("b.txt", "Noon has come.".as_bytes()),
    ]);
    place.jadwal(["batch"]).run().expect(0);
    let first = std::fs::read(place.path("out/records.jsonl")).unwrap();
    let outcome = place.jadwal(["batch"]).run().expect(0);
    assert_contains(&outcome.err, &["documents    0"]);
    assert_eq!(
        std::fs::read(place.path("out/records.jsonl")).unwrap(),
        first
    );
    place.write("inbox/c.txt", "Evening has come.");
    place.jadwal(["batch"]).run().expect(0);
    let all = std::fs::read(place.path("out/records.jsonl")).unwrap();
    assert!(all.starts_with(&first) && all.len() > first.len());
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let place = inbox(&[
        ("a.txt", STORY.as_bytes()),
        ("bad.txt", b"\x89PNG\r\n\x1a\n"),
    ]);
    let outcome = place.jadwal(["batch", "--dry-run"]).run().expect(1);
    assert_contains(&outcome.err, &["dry run: nothing was written"]);
    assert!(!place.path("out").exists() && !place.path("var").exists());
}

#[test]
fn a_copy_is_dropped_by_bytes_and_by_spelling() {
    let respelled = STORY.replace('أ', "ا").replace("العمل،", "العمل");
    let place = inbox(&[
        ("1.txt", STORY.as_bytes()),
        ("2.txt", STORY.as_bytes()),
        ("3.txt", respelled.as_bytes()),
    ]);
    for number in 1..=3 {
        place.set_modified(format!("inbox/{number}.txt"), NOW - 100 + number);
    }
    place.jadwal(["batch"]).run().expect(0);
    let fates = fates(&place);
    let fate = |name: &str| fates[&(name.to_owned(), 0)].clone();
    assert_eq!(fate("1.txt").0, "delivered");
    for (name, by) in [("2.txt", "raw"), ("3.txt", "text")] {
        let (fate, detail) = fate(name);
        assert_eq!(fate, "dropped");
        assert_contains(&detail, &["duplicate", by]);
    }
}

#[test]
fn done_files_are_kept_moved_or_deleted() {
    for (on_done, inbox_has, done_has) in [
        ("keep", true, false),
        ("move", false, true),
        ("delete", false, false),
    ] {
        let place = Place::with_config(CONFIG);
        place.write("inbox/desk/a.txt", STORY);
        let set = format!("source.on_done={on_done}");
        place.jadwal(["batch", "--set", &set]).run().expect(0);
        assert_eq!(
            place.path("inbox/desk/a.txt").exists(),
            inbox_has,
            "{on_done}"
        );
        assert_eq!(
            place.path("done/desk/a.txt").exists(),
            done_has,
            "{on_done}"
        );
        assert_eq!(place.records("out/records.jsonl").len(), 1);
    }
}

/// Scenario: files named on the command line that are not in the drop folder.
/// Guarantees: they are the user's: they stay, whatever the source does with its own.
#[test]
fn files_outside_the_source_are_left_where_they_are() {
    let place = Place::with_config(CONFIG);
    place.write("elsewhere/a.txt", STORY);
    let args = ["batch", "elsewhere", "--set", "source.on_done=delete"];
    place.jadwal(args).run().expect(0);
    assert!(place.path("elsewhere/a.txt").exists());
    let records = place.records("out/records.jsonl");
    assert_eq!(records[0]["metadata"]["file_path"], "elsewhere/a.txt");
}

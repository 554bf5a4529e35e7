//! The same files give the same bytes, however many workers there are and however they are batched.

use std::collections::BTreeMap;

use crate::place::{NOW, Place};
use crate::repository::STORY;

fn place(output: &str, workers: u32, batch_size: u32) -> Place {
    let place = Place::with_config(&format!(
        "[pipeline]\nworkers = {workers}\nbatch_size = {batch_size}\nqueue = 3\n\
         [stages.emit.options]\npath = \"{output}\"\nroll_bytes = \"48 KiB\"\n"
    ));
    for number in 0..90u64 {
        let name = format!("inbox/desk {}/{number}.txt", number % 4);
        let text = match number % 9 {
            0 => "\u{89}PNG".to_owned(),
            1 => STORY.to_owned(),
            2 => String::new(),
            3 => format!("{STORY}\nقال المدير إن {number} سفينة وصلت إلى قطر يوم 12 مارس 2024.\n")
                .repeat(9),
            _ => format!(
                "Ferry {number} carried {number}000 people to France in May 2021.\n\n{STORY}"
            ),
        };
        place.write(&name, text);
        // Times that are equal leave the order to the names.
        place.set_modified(&name, NOW - 500 + number / 5);
    }
    let lines: String = (0..200)
        .map(|line| match line % 10 {
            1 | 5 | 6 => format!("{{\"text\": \"{}\"}}\n", edition(line / 20, line)),
            3 => "{\"text\": 5}\n".to_owned(),
            7 => "{\"text\": \"the same line again and again\"}\n".to_owned(),
            _ => format!("{{\"text\": \"Line {line} of the wire came in at noon.\"}}\n"),
        })
        .collect();
    place.write("inbox/wire.jsonl", lines);
    place.set_modified("inbox/wire.jsonl", NOW - 490);
    place
}

/// A story, which one of many papers has edited.
fn edition(story: u64, paper: u64) -> String {
    let mut sentences: Vec<_> = (0..9)
        .map(|sentence| {
            let words =
                (0..11).map(|word| format!("كلمة{}", story * 1000 + sentence * 31 + word * 7));
            words.collect::<Vec<_>>().join(" ") + "."
        })
        .collect();
    let at = usize::try_from(paper % 9).unwrap();
    sentences[at] = format!("وصل {paper} راكبا إلى الميناء مساء أمس بحسب المتحدث.");
    sentences.join(" ")
}

fn outputs(output: &str, workers: u32, batch_size: u32) -> BTreeMap<String, Vec<u8>> {
    let place = place(output, workers, batch_size);
    place.jadwal(["batch"]).run().expect(1);
    let folder = std::fs::read_dir(place.path("out")).unwrap();
    folder
        .map(|entry| entry.unwrap())
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn check(output: &str) {
    let first = outputs(output, 1, 1);
    assert!(first.len() > 3, "{:?}", first.keys());
    for (workers, batch_size) in [(1, 64), (2, 1), (2, 64), (8, 1), (8, 64)] {
        let same = outputs(output, workers, batch_size) == first;
        assert!(
            same,
            "{workers} workers, batches of {batch_size}: other bytes"
        );
    }
}

/// The stream of this page has what dedup relates, so that it is tested with the rest.
#[test]
fn near_copies_are_among_the_files() {
    let place = place("out/records.jsonl", 2, 64);
    place
        .jadwal(["batch", "--set", "stages.emit.options.roll_bytes=64 MiB"])
        .run()
        .expect(1);
    let records = place.records("out/records.jsonl");
    let related = |record: &&serde_json::Value| {
        record["extra"]["dedup"]["relation"] != serde_json::Value::Null
    };
    let clusters = records
        .iter()
        .filter(|record| record["minhash_cluster_size"].as_u64() > Some(3));
    assert!(records.iter().filter(related).count() > 50);
    assert!(clusters.count() > 10);
}

#[test]
fn plain_output_does_not_depend_on_workers_or_batches() {
    check("out/records.jsonl");
}

#[test]
fn packed_output_does_not_depend_on_workers_or_batches() {
    check("out/records.jsonl.zst");
}

/// Scenario: a list of names is changed between two runs, and its path is not.
#[test]
fn records_tell_which_list_of_names_made_them() {
    let place = Place::with_config(
        "[source]\nsettle = \"20ms\"\n[stages.extract_entities.options]\nlists = [\"names.tsv\"]\n",
    );
    let hash = |list: &str| {
        place.write("names.tsv", list);
        let text = place
            .jadwal(["batch", "-", "-o", "-", "--stateless"])
            .stdin(STORY);
        text.run().expect(0).records()[0]["metadata"]["config_hash"].clone()
    };
    let (one, other) = (hash("Vexlo\tORG\n"), hash("Vexlo\tPER\n"));
    assert_ne!(one, other);
    assert_eq!(one, hash("Vexlo\tORG\n"));
}

#[test]
fn a_list_of_names_that_is_missing_is_named() {
    let place = Place::with_config("[stages.extract_entities.options]\nlists = [\"names.tsv\"]\n");
    let outcome = place.jadwal(["batch"]).run().expect(3);
    for part in [
        "build the stage `extract_entities`",
        "names.tsv`",
        "No such file",
    ] {
        assert!(outcome.err.contains(part), "{}", outcome.err);
    }
}

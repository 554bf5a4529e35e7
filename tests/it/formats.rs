//! What goes in and out beside plain files: standard input, JSON Lines, packed files.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::place::{NOW, Place, records_of};
use crate::repository::{CONFIG, STORY, assert_contains, fates, inbox};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn standard_input_is_one_document() {
    let place = Place::empty();
    let outcome = place.jadwal(["batch", "-", "-o", "-"]).stdin(STORY).run();
    let records = outcome.expect(0).records();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["language"], "ar");
    assert_eq!(records[0]["metadata"]["file_path"], "-");
}

#[test]
fn standard_input_is_a_document_a_line_where_asked() {
    let place = Place::empty();
    let lines = "{\"text\": \"Noon has come.\"}\n\n{\"text\": \"Evening has come.\"}";
    let run = place
        .jadwal(["batch", "-", "--jsonl", "-o", "-"])
        .stdin(lines)
        .run();
    let records = run.expect(0).records();
    let texts: Vec<_> = records
        .iter()
        .map(|record| record["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Noon has come.", "Evening has come."]);
}

#[test]
fn a_bad_line_is_quarantined_alone() {
    let lines = concat!(
        "{\"text\": \"Noon has come.\", \"desk\": {\"name\": \"sea\"}, \"n\": 1}\n",
        "{\"text\": \"half a line\n",
        "{\"text\": 5}\n",
        "{\"title\": \"no text\"}\n",
        "[1, 2]\n",
        "{\"text\": \"Evening has come.\"}\n",
    );
    let place = inbox(&[("wire.jsonl", lines.as_bytes())]);
    place.jadwal(["batch"]).run().expect(1);
    let fates = fates(&place);
    let fates: Vec<_> = fates
        .values()
        .map(|(fate, detail)| (fate.as_str(), detail))
        .collect();
    let kinds: Vec<_> = fates.iter().map(|(fate, _)| *fate).collect();
    let bad = "quarantined";
    assert_eq!(kinds, ["delivered", bad, bad, bad, bad, "delivered"]);
    assert_contains(fates[1].1, &["line 2", "not a JSON object"]);
    assert_contains(
        fates[2].1,
        &["line 3", "field `text` is a number, not a string"],
    );
    assert_contains(fates[3].1, &["line 4", "field `text` is missing"]);
    let records = place.records("out/records.jsonl");
    assert_eq!(
        records[0]["metadata"]["fields"],
        "{\"desk\":{\"name\": \"sea\"},\"n\":1}"
    );
    assert_eq!(records[1]["metadata"]["record_index"], 5);
}

#[test]
fn fields_of_records_may_have_other_names() {
    let config = format!("{CONFIG}jsonl = {{ text_field = \"body\", title_field = \"head\" }}\n");
    let place = Place::with_config(&config);
    place.write(
        "inbox/a.jsonl",
        "{\"body\": \"Noon has come.\", \"head\": \"Noon\"}",
    );
    place.jadwal(["batch"]).run().expect(0);
    let records = place.records("out/records.jsonl");
    assert_eq!(
        (&records[0]["text"], &records[0]["title"]),
        (&"Noon has come.".into(), &"Noon".into())
    );
}

#[test]
fn packed_files_are_unpacked() {
    let line = "{\"text\": \"Night has come to the harbour.\"}\n";
    let place = inbox(&[
        ("a.txt.gz", &gzip(STORY.as_bytes())),
        (
            "b.txt.zst",
            &zstd::bulk::compress(b"Noon has come.", 3).unwrap(),
        ),
        ("c.jsonl.gz", &gzip(line.as_bytes())),
        (
            "d.jsonl.zst",
            &zstd::bulk::compress(line.replace("Night", "Dawn").as_bytes(), 3).unwrap(),
        ),
    ]);
    place.jadwal(["batch"]).run().expect(0);
    let records = place.records("out/records.jsonl");
    assert_eq!(records.len(), 4);
    for record in records {
        let metadata = &record["metadata"];
        let bytes =
            metadata["byte_end"].as_u64().unwrap() - metadata["byte_start"].as_u64().unwrap();
        assert!(
            bytes >= record["text"].as_str().unwrap().len() as u64,
            "{metadata}"
        );
    }
}

#[test]
fn output_is_packed_by_its_name() {
    let run = |output: &str| {
        let place = inbox(&[("a.txt", STORY.as_bytes()), ("b.txt", b"Noon has come.")]);
        place.set_modified("inbox/a.txt", NOW - 2);
        place.set_modified("inbox/b.txt", NOW - 1);
        place.jadwal(["batch", "-o", output]).run().expect(0);
        std::fs::read(place.path(output)).unwrap()
    };
    let plain = run("records.jsonl");
    let zst = zstd::decode_all(run("records.jsonl.zst").as_slice()).unwrap();
    let mut gz = Vec::new();
    MultiGzDecoder::new(run("records.jsonl.gz").as_slice())
        .read_to_end(&mut gz)
        .unwrap();
    // The configuration's hash tells where the output went.
    let texts = |bytes: &[u8]| -> Vec<String> {
        let records = records_of(bytes).into_iter();
        records.map(|record| record["text"].to_string()).collect()
    };
    assert_eq!(texts(&plain).len(), 2);
    assert_eq!(texts(&zst), texts(&plain));
    assert_eq!(texts(&gz), texts(&plain));
}

#[test]
fn output_rolls_into_segments() {
    let place = Place::with_config(CONFIG);
    for number in 0..30 {
        let name = format!("inbox/{number:02}.txt");
        place.write(&name, format!("Ferry {number} leaves at noon. ").repeat(8));
        place.set_modified(&name, NOW - 100 + number);
    }
    let roll = "stages.emit.options.roll_bytes=\"8 KiB\"";
    place.jadwal(["batch", "--set", roll]).run().expect(0);
    let mut records = place.records("out/records.jsonl");
    let mut number = 1;
    while place
        .path(format!("out/records-{number:05}.jsonl"))
        .exists()
    {
        records.extend(place.records(format!("out/records-{number:05}.jsonl")));
        number += 1;
    }
    assert!(number > 3, "{number} segments");
    let names: Vec<_> = records
        .iter()
        .map(|record| record["metadata"]["file_path"].to_string())
        .collect();
    assert_eq!(
        names,
        (0..30)
            .map(|number| format!("\"{number:02}.txt\""))
            .collect::<Vec<_>>()
    );
}

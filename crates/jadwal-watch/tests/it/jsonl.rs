//! JSON Lines: records, what is refused of them, and going on in the middle.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::lab::{Got, Lab};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn texts(got: &[Got]) -> Vec<&str> {
    got.iter()
        .map(|got| match (&got.text, &got.error) {
            (Some(text), _) => text.as_str(),
            (None, Some(error)) => error.as_str(),
            (None, None) => &got.raw,
        })
        .collect()
}

#[test]
fn each_line_is_a_document_and_the_last_one_says_so() {
    let lab = Lab::batch_lab();
    let lines = "\u{feff}{\"text\":\"أ\"}\r\n\n  {\"title\":\"t\",\"text\":\"ب\\n\"}\n\n";
    lab.write("a.jsonl", lines);
    let got = lab.batch();
    assert_eq!(texts(&got), ["أ", "ب\n"]);
    assert_eq!((got[0].bytes.clone(), got[0].next), (3..16, Some((1, 21))));
    assert_eq!(&lines[3..16], got[0].raw);
    let second = got[1].bytes.clone();
    assert_eq!(
        &lines[second.start as usize..second.end as usize],
        got[1].raw
    );
    assert_eq!((got[1].record, got[1].next), (1, None));
    assert_eq!(lab.batch(), []);
}

#[test]
fn a_file_without_records_is_done_all_the_same() {
    let lab = Lab::batch_lab();
    lab.write("a.ndjson", "\n \n");
    assert_eq!(texts(&lab.batch()), ["END"]);
    assert_eq!(lab.batch(), []);
}

#[test]
fn a_bad_line_is_refused_alone() {
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(200_000));
    let lines = [
        &b"{\"text\":\"one\"}"[..],
        b"not json",
        b"",
        b"{\"body\":\"x\"}",
        b"{\"text\":\"\xff\"}",
        long.as_bytes(),
        b"{\"text\":\"two\"}",
    ];
    for (name, content) in [
        ("a.jsonl", lines.join(&b'\n')),
        ("b.jsonl.gz", gzip(&lines.join(&b'\n'))),
        (
            "c.ndjson.zst",
            zstd::encode_all(&lines.join(&b'\n')[..], 1).unwrap(),
        ),
    ] {
        let mut lab = Lab::batch_lab();
        lab.options.max_document_bytes = 100;
        lab.write(name, content);
        let got = lab.batch();
        assert_eq!(
            texts(&got),
            [
                "one",
                "line 2: not a JSON object: expected ident (column 2)",
                "line 4: field `text` is missing",
                "line 5: not UTF-8 from byte 9 on",
                "line 6 is too long for a document: 200011 bytes",
                "two"
            ],
            "{name}"
        );
        assert_eq!(got[4].raw, long);
        assert_eq!(got[5].record, 5);
        assert_eq!(got[5].next, None);
    }
}

#[test]
fn the_text_leads_back_to_the_bytes_of_the_file() {
    let lab = Lab::batch_lab();
    let line = r#"{"text":"سطر\u0020\"أ\"\n","x":1}"#;
    lab.write("a.jsonl", format!("{{\"text\":\"\"}}\n{line}\n"));
    let got = lab.batch();
    assert_eq!(got[1].text.as_deref(), Some("سطر \"أ\"\n"));
    assert_eq!(got[1].bytes, 12..12 + line.len() as u64);
    assert_eq!(got[1].raw, line);
}

#[test]
fn reading_goes_on_where_the_last_run_stopped() {
    let lines: String = (0..10)
        .map(|n| format!("\n{{\"text\":\"{n}\"}}\n"))
        .collect();
    for (name, content) in [
        ("z.jsonl", lines.clone().into_bytes()),
        ("z.jsonl.gz", gzip(lines.as_bytes())),
        (
            "z.jsonl.zst",
            zstd::encode_all(lines.as_bytes(), 3).unwrap(),
        ),
    ] {
        for once in [true, false] {
            let mut lab = Lab::batch_lab();
            let path = lab.write(name, &content);
            lab.set_modified(name, 50);
            assert_eq!(texts(&lab.batch_until(Some(4))), ["0", "1", "2", "3"]);
            lab.write("earlier.txt", "earlier");
            lab.set_modified("earlier.txt", 1);
            lab.options.once = once;
            let got = match once {
                true => lab.batch(),
                false => lab.daemon_at_once().wait_for(7),
            };
            assert_eq!(
                texts(&got),
                ["4", "5", "6", "7", "8", "9", "earlier"],
                "{name}"
            );
            assert_eq!((got[0].record, got[0].next.unwrap().0), (4, 5));
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_file_that_changed_since_the_last_run_is_read_from_the_start() {
    let lab = Lab::batch_lab();
    lab.write(
        "a.jsonl",
        "{\"text\":\"1\"}\n{\"text\":\"2\"}\n{\"text\":\"3\"}\n",
    );
    lab.batch_until(Some(2));
    lab.write("a.jsonl", "{\"text\":\"4\"}\n{\"text\":\"5\"}\n");
    assert_eq!(texts(&lab.batch()), ["4", "5"]);
}

/// Scenario: a file is read in part, grows while nobody reads it, and the next run takes it up.
/// Guarantees: no record is submitted twice, and the new ones follow.
#[test]
fn a_file_that_grew_since_the_last_run_is_read_on() {
    let lab = Lab::batch_lab();
    let old = "{\"text\":\"1\"}\n{\"text\":\"2\"}\n{\"text\":\"3\"}\n";
    lab.write("a.jsonl", old);
    assert_eq!(texts(&lab.batch_until(Some(2))), ["1", "2"]);
    lab.write("a.jsonl", format!("{old}{{\"text\":\"4\"}}\n"));
    assert_eq!(texts(&lab.batch()), ["3", "4"]);
}

#[test]
fn records_before_a_break_go_on_and_the_rest_is_refused() {
    let lab = Lab::batch_lab();
    let lines: String = (0..20_000)
        .map(|n| format!("{{\"text\":\"{n}\"}}\n"))
        .collect();
    let packed = gzip(lines.as_bytes());
    lab.write("a.jsonl.gz", &packed[..packed.len() / 2]);
    let got = lab.batch();
    let (last, records) = got.split_last().unwrap();
    assert!(records.len() > 1000);
    assert!(records.iter().all(|got| got.error.is_none()));
    let error = last.error.as_deref().unwrap();
    assert!(error.starts_with("failed to unpack gzip"), "{error}");
    assert_eq!((last.record, last.next), (records.len() as u64, None));
    assert!(last.packed);
    assert_eq!(lab.batch(), []);
}

fn records(texts: &[&str]) -> String {
    let line = |text: &&str| format!("{{\"text\":\"{text}\"}}\n");
    texts.iter().map(line).collect()
}

/// Scenario: a file that is done is written on, again and again, by an end of line late or early.
/// Guarantees: each run submits what is new, whatever stands behind the source.
#[test]
fn what_is_appended_to_a_file_that_is_done_is_read_alone() {
    let lab = Lab::batch_lab();
    lab.write("a.jsonl", records(&["1", "2"]));
    assert_eq!(texts(&lab.batch()), ["1", "2"]);
    lab.write("a.jsonl", records(&["1", "2", "3"]));
    let got = lab.batch();
    assert_eq!(texts(&got), ["3"]);
    assert_eq!((got[0].record, got[0].bytes.clone()), (2, 26..38));
    let three = records(&["1", "2", "3"]);
    lab.write("a.jsonl", format!("{three}{{\"text\":\"4\"}}"));
    assert_eq!(texts(&lab.batch()), ["4"]);
    lab.write("a.jsonl", records(&["1", "2", "3", "4", "5"]));
    assert_eq!(texts(&lab.batch()), ["5"]);
    lab.write("a.jsonl", records(&["1", "2", "3", "4", "5"]) + "\n \n");
    assert_eq!(texts(&lab.batch()), ["END"]);
    lab.write(
        "a.jsonl",
        records(&["1", "2", "3", "4", "5"]) + "\n \n" + &records(&["6"]),
    );
    let got = lab.batch();
    assert_eq!((texts(&got), got[0].record), (vec!["6"], 5));
}

#[test]
fn a_half_line_at_the_end_is_read_again_when_it_is_whole() {
    let lab = Lab::batch_lab();
    let one = records(&["1"]);
    lab.write("a.jsonl", format!("{one}{{\"text\":\"tw"));
    let got = lab.batch();
    assert!(got[1].error.is_some(), "{got:?}");
    lab.write("a.jsonl", records(&["1", "two", "3"]));
    let got = lab.batch();
    assert_eq!(texts(&got), ["two", "3"]);
    assert_eq!(got[0].record, 1);
}

#[test]
fn a_file_that_is_done_and_was_rewritten_is_read_from_the_start() {
    let lab = Lab::batch_lab();
    lab.write("a.jsonl", records(&["1", "2"]));
    lab.batch();
    for texts_now in [&["3", "2", "4"][..], &["5"]] {
        lab.write("a.jsonl", records(texts_now));
        assert_eq!(texts(&lab.batch()), texts_now);
    }
}

#[test]
fn a_packed_file_that_is_done_and_grew_is_read_on() {
    let lab = Lab::batch_lab();
    let member = |texts: &[&str]| gzip(records(texts).as_bytes());
    lab.write("a.jsonl.gz", member(&["1", "2"]));
    assert_eq!(texts(&lab.batch()), ["1", "2"]);
    lab.write("a.jsonl.gz", [member(&["1", "2"]), member(&["3"])].concat());
    assert_eq!(texts(&lab.batch()), ["3"]);
}

#[test]
fn a_packed_file_that_is_done_and_was_rewritten_badly_keeps_its_records() {
    let lab = Lab::batch_lab();
    let many: Vec<_> = (0..20_000).map(|number| number.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    lab.write("a.jsonl.gz", gzip(records(&many).as_bytes()));
    assert_eq!(lab.batch().len(), 20_000);
    let packed = gzip(records(&many[5..]).as_bytes());
    lab.write("a.jsonl.gz", &packed[..packed.len() / 2]);
    let got = lab.batch();
    assert!(got.len() > 1000, "{}", got.len());
    assert_eq!((texts(&got)[0], got[0].record), ("5", 0));
    assert!(got.last().unwrap().packed);
}

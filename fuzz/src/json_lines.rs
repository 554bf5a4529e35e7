//! Any bytes as JSON Lines, through the source that reads standard input.
//!
//! Held: no panic; each line that is not blank gives one document or one refused record, in order and
//! with its place; a document's text is what another JSON reader finds in the line, and leads back
//! into it.

use std::io::Cursor;
use std::sync::Arc;

use jadwal_core::source::{Intake, Item, Permit, RawBytes, Refused, Source, Submission};
use jadwal_core::{Clock, Document, Provenance};
use jadwal_watch::{JsonlFields, SourceStats, StdinOptions, StdinSource};
use serde_json::Value;

/// A line that is longer is refused; short enough for a fuzzer to get past it.
const LONGEST: u64 = 512;

/// The byte order mark; before the first line it is no part of it.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Holds `input` against the promises.
///
/// # Panics
/// When one is broken.
pub fn check(input: &[u8]) {
    let options = StdinOptions {
        jsonl: Some(JsonlFields::default()),
        max_document_bytes: LONGEST,
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        spill_dir: std::env::temp_dir(),
    };
    let reader = Box::new(Cursor::new(input.to_vec()));
    let mut source = StdinSource::with_input(options, Arc::<SourceStats>::default(), reader);
    let mut intake = Collected::default();
    source.run(&mut intake).expect("memory can be read");

    let mut lines = lines_with_text(input);
    for (index, submission) in intake.0.iter().enumerate() {
        let (place, raw) = match &submission.item {
            Item::Document(doc) => {
                check_document(doc);
                (doc.provenance(), doc.raw().to_vec())
            }
            Item::Refused(refused) => (&refused.provenance, bytes_of(refused)),
            Item::End => break,
        };
        let line = lines.next().expect("no more records than lines");
        check_place(place, index, &raw, line, input);
    }
    assert_eq!(lines.next(), None, "a line gave no record");
    assert!(matches!(last(&intake), Some(Item::End)), "the end is said");
}

fn last(intake: &Collected) -> Option<&Item> {
    intake.0.last().map(|submission| &submission.item)
}

/// Returns the lines that hold something.
fn lines_with_text(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    let body = input.strip_prefix(MARK).unwrap_or(input);
    body.split(|byte| *byte == b'\n')
        .map(without_ends)
        .filter(|line| !line.trim_ascii().is_empty() || line.len() as u64 > LONGEST)
}

/// Returns `line` without blanks before it and without its end.
fn without_ends(line: &[u8]) -> &[u8] {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r');
    let line = &line[line.iter().take_while(is_blank).count()..];
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn check_place(place: &Provenance, index: usize, raw: &[u8], line: &[u8], input: &[u8]) {
    assert_eq!(place.record_index, index as u64, "records are numbered");
    let bytes = place.bytes.start as usize..place.bytes.end as usize;
    assert_eq!(&input[bytes], raw, "the place of a record is its bytes");
    // A line that is too long is kept with all its bytes, a mark included.
    let raw = without_ends(raw.strip_prefix(MARK).unwrap_or(raw));
    let line = without_ends(line.strip_prefix(MARK).unwrap_or(line));
    assert_eq!(raw, line, "a record is a line");
}

fn check_document(doc: &Document) {
    let found: Value = serde_json::from_slice(doc.raw()).expect("a record is JSON");
    let text = doc.text().expect("a record has its text");
    assert_eq!(found["text"], text, "the text is the field's");
    for (at, character) in text.char_indices() {
        let source = doc.origin_map().source_range(at..at + character.len_utf8());
        let spelled = &doc.raw()[source];
        let escaped = spelled.starts_with(b"\\");
        assert!(
            escaped || spelled == character.encode_utf8(&mut [0; 4]).as_bytes(),
            "{character:?} is spelled {spelled:x?}"
        );
    }
    let fields = &doc.facts().fields;
    assert!(
        fields.is_empty() || serde_json::from_str::<Value>(fields).is_ok_and(|it| it.is_object()),
        "other fields are one JSON object"
    );
}

fn bytes_of(refused: &Refused) -> Vec<u8> {
    let mut bytes = Vec::new();
    match &refused.raw {
        RawBytes::InMemory(raw) => bytes.extend_from_slice(raw),
        RawBytes::Copied(copy) => copy(&mut bytes).expect("memory can be written"),
    }
    bytes
}

/// Keeps what is submitted; there is always room.
#[derive(Default)]
struct Collected(Vec<Submission>);

struct Room;

impl Permit for Room {}

impl Intake for Collected {
    fn admit(&mut self, _bytes: u64) -> Option<Box<dyn Permit>> {
        Some(Box::new(Room))
    }

    fn submit(&mut self, _permit: Box<dyn Permit>, submission: Submission) -> bool {
        self.0.push(submission);
        true
    }

    fn stopping(&self) -> bool {
        false
    }
}

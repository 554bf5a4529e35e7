//! Any bytes through decoding, then through the whole of `clean`.
//!
//! Held: no panic; every byte of the text leads to bytes of the file, in order; no U+FFFD that the
//! bytes did not spell; strict UTF-8 is taken as it is; what `clean` says of the text fits the text.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use jadwal_clean::decode::{Decoded, decode};
use jadwal_clean::{Clean, CleanOptions};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::{Clock, Document, Provenance, Transform, Verdict};
use jadwal_emit::RecordBuilder;

/// Building it is much more work than using it.
static CLEAN: LazyLock<Clean> = LazyLock::new(|| Clean::new(CleanOptions::default()));

/// Holds `raw` against the promises.
///
/// # Panics
/// When one is broken.
pub fn check(raw: &[u8]) {
    if let Ok(decoded) = decode(raw) {
        check_map(&decoded, raw.len());
        check_replacements(&decoded, raw);
        check_plain(&decoded, raw);
    }
    check_cleaned(raw);
}

fn check_map(decoded: &Decoded, raw_len: usize) {
    let text = &decoded.edited.text;
    let map = &decoded.edited.map;
    assert_eq!(map.text_len(), text.len(), "the map covers the text");
    let mut last = 0;
    for (at, character) in text.char_indices() {
        let source = map.source_range(at..at + character.len_utf8());
        assert!(
            !source.is_empty(),
            "{character:?} at {at} came from nowhere"
        );
        assert!(source.end <= raw_len, "{source:?} is outside the file");
        assert!(source.start >= last, "the sources of the text go back");
        last = source.start;
    }
    let mut end = 0;
    for bad in &decoded.bad {
        let in_order = end <= bad.start && bad.start < bad.end && bad.end <= raw_len;
        assert!(in_order, "bad bytes {bad:?} after {end}");
        end = bad.end;
    }
}

/// A U+FFFD in the text is one in the bytes.
fn check_replacements(decoded: &Decoded, raw: &[u8]) {
    for (at, found) in decoded.edited.text.match_indices('\u{FFFD}') {
        let source = &raw[decoded.edited.map.source_range(at..at + found.len())];
        let spelled: &[u8] = match decoded.encoding.as_str() {
            "utf-8" => b"\xEF\xBF\xBD",
            "utf-16le" => b"\xFD\xFF",
            "utf-16be" => b"\xFF\xFD",
            other => panic!("{source:x?} in {other} became U+FFFD"),
        };
        assert_eq!(source, spelled, "bytes that spell no U+FFFD became one");
    }
}

/// Where the bytes are UTF-8, and were taken for it, the text is the bytes.
fn check_plain(decoded: &Decoded, raw: &[u8]) {
    if let ("utf-8", Ok(text)) = (decoded.encoding.as_str(), std::str::from_utf8(raw)) {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        assert_eq!(decoded.edited.text, text, "UTF-8 is taken as it is");
        assert!(decoded.bad.is_empty(), "UTF-8 has no bad bytes");
    }
}

fn check_cleaned(raw: &[u8]) {
    let mut doc = Document::new(Bytes::copy_from_slice(raw), place(raw.len() as u64));
    if !matches!(CLEAN.apply(&mut doc), Ok(Verdict::Pass)) {
        return;
    }
    for removed in &doc.facts().removed {
        let range = &removed.raw;
        assert!(range.start <= range.end && range.end <= raw.len());
    }
    // The builder refuses facts that do not fit the text.
    let builder = RecordBuilder::new(Arc::new(PipelineInfo::default()), Clock::fixed(epoch()));
    let record = builder.record(&doc).expect("what clean says fits the text");
    serde_json::to_string(&record).expect("a record is JSON");
}

fn place(bytes: u64) -> Provenance {
    Provenance {
        file_path: "any.txt".to_owned(),
        file_bytes: bytes,
        modified: epoch(),
        record_index: 0,
        bytes: 0..bytes,
    }
}

fn epoch() -> jiff::Timestamp {
    jiff::Timestamp::UNIX_EPOCH
}

//! Tests of the stage as a whole.

mod copies;
mod credits;
mod encodings;
mod languages;
mod laws;
mod layouts;
mod linear;
mod lines;
mod pages;
mod pieces;
pub(crate) mod samples;
mod switches;
mod texts;

use bytes::Bytes;
use jadwal_core::facts::BlockKind;
use jadwal_core::{Document, Provenance, StageResult, Transform};
use jiff::Timestamp;

use crate::{Clean, CleanOptions};

/// Returns the document of a file named `path`.
fn document(path: &str, raw: impl Into<Bytes>) -> Document {
    let raw = raw.into();
    let len = raw.len() as u64;
    let provenance = Provenance {
        file_path: path.to_owned(),
        file_bytes: len,
        modified: Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..len,
    };
    Document::new(raw, provenance)
}

/// Cleans a file with `options`.
fn clean(options: CleanOptions, path: &str, raw: impl Into<Bytes>) -> (StageResult, Document) {
    let mut doc = document(path, raw);
    let result = Clean::new(options).apply(&mut doc);
    (result, doc)
}

/// Cleans a text file with the default options, which must pass.
#[track_caller]
fn cleaned(raw: impl Into<Bytes>) -> Document {
    let (result, doc) = clean(CleanOptions::default(), "a.txt", raw);
    assert_eq!(
        result.expect("the document is sound"),
        jadwal_core::Verdict::Pass
    );
    doc
}

fn text(doc: &Document) -> &str {
    doc.text().expect("the stage gave a text")
}

/// Rules and source of what was removed.
fn removed(doc: &Document) -> Vec<(&str, String)> {
    let place = |raw: &std::ops::Range<usize>| {
        String::from_utf8_lossy(&doc.raw()[raw.clone()]).into_owned()
    };
    let facts = doc.facts();
    let pairs = facts.removed.iter();
    pairs
        .map(|removed| (removed.rule.as_ref(), place(&removed.raw)))
        .collect()
}

/// Kinds of the blocks with the beginning of their text.
fn blocks(doc: &Document) -> Vec<(BlockKind, String)> {
    let start =
        |range: &std::ops::Range<usize>| text(doc)[range.clone()].chars().take(12).collect();
    let facts = doc.facts();
    facts
        .blocks
        .iter()
        .map(|block| (block.kind, start(&block.range)))
        .collect()
}

#[test]
fn the_contract_of_a_stage_is_kept() {
    jadwal_testkit::check_stage::<Clean>();
}

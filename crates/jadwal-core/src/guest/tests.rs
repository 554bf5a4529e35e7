//! Tables and laws of what guests see and may do.

mod laws;
mod replies;
mod units;
mod views;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Declaration, Reply, apply};
use crate::document::{Document, Provenance};
use crate::error::{StageResult, describe_chain};
use crate::origin::{Edited, OriginMap};

/// A document that was read as it stands.
fn document(text: &str) -> Document {
    let raw = Bytes::copy_from_slice(text.as_bytes());
    let place = Provenance {
        file_path: "a/story.txt".to_owned(),
        file_bytes: raw.len() as u64,
        modified: Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..raw.len() as u64,
    };
    let mut doc = Document::new(raw, place);
    doc.replace_text(Edited {
        text: text.to_owned(),
        map: OriginMap::identity(text.len()),
    });
    doc
}

/// A guest that may do everything, counting in `unit`.
fn guest(unit: &str) -> Declaration {
    serde_json::from_value(json!({
        "name": "tagger", "version": "1", "unit": unit,
        "gives": ["text", "entities"],
        "sees": ["blocks", "segments", "entities", "extra", "raw"],
    }))
    .unwrap()
}

/// Applies `reply` to `doc` for a guest that counts in `unit`, in the stage `mine`.
fn offer(doc: &mut Document, unit: &str, reply: Value) -> StageResult {
    let reply: Reply = serde_json::from_value(reply).unwrap();
    apply(reply, doc, &guest(unit), "mine")
}

/// The message of the error that `reply` to `text` is refused with.
fn refusal(text: &str, unit: &str, reply: Value) -> String {
    let mut doc = document(text);
    let before = format!("{doc:?}");
    let error = offer(&mut doc, unit, reply).unwrap_err();
    assert_eq!(
        format!("{doc:?}"),
        before,
        "a refused reply changes nothing"
    );
    describe_chain(&error)
}

//! Tables and laws of what guests see and may do.

mod laws;
mod replies;
mod units;
mod views;

use serde_json::{Value, json};

use super::{Declaration, Reply, apply};
use crate::document::Document;
use crate::error::{StageResult, describe_chain};

/// A document that was read as it stands.
fn document(text: &str) -> Document {
    Document::of_text("a/story.txt", text)
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

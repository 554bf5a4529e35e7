//! What a record tells of its relation to an earlier document, in `extra`.

use jadwal_core::fold::Folded;
use jadwal_core::{Document, DocumentId};
use serde_json::{Value, json};

use crate::comparison::frames;
use crate::relation::{Match, Relation};
use crate::row::Row;
use crate::sketch::{Reader, Reading};

/// Figures that are told of one revision.
const MOST_CHANGES: usize = 32;

/// Returns the relation alone: its name, to which document, and how much.
pub(crate) fn relation(found: &Match, of: DocumentId) -> Value {
    json!({
        "relation": found.relation.name(),
        "of": of.to_string(),
        "similarity": rounded(found.similarity),
    })
}

/// Returns the relation of `doc` to the document of `old`, of a revision with what has changed:
/// numbers of the paragraphs that have a new sentence, how many sentences are gone (`null` for a text
/// with too many to tell), and the figures that differ. Of old figures small numbers are known.
pub(crate) fn near(
    found: &Match,
    doc: &Document,
    new: &Reading,
    old: &Row,
    reader: &mut Reader,
) -> Value {
    let mut told = relation(found, old.id);
    if found.relation == Relation::Revision {
        told["added"] = json!(added(doc.text().unwrap_or_default(), old, reader));
        told["removed"] = json!(removed(new, old));
        told["figures"] = json!(changed_figures(new, old));
    }
    told
}

/// Single precision has seven digits: more of them would be noise.
fn rounded(similarity: f32) -> f64 {
    (f64::from(similarity) * 1000.0).round() / 1000.0
}

/// Paragraphs, counted from 0, with a sentence that is not in `old`. What is too short to be kept as a
/// piece is not told.
fn added(text: &str, old: &Row, reader: &mut Reader) -> Option<Vec<usize>> {
    if !old.sketch.all_pieces {
        return None;
    }
    let paragraphs = text.lines().filter(|line| !line.trim().is_empty());
    let is_new = |(_, line): &(usize, &str)| {
        let pieces = reader.pieces(&Folded::of(line));
        let known = |piece: &u32| old.sketch.pieces.binary_search(piece).is_ok();
        !pieces.iter().all(known)
    };
    let new = paragraphs.enumerate().filter(is_new);
    Some(new.map(|(number, _)| number).collect())
}

/// Sentences of `old` that are gone.
fn removed(new: &Reading, old: &Row) -> Option<usize> {
    let gone = |piece: &&u32| !new.pieces.contains(piece);
    old.sketch
        .all_pieces
        .then(|| old.sketch.pieces.iter().filter(gone).count())
}

/// Figures in the same words with another value, in the order of the text.
fn changed_figures(new: &Reading, old: &Row) -> Vec<Value> {
    let both: Vec<_> = frames(&new.sketch.figures, &old.sketch.figures).collect();
    let changes = new.figures().filter_map(|(figure, written)| {
        let (ours, theirs) = both
            .iter()
            .find(|(ours, _)| ours[0].frame == figure.frame)?;
        if theirs.iter().any(|old| old.value == figure.value) {
            return None;
        }
        let was = theirs
            .iter()
            .find(|old| ours.iter().all(|new| new.value != old.value))?;
        let was = was.number().map(|number| number.to_string());
        Some(json!({ "now": written, "was": was.unwrap_or_default() }))
    });
    changes.take(MOST_CHANGES).collect()
}

//! What the patterns hand over, and how it becomes the document's list of entities.

use std::collections::HashMap;
use std::ops::Range;

use jadwal_core::facts::{Entity, Label};

/// An entity that was found, before it is known whether it repeats another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) range: Range<usize>,
    pub(crate) label: Label,
    pub(crate) norm: String,
    pub(crate) link: String,
    pub(crate) score: f32,
}

impl Found {
    /// Returns an entity without link.
    pub(crate) fn new(range: Range<usize>, label: Label, norm: String, score: f32) -> Self {
        Self {
            range,
            label,
            norm,
            link: String::new(),
            score,
        }
    }
}

/// Sorts by start, longest first, and drops what overlaps an entity before it.
pub(crate) fn without_overlaps(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (found.range.start, usize::MAX - found.range.end));
    let mut end = 0;
    found.retain(|found| {
        let free = found.range.start >= end && !found.range.is_empty();
        if free {
            end = found.range.end;
        }
        free
    });
    found
}

/// Makes the list of entities; one with the label and normal form of an earlier one points to it.
pub(crate) fn with_mentions(found: Vec<Found>) -> Vec<Entity> {
    let mut first: HashMap<(Label, String), usize> = HashMap::with_capacity(found.len());
    let mut entities: Vec<Entity> = Vec::with_capacity(found.len());
    for (index, found) in found.into_iter().enumerate() {
        let mut mention_of = None;
        if !found.norm.is_empty() {
            let original = *first
                .entry((found.label, found.norm.clone()))
                .or_insert(index);
            mention_of = (original != index).then_some(original);
        }
        entities.push(Entity {
            range: found.range,
            label: found.label,
            norm: found.norm,
            link: found.link,
            mention_of,
            score: found.score,
        });
    }
    entities
}

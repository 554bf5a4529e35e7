//! Holds a reply against the document and the guest's own word, then acts on it.
//!
//! All of a reply is checked before anything is changed. Facts that no edit touches are kept and
//! moved with the text; an entity that an edit touches is forgotten, and so are the cells of a table.

use std::borrow::Cow;
use std::mem::take;
use std::ops::Range;

use super::declaration::{Declaration, GuestFact};
use super::edits::CheckedEdits;
use super::offsets::Offsets;
use super::reply::{FailClass, NewEntity, Reply, ReplyVerdict};
use crate::document::Document;
use crate::error::{StageError, StageResult};
use crate::facts::{Block, BlockKind, Entity, Facts, Removed, Segment, Table, point_mentions};
use crate::stage::{DropReason, Verdict};

/// Applies the reply of the guest of `declaration`, in the stage `stage`, to the document it is about.
///
/// # Errors
/// What the guest failed with, of its class; and of class document, with the document unchanged, when
/// the reply breaks a rule: offsets out of bounds or inside a character, edits that overlap, an entity
/// that is empty or lies in an edit, a score outside 0 to 1, a gift that was not
/// declared, a verdict without a reason.
pub fn apply(
    reply: Reply,
    doc: &mut Document,
    declaration: &Declaration,
    stage: &str,
) -> StageResult {
    let changes = !(reply.edits.is_empty() && reply.entities.is_empty());
    match reply.verdict {
        ReplyVerdict::Fail { class, reason } => return Err(failure(class, reason, declaration)),
        ReplyVerdict::Drop { reason } => {
            check_reason(&reason, declaration)?;
            return Ok(Verdict::Drop(DropReason::Filtered { why: reason }));
        }
        ReplyVerdict::Pass if changes => {
            let text = doc.text_handle()?;
            let offsets = Offsets::new(&text, declaration.unit);
            let checked = Checked::new(&text, &offsets, declaration, &reply.edits, &reply.entities);
            let checked = checked.map_err(|wrong| bad_reply(declaration, wrong))?;
            checked.act(&text, doc, stage);
        }
        ReplyVerdict::Pass => {
            doc.text()?;
        }
    }
    if let Some(extra) = reply.extra {
        doc.set_extra(stage, extra);
    }
    Ok(Verdict::Pass)
}

fn failure(class: FailClass, reason: String, declaration: &Declaration) -> StageError {
    if let Err(error) = check_reason(&reason, declaration) {
        return error;
    }
    let doing = format!("`{}` failed", declaration.name);
    match class {
        FailClass::Document => StageError::document(doing, reason),
        FailClass::Transient => StageError::transient(doing, reason),
        FailClass::Fatal => StageError::fatal(doing, reason),
    }
}

fn check_reason(reason: &str, declaration: &Declaration) -> Result<(), StageError> {
    match reason.trim().is_empty() {
        true => Err(bad_reply(
            declaration,
            "the verdict has no reason".to_owned(),
        )),
        false => Ok(()),
    }
}

fn bad_reply(declaration: &Declaration, wrong: String) -> StageError {
    StageError::document(format!("`{}` gave a bad reply", declaration.name), wrong)
}

/// A reply whose every word was checked.
struct Checked<'a> {
    edits: CheckedEdits<'a>,
    /// With ranges of the old text.
    entities: Vec<Entity>,
}

impl<'a> Checked<'a> {
    fn new(
        text: &str,
        offsets: &Offsets<'_>,
        declaration: &Declaration,
        edits: &'a [super::Edit],
        entities: &[NewEntity],
    ) -> Result<Self, String> {
        if !edits.is_empty() && !declaration.gives(GuestFact::Text) {
            return Err("it edits the text, which `gives` does not name".to_owned());
        }
        if !entities.is_empty() && !declaration.gives(GuestFact::Entities) {
            return Err("it adds entities, which `gives` does not name".to_owned());
        }
        let edits = CheckedEdits::check(text, offsets, edits)?;
        let mut added = Vec::with_capacity(entities.len());
        for (index, entity) in entities.iter().enumerate() {
            let entity = checked_entity(entity, offsets)
                .and_then(|entity| match edits.touch(&entity.range) {
                    true => Err("it overlaps an edit".to_owned()),
                    false => Ok(entity),
                })
                .map_err(|wrong| format!("entity {index}: {wrong}"))?;
            added.push(entity);
        }
        Ok(Self {
            edits,
            entities: added,
        })
    }

    /// Changes `doc`, whose text is `text`. Nothing here can fail.
    fn act(self, text: &str, doc: &mut Document, stage: &str) {
        let edits = self.edits;
        if !edits.is_empty() {
            let (cut, replaced) = edits.summary();
            let removed = removed_by(cut, doc, stage);
            let before = text_facts(doc.facts_mut());
            doc.replace_text(edits.make(text));
            let facts = doc.facts_mut();
            keep_facts(before, facts, &edits, text.len());
            record(removed, replaced, facts, stage);
        }
        let added = self.entities.into_iter().map(|entity| Entity {
            range: edits.moved(&entity.range),
            ..entity
        });
        doc.facts_mut().add_entities(added.collect());
    }
}

fn checked_entity(entity: &NewEntity, offsets: &Offsets<'_>) -> Result<Entity, String> {
    let range = offsets.bytes_of(entity.start, entity.end)?;
    if range.is_empty() {
        return Err("it is empty".to_owned());
    }
    if !(0.0..=1.0).contains(&entity.score) {
        return Err(format!("its score {} is not between 0 and 1", entity.score));
    }
    Ok(Entity {
        range,
        label: entity.label,
        norm: entity.norm.clone(),
        link: entity.link.clone(),
        mention_of: None,
        score: entity.score,
    })
}

/// Raw bytes of the pieces `cut` out of the text; asked before it is replaced.
fn removed_by(cut: Vec<Range<usize>>, doc: &Document, stage: &str) -> Vec<Removed> {
    let removed = cut.into_iter().map(|range| Removed {
        raw: doc.origin_map().source_range(range),
        rule: Cow::Owned(stage.to_owned()),
    });
    removed.collect()
}

/// Nothing is changed in silence: removals are listed, replacements counted, under the stage's id.
fn record(removed: Vec<Removed>, replaced: u64, facts: &mut Facts, stage: &str) {
    if replaced > 0 {
        *facts
            .repairs
            .entry(Cow::Owned(stage.to_owned()))
            .or_default() += replaced;
    }
    if !removed.is_empty() {
        facts.removed.extend(removed);
        facts
            .removed
            .sort_by_key(|removed| (removed.raw.start, removed.raw.end));
    }
}

/// Takes out of `facts` what replacing the text would forget.
fn text_facts(facts: &mut Facts) -> Facts {
    Facts {
        blocks: take(&mut facts.blocks),
        tables: take(&mut facts.tables),
        language: facts.language.take(),
        segments: take(&mut facts.segments),
        entities: take(&mut facts.entities),
        ..Facts::default()
    }
}

/// Gives back, moved, what replacing the text made `facts` forget and what is still true.
fn keep_facts(before: Facts, facts: &mut Facts, edits: &CheckedEdits<'_>, old_len: usize) {
    (facts.blocks, facts.tables) = keep_blocks(before.blocks, before.tables, edits);
    facts.segments = before
        .segments
        .into_iter()
        .map(|segment| Segment {
            range: edits.stretched(&segment.range),
            ..segment
        })
        .filter(|segment| !segment.range.is_empty())
        .collect();
    facts.entities = keep_entities(before.entities, edits);
    if !edits.replace_all(old_len) {
        facts.language = before.language;
    }
}

/// Blocks stretch with their text. The cells of a table are told apart by nothing but the text, so a
/// table that an edit touches becomes a paragraph.
fn keep_blocks(
    blocks: Vec<Block>,
    tables: Vec<Table>,
    edits: &CheckedEdits<'_>,
) -> (Vec<Block>, Vec<Table>) {
    let mut tables = tables.into_iter();
    let (mut kept, mut kept_tables) = (Vec::new(), Vec::new());
    for block in blocks {
        let range: Range<usize> = edits.stretched(&block.range);
        let touched = edits.touch(&block.range);
        let mut kind = block.kind;
        if kind == BlockKind::Table {
            let table = tables.next();
            match touched {
                true => kind = BlockKind::Paragraph,
                false => kept_tables.extend(table),
            }
        }
        if !range.is_empty() {
            kept.push(Block { kind, range });
        }
    }
    (kept, kept_tables)
}

/// Entities that no edit touches, moved. A mention of one that is gone stands for itself.
fn keep_entities(entities: Vec<Entity>, edits: &CheckedEdits<'_>) -> Vec<Entity> {
    let mut places = Vec::with_capacity(entities.len());
    let mut kept = Vec::with_capacity(entities.len());
    for mut entity in entities {
        if edits.touch(&entity.range) {
            places.push(None);
        } else {
            places.push(Some(kept.len()));
            entity.range = edits.moved(&entity.range);
            kept.push(entity);
        }
    }
    point_mentions(&mut kept, &places);
    kept
}

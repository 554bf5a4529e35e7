//! A document as a guest sees it: offsets in its own unit, and only what it asked for.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::base64;
use super::declaration::{Declaration, Sees};
use super::offsets::Offsets;
use crate::document::Document;
use crate::error::StageError;
use crate::facts::{BlockKind, Label, Language};

/// What a guest is shown. The lists are `None` where it did not ask for them.
#[derive(Debug, Serialize)]
pub struct DocumentView<'a> {
    /// Hex digits of the document's id.
    pub id: String,
    /// Where the record lies, relative to the source.
    pub path: &'a str,
    /// The working text.
    pub text: &'a str,
    /// Headline, or empty.
    pub title: &'a str,
    /// Author line, or empty.
    pub byline: &'a str,
    /// Address it was fetched from, or empty.
    pub url: &'a str,
    /// Date that the document gives for itself (ISO 8601), or empty.
    pub created: &'a str,
    /// Its language, where an earlier stage found one.
    pub language: Option<LanguageView<'a>>,
    /// Id of the document it copies, or empty.
    pub duplicate_of: &'a str,
    /// Parts of the text, in order, without overlap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<BlockView>>,
    /// Languages of its parts, in order, without overlap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<SegmentView<'a>>>,
    /// Entities that earlier stages found, by start, longest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<EntityView<'a>>>,
    /// What earlier custom stages said, by stage id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<&'a BTreeMap<String, Value>>,
    /// Fields of a JSON Lines record that have no place of their own: a JSON object as text, or empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<&'a str>,
    /// The raw bytes of the record; base64 in JSON.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "base64::serialize"
    )]
    pub raw: Option<&'a [u8]>,
}

/// A language with its script.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LanguageView<'a> {
    /// BCP 47, shortest form.
    pub tag: &'a str,
    /// ISO 15924.
    pub script: &'a str,
    /// 0 to 1.
    pub score: f32,
}

/// A part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BlockView {
    /// What it is.
    pub kind: BlockKind,
    /// Where it starts, in the guest's unit.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
}

/// A part of the text in one language.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SegmentView<'a> {
    /// Where it starts, in the guest's unit.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// Its language.
    pub language: LanguageView<'a>,
}

/// A name, date, amount or address in the text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EntityView<'a> {
    /// Where it starts, in the guest's unit.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// What it is.
    pub label: Label,
    /// Normal form, or empty.
    pub norm: &'a str,
    /// Link to an authority, or empty.
    pub link: &'a str,
    /// Index of the entity that this one mentions again.
    pub mention_of: Option<usize>,
    /// 0 to 1.
    pub score: f32,
}

impl<'a> DocumentView<'a> {
    /// Returns what the guest of `declaration` is shown of `doc`.
    ///
    /// # Errors
    /// Fatal when the document lacks what the guest needs; see [`Declaration::check_needs`].
    pub fn new(doc: &'a Document, declaration: &Declaration) -> Result<Self, StageError> {
        declaration.check_needs(doc)?;
        let text = doc.text()?;
        let facts = doc.facts();
        let wants = |part| declaration.sees(part);
        let spans = wants(Sees::Blocks) || wants(Sees::Segments) || wants(Sees::Entities);
        // Counting the text is only worth it where there is something to count for.
        let offsets = Offsets::new(if spans { text } else { "" }, declaration.unit);
        Ok(Self {
            id: doc.id().to_string(),
            path: &doc.provenance().file_path,
            text,
            title: &facts.title,
            byline: &facts.byline,
            url: &facts.url,
            created: &facts.created,
            language: facts.language.as_ref().map(LanguageView::of),
            duplicate_of: facts
                .duplicate
                .as_ref()
                .map_or("", |duplicate| &duplicate.duplicate_of),
            blocks: wants(Sees::Blocks).then(|| blocks(doc, &offsets)),
            segments: wants(Sees::Segments).then(|| segments(doc, &offsets)),
            entities: wants(Sees::Entities).then(|| entities(doc, &offsets)),
            extra: wants(Sees::Extra).then(|| doc.extra()),
            fields: wants(Sees::Extra).then_some(&facts.fields),
            raw: wants(Sees::Raw).then(|| &doc.raw()[..]),
        })
    }
}

impl<'a> LanguageView<'a> {
    fn of(language: &'a Language) -> Self {
        Self {
            tag: &language.tag,
            script: &language.script,
            score: language.score,
        }
    }
}

fn blocks(doc: &Document, offsets: &Offsets<'_>) -> Vec<BlockView> {
    let blocks = doc.facts().blocks.iter();
    blocks
        .map(|block| {
            let (start, end) = offsets.units_of(&block.range);
            BlockView {
                kind: block.kind,
                start,
                end,
            }
        })
        .collect()
}

fn segments<'a>(doc: &'a Document, offsets: &Offsets<'_>) -> Vec<SegmentView<'a>> {
    let segments = doc.facts().segments.iter();
    segments
        .map(|segment| {
            let (start, end) = offsets.units_of(&segment.range);
            SegmentView {
                start,
                end,
                language: LanguageView::of(&segment.language),
            }
        })
        .collect()
}

fn entities<'a>(doc: &'a Document, offsets: &Offsets<'_>) -> Vec<EntityView<'a>> {
    let entities = doc.facts().entities.iter();
    entities
        .map(|entity| {
            let (start, end) = offsets.units_of(&entity.range);
            EntityView {
                start,
                end,
                label: entity.label,
                norm: &entity.norm,
                link: &entity.link,
                mention_of: entity.mention_of,
                score: entity.score,
            }
        })
        .collect()
}

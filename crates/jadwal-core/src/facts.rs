//! What stages found out about a document, typed, with the names of the record.
//!
//! Ranges named `range` are byte ranges of the current text, on character boundaries; they are
//! forgotten when the text is replaced. Ranges named `raw` are byte ranges of the raw record and
//! stay true for ever.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All facts about one document. Strings are empty and lists are empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Headline.
    pub title: String,
    /// Author line.
    pub byline: String,
    /// Address that the document was fetched from.
    pub url: String,
    /// Date that the document gives for itself, ISO 8601.
    pub created: String,
    /// Day that the document gives for its last change, ISO 8601.
    pub updated: String,
    /// Line below the headline.
    pub subtitle: String,
    /// Name of the site or paper.
    pub site: String,
    /// Agency that sent the story, as the document names it.
    pub agency: String,
    /// Place that the story was written in, as the document names it.
    pub place: String,
    /// Fields of a JSON Lines record that have no place of their own, as one JSON object.
    pub fields: String,
    /// How the raw bytes were read.
    pub encoding: Option<Encoding>,
    /// What clean removed, in order of the raw bytes.
    pub removed: Vec<Removed>,
    /// What was repaired: rule and how often.
    pub repairs: BTreeMap<Cow<'static, str>, u64>,
    /// Parts of the text, in order, without overlap.
    pub blocks: Vec<Block>,
    /// Tables, in order of their blocks.
    pub tables: Vec<Table>,
    /// The document's language.
    pub language: Option<Language>,
    /// Languages of its parts, in order, without overlap.
    pub segments: Vec<Segment>,
    /// How it relates to documents before it.
    pub duplicate: Option<Duplicate>,
    /// Names, dates, amounts and addresses, by start, longest first.
    pub entities: Vec<Entity>,
}

impl Facts {
    /// Forgets what pointed into the text.
    pub(crate) fn forget_text(&mut self) {
        self.blocks.clear();
        self.tables.clear();
        self.language = None;
        self.segments.clear();
        self.entities.clear();
    }

    /// Adds entities and puts all in order: by start, longest first, earlier ones before new ones.
    /// Mentions still point at theirs; a `mention_of` of a new one is not kept.
    pub fn add_entities(&mut self, added: Vec<Entity>) {
        if added.is_empty() {
            return;
        }
        let added = added.into_iter().map(|entity| Entity {
            mention_of: None,
            ..entity
        });
        let all = std::mem::take(&mut self.entities).into_iter().chain(added);
        let mut all: Vec<_> = all.enumerate().collect();
        all.sort_by_key(|(_, entity)| (entity.range.start, Reverse(entity.range.end)));
        let mut places = vec![None; all.len()];
        for (new, (old, _)) in all.iter().enumerate() {
            places[*old] = Some(new);
        }
        self.entities = all.into_iter().map(|(_, entity)| entity).collect();
        point_mentions(&mut self.entities, &places);
    }
}

/// Turns indexes into the list before into indexes into the list that `places` leads to.
pub(crate) fn point_mentions(entities: &mut [Entity], places: &[Option<usize>]) {
    for entity in entities {
        entity.mention_of = entity
            .mention_of
            .and_then(|before| places.get(before).copied().flatten());
    }
}

/// The charset a document was read with.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    /// WHATWG name, lower case (`utf-8`, `windows-1256`).
    pub name: String,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
}

/// A piece of the raw record that is not in the text, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Bytes of the raw record.
    pub raw: Range<usize>,
    /// The rule that removed it (`chrome:login`, `markup`).
    pub rule: Cow<'static, str>,
}

/// What a part of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// The headline.
    Title,
    /// A headline inside the text.
    Heading,
    /// Running text.
    Paragraph,
    /// A list item.
    List,
    /// A table.
    Table,
    /// A quotation.
    Quote,
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// A table's cells, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// Rows of cells; the first one is the header, if there is one.
    pub rows: Vec<Vec<String>>,
}

/// A language with its script.
#[derive(Clone, Debug, PartialEq)]
pub struct Language {
    /// BCP 47, shortest form (`ar`, `ckb`, `und`).
    pub tag: String,
    /// ISO 15924 (`Arab`, `Latn`, `Zyyy` where there are no letters).
    pub script: String,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
}

/// A part of the text in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Its language.
    pub language: Language,
}

/// How a document relates to earlier ones. Ids are empty where there is no such relation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duplicate {
    /// Id of the document this one copies.
    pub duplicate_of: String,
    /// Id of the document this one revises.
    pub revision_of: String,
    /// Id of the first member of its cluster.
    pub cluster_id: String,
    /// Members of the cluster known so far, this one included.
    pub cluster_size: u64,
    /// Likeness to the document it copies or revises, 0 to 1.
    pub similarity: f32,
}

/// What an entity is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Label {
    /// A person.
    Per,
    /// A place.
    Loc,
    /// An organisation.
    Org,
    /// Another name.
    Misc,
    /// An event.
    Event,
    /// A calendar date or range of dates.
    Date,
    /// A time of day.
    Time,
    /// An amount of money.
    Money,
    /// A percentage.
    Percent,
    /// A number with a unit.
    Quantity,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
}

/// A name, date, amount or address in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What it is.
    pub label: Label,
    /// Normal form (ISO 8601, ISO 4217 with amount, canonical name), or empty.
    pub norm: String,
    /// Link to an authority (`iso3166:QA`), or empty.
    pub link: String,
    /// Index of the entity that this one mentions again.
    pub mention_of: Option<usize>,
    /// How sure the extractor is, 0 to 1.
    pub score: f32,
}

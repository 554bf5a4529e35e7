//! The output record, schema version 1: every key on every row, in this order, with fixed types.
//!
//! `start` and `end` count Unicode code points of `text`; `src_start` and `src_end` are bytes of the
//! original file, unpacked. Strings and lists are empty where nothing is known, never absent.

use std::collections::BTreeMap;

use jadwal_core::facts::{BlockKind, Label, Table};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

/// One row of the output. It borrows from the document and from what is known of the pipeline.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Record", deny_unknown_fields)]
pub struct Record<'a> {
    /// First 128 bits of BLAKE3 over the record's raw bytes, in hexadecimal.
    pub id: String,
    /// The clean text.
    pub text: &'a str,
    /// Name of the pipeline.
    pub source: &'a str,
    /// When the record was written, RFC 3339.
    pub added: String,
    /// The date that the document gives for itself, or empty.
    pub created: &'a str,
    /// Address that the document was fetched from, or empty.
    pub url: &'a str,
    /// Headline, or empty.
    pub title: &'a str,
    /// Author line, or empty.
    pub byline: &'a str,
    /// BCP 47 tag of the main language (`ar`, `ckb`, `und`); empty when no stage looked.
    pub language: &'a str,
    /// ISO 15924 code of the main script (`Arab`); empty when no stage looked.
    pub language_script: &'a str,
    /// How sure the language is, 0 to 1.
    pub language_score: f64,
    /// Parts of the text by language.
    pub segments: Vec<SegmentRow<'a>>,
    /// Id of the document that this one copies, or empty.
    pub duplicate_of: &'a str,
    /// Id of the document that this one revises, or empty.
    pub revision_of: &'a str,
    /// Id of the first document of its cluster, or empty.
    pub cluster_id: &'a str,
    /// Members of the cluster known when the record was written, itself included.
    pub minhash_cluster_size: u64,
    /// Likeness to the document it copies or revises, 0 to 1.
    pub similarity: f64,
    /// Names, dates, amounts and addresses.
    pub entities: Vec<EntityRow<'a>>,
    /// Parts of the text by what they are.
    pub blocks: Vec<BlockRow>,
    /// Cells of the tables, in the order of their blocks.
    pub tables: &'a [Table],
    /// Pieces of the original that are not in the text.
    pub removed: Vec<RemovedRow<'a>>,
    /// What was repaired, and how often.
    pub repairs: Vec<RepairRow<'a>>,
    /// Where the document came from and what it went through.
    pub metadata: Metadata<'a>,
    /// What custom stages said, by stage id.
    pub extra: &'a BTreeMap<String, Value>,
}

/// A part of the text in one language.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Segment", deny_unknown_fields)]
pub struct SegmentRow<'a> {
    /// First code point.
    pub start: u64,
    /// Code point after the last.
    pub end: u64,
    /// BCP 47 tag.
    pub language: &'a str,
    /// ISO 15924 code.
    pub script: &'a str,
    /// How sure it is, 0 to 1.
    pub score: f64,
}

/// A name, date, amount or address in the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Entity", deny_unknown_fields)]
pub struct EntityRow<'a> {
    /// First code point.
    pub start: u64,
    /// Code point after the last.
    pub end: u64,
    /// The text from `start` to `end`.
    pub text: &'a str,
    /// What it is.
    pub label: Label,
    /// Normal form (ISO 8601, ISO 4217 with amount, canonical name), or empty.
    pub norm: &'a str,
    /// Link to an authority (`iso3166:QA`), or empty.
    pub link: &'a str,
    /// Index in `entities` of the one that this one mentions again, or null.
    pub mention_of: Option<u64>,
    /// How sure it is, 0 to 1.
    pub score: f64,
    /// First byte in the original file.
    pub src_start: u64,
    /// Byte after the last in the original file.
    pub src_end: u64,
}

/// A part of the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Block", deny_unknown_fields)]
pub struct BlockRow {
    /// What it is.
    pub kind: BlockKind,
    /// First code point.
    pub start: u64,
    /// Code point after the last.
    pub end: u64,
}

/// A piece of the original that is not in the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Removed", deny_unknown_fields)]
pub struct RemovedRow<'a> {
    /// First byte in the original file.
    pub src_start: u64,
    /// Byte after the last in the original file.
    pub src_end: u64,
    /// The rule that removed it.
    pub rule: &'a str,
}

/// A kind of repair.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Repair", deny_unknown_fields)]
pub struct RepairRow<'a> {
    /// The rule that made it.
    pub rule: &'a str,
    /// How often.
    pub count: u64,
}

/// Where a document came from and what it went through.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Metadata<'a> {
    /// Path of the file, relative to the source's root; bytes that are not UTF-8 as `\xNN`.
    pub file_path: &'a str,
    /// Length of the file on disk.
    pub file_bytes: u64,
    /// Number of the record in the file, from 0.
    pub record_index: u64,
    /// First byte of the record in the unpacked file.
    pub byte_start: u64,
    /// Byte after its last one.
    pub byte_end: u64,
    /// Charset that the bytes were read with, WHATWG name, or empty.
    pub encoding: &'a str,
    /// How sure the charset is, 0 to 1.
    pub encoding_score: f64,
    /// When the file was last modified, RFC 3339.
    pub modified: String,
    /// Name of the pipeline.
    pub pipeline: &'a str,
    /// Hash over what can change the record: the stages and their options.
    pub config_hash: &'a str,
    /// Stages that the document passed, `id@version`.
    pub stages: &'a [String],
    /// Other fields of a JSON Lines record, as the text of one JSON object, or empty.
    pub fields: &'a str,
    /// Day that the document gives for its last change, ISO 8601, or empty.
    pub updated: &'a str,
    /// Line below the headline, or empty.
    pub subtitle: &'a str,
    /// Name of the site or paper, or empty.
    pub site: &'a str,
    /// Agency that sent the story, as the document names it, or empty.
    pub agency: &'a str,
    /// Place that the story was written in, as the document names it, or empty.
    pub place: &'a str,
}

/// Returns the JSON Schema of a row, as `jadwal schema --record` prints it.
#[must_use]
pub fn record_schema() -> Value {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Record<'static>>()
        .to_value()
}

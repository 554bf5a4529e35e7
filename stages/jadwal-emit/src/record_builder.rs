//! Makes the record of a document.
//!
//! Facts are checked on the way: a range off the text is an error of the document, never a panic and
//! never a wrong number in the output.

use std::ops::Range;
use std::sync::Arc;

use jadwal_core::clock::rfc3339;
use jadwal_core::facts::{Facts, Language};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::{Clock, Document, StageError};

use crate::code_points::CodePoints;
use crate::record::{BlockRow, EntityRow, Metadata, Record, RemovedRow, RepairRow, SegmentRow};

/// Why a document has no record. Every variant is the fault of a stage before this one.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// No stage gave a text.
    #[error("failed to read the text")]
    NoText(#[source] StageError),
    /// A fact points outside the text, or into the middle of a character.
    #[error("{fact} {index} lies at bytes {start} to {end}, which is no piece of the text")]
    OffText {
        /// Which kind of fact.
        fact: &'static str,
        /// Its place in the list.
        index: usize,
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
    /// A removed piece lies outside the raw record.
    #[error("removed piece {index} lies at bytes {start} to {end}, outside the record")]
    OffRecord {
        /// Its place in the list.
        index: usize,
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
    /// An entity mentions one that is not there.
    #[error("entity {index} mentions entity {mentioned}, which is not there")]
    NoSuchEntity {
        /// Its place in the list.
        index: usize,
        /// What it mentions.
        mentioned: usize,
    },
}

/// Makes records for one pipeline.
#[derive(Clone, Debug)]
pub struct RecordBuilder {
    pipeline: Arc<PipelineInfo>,
    clock: Clock,
}

impl RecordBuilder {
    /// Returns a builder; `clock` tells when a record was `added`.
    #[must_use]
    pub fn new(pipeline: Arc<PipelineInfo>, clock: Clock) -> Self {
        Self { pipeline, clock }
    }

    /// Returns the record of `doc` as it stands.
    ///
    /// # Errors
    /// When there is no text, or a fact does not fit it.
    pub fn record<'a>(&'a self, doc: &'a Document) -> Result<Record<'a>, RecordError> {
        let text = doc.text().map_err(RecordError::NoText)?;
        let facts = doc.facts();
        let places = Places::new(text);
        let (language, language_script, language_score) = language_columns(facts.language.as_ref());
        let duplicate = facts.duplicate.as_ref();
        Ok(Record {
            id: doc.id().to_string(),
            text,
            source: &self.pipeline.name,
            added: self.clock.now_rfc3339(),
            created: &facts.created,
            url: &facts.url,
            title: &facts.title,
            byline: &facts.byline,
            language,
            language_script,
            language_score,
            segments: segment_rows(facts, &places)?,
            duplicate_of: duplicate.map_or("", |found| &found.duplicate_of),
            revision_of: duplicate.map_or("", |found| &found.revision_of),
            cluster_id: duplicate.map_or("", |found| &found.cluster_id),
            minhash_cluster_size: duplicate.map_or(1, |found| found.cluster_size.max(1)),
            similarity: duplicate.map_or(0.0, |found| rounded(found.similarity)),
            entities: entity_rows(doc, &places)?,
            blocks: block_rows(facts, &places)?,
            tables: &facts.tables,
            removed: removed_rows(doc)?,
            repairs: repair_rows(facts),
            metadata: self.metadata(doc),
            extra: doc.extra(),
        })
    }

    fn metadata<'a>(&'a self, doc: &'a Document) -> Metadata<'a> {
        let facts = doc.facts();
        let provenance = doc.provenance();
        let encoding = facts.encoding.as_ref();
        Metadata {
            file_path: &provenance.file_path,
            file_bytes: provenance.file_bytes,
            record_index: provenance.record_index,
            byte_start: provenance.bytes.start,
            byte_end: provenance.bytes.end,
            encoding: encoding.map_or("", |found| &found.name),
            encoding_score: encoding.map_or(0.0, |found| rounded(found.score)),
            modified: rfc3339(provenance.modified),
            pipeline: &self.pipeline.name,
            config_hash: &self.pipeline.config_hash,
            stages: &self.pipeline.stages,
            fields: &facts.fields,
            updated: &facts.updated,
            subtitle: &facts.subtitle,
            site: &facts.site,
            agency: &facts.agency,
            place: &facts.place,
        }
    }
}

/// The text, and where its code points are.
struct Places<'a> {
    text: &'a str,
    points: CodePoints<'a>,
}

/// A piece of the text, in code points.
struct Place<'a> {
    text: &'a str,
    start: u64,
    end: u64,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        let points = CodePoints::of(text);
        Self { text, points }
    }

    fn find(
        &self,
        fact: &'static str,
        index: usize,
        range: &Range<usize>,
    ) -> Result<Place<'a>, RecordError> {
        let text = self.text.get(range.clone()).ok_or(RecordError::OffText {
            fact,
            index,
            start: range.start,
            end: range.end,
        })?;
        Ok(Place {
            text,
            start: self.points.before(range.start),
            end: self.points.before(range.end),
        })
    }
}

fn language_columns(language: Option<&Language>) -> (&str, &str, f64) {
    language.map_or(("", "", 0.0), |found| {
        (&found.tag, &found.script, rounded(found.score))
    })
}

fn segment_rows<'a>(
    facts: &'a Facts,
    places: &Places<'_>,
) -> Result<Vec<SegmentRow<'a>>, RecordError> {
    let rows = facts.segments.iter().enumerate();
    rows.map(|(index, segment)| {
        let place = places.find("language segment", index, &segment.range)?;
        let (language, script, score) = language_columns(Some(&segment.language));
        Ok(SegmentRow {
            start: place.start,
            end: place.end,
            language,
            script,
            score,
        })
    })
    .collect()
}

fn entity_rows<'a>(
    doc: &'a Document,
    places: &Places<'a>,
) -> Result<Vec<EntityRow<'a>>, RecordError> {
    let entities = &doc.facts().entities;
    let rows = entities.iter().enumerate();
    rows.map(|(index, entity)| {
        let place = places.find("entity", index, &entity.range)?;
        if let Some(mentioned) = entity.mention_of.filter(|other| *other >= entities.len()) {
            return Err(RecordError::NoSuchEntity { index, mentioned });
        }
        let source = doc.source_range(entity.range.clone());
        Ok(EntityRow {
            start: place.start,
            end: place.end,
            text: place.text,
            label: entity.label,
            norm: &entity.norm,
            link: &entity.link,
            mention_of: entity.mention_of.map(|other| other as u64),
            score: rounded(entity.score),
            src_start: source.start,
            src_end: source.end,
        })
    })
    .collect()
}

fn block_rows(facts: &Facts, places: &Places<'_>) -> Result<Vec<BlockRow>, RecordError> {
    let rows = facts.blocks.iter().enumerate();
    rows.map(|(index, block)| {
        let place = places.find("block", index, &block.range)?;
        Ok(BlockRow {
            kind: block.kind,
            start: place.start,
            end: place.end,
        })
    })
    .collect()
}

fn removed_rows(doc: &Document) -> Result<Vec<RemovedRow<'_>>, RecordError> {
    let rows = doc.facts().removed.iter().enumerate();
    rows.map(|(index, removed)| {
        let Range { start, end } = removed.raw;
        if start > end || end > doc.raw().len() {
            return Err(RecordError::OffRecord { index, start, end });
        }
        let source = doc.file_range(start..end);
        Ok(RemovedRow {
            src_start: source.start,
            src_end: source.end,
            rule: &removed.rule,
        })
    })
    .collect()
}

fn repair_rows(facts: &Facts) -> Vec<RepairRow<'_>> {
    let rows = facts.repairs.iter();
    rows.map(|(rule, count)| RepairRow {
        rule,
        count: *count,
    })
    .collect()
}

/// Rounds a score to four places. What is no number counts as 0: JSON has no other form for it.
fn rounded(score: f32) -> f64 {
    if !score.is_finite() {
        return 0.0;
    }
    // Adding 0 turns -0 into 0.
    (f64::from(score) * 1e4).round() / 1e4 + 0.0
}

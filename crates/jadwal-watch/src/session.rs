//! Submits the records of one file, in order.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use jadwal_core::document::{Document, DocumentId, Provenance};
use jadwal_core::facts::Encoding;
use jadwal_core::source::{Intake, Item, Permit, RawBytes, Refused, SourceFile, Submission};
use jiff::Timestamp;

use crate::json_record::{self, Record};
use crate::lines::{Content, Line};
use crate::open::Halt;
use crate::options::JsonlFields;
use crate::read::Position;
use crate::stats::SourceStats;

/// What follows a record in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Follows {
    /// Another record, here.
    Record(Position),
    /// Nothing: a new version of the file is another file.
    Nothing,
    /// Nothing yet: a version that begins as this one goes on here.
    Growth(Position),
}

/// What is the same for all records of a file.
pub(crate) struct Session<'a> {
    pub(crate) file: Arc<SourceFile>,
    pub(crate) label: String,
    pub(crate) modified: Timestamp,
    pub(crate) stats: &'a SourceStats,
    pub(crate) intake: &'a mut dyn Intake,
}

impl Session<'_> {
    /// Waits for room for one record.
    pub(crate) fn admit(&mut self, bytes: u64) -> Result<Box<dyn Permit>, Halt> {
        self.intake.admit(bytes).ok_or(Halt::Stopped)
    }

    /// Fails when the pipeline stops.
    pub(crate) fn go_on(&self) -> Result<(), Halt> {
        if self.intake.stopping() {
            Err(Halt::Stopped)
        } else {
            Ok(())
        }
    }

    pub(crate) fn submit(
        &mut self,
        permit: Box<dyn Permit>,
        item: Item,
        follows: Follows,
    ) -> Result<(), Halt> {
        match item {
            Item::Document(_) => self.stats.documents.add(1),
            Item::Refused(_) => {
                self.stats.documents.add(1);
                self.stats.refused.add(1);
            }
            Item::End => {}
        }
        let (next, end) = match follows {
            Follows::Record(next) => (Some(next.into()), None),
            Follows::Nothing => (None, None),
            Follows::Growth(end) => (None, Some(end.into())),
        };
        let submission = Submission {
            file: Arc::clone(&self.file),
            item,
            next,
            end,
        };
        if self.intake.submit(permit, submission) {
            Ok(())
        } else {
            Err(Halt::Stopped)
        }
    }

    /// Says that the file has no further record.
    pub(crate) fn end(&mut self, follows: Follows) -> Result<(), Halt> {
        let permit = self.admit(0)?;
        self.submit(permit, Item::End, follows)
    }

    pub(crate) fn provenance(&self, record_index: u64, bytes: Range<u64>) -> Provenance {
        Provenance {
            file_path: self.label.clone(),
            file_bytes: self.file.identity.size,
            modified: self.modified,
            record_index,
            bytes,
        }
    }

    /// Returns the document that `raw` is, the only one of its file.
    pub(crate) fn whole_document(&self, raw: Bytes) -> Item {
        let provenance = self.provenance(0, 0..raw.len() as u64);
        Item::Document(Box::new(Document::new(raw, provenance)))
    }

    /// Returns the document of a line of JSON, or the line refused. A line that is too long to be
    /// held is refused with the raw bytes that `long` gives for its place.
    pub(crate) fn json_document(
        &self,
        record_index: u64,
        line: Line,
        names: &JsonlFields,
        long: &mut dyn FnMut(Range<u64>) -> RawBytes,
    ) -> Item {
        let number = line.number;
        let raw = match line.content {
            Content::Whole(raw) => raw,
            Content::TooLong { len, hash } => {
                let bytes = line.start..line.start + len;
                let raw = long(bytes.clone());
                return Item::Refused(Box::new(Refused {
                    id: DocumentId::from_hash(&hash),
                    provenance: self.provenance(record_index, bytes),
                    error: format!("line {number} is too long for a document: {len} bytes"),
                    raw,
                    packed: false,
                }));
            }
        };
        let end = line.start + raw.len() as u64;
        let provenance = self.provenance(record_index, line.start..end);
        match read_record(&raw, names) {
            Ok(record) => Item::Document(Box::new(document_of(raw, provenance, record))),
            Err(error) => Item::Refused(Box::new(Refused {
                id: DocumentId::of(&raw),
                provenance,
                error: format!("line {number}: {error}"),
                raw: RawBytes::InMemory(raw),
                packed: false,
            })),
        }
    }
}

pub(crate) fn read_record(raw: &[u8], names: &JsonlFields) -> Result<Record, String> {
    let line = std::str::from_utf8(raw)
        .map_err(|error| format!("not UTF-8 from byte {} on", error.valid_up_to()))?;
    json_record::parse(line, names).map_err(|error| error.to_string())
}

pub(crate) fn document_of(raw: Bytes, provenance: Provenance, record: Record) -> Document {
    let mut document = Document::new(raw, provenance);
    document.replace_text(record.text);
    let facts = document.facts_mut();
    facts.url = record.url;
    facts.title = record.title;
    facts.created = record.created;
    facts.fields = record.fields;
    facts.encoding = Some(Encoding {
        name: "utf-8".to_owned(),
        score: 1.0,
    });
    document
}

/// Returns a file's modification time; times that no calendar holds become its nearest end.
pub(crate) fn timestamp(modified_ns: i128) -> Timestamp {
    Timestamp::from_nanosecond(modified_ns).unwrap_or(if modified_ns < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

//! Makes a document's line. That needs nothing but the document, so the runtime does it on the CPU pool, and
//! the stage has only to append.

use jadwal_core::{Document, StageError, StageResult, Transform, Verdict};

use crate::record_builder::RecordBuilder;

/// A record as JSON, with the line feed at its end.
#[derive(Debug)]
pub(crate) struct Line(pub(crate) Vec<u8>);

/// Makes lines, several at once.
#[derive(Debug)]
pub(crate) struct LineMaker {
    pub(crate) builder: RecordBuilder,
}

impl LineMaker {
    /// Returns the line of `doc`.
    ///
    /// # Errors
    /// Of the document, when it has no record.
    pub(crate) fn line(&self, doc: &Document) -> StageResult<Line> {
        let record = self
            .builder
            .record(doc)
            .map_err(|error| StageError::document("failed to make the record", error))?;
        // Half as much again as the text is what a record of news takes as a rule.
        let mut line = Vec::with_capacity(record.text.len() * 3 / 2);
        serde_json::to_writer(&mut line, &record)
            .map_err(|error| StageError::document("failed to write the record as JSON", error))?;
        line.push(b'\n');
        Ok(Line(line))
    }
}

impl Transform for LineMaker {
    fn apply(&self, doc: &mut Document) -> StageResult {
        doc.set_prepared(self.line(doc)?);
        Ok(Verdict::Pass)
    }
}

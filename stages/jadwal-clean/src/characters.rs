//! The steps that look at bytes and characters: `decode`, `mojibake`, `controls`, `unicode`, and the
//! joining of wrapped lines. Each has its switch, and each counts what it did.

use std::borrow::Cow;

use jadwal_core::facts::Encoding;
use jadwal_core::{Document, DropReason, Edited, StageError, StageResult, Verdict};
use serde_json::json;

use crate::clean::{Clean, Markup, add_repairs};
use crate::controls;
use crate::decode::{decode, decode_utf8};
use crate::options::{QualityLabels, VisualOrder};
use crate::quality::Quality;
use crate::removals::removed;
use crate::spelling;
use crate::unicode::{self, Repairs};
use crate::visual;
use crate::wraps;

const BAD_BYTES: &str = "bad-bytes";

/// An edit of the text, which counts what it did.
type Edit<'e> = &'e dyn Fn(&str, &mut Repairs) -> Option<Edited>;

impl Clean {
    pub(crate) fn decode(&self, doc: &mut Document) -> Result<(), StageError> {
        if doc.has_text() {
            return Ok(());
        }
        let decoded = match self.options.decode {
            true => decode(doc.raw()),
            false => decode_utf8(doc.raw()),
        };
        let decoded =
            decoded.map_err(|error| StageError::document("failed to decode the file", error))?;
        doc.replace_text(decoded.edited);
        let facts = doc.facts_mut();
        facts.encoding = Some(Encoding {
            name: decoded.encoding,
            score: decoded.score,
        });
        if !decoded.bad.is_empty() {
            let count = decoded.bad.len() as u64;
            facts.repairs.insert(Cow::Borrowed(BAD_BYTES), count);
            let bad = decoded.bad.into_iter();
            facts.removed.extend(bad.map(|raw| removed(raw, BAD_BYTES)));
        }
        Ok(())
    }

    pub(crate) fn mojibake(&self, doc: &mut Document) -> Result<(), StageError> {
        if !self.options.mojibake {
            return Ok(());
        }
        let mut repairs = Repairs::new();
        for round in self.mojibake.repair(doc.text()?, &mut repairs) {
            doc.replace_text(round);
        }
        add_repairs(doc, repairs);
        Ok(())
    }

    /// Tidies what is no text. Where markup was read, its references are read already.
    pub(crate) fn controls(&self, doc: &mut Document, markup: &Markup) -> Result<(), StageError> {
        if !self.options.controls {
            return Ok(());
        }
        if markup.kinds.is_empty() {
            apply(doc, &[&controls::entities])?;
        }
        apply(doc, &[&controls::tidy])
    }

    pub(crate) fn unicode(&self, doc: &mut Document) -> Result<(), StageError> {
        if self.options.unicode {
            if self.options.visual_order == VisualOrder::Reverse {
                apply(doc, &[&visual::turn])?;
            }
            let characters = unicode::Characters::new(&self.options, doc.text()?);
            let tidy = |text: &str, repairs: &mut Repairs| characters.tidy(text, repairs);
            apply(doc, &[&tidy, &unicode::compose])?;
        }
        let spelling = &self.options.spelling;
        match spelling.is_off() {
            true => Ok(()),
            false => apply(
                doc,
                &[&|text, repairs| spelling::fold(text, spelling, repairs)],
            ),
        }
    }

    /// Labels the quality of the text, where that is asked for.
    pub(crate) fn quality(&self, doc: &mut Document) -> StageResult {
        if self.options.quality == QualityLabels::Off {
            return Ok(Verdict::Pass);
        }
        let quality = Quality::of(doc.text()?);
        doc.set_extra(&self.id, json!({ "quality": quality.label() }));
        if self.options.quality == QualityLabels::Drop && !quality.reasons.is_empty() {
            let why = format!("quality: {}", quality.reasons.join(", "));
            return Ok(Verdict::Drop(DropReason::Filtered { why }));
        }
        Ok(Verdict::Pass)
    }

    /// Joins lines that were wrapped at a fixed width. Lines of a page are whole already.
    pub(crate) fn join_lines(&self, doc: &mut Document, markup: &Markup) -> Result<(), StageError> {
        match self.options.join_lines && markup.kinds.is_empty() {
            true => apply(doc, &[&wraps::join]),
            false => Ok(()),
        }
    }
}

/// Makes the edits one after the other.
fn apply(doc: &mut Document, edits: &[Edit<'_>]) -> Result<(), StageError> {
    let mut repairs = Repairs::new();
    for edit in edits {
        if let Some(edited) = edit(doc.text()?, &mut repairs) {
            doc.replace_text(edited);
        }
    }
    add_repairs(doc, repairs);
    Ok(())
}

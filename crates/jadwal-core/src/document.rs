//! What flows through the pipeline: one record of a file, its text and what is known of it.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StageError;
use crate::facts::Facts;
use crate::origin::{Edited, OriginMap};
use crate::state::StateWrite;

/// Names a document by its content: the first 128 bits of BLAKE3 over the record's raw bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DocumentId([u8; 16]);

impl DocumentId {
    /// Returns the id of a record with these raw bytes.
    #[must_use]
    pub fn of(raw: &[u8]) -> Self {
        Self::from_hash(&blake3::hash(raw))
    }

    /// Returns the id for a BLAKE3 hash that was computed piece by piece.
    #[must_use]
    pub fn from_hash(hash: &blake3::Hash) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&hash.as_bytes()[..16]);
        Self(id)
    }

    /// Returns the id whose 16 bytes are `bytes`, if there are 16.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the 16 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<DocumentId> for String {
    fn from(id: DocumentId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for DocumentId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for DocumentId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not a document id (32 hexadecimal digits)");
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut id = [0; 16];
        for (index, byte) in id.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(id))
    }
}

/// Where a record lies: which file, which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Path for people and records, relative to the source's root; bytes that are not UTF-8 as `\xNN`.
    pub file_path: String,
    /// Length of the file on disk in bytes (packed length for `.gz` and `.zst`).
    pub file_bytes: u64,
    /// When the file was last modified.
    pub modified: Timestamp,
    /// Number of the record in the file, from 0.
    pub record_index: u64,
    /// Where the record lies in the file's (unpacked) bytes.
    pub bytes: Range<u64>,
}

/// One record on its way: raw bytes that never change, a working text, facts.
///
/// Cloning shares the bytes, the text and the facts.
#[derive(Clone, Debug)]
pub struct Document {
    id: DocumentId,
    raw: Bytes,
    provenance: Arc<Provenance>,
    text: Option<Arc<str>>,
    map: Arc<OriginMap>,
    facts: Arc<Facts>,
    extra: BTreeMap<String, serde_json::Value>,
    on_delivery: Vec<StateWrite>,
    prepared: Prepared,
    seq: u64,
}

impl Document {
    /// Returns the document of a record that is still undecoded.
    #[must_use]
    pub fn new(raw: Bytes, provenance: Provenance) -> Self {
        Self {
            id: DocumentId::of(&raw),
            map: Arc::default(),
            raw,
            provenance: Arc::new(provenance),
            text: None,
            facts: Arc::default(),
            extra: BTreeMap::new(),
            on_delivery: Vec::new(),
            prepared: Prepared::default(),
            seq: 0,
        }
    }

    /// Returns a document whose text is read already, the whole of the file `file_path`: what a stage is
    /// given when it is tried alone.
    #[must_use]
    pub fn of_text(file_path: &str, text: &str) -> Self {
        let raw = Bytes::copy_from_slice(text.as_bytes());
        let provenance = Provenance {
            file_path: file_path.to_owned(),
            file_bytes: raw.len() as u64,
            modified: Timestamp::UNIX_EPOCH,
            record_index: 0,
            bytes: 0..raw.len() as u64,
        };
        let mut doc = Self::new(raw, provenance);
        doc.replace_text(Edited {
            text: text.to_owned(),
            map: OriginMap::identity(text.len()),
        });
        doc
    }

    /// Returns the id: the hash of the raw bytes.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// Returns the record's bytes as they lie in the (unpacked) file.
    #[must_use]
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Returns where the record came from.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Returns the shared handle to the provenance.
    #[must_use]
    pub fn provenance_handle(&self) -> Arc<Provenance> {
        Arc::clone(&self.provenance)
    }

    /// Returns the admission number, unique in one state store and rising.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Sets the admission number; done once, at admission.
    pub fn set_seq(&mut self, seq: u64) {
        self.seq = seq;
    }

    /// Whether a text was decoded yet. Records of JSON Lines files arrive with one.
    #[must_use]
    pub fn has_text(&self) -> bool {
        self.text.is_some()
    }

    /// Returns the working text.
    ///
    /// # Errors
    /// Fatal when no stage gave a text: the plan's order is wrong.
    pub fn text(&self) -> Result<&str, StageError> {
        self.text
            .as_deref()
            .ok_or_else(|| StageError::fatal_message("no stage before this one gave a text"))
    }

    /// Returns a shared handle to the working text; see [`Document::text`].
    ///
    /// # Errors
    /// As [`Document::text`].
    pub fn text_handle(&self) -> Result<Arc<str>, StageError> {
        self.text()?;
        Ok(self.text.as_ref().map_or_else(|| Arc::from(""), Arc::clone))
    }

    /// Replaces the text. `edited.map` leads to the text before, or to the raw bytes where there was
    /// none; the facts that pointed into the text before are cleared.
    ///
    /// # Panics
    /// When the map does not have the length of the text.
    pub fn replace_text(&mut self, edited: Edited) {
        assert_eq!(
            edited.map.text_len(),
            edited.text.len(),
            "the map covers the whole text"
        );
        let map = match self.text {
            Some(_) => edited.map.compose(&self.map),
            None => edited.map,
        };
        self.map = Arc::new(map);
        self.text = Some(edited.text.into());
        Arc::make_mut(&mut self.facts).forget_text();
        self.forget_prepared();
    }

    /// Returns the map from the text to the raw bytes.
    #[must_use]
    pub fn origin_map(&self) -> &OriginMap {
        &self.map
    }

    /// Returns where `text`, a byte range of the text, lies in the (unpacked) file.
    #[must_use]
    pub fn source_range(&self, text: Range<usize>) -> Range<u64> {
        self.file_range(self.map.source_range(text))
    }

    /// Returns where `raw`, a byte range of the raw bytes, lies in the (unpacked) file.
    #[must_use]
    pub fn file_range(&self, raw: Range<usize>) -> Range<u64> {
        let base = self.provenance.bytes.start;
        base + raw.start as u64..base + raw.end as u64
    }

    /// Returns what is known of the document.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns the facts for changing.
    pub fn facts_mut(&mut self) -> &mut Facts {
        Arc::make_mut(&mut self.facts)
    }

    /// Returns what custom stages said, by stage id.
    #[must_use]
    pub fn extra(&self) -> &BTreeMap<String, serde_json::Value> {
        &self.extra
    }

    /// Sets what the stage `stage_id` says of the document.
    pub fn set_extra(&mut self, stage_id: &str, value: serde_json::Value) {
        self.extra.insert(stage_id.to_owned(), value);
    }

    /// Asks that `write` be stored in the very transaction that records this document's delivery.
    /// If the document is not delivered, nothing is written.
    pub fn write_on_delivery(&mut self, write: StateWrite) {
        self.on_delivery.push(write);
    }

    /// Returns what is to be written when the document is delivered.
    #[must_use]
    pub fn delivery_writes(&self) -> &[StateWrite] {
        &self.on_delivery
    }

    /// Leaves `value` for the stage that comes next; see [`Stage::preparation`](crate::Stage::preparation).
    pub fn set_prepared<T: Send + Sync + 'static>(&mut self, value: T) {
        self.prepared = Prepared(Some(Arc::new(value)));
    }

    /// Returns what a preparation left, if it is a `T`. A new text makes it void.
    #[must_use]
    pub fn prepared<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let value = self.prepared.0.as_ref()?;
        Arc::clone(value).downcast().ok()
    }

    /// Frees what a preparation left.
    pub fn forget_prepared(&mut self) {
        self.prepared = Prepared::default();
    }
}

/// What a preparation left, whatever its type.
#[derive(Clone, Default)]
struct Prepared(Option<Arc<dyn Any + Send + Sync>>);

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "present" } else { "none" })
    }
}

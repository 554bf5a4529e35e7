//! The part of the work that needs nothing but the document: keys, and the sketch with what stands
//! behind it. The runtime does it on the CPU pool, before documents are compared in their order.

use std::sync::{Mutex, PoisonError};

use jadwal_core::fold::Folded;
use jadwal_core::{Document, StageResult, Transform, Verdict};

use crate::keys::Keys;
use crate::options::DedupOptions;
use crate::row::Origin;
use crate::sketch::{Reader, Reading};

/// What a document says of itself, before it is compared.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) keys: Keys,
    /// `None` where near copies are not looked for, or the text is too short.
    pub(crate) reading: Option<Reading>,
    pub(crate) origin: Origin,
}

/// Reads documents, several at once.
pub(crate) struct Readers {
    options: DedupOptions,
    /// Those that no thread uses now. The lock is held for two moves only.
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    pub(crate) fn new(options: DedupOptions) -> Self {
        Self {
            options,
            idle: Mutex::default(),
        }
    }

    /// Reads `doc`.
    ///
    /// # Errors
    /// Fatal, when it has no text.
    pub(crate) fn read(&self, doc: &Document) -> StageResult<Read> {
        let folded = Folded::of(doc.text()?);
        let keys = Keys::of(doc, &folded.text, &self.options);
        let reading = match self.options.near {
            true => self.lend(|reader| reader.read(folded)),
            false => None,
        };
        Ok(Read {
            keys,
            reading,
            origin: Origin::of(doc),
        })
    }

    /// Calls `work` with a reader that nobody else has.
    pub(crate) fn lend<T>(&self, work: impl FnOnce(&mut Reader) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = idle().pop().unwrap_or_else(Reader::new);
        let told = work(&mut reader);
        reader.forget();
        idle().push(reader);
        told
    }
}

impl Transform for Readers {
    fn apply(&self, doc: &mut Document) -> StageResult {
        doc.set_prepared(self.read(doc)?);
        Ok(Verdict::Pass)
    }
}

//! The keys by which documents are equal, and what the store keeps under them.

use jadwal_core::{Document, DocumentId, StageError};

use crate::options::DedupOptions;
use crate::relation::Relation;
use crate::row::{LAYOUT, unknown_layout};

/// What two equal documents share: the tag is the key's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    tag: u8,
    hash: [u8; 32],
}

impl Key {
    fn raw(bytes: &[u8]) -> Self {
        let hash = blake3::hash(bytes).into();
        Self { tag: b'r', hash }
    }

    fn text(folded: &str) -> Self {
        let hash = blake3::hash(folded.as_bytes()).into();
        Self { tag: b't', hash }
    }

    /// Returns the relation of documents that share it.
    pub(crate) fn relation(self) -> Relation {
        match self.tag {
            b'r' => Relation::Raw,
            _ => Relation::Text,
        }
    }

    /// Returns the key as the store holds it.
    pub(crate) fn to_bytes(self) -> [u8; 33] {
        let mut bytes = [self.tag; 33];
        bytes[1..].copy_from_slice(&self.hash);
        bytes
    }
}

/// The keys of one document, raw bytes first. A text without letters and digits has no text key:
/// all such texts would be equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys([Option<Key>; 2]);

impl Keys {
    /// Returns the keys of `doc`, whose folded text is `folded`, that `options` asks for.
    pub(crate) fn of(doc: &Document, folded: &str, options: &DedupOptions) -> Self {
        let raw = options.raw.then(|| Key::raw(doc.raw()));
        let text = (options.text && !folded.is_empty()).then(|| Key::text(folded));
        Self([raw, text])
    }

    /// Returns the keys, raw bytes first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Key> + '_ {
        self.0.iter().copied().flatten()
    }

    /// Returns the keys that `keep` holds for.
    pub(crate) fn filter(&self, keep: impl Fn(Key) -> bool) -> Self {
        Self(self.0.map(|key| key.filter(|key| keep(*key))))
    }
}

/// What is stored under a key: who had it first, and that one's cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) id: DocumentId,
    pub(crate) cluster: DocumentId,
}

impl Holder {
    /// Returns the stored form.
    pub(crate) fn encode(self) -> Vec<u8> {
        [&[LAYOUT][..], self.id.as_bytes(), self.cluster.as_bytes()].concat()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// Fatal, when it was written by another version.
    pub(crate) fn decode(value: &[u8]) -> Result<Self, StageError> {
        let ids = match value.split_first() {
            Some((&LAYOUT, ids)) => ids.split_at_checked(16),
            _ => None,
        };
        let (id, cluster) = ids.ok_or_else(unknown_layout)?;
        DocumentId::from_bytes(id)
            .zip(DocumentId::from_bytes(cluster))
            .map(|(id, cluster)| Self { id, cluster })
            .ok_or_else(unknown_layout)
    }
}

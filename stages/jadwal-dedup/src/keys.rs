//! The keys by which documents are compared, and what the store keeps under them.

use jadwal_core::fold::fold;
use jadwal_core::{Document, DocumentId, StageError};

use crate::options::DedupOptions;

/// The first byte of every stored value; another one means another layout.
const LAYOUT: u8 = 1;

/// What is equal in two documents that share a key. The tag is the key's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Likeness {
    Raw,
    Text,
}

impl Likeness {
    fn tag(self) -> u8 {
        match self {
            Self::Raw => b'r',
            Self::Text => b't',
        }
    }

    /// Returns the name that drop reasons use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Text => "text",
        }
    }
}

/// A tag and the BLAKE3-256 of what is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) likeness: Likeness,
    hash: [u8; 32],
}

impl Key {
    fn of(likeness: Likeness, compared: &[u8]) -> Self {
        let hash = blake3::hash(compared).into();
        Self { likeness, hash }
    }

    /// Returns the key as the store holds it.
    pub(crate) fn to_bytes(self) -> [u8; 33] {
        let mut bytes = [self.likeness.tag(); 33];
        bytes[1..].copy_from_slice(&self.hash);
        bytes
    }
}

/// The keys of one document, raw bytes first. A text without letters and digits has no text key:
/// all such texts would be twins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys([Option<Key>; 2]);

impl Keys {
    /// Returns the keys of `doc` that `options` asks for.
    pub(crate) fn of(doc: &Document, options: &DedupOptions) -> Result<Self, StageError> {
        let raw = options.raw.then(|| Key::of(Likeness::Raw, doc.raw()));
        let mut text = None;
        if options.text {
            let folded = fold(doc.text()?);
            if !folded.is_empty() {
                text = Some(Key::of(Likeness::Text, folded.as_bytes()));
            }
        }
        Ok(Self([raw, text]))
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

/// Returns the value that is stored under the keys of a member of the cluster `cluster`.
pub(crate) fn encode_cluster(cluster: DocumentId) -> Vec<u8> {
    let mut value = vec![LAYOUT];
    value.extend_from_slice(cluster.as_bytes());
    value
}

/// Reads a stored value: the id of the cluster's first member.
pub(crate) fn decode_cluster(value: &[u8]) -> Result<DocumentId, StageError> {
    match value.split_first() {
        Some((&LAYOUT, id)) => DocumentId::from_bytes(id),
        _ => None,
    }
    .ok_or_else(|| {
        StageError::fatal_message(
            "a stored fingerprint has an unknown layout; it was written by another version",
        )
    })
}

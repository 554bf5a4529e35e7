//! What the store keeps of a delivered document, and of what a batch learnt, byte by byte.

use jadwal_core::shingle::word_hash;
use jadwal_core::{Document, StageError};

use crate::lines::{Counted, Line, counted};
use crate::options::GroupBy;

/// The first byte of every stored value; another one means another layout.
const LAYOUT: u8 = 1;

/// Key of the name of the batch that learnt.
pub(crate) const BATCH_KEY: &[u8] = b"m";

/// What one document brings to the counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The group it is counted in.
    pub(crate) group: u64,
    /// Its different lines.
    pub(crate) lines: Vec<Counted>,
}

impl Row {
    /// Returns the row of a document of `group` with these lines; `None` where nothing is counted.
    pub(crate) fn new(group: u64, lines: &[Line]) -> Option<Self> {
        let lines = counted(lines);
        (!lines.is_empty()).then_some(Self { group, lines })
    }

    /// Returns the stored form: 9 bytes a line.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(9 + 9 * self.lines.len());
        bytes.push(LAYOUT);
        bytes.extend_from_slice(&self.group.to_le_bytes());
        for line in &self.lines {
            bytes.extend_from_slice(&line.hash.to_le_bytes());
            bytes.push(line.long_words);
        }
        bytes
    }

    /// Reads a stored form.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, StageError> {
        let rest = bytes.strip_prefix(&[LAYOUT]).ok_or_else(unknown_layout)?;
        let (group, lines) = rest.split_first_chunk::<8>().ok_or_else(unknown_layout)?;
        let (lines, []) = lines.as_chunks::<9>() else {
            return Err(unknown_layout());
        };
        let line = |[hash @ .., long_words]: &[u8; 9]| Counted {
            hash: u64::from_le_bytes(*hash),
            long_words: *long_words,
        };
        Ok(Self {
            group: u64::from_le_bytes(*group),
            lines: lines.iter().map(line).collect(),
        })
    }
}

/// What a batch learnt of one group: documents counted, and how many had each line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LearnedRow {
    pub(crate) documents: u32,
    pub(crate) lines: Vec<(u64, u32)>,
}

impl LearnedRow {
    /// Returns the stored form: 12 bytes a line.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT];
        bytes.extend_from_slice(&self.documents.to_le_bytes());
        for (hash, count) in &self.lines {
            bytes.extend_from_slice(&hash.to_le_bytes());
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        bytes
    }

    /// Reads a stored form.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, StageError> {
        let rest = bytes.strip_prefix(&[LAYOUT]).ok_or_else(unknown_layout)?;
        let (documents, rest) = rest.split_first_chunk::<4>().ok_or_else(unknown_layout)?;
        let (lines, []) = rest.as_chunks::<12>() else {
            return Err(unknown_layout());
        };
        let line = |line: &[u8; 12]| {
            let (hash, count) = line.split_first_chunk::<8>()?;
            let count = count.try_into().ok()?;
            Some((u64::from_le_bytes(*hash), u32::from_le_bytes(count)))
        };
        let lines: Option<Vec<_>> = lines.iter().map(line).collect();
        Ok(Self {
            documents: u32::from_le_bytes(*documents),
            lines: lines.ok_or_else(unknown_layout)?,
        })
    }
}

fn unknown_layout() -> StageError {
    StageError::fatal_message(
        "stored counts of lines have an unknown layout: another version wrote them; go on with that \
         version, or let `jadwal state forget --stage` forget what this stage stored, and begin to \
         count anew",
    )
}

/// Returns the key of the row of the document with this admission number.
pub(crate) fn row_key(seq: u64) -> [u8; 9] {
    tagged(b'n', seq)
}

/// Returns the admission number in the key of a row.
pub(crate) fn row_seq(key: &[u8]) -> Option<u64> {
    let number = key.strip_prefix(b"n")?;
    number.try_into().ok().map(u64::from_be_bytes)
}

/// Returns the key under which it is kept what a batch learnt of `group`.
pub(crate) fn learned_key(group: u64) -> [u8; 9] {
    tagged(b'l', group)
}

/// Returns the group in the key of what a batch learnt.
pub(crate) fn learned_group(key: &[u8]) -> Option<u64> {
    let group = key.strip_prefix(b"l")?;
    group.try_into().ok().map(u64::from_be_bytes)
}

fn tagged(tag: u8, number: u64) -> [u8; 9] {
    let mut key = [tag; 9];
    key[1..].copy_from_slice(&number.to_be_bytes());
    key
}

/// Returns the group that `doc` is counted in; `None` where it is in none.
pub(crate) fn group_of(doc: &Document, by: GroupBy) -> Option<u64> {
    let host = || host(&doc.facts().url).map(|host| word_hash(&format!("host {host}")));
    let folder = || {
        let path = &doc.provenance().file_path;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        word_hash(&format!("folder {folder}"))
    };
    match by {
        GroupBy::Host => host(),
        GroupBy::Folder => Some(folder()),
        GroupBy::Auto => Some(host().unwrap_or_else(folder)),
    }
}

/// Returns the host of `url` without `www.`, in lower case.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.trim().split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Guarantees: what is written is read back; any other bytes are refused or read, never a panic.
        #[test]
        fn rows_are_read_as_they_were_written(
            group: u64,
            lines in prop::collection::vec((any::<u64>(), any::<u8>()), 0..9),
            learned in prop::collection::vec(any::<(u64, u32)>(), 0..9),
            any in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let lines = lines.into_iter();
            let lines = lines.map(|(hash, long_words)| Counted { hash, long_words }).collect();
            let row = Row { group, lines };
            prop_assert_eq!(Row::decode(&row.encode()).unwrap(), row);
            let row = LearnedRow { documents: 7, lines: learned };
            prop_assert_eq!(LearnedRow::decode(&row.encode()).unwrap(), row);
            let _ = (Row::decode(&any).is_ok(), LearnedRow::decode(&any).is_ok());
        }
    }

    #[test]
    fn a_host_is_told_without_what_changes() {
        for (url, expected) in [
            ("https://www.Example.org/a?b", Some("example.org")),
            (
                "http://news.example.org:8080#x",
                Some("news.example.org:8080"),
            ),
            ("https://user@example.org", Some("example.org")),
            ("/relative", None),
            ("", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn documents_without_an_address_belong_to_their_folder() {
        let mut doc = Document::of_text("desk/a.txt", "x");
        let folder = group_of(&doc, GroupBy::Auto);
        assert_eq!(group_of(&doc, GroupBy::Host), None);
        assert_eq!(group_of(&doc, GroupBy::Folder), folder);
        let neighbour = Document::of_text("desk/b.txt", "x");
        assert_eq!(group_of(&neighbour, GroupBy::Auto), folder);
        let other = Document::of_text("desk/sport/b.txt", "x");
        assert_ne!(group_of(&other, GroupBy::Auto), folder);
        doc.facts_mut().url = "https://example.org/1".to_owned();
        assert_eq!(group_of(&doc, GroupBy::Auto), group_of(&doc, GroupBy::Host));
        assert_eq!(group_of(&doc, GroupBy::Folder), folder);
    }
}

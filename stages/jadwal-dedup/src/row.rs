//! What the store keeps of a document for near-duplicate search, byte by byte, and the header that
//! says how it was made.

use jadwal_core::shingle::word_hash;
use jadwal_core::{Document, DocumentId, StageError};

use crate::few::Few;
use crate::figures::{Figure, MOST_FIGURES};
use crate::names::MOST_NAMES;
use crate::sketch::{
    BANDS, MOST_PIECES, PIECE_WORDS, ROWS, RUN_WORDS, RUNS, SAMPLE, SHINGLE_WORDS, Sample, Sketch,
    whole_keys,
};
use crate::table::GENERATION;

/// The first byte of every stored value; another one means another layout.
pub(crate) const LAYOUT: u8 = 4;

/// Key of the header.
pub(crate) const HEADER_KEY: &[u8] = b"h";

/// Returns the header: the layout, and all parameters that rows of one store must share.
pub(crate) fn header() -> Vec<u8> {
    format!(
        "layout {LAYOUT}, shingles of {SHINGLE_WORDS} words, {BANDS} bands of {ROWS}, \
         {RUNS} runs of {RUN_WORDS} words, sample of {SAMPLE}, {MOST_PIECES} pieces of {PIECE_WORDS} words, \
         {MOST_FIGURES} figures, {MOST_NAMES} names, generations of {GENERATION}"
    )
    .into_bytes()
}

/// Returns the error for a value that this version can't read.
pub(crate) fn unknown_layout() -> StageError {
    StageError::fatal_message(
        "a stored fingerprint has an unknown layout: another version wrote it; go on with that \
         version, or let `jadwal state forget --stage` forget what this stage stored, and copies of \
         documents before that with it",
    )
}

/// Returns the key of the row of the document with this admission number.
pub(crate) fn row_key(seq: u64) -> [u8; 9] {
    let mut key = [b'n'; 9];
    key[1..].copy_from_slice(&seq.to_be_bytes());
    key
}

/// Returns the admission number in the key of a row.
pub(crate) fn row_seq(key: &[u8]) -> Option<u64> {
    let number = key.strip_prefix(b"n")?;
    number.try_into().ok().map(u64::from_be_bytes)
}

/// Returns the key under which the number of a cluster's members is kept.
pub(crate) fn cluster_key(cluster: DocumentId) -> [u8; 17] {
    let mut key = [b'c'; 17];
    key[1..].copy_from_slice(cluster.as_bytes());
    key
}

/// Where and when a document comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// When its file was modified, in seconds since 1970.
    pub(crate) modified: i64,
    /// Hash of its address, 0 for none.
    pub(crate) url: u64,
    /// Hash of the address's host, 0 for none.
    pub(crate) host: u64,
}

impl Origin {
    pub(crate) fn of(doc: &Document) -> Self {
        let url = &doc.facts().url;
        let (host, rest) = split_url(url);
        let some = !host.is_empty();
        let hash = |text: &str| if some { word_hash(text).max(1) } else { 0 };
        Self {
            modified: doc.provenance().modified.as_second(),
            url: hash(&format!("{host}{rest}")),
            host: hash(&host),
        }
    }
}

/// Returns the host of `url` and what follows it, without what changes from visit to visit: scheme,
/// `www.`, fragment, tracking parameters, a slash at the end.
fn split_url(url: &str) -> (String, String) {
    let url = url.trim();
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.split('#').next().unwrap_or_default();
    let at = url.find(['/', '?']).unwrap_or(url.len());
    let (host, rest) = url.split_at(at);
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let tracks = |parameter: &&str| {
        let name = parameter.split('=').next().unwrap_or_default();
        name.starts_with("utm_") || matches!(name, "" | "fbclid" | "gclid" | "ref")
    };
    let mut rest = path.trim_end_matches('/').to_owned();
    for parameter in query.split('&').filter(|parameter| !tracks(parameter)) {
        rest.push(if rest.contains('?') { '&' } else { '?' });
        rest.push_str(parameter);
    }
    (host, rest)
}

/// A delivered document, as near-duplicate search knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: DocumentId,
    pub(crate) cluster: DocumentId,
    pub(crate) origin: Origin,
    pub(crate) sketch: Sketch,
}

impl Row {
    /// Returns the stored form.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let sketch = &self.sketch;
        let mut bytes = Vec::with_capacity(768);
        bytes.push(LAYOUT);
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.extend_from_slice(self.cluster.as_bytes());
        bytes.extend_from_slice(&self.origin.modified.to_le_bytes());
        bytes.extend_from_slice(&self.origin.url.to_le_bytes());
        bytes.extend_from_slice(&self.origin.host.to_le_bytes());
        for band in &sketch.bands {
            bytes.extend_from_slice(&band.to_le_bytes());
        }
        put(&mut bytes, sketch.runs.len() as u32);
        for run in sketch.runs.iter() {
            bytes.extend_from_slice(&run.to_le_bytes());
        }
        put(&mut bytes, sketch.words);
        put(&mut bytes, sketch.sample.of);
        put_rising(&mut bytes, &sketch.sample.values);
        put(&mut bytes, u32::from(sketch.all_pieces));
        put(&mut bytes, sketch.pieces.len() as u32);
        for piece in sketch.pieces.iter() {
            bytes.extend_from_slice(&piece.to_le_bytes());
        }
        put(&mut bytes, sketch.figures.len() as u32);
        for figure in sketch.figures.iter() {
            bytes.extend_from_slice(&figure.frame.to_le_bytes());
            bytes.extend_from_slice(&figure.value.to_le_bytes());
        }
        put(&mut bytes, sketch.names.len() as u32);
        for name in sketch.names.iter() {
            bytes.extend_from_slice(&name.to_le_bytes());
        }
        bytes
    }

    /// Reads from each cache line that a comparison begins with; what it returns means nothing.
    pub(crate) fn look(&self) -> u32 {
        const A_LINE: usize = 64 / size_of::<u32>();
        let lines = self.sketch.sample.values.iter().step_by(A_LINE);
        lines.fold(self.origin.modified as u32, |sum, value| {
            sum.wrapping_add(*value)
        })
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// Fatal, when it was written by another version or is damaged.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, StageError> {
        Self::parse(&mut Bytes(bytes)).ok_or_else(unknown_layout)
    }

    fn parse(bytes: &mut Bytes<'_>) -> Option<Self> {
        if bytes.take::<1>()? != [LAYOUT] {
            return None;
        }
        let id = DocumentId::from_bytes(&bytes.take::<16>()?)?;
        let cluster = DocumentId::from_bytes(&bytes.take::<16>()?)?;
        let origin = Origin {
            modified: i64::from_le_bytes(bytes.take()?),
            url: u64::from_le_bytes(bytes.take()?),
            host: u64::from_le_bytes(bytes.take()?),
        };
        let mut bands = [0; BANDS];
        for band in &mut bands {
            *band = u32::from_le_bytes(bytes.take()?);
        }
        let runs = bytes.list(|bytes| Some(u32::from_le_bytes(bytes.take()?)))?;
        let words = bytes.number()?;
        let of = bytes.number()?;
        let values = bytes.rising()?;
        let all_pieces = bytes.number()? == 1;
        let pieces = bytes.list(|bytes| Some(u32::from_le_bytes(bytes.take()?)))?;
        let figures = bytes.list(|bytes| {
            Some(Figure {
                frame: u16::from_le_bytes(bytes.take()?),
                value: u16::from_le_bytes(bytes.take()?),
            })
        })?;
        let names = bytes.list(|bytes| Some(u16::from_le_bytes(bytes.take()?)))?;
        bytes.0.is_empty().then_some(Self {
            id,
            cluster,
            origin,
            sketch: Sketch {
                words,
                bands,
                runs,
                sample: Sample { of, values },
                pieces,
                all_pieces,
                whole: whole_keys(&figures, &names),
                figures,
                names,
            },
        })
    }
}

/// Appends `number`, seven bits a byte, lowest first.
pub(crate) fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends numbers that rise, as their differences.
fn put_rising(bytes: &mut Vec<u8>, values: &[u32]) {
    put(bytes, values.len() as u32);
    let mut before = 0;
    for value in values {
        put(bytes, value - before);
        before = *value;
    }
}

/// Bytes that are still to be read.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Bytes<'_> {
    pub(crate) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.take()?;
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Reads a list; `None` where it is longer than any that is written.
    fn list<T: Copy + Default, const N: usize>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Few<T, N>> {
        let mut list = Few::default();
        for _ in 0..self.number()? {
            list.push(one(self)?).then_some(())?;
        }
        Some(list)
    }

    fn rising<const N: usize>(&mut self) -> Option<Few<u32, N>> {
        let mut value = 0_u32;
        self.list(|bytes| {
            value = value.checked_add(bytes.number()?)?;
            Some(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Reader;
    use jadwal_core::fold::Folded;

    #[test]
    fn a_row_survives_its_stored_form_and_damage_is_told() {
        for words in [8, 90, 600, 9000] {
            let text: String = (0..words)
                .map(|word| format!("كلمة{word} {word} محمد. "))
                .collect();
            let reading = Reader::new().read(Folded::of(&text)).unwrap();
            let row = Row {
                id: DocumentId::of(b"a"),
                cluster: DocumentId::of(b"b"),
                origin: Origin {
                    modified: -5,
                    url: 7,
                    host: u64::MAX,
                },
                sketch: reading.sketch,
            };
            let bytes = row.encode();
            assert_eq!(Row::decode(&bytes).unwrap(), row);
            for cut in 0..bytes.len() {
                assert!(Row::decode(&bytes[..cut]).is_err(), "cut at {cut}");
            }
        }
    }

    #[test]
    fn addresses_of_one_page_are_one() {
        let cases = [
            (
                "https://www.a.org/x/1?utm_source=b#top",
                "http://A.org/x/1/",
                true,
            ),
            ("https://a.org/x?id=1", "https://a.org/x?id=2", false),
            ("https://a.org/x?id=1&fbclid=z", "a.org/x?id=1", true),
            ("https://a.org/x", "https://b.org/x", false),
        ];
        for (left, right, same) in cases {
            assert_eq!(split_url(left) == split_url(right), same, "{left} {right}");
        }
        assert_eq!(split_url(""), (String::new(), String::new()));
    }
}

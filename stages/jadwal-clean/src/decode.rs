//! Turns raw bytes into text, and says in which encoding they were written.
//!
//! The order of the questions is the whole method: a byte order mark; UTF-16 without one, seen by
//! the bytes at every second place; strict UTF-8; UTF-8 with a few bad bytes; a statistical guess
//! among the older encodings, with a vote of what the page declares. The fourth question matters most in practice: one
//! bad byte is enough for a statistical guess to take Arabic UTF-8 for a Windows code page.
//!
//! Promises: never a U+FFFD that the bytes did not spell; every byte of the text leads to its
//! bytes; bytes that spell nothing are left out and listed. What can't be read is an error.

mod binary;
mod cp720;
mod declared;
mod legacy;
mod utf16;
mod utf8;

use std::ops::Range;

use jadwal_core::Edited;

/// A text, and how it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// The text with the map to the raw bytes.
    pub edited: Edited,
    /// WHATWG name of the encoding, lower case (`utf-8`, `windows-1256`), or `cp720`.
    pub encoding: String,
    /// How sure the reading is, 0 to 1.
    pub score: f32,
    /// Ranges of raw bytes that spell nothing in that encoding, in order.
    pub bad: Vec<Range<usize>>,
}

impl Decoded {
    fn new(encoding: &str, score: f32) -> Self {
        Self {
            encoding: encoding.to_owned(),
            score,
            ..Self::default()
        }
    }

    /// Number of bytes that spell nothing.
    fn bad_bytes(&self) -> usize {
        self.bad.iter().map(ExactSizeIterator::len).sum()
    }
}

/// Why bytes could not be read as text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The first bytes name a format that is not text.
    #[error("the file is {0}, not text")]
    Format(&'static str),
    /// Zero and control bytes, as no text has them.
    #[error("the bytes are binary data, not text")]
    Binary,
    /// They are not UTF-8, and nothing else was to be tried.
    #[error("the file is not UTF-8, and `decode = false` tries no other encoding")]
    NotUtf8,
    /// No encoding makes sense of the bytes.
    #[error("the bytes are in no known encoding (closest: `{closest}`, {bad} bytes bad)")]
    Unknown {
        /// The encoding that came closest.
        closest: String,
        /// How many bytes spell nothing in it.
        bad: usize,
    },
}

/// Reads `raw` as text. Empty input gives an empty UTF-8 text.
///
/// # Errors
/// When the bytes are no text, or text in no encoding that is known.
///
/// ```
/// use jadwal_clean::decode::decode;
/// let raw = b"\xC7\xE1\xD3\xE1\xC7\xE3 \xDA\xE1\xED\xDF\xE3 \xE6\xD1\xCD\xE3\xC9 \xC7\xE1\xE1\xE5";
/// let decoded = decode(raw).expect("this is Arabic");
/// assert_eq!(decoded.edited.text, "السلام عليكم ورحمة الله");
/// assert_eq!(decoded.encoding, "windows-1256");
/// assert_eq!(decoded.edited.map.source_range(2..4), 1..2);
/// ```
pub fn decode(raw: &[u8]) -> Result<Decoded, DecodeError> {
    if let Some(decoded) = utf16::decode(raw)? {
        return Ok(decoded);
    }
    let body = utf8::strip_mark(raw);
    if let Some(format) = binary::known_format(body) {
        return Err(DecodeError::Format(format));
    }
    if binary::is_binary(body) {
        return Err(DecodeError::Binary);
    }
    match utf8::decode(raw)? {
        Some(decoded) => Ok(decoded),
        None => legacy::decode(raw),
    }
}

/// Reads `raw` as UTF-8 and nothing else.
///
/// # Errors
/// When it is not, or when it is no text.
pub fn decode_utf8(raw: &[u8]) -> Result<Decoded, DecodeError> {
    if binary::is_binary(raw) {
        return Err(DecodeError::Binary);
    }
    utf8::decode_sound(raw).ok_or(DecodeError::NotUtf8)
}

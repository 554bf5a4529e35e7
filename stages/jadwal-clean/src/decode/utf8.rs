//! Reads UTF-8, also where a few bytes of it are damaged.

use std::ops::Range;

use super::{DecodeError, Decoded};

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Good characters outside ASCII that make up for one bad sequence.
const GOOD_PER_BAD: usize = 4;

/// From this many characters outside ASCII on, damaged UTF-8 is still known as such.
const PLAINLY_UTF8: usize = 8;

/// Returns `raw` without a byte order mark.
pub(super) fn strip_mark(raw: &[u8]) -> &[u8] {
    raw.strip_prefix(MARK).unwrap_or(raw)
}

/// Returns the text if `raw` is UTF-8, maybe with a few bad bytes.
///
/// # Errors
/// When it is plainly UTF-8, with too many bad bytes to be trusted: no other encoding will make
/// sense of it.
pub(super) fn decode(raw: &[u8]) -> Result<Option<Decoded>, DecodeError> {
    let body = strip_mark(raw);
    let start = raw.len() - body.len();
    let mut decoded = Decoded::new("utf-8", 1.0);
    if let Ok(text) = std::str::from_utf8(body) {
        decoded.edited.push_same(text, start);
        return Ok(Some(decoded));
    }
    read_tolerantly(body, start, &mut decoded);
    judge(decoded, body.len(), start > 0)
}

fn read_tolerantly(body: &[u8], start: usize, decoded: &mut Decoded) {
    let mut at = start;
    for chunk in body.utf8_chunks() {
        decoded.edited.push_same(chunk.valid(), at);
        at += chunk.valid().len();
        let bad = chunk.invalid().len();
        if bad > 0 {
            push_bad(&mut decoded.bad, at..at + bad);
        }
        at += bad;
    }
}

fn push_bad(ranges: &mut Vec<Range<usize>>, bad: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if last.end == bad.start => last.end = bad.end,
        _ => ranges.push(bad),
    }
}

/// Accepts the reading when the good outweighs the bad: with a byte order mark, or with enough good
/// characters for each bad sequence; in both cases only with a small share of bad bytes.
fn judge(mut decoded: Decoded, len: usize, marked: bool) -> Result<Option<Decoded>, DecodeError> {
    let bad_bytes = decoded.bad_bytes();
    let bad = decoded.bad.len();
    let good = decoded
        .edited
        .text
        .chars()
        .filter(|c| !c.is_ascii())
        .count();
    let few = bad_bytes <= (len / 20).max(3);
    if few && (marked || (good > 0 && good >= GOOD_PER_BAD * bad)) {
        decoded.score = 1.0 - bad_bytes as f32 / len.max(1) as f32;
        return Ok(Some(decoded));
    }
    // Text of another encoding spells hardly any character of UTF-8 by chance.
    if marked || (good >= PLAINLY_UTF8 && good >= bad) {
        return Err(DecodeError::Unknown {
            closest: decoded.encoding,
            bad: bad_bytes,
        });
    }
    Ok(None)
}

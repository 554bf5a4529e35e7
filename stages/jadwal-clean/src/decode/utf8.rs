//! Reads UTF-8, also where a few bytes of it are damaged.

use std::ops::Range;

use encoding_rs::UTF_8;

use super::declared::declared_label;
use super::{DecodeError, Decoded};

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// One bad byte in so many is too much.
const MAX_BAD_SHARE: usize = 10;

/// From this many characters outside ASCII on, damaged UTF-8 is still known as such.
const PLAINLY_UTF8: usize = 8;

/// Returns `raw` without a byte order mark.
pub(super) fn strip_mark(raw: &[u8]) -> &[u8] {
    raw.strip_prefix(MARK).unwrap_or(raw)
}

/// Returns the text if `raw` is sound UTF-8.
pub(super) fn decode_sound(raw: &[u8]) -> Option<Decoded> {
    let body = strip_mark(raw);
    // Quicker than the standard library's check where letters take two bytes.
    let text = UTF_8.decode_without_bom_handling_and_without_replacement(body)?;
    let mut decoded = Decoded::new("utf-8", 1.0);
    decoded.edited.push_same(&text, raw.len() - body.len());
    Some(decoded)
}

/// Returns the text if `raw` is UTF-8, maybe with a few bad bytes.
///
/// # Errors
/// When it is plainly UTF-8, with too many bad bytes to be trusted: no other encoding will make
/// sense of it.
pub(super) fn decode(raw: &[u8]) -> Result<Option<Decoded>, DecodeError> {
    if let Some(decoded) = decode_sound(raw) {
        return Ok(Some(decoded));
    }
    let body = strip_mark(raw);
    let start = raw.len() - body.len();
    let mut decoded = Decoded::new("utf-8", 1.0);
    read_tolerantly(body, start, &mut decoded);
    judge(decoded, body, start > 0)
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

/// Accepts the reading when the share of bad bytes is small and the good outweighs the bad: as many
/// good characters outside ASCII as bad sequences, for older encodings hardly ever spell one. A mark
/// or a declaration is worth as much. What the ends of the document cut is not held against it.
fn judge(mut decoded: Decoded, body: &[u8], marked: bool) -> Result<Option<Decoded>, DecodeError> {
    let bad_bytes = decoded.bad_bytes();
    let cut = cut_ends(body);
    // A long bad sequence is a word of another encoding.
    let sequences = decoded.bad.iter().map(|range| range.len().div_ceil(2));
    let bad = sequences.sum::<usize>().saturating_sub(cut);
    let good = decoded.edited.text.chars().filter(|c| !c.is_ascii());
    let good = good.count();
    let named = marked || declared_label(body).is_some_and(|label| is_label(&label));
    let few = bad_bytes <= (body.len() / MAX_BAD_SHARE).max(8);
    let named = usize::from(named);
    if few && (marked || (good >= bad.saturating_sub(named) && good + cut + named > 0)) {
        decoded.score = 1.0 - bad_bytes as f32 / body.len().max(1) as f32;
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

fn is_label(label: &[u8]) -> bool {
    matches!(label, b"utf-8" | b"utf8")
}

/// How many of the two ends are cut in the middle of a character: a letter's first byte at the end,
/// the rest of one before a letter at the beginning.
fn cut_ends(body: &[u8]) -> usize {
    let rest = body.iter().take_while(|byte| is_continuation(**byte));
    let start = match rest.count() {
        // In older encodings a lone byte before a letter may be a sign (`©`), but no letter's rest.
        1..=3 => body.iter().find(|byte| !is_continuation(**byte)),
        _ => None,
    };
    let start = start.is_some_and(|next| next.is_ascii_lowercase() || *next >= 0xC2);
    let tail = body.iter().rev().take_while(|byte| is_continuation(**byte));
    let tail = tail.count();
    let lead = body.len().checked_sub(tail + 1).map(|at| body[at]);
    let end = match lead {
        // What begins Latin and Arabic letters is a rare letter at the end of a word.
        Some(0xC2 | 0xC3 | 0xC5 | 0xD8..=0xDB) => tail == 0,
        Some(0xE0..=0xEF) => tail == 1,
        Some(0xF0..=0xF4) => tail == 1 || tail == 2,
        _ => false,
    };
    usize::from(start) + usize::from(end)
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

//! Reads UTF-16, with or without a byte order mark.

use super::{DecodeError, Decoded};

/// The order of the two bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn name(self) -> &'static str {
        match self {
            Self::Little => "utf-16le",
            Self::Big => "utf-16be",
        }
    }

    fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// Returns the text if `raw` is UTF-16.
///
/// # Errors
/// When a byte order mark says UTF-16 (or UTF-32) and the rest denies it.
pub(super) fn decode(raw: &[u8]) -> Result<Option<Decoded>, DecodeError> {
    if raw.starts_with(&[0xFF, 0xFE, 0, 0]) || raw.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(DecodeError::Unknown {
            closest: "utf-32".to_owned(),
            bad: raw.len(),
        });
    }
    if let Some(order) = marked(raw) {
        let decoded = read(raw, 2, order);
        return match is_text(&decoded, raw.len()) {
            true => Ok(Some(decoded)),
            false => Err(DecodeError::Unknown {
                closest: decoded.encoding.clone(),
                bad: decoded.bad_bytes(),
            }),
        };
    }
    Ok(unmarked(raw).filter(|decoded| is_text(decoded, raw.len())))
}

fn marked(raw: &[u8]) -> Option<Order> {
    match raw {
        [0xFF, 0xFE, ..] => Some(Order::Little),
        [0xFE, 0xFF, ..] => Some(Order::Big),
        _ => None,
    }
}

/// Tells UTF-16 without a mark by its high bytes: over two thirds of all pairs have zero or the
/// number of one script's page at the same side. The share of such pairs is the score.
///
/// A piece that was cut in the middle of a unit reads almost as well in the other order, one byte
/// on: blanks tell which of the two it is.
fn unmarked(raw: &[u8]) -> Option<Decoded> {
    // The one or the other is in every such text, and in no other.
    memchr::memchr2(0, 6, raw)?;
    let (side, share) = high_side(raw)?;
    let (whole, cut) = match side {
        Side::Odd => (Order::Little, Order::Big),
        Side::Even => (Order::Big, Order::Little),
    };
    let whole = read(raw, 0, whole);
    let cut = read(raw, 1, cut);
    let mut decoded = match blanks(&cut) > blanks(&whole) {
        true => cut,
        false => whole,
    };
    decoded.score = share;
    Some(decoded)
}

/// Which byte of a pair.
#[derive(Clone, Copy)]
enum Side {
    Even,
    Odd,
}

/// Returns the side of the high bytes, with the share of the pairs that have one there.
fn high_side(raw: &[u8]) -> Option<(Side, f32)> {
    if raw.len() < 4 {
        return None;
    }
    let mut counts = [[0usize; 256]; 2];
    for pair in raw.chunks_exact(2) {
        counts[0][usize::from(pair[0])] += 1;
        counts[1][usize::from(pair[1])] += 1;
    }
    let [even, odd] = counts.map(|counts| high_bytes(&counts));
    let (side, count) = match odd >= even {
        true => (Side::Odd, odd),
        false => (Side::Even, even),
    };
    let share = count as f32 / (raw.len() / 2) as f32;
    (count * 3 > raw.len()).then_some((side, share))
}

/// Counts what can be high bytes: zero for Latin, and the page of the commonest other script.
fn high_bytes(counts: &[usize; 256]) -> usize {
    const ARABIC: usize = 6;
    // Greek to Hebrew, Syriac, the scripts of India and its neighbours.
    let pages = (3..=5).chain(7..=7).chain(9..=14);
    // Line ends have the numbers of pages too; beside another script there are zeros.
    let other = match counts[0] {
        0 => 0,
        _ => pages.map(|page| counts[page]).max().unwrap_or(0),
    };
    counts[0] + counts[ARABIC].max(other)
}

/// Blanks and line ends, less what the low byte of a blank makes of the next unit's page.
fn blanks(decoded: &Decoded) -> isize {
    let value = |character: char| match character {
        ' ' | '\n' => 1,
        '\u{620}' | '\u{60A}' | '\u{420}' | '\u{320}' => -1,
        _ => 0,
    };
    decoded.edited.text.chars().map(value).sum()
}

fn read(raw: &[u8], start: usize, order: Order) -> Decoded {
    let mut decoded = Decoded::new(order.name(), 1.0);
    decoded.edited.text.reserve(raw.len());
    if start == 1 {
        decoded.bad.push(0..1);
    }
    let pairs = raw[start..].chunks_exact(2);
    let odd_byte = pairs.remainder().len();
    let units = pairs.map(|pair| order.unit([pair[0], pair[1]]));
    let mut at = start;
    for result in char::decode_utf16(units) {
        match result {
            Ok(character) => {
                let width = 2 * character.len_utf16();
                decoded.edited.text.push(character);
                decoded.edited.map.push(character.len_utf8(), at, width, 1);
                at += width;
            }
            Err(_) => {
                decoded.bad.push(at..at + 2);
                at += 2;
            }
        }
    }
    if odd_byte > 0 {
        decoded.bad.push(at..at + odd_byte);
    }
    decoded
}

/// Whether what was read looks like text: few lone surrogates, few control characters.
fn is_text(decoded: &Decoded, len: usize) -> bool {
    let text = &decoded.edited.text;
    let controls = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}' | '\u{85}'))
        .count();
    let few_bad = decoded.bad_bytes() <= (len / 50).max(3);
    few_bad && controls * 20 <= text.chars().count()
}

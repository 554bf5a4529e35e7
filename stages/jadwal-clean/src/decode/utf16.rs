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
    let unmarked = by_parity(raw).map(|(order, share)| {
        let mut decoded = read(raw, 0, order);
        decoded.score = share;
        decoded
    });
    Ok(unmarked.filter(|decoded| is_text(decoded, raw.len())))
}

fn marked(raw: &[u8]) -> Option<Order> {
    match raw {
        [0xFF, 0xFE, ..] => Some(Order::Little),
        [0xFE, 0xFF, ..] => Some(Order::Big),
        _ => None,
    }
}

/// Tells UTF-16 by its high bytes: over a third of all bytes are `00` or `06` (Latin or Arabic
/// letters) and stand at the same side of their pairs. The share of such pairs is the score.
fn by_parity(raw: &[u8]) -> Option<(Order, f32)> {
    if raw.len() < 4 {
        return None;
    }
    let (mut even, mut odd) = (0usize, 0usize);
    for pair in raw.chunks_exact(2) {
        even += usize::from(is_high_byte(pair[0]));
        odd += usize::from(is_high_byte(pair[1]));
    }
    let (order, count) = if odd >= even {
        (Order::Little, odd)
    } else {
        (Order::Big, even)
    };
    let share = count as f32 / (raw.len() / 2) as f32;
    (count * 3 > raw.len()).then_some((order, share))
}

fn is_high_byte(byte: u8) -> bool {
    byte == 0 || byte == 6
}

fn read(raw: &[u8], start: usize, order: Order) -> Decoded {
    let mut decoded = Decoded::new(order.name(), 1.0);
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

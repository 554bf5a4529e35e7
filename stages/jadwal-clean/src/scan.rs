//! Looks through text for rare bytes, many at a time.

use std::ops::Range;

/// Bytes that are looked at together. Enough for the compiler to use wide registers.
const BLOCK: usize = 64;

/// Returns the first place from `from` on whose byte, with the one after it (0 at the end), is a
/// `suspect`. That must be a sum of comparisons without branches (`&` and `|`), to be quick.
#[inline]
pub(crate) fn find_pair(
    bytes: &[u8],
    from: usize,
    suspect: impl Fn(u8, u8) -> bool,
) -> Option<usize> {
    let mut at = from;
    loop {
        let block = bytes.get(at..)?;
        let block = &block[..block.len().min(BLOCK)];
        let after = bytes.get(at + block.len()).copied().unwrap_or(0);
        let last = *block.last()?;
        let pairs = block.iter().zip(&block[1..]);
        let found = pairs.fold(false, |found, (byte, next)| found | suspect(*byte, *next));
        if found || suspect(last, after) {
            let next = |offset: usize| block.get(offset + 1).copied().unwrap_or(after);
            let place = block.iter().enumerate();
            let mut place = place.filter(|(offset, byte)| suspect(**byte, next(*offset)));
            return place.next().map(|(offset, _)| at + offset);
        }
        at += block.len();
    }
}

/// Returns how many bytes, each with the one after it (0 at the end), are a `sign`: a sum of
/// comparisons without branches, to be quick.
#[inline]
pub(crate) fn count_pairs(bytes: &[u8], sign: impl Fn(u8, u8) -> bool) -> usize {
    let Some(last) = bytes.last() else {
        return 0;
    };
    let mut count = usize::from(sign(*last, 0));
    let mut at = 0;
    while at + 1 < bytes.len() {
        // A block of so many pairs is counted in one byte each.
        let end = (at + 2 * BLOCK).min(bytes.len() - 1);
        let pairs = bytes[at..end].iter().zip(&bytes[at + 1..=end]);
        let signs: u8 = pairs.map(|(byte, next)| u8::from(sign(*byte, *next))).sum();
        count += usize::from(signs);
        at = end;
    }
    count
}

/// Returns where the first blank of Unicode outside ASCII stands from `from` on.
pub(crate) fn find_wide_blank(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = find_pair(bytes, at, |byte, next| {
            ((byte == 0xC2) & ((next == 0x85) | (next == 0xA0)))
                | ((byte == 0xE1) & (next == 0x9A))
                | ((byte == 0xE2) & ((next == 0x80) | (next == 0x81)))
                | ((byte == 0xE3) & (next == 0x80))
        })?;
        if is_wide_blank(&bytes[found..]) {
            return Some(found);
        }
        at = found + 1;
    }
}

/// Whether `bytes` start with a blank outside ASCII.
fn is_wide_blank(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xC2, 0x85 | 0xA0, ..]
            | [0xE1, 0x9A, 0x80, ..]
            | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, ..]
            | [0xE2, 0x81, 0x9F, ..]
            | [0xE3, 0x80, 0x80, ..]
    )
}

/// Says which parts of a text hold a blank outside ASCII. The text is looked through once, as long as
/// the parts are asked for in order.
#[derive(Debug)]
pub(crate) struct WideBlanks<'t> {
    text: &'t str,
    /// The first one behind what was asked for.
    next: usize,
}

impl<'t> WideBlanks<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let mut blanks = Self { text, next: 0 };
        blanks.look(0);
        blanks
    }

    fn look(&mut self, from: usize) {
        self.next = find_wide_blank(self.text.as_bytes(), from).unwrap_or(usize::MAX);
    }

    /// Whether `range` holds one.
    pub(crate) fn stand_in(&mut self, range: &Range<usize>) -> bool {
        if self.next < range.start {
            self.look(range.start);
        }
        self.next < range.end
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_pair_is_found(bytes in prop::collection::vec(0u8..5, 0..300), from in 0usize..310) {
            let suspect = |byte: u8, next: u8| (byte == 4) & (next != 1) & (next != 2) & (next != 3);
            let slow = (from..bytes.len())
                .find(|at| suspect(bytes[*at], bytes.get(at + 1).copied().unwrap_or(0)));
            prop_assert_eq!(find_pair(&bytes, from, suspect), slow);
        }

        #[test]
        fn every_pair_is_counted(bytes in prop::collection::vec(0u8..3, 0..600)) {
            let sign = |byte: u8, next: u8| (byte == 1) & (next != 2);
            let next = |at: usize| bytes.get(at + 1).copied().unwrap_or(0);
            let slow = (0..bytes.len()).filter(|at| sign(bytes[*at], next(*at))).count();
            prop_assert_eq!(count_pairs(&bytes, sign), slow);
        }

        #[test]
        fn parts_with_wide_blanks_are_told(parts in prop::collection::vec("[a …é\u{A0}\u{2003}]{0,5}", 0..9)) {
            let text = parts.concat();
            let mut blanks = WideBlanks::of(&text);
            let mut start = 0;
            for part in &parts {
                let range = start..start + part.len();
                start = range.end;
                prop_assert_eq!(blanks.stand_in(&range), find_wide_blank(part.as_bytes(), 0).is_some());
            }
        }

        #[test]
        fn wide_blanks_are_found(text in "[a …”ب\u{A0}\u{85}\u{1680}\u{2003}\u{2028}\u{205F}\u{3000}]{0,9}") {
            let slow = text.find(|c: char| c.is_whitespace() && !c.is_ascii());
            prop_assert_eq!(find_wide_blank(text.as_bytes(), 0), slow);
        }
    }
}

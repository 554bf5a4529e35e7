//! Code page 720, the Arabic of DOS. `encoding_rs` has no table of it, and no detector knows it.

/// The characters of the bytes from `80` on; `_` where a byte has none. Bytes that draw boxes
/// are in the table because menus and bulletins of that time are full of them.
const HIGH: &str = "\
__éâ_à_çêëèïî___\
_\u{651}\u{652}ô¤\u{640}ûùءآأؤ£إئا\
بةتثجحخدذرزسشص«»\
░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
└┴┬├─┼╞╟╚╔╩╦╠═╬╧\
╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
ضطظعغفµقكلمنهوىي\
≡\u{64B}\u{64C}\u{64D}\u{64E}\u{64F}\u{650}≈°∙·√ⁿ²■\u{A0}";

/// Fewer letters than this give nothing away.
const MIN_LETTERS: usize = 8;

/// Alef, bare and with hamza or madda.
const ALEFS: [u8; 4] = [0x9F, 0x99, 0x9A, 0x9D];

/// Lam, mim, nun, waw, ya.
const COMMON: [u8; 5] = [0xE9, 0xEA, 0xEB, 0xED, 0xEF];

/// The name that records give.
pub(super) const NAME: &str = "cp720";

/// Labels that pages and users name it by.
pub(super) const LABELS: [&str; 4] = ["cp720", "ibm720", "dos-720", "720"];

/// Returns the character of each byte.
pub(super) fn table() -> [Option<char>; 256] {
    let mut table = [None; 256];
    for byte in 0..0x80u8 {
        table[usize::from(byte)] = Some(char::from(byte));
    }
    for (entry, character) in table[0x80..].iter_mut().zip(HIGH.chars()) {
        *entry = Some(character).filter(|character| *character != '_');
    }
    table
}

/// Whether the bytes are Arabic in this code page: nearly all bytes past ASCII are its letters and
/// marks, and alef and the other common ones are as frequent as Arabic has them. Russian of DOS uses
/// the same bytes, but has rare letters there, and its commonest one where guillemets are.
pub(super) fn fits(raw: &[u8]) -> bool {
    let mut counts = [0usize; 256];
    for byte in raw {
        counts[usize::from(*byte)] += 1;
    }
    let sum = |bytes: &[u8]| -> usize { bytes.iter().map(|byte| counts[usize::from(*byte)]).sum() };
    let range = |bytes: std::ops::RangeInclusive<usize>| -> usize { counts[bytes].iter().sum() };
    let letters = range(0x98..=0x9B) + range(0x9D..=0xAD) + range(0xE0..=0xEF) - sum(&[0xE6]);
    let quotes = sum(&[0xAE, 0xAF]);
    let marks = sum(&[0x91, 0x92, 0x95, 0xF8, 0xFF]) + range(0xF1..=0xF6);
    let others = range(0x80..=0xFF) - letters - marks - quotes;
    letters >= MIN_LETTERS
        && others * 20 <= letters
        && quotes * 10 <= letters
        && sum(&ALEFS) * 20 >= letters
        && (sum(&ALEFS) + sum(&COMMON)) * 4 >= letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_place_for_every_byte() {
        assert_eq!(HIGH.chars().count(), 128);
        let table = table();
        let at = |byte: usize| table[byte];
        assert_eq!(at(0x9F), Some('ا'));
        assert_eq!(at(0xAE), Some('«'));
        assert_eq!(at(0xB0), Some('░'));
        assert_eq!(at(0xE9), Some('ل'));
        assert_eq!(at(0xEF), Some('ي'));
        assert_eq!(at(0xF6), Some('\u{650}'));
        assert_eq!(at(0xFF), Some('\u{A0}'));
        assert_eq!(at(0x80), None);
        assert_eq!(at(0x90), None);
    }

    #[test]
    fn russian_of_dos_is_not_arabic() {
        let (bytes, _, _) = encoding_rs::IBM866.encode(
            "Мэр города открыл сегодня утром новый мост через реку. Я думаю, что это важно для всех.",
        );
        assert!(!fits(&bytes));
    }
}

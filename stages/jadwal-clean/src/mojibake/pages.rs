//! The code pages that texts are misread in, from characters back to bytes.

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1256};

/// A single-byte code page, backwards.
#[derive(Debug)]
pub(super) struct CodePage {
    /// Bytes of U+0080 to U+00FF, 0 for none.
    latin: [u8; 128],
    /// Bytes of U+0600 to U+06FF, 0 for none.
    arabic: [u8; 256],
    /// All others, by character.
    others: Vec<(char, u8)>,
}

/// The code pages, and the characters of Windows-1256 by byte.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) windows_1252: CodePage,
    pub(super) windows_1256: CodePage,
    /// Characters of the bytes from `80` on in Windows-1256.
    pub(super) arabic: [char; 128],
}

impl Pages {
    pub(super) fn new() -> Self {
        let arabic = high_half(WINDOWS_1256);
        let mut windows_1252 = CodePage::new(&high_half(WINDOWS_1252));
        // Latin-1 has controls where Windows-1252 has signs. Readers mix the two.
        for byte in 0x80..=0x9Fu8 {
            windows_1252.latin[usize::from(byte) - 0x80] = byte;
        }
        Self {
            windows_1252,
            windows_1256: CodePage::new(&arabic),
            arabic,
        }
    }
}

impl CodePage {
    fn new(high_half: &[char; 128]) -> Self {
        let mut page = Self {
            latin: [0; 128],
            arabic: [0; 256],
            others: Vec::new(),
        };
        for (byte, character) in (0x80..=0xFFu8).zip(high_half) {
            match *character as usize {
                code @ 0x80..=0xFF => page.latin[code - 0x80] = byte,
                code @ 0x600..=0x6FF => page.arabic[code - 0x600] = byte,
                _ => page.others.push((*character, byte)),
            }
        }
        page.others.sort_unstable();
        page
    }

    /// Returns the byte that is read as `character`, which is not ASCII.
    pub(super) fn byte(&self, character: char) -> Option<u8> {
        let byte = match character as usize {
            code @ 0x80..=0xFF => self.latin[code - 0x80],
            code @ 0x600..=0x6FF => self.arabic[code - 0x600],
            _ => {
                let index = self
                    .others
                    .binary_search_by_key(&character, |(known, _)| *known);
                self.others[index.ok()?].1
            }
        };
        (byte != 0).then_some(byte)
    }
}

fn high_half(encoding: &'static Encoding) -> [char; 128] {
    let mut high_half = ['\0'; 128];
    for (byte, entry) in (0x80..=0xFFu8).zip(&mut high_half) {
        let bytes = [byte];
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        *entry = text.chars().next().unwrap_or('\0');
    }
    high_half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_lead_back_to_their_bytes() {
        let pages = Pages::new();
        for (character, western, arabic) in [
            ('ط', None, Some(0xD8)),
            ('„', Some(0x84), Some(0x84)),
            ('Ç', Some(0xC7), None),
            ('\u{90}', Some(0x90), None),
            ('گ', None, Some(0x90)),
            ('\u{200C}', None, Some(0x9D)),
            ('é', Some(0xE9), Some(0xE9)),
            ('ж', None, None),
        ] {
            assert_eq!(pages.windows_1252.byte(character), western, "{character}");
            assert_eq!(pages.windows_1256.byte(character), arabic, "{character}");
        }
        assert_eq!(pages.arabic[0x47], 'ا');
    }
}

//! One table that says what each character is to the scanner and how it is folded.
//!
//! The folding is that of [`jadwal_core::fold`], character by character: lower case, no accents,
//! `أإآٱ`→`ا`, `ى`→`ي`, `ة`→`ه`. What one character becomes is looked up, never allocated.

use jadwal_core::fold::fold;
use unicode_normalization::char::is_combining_mark;

use crate::hashing::WordHash;

/// What a character is to the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    /// Ends a token.
    Gap,
    /// Belongs to the letter before it: a vowel sign, an accent, a tatweel.
    Mark,
    /// Not seen at all, but does not end a token: bidi and zero-width characters.
    Invisible,
    /// A decimal digit; the folded value is 0 to 9.
    Digit,
    /// A letter of the Arabic script.
    Arabic,
    /// A letter of the Latin script.
    Latin,
    /// A letter of another script.
    Other,
    /// A sign that patterns start with, a token of its own: `$ € @ + %`.
    Symbol,
}

impl Class {
    /// Returns the class with this number.
    #[inline]
    fn of(number: u32) -> Self {
        match number {
            0 => Self::Gap,
            1 => Self::Mark,
            2 => Self::Invisible,
            3 => Self::Digit,
            4 => Self::Arabic,
            5 => Self::Latin,
            6 => Self::Other,
            _ => Self::Symbol,
        }
    }
}

/// What is known of one character.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    pub(crate) class: Class,
    /// The folded character, or the digit's value.
    pub(crate) folded: u32,
    pub(crate) upper: bool,
}

/// Characters below this one are looked up; the rest are rare in the languages we read.
const TABLE_LEN: u32 = 0x700;
const UPPER: u32 = 1 << 31;
const CLASS_SHIFT: u32 = 24;
const FOLDED_MASK: u32 = (1 << CLASS_SHIFT) - 1;

/// The table. Entries are folded character, class and case in one word.
pub(crate) struct Letters {
    table: Vec<u32>,
}

impl Letters {
    /// Makes the table.
    pub(crate) fn new() -> Self {
        let entry = |code| char::from_u32(code).map_or(0, |character| pack(classify(character)));
        Self {
            table: (0..TABLE_LEN).map(entry).collect(),
        }
    }

    /// Returns what is known of `character`.
    #[inline]
    pub(crate) fn get(&self, character: char) -> Letter {
        match self.table.get(character as usize) {
            Some(entry) => unpack(*entry),
            None => classify(character),
        }
    }

    /// Returns the hash of the word `word`, folded.
    pub(crate) fn hash(&self, word: &str) -> u64 {
        self.grown(WordHash::new(), word)
    }

    /// Returns the hash of a word that goes on with `word`, folded.
    pub(crate) fn grown(&self, mut hash: WordHash, word: &str) -> u64 {
        for character in word.chars() {
            let letter = self.get(character);
            if !matches!(letter.class, Class::Mark | Class::Invisible) {
                hash.add(letter.folded);
            }
        }
        hash.finish()
    }
}

fn pack(letter: Letter) -> u32 {
    let upper = if letter.upper { UPPER } else { 0 };
    letter.folded | (letter.class as u32) << CLASS_SHIFT | upper
}

#[inline]
fn unpack(entry: u32) -> Letter {
    Letter {
        class: Class::of(entry >> CLASS_SHIFT & 7),
        folded: entry & FOLDED_MASK,
        upper: entry & UPPER != 0,
    }
}

fn classify(character: char) -> Letter {
    let plain = |class, folded| Letter {
        class,
        folded,
        upper: false,
    };
    if let Some(digit) = digit_value(character) {
        return plain(Class::Digit, digit);
    }
    match character {
        '$' | '£' | '¥' | '€' | '₺' | '₪' | '₹' | '₽' | '﷼' | '@' | '+' | '%' | '٪' => {
            plain(Class::Symbol, character as u32)
        }
        'ـ' => plain(Class::Mark, 0),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => {
            plain(Class::Invisible, 0)
        }
        '\u{FEFF}' | '\u{00AD}' | '\u{061C}' => plain(Class::Invisible, 0),
        _ if is_combining_mark(character) => plain(Class::Mark, 0),
        _ if character.is_alphabetic() => Letter {
            class: script_class(character),
            folded: folded_letter(character),
            upper: character.is_uppercase(),
        },
        _ => plain(Class::Gap, 0),
    }
}

fn digit_value(character: char) -> Option<u32> {
    match character {
        '0'..='9' => Some(character as u32 - '0' as u32),
        '٠'..='٩' => Some(character as u32 - '٠' as u32),
        '۰'..='۹' => Some(character as u32 - '۰' as u32),
        _ => None,
    }
}

fn script_class(character: char) -> Class {
    match character {
        '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08FF}' => {
            Class::Arabic
        }
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => Class::Arabic,
        'A'..='Z' | 'a'..='z' | '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}' => Class::Latin,
        _ => Class::Other,
    }
}

/// Returns the one character that `character` folds to, or itself where it folds to more.
fn folded_letter(character: char) -> u32 {
    let mut buffer = [0; 4];
    let folded = fold(character.encode_utf8(&mut buffer));
    let mut letters = folded.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter as u32,
        _ => character as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_fold_as_in_the_core() {
        let letters = Letters::new();
        for (character, class, folded) in [
            ('أ', Class::Arabic, 'ا'),
            ('ة', Class::Arabic, 'ه'),
            ('ی', Class::Arabic, 'ي'),
            ('É', Class::Latin, 'e'),
            ('Z', Class::Latin, 'z'),
            ('Ж', Class::Other, 'ж'),
            ('€', Class::Symbol, '€'),
        ] {
            let letter = letters.get(character);
            assert_eq!(letter.class, class, "{character}");
            assert_eq!(letter.folded, folded as u32, "{character}");
        }
        assert_eq!(letters.get('٧').folded, 7);
        assert_eq!(letters.get('ـ').class, Class::Mark);
        assert_eq!(letters.get('،').class, Class::Gap);
        assert!(letters.get('É').upper && !letters.get('é').upper);
    }
}

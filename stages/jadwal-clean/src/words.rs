//! The words of lines, as keys that spelling variants and Arabic prefixes share, and the vocabulary
//! of the running text.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use crate::lines::Line;

/// A word of three letters or more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// FNV-1a over the letters: words only need to be told apart.
    pub(crate) key: u64,
    /// Whether it has four letters or more: shorter words say little of what a text is about.
    pub(crate) is_long: bool,
    /// Whether it stands in every text, so that it says nothing of what one is about.
    is_function_word: bool,
}

impl Word {
    fn of(stem: &[char]) -> Self {
        let key = stem.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, letter| {
            (hash ^ u64::from(*letter)).wrapping_mul(0x0100_0000_01B3)
        });
        Self {
            key,
            is_long: stem.len() >= 4,
            is_function_word: is_function_word(stem),
        }
    }
}

/// The words of a document's lines, read once for all who ask.
#[derive(Debug, Default)]
pub(crate) struct Words {
    all: Vec<Word>,
    /// Where the words of each line end.
    ends: Vec<usize>,
}

impl Words {
    /// Reads the words of `lines`.
    pub(crate) fn of(lines: &[Line<'_>]) -> Self {
        let mut words = Self::default();
        words.ends.reserve(lines.len());
        for line in lines {
            read(line.text, &mut words.all);
            words.ends.push(words.all.len());
        }
        words
    }

    /// Returns the words of line `index`.
    pub(crate) fn line(&self, index: usize) -> &[Word] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[index]]
    }
}

/// The words of running text.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(HashSet<u64, Hashed>);

/// For keys that are hashes already, and few: keys that collide could be made on purpose.
type Hashed = BuildHasherDefault<Spread>;

/// Spreads a hash over all bits.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        let product = u128::from(key) * 0x9E37_79B9_7F4A_7C15;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Vocabulary {
    /// Enough different words to know what a document is about.
    const LIMIT: usize = 500;

    /// Adds the words of a line, up to a limit.
    pub(crate) fn add(&mut self, words: &[Word]) {
        if self.0.len() < Self::LIMIT {
            self.0.reserve(Self::LIMIT);
            self.0.extend(words.iter().map(|word| word.key));
        }
    }

    /// Returns how many content words there are, and how many of them are known.
    pub(crate) fn overlap(&self, words: &[Word]) -> (usize, usize) {
        let content = words.iter().filter(|word| !word.is_function_word);
        let known = content.clone().filter(|word| self.0.contains(&word.key));
        (content.count(), known.count())
    }

    /// The share of the content words that are known, 0 where there are none.
    pub(crate) fn share(&self, words: &[Word]) -> f32 {
        match self.overlap(words) {
            (0, _) => 0.0,
            (all, known) => known as f32 / all as f32,
        }
    }
}

/// Reads the words of `text` into `words`.
pub(crate) fn read(text: &str, words: &mut Vec<Word>) {
    let mut word: Vec<char> = Vec::new();
    for character in text.chars().chain([' ']) {
        match letter(character) {
            Letter::Plain(letter) => word.push(letter),
            Letter::Mark => {}
            Letter::End => {
                let stem = without_prefix(&word);
                if stem.len() >= 3 {
                    words.push(Word::of(stem));
                }
                word.clear();
            }
        }
    }
}

/// What a character is to a word.
#[derive(Clone, Copy, Debug)]
enum Letter {
    /// A letter or digit, in the form that spelling variants share.
    Plain(char),
    /// A mark on a letter, which says nothing.
    Mark,
    /// The end of the word.
    End,
}

/// The common characters are looked up in tables: the general test is slow.
const TABLE: usize = 0x80;
const ARABIC: std::ops::Range<u32> = 0x600..0x700;

const ASCII_LETTERS: [Letter; TABLE] = {
    let mut letters = [Letter::End; TABLE];
    let mut code = 0_u8;
    while (code as usize) < TABLE {
        if code.is_ascii_alphanumeric() {
            letters[code as usize] = Letter::Plain(code.to_ascii_lowercase() as char);
        }
        code += 1;
    }
    letters
};

const ARABIC_LETTERS: [Option<Letter>; 0x100] = {
    let mut letters = [None; 0x100];
    let mut code = ARABIC.start;
    while code < ARABIC.end {
        if let Some(character) = char::from_u32(code) {
            letters[(code - ARABIC.start) as usize] = arabic_letter(character);
        }
        code += 1;
    }
    letters
};

const fn arabic_letter(character: char) -> Option<Letter> {
    Some(match character {
        'أ' | 'إ' | 'آ' | 'ٱ' => Letter::Plain('ا'),
        'ى' | 'ی' | 'ئ' => Letter::Plain('ي'),
        'ؤ' => Letter::Plain('و'),
        'ة' => Letter::Plain('ه'),
        'ک' => Letter::Plain('ك'),
        '\u{64B}'..='\u{65F}' | '\u{670}' | 'ـ' => Letter::Mark,
        '\u{621}'..='\u{64A}' | '\u{660}'..='\u{669}' | '\u{671}'..='\u{6D3}' => {
            Letter::Plain(character)
        }
        '،' | '؛' | '؟' | '۔' => Letter::End,
        _ => return None,
    })
}

fn letter(character: char) -> Letter {
    if let Some(letter) = ASCII_LETTERS.get(character as usize) {
        return *letter;
    }
    let place = (character as u32).wrapping_sub(ARABIC.start) as usize;
    if let Some(Some(letter)) = ARABIC_LETTERS.get(place) {
        return *letter;
    }
    match character {
        '«' | '»' | '\u{2000}'..='\u{206F}' => Letter::End,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' => Letter::Plain(character),
        _ if character.is_alphanumeric() => Letter::Plain(character),
        _ => Letter::End,
    }
}

#[rustfmt::skip]
fn is_function_word(word: &[char]) -> bool {
    matches!(word,
        ['ا', 'ل', 'ي'] | ['ع', 'ل', 'ي'] | ['ه', 'ذ', 'ا'] | ['ه', 'ذ', 'ه'] | ['ذ', 'ل', 'ك']
        | ['ت', 'ل', 'ك'] | ['ا', 'ل', 'ت', 'ي'] | ['ا', 'ل', 'ذ', 'ي'] | ['ا', 'ل', 'ذ', 'ي', 'ن']
        | ['ب', 'ي', 'ن'] | ['ب', 'ع', 'د'] | ['ق', 'ب', 'ل'] | ['ح', 'و', 'ل'] | ['ع', 'ن', 'د']
        | ['ع', 'ن', 'ه'] | ['م', 'ن', 'ه'] | ['م', 'ن', 'ذ'] | ['ك', 'ا', 'ن'] | ['ك', 'ا', 'ن', 'ت']
        | ['ك', 'م', 'ا'] | ['ل', 'ك', 'ن'] | ['ح', 'ي', 'ث'] | ['ح', 'ت', 'ي'] | ['غ', 'ي', 'ر']
        | ['ل', 'ي', 'س'] | ['t', 'h', 'e'] | ['a', 'n', 'd'] | ['f', 'o', 'r'] | ['t', 'h', 'a', 't']
        | ['w', 'i', 't', 'h'] | ['f', 'r', 'o', 'm'] | ['t', 'h', 'i', 's'] | ['a', 'r', 'e']
        | ['w', 'a', 's'] | ['h', 'a', 'v', 'e'] | ['h', 'a', 's'] | ['l', 'e', 's'] | ['d', 'e', 's']
        | ['u', 'n', 'e'] | ['d', 'a', 'n', 's'] | ['p', 'o', 'u', 'r'] | ['e', 's', 't'])
}

/// Takes `و ف ب ل ك` and `ال` off an Arabic word of enough letters.
fn without_prefix(word: &[char]) -> &[char] {
    let stem = match word {
        ['و' | 'ف' | 'ب' | 'ك', 'ا', 'ل', rest @ ..] | ['ل', 'ل', rest @ ..] => rest,
        ['ا', 'ل', rest @ ..] => rest,
        ['و' | 'ب' | 'ل', rest @ ..] if rest.len() >= 4 => rest,
        _ => return word,
    };
    if stem.len() >= 3 { stem } else { word }
}

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

/// The key of no letters.
const NO_LETTERS: u64 = 0xCBF2_9CE4_8422_2325;

/// Returns a key with one more letter.
fn add_letter(key: u64, letter: char) -> u64 {
    (key ^ u64::from(letter)).wrapping_mul(0x0100_0000_01B3)
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
    let mut letters = Letters::default();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        match letter(character) {
            Letter::Plain(letter) => {
                start = if letters.count == 0 { at } else { start };
                letters.push(letter);
            }
            Letter::Mark => {}
            Letter::End if letters.count == 0 => {}
            Letter::End => {
                words.extend(letters.word(&text[start..at]));
                letters = Letters::default();
            }
        }
    }
    words.extend(letters.word(&text[start..]));
}

/// The letters of a word that is being read.
struct Letters {
    /// The first ones; of longer words the last place is of no use.
    first: [char; FIRST],
    count: usize,
    /// The key of all letters.
    key: u64,
}

/// The longest prefix and the longest function word.
const FIRST: usize = MAX_PREFIX + MAX_FUNCTION_WORD;
const MAX_PREFIX: usize = 3;
const MAX_FUNCTION_WORD: usize = 5;

impl Default for Letters {
    fn default() -> Self {
        Self {
            first: ['\0'; FIRST],
            count: 0,
            key: NO_LETTERS,
        }
    }
}

impl Letters {
    fn push(&mut self, letter: char) {
        self.first[self.count.min(FIRST - 1)] = letter;
        self.count += 1;
        self.key = add_letter(self.key, letter);
    }

    /// Returns the word whose letters these are, `text` as it stands, if it is long enough.
    fn word(&self, text: &str) -> Option<Word> {
        if self.count < 3 {
            return None;
        }
        let prefix = prefix(&self.first, self.count);
        let length = self.count - prefix;
        let key = match prefix {
            0 => self.key,
            // Its letters once more, from behind the prefix on.
            _ => plain_letters(text)
                .skip(prefix)
                .fold(NO_LETTERS, add_letter),
        };
        let is_short = length <= MAX_FUNCTION_WORD;
        Some(Word {
            key,
            is_long: length >= 4,
            is_function_word: is_short && is_function_word(&self.first[prefix..self.count]),
        })
    }
}

fn plain_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter_map(|character| match letter(character) {
            Letter::Plain(letter) => Some(letter),
            Letter::Mark | Letter::End => None,
        })
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

/// The characters below this are looked up in a table, up to Arabic: the general test is slow.
const TABLE: usize = 0x700;

/// `None` for those that the general test must tell.
const LETTERS: [Option<Letter>; TABLE] = {
    let mut letters = [None; TABLE];
    let mut code = 0;
    while code < TABLE {
        if let Some(character) = char::from_u32(code as u32) {
            letters[code] = match character {
                'A'..='Z' | 'a'..='z' | '0'..='9' => {
                    Some(Letter::Plain(character.to_ascii_lowercase()))
                }
                '\0'..='\u{7F}' | '«' | '»' => Some(Letter::End),
                'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' => Some(Letter::Plain(character)),
                '\u{600}'.. => arabic_letter(character),
                _ => None,
            };
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
    match LETTERS.get(character as usize) {
        Some(Some(letter)) => *letter,
        _ => match character {
            '\u{2000}'..='\u{206F}' => Letter::End,
            _ if character.is_alphanumeric() => Letter::Plain(character),
            _ => Letter::End,
        },
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

/// Returns how many letters `و ف ب ل ك` and `ال` take at the start of an Arabic word of `count` letters,
/// if enough are left.
fn prefix(letters: &[char; FIRST], count: usize) -> usize {
    let (prefix, least) = match letters {
        ['و' | 'ف' | 'ب' | 'ك', 'ا', 'ل', ..] => (3, 3),
        ['ل', 'ل', ..] | ['ا', 'ل', ..] => (2, 3),
        ['و' | 'ب' | 'ل', ..] => (1, 4),
        _ => (0, 0),
    };
    if count >= prefix + least { prefix } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The letters of each word that counts, without its prefix: a plain way to read them.
    fn stems(text: &str) -> Vec<Vec<char>> {
        let words = text.split(|character| matches!(letter(character), Letter::End));
        let words = words.map(|word| plain_letters(word).collect::<Vec<char>>());
        let stem = |word: Vec<char>| {
            let stem = match word.as_slice() {
                ['و' | 'ف' | 'ب' | 'ك', 'ا', 'ل', rest @ ..] | ['ل', 'ل', rest @ ..] => {
                    rest
                }
                ['ا', 'ل', rest @ ..] => rest,
                ['و' | 'ب' | 'ل', rest @ ..] if rest.len() >= 4 => rest,
                _ => &word,
            };
            if stem.len() >= 3 { stem.to_vec() } else { word }
        };
        words.map(stem).filter(|stem| stem.len() >= 3).collect()
    }

    proptest! {
        #[test]
        fn words_are_read(text in "[والبكفيهذتن ـًab AéЖ،,]{0,40}") {
            let mut words = Vec::new();
            read(&text, &mut words);
            let all = |word: &Word| (word.key, word.is_long, word.is_function_word);
            let expected = stems(&text).into_iter().map(|stem| {
                let key = stem.iter().copied().fold(NO_LETTERS, add_letter);
                (key, stem.len() >= 4, is_function_word(&stem))
            });
            prop_assert_eq!(
                words.iter().map(all).collect::<Vec<_>>(),
                expected.collect::<Vec<_>>()
            );
        }
    }
}

//! Cuts a text into words, numbers and signs, and knows each word that the tables know.
//!
//! One pass, no string per token: a token is a byte range and a word number. Words end where the
//! script changes, so `ديسمبر2014` is a word and a number. A word of Arabic that no table has is
//! tried without the letters that are written on to it: `و ف`, then `ب ل ك`, then `لل` for `ل`+`ال`.

use std::str::CharIndices;

use crate::hashing::WordHash;
use crate::key_map::KeyMap;
use crate::letters::{Class, Letter, Letters};

/// The letters `و` or `ف` were cut off.
pub(crate) const CONJUNCTION: u8 = 1;
/// One of `ب ل ك` was cut off.
pub(crate) const PREPOSITION: u8 = 2;

/// The first letter is upper case.
pub(crate) const CAPITAL: u8 = 1;
/// Every letter is upper case.
pub(crate) const ALL_CAPITALS: u8 = 2;
/// It is written with the sign of the accusative (`ليبيًا`).
pub(crate) const TANWIN: u8 = 4;
/// It is written with a doubled letter (`عمّان`).
pub(crate) const SHADDA: u8 = 8;
/// It starts with the article `ال`.
pub(crate) const ARTICLE: u8 = 16;

const ALEF: u32 = 'ا' as u32;
const LAM: u32 = 'ل' as u32;
const TANWIN_FATH: char = '\u{064B}';
const SHADDA_SIGN: char = '\u{0651}';

/// A word, a number or a sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: u32,
    /// Byte after the last one.
    pub(crate) end: u32,
    /// First byte after what was cut off.
    pub(crate) inner: u32,
    /// Number of the word in the tables, after what was cut off, 0 for none; of a sign its character.
    pub(crate) word: u32,
    /// Number of the word with all its letters, 0 for none: what goes on a phrase.
    pub(crate) whole: u32,
    /// Of a number: its value, if it has at most 18 digits; of a word: the hash of its letters after what
    /// was cut off.
    pub(crate) value: u64,
    /// What it is; never `Gap`, `Mark` or `Invisible`.
    pub(crate) class: Class,
    /// Of a number: how many digits; of a word: how many letters. At most 255.
    pub(crate) length: u8,
    /// `CAPITAL` and so on.
    pub(crate) flags: u8,
    /// `CONJUNCTION` and so on.
    pub(crate) clitics: u8,
}

/// What the scanner knows of letters and words.
#[derive(Clone, Copy)]
pub(crate) struct Vocabulary<'a> {
    pub(crate) letters: &'a Letters,
    /// Word numbers by hash.
    pub(crate) words: &'a KeyMap<u64>,
    /// By word number: not 0 where a phrase starts with the word.
    pub(crate) roots: &'a [u32],
}

/// Cuts `text` into tokens.
pub(crate) fn tokenize(text: &str, known: Vocabulary<'_>) -> Vec<Token> {
    let mut tokens = cut(text, known.letters);
    // In a walk of their own, for one look-up seldom has to wait for another's answer.
    for token in &mut tokens {
        if !matches!(token.class, Class::Digit | Class::Symbol) {
            look_up(token, text, known);
        }
    }
    tokens
}

/// Cuts `text` into tokens that know no word yet.
fn cut(text: &str, letters: &Letters) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 7 + 4);
    let mut rest = text.char_indices();
    while let Some((at, character)) = rest.next() {
        let letter = letters.get(character);
        if matches!(letter.class, Class::Gap | Class::Mark | Class::Invisible) {
            continue;
        }
        let mut open = Open::new(at, at + character.len_utf8(), letter);
        if letter.class != Class::Symbol {
            open.grow(&mut rest, letters);
        }
        tokens.push(open.closed());
    }
    tokens
}

/// A token that may still grow.
struct Open {
    token: Token,
    hash: WordHash,
    /// The first letter, folded.
    first: u32,
}

impl Open {
    /// Returns the token that begins with `letter`.
    #[inline]
    fn new(start: usize, end: usize, letter: Letter) -> Self {
        let mut hash = WordHash::new();
        let mut token = Token {
            start: start as u32,
            end: end as u32,
            inner: start as u32,
            word: 0,
            whole: 0,
            value: 0,
            class: letter.class,
            length: 1,
            flags: ALL_CAPITALS,
            clitics: 0,
        };
        match letter.class {
            Class::Digit => token.value = letter.folded.into(),
            Class::Symbol => token.word = letter.folded,
            _ => {
                hash.add(letter.folded);
                token.flags = if letter.upper {
                    CAPITAL | ALL_CAPITALS
                } else {
                    0
                };
            }
        }
        Self {
            token,
            hash,
            first: letter.folded,
        }
    }

    /// Takes all that belongs to the token from the front of `rest`.
    #[inline]
    fn grow(&mut self, rest: &mut CharIndices<'_>, letters: &Letters) {
        let class = self.token.class;
        // On the stack while it grows: this is the innermost loop.
        let (mut hash, mut value, mut length) = (self.hash, self.token.value, 1_u32);
        let mut flags = self.token.flags;
        let mut end = self.token.end as usize;
        let mut ahead = rest.clone();
        while let Some((at, character)) = ahead.next() {
            let letter = letters.get(character);
            if letter.class == class {
                if class != Class::Digit {
                    hash.add(letter.folded);
                    if !letter.upper {
                        flags &= !ALL_CAPITALS;
                    }
                    if length == 1 && letter.folded == LAM && self.first == ALEF {
                        flags |= ARTICLE;
                    }
                } else if length < 18 {
                    value = value * 10 + u64::from(letter.folded);
                }
                length += 1;
            } else if letter.class == Class::Mark {
                flags |= mark(character);
            } else if letter.class == Class::Invisible {
                *rest = ahead.clone();
                continue;
            } else {
                break;
            }
            end = at + character.len_utf8();
            *rest = ahead.clone();
        }
        self.hash = hash;
        self.token.value = value;
        self.token.length = length.min(u8::MAX.into()) as u8;
        self.token.flags = flags;
        self.token.end = end as u32;
    }

    #[inline]
    fn closed(mut self) -> Token {
        if !matches!(self.token.class, Class::Digit | Class::Symbol) {
            self.token.value = self.hash.finish();
        }
        self.token
    }
}

/// Returns what a mark says of the word that it is on.
fn mark(character: char) -> u8 {
    match character {
        TANWIN_FATH => TANWIN,
        SHADDA_SIGN => SHADDA,
        _ => 0,
    }
}

/// Notes which word of the tables a word is.
#[inline]
fn look_up(token: &mut Token, text: &str, known: Vocabulary<'_>) {
    token.word = known.words.get(token.value).unwrap_or(0);
    token.whole = token.word;
    // A word that only goes on phrases (`للأمم` in a longer name) may start one after a cut.
    let starts = token.word != 0 && known.roots[token.word as usize] != 0;
    if !starts && token.class == Class::Arabic && token.length > 2 {
        cut_clitics(token, text, known);
    }
}

/// The hash of a word that so far is the article.
pub(crate) fn with_article() -> WordHash {
    let mut hash = WordHash::new();
    hash.add(ALEF);
    hash.add(LAM);
    hash
}

/// Looks for a word of the tables behind the letters that are written on to it.
fn cut_clitics(token: &mut Token, text: &str, known: Vocabulary<'_>) {
    let mut cut = Cut {
        known,
        text: &text[..token.end as usize],
        at: token.start as usize,
        clitics: 0,
    };
    if cut.take(&['و', 'ف'], CONJUNCTION) && cut.found(token) {
        return;
    }
    let with_lam = cut.next_is('ل');
    if !cut.take(&['ب', 'ل', 'ك'], PREPOSITION) || cut.found(token) {
        return;
    }
    if with_lam && cut.take(&['ل'], PREPOSITION) {
        cut.found_with_article(token);
    }
}

struct Cut<'a> {
    known: Vocabulary<'a>,
    text: &'a str,
    at: usize,
    clitics: u8,
}

impl Cut<'_> {
    fn next_is(&self, letter: char) -> bool {
        self.text[self.at..].starts_with(letter)
    }

    /// Cuts one of `letters` off, with the vowel signs on it.
    fn take(&mut self, letters: &[char], clitic: u8) -> bool {
        let mut rest = self.text[self.at..].char_indices();
        if !rest
            .next()
            .is_some_and(|(_, first)| letters.contains(&first))
        {
            return false;
        }
        let next = rest.find(|(_, other)| self.known.letters.get(*other).class == Class::Arabic);
        let Some((offset, _)) = next else {
            return false;
        };
        self.at += offset;
        self.clitics |= clitic;
        true
    }

    fn found(&self, token: &mut Token) -> bool {
        self.look_up(WordHash::new(), token)
    }

    /// As `found`, where `ل` and the article are written `لل`: the alef is put back for the look-up.
    fn found_with_article(&self, token: &mut Token) -> bool {
        self.look_up(with_article(), token)
    }

    fn look_up(&self, mut hash: WordHash, token: &mut Token) -> bool {
        for character in self.text[self.at..].chars() {
            let letter = self.known.letters.get(character);
            if letter.class == Class::Arabic {
                hash.add(letter.folded);
            }
        }
        let hash = hash.finish();
        let Some(word) = self.known.words.get(hash) else {
            return false;
        };
        if self.known.roots[word as usize] == 0 {
            return false;
        }
        token.word = word;
        token.value = hash;
        token.inner = self.at as u32;
        token.clitics = self.clitics;
        true
    }
}

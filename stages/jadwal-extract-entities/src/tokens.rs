//! Cuts a text into words, numbers and signs, and knows each word that the tables know.
//!
//! One pass, no string per token: a token is a byte range and a word number. Words end where the
//! script changes, so `ديسمبر2014` is a word and a number. A word of Arabic that no table has is
//! tried without the letters that are written on to it: `و ف`, then `ب ل ك`, then `لل` for `ل`+`ال`.

use crate::hashing::WordHash;
use crate::key_map::KeyMap;
use crate::letters::{Class, Letters};

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
    let mut tokens = Vec::with_capacity(text.len() / 7 + 4);
    let mut open: Option<Open> = None;
    for (at, character) in text.char_indices() {
        let letter = known.letters.get(character);
        let end = at + character.len_utf8();
        match letter.class {
            Class::Invisible => {}
            Class::Mark => {
                if let Some(open) = &mut open {
                    open.mark(character, end);
                }
            }
            class => {
                let fits = open.as_ref().is_some_and(|open| open.token.class == class);
                if !fits {
                    close(&mut open, &mut tokens, text, known);
                }
                if class != Class::Gap {
                    let open = open.get_or_insert_with(|| Open::new(at, class));
                    open.add(letter.folded, letter.upper, end);
                }
                if class == Class::Symbol {
                    close(&mut open, &mut tokens, text, known);
                }
            }
        }
    }
    close(&mut open, &mut tokens, text, known);
    tokens
}

/// A token that may still grow.
struct Open {
    token: Token,
    hash: WordHash,
    before_last: u32,
}

impl Open {
    fn new(at: usize, class: Class) -> Self {
        Self {
            token: Token {
                start: at as u32,
                end: at as u32,
                inner: at as u32,
                word: 0,
                whole: 0,
                value: 0,
                class,
                length: 0,
                flags: ALL_CAPITALS,
                clitics: 0,
            },
            hash: WordHash::new(),
            before_last: 0,
        }
    }

    #[inline]
    fn add(&mut self, folded: u32, upper: bool, end: usize) {
        let token = &mut self.token;
        token.end = end as u32;
        match token.class {
            Class::Digit => {
                if token.length < 18 {
                    token.value = token.value * 10 + u64::from(folded);
                }
            }
            Class::Symbol => token.word = folded,
            _ => {
                self.hash.add(folded);
                if upper && token.length == 0 {
                    token.flags |= CAPITAL;
                }
                if !upper {
                    token.flags &= !ALL_CAPITALS;
                }
                let article = token.length == 1 && self.before_last == 'ا' as u32;
                if article && folded == 'ل' as u32 {
                    token.flags |= ARTICLE;
                }
                self.before_last = folded;
            }
        }
        token.length = token.length.saturating_add(1);
    }

    fn mark(&mut self, character: char, end: usize) {
        self.token.end = end as u32;
        match character {
            TANWIN_FATH => self.token.flags |= TANWIN,
            SHADDA_SIGN => self.token.flags |= SHADDA,
            _ => {}
        }
    }
}

#[inline]
fn close(open: &mut Option<Open>, tokens: &mut Vec<Token>, text: &str, known: Vocabulary<'_>) {
    let Some(Open {
        mut token, hash, ..
    }) = open.take()
    else {
        return;
    };
    if !matches!(token.class, Class::Digit | Class::Symbol) {
        token.value = hash.finish();
        token.word = known.words.get(token.value).unwrap_or(0);
        token.whole = token.word;
        // A word that only goes on phrases (`للأمم` in a longer name) may start one after a cut.
        let starts = token.word != 0 && known.roots[token.word as usize] != 0;
        if !starts && token.class == Class::Arabic && token.length > 2 {
            cut_clitics(&mut token, text, known);
        }
    }
    tokens.push(token);
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
        let mut hash = WordHash::new();
        hash.add('ا' as u32);
        hash.add('ل' as u32);
        self.look_up(hash, token)
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

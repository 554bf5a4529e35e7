//! Cuts text into the words and signs that the tagger labels, in one pass.
//!
//! A word is a place in the text and a hash of its folded letters: no string is made. Folding: lower
//! case, `أإآٱ`→`ا`, `ى`→`ي`, Persian `ی ک`→`ي ك`, every digit is `0`, vowel signs and tatweel are not seen. Each
//! sign of punctuation is a word of its own, each Han character too; `U.S.` is one word.
//! Sentences end at line breaks and at `. ! ? ؟` before a blank, at the latest after
//! [`LONGEST_SENTENCE`] words, so that the work is linear in the text and the memory for one
//! sentence is bounded.

use std::str::CharIndices;

use unicode_normalization::char::is_combining_mark;

use crate::tagger::hash::Grown;

/// Words of a sentence before it is cut.
pub(crate) const LONGEST_SENTENCE: usize = 200;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum Shape {
    /// A sign of punctuation, or nothing at all.
    #[default]
    Sign,
    /// Digits, or letters with digits.
    Digits,
    /// Letters of a script without case.
    Caseless,
    /// Small letters.
    Lower,
    /// One capital, small letters behind it.
    Capital,
    /// Capitals, two or more.
    Capitals,
    /// One capital letter.
    Initial,
    /// Capitals and small letters mixed.
    Mixed,
}

/// A word's place and hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// First byte in the text.
    pub(crate) start: u32,
    /// Byte behind it.
    pub(crate) end: u32,
    /// Hash of the folded letters and of the shape: the key of all that depends on the word alone.
    pub(crate) form: u64,
    pub(crate) shape: Shape,
    /// Whether a sentence starts here.
    pub(crate) first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    Blank,
    Break,
    Unseen,
    Letter,
    Upper,
    Caseless,
    Digit,
    Single,
    Sign,
}

impl Class {
    /// Whether characters of the class make up words.
    #[inline]
    fn is_of_word(self) -> bool {
        matches!(
            self,
            Self::Letter | Self::Upper | Self::Caseless | Self::Digit
        )
    }
}

const CLASSES: [Class; 9] = [
    Class::Blank,
    Class::Break,
    Class::Unseen,
    Class::Letter,
    Class::Upper,
    Class::Caseless,
    Class::Digit,
    Class::Single,
    Class::Sign,
];

const TABLE_LEN: u32 = 0x700;
const CLASS_SHIFT: u32 = 24;

/// What each character is and folds to.
pub(crate) struct Alphabet {
    table: Vec<u32>,
}

impl Alphabet {
    /// Makes the table.
    pub(crate) fn new() -> Self {
        let entry = |code| {
            let (class, folded) = char::from_u32(code).map_or((Class::Unseen, 0), classify);
            folded | (class as u32) << CLASS_SHIFT
        };
        Self {
            table: (0..TABLE_LEN).map(entry).collect(),
        }
    }

    #[inline]
    fn get(&self, character: char) -> (Class, u32) {
        match self.table.get(character as usize) {
            Some(entry) => (
                CLASSES[(entry >> CLASS_SHIFT) as usize],
                entry & ((1 << CLASS_SHIFT) - 1),
            ),
            None => classify(character),
        }
    }

    /// Writes the folded letters of one word to `letters`; of a word longer than `most`, its
    /// first and its last `most / 2`.
    pub(crate) fn letters(&self, word: &str, most: usize, letters: &mut Vec<u32>) {
        letters.clear();
        let seen = |character: char| {
            let (class, folded) = self.get(character);
            (class != Class::Unseen).then_some(folded)
        };
        letters.extend(word.chars().filter_map(seen).take(most + 1));
        if letters.len() > most {
            letters.truncate(most / 2);
            let from = letters.len();
            letters.extend(word.chars().rev().filter_map(seen).take(most / 2));
            letters[from..].reverse();
        }
    }

    /// Appends the words of `text[from..to]`, which must lie on character boundaries.
    pub(crate) fn cut(&self, text: &str, from: usize, to: usize, words: &mut Vec<Word>) {
        let mut cutter = Cutter {
            words,
            open: None,
            first: true,
            in_sentence: 0,
            full_stop: false,
        };
        let mut rest = text[from..to].char_indices();
        while let Some((at, character)) = rest.next() {
            let (class, folded) = self.get(character);
            let at = from + at;
            let end = at + character.len_utf8();
            if class.is_of_word() {
                cutter.begin(class, folded, at, end);
                cutter.grow(self, &mut rest, from);
            } else if class == Class::Sign
                && folded == u32::from(b'.')
                && cutter.joins_stop(self, text, end, to)
            {
                cutter.extend_by_stop(folded, end);
                cutter.grow(self, &mut rest, from);
            } else {
                cutter.step(class, folded, at, end);
            }
        }
        cutter.close();
    }
}

fn classify(character: char) -> (Class, u32) {
    let code = character as u32;
    match character {
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => (Class::Break, 0),
        'ـ' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => {
            (Class::Unseen, 0)
        }
        '\u{FEFF}' | '\u{00AD}' | '\u{061C}' => (Class::Unseen, 0),
        'أ' | 'إ' | 'آ' | 'ٱ' => (Class::Caseless, 'ا' as u32),
        'ى' | 'ی' => (Class::Caseless, 'ي' as u32),
        'ک' => (Class::Caseless, 'ك' as u32),
        '0'..='9' | '٠'..='٩' | '۰'..='۹' => (Class::Digit, u32::from(b'0')),
        '\u{2E80}'..='\u{2FDF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' => {
            (Class::Single, code)
        }
        '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
            (Class::Single, code)
        }
        '’' | '‘' | 'ʼ' => (Class::Sign, u32::from(b'\'')),
        '“' | '”' | '«' | '»' | '„' => (Class::Sign, u32::from(b'"')),
        '‐' | '‑' | '–' | '—' => (Class::Sign, u32::from(b'-')),
        _ if character.is_whitespace() => (Class::Blank, 0),
        _ if is_combining_mark(character) => (Class::Unseen, 0),
        _ if character.is_alphabetic() => {
            let mut lower = character.to_lowercase();
            let folded = lower.next().map_or(code, |lower| lower as u32);
            if character.is_uppercase() {
                (Class::Upper, folded)
            } else if character.is_lowercase() {
                (Class::Letter, folded)
            } else {
                (Class::Caseless, folded)
            }
        }
        _ if character.is_numeric() => (Class::Digit, u32::from(b'0')),
        _ => (Class::Sign, code),
    }
}

/// Whether a full stop behind the word is not taken for the end of the sentence: `J.`, `Gen.`, `د.`.
fn is_short(word: &Word) -> bool {
    let bytes = word.end - word.start;
    match word.shape {
        Shape::Initial => true,
        Shape::Capital => bytes <= 3,
        Shape::Caseless => bytes <= 2,
        _ => false,
    }
}

/// A word that may still grow.
struct Open {
    start: u32,
    end: u32,
    hash: Grown,
    /// How many characters of each class it has.
    counts: [u32; CLASSES.len()],
    /// Letters since the start or the last full stop inside.
    since_stop: u32,
    stops: u32,
}

struct Cutter<'a> {
    words: &'a mut Vec<Word>,
    open: Option<Open>,
    first: bool,
    in_sentence: usize,
    /// The word before is a full stop or its like, and a blank would end the sentence.
    full_stop: bool,
}

impl Cutter<'_> {
    /// Whether a full stop belongs to the word before it, as in `U.S.`; `end` is behind the stop.
    fn joins_stop(&self, alphabet: &Alphabet, text: &str, end: usize, to: usize) -> bool {
        let Some(open) = &self.open else {
            return false;
        };
        let cased = open.count(Class::Upper) + open.count(Class::Letter) > 0;
        let cased = cased && open.count(Class::Digit) == 0;
        if !cased || open.since_stop != 1 || open.end as usize + 1 != end {
            return false;
        }
        let next = text[end..to].chars().next();
        let letter =
            next.is_some_and(|next| matches!(alphabet.get(next).0, Class::Letter | Class::Upper));
        letter || open.stops > 0
    }

    /// Takes a full stop into the word.
    fn extend_by_stop(&mut self, folded: u32, end: usize) {
        if let Some(open) = &mut self.open {
            open.hash.add(folded);
            open.end = end as u32;
            open.stops += 1;
            open.since_stop = 0;
        }
    }

    /// Takes the first character of a word, or one behind a full stop in it.
    #[inline]
    fn begin(&mut self, class: Class, folded: u32, at: usize, end: usize) {
        let open = self.open.get_or_insert_with(|| Open::at(at));
        open.add(class, folded, end);
    }

    /// Takes what the word goes on with from the front of `rest`, whose first byte is byte `from` of the text.
    #[inline]
    fn grow(&mut self, alphabet: &Alphabet, rest: &mut CharIndices<'_>, from: usize) {
        let Some(open) = &mut self.open else {
            return;
        };
        // On the stack while it grows: this is the innermost loop.
        let (mut hash, mut end, mut letters) = (open.hash, open.end as usize, 0);
        let mut ahead = rest.clone();
        while let Some((at, character)) = ahead.next() {
            let (class, folded) = alphabet.get(character);
            if class.is_of_word() {
                hash.add(folded);
                letters += 1;
                open.counts[class as usize] += 1;
            } else if class != Class::Unseen {
                break;
            }
            end = from + at + character.len_utf8();
            *rest = ahead.clone();
        }
        (open.hash, open.end) = (hash, end as u32);
        open.since_stop += letters;
    }

    #[inline]
    fn step(&mut self, class: Class, folded: u32, at: usize, end: usize) {
        match class {
            Class::Unseen => {
                if let Some(open) = &mut self.open {
                    open.end = end as u32;
                }
            }
            Class::Blank | Class::Break => {
                self.close();
                if class == Class::Break || self.full_stop {
                    self.first = true;
                    self.full_stop = false;
                }
            }
            _ => {
                self.close();
                let after_short = self.words.last().is_some_and(is_short);
                let mut open = Open::at(at);
                open.end = end as u32;
                open.hash.add(folded);
                let shape = if class == Class::Single {
                    Shape::Caseless
                } else {
                    Shape::Sign
                };
                self.push(&open, shape);
                let stop = matches!(
                    char::from_u32(folded),
                    Some('.' | '!' | '?' | '؟' | '。' | '۔')
                );
                self.full_stop = stop && !(after_short && folded == u32::from(b'.'));
            }
        }
    }

    #[inline]
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let shape = open.shape();
            self.push(&open, shape);
            self.full_stop = false;
        }
    }

    fn push(&mut self, open: &Open, shape: Shape) {
        let first = self.first || self.in_sentence == LONGEST_SENTENCE;
        self.in_sentence = if first { 1 } else { self.in_sentence + 1 };
        self.first = false;
        self.words.push(Word {
            start: open.start,
            end: open.end,
            form: open.hash.finish(shape as u64),
            shape,
            first,
        });
    }
}

impl Open {
    fn at(at: usize) -> Self {
        Self {
            start: at as u32,
            end: at as u32,
            hash: Grown::new(),
            counts: [0; CLASSES.len()],
            since_stop: 0,
            stops: 0,
        }
    }

    #[inline]
    fn add(&mut self, class: Class, folded: u32, end: usize) {
        self.hash.add(folded);
        self.end = end as u32;
        self.since_stop += 1;
        self.counts[class as usize] += 1;
    }

    fn count(&self, class: Class) -> u32 {
        self.counts[class as usize]
    }

    fn shape(&self) -> Shape {
        if self.count(Class::Digit) > 0 {
            return Shape::Digits;
        }
        match (self.count(Class::Upper), self.count(Class::Letter)) {
            (0, 0) => Shape::Caseless,
            (0, _) => Shape::Lower,
            (1, 0) => Shape::Initial,
            (_, 0) => Shape::Capitals,
            // Whether it is the first letter that is the capital is not kept: `iPhone` is rare.
            (1, _) => Shape::Capital,
            _ => Shape::Mixed,
        }
    }
}

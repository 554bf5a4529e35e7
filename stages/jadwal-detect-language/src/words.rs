//! Reads a text word by word, and counts its letters by script.
//!
//! Words of addresses, handles and identifiers are no words of a language: whatever touches a
//! figure, `@`, `/` or `_`, or has a full stop before a small Latin letter, is left out, but for
//! scripts that set figures between words without a blank. Arabic in Latin letters writes some of
//! its sounds as figures (`3arabi`, `sa7bi`): such words are words.

use crate::alphabet::{Alphabet, HAN, KANA, Kind, SCRIPTS, ScriptId};

/// Letters of a word that are read; more are noise.
pub const MAX_WORD: usize = 32;
/// The most features that a word can have.
pub(crate) const MAX_FEATURES: usize = 5 * (MAX_WORD + 2) + 1;

/// The mark for an edge of a word.
const EDGE: u16 = 0x20;
/// Figures that stand for Arabic letters.
const LETTER_FIGURES: [u16; 6] = [
    '2' as u16, '3' as u16, '5' as u16, '7' as u16, '8' as u16, '9' as u16,
];

/// A word that is being read: its first letters, folded.
#[derive(Debug)]
struct Word {
    letters: [u16; MAX_WORD],
    length: usize,
    script: ScriptId,
    /// It touches something that words of a language don't touch.
    tied: bool,
    /// Figures among the letters.
    figures: u8,
    ends_in_figure: bool,
}

impl Word {
    fn new(script: ScriptId, tied: bool) -> Self {
        Self {
            letters: [0; MAX_WORD],
            length: 0,
            script,
            tied,
            figures: 0,
            ends_in_figure: false,
        }
    }

    /// Adds a figure that may stand for a letter.
    fn push_figure(&mut self, figure: u16) {
        self.tied |= self.ends_in_figure;
        self.figures = self.figures.saturating_add(1);
        self.push(figure);
        self.ends_in_figure = true;
    }

    /// Whether it is a word of a language, as far as its marks and figures tell.
    fn is_word(&self) -> bool {
        let figures = usize::from(self.figures);
        let spelled = figures == 0 || (self.length >= figures + 3 && figures <= 3);
        (!self.tied || self.script.touches_figures()) && spelled
    }

    fn push(&mut self, letter: u16) {
        if let Some(place) = self.letters.get_mut(self.length) {
            *place = letter;
        }
        // Counted past the limit too, so that the count of letters is true.
        self.length += 1;
        self.ends_in_figure = false;
    }

    fn known(&self) -> &[u16] {
        &self.letters[..self.length.min(MAX_WORD)]
    }
}

/// How many letters of each script a text has, and what else tells prose from code.
#[derive(Debug)]
pub(crate) struct Counts {
    letters: [u32; SCRIPTS.len()],
    pub(crate) words: u32,
    code_marks: u32,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            letters: [0; SCRIPTS.len()],
            words: 0,
            code_marks: 0,
        }
    }
}

impl Counts {
    pub(crate) fn letters_of(&self, script: ScriptId) -> u32 {
        self.letters[usize::from(script.0)]
    }

    pub(crate) fn letters(&self) -> u32 {
        self.letters.iter().sum()
    }

    /// Returns the script whose letters weigh most, the first of equals, if there is a letter. The
    /// scripts of Japanese weigh together.
    pub(crate) fn main_script(&self) -> Option<ScriptId> {
        let mut most = 0;
        let mut main = None;
        let present = (0_u8..).zip(self.letters).filter(|(_, count)| *count > 0);
        for (index, count) in present {
            let script = ScriptId(index);
            let together = match script {
                HAN | KANA => self.letters_of(HAN) + self.letters_of(KANA),
                _ => count,
            };
            let weight = u64::from(together) * script.weight();
            if weight > most {
                (most, main) = (weight, Some(script));
            }
        }
        main
    }

    /// Whether marks of program code are too many for prose.
    pub(crate) fn looks_like_code(&self) -> bool {
        self.code_marks >= 3 && self.code_marks * 10 > self.letters()
    }
}

/// Reads `text`, adds to `counts`, and calls `found` with each word's script and folded letters.
pub(crate) fn read_words(
    alphabet: &Alphabet,
    text: &str,
    counts: &mut Counts,
    found: impl FnMut(ScriptId, &[u16]),
) {
    let mut reader = WordReader {
        counts,
        found,
        word: None,
        lead: None,
        tied: false,
    };
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let (kind, folded) = alphabet.look_up(character);
        match kind {
            Kind::Letter(script) => reader.letter(script, folded),
            Kind::Silent => {}
            Kind::Digit => reader.figure(folded),
            Kind::Glue => reader.end_word(true),
            Kind::Dot => reader.dot(rest.clone().next()),
            Kind::Code => reader.code_mark(),
            // `name(` is a call; prose has a blank between.
            Kind::Other if character == '(' && reader.in_latin_word() => reader.code_mark(),
            Kind::Other => reader.end_word(false),
        }
    }
    reader.finish();
}

/// Where [`read_words`] is.
struct WordReader<'c, F> {
    counts: &'c mut Counts,
    found: F,
    word: Option<Word>,
    /// A figure that may be the first letter of the next word.
    lead: Option<u16>,
    /// The last mark ties the next word to the one before it.
    tied: bool,
}

impl<F: FnMut(ScriptId, &[u16])> WordReader<'_, F> {
    fn letter(&mut self, script: ScriptId, folded: u16) {
        if self.word.as_ref().is_some_and(|word| word.script != script) {
            self.finish();
        }
        match &mut self.word {
            Some(word) => word.push(folded),
            None => self.start_word(script, folded),
        }
    }

    fn start_word(&mut self, script: ScriptId, folded: u16) {
        let word = self.word.insert(Word::new(script, self.tied));
        match self.lead.take() {
            Some(figure) if script.is_latin() => word.push_figure(figure),
            Some(_) => word.tied = true,
            None => {}
        }
        word.push(folded);
        self.tied = false;
    }

    /// Passes a figure: a letter of Arabic in Latin letters, or a tie.
    fn figure(&mut self, figure: u16) {
        let is_letter = LETTER_FIGURES.contains(&figure);
        match &mut self.word {
            Some(word) if is_letter && word.script.is_latin() => word.push_figure(figure),
            None if is_letter && !self.tied && self.lead.is_none() => self.lead = Some(figure),
            _ => self.end_word(true),
        }
    }

    /// Passes a mark, which ties the words at its sides together if `ties`.
    fn end_word(&mut self, ties: bool) {
        if let Some(word) = &mut self.word {
            word.tied |= ties;
        }
        self.lead = None;
        self.tied = ties;
        self.finish();
    }

    /// Passes a full stop before `next`: part of an address, of a figure, or of neither.
    fn dot(&mut self, next: Option<char>) {
        self.end_word(next.is_some_and(|next| next.is_ascii_lowercase()));
        self.tied |= next.is_some_and(char::is_numeric);
    }

    fn code_mark(&mut self) {
        self.counts.code_marks += 1;
        self.end_word(false);
    }

    fn in_latin_word(&self) -> bool {
        self.word
            .as_ref()
            .is_some_and(|word| word.script.is_latin())
    }

    fn finish(&mut self) {
        // Not taken out, for it is a hundred bytes to move.
        if let Some(word) = self.word.as_ref().filter(|word| word.is_word()) {
            self.counts.words += 1;
            self.counts.letters[usize::from(word.script.0)] += word.length as u32;
            (self.found)(word.script, word.known());
        }
        self.word = None;
    }
}

/// Calls `found` with the script and the folded letters of each word of `text`.
pub fn each_word(alphabet: &Alphabet, text: &str, found: impl FnMut(ScriptId, &[u16])) {
    read_words(alphabet, text, &mut Counts::default(), found);
}

/// Calls `row` with the row numbers, below 2^`bits`, of a word's features: runs of one to five
/// letters with the word's edges, and the word as a whole.
pub fn features(word: &[u16], bits: u32, mut row: impl FnMut(usize)) {
    const WHOLE: u64 = 0x9E37_79B9_7F4A_7C15;
    let (edged, length) = edged(word);
    let edged = &edged[..length];
    let mut whole = WHOLE;
    for start in 0..edged.len() {
        whole = step(whole, edged[start]);
        let mut hash = 0;
        for (index, letter) in edged[start..].iter().take(5).enumerate() {
            hash = step(hash, *letter);
            // An edge alone says nothing.
            if index > 0 || *letter != EDGE {
                row(place(hash, bits));
            }
        }
    }
    row(place(whole, bits));
}

/// Calls `row` with the row numbers, below 2^`bits`, of what tells close languages apart: the word,
/// the pair of it and of the one before it, which has this hash, and runs of three to five letters.
pub(crate) fn close_features(word: &[u16], before: u64, bits: u32, mut row: impl FnMut(usize)) {
    const PAIR: u64 = 0xA076_1D64_78BD_642F;
    let hash = word_hash(word);
    row(place(hash, bits));
    let pair = hash ^ before.rotate_left(21);
    row(place(pair.wrapping_add(PAIR).wrapping_mul(PAIR), bits));
    let (edged, length) = edged(word);
    for start in 0..length {
        let mut hash = 1;
        for (index, letter) in edged[start..length].iter().take(5).enumerate() {
            hash = step(hash, *letter);
            if index >= 2 {
                row(place(hash, bits));
            }
        }
    }
}

/// Returns the letters of `word` that are read between two marks for its edges, and how many they are.
fn edged(word: &[u16]) -> ([u16; MAX_WORD + 2], usize) {
    let mut edged = [EDGE; MAX_WORD + 2];
    let length = word.len().min(MAX_WORD);
    edged[1..=length].copy_from_slice(&word[..length]);
    (edged, length + 2)
}

/// Returns a 64-bit key of all letters of `word` that are read, for tables in memory: four letters a
/// step, so several times as fast as [`word_hash`], which models were trained with.
#[inline]
pub(crate) fn word_key(word: &[u16]) -> u64 {
    let word = &word[..word.len().min(MAX_WORD)];
    let (fours, rest) = word.as_chunks::<4>();
    let four = |letters: [u16; 4]| {
        letters
            .into_iter()
            .fold(0, |four, letter| four << 16 | u64::from(letter))
    };
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    // No letter is 0, so that what fills the last step makes no word another's equal.
    let key = fours
        .iter()
        .fold(0, |key, letters| mix(key, four(*letters)));
    mix(key, four(last))
}

/// Mixes a step into a key: the two halves of a wide product (after wyhash, W. Yi).
#[inline]
fn mix(key: u64, step: u64) -> u64 {
    let left = u128::from(key ^ 0xA076_1D64_78BD_642F);
    let product = left * u128::from(step ^ 0xE703_7ED1_A0B4_28DB);
    (product >> 64) as u64 ^ product as u64
}

/// Returns a hash of all letters of `word` that are read.
pub(crate) fn word_hash(word: &[u16]) -> u64 {
    let letters = word.iter().take(MAX_WORD);
    let hash = letters.fold(0, |hash, letter| step(hash, *letter));
    (hash ^ (hash >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[inline]
fn step(hash: u64, letter: u16) -> u64 {
    (hash ^ u64::from(letter))
        .wrapping_add(0x517C_C1B7_2722_0A95)
        .wrapping_mul(0xD6E8_FEB8_6659_FD93)
        .rotate_left(29)
}

#[inline]
fn place(hash: u64, bits: u32) -> usize {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> (Vec<String>, Counts) {
        let mut counts = Counts::default();
        let mut words = Vec::new();
        read_words(&Alphabet::new(), text, &mut counts, |_, word| {
            words.push(String::from_utf16_lossy(word));
        });
        (words, counts)
    }

    #[test]
    fn words_are_found_and_ties_left_out() {
        let cases: [(&str, &[&str]); 13] = [
            ("The Sea, calm.", &["the", "sea", "calm"]),
            ("مُدَرّســة می‌رود", &["مدرسة", "میرود"]),
            ("see https://example.org/a/b now", &["see", "https", "now"]),
            ("ask me@example.org or @someone", &["ask", "or"]),
            ("x1 y_2 3km H2O", &[]),
            (
                "ana 3arabi, mar7aba ya sa7bi",
                &["ana", "3arabi", "mar7aba", "ya", "sa7bi"],
            ),
            ("win32 33abc abcd1 3.5abc 7 days", &["days"]),
            ("3عربي 2 عربي", &["عربي"]),
            ("الـAI جديد", &["ال", "ai", "جديد"]),
            ("www.example.com", &[]),
            ("2018年9月29日 5월", &["年", "月", "日", "월"]),
            ("نهاية.بداية", &["نهاية", "بداية"]),
            ("", &[]),
        ];
        for (text, wanted) in cases {
            assert_eq!(words(text).0, wanted, "{text}");
        }
    }

    #[test]
    fn code_is_told_from_prose() {
        let code = "let x = foo(bar); if (x == y) { return baz(x); }";
        assert!(words(code).1.looks_like_code());
        let prose = "The ship (a tanker) left; the port (closed since May) opened again today.";
        assert!(!words(prose).1.looks_like_code());
    }

    #[test]
    fn a_key_tells_words_apart() {
        let words = [
            "", "a", "b", "ab", "ba", "abc", "abcd", "abcde", "abcdabcd", "dcba",
        ];
        let mut keys: Vec<_> = words
            .map(|word| word_key(&word.encode_utf16().collect::<Vec<_>>()))
            .to_vec();
        let long = |last: u16| word_key(&[vec![5; MAX_WORD - 1], vec![last; 9]].concat());
        keys.extend([long(5), long(6)]);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), words.len() + 2);
    }

    #[test]
    fn features_stay_below_the_limit() {
        for word in [
            "a",
            "word",
            "a-very-long-word-that-goes-on-and-on-and-on-without-an-end",
        ] {
            let letters: Vec<u16> = word.encode_utf16().collect();
            let mut count = 0;
            features(&letters, 8, |row| {
                assert!(row < 256);
                count += 1;
            });
            assert!(count > 0 && count <= MAX_FEATURES, "{count}");
        }
    }
}

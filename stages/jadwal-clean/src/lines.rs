//! The lines of a text, with what the rules ask about them.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::html::LineKind;

/// From this many words on a line is long: no phrase alone removes it from the body.
pub(crate) const LONG_WORDS: usize = 15;

/// A line that is not blank.
#[derive(Clone, Debug)]
pub(crate) struct Line<'t> {
    /// Without blanks at its ends.
    pub(crate) text: &'t str,
    /// Where that lies in the text.
    pub(crate) range: Range<usize>,
    /// Number of words.
    pub(crate) words: usize,
    /// Blank lines just before it.
    pub(crate) blanks_before: usize,
    /// What the markup said, if there was any.
    pub(crate) kind: LineKind,
    /// Whether it is part of a table.
    pub(crate) in_table: bool,
}

impl Line<'_> {
    /// Whether it has the words of running text.
    pub(crate) fn is_long(&self) -> bool {
        self.words >= LONG_WORDS
    }

    /// Whether it is running text: whole sentences of some length, or so long that it must be.
    pub(crate) fn is_paragraph(&self) -> bool {
        if self.in_table || matches!(self.kind, LineKind::Heading(_)) {
            return false;
        }
        self.words >= 30 || (self.words >= 10 && self.ends_sentence())
    }

    /// Whether it ends as a sentence does.
    pub(crate) fn ends_sentence(&self) -> bool {
        let end = self
            .text
            .trim_end_matches(['"', '»', '”', '’', '\'', ')', ']', ' ']);
        end.ends_with([
            '.', '!', '?', '؟', '۔', '…', ':', '؛', '。', '！', '？', '।', '።', '։',
        ])
    }
}

/// Splits `text` into its lines that are not blank. `kinds` has what the markup said of each line,
/// blank ones included, or is empty.
pub(crate) fn split<'t>(text: &'t str, kinds: &[LineKind]) -> Vec<Line<'t>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut blanks_before = 0;
    for (number, whole) in text.split('\n').enumerate() {
        let trimmed = whole.trim();
        if trimmed.is_empty() {
            blanks_before += 1;
        } else {
            let lead = whole.len() - whole.trim_start().len();
            let from = start + lead;
            lines.push(Line {
                text: trimmed,
                range: from..from + trimmed.len(),
                words: count_words(trimmed),
                blanks_before: std::mem::take(&mut blanks_before),
                kind: kinds.get(number).copied().unwrap_or_default(),
                in_table: false,
            });
        }
        start += whole.len() + 1;
    }
    lines
}

/// Counts the words of `text`. Scripts that write no blanks between words count a word for every two
/// of their characters.
pub(crate) fn count_words(text: &str) -> usize {
    let words = text.split_whitespace().count();
    // Lines with long words only: the test below reads every character.
    if text.len() < words * 24 {
        return words;
    }
    let unspaced = text.chars().filter(|c| is_unspaced(*c)).count();
    words + unspaced / 2
}

/// Letters of Thai, Lao, Burmese, Khmer, Chinese and Japanese.
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{E01}'..='\u{EFF}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3041}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
    )
}

/// The words of running text, as keys that spelling variants and Arabic prefixes share.
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

    /// Adds the words of `text`, up to a limit.
    pub(crate) fn add(&mut self, text: &str) {
        if self.0.len() < Self::LIMIT {
            for_each_word(text, |stem| {
                self.0.insert(key(stem));
            });
        }
    }

    /// Returns how many content words `text` has, and how many of them are known.
    pub(crate) fn overlap(&self, text: &str) -> (usize, usize) {
        let (mut all, mut known) = (0, 0);
        for_each_word(text, |stem| {
            if !is_function_word(stem) {
                all += 1;
                known += usize::from(self.0.contains(&key(stem)));
            }
        });
        (all, known)
    }

    /// The share of the content words of `text` that are known, 0 for a text without any.
    pub(crate) fn share(&self, text: &str) -> f32 {
        match self.overlap(text) {
            (0, _) => 0.0,
            (all, known) => known as f32 / all as f32,
        }
    }
}

/// FNV-1a over the letters: words only need to be told apart.
pub(crate) fn key(stem: &[char]) -> u64 {
    stem.iter().fold(0xCBF2_9CE4_8422_2325, |hash, letter| {
        (hash ^ u64::from(*letter)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Calls `each` with the stem of every word of three letters or more.
pub(crate) fn for_each_word(text: &str, mut each: impl FnMut(&[char])) {
    let mut word: Vec<char> = Vec::new();
    for character in text.chars().chain([' ']) {
        match plain_letter(character) {
            Some(Some(letter)) => word.push(letter),
            Some(None) => {}
            None => {
                let stem = without_prefix(&word);
                if stem.len() >= 3 {
                    each(stem);
                }
                word.clear();
            }
        }
    }
}

/// Words that stand in every text, so that they say nothing of what it is about.
fn is_function_word(word: &[char]) -> bool {
    const WORDS: &str = "الي علي هذا هذه ذلك تلك التي الذي تي ذي الذين بين بعد قبل حول عند عنه منه منذ كان \
        كانت كما لكن حيث حتي غير ليس the and for that with from this are was have has les \
        des une dans pour est";
    WORDS
        .split(' ')
        .any(|known| known.chars().eq(word.iter().copied()))
}

/// The letter that spelling variants share; `Some(None)` for marks, `None` for what ends a word.
fn plain_letter(character: char) -> Option<Option<char>> {
    Some(match character {
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' | 'ی' | 'ئ' => Some('ي'),
        'ؤ' => Some('و'),
        'ة' => Some('ه'),
        'ک' => Some('ك'),
        '\u{64B}'..='\u{65F}' | '\u{670}' | 'ـ' => None,
        // The common ones first: the general test is slow.
        '\u{621}'..='\u{64A}' => Some(character),
        _ if character.is_ascii() => match character.is_ascii_alphanumeric() {
            true => Some(character.to_ascii_lowercase()),
            false => return None,
        },
        _ if character.is_alphanumeric() => Some(character),
        _ => return None,
    })
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

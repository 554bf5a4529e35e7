//! Brings the text into one Unicode form without touching its spelling.
//!
//! Composes letters and marks (NFC); turns Arabic presentation forms into their letters; takes off
//! tatweel, bidi marks, zero-width characters, control characters and soft hyphens; writes all line
//! ends as `\n` and all other blanks as one kind. Hamza, ya, ta marbuta, digits and vowel marks stay
//! as the author wrote them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use jadwal_core::{Edited, TextEditor};
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::canonical_combining_class, char::is_combining_mark,
    is_nfc_quick,
};

/// How often each rule changed the text.
pub(crate) type Repairs = BTreeMap<Cow<'static, str>, u64>;

/// Returns the text with unwanted characters removed or replaced, or `None` where there are none.
pub(crate) fn tidy_characters(
    text: &str,
    keep_tatweel: bool,
    repairs: &mut Repairs,
) -> Option<Edited> {
    let mut editor = TextEditor::new(text);
    let mut at = 0;
    while let Some(start) = next_suspect(text.as_bytes(), at) {
        let Some(character) = text[start..].chars().next() else {
            break;
        };
        let range = start..start + piece_len(character, &text[start..]);
        at = range.end;
        let around = Neighbours { text, range };
        match change_of(character, &around, keep_tatweel) {
            Change::Keep => {}
            Change::Remove(rule) => {
                editor.remove(around.range);
                count(repairs, rule);
            }
            Change::Replace(rule, with) => {
                editor.replace(around.range, with);
                count(repairs, rule);
            }
            Change::Letters => {
                let letters: String = std::iter::once(character).nfkc().collect();
                if !text[start..].starts_with(letters.as_str()) {
                    editor.replace(around.range, letters.trim_start_matches([' ', 'ـ']));
                    count(repairs, "unicode:presentation-forms");
                }
            }
        }
    }
    (editor.changes() > 0).then(|| editor.finish())
}

/// Length of the piece that is judged as one: `\r\n`, a run of tatweel, or a single character.
fn piece_len(character: char, rest: &str) -> usize {
    match character {
        '\r' if rest[1..].starts_with('\n') => 2,
        'ـ' => rest.len() - rest.trim_start_matches('ـ').len(),
        _ => character.len_utf8(),
    }
}

/// Returns the text in NFC, or `None` where it is in NFC already.
pub(crate) fn compose(text: &str, repairs: &mut Repairs) -> Option<Edited> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return None;
    }
    let mut editor = TextEditor::new(text);
    let mut composed = String::new();
    for cluster in (Clusters { text, at: 0 }) {
        let piece = &text[cluster.clone()];
        composed.clear();
        composed.extend(piece.nfc());
        if composed != piece {
            // What stays in front keeps its own place, a line end above all.
            let same = common_prefix(piece, &composed);
            editor.replace(cluster.start + same..cluster.end, &composed[same..]);
            count(repairs, "unicode:nfc");
        }
    }
    (editor.changes() > 0).then(|| editor.finish())
}

/// Length of what both texts start with.
fn common_prefix(left: &str, right: &str) -> usize {
    let pairs = left.char_indices().zip(right.chars());
    let mut same = pairs.take_while(|((_, left), right)| left == right);
    same.by_ref()
        .last()
        .map_or(0, |((at, character), _)| at + character.len_utf8())
}

/// Parts of a text that normalise each on its own: a character that nothing before it can join,
/// and what follows up to the next one. Parts of one plain character are left out.
struct Clusters<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Clusters<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut start = self.at;
        let mut special = false;
        for (offset, character) in self.text[self.at..].char_indices() {
            let at = self.at + offset;
            if character.is_ascii() || starts_cluster(character) {
                if special {
                    self.at = at;
                    return Some(start..at);
                }
                start = at;
            } else {
                special = true;
            }
        }
        self.at = self.text.len();
        special.then_some(start..self.text.len())
    }
}

/// Whether no character before it can change or be changed by this one.
fn starts_cluster(character: char) -> bool {
    canonical_combining_class(character) == 0
        && is_nfc_quick(std::iter::once(character)) == IsNormalized::Yes
}

enum Change {
    Keep,
    Remove(&'static str),
    Replace(&'static str, &'static str),
    /// An Arabic presentation form: its letters stand for it.
    Letters,
}

/// Returns the first character that will still be there, among the next few.
fn first_visible(mut characters: impl Iterator<Item = char>) -> Option<char> {
    /// Whoever writes more invisible characters in a row does not join letters.
    const LIMIT: usize = 8;
    characters
        .by_ref()
        .take(LIMIT)
        .find(|character| !is_invisible(*character))
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        'ـ' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}')
        || (character.is_control() && !character.is_whitespace())
}

/// What stands around a character.
struct Neighbours<'a> {
    text: &'a str,
    range: Range<usize>,
}

impl Neighbours<'_> {
    fn before(&self) -> Option<char> {
        first_visible(self.text[..self.range.start].chars().rev())
    }

    fn after(&self) -> Option<char> {
        first_visible(self.text[self.range.end..].chars())
    }

    fn any(&self, test: fn(char) -> bool) -> bool {
        self.before().is_some_and(test) || self.after().is_some_and(test)
    }

    fn both(&self, test: fn(char) -> bool) -> bool {
        self.before().is_some_and(test) && self.after().is_some_and(test)
    }
}

fn change_of(character: char, around: &Neighbours<'_>, keep_tatweel: bool) -> Change {
    match character {
        '\t' => Change::Replace("unicode:blanks", " "),
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
            Change::Replace("unicode:line-ends", "\n")
        }
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Change::Remove("unicode:controls"),
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            Change::Replace("unicode:blanks", " ")
        }
        '\u{AD}' => Change::Remove("unicode:soft-hyphen"),
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => {
            Change::Remove("unicode:bidi-marks")
        }
        // A non-joiner inside a word of Arabic script is spelling (Persian, Urdu, Kurdish).
        '\u{200C}' if around.both(is_arabic_letter) => Change::Keep,
        // A joiner ties emoji and Indic letters together.
        '\u{200D}' if around.any(is_joined_by_zwj) => Change::Keep,
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{180E}' | '\u{FEFF}' => {
            Change::Remove("unicode:zero-width")
        }
        // Where no letter touches it, tatweel is a dash.
        'ـ' if keep_tatweel || !around.any(is_stretched) => Change::Keep,
        'ـ' => Change::Remove("unicode:tatweel"),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => Change::Letters,
        _ => Change::Keep,
    }
}

/// Letters and marks of Arabic script.
pub(crate) fn is_arabic_letter(character: char) -> bool {
    matches!(character,
        '\u{610}'..='\u{61A}' | '\u{620}'..='\u{63F}' | '\u{641}'..='\u{65F}' | '\u{66E}'..='\u{6D3}'
        | '\u{6D5}'..='\u{6DC}' | '\u{6DF}'..='\u{6E8}' | '\u{6EA}'..='\u{6EF}' | '\u{6FA}'..='\u{6FC}'
        | '\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// What tatweel stretches, or what is drawn on it.
fn is_stretched(character: char) -> bool {
    is_arabic_letter(character) || is_combining_mark(character)
}

fn is_joined_by_zwj(character: char) -> bool {
    matches!(character,
        '\u{900}'..='\u{DFF}' | '\u{FE0F}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Returns the first place from `at` on that may hold a character to change. Letters of Latin and
/// most of Arabic script are passed over by their first byte.
fn next_suspect(bytes: &[u8], at: usize) -> Option<usize> {
    let found = bytes[at..].iter().enumerate().position(|(offset, byte)| {
        let next = || bytes.get(at + offset + 1).copied().unwrap_or(0);
        match byte {
            b'\n' => false,
            0x00..=0x1F | 0x7F => true,
            // U+0080..U+00BF: controls, the no-break space, the soft hyphen.
            0xC2 => next() <= 0xAD,
            // U+0600..U+063F: the Arabic letter mark.
            0xD8 => next() == 0x9C,
            // U+0640..U+067F: tatweel.
            0xD9 => next() == 0x80,
            0xE1 => matches!(next(), 0x9A | 0xA0),
            0xE2 => matches!(next(), 0x80 | 0x81),
            0xE3 => next() == 0x80,
            0xEF => true,
            _ => false,
        }
    })?;
    Some(at + found)
}

fn count(repairs: &mut Repairs, rule: &'static str) {
    *repairs.entry(Cow::Borrowed(rule)).or_default() += 1;
}

//! Brings the text into one Unicode form without touching its spelling.
//!
//! Composes letters and marks (NFC); turns Arabic presentation forms into their letters; takes off
//! tatweel, bidi marks, zero-width characters and soft hyphens; writes all blanks as one kind. Hamza,
//! ya, ta marbuta, digits and vowel marks stay as the author wrote them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use jadwal_core::{Edited, TextEditor};
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::canonical_combining_class, char::is_combining_mark,
    is_nfc_quick,
};

use crate::options::CleanOptions;
use crate::scan::find_pair;
use crate::visual;

/// How often each rule changed the text.
pub(crate) type Repairs = BTreeMap<Cow<'static, str>, u64>;

/// What the step makes of single characters.
#[derive(Debug)]
pub(crate) struct Characters {
    keep_tatweel: bool,
    /// Whether the text is plainly Arabic, which has no use for non-joiners.
    is_arabic: bool,
}

impl Characters {
    /// Returns what `options` say of the characters of `text`.
    pub(crate) fn new(options: &CleanOptions, text: &str) -> Self {
        let has_non_joiner = memchr::memmem::find(text.as_bytes(), NON_JOINER).is_some();
        Self {
            keep_tatweel: options.keep_tatweel,
            is_arabic: has_non_joiner && is_plainly_arabic(text),
        }
    }

    /// Returns the text with unwanted characters removed or replaced, or `None` where there are
    /// none.
    pub(crate) fn tidy(&self, text: &str, repairs: &mut Repairs) -> Option<Edited> {
        let mut editor = TextEditor::new(text);
        let mut at = 0;
        let mut order = LineOrder::default();
        while let Some(start) = next_suspect(text.as_bytes(), at) {
            let Some(character) = text[start..].chars().next() else {
                break;
            };
            let range = start..start + piece_len(character, &text[start..]);
            at = range.end;
            let around = Neighbours { text, range };
            match self.change_of(character, &around) {
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
                    if !order.is_visual(text, start, repairs) {
                        write_letters(character, &around, &mut editor, repairs);
                    }
                }
            }
        }
        (editor.changes() > 0).then(|| editor.finish())
    }

    fn change_of(&self, character: char, around: &Neighbours<'_>) -> Change {
        match character {
            '\u{200C}' if self.is_arabic => Change::Remove("unicode:zero-width"),
            _ => change_of(character, around, self.keep_tatweel),
        }
    }
}

/// The order in which the last line with presentation forms is stored.
#[derive(Default)]
struct LineOrder {
    end: usize,
    is_visual: bool,
}

impl LineOrder {
    /// Whether the line around `at` is stored in visual order, so that its forms must stay. Counts
    /// such lines.
    fn is_visual(&mut self, text: &str, at: usize, repairs: &mut Repairs) -> bool {
        if at >= self.end {
            let bytes = text.as_bytes();
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
            let length = memchr::memchr(b'\n', &bytes[at..]);
            self.end = length.map_or(text.len(), |length| at + length);
            self.is_visual = visual::is_visual(&text[start..self.end]);
            if self.is_visual {
                count(repairs, "unicode:visual-order-kept");
            }
        }
        self.is_visual
    }
}

/// The zero-width non-joiner in UTF-8.
const NON_JOINER: &[u8] = b"\xE2\x80\x8C";

/// Whether a text has what only Arabic has (the article, ta marbuta), and no letter of Persian,
/// Kurdish, Urdu or their neighbours.
fn is_plainly_arabic(text: &str) -> bool {
    let is_foreign = |character: char| matches!(character, '\u{672}'..='\u{6D3}' | '\u{6D5}');
    let has_article = || {
        let mut words = text.split(|character: char| !is_arabic_letter(character));
        words.any(|word| word.starts_with("ال") && word.len() >= 8)
    };
    !text.contains(is_foreign) && (text.contains('ة') || has_article())
}

/// Writes the letters of a presentation form.
fn write_letters(
    character: char,
    around: &Neighbours<'_>,
    editor: &mut TextEditor<'_>,
    repairs: &mut Repairs,
) {
    let letters: String = std::iter::once(character).nfkc().collect();
    let range = around.range.clone();
    if !around.text[range.start..].starts_with(letters.as_str()) {
        editor.replace(range, letters.trim_start_matches([' ', 'ـ']));
        count(repairs, "unicode:presentation-forms");
    }
}

/// Length of the piece that is judged as one: a run of tatweel, or a single character.
fn piece_len(character: char, rest: &str) -> usize {
    match character {
        'ـ' => rest.len() - rest.trim_start_matches('ـ').len(),
        _ => character.len_utf8(),
    }
}

/// Returns the text in NFC, or `None` where it is in NFC already.
pub(crate) fn compose(text: &str, repairs: &mut Repairs) -> Option<Edited> {
    if is_composed(text) {
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

/// Whether a text is in NFC for certain. Characters that are so on their own, nearly all of a text,
/// are passed over by their first bytes; the Unicode tables judge what stands between them.
pub(crate) fn is_composed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = find_pair(bytes, at, is_special) {
        let mut end = start;
        while end < bytes.len() && plain_length(&bytes[end..]) == 0 {
            end += sequence_length(bytes[end]);
        }
        // What comes before may join what was found.
        let before = text[..start].chars().next_back().map_or(0, char::len_utf8);
        if end > start && is_nfc_quick(text[start - before..end].chars()) != IsNormalized::Yes {
            return false;
        }
        at = end.max(start + 1);
    }
    true
}

/// Whether two bytes may start a character that [`plain_length`] does not know.
fn is_special(byte: u8, next: u8) -> bool {
    (0xC4..=0xD7).contains(&byte)
        | (byte >= 0xDB)
        | ((byte == 0xD8) & (next < 0xA1) & (next != 0x8C) & (next != 0x9B) & (next != 0x9F))
        | ((byte == 0xD9) & (next > 0x8A) & (next < 0xBE))
}

/// Length of the character at the start of `bytes` if nothing joins it to what stands before it: it
/// is ASCII, a letter of Latin-1, or a letter of the everyday Arabic and Persian alphabets. Else 0.
fn plain_length(bytes: &[u8]) -> usize {
    let next = bytes.get(1).copied().unwrap_or(0);
    match bytes[0] {
        0..=0x7F => 1,
        // Comma, semicolon, question mark; U+0621 to U+063F; U+0640 to U+064A, U+067E and U+067F.
        0xD8 if next >= 0xA1 || matches!(next, 0x8C | 0x9B | 0x9F) => 2,
        0xD9 if next <= 0x8A || next >= 0xBE => 2,
        // U+0080 to U+00FF; U+0680 to U+06BF.
        0xC2 | 0xC3 | 0xDA => 2,
        // The usual quotation marks, dashes and dots.
        0xE2 if next == 0x80
            && bytes
                .get(2)
                .is_some_and(|last| (0x90..=0xA7).contains(last)) =>
        {
            3
        }
        _ => 0,
    }
}

fn sequence_length(lead: u8) -> usize {
    match lead {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
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

/// Characters that are taken out, or that nobody sees.
pub(crate) fn is_invisible(character: char) -> bool {
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

/// Whether `character` tells how text is laid out in lines, and nothing else.
pub(crate) fn is_bidi_mark(character: char) -> bool {
    matches!(character,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}')
}

fn change_of(character: char, around: &Neighbours<'_>, keep_tatweel: bool) -> Change {
    match character {
        '\t' => Change::Replace("unicode:blanks", " "),
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            Change::Replace("unicode:blanks", " ")
        }
        '\u{AD}' => Change::Remove("unicode:soft-hyphen"),
        mark if is_bidi_mark(mark) => Change::Remove("unicode:bidi-marks"),
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

/// Returns the first place from `from` on that may hold a character to change.
fn next_suspect(bytes: &[u8], from: usize) -> Option<usize> {
    find_pair(bytes, from, |byte, next| {
        (byte == b'\t')
            // The no-break space and the soft hyphen; the Arabic letter mark; tatweel.
            | ((byte == 0xC2) & ((next == 0xA0) | (next == 0xAD)))
            | ((byte == 0xD8) & (next == 0x9C))
            | ((byte == 0xD9) & (next == 0x80))
            // Blanks, marks without width, presentation forms.
            | ((byte == 0xE1) & ((next == 0x9A) | (next == 0xA0)))
            | ((byte == 0xE2) & ((next == 0x80) | (next == 0x81)))
            | ((byte == 0xE3) & (next == 0x80))
            | ((byte == 0xEF) & (0xAD..=0xBB).contains(&next))
    })
}

fn count(repairs: &mut Repairs, rule: &'static str) {
    *repairs.entry(Cow::Borrowed(rule)).or_default() += 1;
}

//! One comparison key for spellings that readers take as the same.
//!
//! Output text is never folded: this makes keys for dedup, phrases and names. The steps: NFKC,
//! lower case, combining marks and tatweel off, bidi and zero-width characters off, the letters
//! that editors swap freely unified (`أإآٱ`→`ا`, `ى`→`ي`, `ة`→`ه`, Persian `ی ک`→`ي ك`), Arabic-Indic digits to ASCII,
//! everything else that is not a letter or digit to one blank.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Returns the folded form of `text`: words of letters and digits, one blank between them.
///
/// ```
/// use jadwal_core::fold::fold;
/// assert_eq!(fold("إلى الأُمّـــة، ٢٠١٦"), "الي الامه 2016");
/// assert_eq!(fold("Été  «OTAN»"), "ete otan");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    Folded::of(text).text
}

/// A folded text that still knows where its sentences and lines ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// What [`fold`] returns.
    pub text: String,
    /// Byte offsets in `text` where a sentence or a line ended in the original, rising. No word
    /// is cut: a break between two words that were joined is forgotten.
    pub breaks: Vec<usize>,
    /// Byte offsets in `text` of words that begin with a capital and no sentence, rising: in most
    /// languages with capitals these are names.
    pub capitals: Vec<usize>,
}

impl Folded {
    /// Folds `text`, in time linear in its length.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folder = Folder {
            text: Vec::with_capacity(text.len() + 4),
            breaks: Vec::new(),
            capitals: Vec::new(),
            gap: false,
            abd: None,
        };
        folder.push_text(text);
        folder.join_abd_al();
        Self {
            text: String::from_utf8(folder.text).expect("whole characters alone are written"),
            breaks: folder.breaks,
            capitals: folder.capitals,
        }
    }

    /// Returns the pieces between breaks; those without a word are left out.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        let ends = self.breaks.iter().copied().chain([self.text.len()]);
        let mut start = 0;
        ends.filter_map(move |end| {
            let piece = self.text.get(start..end)?.trim_matches(' ');
            start = end;
            (!piece.is_empty()).then_some(piece)
        })
    }
}

/// Whether a sentence or line ends at `character`, with `rest` behind it.
fn ends_sentence(character: char, rest: &[u8]) -> bool {
    match character {
        '\n' | '؟' | '!' | '?' => true,
        // Not within a number, an address or an abbreviation.
        '.' => matches!(rest.first(), Some(b' ' | b'\n' | b'\r' | b'\t')),
        _ => false,
    }
}

/// What the characters of one or two bytes become, nearly all of a text in most scripts: two tables
/// made with the rules below, instead of the Unicode tables for each character.
static SHORT: LazyLock<Short> = LazyLock::new(Short::new);

struct Short {
    /// For ASCII: the letter or digit in lower case, 0 for a gap.
    ascii: [u8; 0x80],
    /// For the other characters below U+0800: UTF-8 of the one letter of two bytes that they become,
    /// or one of [`RARE`], [`NOTHING`], [`GAP`], or a letter of one byte.
    pairs: Vec<[u8; 2]>,
}

/// The first character behind Latin, Greek, Cyrillic and Armenian letters.
const CAPITALS: usize = 0x590;

/// More than one letter, or a longer one.
const RARE: [u8; 2] = [0, 0];
const NOTHING: [u8; 2] = [0, 1];
const GAP: [u8; 2] = [0, 2];

impl Short {
    fn new() -> Self {
        let ascii = std::array::from_fn(|code| {
            let byte = code as u8;
            if byte.is_ascii_alphanumeric() {
                byte.to_ascii_lowercase()
            } else {
                0
            }
        });
        let pair = |code: u32| char::from_u32(code).map_or(RARE, short);
        Self {
            ascii,
            pairs: (0..0x800).map(pair).collect(),
        }
    }
}

/// Returns what [`Short::pairs`] says of `character`.
fn short(character: char) -> [u8; 2] {
    let mut letters = String::new();
    let mut gaps = 0;
    for_each_fold(character, |fold| match fold {
        Fold::Letter(letter) => letters.extend(letter.to_lowercase()),
        Fold::Gap => gaps += 1,
        Fold::Nothing => {}
    });
    match (letters.as_bytes(), gaps) {
        ([], 0) => NOTHING,
        ([], _) => GAP,
        ([letter], 0) => [*letter, 0],
        ([first, second], 0) if !first.is_ascii() => [*first, *second],
        _ => RARE,
    }
}

struct Folder {
    /// UTF-8.
    text: Vec<u8>,
    breaks: Vec<usize>,
    capitals: Vec<usize>,
    gap: bool,
    /// Where the blank behind the last word stands, if that word is `عبد`.
    abd: Option<usize>,
}

impl Folder {
    fn push_text(&mut self, text: &str) {
        let short = &*SHORT;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&first) = bytes.get(at) {
            match (first, bytes.get(at + 1)) {
                (0..0x80, _) => {
                    at += 1;
                    match short.ascii[usize::from(first)] {
                        0 => self.end_word(char::from(first), &bytes[at..]),
                        letter => {
                            if first.is_ascii_uppercase() {
                                self.note_capital();
                            }
                            self.push_byte(letter);
                        }
                    }
                }
                (0xC2..0xE0, Some(&second)) => {
                    at += 2;
                    let code = usize::from(first & 0x1F) << 6 | usize::from(second & 0x3F);
                    // The alphabets with capitals lie before the others.
                    if code < CAPITALS && text[at - 2..].starts_with(char::is_uppercase) {
                        self.note_capital();
                    }
                    match short.pairs[code] {
                        GAP if code == '؟' as usize => self.end_word('؟', &bytes[at..]),
                        GAP => self.gap = true,
                        NOTHING => {}
                        RARE => self.push_rare(&text[at - 2..]),
                        [letter, 0] => self.push_byte(letter),
                        pair => self.push_pair(pair),
                    }
                }
                _ => {
                    let rest = &text[at..];
                    at += rest.chars().next().map_or(1, char::len_utf8);
                    self.push_rare(rest);
                }
            }
        }
    }

    /// Notes that a capital is next, if a word begins with it that begins no sentence.
    fn note_capital(&mut self) {
        let at = self.text.len();
        if self.gap && at > 0 && self.breaks.last() != Some(&at) {
            // Behind the blank that is written with the letter.
            self.capitals.push(at + 1);
        }
    }

    /// Writes a letter of one byte.
    #[inline]
    fn push_byte(&mut self, letter: u8) {
        self.begin_letter();
        self.text.push(letter);
    }

    /// Writes a letter of two bytes.
    #[inline]
    fn push_pair(&mut self, pair: [u8; 2]) {
        self.begin_letter();
        self.text.extend_from_slice(&pair);
    }

    #[inline]
    fn begin_letter(&mut self) {
        if self.gap {
            self.gap = false;
            self.begin_word();
        }
    }

    fn begin_word(&mut self) {
        if self.text.is_empty() {
            return;
        }
        self.join_abd_al();
        if let Some(before) = self.text.strip_suffix("عبد".as_bytes())
            && (before.is_empty() || before.ends_with(b" "))
        {
            self.abd = Some(self.text.len());
        }
        self.text.push(b' ');
    }

    /// Folds the first character of `text` with the Unicode tables.
    fn push_rare(&mut self, text: &str) {
        let character = text.chars().next().unwrap_or_default();
        for_each_fold(character, |fold| match fold {
            Fold::Letter(letter) => {
                for lower in letter.to_lowercase() {
                    let mut bytes = [0; 4];
                    self.begin_letter();
                    let lower = lower.encode_utf8(&mut bytes);
                    self.text.extend_from_slice(lower.as_bytes());
                }
            }
            Fold::Gap => self.gap = true,
            Fold::Nothing => {}
        });
    }

    /// A word ends at `character`, a gap with `rest` behind it, and perhaps a sentence.
    fn end_word(&mut self, character: char, rest: &[u8]) {
        self.gap = true;
        if !ends_sentence(character, rest) {
            return;
        }
        self.join_abd_al();
        let at = self.text.len();
        if self.breaks.last().copied().unwrap_or(0) < at {
            self.breaks.push(at);
        }
    }

    /// Writes `عبد ال…` as one word, now that the second is complete: both spellings of such names are
    /// common.
    fn join_abd_al(&mut self) {
        let Some(blank) = self.abd.take() else {
            return;
        };
        let next = self.text.get(blank + 1..).unwrap_or_default();
        if next.starts_with("ال".as_bytes()) {
            self.text.remove(blank);
            self.breaks.pop_if(|at| *at == blank);
        }
    }
}

#[derive(Clone, Copy)]
enum Fold {
    Letter(char),
    Nothing,
    Gap,
}

/// Calls `each` with what `character` becomes: its compatibility form (of ligatures, presentation
/// forms), marks split off, is folded. Marks go, so their order does not matter.
fn for_each_fold(character: char, mut each: impl FnMut(Fold)) {
    match fold_common(character) {
        Some(fold) => each(fold),
        None => decompose_compatible(character, |part| {
            each(fold_common(part).unwrap_or_else(|| fold_rare(part)));
        }),
    }
}

/// Folds ASCII and the everyday Arabic block.
fn fold_common(character: char) -> Option<Fold> {
    Some(match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' => Fold::Letter(character),
        '\u{00}'..='\u{7F}' => Fold::Gap,
        'آ' | 'أ' | 'إ' => Fold::Letter('ا'),
        'ؤ' => Fold::Letter('و'),
        'ئ' | 'ى' => Fold::Letter('ي'),
        'ة' => Fold::Letter('ه'),
        'ء'..='غ' | 'ف'..='ي' => Fold::Letter(character),
        'ـ' | '\u{064B}'..='\u{0652}' => Fold::Nothing,
        '٠'..='٩' => Fold::Letter(ascii_digit(character, '٠')),
        '،' | '؛' | '؟' => Fold::Gap,
        _ => return None,
    })
}

fn fold_rare(character: char) -> Fold {
    match character {
        'ٱ' => Fold::Letter('ا'),
        'ی' => Fold::Letter('ي'),
        'ک' => Fold::Letter('ك'),
        'ۃ' | 'ہ' => Fold::Letter('ه'),
        '۰'..='۹' => Fold::Letter(ascii_digit(character, '۰')),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => {
            Fold::Nothing
        }
        '\u{FEFF}' | '\u{00AD}' | '\u{061C}' => Fold::Nothing,
        _ if is_combining_mark(character) => Fold::Nothing,
        _ if character.is_alphanumeric() => Fold::Letter(character),
        _ => Fold::Gap,
    }
}

fn ascii_digit(digit: char, zero: char) -> char {
    let value = digit as u32 - zero as u32;
    char::from_digit(value, 10).unwrap_or(digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn spellings_of_one_text_share_a_key() {
        let cases = [
            ("أحمد", "احمد"),
            ("مدرسة", "مدرسه"),
            ("مُحَمَّد", "محمد"),
            ("عبد الله", "عبدالله"),
            ("١٢٣", "123"),
            ("ﻻ", "لا"),
            ("كتاب.", "  كتاب "),
            ("Straße", "straße"),
            ("ﬁn", "FIN"),
        ];
        for (left, right) in cases {
            assert_eq!(fold(left), fold(right), "{left} and {right}");
        }
    }

    #[test]
    fn other_words_and_figures_keep_their_own_key() {
        for (left, right) in [
            ("كتب", "كاتب"),
            ("90", "80"),
            ("a b", "ab"),
            ("سعبد الله", "سعبدالله"),
            ("العبد الاول", "العبدالاول"),
        ] {
            assert_ne!(fold(left), fold(right), "{left} and {right}");
        }
    }

    #[test]
    fn what_is_split_in_two_ways_shares_a_key() {
        // Letter and mark apart, composed, as a presentation form, next to common letters.
        let cases = [("ا\u{654}", "أ"), ("e\u{301}t", "ét"), ("كﺘاب", "كتاب")];
        for (left, right) in cases {
            assert_eq!(fold(left), fold(right), "{left} and {right}");
        }
    }

    /// What the tables say is what the definition says: compatibility forms, then marks split off.
    #[test]
    fn every_character_is_folded_as_defined() {
        for character in (0..0x11000).filter_map(char::from_u32) {
            let text = format!("ا{character}b");
            let mut wanted = Folder {
                text: Vec::new(),
                breaks: Vec::new(),
                capitals: Vec::new(),
                gap: false,
                abd: None,
            };
            for part in text.nfkc().nfd() {
                match fold_common(part).unwrap_or_else(|| fold_rare(part)) {
                    Fold::Letter(letter) => {
                        wanted.begin_letter();
                        let lower: String = letter.to_lowercase().collect();
                        wanted.text.extend_from_slice(lower.as_bytes());
                    }
                    Fold::Gap => wanted.gap = true,
                    Fold::Nothing => {}
                }
            }
            let wanted = String::from_utf8(wanted.text).unwrap();
            assert_eq!(fold(&text), wanted, "{character:?}");
        }
    }

    #[test]
    fn sentences_and_lines_are_pieces() {
        let folded = Folded::of("\nالعنوان\n\nقال 2.5 مليون. ثم مضى! a.b\nعبد\nالله؟");
        let pieces: Vec<_> = folded.pieces().collect();
        assert_eq!(
            pieces,
            ["العنوان", "قال 2 5 مليون", "ثم مضي", "a b", "عبدالله"]
        );
        assert_eq!(Folded::of("  ").pieces().count(), 0);
    }

    #[test]
    fn capitals_within_a_sentence_are_noted() {
        let cases = [
            (
                "The mayor of Old Town met James Bond. He left Été.",
                vec!["old", "town", "james", "bond", "ete"],
            ),
            ("Вчера в Москве. Сегодня там", vec!["москве"]),
            ("قال James إن iPhone غال", vec!["james"]),
            ("USA", vec![]),
        ];
        for (text, wanted) in cases {
            let folded = Folded::of(text);
            let words = folded.capitals.iter().map(|at| &folded.text[*at..]);
            let found: Vec<_> = words.map(|rest| rest.split(' ').next().unwrap()).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        let text = "إلى «الأُمّـــة» 2016 — Élan ﷺ ½";
        assert_eq!(fold(&fold(text)), fold(text));
    }
}

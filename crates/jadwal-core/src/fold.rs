//! One comparison key for spellings that readers take as the same.
//!
//! Output text is never folded: this makes keys for dedup, phrases and names. The steps: NFKC,
//! lower case, combining marks and tatweel off, bidi and zero-width characters off, the letters
//! that editors swap freely unified (`أإآٱ`→`ا`, `ى`→`ي`, `ة`→`ه`, Persian `ی ک`→`ي ك`), Arabic-Indic digits to ASCII,
//! everything else that is not a letter or digit to one blank.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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
}

impl Folded {
    /// Folds `text`, in time linear in its length.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folder = Folder {
            folded: Self {
                text: String::with_capacity(text.len()),
                breaks: Vec::new(),
            },
            gap: false,
        };
        let mut rest = text.chars();
        loop {
            let from_here = rest.as_str();
            let Some(character) = rest.next() else { break };
            match fold_common(character) {
                Some(Fold::Letter(letter)) => folder.push_plain(letter),
                Some(Fold::Nothing) => {}
                Some(Fold::Gap) => {
                    folder.gap = true;
                    if ends_sentence(character, rest.as_str()) {
                        folder.end_sentence();
                    }
                }
                None => rest = from_here[folder.push_rare(from_here)..].chars(),
            }
        }
        folder.folded
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
fn ends_sentence(character: char, rest: &str) -> bool {
    match character {
        '\n' | '؟' | '!' | '?' => true,
        // Not within a number, an address or an abbreviation.
        '.' => rest.starts_with([' ', '\n', '\r', '\t']),
        _ => false,
    }
}

struct Folder {
    folded: Folded,
    gap: bool,
}

impl Folder {
    fn push(&mut self, fold: Fold) {
        match fold {
            Fold::Letter(letter) if fold_common(letter).is_some() => self.push_plain(letter),
            Fold::Letter(letter) => {
                self.close_gap();
                self.folded.text.extend(letter.to_lowercase());
            }
            Fold::Nothing => {}
            Fold::Gap => self.gap = true,
        }
    }

    /// Writes a letter or digit that [`fold_common`] gives.
    fn push_plain(&mut self, letter: char) {
        self.close_gap();
        self.folded.text.push(letter.to_ascii_lowercase());
        if letter == 'ل' {
            self.join_abd_al();
        }
    }

    fn close_gap(&mut self) {
        if self.gap && !self.folded.text.is_empty() {
            self.folded.text.push(' ');
        }
        self.gap = false;
    }

    /// Writes `عبد ال…` as one word: both spellings of such names are common.
    fn join_abd_al(&mut self) {
        const APART: &str = "عبد ال";
        let text = &mut self.folded.text;
        let Some(before) = text.strip_suffix(APART) else {
            return;
        };
        if before.is_empty() || before.ends_with(' ') {
            let blank = text.len() - " ال".len();
            text.truncate(blank);
            text.push_str("ال");
            self.folded.breaks.pop_if(|at| *at == blank);
        }
    }

    /// Notes that a sentence ended before what comes next.
    fn end_sentence(&mut self) {
        let at = self.folded.text.len();
        if self.folded.breaks.last().copied().unwrap_or(0) < at {
            self.folded.breaks.push(at);
        }
    }

    /// Folds the characters at the start of `text` that need the Unicode tables; returns how many
    /// bytes they take.
    fn push_rare(&mut self, text: &str) -> usize {
        let common = text
            .char_indices()
            .find(|(_, next)| fold_common(*next).is_some());
        let end = common.map_or(text.len(), |(at, _)| at);
        // Compatibility forms first (ligatures, presentation forms), then split off the marks.
        for character in text[..end].nfkc().nfd() {
            self.push(fold_common(character).unwrap_or_else(|| fold_rare(character)));
        }
        end
    }
}

#[derive(Clone, Copy)]
enum Fold {
    Letter(char),
    Nothing,
    Gap,
}

/// Folds ASCII, the letters of Western Europe and the everyday Arabic block, nearly all of a news
/// text, without the Unicode tables.
/// Marks go, so it does not matter that they are not composed first.
fn fold_common(character: char) -> Option<Fold> {
    COMMON.get(character as usize).copied().flatten()
}

/// What [`tell_common`] says of the characters up to Arabic.
const COMMON: [Option<Fold>; 0x700] = {
    let mut common = [None; 0x700];
    let mut code = 0;
    while code < common.len() {
        if let Some(character) = char::from_u32(code as u32) {
            common[code] = tell_common(character);
        }
        code += 1;
    }
    common
};

const fn tell_common(character: char) -> Option<Fold> {
    Some(match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' => Fold::Letter(character),
        '\u{00}'..='\u{7F}' => Fold::Gap,
        '«' | '»' => Fold::Gap,
        'À'..='Å' | 'à'..='å' => Fold::Letter('a'),
        'Ç' | 'ç' => Fold::Letter('c'),
        'È'..='Ë' | 'è'..='ë' => Fold::Letter('e'),
        'Ì'..='Ï' | 'ì'..='ï' => Fold::Letter('i'),
        'Ñ' | 'ñ' => Fold::Letter('n'),
        'Ò'..='Ö' | 'ò'..='ö' => Fold::Letter('o'),
        'Ù'..='Ü' | 'ù'..='ü' => Fold::Letter('u'),
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

const fn ascii_digit(digit: char, zero: char) -> char {
    match char::from_digit(digit as u32 - zero as u32, 10) {
        Some(ascii) => ascii,
        None => digit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_quick_table_says_what_the_unicode_tables_say() {
        for character in (0..0x700).filter_map(char::from_u32) {
            let Some(common) = fold_common(character) else {
                continue;
            };
            let mut slow: Vec<char> = Vec::new();
            for part in std::iter::once(character).nfkc().nfd() {
                match tell_common(part).unwrap_or_else(|| fold_rare(part)) {
                    Fold::Letter(letter) => slow.extend(letter.to_lowercase()),
                    Fold::Nothing => {}
                    Fold::Gap => slow.push(' '),
                }
            }
            let quick: Vec<char> = match common {
                Fold::Letter(letter) => letter.to_lowercase().collect(),
                Fold::Nothing => Vec::new(),
                Fold::Gap => vec![' '],
            };
            assert_eq!(quick, slow, "{character:?}");
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
    fn folding_twice_changes_nothing() {
        let text = "إلى «الأُمّـــة» 2016 — Élan ﷺ ½";
        assert_eq!(fold(&fold(text)), fold(text));
    }
}

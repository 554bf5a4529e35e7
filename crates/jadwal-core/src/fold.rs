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
    let mut folder = Folder {
        folded: String::with_capacity(text.len()),
        gap: false,
    };
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = match fold_common(character) {
            Some(folded) => {
                folder.push(folded);
                character.len_utf8()
            }
            None => folder.push_rare(rest),
        };
        rest = &rest[length..];
    }
    join_abd_al(folder.folded)
}

struct Folder {
    folded: String,
    gap: bool,
}

impl Folder {
    fn push(&mut self, folded: Folded) {
        match folded {
            Folded::Letter(letter) => {
                if self.gap && !self.folded.is_empty() {
                    self.folded.push(' ');
                }
                self.gap = false;
                if letter.is_ascii() {
                    self.folded.push(letter.to_ascii_lowercase());
                } else {
                    self.folded.extend(letter.to_lowercase());
                }
            }
            Folded::Nothing => {}
            Folded::Gap => self.gap = true,
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
enum Folded {
    Letter(char),
    Nothing,
    Gap,
}

/// Folds ASCII and the everyday Arabic block, nearly all of a news text, without the Unicode tables.
/// Marks go, so it does not matter that they are not composed first.
fn fold_common(character: char) -> Option<Folded> {
    Some(match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' => Folded::Letter(character),
        '\u{00}'..='\u{7F}' => Folded::Gap,
        'آ' | 'أ' | 'إ' => Folded::Letter('ا'),
        'ؤ' => Folded::Letter('و'),
        'ئ' | 'ى' => Folded::Letter('ي'),
        'ة' => Folded::Letter('ه'),
        'ء'..='غ' | 'ف'..='ي' => Folded::Letter(character),
        'ـ' | '\u{064B}'..='\u{0652}' => Folded::Nothing,
        '٠'..='٩' => Folded::Letter(ascii_digit(character, '٠')),
        '،' | '؛' | '؟' => Folded::Gap,
        _ => return None,
    })
}

fn fold_rare(character: char) -> Folded {
    match character {
        'ٱ' => Folded::Letter('ا'),
        'ی' => Folded::Letter('ي'),
        'ک' => Folded::Letter('ك'),
        'ۃ' | 'ہ' => Folded::Letter('ه'),
        '۰'..='۹' => Folded::Letter(ascii_digit(character, '۰')),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => {
            Folded::Nothing
        }
        '\u{FEFF}' | '\u{00AD}' | '\u{061C}' => Folded::Nothing,
        _ if is_combining_mark(character) => Folded::Nothing,
        _ if character.is_alphanumeric() => Folded::Letter(character),
        _ => Folded::Gap,
    }
}

fn ascii_digit(digit: char, zero: char) -> char {
    let value = digit as u32 - zero as u32;
    char::from_digit(value, 10).unwrap_or(digit)
}

/// Writes `عبد ال…` as one word: both spellings of such names are common.
fn join_abd_al(folded: String) -> String {
    const APART: &str = "عبد ال";
    if !folded.contains(APART) {
        return folded;
    }
    let mut joined = String::with_capacity(folded.len());
    let mut rest = folded.as_str();
    while let Some(at) = rest.find(APART) {
        let starts_word = at == 0 || rest[..at].ends_with(' ');
        let end = at + APART.len();
        joined.push_str(&rest[..at]);
        joined.push_str(if starts_word { "عبدال" } else { APART });
        rest = &rest[end..];
    }
    joined.push_str(rest);
    joined
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
    fn other_words_and_figures_keep_their_own_key() {
        for (left, right) in [
            ("كتب", "كاتب"),
            ("90", "80"),
            ("a b", "ab"),
            ("سعبد الله", "سعبدالله"),
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
    fn folding_twice_changes_nothing() {
        let text = "إلى «الأُمّـــة» 2016 — Élan ﷺ ½";
        assert_eq!(fold(&fold(text)), fold(text));
    }
}

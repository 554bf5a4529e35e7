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
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    // Compatibility forms first (ligatures, presentation forms), then split off the marks.
    for original in text.nfkc().nfd() {
        match fold_char(original) {
            Folded::Letter(letter) => {
                if gap && !folded.is_empty() {
                    folded.push(' ');
                }
                gap = false;
                folded.extend(letter.to_lowercase());
            }
            Folded::Nothing => {}
            Folded::Gap => gap = true,
        }
    }
    join_abd_al(folded)
}

enum Folded {
    Letter(char),
    Nothing,
    Gap,
}

fn fold_char(character: char) -> Folded {
    match character {
        // NFD has split the hamza and madda forms into letter and mark already.
        'ٱ' => Folded::Letter('ا'),
        'ى' | 'ی' => Folded::Letter('ي'),
        'ک' => Folded::Letter('ك'),
        'ة' | 'ۃ' | 'ہ' => Folded::Letter('ه'),
        '٠'..='٩' => Folded::Letter(ascii_digit(character, '٠')),
        '۰'..='۹' => Folded::Letter(ascii_digit(character, '۰')),
        'ـ' => Folded::Nothing,
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
    fn folding_twice_changes_nothing() {
        let text = "إلى «الأُمّـــة» 2016 — Élan ﷺ ½";
        assert_eq!(fold(&fold(text)), fold(text));
    }
}

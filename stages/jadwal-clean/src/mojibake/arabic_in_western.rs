//! Windows-1256 that was read as Windows-1252.

use jadwal_core::TextEditor;

use super::Evidence;
use super::pages::Pages;
use crate::unicode::is_arabic_letter;

/// What a line would be if it were read as Windows-1256.
#[derive(Default)]
struct Count {
    /// Characters outside ASCII.
    all: usize,
    /// Those that would be letters, marks or punctuation of Arabic.
    arabic: usize,
    /// Words with three or more letters in a row that would be Arabic.
    words: usize,
    /// Words of two such letters, and nothing else.
    short_words: usize,
    /// Words that Arabic, Persian and Urdu are full of, and words with an article.
    known: usize,
}

/// Says whether `line` is Windows-1256 that was read as Windows-1252.
pub(super) fn judge(line: &str, pages: &Pages) -> Option<Evidence> {
    let count = count(line, pages);
    if count.arabic == 0 || count.arabic * 5 < count.all * 4 {
        return None;
    }
    let is_known = count.words >= 2 && count.known >= 1 && count.known * 12 >= count.words;
    // Words without a single letter that is not Arabic: Greek and Cyrillic have none such.
    let is_pure = count.words >= 6 && count.arabic * 20 >= count.all * 19;
    if is_known || is_pure {
        return Some(Evidence::Proof);
    }
    (count.words + count.short_words >= 1).then_some(Evidence::Hint)
}

fn count(line: &str, pages: &Pages) -> Count {
    let mut count = Count::default();
    let mut word = String::new();
    // Tags and punctuation part words as blanks do.
    let parts = |character: char| character.is_ascii() && !character.is_ascii_alphanumeric();
    for token in line.split(parts) {
        word.clear();
        let mut is_pure = true;
        for character in token.chars().filter(|character| !character.is_ascii()) {
            count.all += 1;
            let read = read(character, pages);
            let is_part = read.is_some_and(|read| is_arabic_letter(read) || is_mark(read));
            count.arabic += usize::from(is_part);
            is_pure &= is_part;
            word.extend(read.filter(|read| is_part && !is_mark(*read)));
        }
        let letters = word.chars().count();
        let is_mixed = token.bytes().any(|byte| byte.is_ascii_alphabetic());
        count.words += usize::from(letters >= 3 && is_pure && !is_mixed);
        count.short_words += usize::from(letters == 2 && is_pure && !is_mixed);
        count.known += usize::from(!is_mixed && is_known(&word));
    }
    count
}

fn read(character: char, pages: &Pages) -> Option<char> {
    let byte = pages.windows_1252.byte(character)?;
    Some(pages.arabic[usize::from(byte) - 0x80])
}

fn is_mark(character: char) -> bool {
    matches!(character, '،' | '؛' | '؟' | 'ـ' | '«' | '»' | '\u{A0}' | '\u{200C}'..='\u{200F}' | '‘'..='…')
}

fn is_known(word: &str) -> bool {
    const WORDS: [&str; 26] = [
        "في", "من", "على", "إلى", "الى", "أن", "ان", "إن", "عن", "هذا", "هذه", "التي", "الذي",
        "از", "در", "به", "كه", "اين", "را", "با", "كا", "كي", "كے", "سے", "ميں", "اور",
    ];
    const ARTICLES: [&str; 5] = ["ال", "وال", "بال", "كال", "لل"];
    let has_article = || ARTICLES.iter().any(|article| word.starts_with(article));
    WORDS.contains(&word) || (word.len() >= 8 && has_article())
}

/// Writes what the bytes of each character mean in Windows-1256.
pub(super) fn rewrite(line: &str, start: usize, pages: &Pages, editor: &mut TextEditor<'_>) {
    let mut buffer = [0; 4];
    for (at, character) in line.char_indices() {
        if character.is_ascii() {
            continue;
        }
        if let Some(read) = read(character, pages).filter(|read| *read != character) {
            let range = start + at..start + at + character.len_utf8();
            editor.replace(range, read.encode_utf8(&mut buffer));
        }
    }
}

//! Texts that are made to be slow or to break offsets, of a size at which what is not linear does not end.

use super::{assert_sound, entities};

const BYTES: usize = 1_000_000;

fn survives(text: &str) {
    assert_sound(text, &entities(text, "ar"));
}

fn of(piece: &str) -> String {
    piece.repeat(BYTES / piece.len())
}

/// A shorter one, for what is tried in many kinds.
fn some(piece: &str) -> String {
    piece.repeat(BYTES / 5 / piece.len())
}

#[test]
fn one_word_or_number_of_a_megabyte() {
    survives(&of("ا"));
    survives(&of("x"));
    survives(&of("7"));
    survives(&of("٧"));
    survives(&of("و"));
    survives(&of("ـ"));
    survives(&of("\u{64B}"));
}

#[test]
fn signs_that_turn_the_text_around() {
    survives(&of("\u{202E}قطر\u{202C}"));
    survives(&of("\u{2067}وزير\u{2069} \u{200F}"));
    survives(&of("👨‍👩‍👧🙂"));
    survives(&of("🇶🇦 قطر"));
}

#[test]
fn rows_of_beginnings_without_an_end() {
    for piece in [
        "وزير ",
        "رئيس ",
        "الدكتور ",
        "محمد ",
        "بن ",
        "عبد ",
        "مليون ",
        "و",
        "ألف و",
        "$",
        "$5 to ",
        "5-",
        "2014-",
        "21 ",
        "من ",
        "بين 3 و",
        "http://",
        "@",
        "+",
        "00974 ",
        "هاتف ",
        "«",
        "(",
        "\"",
        "الأمم المتحدة (",
        "Mr ",
        "of ",
        "New ",
        "San ",
        "الربع الأول من ",
        "قبل ",
        "نوفمبر ",
        "يناير إلى ",
    ] {
        survives(&some(piece));
    }
}

#[test]
fn many_names_of_one_kind() {
    let mut names = String::new();
    for index in 0..5_000 {
        names.push_str(&format!(
            "الدكتور محمد أحمد العلي{index} ثم قال الشيخ صالح الهاشمي. "
        ));
    }
    survives(&names);
    let mut families = String::new();
    for index in 0..5_000u32 {
        let letter = char::from_u32('ا' as u32 + index % 20).unwrap();
        families.push_str(&format!("الدكتور محمد {letter}{letter}كرمالي، "));
    }
    survives(&families);
}

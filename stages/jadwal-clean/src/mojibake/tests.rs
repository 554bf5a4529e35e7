//! Misread pieces of texts in five languages, and sound ones.

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1256};

use super::*;
use crate::tests::samples::{ARABIC, FRENCH, GERMAN, PERSIAN, URDU, pieces};

/// Reads bytes as single characters; bytes without one stay controls, as browsers have it.
fn misread(bytes: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn as_1256(text: &str) -> String {
    misread(text.as_bytes(), WINDOWS_1256)
}

fn as_1252(text: &str) -> String {
    misread(text.as_bytes(), WINDOWS_1252)
}

fn as_latin_1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn twice_1252(text: &str) -> String {
    as_1252(&as_1252(text))
}

fn twice_1256(text: &str) -> String {
    as_1256(&as_1256(text))
}

fn bytes_1256_as_1252(text: &str) -> String {
    misread(&WINDOWS_1256.encode(text).0, WINDOWS_1252)
}

fn repaired(text: &str) -> String {
    let rounds = Mojibake::new().repair(text, &mut Repairs::new());
    let last = rounds.into_iter().next_back();
    last.map_or_else(|| text.to_owned(), |edited| edited.text)
}

/// Returns how many of the damaged pieces come out exactly as they were.
fn exact(damage: fn(&str) -> String, paragraphs: &[&str]) -> (usize, usize) {
    let pieces = pieces(paragraphs, if paragraphs.len() > 3 { 4 } else { 8 });
    let good = pieces
        .iter()
        .filter(|piece| repaired(&damage(piece)) == **piece);
    (good.count(), pieces.len())
}

#[test]
fn misread_pieces_come_out_exact() {
    type Damage = fn(&str) -> String;
    let all: [(&str, Damage); 6] = [
        ("utf-8 as 1256", as_1256),
        ("utf-8 as 1252", as_1252),
        ("utf-8 as latin-1", as_latin_1),
        ("twice 1252", twice_1252),
        ("twice 1256", twice_1256),
        ("1256 as 1252", bytes_1256_as_1252),
    ];
    for (name, damage) in all {
        let (good, pieces) = exact(damage, &ARABIC);
        assert_eq!((good, pieces), (48, 48), "Arabic, {name}");
        for (language, paragraphs) in [("Persian", PERSIAN), ("Urdu", URDU)] {
            let (good, pieces) = exact(damage, &paragraphs);
            // A line of one or two words may hold nothing that gives it away.
            assert!(good + 1 >= pieces, "{language}, {name}: {good} of {pieces}");
        }
    }
    for paragraphs in [FRENCH, GERMAN] {
        for damage in [as_1252, as_latin_1, twice_1252] {
            assert_eq!(exact(damage, &paragraphs), (24, 24));
        }
        // One letter that was read as two of Arabic proves nothing.
        let (good, pieces) = exact(as_1256, &paragraphs);
        assert!(good * 10 >= pieces * 8, "{good} of {pieces}");
    }
}

#[test]
fn sound_texts_are_left_alone() {
    for paragraphs in [&ARABIC[..], &PERSIAN, &URDU, &FRENCH, &GERMAN] {
        for piece in pieces(paragraphs, 8) {
            assert_eq!(repaired(&piece), piece);
            let upper = piece.to_uppercase();
            assert_eq!(repaired(&upper), upper);
        }
    }
    for line in [
        "„Das macht Spaß“ – „ein großer Ä“",
        "MANHÃ… e IRMÃ”",
        "ضبط؟ حفظ» غلط،",
        "آپ آگ تک اک ایک",
        "À Á Â Ã Ä Å Æ Ç È É",
        "Þórður Ýr Ægisdóttir á Íslandi",
        "Ångström, Øresund, Ærø",
        "«Ô»",
        "Úžasné!",
        "Öštričišes Titš",
        "ÀÇÉ",
        "crème brûlée ÇÀ ET LÀ",
    ] {
        assert_eq!(repaired(line), line);
    }
}

/// Guarantees: one bad line does not touch the good ones, and short bad lines follow long ones.
#[test]
fn lines_are_judged_one_by_one() {
    for damage in [as_1256, as_1252, bytes_1256_as_1252] {
        let text = [
            ARABIC[0],
            &damage(ARABIC[1]),
            FRENCH[0],
            &damage("خبر عاجل"),
        ]
        .join("\n");
        let expected = [ARABIC[0], ARABIC[1], FRENCH[0], "خبر عاجل"].join("\n");
        assert_eq!(repaired(&text), expected);
    }
    let mut repairs = Repairs::new();
    let text = [ARABIC[0], &as_1256(ARABIC[1]), &as_1252(ARABIC[2])].join("\n");
    Mojibake::new().repair(&text, &mut repairs);
    assert_eq!(repairs["mojibake:utf-8-as-windows-1256"], 1);
    assert_eq!(repairs["mojibake:utf-8-as-windows-1252"], 1);
}

#[test]
fn markup_does_not_hide_the_damage() {
    let page = |text: &str| {
        format!(
            "<div class=\"story wide\"><a href=\"/news/2016/11/21/index.html\">{text}</a></div>"
        )
    };
    for damage in [as_1256, as_1252, bytes_1256_as_1252] {
        let damaged = [page(&damage(ARABIC[1])), page(&damage("محليات"))].join("\n");
        let expected = [page(ARABIC[1]), page("محليات")].join("\n");
        assert_eq!(repaired(&damaged), expected);
    }
}

#[test]
fn half_of_a_letter_that_became_a_blank_is_known_in_a_damaged_line() {
    let damaged = "L'Ã©tÃ©, dÃ©jÃ  tout Ã  fait lÃ et Ã Paris";
    assert_eq!(repaired(damaged), "L'été, déjà tout à fait là et à Paris");
    assert_eq!(repaired("AMANHÃ E IRMÃ"), "AMANHÃ E IRMÃ");
}

#[test]
fn each_letter_leads_to_the_characters_it_was_made_of() {
    let damaged = as_1256(ARABIC[0]);
    let mut rounds = Mojibake::new().repair(&damaged, &mut Repairs::new());
    let edited = rounds.pop().expect("it is damaged");
    assert!(rounds.is_empty());
    for (at, character) in edited.text.char_indices() {
        let range = edited.map.source_range(at..at + character.len_utf8());
        assert_eq!(damaged[range], as_1256(&character.to_string()));
    }
}

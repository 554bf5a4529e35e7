//! One text in every encoding that Arabic news comes in.

use encoding_rs::{Encoding, ISO_8859_6, WINDOWS_1256};

use super::{clean, cleaned, removed, text};
use crate::CleanOptions;
use crate::decode::{DecodeError, decode};

const TEXT: &str = "افتتح وزير النقل صباح اليوم الجسر الجديد في المدينة القديمة، وقال إن العمل دام ثلاث سنوات كاملة.";

/// Decodes `raw`, which must give `TEXT` in the encoding `name`, and checks that each word leads to
/// the bytes that `encode` makes of it.
#[track_caller]
fn check(raw: &[u8], name: &str, encode: impl Fn(&str) -> Vec<u8>) {
    let doc = cleaned(raw.to_vec());
    assert_eq!(text(&doc), TEXT);
    let encoding = doc
        .facts()
        .encoding
        .as_ref()
        .expect("the encoding is known");
    assert_eq!(encoding.name, name);
    assert!(
        encoding.score > 0.7 && encoding.score <= 1.0,
        "{}",
        encoding.score
    );
    let mut at = 0;
    for word in TEXT.split(' ') {
        let range = doc.source_range(at..at + word.len());
        let source = &raw[range.start as usize..range.end as usize];
        assert_eq!(source, encode(word), "{word}");
        at += word.len() + 1;
    }
}

fn single_byte(encoding: &'static Encoding) -> impl Fn(&str) -> Vec<u8> {
    move |text| {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "the sample fits the encoding");
        bytes.into_owned()
    }
}

fn utf16_le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16_be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn utf8(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

#[test]
fn arabic_code_pages_are_told_from_their_bytes() {
    for encoding in [WINDOWS_1256, ISO_8859_6] {
        let encode = single_byte(encoding);
        let name = encoding.name().to_ascii_lowercase();
        check(&encode(TEXT), &name, &encode);
    }
}

#[test]
fn utf16_is_read_with_and_without_a_mark() {
    check(&utf16_le(TEXT), "utf-16le", utf16_le);
    check(&utf16_be(TEXT), "utf-16be", utf16_be);
    check(
        &[b"\xFF\xFE".as_slice(), &utf16_le(TEXT)].concat(),
        "utf-16le",
        utf16_le,
    );
    check(
        &[b"\xFE\xFF".as_slice(), &utf16_be(TEXT)].concat(),
        "utf-16be",
        utf16_be,
    );
}

#[test]
fn utf8_is_read_with_and_without_a_mark() {
    check(TEXT.as_bytes(), "utf-8", utf8);
    check(&[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(), "utf-8", utf8);
}

#[test]
fn bad_bytes_in_utf8_are_left_out_and_listed() {
    let (head, tail) = TEXT.as_bytes().split_at(11);
    let raw = [head, b"\xC7\xE1", tail, b"\xD8"].concat();
    check(&raw, "utf-8", utf8);
    let doc = cleaned(raw);
    let rules: Vec<_> = doc
        .facts()
        .removed
        .iter()
        .map(|r| (r.raw.clone(), &*r.rule))
        .collect();
    let end = 11 + 2 + tail.len();
    assert_eq!(rules, [(11..13, "bad-bytes"), (end..end + 1, "bad-bytes")]);
    assert_eq!(doc.facts().repairs["bad-bytes"], 2);
}

#[test]
fn multi_byte_encodings_lead_to_their_bytes() {
    for (encoding, sample) in [
        (
            encoding_rs::SHIFT_JIS,
            "東京で新しい橋が開通しました。多くの人が集まりました。",
        ),
        (
            encoding_rs::GBK,
            "市长今天上午宣布新桥正式通车，许多市民前来参加仪式。",
        ),
        (
            encoding_rs::EUC_KR,
            "시장은 오늘 아침 새 다리가 개통되었다고 발표했습니다.",
        ),
    ] {
        let encode = single_byte(encoding);
        let raw = encode(sample);
        let decoded = decode(&raw).expect("this is text");
        assert_eq!(decoded.edited.text, sample);
        for (at, character) in sample.char_indices() {
            let range = decoded
                .edited
                .map
                .source_range(at..at + character.len_utf8());
            assert_eq!(raw[range], encode(&character.to_string()), "{character}");
        }
    }
}

#[test]
fn a_replacement_character_stays_only_where_the_source_has_it() {
    let spelled = format!("{TEXT} \u{FFFD} نهاية");
    assert_eq!(text(&cleaned(spelled.clone())), spelled);
    assert!(!text(&cleaned(b"caf\xE9 au lait, tr\xE8s bon".to_vec())).contains('\u{FFFD}'));
}

#[test]
fn a_sign_or_two_make_no_text_unreadable() {
    let prose = "The minister said on Monday that the port would open again next week, and that all ships were safe.";
    for (sign, text) in [
        (b'\xD7', "×"),
        (b'\xA2', "¢"),
        (b'\xA7', "§"),
        (b'\xF7', "÷"),
    ] {
        let raw = [b"5 ", &[sign][..], b" 7. ", prose.as_bytes()].concat();
        let decoded = decode(&raw).unwrap();
        assert_eq!(decoded.edited.text, format!("5 {text} 7. {prose}"));
        assert!(decoded.score >= 0.5);
    }
    let raw = [&b"\xD7\xF7\xA7 "[..], &prose.as_bytes()[..20]].concat();
    assert!(decode(&raw).is_err(), "so many signs are no text");
}

#[test]
fn what_is_no_text_is_refused() {
    for (raw, expected) in [
        (b"\x89PNG\r\n\x1a\nxxxx".to_vec(), "a PNG image"),
        (b"%PDF-1.7\n%text".to_vec(), "a PDF document"),
        (b"PK\x03\x04abcdefgh".to_vec(), "a ZIP archive"),
        (b"abc\0\0\0\0\0\0def".to_vec(), "binary"),
        (vec![0; 64], "binary"),
    ] {
        let error = decode(&raw).expect_err("this is no text").to_string();
        assert!(error.contains(expected), "{error}");
        let (result, doc) = clean(CleanOptions::default(), "a.txt", raw);
        let error = result.expect_err("the document is refused");
        assert_eq!(error.class(), jadwal_core::ErrorClass::Document);
        assert!(!doc.has_text());
    }
}

#[test]
fn utf8_with_too_many_bad_bytes_is_refused() {
    let mut raw = TEXT.as_bytes().to_vec();
    for at in (1..raw.len()).step_by(9) {
        raw[at] = 0xFF;
    }
    let error = decode(&raw).expect_err("too much is lost");
    assert!(matches!(error, DecodeError::Unknown { closest, .. } if closest == "utf-8"));
}

#[test]
fn nothing_is_removed_from_sound_bytes() {
    assert_eq!(removed(&cleaned(TEXT)), []);
}

/// Bytes spread over all values are letters in some encoding, but the holes of its table show that
/// it is not the one.
#[test]
fn bytes_of_every_value_are_in_no_encoding() {
    let raw: Vec<u8> = (0..40).flat_map(|_| 0x20..=0xFFu8).collect();
    let error = decode(&raw).unwrap_err();
    assert!(matches!(error, DecodeError::Unknown { .. }), "{error:?}");
}

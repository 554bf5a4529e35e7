//! Every encoding, over pieces of texts in five languages: each must come out as it was.

use encoding_rs::{ISO_8859_6, WINDOWS_1252, WINDOWS_1256};

use super::samples::{ARABIC, FRENCH, GERMAN, PERSIAN, URDU, pieces};
use crate::decode::{Decoded, decode};

/// Writes a text in one encoding; `None` where it can't be written.
type Encode = fn(&str) -> Option<Vec<u8>>;

fn windows_1256(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, lossy) = WINDOWS_1256.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

fn windows_1252(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, lossy) = WINDOWS_1252.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

fn iso_8859_6(text: &str) -> Option<Vec<u8>> {
    // It has no guillemets; a text that was written in it has other marks there.
    let text = text.replace(['«', '»'], "\"");
    let (bytes, _, lossy) = ISO_8859_6.encode(&text);
    (!lossy).then(|| bytes.into_owned())
}

/// Code page 720, as far as Arabic texts need it: letters in two runs, marks of its own.
fn cp720(text: &str) -> Option<Vec<u8>> {
    const FIRST: &str = "ءآأؤ£إئابةتثجحخدذرزسشص«»";
    const SECOND: &str = "ضطظعغفµقكلمنهوىي";
    let place = |run: &str, character| run.chars().position(|known| known == character);
    let byte = |character: char| match character {
        '\0'..='\x7F' => Some(character as u8),
        // It has no Arabic comma.
        '،' => Some(b','),
        _ => place(FIRST, character)
            .map(|at| 0x98 + at as u8)
            .or(place(SECOND, character).map(|at| 0xE0 + at as u8)),
    };
    text.chars().map(byte).collect()
}

fn utf8(text: &str) -> Option<Vec<u8>> {
    Some(text.as_bytes().to_vec())
}

fn utf16_le(text: &str) -> Option<Vec<u8>> {
    Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

fn utf16_be(text: &str) -> Option<Vec<u8>> {
    Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
}

fn marked_le(text: &str) -> Option<Vec<u8>> {
    Some([b"\xFF\xFE".to_vec(), utf16_le(text)?].concat())
}

fn marked_be(text: &str) -> Option<Vec<u8>> {
    Some([b"\xFE\xFF".to_vec(), utf16_be(text)?].concat())
}

/// What a text is before it is written: some encodings have no sign for some marks.
fn written(text: &str, name: &str) -> String {
    match name {
        "iso-8859-6" => text.replace(['«', '»'], "\""),
        "cp720" => text.replace('،', ","),
        _ => text.to_owned(),
    }
}

/// Checks that each character of `text` leads to the bytes that `encode` writes for it.
fn check_places(decoded: &Decoded, raw: &[u8], encode: impl Fn(&str) -> Option<Vec<u8>>) {
    let text = &decoded.edited.text;
    for (at, character) in text.char_indices() {
        let range = decoded
            .edited
            .map
            .source_range(at..at + character.len_utf8());
        assert_eq!(Some(raw[range].to_vec()), encode(&character.to_string()));
    }
}

/// Decodes all pieces in one encoding and returns those that came out wrong.
fn failures(name: &str, encode: Encode, paragraphs: &[&str], sizes: usize) -> Vec<String> {
    let mut failures = Vec::new();
    for piece in pieces(paragraphs, sizes) {
        let raw = encode(&piece).expect("the samples fit the encoding");
        match decode(&raw) {
            Ok(decoded) if decoded.edited.text == written(&piece, name) => {
                if piece.len() < 400 && !name.ends_with("marked") {
                    check_places(&decoded, &raw, |text| {
                        encode(if text == "\"" && name == "iso-8859-6" {
                            "«"
                        } else {
                            text
                        })
                    });
                }
            }
            Ok(decoded) => {
                let start: String = decoded.edited.text.chars().take(40).collect();
                failures.push(format!("{name} as {}: {start}", decoded.encoding));
            }
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    failures
}

#[test]
fn every_piece_comes_out_of_every_encoding() {
    let unicode: [(&str, Encode); 5] = [
        ("utf-8", utf8),
        ("utf-16le", utf16_le),
        ("utf-16be", utf16_be),
        ("utf-16le marked", marked_le),
        ("utf-16be marked", marked_be),
    ];
    let mut all = Vec::new();
    for (name, encode) in unicode {
        for paragraphs in [&ARABIC[..], &PERSIAN, &URDU, &FRENCH, &GERMAN] {
            all.extend(failures(name, encode, paragraphs, 4));
        }
    }
    all.extend(failures("windows-1256", windows_1256, &ARABIC, 8));
    all.extend(failures("windows-1256", windows_1256, &PERSIAN, 8));
    all.extend(failures("windows-1256", windows_1256, &URDU, 8));
    all.extend(failures("iso-8859-6", iso_8859_6, &ARABIC, 8));
    all.extend(failures("cp720", cp720, &ARABIC, 8));
    all.extend(failures("windows-1252", windows_1252, &FRENCH, 8));
    all.extend(failures("windows-1252", windows_1252, &GERMAN, 8));
    assert_eq!(all, [""; 0]);
}

/// Scenario: UTF-8 with bytes put in, taken out and overwritten, in every tenth of the text.
/// Guarantees: it is read as UTF-8, and all that is lost is the damaged characters.
#[test]
fn damaged_utf8_is_read_as_utf8() {
    for paragraphs in [&ARABIC[..], &PERSIAN, &URDU, &FRENCH, &GERMAN] {
        for (number, piece) in pieces(paragraphs, 8).into_iter().enumerate() {
            let mut raw = piece.clone().into_bytes();
            let places = 1 + raw.len() / 400;
            for place in (0..places).rev() {
                let at = (place * raw.len() / places + number * 7) % raw.len();
                match number % 3 {
                    0 => raw[at] = 0xFF,
                    1 => raw.insert(at, 0xC3),
                    _ => drop(raw.remove(at)),
                }
            }
            let expected = String::from_utf8_lossy(&raw).replace('\u{FFFD}', "");
            if expected.is_ascii() {
                // Nothing in it says UTF-8.
                continue;
            }
            let decoded = decode(&raw).expect("it is text");
            assert_eq!(decoded.edited.text, expected, "{}", decoded.encoding);
        }
    }
}

/// Guarantees: a piece that starts or ends in the middle of a character loses that one only.
#[test]
fn cut_pieces_lose_the_cut_character_only() {
    let check = |raw: &[u8], expected: &str, name: &str| {
        let decoded = decode(raw).expect("it is text");
        assert_eq!(
            decoded.edited.text, expected,
            "{name}, {}",
            decoded.encoding
        );
        assert_eq!(
            decoded.bad.iter().map(ExactSizeIterator::len).max(),
            Some(1)
        );
    };
    for paragraphs in [&ARABIC[..], &PERSIAN, &URDU] {
        for piece in pieces(paragraphs, 4) {
            let raw = piece.as_bytes();
            let first = piece.chars().next().map_or(0, char::len_utf8);
            check(&raw[1..], &piece[first..], "utf-8, start");
            let last = piece.chars().next_back().map_or(0, char::len_utf8);
            let shorter = &piece[..piece.len() - last];
            check(
                &[shorter.as_bytes(), b"\xD8"].concat(),
                shorter,
                "utf-8, end",
            );
            let little = utf16_le(&piece).expect("it has every character");
            check(&little[1..], &piece[first..], "utf-16le, start");
            let big = utf16_be(&piece).expect("it has every character");
            check(&big[1..], &piece[first..], "utf-16be, start");
            let shorter = &piece[..piece.len() - last];
            check(&little[..little.len() - 1], shorter, "utf-16le, end");
            check(&big[..big.len() - 1], shorter, "utf-16be, end");
        }
    }
    for paragraphs in [FRENCH, GERMAN] {
        for piece in pieces(&paragraphs, 4) {
            check(&[piece.as_bytes(), b"\xC3"].concat(), &piece, "utf-8, end");
            check(
                &[b"\xA9", piece.to_lowercase().as_bytes()].concat(),
                &piece.to_lowercase(),
                "utf-8, start",
            );
        }
    }
}

/// Guarantees: a declared charset decides where the bytes leave it open, and is passed over where
/// they deny it.
#[test]
fn a_declared_charset_is_a_vote() {
    let read = |charset: &str, bytes: &[u8]| {
        let head = format!("<html><head><meta charset=\"{charset}\"></head><body><p>");
        let decoded = decode(&[head.as_bytes(), bytes].concat()).expect("it is text");
        let text = decoded.edited.text[head.len()..].to_owned();
        (decoded.encoding, text)
    };
    // Five letters that are words in two encodings.
    let open = b"\xEE\xE5\xF2";
    assert_eq!(read("windows-1251", open).1, "оет");
    assert_eq!(read("windows-1252", open).1, "îåò");
    let arabic = ARABIC[0];
    let bytes = windows_1256(arabic).expect("the sample fits");
    for lie in [
        "iso-8859-1",
        "utf-8",
        "windows-1252",
        "iso-8859-6",
        "cp720",
        "nonsense",
    ] {
        let (encoding, text) = read(lie, &bytes);
        assert_eq!(
            (encoding.as_str(), text.as_str()),
            ("windows-1256", arabic),
            "{lie}"
        );
    }
    let bytes = cp720(arabic).expect("the sample fits");
    assert_eq!(read("windows-1256", &bytes).0, "cp720");
}

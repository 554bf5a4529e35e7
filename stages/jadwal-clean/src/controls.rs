//! Takes out what is no text: control characters, byte order marks inside, and the character
//! references of HTML (`&nbsp;`, `&#1575;`) that were left in text.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};
use jadwal_core::{Edited, TextEditor};

use crate::scan::find_pair;
use crate::unicode::Repairs;

/// Longer than any named reference.
const MAX_REFERENCE: usize = 40;

/// How often one text is escaped at most (`&amp;amp;lt;`).
const MAX_ESCAPES: usize = 4;

/// Writes the characters that references stand for. Only whole ones count, with `&` and `;`.
pub(crate) fn entities(text: &str, repairs: &mut Repairs) -> Option<Edited> {
    let mut editor = TextEditor::new(text);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'&', &text.as_bytes()[at..]) {
        let start = at + found;
        at = start + 1;
        if let Some((length, character)) = reference(&text[start..]) {
            at = start + length;
            editor.replace(start..at, &character);
        }
    }
    finish(editor, "controls:entities", repairs)
}

/// Reads the reference at the start of `text`, also where its own `&` was escaped. Returns its
/// length and what it stands for.
fn reference(text: &str) -> Option<(usize, String)> {
    let (mut length, mut decoded) = whole_reference(text, "")?;
    for _ in 1..MAX_ESCAPES {
        if decoded != "&" {
            break;
        }
        let Some((more, inner)) = whole_reference(&text[length..], "&") else {
            break;
        };
        length += more;
        decoded = inner;
    }
    Some((length, decoded))
}

/// Reads the reference that `before` and the start of `text` make up. Returns how much of `text` is
/// part of it, and what it stands for.
fn whole_reference(text: &str, before: &str) -> Option<(usize, String)> {
    let name = text.get(1 - before.len()..)?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let limit = name.len().min(MAX_REFERENCE);
    let end = name.as_bytes()[..limit]
        .iter()
        .position(|byte| !is_part(byte))?;
    if end < 2 || name.as_bytes()[end] != b';' {
        return None;
    }
    let length = 1 - before.len() + end + 1;
    let source = format!("{before}{}", &text[..length]);
    let decoded = decode(&source);
    (decoded != source).then_some((length, decoded))
}

/// Returns what a reference stands for, itself where it is none, nothing for one to no character.
fn decode(reference: &str) -> String {
    let mut decoded = String::new();
    let Ok(tokens) = Tokenizer::new(reference).collect::<Result<Vec<_>, _>>();
    for token in tokens {
        if let Token::String(text) = token {
            decoded.push_str(&String::from_utf8_lossy(&text));
        }
    }
    // The standard writes U+FFFD for references to no character; a record must not.
    decoded.retain(|character| character != '\u{FFFD}' && character != '\0');
    decoded
}

/// Removes control characters and inner byte order marks, and writes all line ends as `\n`.
pub(crate) fn tidy(text: &str, repairs: &mut Repairs) -> Option<Edited> {
    let bytes = text.as_bytes();
    let mut editor = TextEditor::new(text);
    let (mut controls, mut line_ends) = (0u64, 0u64);
    let mut at = 0;
    while let Some(start) = next_suspect(bytes, at) {
        let Some(character) = text[start..].chars().next() else {
            break;
        };
        at = start + character.len_utf8();
        match character {
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                at += usize::from(character == '\r' && bytes.get(at) == Some(&b'\n'));
                editor.replace(start..at, "\n");
                line_ends += 1;
            }
            '\t' => {}
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FEFF}' => {
                editor.remove(start..at);
                controls += 1;
            }
            _ => {}
        }
    }
    for (rule, count) in [
        ("controls:characters", controls),
        ("controls:line-ends", line_ends),
    ] {
        if count > 0 {
            *repairs.entry(Cow::Borrowed(rule)).or_default() += count;
        }
    }
    (editor.changes() > 0).then(|| editor.finish())
}

fn next_suspect(bytes: &[u8], from: usize) -> Option<usize> {
    find_pair(bytes, from, |byte, next| {
        ((byte < 0x20) & (byte != b'\n') & (byte != b'\t'))
            | (byte == 0x7F)
            | ((byte == 0xC2) & (next < 0xA0))
            // Line and paragraph separators; the byte order mark.
            | ((byte == 0xE2) & (next == 0x80))
            | ((byte == 0xEF) & (next == 0xBB))
    })
}

fn finish(editor: TextEditor<'_>, rule: &'static str, repairs: &mut Repairs) -> Option<Edited> {
    let changes = editor.changes();
    if changes == 0 {
        return None;
    }
    *repairs.entry(Cow::Borrowed(rule)).or_default() += changes as u64;
    Some(editor.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_written_as_characters() {
        for (source, expected) in [
            ("AT&amp;T", "AT&T"),
            ("a&nbsp;b", "a\u{A0}b"),
            ("&#1575;&#x644;", "ال"),
            ("&amp;nbsp;&amp;amp;quot;", "\u{A0}\""),
            ("&laquo;نص&raquo;", "«نص»"),
            ("a&#0;b", "ab"),
        ] {
            let edited = entities(source, &mut Repairs::new()).expect("there are references");
            assert_eq!(edited.text, expected, "{source}");
        }
        for sound in [
            "R&D; S & T",
            "a&b",
            "&",
            "&;",
            "&nbsp",
            "x&nosuchname;",
            "&é;",
        ] {
            assert_eq!(entities(sound, &mut Repairs::new()), None, "{sound}");
        }
    }

    #[test]
    fn controls_go_and_line_ends_are_one() {
        let mut repairs = Repairs::new();
        let source = "a\u{0}b\u{FEFF}\r\nc\rd\u{2028}e\u{9F}\tf";
        let edited = tidy(source, &mut repairs).expect("there are controls");
        assert_eq!(edited.text, "ab\nc\nd\ne\tf");
        assert_eq!(repairs["controls:characters"], 3);
        assert_eq!(repairs["controls:line-ends"], 3);
        assert_eq!(tidy("a\tb\nc «é»", &mut repairs), None);
    }
}

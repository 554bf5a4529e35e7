//! Decodes character references (`&amp;`, `&#1575;`).

use std::ops::Range;

use html5gum::{Token, Tokenizer};

/// Returns the range of the reference candidate that starts at the `&` at `start`: the `&` and the
/// letters, digits, `#` and `;` that may belong to it.
pub(super) fn candidate(text: &str, start: usize) -> Range<usize> {
    /// Longer than any named reference.
    const LIMIT: usize = 40;
    let bytes = text.as_bytes();
    let mut end = start + 1;
    while end < bytes.len() && end - start < LIMIT {
        match bytes[end] {
            b';' => return start..end + 1,
            b'#' if end == start + 1 => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => break,
        }
        end += 1;
    }
    start..end
}

/// Returns what `candidate` stands for, itself where it is no reference. A reference to no
/// character gives nothing.
pub(super) fn decode(candidate: &str) -> String {
    match candidate {
        "&" => return "&".to_owned(),
        "&amp;" => return "&".to_owned(),
        "&nbsp;" => return "\u{A0}".to_owned(),
        "&quot;" => return "\"".to_owned(),
        _ => {}
    }
    let mut decoded = String::new();
    let Ok(tokens) = Tokenizer::new(candidate).collect::<Result<Vec<_>, _>>();
    for token in tokens {
        if let Token::String(text) = token {
            decoded.push_str(&String::from_utf8_lossy(&text));
        }
    }
    // The standard writes U+FFFD for references to no character; a record must not.
    decoded.retain(|character| character != '\u{FFFD}' && character != '\0');
    decoded
}

/// Returns `text` with references decoded and blanks collapsed.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text[at..].find('&') {
        let range = candidate(text, at + found);
        plain.push_str(&text[at..range.start]);
        plain.push_str(&decode(&text[range.clone()]));
        at = range.end;
    }
    plain.push_str(&text[at..]);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

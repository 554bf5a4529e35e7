//! Takes one JSON Lines record apart, and keeps where each character of its text stands in the line.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use jadwal_core::Edited;
use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::options::JsonlFields;

/// Arrays and objects inside each other that are let through; readers of the output stop at 128.
const MAX_DEPTH: usize = 100;

/// What a record holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// The text, mapped to the bytes of the line.
    pub(crate) text: Edited,
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) created: String,
    /// All other fields as one JSON object; empty if there are none.
    pub(crate) fields: String,
}

/// Why a line is no record.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    #[error("not a JSON object: {what} (column {column})")]
    Json { what: String, column: usize },
    #[error("field `{0}` is missing")]
    Missing(String),
    #[error("field `{field}` is {found}, not a string")]
    NotText { field: String, found: &'static str },
    #[error("field `{0}` has half of a surrogate pair, which stands for no character")]
    Surrogate(String),
    #[error("field `{0}` is nested more than {MAX_DEPTH} deep")]
    TooDeep(String),
}

/// Reads `line`, one JSON object. Of fields with the same name the last one counts.
pub(crate) fn parse(line: &str, names: &JsonlFields) -> Result<Record, RecordError> {
    let mut record = Record::default();
    let mut text = None;
    let mut rest = String::new();
    for (name, value) in last_of_each(object(line)?) {
        let is_text = *name == names.text;
        if is_text || value.get().starts_with('"') {
            let target = match &*name {
                name if *name == names.url => Some(&mut record.url),
                name if *name == names.title => Some(&mut record.title),
                name if *name == names.created => Some(&mut record.created),
                _ => None,
            };
            let wrong = |()| RecordError::Surrogate(name.clone().into_owned());
            match (is_text, target) {
                (true, _) => text = Some(text_of(&name, value, line)?),
                (false, Some(target)) => *target = unescape(value.get(), 0).map_err(wrong)?.text,
                (false, None) => add_field(&mut rest, &name, value)?,
            }
        } else {
            add_field(&mut rest, &name, value)?;
        }
    }
    record.text = text.ok_or_else(|| RecordError::Missing(names.text.clone()))?;
    if !rest.is_empty() {
        rest.push('}');
        record.fields = rest;
    }
    Ok(record)
}

type Fields<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Returns the fields of an object in the order of the line. This checks the syntax of it all.
fn object(line: &str) -> Result<Fields<'_>, RecordError> {
    struct Object;

    impl<'de> Visitor<'de> for Object {
        type Value = Fields<'de>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Fields::new();
            while let Some((Name(name), value)) = map.next_entry()? {
                fields.push((name, value));
            }
            Ok(fields)
        }
    }

    let mut input = serde_json::Deserializer::from_str(line);
    input
        .deserialize_map(Object)
        .and_then(|fields| input.end().map(|()| fields))
        .map_err(|error| {
            // The line is cut out of its file, so "line 1" would mislead.
            let place = format!(" at line {} column {}", error.line(), error.column());
            RecordError::Json {
                what: error.to_string().replace(&place, ""),
                column: error.column(),
            }
        })
}

/// A name that borrows from the line where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Leaves the last field of each name.
fn last_of_each(mut fields: Fields<'_>) -> Fields<'_> {
    let mut seen = HashSet::with_capacity(fields.len());
    let mut last: Vec<bool> = fields
        .iter()
        .rev()
        .map(|(name, _)| seen.insert(name.as_ref()))
        .collect();
    drop(seen);
    fields.retain(|_| last.pop() == Some(true));
    fields
}

fn text_of(name: &str, value: &RawValue, line: &str) -> Result<Edited, RecordError> {
    let raw = value.get();
    let found = match raw.as_bytes().first() {
        Some(b'"') => {
            // `value` is borrowed from `line`, so the distance of the two is its offset.
            let offset = raw.as_ptr().addr() - line.as_ptr().addr();
            return unescape(raw, offset).map_err(|()| RecordError::Surrogate(name.to_owned()));
        }
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    };
    Err(RecordError::NotText {
        field: name.to_owned(),
        found,
    })
}

fn add_field(rest: &mut String, name: &str, value: &RawValue) -> Result<(), RecordError> {
    let raw = value.get();
    if nests_too_deep(raw) {
        return Err(RecordError::TooDeep(name.to_owned()));
    }
    let has_surrogate = raw.contains("\\ud") || raw.contains("\\uD");
    if has_surrogate && serde_json::from_str::<serde_json::Value>(raw).is_err() {
        return Err(RecordError::Surrogate(name.to_owned()));
    }
    rest.push(if rest.is_empty() { '{' } else { ',' });
    rest.push_str(&serde_json::Value::from(name).to_string());
    rest.push(':');
    rest.push_str(raw);
    Ok(())
}

/// Whether a valid JSON value nests more than [`MAX_DEPTH`] deep.
fn nests_too_deep(raw: &str) -> bool {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth -= 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// Decodes `raw`, a JSON string with its quotes whose syntax is right and that starts at byte
/// `offset` of its line. Each escape is one unit of the map.
fn unescape(raw: &str, offset: usize) -> Result<Edited, ()> {
    let inner = &raw[1..raw.len() - 1];
    let mut edited = Edited::default();
    edited.text.reserve(inner.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &inner.as_bytes()[at..]) {
        let escape = at + found;
        edited.push_same(&inner[at..escape], offset + 1 + at);
        let (character, len) = escaped(&inner.as_bytes()[escape..]).ok_or(())?;
        let start = offset + 1 + escape;
        edited.push_unit(character.encode_utf8(&mut [0; 4]), start..start + len);
        at = escape + len;
    }
    edited.push_same(&inner[at..], offset + 1 + at);
    Ok(edited)
}

/// Returns the character of the escape that `bytes` starts with, and the escape's length.
fn escaped(bytes: &[u8]) -> Option<(char, usize)> {
    let simple = match bytes.get(1)? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return escaped_unicode(bytes),
        other => char::from(*other),
    };
    Some((simple, 2))
}

fn escaped_unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = code_unit(bytes)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Some((character, 6));
    }
    let second = code_unit(bytes.get(6..)?)?;
    let mut pair = char::decode_utf16([first, second]);
    Some((pair.next()?.ok()?, 12))
}

/// Reads `\uXXXX`.
fn code_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(line: &str) -> Result<Record, String> {
        parse(line, &JsonlFields::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn fields_go_where_they_belong() {
        let line = r#"{"id":7,"text":"نص","title":"ع","url":"http:\/\/x","created":2026,"n":{"a":[1]},"id":8}"#;
        let record = parsed(line).unwrap();
        assert_eq!(record.text.text, "نص");
        assert_eq!(
            (record.title.as_str(), record.url.as_str()),
            ("ع", "http://x")
        );
        assert_eq!(record.created, "");
        assert_eq!(record.fields, r#"{"created":2026,"n":{"a":[1]},"id":8}"#);
        assert_eq!(parsed(r#"{"text":"a"}"#).unwrap().fields, "");
        let twice = parsed(r#"{"text":1,"text":"b"}"#).unwrap();
        assert_eq!(twice.text.text, "b");
    }

    #[test]
    fn what_is_no_record_is_refused_with_the_reason() {
        let deep = format!(
            r#"{{"text":"a","x":{}{}}}"#,
            "[".repeat(101),
            "]".repeat(101)
        );
        for (line, reason) in [
            (
                "plain words",
                "not a JSON object: expected value (column 1)",
            ),
            (
                "[1]",
                "not a JSON object: invalid type: sequence, expected an object",
            ),
            (
                r#"{"text":"a""#,
                "not a JSON object: EOF while parsing an object (column 11)",
            ),
            (
                r#"{"text":"a"} {}"#,
                "not a JSON object: trailing characters (column 14)",
            ),
            (r#"{"body":"a"}"#, "field `text` is missing"),
            (r#"{"text":null}"#, "field `text` is null, not a string"),
            (
                r#"{"text":"\ud800 a"}"#,
                "field `text` has half of a surrogate pair",
            ),
            (
                r#"{"text":"a","x":["\uDFFF"]}"#,
                "field `x` has half of a surrogate pair",
            ),
            (&deep, "field `x` is nested more than 100 deep"),
        ] {
            let error = parsed(line).unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
    }

    #[test]
    fn every_kind_of_escape_leads_to_its_bytes() {
        let line = r#"{ "text" : "a\n\u0628\ud83d\ude00\"\/é" }"#;
        let text = parsed(line).unwrap().text;
        assert_eq!(text.text, "a\nب😀\"/é");
        let sources: Vec<&str> = text
            .text
            .char_indices()
            .map(|(at, c)| &line[text.map.source_range(at..at + c.len_utf8())])
            .collect();
        assert_eq!(
            sources,
            ["a", r"\n", r"\u0628", r"\ud83d\ude00", r#"\""#, r"\/", "é"]
        );
    }

    /// Writes each character as itself or as an escape, as `escapes` says.
    fn encode(text: &str, escapes: &[bool]) -> String {
        let mut json = String::new();
        for (index, character) in text.chars().enumerate() {
            if escapes[index % escapes.len()] {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    json.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                let quoted = serde_json::to_string(&character).unwrap();
                json.push_str(&quoted[1..quoted.len() - 1]);
            }
        }
        json
    }

    proptest! {
        /// Scenario: any string, its characters escaped or not.
        /// Guarantees: the text is the string, and the bytes that a character came from, read as
        /// JSON, are that character.
        #[test]
        fn each_character_leads_to_bytes_that_mean_it(
            text in any::<String>(),
            escapes in prop::collection::vec(any::<bool>(), 1..5),
        ) {
            let line = format!("{{\"before\":\"ق\",\"text\":\"{}\"}}", encode(&text, &escapes));
            let edited = parsed(&line).unwrap().text;
            prop_assert_eq!(&edited.text, &text);
            for (at, character) in text.char_indices() {
                let range = edited.map.source_range(at..at + character.len_utf8());
                let back: String = serde_json::from_str(&format!("\"{}\"", &line[range])).unwrap();
                prop_assert_eq!(back, character.to_string());
            }
        }

        #[test]
        fn any_line_is_taken_or_refused(line in any::<String>()) {
            if let Ok(record) = parsed(&line) {
                prop_assert_eq!(record.text.map.text_len(), record.text.text.len());
            }
        }
    }
}

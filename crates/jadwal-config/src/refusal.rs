//! Reads what serde says of a value it refused, and says it in the words of a TOML file.

use crate::locate::Spot;
use crate::nearest::did_you_mean;

/// A refusal in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) spot: Spot,
    pub(crate) class: Class,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// There is no such key.
    UnknownKey,
    /// A text was wanted and something else found.
    WantsText,
    /// The value has the wrong type, or is none of the known words.
    Type,
    /// Anything else: a check of the options, a size that can't be read, a key that is missing.
    Other,
}

impl Refusal {
    /// Reads serde's `message`.
    pub(crate) fn read(message: &str) -> Self {
        if let Some(rest) = message.strip_prefix("unknown field ") {
            return Self::unknown(message, rest, Spot::Key, Class::UnknownKey);
        }
        if let Some(rest) = message.strip_prefix("unknown variant ") {
            let said = message.replacen("unknown variant", "unknown value", 1);
            return Self::unknown(&said, rest, Spot::Value, Class::Type);
        }
        let wrong = ["invalid type: ", "invalid value: "]
            .iter()
            .find_map(|prefix| message.strip_prefix(prefix))
            .and_then(|rest| rest.rsplit_once(", expected "));
        if let Some((found, expected)) = wrong {
            return Self::wrong(found, expected);
        }
        let missing = message.starts_with("missing field ");
        Self {
            message: message.to_owned(),
            hint: None,
            spot: if missing { Spot::Key } else { Spot::Value },
            class: Class::Other,
        }
    }

    /// `rest` is `` `name`, expected one of `a`, `b` ``.
    fn unknown(message: &str, rest: &str, spot: Spot, class: Class) -> Self {
        let mut quoted = rest.split('`').skip(1).step_by(2);
        let name = quoted.next().unwrap_or_default();
        Self {
            message: message.to_owned(),
            hint: did_you_mean(name, quoted),
            spot,
            class,
        }
    }

    fn wrong(found: &str, expected: &str) -> Self {
        let wants_text = expected.contains("string") || expected.contains("character");
        let is_text = found.starts_with("string ");
        let hint = match (found, expected) {
            ("map", "a sequence") => Some("a list is set as a whole: `[\"a\", \"b\"]`".to_owned()),
            _ => is_text.then(|| without_quotes(expected)).flatten(),
        };
        Self {
            message: format!("expected {}, found {}", wanted(expected), seen(found)),
            hint,
            spot: Spot::Value,
            class: match wants_text && !is_text {
                true => Class::WantsText,
                false => Class::Type,
            },
        }
    }
}

/// Says in words what was expected.
fn wanted(expected: &str) -> String {
    let words = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "u128" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "a table",
        "string or map" | "path string" | "a borrowed string" => "a string",
        _ if expected.starts_with("a nonzero ") => "a whole number, 1 or more",
        _ if expected.starts_with("struct ") => "a table",
        _ => expected,
    };
    words.to_owned()
}

/// Says in words what was found.
fn seen(found: &str) -> String {
    let number = |rest: &str| format!("the number {rest}");
    if let Some(rest) = found.strip_prefix("integer ") {
        return number(rest);
    }
    if let Some(rest) = found.strip_prefix("floating point ") {
        return number(rest);
    }
    if let Some(rest) = found.strip_prefix("boolean ") {
        return rest.to_owned();
    }
    match found.strip_prefix("string ") {
        Some(rest) => format!("the string {rest}"),
        None => match found {
            "sequence" => "a list".into(),
            "map" => "a table".into(),
            other => other.to_owned(),
        },
    }
}

/// Says how the expected type is written, to someone who wrote a string.
fn without_quotes(expected: &str) -> Option<String> {
    let hint = match expected {
        "a sequence" => "a list is written `[\"a\", \"b\"]`",
        "a boolean" => "write it without quotes",
        "a map" => "a table is written `{ key = \"value\" }`",
        _ if expected.starts_with("struct ") => "a table is written `{ key = \"value\" }`",
        _ if expected.contains("string") => return None,
        _ => "write the number without quotes; `${VAR}` always gives a string",
    };
    Some(hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_said_in_words_of_the_file() {
        for (said, message, hint) in [
            (
                "unknown field `pth`, expected one of `a`, `path`",
                "unknown field `pth`, expected one of `a`, `path`",
                Some("did you mean `path`?"),
            ),
            (
                "unknown variant `mvoe`, expected `keep` or `move`",
                "unknown value `mvoe`, expected `keep` or `move`",
                Some("did you mean `move`?"),
            ),
            (
                "invalid type: string \"a, expected b\", expected u32",
                "expected a whole number from 0 to 4294967295, found the string \"a, expected b\"",
                Some("write the number without quotes; `${VAR}` always gives a string"),
            ),
            (
                "invalid value: integer `0`, expected a nonzero u32",
                "expected a whole number, 1 or more, found the number `0`",
                None,
            ),
            (
                "invalid type: map, expected a sequence",
                "expected a list, found a table",
                Some("a list is set as a whole: `[\"a\", \"b\"]`"),
            ),
            ("`x` is not a size", "`x` is not a size", None),
        ] {
            let refusal = Refusal::read(said);
            assert_eq!(refusal.message, message);
            assert_eq!(refusal.hint.as_deref(), hint, "{said}");
        }
    }
}

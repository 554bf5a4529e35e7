//! Replaces `${VAR}` in a string value.
//!
//! `${VAR:-default}` gives the default where the variable is unset or empty, `$$` gives `$`, and any
//! other `$` is itself. What a variable holds is not looked at again.

use std::ffi::{OsStr, OsString};

/// The environment as it was handed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variables<'a>(pub(crate) &'a [(OsString, OsString)]);

impl Variables<'_> {
    fn get(&self, name: &str) -> Option<&OsStr> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_os_str())
    }
}

/// Why a reference can't be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unresolved {
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// Returns `text` with its references replaced.
pub(crate) fn interpolate(text: &str, variables: Variables<'_>) -> Result<String, Unresolved> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            result.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let (reference, after) = after.split_once('}').ok_or_else(unclosed)?;
            result.push_str(&resolve(reference, variables)?);
            rest = after;
        } else {
            result.push('$');
        }
    }
    result.push_str(rest);
    Ok(result)
}

/// Returns the text that [`interpolate`] makes `text` of.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        escaped.push(character);
        if character == '$' && matches!(characters.peek(), Some('$' | '{')) {
            escaped.push('$');
        }
    }
    escaped
}

fn resolve(reference: &str, variables: Variables<'_>) -> Result<String, Unresolved> {
    let (name, default) = match reference.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (reference, None),
    };
    if !is_name(name) {
        return Err(Unresolved {
            message: format!("`${{{reference}}}` names no environment variable"),
            hint: "write `${NAME}` or `${NAME:-default}`, and `$${` for `${` itself".into(),
        });
    }
    match (variables.get(name), default) {
        (Some(value), Some(default)) if value.is_empty() => Ok(default.to_owned()),
        (Some(value), _) => value.to_str().map(str::to_owned).ok_or_else(|| Unresolved {
            message: format!("the environment variable `{name}` is not UTF-8"),
            hint: format!("give `{name}` a UTF-8 value"),
        }),
        (None, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err(Unresolved {
            message: format!("the environment variable `{name}` is not set"),
            hint: format!("set `{name}`, or give a default: `${{{name}:-...}}`"),
        }),
    }
}

fn unclosed() -> Unresolved {
    Unresolved {
        message: "`${` without `}`".into(),
        hint: "write `$${` for `${` itself".into(),
    }
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && !name.as_bytes()[0].is_ascii_digit() && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let pairs = [("HOME", "/h"), ("EMPTY", ""), ("TRICK", "${HOME}")];
        let environment = pairs.map(|(name, value)| (name.into(), value.into()));
        let result = interpolate(text, Variables(&environment));
        let result = result.as_deref().map_err(|error| error.message.as_str());
        assert_eq!(result, expected, "{text}");
    }

    #[test]
    fn references_are_replaced_and_other_dollars_stay() {
        check("${HOME}/in", Ok("/h/in"));
        check("${NONE:-a b}/${EMPTY:-c}/${EMPTY}", Ok("a b/c/"));
        check("${TRICK}", Ok("${HOME}"));
        check(
            "$5, $HOME, $$, $${HOME}, 7$",
            Ok("$5, $HOME, $, ${HOME}, 7$"),
        );
        check("${NONE}", Err("the environment variable `NONE` is not set"));
        check("${a b}", Err("`${a b}` names no environment variable"));
        check("${}", Err("`${}` names no environment variable"));
        check("${HOME", Err("`${` without `}`"));
    }

    proptest! {
        #[test]
        fn an_escaped_text_comes_back(text in "[${}a:-]{0,12}|\\PC{0,20}") {
            prop_assert_eq!(interpolate(&escape(&text), Variables(&[])), Ok(text));
        }
    }
}

//! The way from the root of the configuration to one key.

use std::fmt;

use serde_json::Value;

/// Keys from the root down; items of a list are numbered from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyPath(Vec<String>);

impl KeyPath {
    /// Returns the path of `keys`.
    pub(crate) fn of(keys: &[&str]) -> Self {
        keys.iter().copied().collect()
    }

    /// Returns the path of `key` below this one.
    pub(crate) fn join(&self, key: impl Into<String>) -> Self {
        let mut keys = self.0.clone();
        keys.push(key.into());
        Self(keys)
    }

    /// Returns the path of `keys` below this one.
    pub(crate) fn join_all(&self, keys: &[String]) -> Self {
        Self([&self.0, keys].concat())
    }

    /// Returns the path of item `index` below this one.
    pub(crate) fn item(&self, index: usize) -> Self {
        self.join(index.to_string())
    }

    pub(crate) fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Whether one of the two leads through the other.
    pub(crate) fn touches(&self, other: &Self) -> bool {
        self.starts_with(other) || other.starts_with(self)
    }

    /// Returns the path without its last key; `None` for the root.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (_, keys) = self.0.split_last()?;
        Some(Self(keys.to_vec()))
    }

    pub(crate) fn keys(&self) -> &[String] {
        &self.0
    }
}

impl<'a> FromIterator<&'a str> for KeyPath {
    fn from_iter<I: IntoIterator<Item = &'a str>>(keys: I) -> Self {
        Self(keys.into_iter().map(str::to_owned).collect())
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            if index > 0 && key.bytes().all(|byte| byte.is_ascii_digit()) {
                write!(f, "[{key}]")?;
            } else if is_bare(key) {
                write!(f, "{dot}{key}")?;
            } else {
                write!(f, "{dot}{key:?}")?;
            }
        }
        Ok(())
    }
}

/// Whether TOML takes `key` without quotes.
pub(crate) fn is_bare(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !key.is_empty() && key.bytes().all(fits)
}

/// Returns the value at `keys`, if there is one.
pub(crate) fn get_mut<'a>(tree: &'a mut Value, keys: &[String]) -> Option<&'a mut Value> {
    keys.iter().try_fold(tree, |value, key| match value {
        Value::Object(table) => table.get_mut(key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Takes the value at `keys` out of its table, with the list around it if it is an item of one, so
/// that no other item changes its number. Returns whether something was there.
pub(crate) fn remove(tree: &mut Value, keys: &[String]) -> bool {
    let Some((last, parents)) = keys.split_last() else {
        return false;
    };
    match get_mut(tree, parents) {
        Some(Value::Object(table)) => table.remove(last).is_some(),
        Some(Value::Array(_)) => remove(tree, parents),
        _ => false,
    }
}

//! Reads the file's text into values, and remembers where each key and value stands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use config::{Map, Value, ValueKind};
use toml::de::{DeFloat, DeInteger, DeTable, DeValue};

use crate::finding::{Finding, Origin, Severity};
use crate::interpolate::{Variables, interpolate};
use crate::key_path::KeyPath;
use crate::locate::{Issue, Spot};

/// The file, read.
#[derive(Debug)]
pub(crate) struct SourceText {
    pub(crate) path: PathBuf,
    text: String,
    places: BTreeMap<KeyPath, Place>,
    pub(crate) values: Value,
    pub(crate) issues: Vec<Issue>,
}

/// Where a key and its value stand, in bytes.
#[derive(Clone, Debug)]
struct Place {
    key: usize,
    value: Range<usize>,
}

impl SourceText {
    /// Parses `text` and replaces references to `variables`.
    ///
    /// # Errors
    /// The first syntax error; those after it are mostly its consequences.
    pub(crate) fn parse(
        path: &Path,
        text: &str,
        variables: Variables<'_>,
    ) -> Result<Self, Box<Finding>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let start = |error: &&toml::de::Error| error.span().map(|span| span.start);
        if let Some(first) = errors.iter().min_by_key(start) {
            return Err(Box::new(syntax_finding(path, text, first)));
        }
        let mut reader = ValueReader::new(variables);
        let values = reader.table(&KeyPath::default(), table.get_ref());
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            places: reader.places,
            values,
            issues: reader.issues,
        })
    }

    /// Returns line and column of the key or value at `path`, if the file has it.
    pub(crate) fn place(&self, path: &KeyPath, spot: Spot) -> Option<(usize, usize)> {
        let place = self.places.get(path)?;
        let offset = match spot {
            Spot::Key => place.key,
            Spot::Value => place.value.start,
        };
        Some(line_and_column(&self.text, offset))
    }

    /// Returns line and column of the byte `inner` of the string at `path`, if the string is written
    /// as it is: without escapes or references before that byte.
    pub(crate) fn place_inside(&self, path: &KeyPath, inner: usize) -> Option<(usize, usize)> {
        let place = self.places.get(path)?;
        let written = self.text.get(place.value.clone())?;
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let quote = quotes
            .into_iter()
            .find(|quote| written.starts_with(quote))?;
        // The newline behind three quotes is not part of the string.
        let newline = ["\r\n", "\n"]
            .into_iter()
            .find(|newline| quote.len() == 3 && written[quote.len()..].starts_with(newline));
        let begin = quote.len() + newline.map_or(0, str::len);
        let before = written[begin..].get(..inner)?;
        let changed =
            before.contains(['$', '\r']) || quote.starts_with('"') && before.contains('\\');
        (!changed).then(|| line_and_column(&self.text, place.value.start + begin + inner))
    }
}

/// Returns line and column, in characters from 1, of the byte `offset`.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let on_line = before[line_start..].trim_start_matches('\u{FEFF}');
    (line, on_line.chars().count() + 1)
}

fn syntax_finding(path: &Path, text: &str, error: &toml::de::Error) -> Finding {
    let place = error.span().map(|span| line_and_column(text, span.start));
    Finding {
        severity: Severity::Error,
        message: error.message().to_owned(),
        key: String::new(),
        file: Some(path.to_owned()),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        hint: None,
        origin: Origin::File,
    }
}

/// Turns parsed TOML into values of the layers.
#[derive(Debug)]
pub(crate) struct ValueReader<'a> {
    variables: Option<Variables<'a>>,
    places: BTreeMap<KeyPath, Place>,
    pub(crate) issues: Vec<Issue>,
}

impl<'a> ValueReader<'a> {
    /// Returns a reader that replaces references to `variables`.
    pub(crate) fn new(variables: Variables<'a>) -> Self {
        Self {
            variables: Some(variables),
            ..Self::literal()
        }
    }

    /// Returns a reader that takes every string as it is.
    pub(crate) fn literal() -> Self {
        Self {
            variables: None,
            places: BTreeMap::new(),
            issues: Vec::new(),
        }
    }

    fn table(&mut self, path: &KeyPath, table: &DeTable<'_>) -> Value {
        let mut values = Map::new();
        for (key, value) in table {
            let path = path.join(key.get_ref().as_ref());
            self.note(&path, &key.span(), &value.span());
            // A value that can't be read is left out: its issue is noted, and its type is not judged.
            if let Some(read) = self.value(&path, value.get_ref()) {
                values.insert(key.get_ref().clone().into_owned(), read);
            }
        }
        Value::new(None, values)
    }

    fn note(&mut self, path: &KeyPath, key: &Range<usize>, value: &Range<usize>) {
        let place = Place {
            key: key.start,
            value: value.clone(),
        };
        self.places.insert(path.clone(), place);
    }

    /// Returns the value at `path`, or notes why there is none.
    pub(crate) fn value(&mut self, path: &KeyPath, value: &DeValue<'_>) -> Option<Value> {
        let kind = match value {
            DeValue::String(text) => self.string(path, text)?,
            DeValue::Integer(number) => self.integer(path, number)?,
            DeValue::Float(number) => self.float(path, number)?,
            DeValue::Boolean(flag) => ValueKind::Boolean(*flag),
            // There is no key of this type; the text is what was written.
            DeValue::Datetime(time) => ValueKind::String(time.to_string()),
            DeValue::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let path = path.item(index);
                    self.note(&path, &item.span(), &item.span());
                    values.extend(self.value(&path, item.get_ref()));
                }
                ValueKind::Array(values)
            }
            DeValue::Table(table) => return Some(self.table(path, table)),
        };
        Some(Value::new(None, kind))
    }

    fn string(&mut self, path: &KeyPath, text: &str) -> Option<ValueKind> {
        let Some(variables) = self.variables else {
            return Some(ValueKind::String(text.to_owned()));
        };
        match interpolate(text, variables) {
            Ok(text) => Some(ValueKind::String(text)),
            Err(error) => {
                self.refuse(path, error.message, error.hint);
                None
            }
        }
    }

    fn integer(&mut self, path: &KeyPath, number: &DeInteger<'_>) -> Option<ValueKind> {
        let parsed = i64::from_str_radix(number.as_str(), number.radix());
        if parsed.is_err() {
            let message = format!("the number `{number}` does not fit 64 bits");
            self.refuse(path, message, "put it in quotes if a text is meant".into());
        }
        parsed.ok().map(ValueKind::I64)
    }

    fn float(&mut self, path: &KeyPath, number: &DeFloat<'_>) -> Option<ValueKind> {
        let parsed = number.as_str().parse().ok().filter(|n: &f64| n.is_finite());
        if parsed.is_none() {
            let message = format!("`{number}` is not a finite number");
            self.refuse(path, message, "put it in quotes if a text is meant".into());
        }
        parsed.map(ValueKind::Float)
    }

    fn refuse(&mut self, path: &KeyPath, message: String, hint: String) {
        self.issues
            .push(Issue::value(path.clone(), message).hint(hint));
    }
}

//! Environment variables and `--set` arguments that set keys.

use std::ffi::OsStr;

use config::{Value, ValueKind};
use toml::de::DeValue;

use crate::finding::{Finding, Origin, Severity};
use crate::interpolate::Variables;
use crate::key_path::{KeyPath, is_bare};
use crate::locate::Issue;
use crate::source_text::ValueReader;
use crate::sources::Sources;

const PREFIX: &str = "JADWAL__";

/// One key set from outside the file.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub(crate) path: KeyPath,
    /// Never a table, unless it is an empty one.
    pub(crate) value: Value,
    /// The value as it was written, for keys that want a text.
    pub(crate) raw: String,
    pub(crate) origin: Origin,
}

/// All of them, weakest first.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) assignments: Vec<Assignment>,
    /// Those that set no key.
    pub(crate) findings: Vec<Finding>,
    /// Those whose value can't be read.
    pub(crate) issues: Vec<Issue>,
}

impl Overrides {
    /// Reads the variables, by name, then the arguments, in order.
    pub(crate) fn read(sources: &Sources) -> Self {
        let mut overrides = Self::default();
        let mut variables: Vec<_> = sources.env.iter().collect();
        variables.sort();
        for (name, value) in variables {
            let name = name.to_string_lossy();
            let head = name.get(..PREFIX.len());
            if head.is_some_and(|head| head.eq_ignore_ascii_case(PREFIX)) {
                overrides.read_variable(&name, value);
            }
        }
        for argument in &sources.sets {
            overrides.read_argument(argument, Variables(&sources.env));
        }
        overrides
    }

    fn read_variable(&mut self, name: &str, value: &OsStr) {
        let origin = Origin::Env(name.to_owned());
        let key = name[PREFIX.len()..].to_lowercase();
        let Some(path) = parse_key(key.split("__")) else {
            let hint = "separate keys by two underscores: JADWAL__PIPELINE__WORKERS";
            self.refuse("names no key", hint, origin);
            return;
        };
        let Some(raw) = value.to_str() else {
            self.refuse("is not UTF-8", "give it a UTF-8 value", origin);
            return;
        };
        self.assignments.push(Assignment {
            path,
            value: variable_value(raw),
            raw: raw.to_owned(),
            origin,
        });
    }

    fn read_argument(&mut self, argument: &str, variables: Variables<'_>) {
        let origin = Origin::Set(argument.to_owned());
        let parsed = argument
            .split_once('=')
            .and_then(|(key, value)| Some((parse_key(key.trim().split('.'))?, value.trim())));
        let Some((path, raw)) = parsed else {
            let hint = "such as `--set pipeline.workers=2`";
            self.refuse("expected `key.path=value`", hint, origin);
            return;
        };
        let mut reader = ValueReader::new(variables);
        let parsed = DeValue::parse(raw).ok().map(toml::Spanned::into_inner);
        // What is no TOML is a bare word.
        let parsed = parsed.unwrap_or_else(|| DeValue::String(raw.into()));
        match reader.value(&path, &parsed) {
            Some(value) => self.assign_leaves(path, value, raw, &origin),
            // Located by the path, so the argument must be known to have set it.
            None => self.assign_leaves(path, Value::new(None, raw), raw, &origin),
        }
        self.issues.append(&mut reader.issues);
    }

    /// Sets each key of an inline table by itself, so that a finding knows who set what.
    fn assign_leaves(&mut self, path: KeyPath, value: Value, raw: &str, origin: &Origin) {
        match value.kind {
            ValueKind::Table(table) if !table.is_empty() => {
                let mut entries: Vec<_> = table.into_iter().collect();
                entries.sort_by(|(left, _), (right, _)| left.cmp(right));
                for (key, value) in entries {
                    let raw = value.to_string();
                    self.assign_leaves(path.join(key), value, &raw, origin);
                }
            }
            _ => self.assignments.push(Assignment {
                path,
                value,
                raw: raw.to_owned(),
                origin: origin.clone(),
            }),
        }
    }

    fn refuse(&mut self, message: &str, hint: &str, origin: Origin) {
        self.findings.push(Finding {
            severity: Severity::Error,
            message: message.to_owned(),
            key: String::new(),
            file: None,
            line: None,
            column: None,
            hint: Some(hint.to_owned()),
            origin,
        });
    }
}

fn parse_key<'a>(keys: impl Iterator<Item = &'a str> + Clone) -> Option<KeyPath> {
    keys.clone().all(is_bare).then(|| keys.collect())
}

/// Returns a flag, number or list where `raw` is one, else the text as it is.
fn variable_value(raw: &str) -> Value {
    let parsed = DeValue::parse(raw).ok().map(toml::Spanned::into_inner);
    let read = parsed.and_then(|parsed| match parsed {
        DeValue::Boolean(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Array(_) => {
            // Without variables and with no issue wanted: what can't be read stays a text.
            let mut reader = ValueReader::literal();
            let value = reader.value(&KeyPath::default(), &parsed);
            value.filter(|_| reader.issues.is_empty())
        }
        _ => None,
    });
    read.unwrap_or_else(|| Value::new(None, raw))
}

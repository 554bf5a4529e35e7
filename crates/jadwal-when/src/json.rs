//! JSON as CEL values.

use std::collections::HashMap;
use std::sync::Arc;

use cel::Value;
use cel::objects::{Key, Map};

/// Returns `json` as CEL sees it. Whole numbers beyond 64 bits become fractions, as in JSON.
pub(crate) fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(whole)) => Value::UInt(whole),
            (None, None) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(items) => list(items.iter().map(value)),
        serde_json::Value::Object(table) => map(table
            .iter()
            .map(|(key, inner)| (key.as_str(), value(inner)))),
    }
}

pub(crate) fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::List(Arc::new(items.collect()))
}

pub(crate) fn map<'a>(entries: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let entries: HashMap<_, _> = entries
        .map(|(key, value)| (Key::from(key.to_owned()), value))
        .collect();
    Value::Map(Map {
        map: Arc::new(entries),
    })
}

//! One spelling for a JSON value, whatever order its keys were put in.

use serde_json::{Map, Value};

/// Returns `value` with the keys of every table in order.
pub(crate) fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(table) => {
            let mut entries: Vec<_> = table.into_iter().collect();
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            let sorted_entries = entries.into_iter().map(|(key, value)| (key, sorted(value)));
            Value::Object(sorted_entries.collect::<Map<_, _>>())
        }
        other => other,
    }
}

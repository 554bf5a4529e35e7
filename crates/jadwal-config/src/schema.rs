//! JSON Schema of `pipeline.toml`, with the options of each known stage, for editors.

use jadwal_core::StageRegistry;
use jadwal_core::spec::ErasedSpec;
use schemars::schema_for;
use serde_json::{Map, Value, json};

use crate::canonical::sorted;
use crate::pipeline_file::PipelineFile;

/// Name of the definition of a stage's table.
const STAGE: &str = "StageSection";

/// Returns the JSON Schema (2020-12) of the file.
///
/// Below `stages`, an id that is a kind has that kind's options; any other id names its kind with
/// `use`, and gets that one's. The same stages give the same text, keys in order.
#[must_use]
pub fn schema(registry: &StageRegistry) -> Value {
    let mut root = schema_for!(PipelineFile).to_value();
    let generic = root["$defs"][STAGE].clone();
    let mut definitions = Map::new();
    let mut tables = Map::new();
    let mut branches = Vec::new();
    for spec in registry.iter() {
        let options = define_options(spec.as_ref(), &mut definitions);
        tables.insert(
            spec.kind().to_owned(),
            stage_table(spec.as_ref(), &generic, &options),
        );
        branches.push(json!({
            "if": { "properties": { "use": { "const": spec.kind() } }, "required": ["use"] },
            "then": { "properties": { "options": options } },
        }));
    }
    if let Some(known) = root["$defs"].as_object_mut() {
        known.append(&mut definitions);
    }
    let kinds = registry.kinds();
    let mut other = generic;
    other["required"] = json!(["use"]);
    other["properties"]["use"]["enum"] = json!(kinds);
    if !branches.is_empty() {
        other["allOf"] = json!(branches);
    }
    root["$defs"][STAGE] = other;
    root["properties"]["stages"]["properties"] = Value::Object(tables);
    root["title"] = json!("pipeline.toml");
    without_nulls(&mut root);
    sorted(root)
}

/// Adds the definitions of a stage's options, under names of their own; returns a reference.
fn define_options(spec: &dyn ErasedSpec, definitions: &mut Map<String, Value>) -> Value {
    let mut options = spec.schema();
    let prefix = format!("{}_", spec.kind());
    let name = format!("{prefix}options");
    rename_references(&mut options, &prefix, &name);
    if let Some(table) = options.as_object_mut() {
        table.remove("$schema");
        if let Some(Value::Object(inner)) = table.remove("$defs") {
            let renamed = inner
                .into_iter()
                .map(|(key, value)| (prefix.clone() + &key, value));
            definitions.extend(renamed);
        }
    }
    definitions.insert(name.clone(), options);
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn rename_references(schema: &mut Value, prefix: &str, root: &str) {
    match schema {
        Value::Object(table) => {
            for (key, value) in table {
                match value {
                    Value::String(target) if key == "$ref" => {
                        *target = match target.strip_prefix("#/$defs/") {
                            Some(name) => format!("#/$defs/{prefix}{name}"),
                            None if target == "#" => format!("#/$defs/{root}"),
                            None => continue,
                        };
                    }
                    _ => rename_references(value, prefix, root),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                rename_references(item, prefix, root);
            }
        }
        _ => {}
    }
}

/// Returns the table of a stage whose id is its kind.
fn stage_table(spec: &dyn ErasedSpec, generic: &Value, options: &Value) -> Value {
    let mut table = generic.clone();
    table["description"] = json!(spec.summary());
    table["properties"]["options"] = options.clone();
    table["properties"]["use"] = json!({
        "description": "Kind of the stage; this id says it already.",
        "const": spec.kind(),
    });
    table
}

/// Takes nulls out of types and defaults: an optional key of a TOML file is left out, not null.
fn without_nulls(schema: &mut Value) {
    match schema {
        Value::Object(table) => {
            if table.get("default").is_some_and(Value::is_null) {
                table.remove("default");
            }
            if let Some(Value::Array(types)) = table.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    table.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(choices)) = table.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
            }
            table.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

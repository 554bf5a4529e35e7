//! The JSON Schema of the file.

use serde_json::Value;

use super::registry;
use crate::schema;

#[test]
fn it_knows_the_options_of_each_kind_and_of_each_use() {
    let schema = schema(&registry());
    let stages = &schema["properties"]["stages"];
    let options = &stages["properties"]["emit"]["properties"]["options"]["$ref"];
    assert_eq!(options, "#/$defs/emit_options");
    let emit = &schema["$defs"]["emit_options"];
    assert_eq!(emit["additionalProperties"], false);
    assert_eq!(emit["properties"]["path"]["default"], "out.jsonl");
    let segment = &emit["properties"]["segment"]["$ref"];
    assert_eq!(segment, "#/$defs/emit_ByteSize");
    assert!(schema["$defs"]["emit_ByteSize"].is_object());
    let other = &schema["$defs"]["StageSection"];
    assert_eq!(
        stages["additionalProperties"]["$ref"],
        "#/$defs/StageSection"
    );
    assert_eq!(other["required"], serde_json::json!(["use"]));
    assert_eq!(other["allOf"].as_array().map(Vec::len), Some(5));
}

#[test]
fn every_key_is_described_and_every_reference_leads_somewhere() {
    let schema = schema(&registry());
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    visit(&schema, &mut |value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(schema.pointer(pointer).is_some(), "{target}");
        }
        let properties = value.get("properties").and_then(Value::as_object);
        let branch = value.get("additionalProperties").is_none();
        for (key, property) in properties.into_iter().flatten().filter(|_| !branch) {
            let known = property.get("description").is_some() || property.get("$ref").is_some();
            assert!(known, "{key}: {property}");
        }
        assert_ne!(value.get("default"), Some(&Value::Null));
    });
}

#[test]
fn the_same_stages_give_the_same_text() {
    let text = || schema(&registry()).to_string();
    assert_eq!(text(), text());
}

fn visit(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Object(table) => table.values().for_each(|value| visit(value, see)),
        Value::Array(items) => items.iter().for_each(|value| visit(value, see)),
        _ => {}
    }
}

//! What a guest is shown.

use serde_json::{Value, json};

use super::{document, guest};
use crate::error::{ErrorClass, describe_chain};
use crate::facts::{Block, BlockKind, Entity, Label, Language, Segment};
use crate::guest::{Declaration, DocumentView};

fn view(doc: &crate::Document, declaration: &Declaration) -> Value {
    serde_json::to_value(DocumentView::new(doc, declaration).unwrap()).unwrap()
}

#[test]
fn spans_are_shown_in_the_guests_unit() {
    let mut doc = document("🙂 قطر e\u{301}");
    let language = Language {
        tag: "ar".to_owned(),
        script: "Arab".to_owned(),
        score: 0.5,
    };
    let facts = doc.facts_mut();
    facts.language = Some(language.clone());
    facts.segments = vec![Segment {
        range: 5..11,
        language,
    }];
    facts.blocks = vec![Block {
        kind: BlockKind::Paragraph,
        range: 0..15,
    }];
    facts.entities = vec![Entity {
        range: 5..11,
        label: Label::Loc,
        norm: "قطر".to_owned(),
        link: "iso3166:QA".to_owned(),
        mention_of: None,
        score: 1.0,
    }];
    for (unit, start, end, all) in [
        ("bytes", 5, 11, 15),
        ("code_points", 2, 5, 8),
        ("utf16", 3, 6, 9),
    ] {
        let seen = view(&doc, &guest(unit));
        let place = |value: &Value| (value["start"].clone(), value["end"].clone());
        assert_eq!(
            place(&seen["entities"][0]),
            (json!(start), json!(end)),
            "{unit}"
        );
        assert_eq!(
            place(&seen["segments"][0]),
            (json!(start), json!(end)),
            "{unit}"
        );
        assert_eq!(place(&seen["blocks"][0]), (json!(0), json!(all)), "{unit}");
        assert_eq!(seen["entities"][0]["label"], "LOC");
    }
}

#[test]
fn a_guest_sees_what_it_asked_for_and_nothing_else() {
    let mut doc = document("text");
    doc.set_extra("earlier", json!({ "a": 1 }));
    let mut declaration = guest("bytes");
    let seen = view(&doc, &declaration);
    assert_eq!(seen["raw"], "dGV4dA==");
    assert_eq!(seen["extra"], json!({ "earlier": { "a": 1 } }));
    declaration.sees.clear();
    let seen = view(&doc, &declaration);
    let keys: Vec<_> = seen
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let always = [
        "id",
        "path",
        "text",
        "title",
        "byline",
        "url",
        "created",
        "language",
        "duplicate_of",
    ];
    assert_eq!(keys.len(), always.len(), "{keys:?}");
    assert!(always.iter().all(|key| keys.contains(key)), "{keys:?}");
}

#[test]
fn a_missing_need_stops_the_pipeline() {
    let doc = document("text");
    let mut declaration = guest("bytes");
    declaration.needs = serde_json::from_value(json!(["language"])).unwrap();
    let error = DocumentView::new(&doc, &declaration).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Fatal);
    let expected = "`tagger` needs a language, and no stage before it gave one";
    assert_eq!(describe_chain(&error), expected);
}

#[test]
fn a_declaration_is_checked() {
    let good = json!({ "name": "a", "version": "1", "unit": "bytes" });
    let check = |key: &str, value: Value| {
        let mut declared = good.clone();
        declared[key] = value;
        match serde_json::from_value::<Declaration>(declared) {
            Ok(declared) => declared.check().err().unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(check("name", json!("a")), "");
    assert_eq!(check("name", json!(" ")), "`name` is empty");
    assert_eq!(check("version", json!("")), "`version` is empty");
    assert!(check("unit", json!("chars")).contains("unknown variant `chars`"));
    assert!(check("gives", json!(["record"])).contains("unknown variant `record`"));
    assert!(check("gives", json!(["language"])).starts_with("`gives` names `language`"));
    assert!(check("sees", json!(["all"])).contains("unknown variant `all`"));
    assert!(check("options", json!(3)).starts_with("`options` is not a JSON Schema"));
    assert!(check("other", json!(3)).contains("unknown field `other`"));
}

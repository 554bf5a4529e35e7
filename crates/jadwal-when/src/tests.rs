//! Conditions against documents, and what is refused before there is one.

use bytes::Bytes;
use jadwal_core::facts::{Entity, Label, Language};
use jadwal_core::{Document, Edited, OriginMap, Provenance};
use proptest::prelude::*;

use crate::{VARIABLES, When};

fn document() -> Document {
    let raw = "قال وزير الطاقة سعد الكعبي في الدوحة";
    let place = Provenance {
        file_path: "inbox/a.txt".into(),
        file_bytes: raw.len() as u64,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 3,
        bytes: 0..raw.len() as u64,
    };
    let mut doc = Document::new(Bytes::from(raw), place);
    doc.replace_text(Edited {
        text: raw.to_owned(),
        map: OriginMap::identity(raw.len()),
    });
    let facts = doc.facts_mut();
    facts.title = "Gas".into();
    facts.fields = r#"{"section":"economy","tags":["gas","doha"],"rank":7}"#.into();
    facts.language = Some(Language {
        tag: "ar".into(),
        script: "Arab".into(),
        score: 0.9,
    });
    let start = raw.find("سعد").unwrap();
    let end = start + "سعد الكعبي".len();
    facts.entities = vec![Entity {
        range: start..end,
        label: Label::Per,
        norm: "سعد الكعبي".into(),
        link: String::new(),
        mention_of: None,
        score: 0.8,
    }];
    doc.set_extra(
        "topics",
        serde_json::json!({ "best": "energy", "score": 0.5 }),
    );
    doc
}

#[track_caller]
fn check(condition: &str, expected: bool) {
    let when = When::parse(condition).unwrap_or_else(|faults| panic!("{condition}: {faults:#?}"));
    assert_eq!(when.holds(&document()).unwrap(), expected, "{condition}");
}

#[test]
fn conditions_hold_or_do_not() {
    check(r#"language == "ar" && size(text) > 20"#, true);
    check(r#"language == "ar" && size(text) > 200"#, false);
    check("text.size() == 36", true);
    check(r#"language in ["ar", "fa"]"#, true);
    check(r#"!(language in ["en"]) && script == "Arab""#, true);
    check("language_score >= 0.9", true);
    check("language_score > 1", false);
    check(
        r#"entities.exists(e, e.label == "PER" && e.text == "سعد الكعبي")"#,
        true,
    );
    check(r#"entities.filter(e, e.score > 0.9).size() == 0"#, true);
    check(r#"entities.all(e, e.label == "LOC")"#, false);
    check(r#"entities.exists_one(e, e.label == "PER")"#, true);
    check(r#"entities[0].norm.startsWith("سعد")"#, true);
    check(r#"fields.section == "economy""#, true);
    check(r#""gas" in fields.tags"#, true);
    check(r#"has(fields.author) && fields.author == "x""#, false);
    check(r#"fields.rank > 5"#, true);
    check(
        r#"has(extra.topics) && extra.topics.best == "energy""#,
        true,
    );
    check(
        r#"path.endsWith(".txt") && record == 3 && raw_size > 30"#,
        true,
    );
    check(r#"title.matches("^G.s$")"#, true);
    check(r#"matches(text, "الد[و]حة")"#, true);
    check(r#"created == "" && url == "" && duplicate_of == """#, true);
    check("tables == 0 ? true : false", true);
}

#[track_caller]
fn refused(condition: &str, message: &str, at: Option<&str>) {
    let faults = When::parse(condition).expect_err(condition);
    let fault = faults.iter().find(|fault| fault.message.contains(message));
    let fault = fault.unwrap_or_else(|| panic!("{condition}: {faults:#?}"));
    let place = fault.at.map(|at| &condition[at..]);
    if let Some(at) = at {
        assert!(
            place.is_some_and(|place| place.starts_with(at)),
            "{condition}: {fault:?}"
        );
    }
}

#[test]
fn what_can_not_be_is_refused_before_there_is_a_document() {
    refused("", "expected a condition, found none", None);
    refused("language ==", "not CEL: it ends too early", None);
    refused("size(text", "not CEL: missing ')' at the end", None);
    refused("title == \"قطر\" & true", "not CEL", Some("& true"));
    refused("true &&\n  true true", "not CEL", Some("true"));
    refused(
        r#"langauge == "ar""#,
        "unknown variable `langauge`",
        Some("langauge"),
    );
    refused(
        r#"title == "قطر" && lang == "x""#,
        "unknown variable `lang`",
        Some("lang =="),
    );
    refused("size(text)", "it gives a whole number", None);
    refused(
        "language == 5",
        "a string can't be compared with a whole number",
        None,
    );
    refused("size(text) > \"a\"", "can't be compared", None);
    refused(
        "language && true",
        "`&&` needs true or false on both sides",
        None,
    );
    refused("text.length() > 3", "unknown function `length`", None);
    refused(
        "contains(text, \"a\")",
        "`contains` is called as `x.contains(...)`",
        None,
    );
    refused("size(text, 3) > 1", "`size` takes 1 values, found 2", None);
    refused(
        "size(tables) > 1",
        "`size` does not take a whole number",
        None,
    );
    refused("text.matches(\"(\")", "is not a pattern", None);
    refused("text.matches(title)", "must be written out", None);
    refused(
        "entities.exists(e, e.lable == \"PER\")",
        "unknown field of an entity `lable`",
        None,
    );
    refused("language.tag == \"ar\"", "a string has no fields", None);
    refused("fields.map(k, k)[0] == \"a\"", "need a list", None);
    refused("language in [1, 2]", "can't hold a string", None);
    refused("size(text) * 1.5 > 3.0", "can't be reckoned together", None);
    refused("Point{x: 1} == 3", "can't be made in a condition", None);
    refused(&"a".repeat(5000), "at most 4096 bytes", None);
}

#[test]
fn several_faults_are_told_at_once() {
    let faults = When::parse("foo == 1 && bar == 2 && size(text) > 3").unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn what_fails_only_on_a_document_is_its_error() {
    for (condition, why) in [
        (r#"fields.author == "x""#, "author"),
        ("entities[5].score > 0.1", "5"),
        ("1 / tables == 1", "ivision by zero"),
        ("fields.rank", "neither true nor false"),
        (r#"fields.rank.matches("a")"#, "matches"),
    ] {
        let when =
            When::parse(condition).unwrap_or_else(|faults| panic!("{condition}: {faults:?}"));
        let error = when.holds(&document()).expect_err(condition);
        assert_eq!(error.class(), jadwal_core::ErrorClass::Document);
        let told = jadwal_core::describe_chain(&error);
        assert!(told.contains(why) && told.contains(condition), "{told}");
        assert!(told.len() < 1000, "{told}");
    }
}

#[test]
fn the_variables_that_are_read_are_known() {
    let when = When::parse(r#"size(text) > 3 && (language == "ar" || language == "fa")"#).unwrap();
    let names: Vec<_> = when.reads().iter().map(|variable| variable.name).collect();
    assert_eq!(names, ["text", "language"]);
}

/// Every variable can be read of a document without a single fact.
#[test]
fn every_variable_has_a_value() {
    let doc = document();
    for variable in VARIABLES {
        let when = When::parse(&format!("type_of({}) == 1", variable.name));
        assert!(when.is_err(), "there is no such function");
        let when = When::parse(&format!("{0} == {0}", variable.name)).unwrap();
        assert!(when.holds(&doc).unwrap(), "{}", variable.name);
    }
}

proptest! {
    /// Any text is refused or answered, and never a panic.
    #[test]
    fn any_condition_is_safe(condition in r#"[a-z0-9 "'()\[\]{}.,<>=!&|?:+*/%\\قطر-]{0,60}"#) {
        if let Ok(when) = When::parse(&condition) {
            drop(when.holds(&document()));
        }
    }

    /// Pieces of real conditions, put together at random.
    #[test]
    fn any_mix_of_pieces_is_safe(pieces in prop::collection::vec(prop::sample::select(vec![
        "text", "language", "entities", "fields", "extra", ".", "(", ")", "[", "]", "0", "1", "\"ar\"",
        "==", "&&", "||", "!", "size(", ".size()", ".exists(e, ", "e.label", ".map(k, k)", "in", "-",
        "+", "<", "?", ":", "has(", "9223372036854775807", "1.5", "1u", "null", "{", "}",
    ]), 0..12)) {
        let condition = pieces.concat();
        if let Ok(when) = When::parse(&condition) {
            drop(when.holds(&document()));
        }
    }
}

/// `docs/when.md` lists exactly the variables and functions that there are.
#[test]
fn the_page_lists_every_variable_and_function() {
    let page = include_str!("../../../docs/when.md");
    let row = |variable: &crate::Variable| {
        let given = variable.fact.map_or("", jadwal_core::Fact::name);
        let kind = variable.kind.name();
        format!(
            "| `{}` | {kind} | {} | {given} |\n",
            variable.name, variable.what
        )
    };
    let rows: String = VARIABLES.iter().map(row).collect();
    let table = format!("| variable | is | what | needs |\n|---|---|---|---|\n{rows}\n");
    assert!(page.contains(&table), "docs/when.md should have:\n{table}");
    for function in crate::functions::FUNCTIONS {
        assert!(
            page.contains(&format!("`{}", function.name))
                || page.contains(&format!(".{}(", function.name)),
            "{}",
            function.name
        );
    }
}

//! Which layer wins, and what it makes of a value.

use serde_json::{Value, json};

use super::{Checked, loaded, sources};

fn option(checked: &Checked, stage: &str, key: &str) -> Value {
    let mut stages = checked.plan.stages.iter();
    let stage = stages.find(|planned| planned.id == stage).unwrap();
    stage.options[key].clone()
}

#[test]
fn a_later_layer_wins_and_tables_merge() {
    let text = "[stages.emit.options]\npath = \"file\"\nmin_words = 3\nloud = true\n";
    let env = [
        ("JADWAL__STAGES__EMIT__OPTIONS__PATH", "env"),
        ("JADWAL__STAGES__EMIT__OPTIONS__MIN_WORDS", "4"),
        ("PATH", "/bin"),
        ("JADWAL_LOG", "debug"),
    ];
    let sets = [
        "stages.emit.options.path=one",
        "stages.emit.options.path=two",
    ];
    let of =
        |checked: &Checked| ["path", "min_words", "loud"].map(|key| option(checked, "emit", key));
    let file = loaded(&sources(text)).unwrap();
    assert_eq!(of(&file), [json!("file"), json!(3), json!(true)]);
    let with_env = loaded(&sources(text).with_env(env)).unwrap();
    assert_eq!(of(&with_env), [json!("env"), json!(4), json!(true)]);
    let all = loaded(&sources(text).with_env(env).with_sets(sets)).unwrap();
    assert_eq!(of(&all), [json!("two"), json!(4), json!(true)]);
}

#[test]
fn a_text_key_takes_numbers_flags_and_lists_from_outside_as_they_are_written() {
    for raw in [
        "2024", "007", "1.50", "true", "[1]", "1e3", " 5 ", "a = b", "\"q\"", "",
    ] {
        let env = [("JADWAL__STAGES__EMIT__OPTIONS__PATH", raw)];
        let checked = loaded(&sources("").with_env(env)).unwrap();
        assert_eq!(option(&checked, "emit", "path"), json!(raw), "{raw}");
    }
    let checked = loaded(&sources("").with_sets(["pipeline.name=2024"])).unwrap();
    assert_eq!(checked.plan.name, "2024");
}

#[test]
fn values_from_outside_are_read_as_toml() {
    let env = [
        ("JADWAL__PIPELINE__STAGES", r#"["clean", "emit"]"#),
        ("jadwal__pipeline__workers", "0x10"),
        ("JADWAL__PIPELINE__BREAKER__SHARE", "1"),
        ("JADWAL__PIPELINE__BREAKER__ENABLED", "true"),
    ];
    let sets = [
        "stages.emit.options={ labels = ['PER', 'LOC'], chrome = 'keep' }",
        "source.path = \"a b\"",
        "source.exclude=[]",
        "source.done_marker=.done",
    ];
    let checked = loaded(&sources("").with_env(env).with_sets(sets)).unwrap();
    let plan = &checked.plan;
    assert_eq!(plan.stages.len(), 2);
    assert_eq!(plan.limits.workers, 16);
    assert_eq!(plan.limits.breaker.unwrap().share, 1.0);
    assert_eq!(option(&checked, "emit", "labels"), json!(["PER", "LOC"]));
    assert_eq!(option(&checked, "emit", "chrome"), json!("keep"));
    assert_eq!(plan.source.path.to_str(), Some("etc/a b"));
    assert_eq!(plan.source.done_marker.as_deref(), Some(".done"));
}

#[test]
fn references_are_replaced_in_the_file_and_arguments_but_not_in_variables() {
    let text =
        "[stages.clean.options]\npath = \"${A}/x\" # ${NONE}\nlabels = [\"$${A}\", \"${B:-b}\"]\n";
    let env = [
        ("A", "a${A}"),
        ("JADWAL__STAGES__EMIT__OPTIONS__PATH", "${A}$$"),
        ("JADWAL__STAGES__EMIT__OPTIONS__LABELS", "['${A}']"),
    ];
    let sets = ["source.path=${A}"];
    let checked = loaded(&sources(text).with_env(env).with_sets(sets)).unwrap();
    assert_eq!(option(&checked, "clean", "path"), json!("a${A}/x"));
    assert_eq!(option(&checked, "clean", "labels"), json!(["${A}", "b"]));
    assert_eq!(option(&checked, "emit", "path"), json!("${A}$$"));
    assert_eq!(option(&checked, "emit", "labels"), json!(["${A}"]));
    assert_eq!(checked.plan.source.path.to_str(), Some("etc/a${A}"));
}

#[test]
fn a_reference_that_is_overridden_need_not_resolve() {
    let text = "[source]\npath = \"${NONE}\"\ninclude = [\"${NONE}\"]\n";
    let sets = ["source.path=in", "source.include=['**']"];
    assert!(loaded(&sources(text)).is_err());
    let checked = loaded(&sources(text).with_sets(sets)).unwrap();
    assert_eq!(checked.plan.source.path.to_str(), Some("etc/in"));
}

#[test]
fn the_file_itself_is_not_coerced() {
    for text in ["pipeline.name = 2024", "pipeline.workers = \"2\""] {
        assert!(loaded(&sources(text)).is_err(), "{text}");
    }
}

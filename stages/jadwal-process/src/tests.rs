//! Options, checked alone.

use jadwal_core::StageSpec;
use serde_json::{Value, json};

use crate::{Process, ProcessOptions};

fn problems(options: Value) -> Vec<String> {
    let options: ProcessOptions = serde_json::from_value(options).unwrap();
    let problems = Process::check(&options).err().unwrap_or_default();
    let line =
        |problem: &jadwal_core::Problem| format!("{}: {}", problem.path.join("."), problem.message);
    problems.iter().map(line).collect()
}

#[test]
fn options_are_checked_by_value() {
    assert!(problems(json!({ "command": ["python3", "a.py"] })).is_empty());
    let cases = [
        (json!({}), "command: names no program"),
        (json!({ "command": [""] }), "command: names no program"),
        (json!({ "command": ["a\0"] }), "command: has a zero byte"),
        (
            json!({ "command": ["a"], "env": { "A=B": "c" } }),
            "env.A=B: is no environment variable",
        ),
        (
            json!({ "command": ["a"], "batch_timeout": "0s" }),
            "batch_timeout: nothing is done in no time",
        ),
        (
            json!({ "command": ["a"], "children": 257 }),
            "children: is more than 256",
        ),
        (
            json!({ "command": ["a"], "max_frame": "5 GiB" }),
            "max_frame: is not between",
        ),
        (
            json!({ "command": ["a"], "max_frame": "1 KiB" }),
            "max_frame: is not between",
        ),
    ];
    for (options, expected) in cases {
        let found = problems(options.clone());
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{options}: {found:?}"
        );
    }
}

#[test]
fn unknown_options_and_no_children_are_refused() {
    for options in [
        json!({ "comand": [] }),
        json!({ "children": 0 }),
        json!({ "batch": 0 }),
    ] {
        assert!(serde_json::from_value::<ProcessOptions>(options).is_err());
    }
}

//! The arrows between our crates are those that ARCHITECTURE.md draws.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::repository::{read, repository};

/// From one crate to another.
type Arrow = (String, String);

/// Reads the block ```` ```text arrows ````: a crate a line, `from -> to to to`.
fn drawn() -> BTreeSet<Arrow> {
    let page = read("ARCHITECTURE.md");
    let block = page.split_once("```text arrows\n").map(|(_, rest)| rest);
    let block = block.expect("ARCHITECTURE.md has no block ```text arrows");
    let (block, _) = block.split_once("```").unwrap();
    let mut arrows = BTreeSet::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let (from, targets) = line.split_once("->").unwrap_or((line, ""));
        for to in targets.split_whitespace() {
            let arrow = (from.trim().to_owned(), to.to_owned());
            assert!(arrows.insert(arrow), "an arrow is drawn twice: {line}");
        }
    }
    arrows
}

/// Asks cargo; dependencies of tests are no arrows.
fn found() -> BTreeSet<Arrow> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(repository(""))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let ours: BTreeSet<_> = packages.iter().map(name).collect();
    let mut arrows = BTreeSet::new();
    for package in packages {
        let dependencies = package["dependencies"].as_array().unwrap();
        for dependency in dependencies.iter().filter(|one| one["kind"] != "dev") {
            if ours.contains(&name(dependency)) {
                arrows.insert((name(package), name(dependency)));
            }
        }
    }
    arrows
}

#[test]
fn arrows_are_as_drawn() {
    let (drawn, found) = (drawn(), found());
    let missing: Vec<_> = found.difference(&drawn).collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not draw {missing:?}"
    );
    let surplus: Vec<_> = drawn.difference(&found).collect();
    assert!(
        surplus.is_empty(),
        "ARCHITECTURE.md draws what is not there: {surplus:?}"
    );
}

#[test]
fn stages_depend_on_the_core_alone() {
    let stages: BTreeSet<_> = std::fs::read_dir(repository("stages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wrong: Vec<_> = found()
        .into_iter()
        .filter(|(from, to)| stages.contains(from) && to != "jadwal-core")
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

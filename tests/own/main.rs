//! Stages in Rust, by the book: the project that `new-stage` writes is built, tested, run in a pipeline,
//! and linked into a binary of one's own by `build --with`.
//!
//! A test binary of its own, so that a compiler that takes both cores disturbs no test that waits. Nothing
//! is fetched: the projects get the workspace's `Cargo.lock` and are built offline, without optimisation,
//! in one target folder that is kept between runs.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests; clippy only knows functions marked as tests"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// The root of the repository.
fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// What makes a build quick; release, because that is what `jadwal build` makes.
const QUICK: [(&str, &str); 7] = [
    ("CARGO_NET_OFFLINE", "true"),
    ("CARGO_INCREMENTAL", "0"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_PROFILE_RELEASE_STRIP", "none"),
];

/// Runs a program, and returns what it wrote to standard output; fails the test where it fails.
fn run(folder: &Path, program: impl AsRef<Path>, args: &[&str]) -> String {
    let program = program.as_ref();
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .envs(QUICK)
        // A test's own settings are for the workspace, not for a project of somebody else's.
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("RUSTFLAGS")
        .output();
    let output =
        output.unwrap_or_else(|error| panic!("`{}` is needed: {error}", program.display()));
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let program = program.display();
    assert!(output.status.success(), "{program} {args:?}:\n{out}\n{err}");
    out.into_owned()
}

fn jadwal(folder: &Path, args: &[&str]) -> String {
    run(folder, env!("CARGO_BIN_EXE_jadwal"), args)
}

/// Makes `project` build with what the workspace was built with.
fn lock(project: &Path, target: &Path) {
    fs::copy(repository().join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    std::os::unix::fs::symlink(target, project.join("target")).unwrap();
}

/// The record of the sample is tagged, and says so.
fn check_record(out: &Path) {
    let lines = fs::read_to_string(out).unwrap();
    let record: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let entities = record["entities"].as_array().unwrap();
    assert!(!entities.is_empty());
    let found = json!({ "tag_ports": { "found": entities.len() } });
    assert_eq!(record["extra"], found);
    let stages = &record["metadata"]["stages"];
    assert!(stages.to_string().contains("tag_ports@0.1.0"), "{stages}");
}

#[test]
fn a_new_stage_in_rust_works_by_the_book() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-stages");
    fs::create_dir_all(&target).unwrap();
    let place = tempfile::tempdir().unwrap();
    let root = repository();
    let sources = ["--sources", root.to_str().unwrap()];

    let new = ["new-stage", "tag_ports", "--lang", "rust"];
    jadwal(place.path(), &[&new[..], &sources].concat());
    let project = place.path().join("tag_ports");
    lock(&project, &target);
    let cargo = |args: &[&str]| run(&project, "cargo", args);
    cargo(&["test", "--release"]);
    let described = cargo(&["run", "--release", "--", "stages", "tag_ports"]);
    assert!(described.contains("The words to tag."), "{described}");
    let tried = cargo(&["run", "--release", "--", "test-stage", "tag_ports"]);
    assert!(tried.contains("7 passed, 0 failed"), "{tried}");
    cargo(&["run", "--release", "--", "batch"]);
    check_record(&project.join("out/records.jsonl"));

    let own = place.path().join("jadwal-own");
    fs::create_dir(&own).unwrap();
    lock(&own, &target);
    let build = ["build", "--with", "tag_ports"];
    jadwal(place.path(), &[&build[..], &sources].concat());
    let binary = own.join("target/release/jadwal-own");
    fs::remove_dir_all(project.join("out")).unwrap();
    fs::remove_dir_all(project.join("var")).unwrap();
    run(&project, &binary, &["batch"]);
    check_record(&project.join("out/records.jsonl"));
    let stages = run(&project, &binary, &["stages"]);
    assert!(
        stages.contains("tag_ports") && stages.contains("extract_entities"),
        "{stages}"
    );
}

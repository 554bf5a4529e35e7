//! A wrong configuration is refused with its place, before a file is touched.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::place::{Jadwal, Place};
use crate::repository::{STORY, assert_contains};

fn refused(place: &Place, run: Jadwal<'_>) -> String {
    let outcome = run.run().expect(2);
    assert!(!place.path("var").exists() && !place.path("out").exists());
    assert!(place.path("inbox/a.txt").exists());
    outcome.err
}

/// Runs `check` and `batch` with this file; both must refuse it with the same words.
fn check(config: &str, expected: &Expect) {
    let place = Place::with_config(config);
    place.write("inbox/a.txt", STORY);
    let checked = refused(&place, place.jadwal(["check"]));
    let batched = refused(&place, place.jadwal(["batch"]));
    assert_eq!(checked, batched);
    expected.assert_eq(&checked);
}

#[test]
fn syntax() {
    check(
        "[pipeline]\nname = \"news\n",
        &expect![[r#"
        error: pipeline.toml:2:13: invalid basic string, expected `"`
    "#]],
    );
}

#[test]
fn an_unknown_key() {
    check(
        "[stages.emit.options]\npth = \"a.jsonl\"\n",
        &expect![[r#"
        error: pipeline.toml:2:1: stages.emit.options.pth: unknown field `pth`, expected one of `path`, `roll_bytes`, `compression_level`, `card`, `if_exists`
          hint: did you mean `path`?
    "#]],
    );
}

#[test]
fn a_wrong_type() {
    check(
        "[pipeline]\nworkers = \"two\"\n",
        &expect![[r#"
        error: pipeline.toml:2:11: pipeline.workers: expected a whole number from 0 to 4294967295, found the string "two"
          hint: write the number without quotes; `${VAR}` always gives a string
    "#]],
    );
}

#[test]
fn an_unknown_stage() {
    check(
        "[pipeline]\nstages = [\"claen\", \"emit\"]\n",
        &expect![[r#"
            error: pipeline.toml:2:11: pipeline.stages[0]: unknown stage `claen`; the known ones are `clean`, `dedup`, `detect_language`, `emit`, `extract_entities`, `process`, `strip_repeats`
              hint: did you mean `clean`?
        "#]],
    );
}

#[test]
fn a_wrong_order() {
    check(
        "[pipeline]\nstages = [\"dedup\", \"clean\", \"emit\"]\n",
        &expect![[r#"
        error: pipeline.toml:2:11: pipeline.stages[0]: `dedup` needs a decoded text; put `clean`, which gives it, before it
          hint: move `clean` before `dedup`
    "#]],
    );
}

#[test]
fn a_value_out_of_range() {
    check(
        "[pipeline]\nbatch_size = 0\n[stages.emit.options]\npath = \"a.zst\"\ncompression_level = 40\n",
        &expect![[r#"
            error: pipeline.toml:2:14: pipeline.batch_size: expected a whole number, 1 or more, found the number `0`
            error: pipeline.toml:5:21: stages.emit.options.compression_level: 40 is not a level of zstd: 1 to 22
        "#]],
    );
}

#[test]
fn a_variable_that_is_not_set() {
    check(
        "[source]\npath = \"${NO_SUCH_INBOX}\"\n",
        &expect![[r#"
        error: pipeline.toml:2:8: source.path: the environment variable `NO_SUCH_INBOX` is not set
          hint: set `NO_SUCH_INBOX`, or give a default: `${NO_SUCH_INBOX:-...}`
    "#]],
    );
}

#[test]
fn an_override_in_the_environment() {
    let place = Place::with_config("");
    place.write("inbox/a.txt", STORY);
    let run = place
        .jadwal(["batch"])
        .env("JADWAL__PIPELINE__WORKERS", "many");
    expect![[r#"
        error: environment variable JADWAL__PIPELINE__WORKERS: pipeline.workers: expected a whole number from 0 to 4294967295, found the string "many"
          hint: write the number without quotes; `${VAR}` always gives a string
    "#]].assert_eq(&refused(&place, run));
    let run = place.jadwal(["batch", "--set", "pipeline.wokers=2"]);
    expect![[r#"
        error: --set pipeline.wokers=2: pipeline.wokers: unknown field `wokers`, expected one of `name`, `stages`, `state`, `quarantine`, `workers`, `batch_size`, `queue`, `max_in_flight`, `max_in_flight_bytes`, `max_document_bytes`, `drain_timeout`, `breaker`
          hint: did you mean `workers`?
    "#]].assert_eq(&refused(&place, run));
}

#[test]
fn a_folder_that_is_missing() {
    let place = Place::empty();
    place.write("pipeline.toml", "[source]\npath = \"no/such/inbox\"\n");
    // It may come to be later: only a batch needs it now.
    place.jadwal(["check"]).run().expect(0);
    let outcome = place.jadwal(["batch"]).run().expect(2);
    let told = outcome
        .err
        .replace(&place.path("").display().to_string(), "PLACE/");
    expect![[r#"
        error: pipeline.toml:2:8: source.path: there is no folder `PLACE/no/such/inbox`
          hint: make it, or name what to read: `jadwal batch PATH`
    "#]]
    .assert_eq(&told);
}

#[test]
fn output_that_cannot_be_taken_back_is_warned_of() {
    let place = Place::with_config("[stages.emit.options]\npath = \"-\"\n");
    let outcome = place.jadwal(["check"]).run().expect(0);
    assert_contains(
        &outcome.err,
        &[
            "warning: pipeline.toml:1:1: stages.emit.options",
            "delivered twice",
            "hint:",
        ],
    );
}

#[test]
fn a_file_that_is_not_there() {
    let place = Place::empty();
    let outcome = place
        .jadwal(["check", "--config", "none.toml"])
        .run()
        .expect(2);
    assert_contains(&outcome.err, &["none.toml", "hint: name the configuration"]);
    let outcome = place.jadwal(["run"]).run().expect(2);
    assert_contains(
        &outcome.err,
        &["there is no `pipeline.toml` here", "hint: `jadwal init`"],
    );
}

#[test]
fn findings_for_machines() {
    let place = Place::with_config("[pipeline]\nwokers = 2\n");
    let outcome = place.jadwal(["check", "--format", "json"]).run().expect(2);
    let report: Value = serde_json::from_slice(&outcome.out).unwrap();
    assert_eq!(report["good"], false);
    let finding = &report["findings"][0];
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&2.into(), &1.into())
    );
    assert_eq!(finding["key"], "pipeline.wokers");
    assert_eq!(finding["hint"], "did you mean `workers`?");
    place.write("pipeline.toml", "");
    let outcome = place.jadwal(["check", "--format", "json"]).run().expect(0);
    let report: Value = serde_json::from_slice(&outcome.out).unwrap();
    assert_eq!(report["good"], true);
}

#[test]
fn layers_lie_over_each_other() {
    let place = Place::with_config("[pipeline]\nname = \"of-the-file\"\n");
    place.write("inbox/a.txt", STORY);
    let source = |output: &str, set: &[&str], env: &str| {
        let args = [&["batch", "--stateless", "-o", output], set].concat();
        place
            .jadwal(args)
            .env("JADWAL__PIPELINE__NAME", env)
            .run()
            .expect(0);
        place.records(output)[0]["source"].clone()
    };
    assert_eq!(
        source("1.jsonl", &[], "of-the-environment"),
        "of-the-environment"
    );
    let set = ["--set", "pipeline.name=of-the-argument"];
    assert_eq!(
        source("2.jsonl", &set, "of-the-environment"),
        "of-the-argument"
    );
}

#[test]
fn a_wrong_log_filter_is_refused() {
    let place = Place::with_config("");
    let outcome = place.jadwal(["check", "--log", "a=b=c"]).run().expect(2);
    assert_contains(&outcome.err, &["is not a log filter", "hint:"]);
}

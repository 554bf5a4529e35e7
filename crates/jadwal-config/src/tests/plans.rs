//! What comes out of a good configuration.

use std::path::Path;
use std::time::Duration;

use expect_test::expect;

use super::{check_errors, good, loaded, registry, render, sources};
use crate::{OnError, Sources, StageFiles, TestInput, load};

#[test]
fn an_empty_file_and_no_file_give_the_default_plan() {
    let empty = good("").plan;
    let none = load(&Sources::defaults("etc"), &registry()).unwrap().plan;
    assert_eq!(format!("{empty:?}"), format!("{none:?}"));

    let ids: Vec<_> = empty.stages.iter().map(|stage| stage.id.as_str()).collect();
    let expected = [
        "clean",
        "dedup",
        "detect_language",
        "extract_entities",
        "emit",
    ];
    assert_eq!(ids, expected);
    assert_eq!(empty.state, Path::new("etc/var/state"));
    assert_eq!(empty.source.path, Path::new("etc/inbox"));
    assert_eq!(empty.stages[0].options["path"], "out.jsonl");
    assert_eq!(empty.info(&[], &StageFiles::new()).stages[1], "dedup@1.2.3");
    assert_eq!(empty.limits.breaker.unwrap().window, 200);
}

#[test]
fn a_stage_runs_under_another_id_with_its_own_options() {
    let plan = good(
        "pipeline.stages = [\"tidy\", \"clean\", \"emit\"]\n\
         [stages.tidy]\nuse = \"clean\"\non_error = \"stop\"\nretries = 0\ntimeout = \"1m\"\n\
         options.loud = true\n",
    )
    .plan;
    let tidy = &plan.stages[0];
    assert_eq!((tidy.id.as_str(), tidy.kind.as_str()), ("tidy", "clean"));
    assert_eq!((tidy.on_error, tidy.retries), (OnError::Stop, 0));
    assert_eq!(tidy.timeout, Duration::from_secs(60));
    assert_eq!(tidy.options["loud"], true);
    assert_eq!(plan.stages[1].options["loud"], false);
    assert_eq!(plan.stages[1].on_error, OnError::Quarantine);
    assert_eq!(plan.stages[2].on_error, OnError::Stop);
    assert!(plan.stages[2].is_sink());
}

#[test]
fn paths_start_from_the_folder_of_the_file() {
    let text = "pipeline.state = \"/var/lib/x\"\nsource.path = \"./a/../in\"\n\
                [[test]]\nfile = \"t/a.html\"\n[[test]]\ninput = \"b\"\nname = \"two\"\n";
    let plan = good(text).plan;
    assert_eq!(plan.state, Path::new("/var/lib/x"));
    assert_eq!(plan.source.path, Path::new("etc/a/../in"));
    assert_eq!(plan.tests[0].name, "test 1");
    assert_eq!(plan.tests[0].path, "a.html");
    assert_eq!(plan.tests[0].input, TestInput::File("etc/t/a.html".into()));
    assert_eq!(plan.tests[1].path, "test.txt");
    assert_eq!(plan.tests[1].input, TestInput::Text("b".into()));
}

#[test]
fn the_hash_changes_with_what_can_change_a_record_and_with_nothing_else() {
    let hash = |text: &str| good(text).plan.info(&[], &StageFiles::new()).config_hash;
    let default = hash("");
    assert_eq!(default.len(), 16);
    assert_ne!(default, hash("pipeline.name = \"b\""));
    assert_ne!(default, hash("stages.clean.options.loud = true"));
    assert_ne!(default, hash("pipeline.stages = [\"clean\", \"emit\"]"));
    for same in [
        "pipeline = { workers = 3, batch_size = 7, state = \"s\", queue = 1 }",
        "source = { path = \"elsewhere\", on_done = \"delete\" }",
        "stages.emit.options.path = \"elsewhere\"",
        "stages.clean = { timeout = \"1s\", retries = 1, options = { loud = false } }",
    ] {
        assert_eq!(default, hash(same), "{same}");
    }
}

#[test]
fn the_hash_changes_with_what_a_stage_reads_beside_its_options() {
    let hash = |files: &[(&str, &[&str])]| {
        let owned = |(stage, hashes): &(&str, &[&str])| {
            let hashes = hashes.iter().map(|hash| (*hash).to_owned()).collect();
            ((*stage).to_owned(), hashes)
        };
        let files: StageFiles = files.iter().map(owned).collect();
        good("").plan.info(&[], &files).config_hash
    };
    let one = hash(&[("clean", &["a", "b"])]);
    assert_ne!(one, hash(&[]));
    assert_ne!(one, hash(&[("clean", &["b", "a"])]));
    assert_ne!(one, hash(&[("dedup", &["a", "b"])]));
    assert_eq!(one, hash(&[("clean", &["a", "b"])]));
}

#[test]
fn a_sink_that_cannot_take_back_is_warned_of() {
    let checked = good("[stages.emit.options]\npath = \"-\"\n");
    expect![[r#"
        etc/pipeline.toml:1:1: stages.emit.options: `emit` can't take output back after a crash: records may be delivered twice
          hint: write to a file for exactly-once delivery
    "#]].assert_eq(&render(&checked.warnings));
    let env = [("JADWAL__STAGES__EMIT__OPTIONS__PATH", "-")];
    let checked = loaded(&sources("").with_env(env)).unwrap();
    expect![[r#"
        environment variable JADWAL__STAGES__EMIT__OPTIONS__PATH: stages.emit.options: `emit` can't take output back after a crash: records may be delivered twice
          hint: write to a file for exactly-once delivery
    "#]].assert_eq(&render(&checked.warnings));
    let checked = good("[source]\npath = \".\"\nexclude = [\"var/state/**\"]\n");
    expect![[r#"
        etc/pipeline.toml:2:8: pipeline.quarantine: lies inside the source folder: its files may be read as documents
          hint: choose a folder outside it, or add `var/quarantine/**` to source.exclude
    "#]].assert_eq(&render(&checked.warnings));
}

#[test]
fn several_sinks_may_end_the_list() {
    let text = "pipeline.stages = [\"clean\", \"emit\", \"copy\"]\nstages.copy.use = \"emit\"\n";
    assert_eq!(good(text).plan.stages.len(), 3);
}

#[test]
fn done_files_may_lie_inside_the_source_where_they_are_excluded() {
    let text = "[source]\npath = \"in\"\non_done = \"move\"\ndone_dir = \"in/done\"\n";
    good(&format!("{text}exclude = [\"done/**\"]\n"));
    check_errors(
        &sources(&format!("{text}exclude = [\"old/**\"]\n")),
        expect![[r#"
            etc/pipeline.toml:4:12: source.done_dir: lies inside the source folder: files moved there would be read again
              hint: choose a folder outside it, or add `done/**` to source.exclude
        "#]],
    );
}

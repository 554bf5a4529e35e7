//! What a start makes of an output that is not as it was left, or not its own.

use std::fs;

use futures::executor::block_on;
use jadwal_core::{ErrorClass, StageError, StageRegistry, StageSpec, describe_chain};
use serde_json::json;

use super::lab::{Lab, cx, expected_lines};
use crate::{Emit, EmitOptions, IfExists};

fn lab() -> Lab {
    Lab::writing_to("records.jsonl", 0)
}

/// A lab whose output was there before, written by somebody else.
fn occupied(text: &str) -> Lab {
    let lab = lab();
    fs::create_dir(lab.out()).unwrap();
    fs::write(lab.out().join("records.jsonl"), text).unwrap();
    lab
}

fn text(lab: &Lab, name: &str) -> String {
    fs::read_to_string(lab.out().join(name)).unwrap()
}

/// Asserts that `result` is fatal and that its chain says `expected`.
fn assert_fatal<T>(result: Result<T, StageError>, expected: &str) {
    let Err(error) = result else {
        panic!("expected an error that says `{expected}`");
    };
    assert_eq!(error.class(), ErrorClass::Fatal);
    let chain = describe_chain(&error);
    assert!(chain.contains(expected), "{chain}");
}

#[test]
fn an_output_that_no_state_knows_is_refused_and_left_alone() {
    let mut lab = occupied("theirs\n");
    assert_fatal(lab.start(), "the state knows nothing of");
    assert_eq!(text(&lab, "records.jsonl"), "theirs\n");
}

#[test]
fn an_empty_file_is_nobodys() {
    let mut lab = occupied("");
    lab.start().unwrap();
    lab.deliver(2);
    assert_eq!(lab.lines(), expected_lines(2));
}

/// Scenario: a packed output that ended without a document, whole or cut by a kill.
/// Guarantees: a reader finds a valid file; the next start takes it for empty, with no state.
#[test]
fn a_run_without_a_document_leaves_an_empty_frame() {
    for name in ["records.jsonl.gz", "records.jsonl.zst"] {
        let mut lab = Lab::writing_to(name, 0);
        lab.start().unwrap();
        lab.finish();
        assert_eq!(lab.lines(), "");
        assert_eq!(lab.names(), [name]);
        let path = lab.out().join(name);
        let frame = fs::read(&path).unwrap();
        for kept in 0..=frame.len() {
            fs::write(&path, &frame[..kept]).unwrap();
            lab.start().unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"");
        }
        lab.deliver(2);
        lab.finish();
        assert_eq!(lab.lines(), expected_lines(2));
    }
}

/// Scenario: `append` beside a file of somebody else, killed before the first commit.
/// Guarantees: their file is never touched, ours begins anew behind it.
#[test]
fn append_goes_on_in_a_segment_of_its_own() {
    let mut lab = occupied("theirs, without a line end");
    lab.options.if_exists = IfExists::Append;
    lab.start().unwrap();
    lab.write(5).unwrap();
    lab.kill();
    lab.start().unwrap();
    lab.deliver(3);
    lab.kill();
    lab.start().unwrap();
    lab.deliver(3);
    assert_eq!(text(&lab, "records.jsonl"), "theirs, without a line end");
    assert_eq!(text(&lab, "records-00001.jsonl"), expected_lines(6));
}

#[test]
fn committed_output_is_refused_once_the_state_is_forgotten() {
    let mut lab = lab();
    lab.start().unwrap();
    lab.deliver(4);
    lab.kill();
    lab.committed = None;
    assert_fatal(lab.start(), "the state knows nothing of");
    assert_eq!(lab.lines(), expected_lines(4));
}

#[test]
fn the_claim_of_another_pipeline_does_not_count() {
    let mut lab = lab();
    lab.start().unwrap();
    lab.write(4).unwrap();
    lab.kill();
    let claim = lab.out().join(".records.jsonl.uncommitted");
    let theirs = json!({ "owner": "other/emit", "first_segment": 0 });
    fs::write(&claim, theirs.to_string()).unwrap();
    assert_fatal(lab.start(), "the state knows nothing of");
    fs::write(&claim, "{\"own").unwrap();
    assert_fatal(lab.start(), "the state knows nothing of");
    assert_eq!(lab.lines(), expected_lines(4));
}

/// Scenario: killed after a commit over several frames, before the stage heard of it.
/// Guarantees: the next start removes the claim and the tails that only older positions needed.
#[test]
fn a_start_tidies_up_what_the_last_commit_made_needless() {
    let mut lab = Lab::writing_to("records.jsonl.zst", 0);
    lab.start().unwrap();
    for batch in 0..6 {
        lab.write_from(batch * 5, 5).unwrap();
        let position = lab.checkpoint().unwrap();
        lab.commit(position, 0);
    }
    assert!(lab.names().len() > 4);
    lab.kill();
    lab.start().unwrap();
    let names = lab.names();
    assert_eq!(names.len(), 2, "{names:?}");
    lab.finish();
    assert_eq!(lab.lines(), expected_lines(30));
}

#[test]
fn missing_committed_records_are_fatal() {
    for name in ["records.jsonl", "records.jsonl.gz", "records.jsonl.zst"] {
        let mut lab = Lab::writing_to(name, 0);
        lab.start().unwrap();
        lab.deliver(40);
        lab.kill();
        let path = lab.out().join(name);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_fatal(lab.start(), "committed records are missing");
        fs::remove_file(&path).unwrap();
        assert_fatal(lab.start(), "has 0 bytes but");
    }
}

#[test]
fn a_missing_tail_is_fatal() {
    let mut lab = Lab::writing_to("records.jsonl.zst", 0);
    lab.start().unwrap();
    lab.deliver(3);
    lab.kill();
    fs::remove_file(lab.out().join(".records.jsonl.zst.tail-0")).unwrap();
    assert_fatal(lab.start(), "committed records are missing");
}

/// Scenario: the output is moved away on purpose, `append` is set.
/// Guarantees: a new segment is begun; killed before its first commit, it is begun again.
#[test]
fn after_the_output_was_moved_away_append_goes_on_in_the_next_segment() {
    let mut lab = lab();
    lab.start().unwrap();
    lab.deliver(4);
    lab.kill();
    fs::remove_file(lab.out().join("records.jsonl")).unwrap();
    lab.options.if_exists = IfExists::Append;
    lab.start().unwrap();
    lab.write(5).unwrap();
    lab.kill();
    lab.start().unwrap();
    lab.deliver(2);
    let expected = expected_lines(6).split_off(expected_lines(4).len());
    assert_eq!(text(&lab, "records-00001.jsonl"), expected);
}

#[test]
fn lines_of_a_forgotten_tail_are_not_overwritten() {
    let mut lab = Lab::writing_to("records.jsonl.zst", 0);
    lab.start().unwrap();
    lab.deliver(3);
    lab.kill();
    lab.committed = None;
    lab.options.if_exists = IfExists::Append;
    assert_fatal(lab.start(), "tail-0` holds the last lines");
    assert_eq!(text(&lab, ".records.jsonl.zst.tail-0"), expected_lines(3));
}

#[test]
fn another_path_is_another_output() {
    let mut lab = lab();
    lab.start().unwrap();
    lab.deliver(4);
    lab.kill();
    lab.options.path = "out/other.jsonl".to_owned();
    lab.start().unwrap();
    lab.deliver(2);
    assert_eq!(text(&lab, "records.jsonl"), expected_lines(4));
    assert_eq!(
        text(&lab, "records.jsonl") + &text(&lab, "other.jsonl"),
        expected_lines(6)
    );
}

/// Scenario: something else cuts, grows, removes or replaces the file between two batches.
/// Guarantees: fatal before a byte is written, and what it did is left to look at.
#[test]
fn a_second_writer_is_noticed() {
    for change in ["", "{}\n", "cut", "gone"] {
        let mut lab = lab();
        lab.start().unwrap();
        lab.deliver(4);
        let path = lab.out().join("records.jsonl");
        match change {
            "cut" => fs::write(&path, "{").unwrap(),
            "gone" => fs::remove_file(&path).unwrap(),
            _ => fs::write(&path, expected_lines(4) + "{}\n").unwrap(),
        }
        let changed = fs::read(&path).ok();
        assert_fatal(lab.write(1), "something else changes the output");
        assert_eq!(fs::read(&path).ok(), changed);
    }
}

#[test]
fn nothing_to_write_gives_the_same_position_again() {
    let mut lab = lab();
    lab.start().unwrap();
    lab.deliver(4);
    assert_eq!(Some(lab.checkpoint().unwrap()), lab.committed);
    lab.write_from(4, 0).unwrap();
    assert_eq!(Some(lab.checkpoint().unwrap()), lab.committed);
}

#[test]
fn a_card_is_kept_beside_the_output() {
    let mut lab = lab();
    lab.options.card = true;
    lab.start().unwrap();
    assert!(text(&lab, "README.md").contains("- \"records-*.jsonl\""));
    assert_eq!(lab.names(), ["README.md", "records.jsonl"]);
}

#[test]
fn the_stage_is_built_from_its_spec() {
    let lab = lab();
    let registry = StageRegistry::empty().with::<Emit>();
    let spec = registry.get("emit").unwrap();
    let options = spec.check(&json!({ "path": "here.jsonl.gz" })).unwrap();
    assert!(spec.exactly_once(&options));
    let built = spec.build(&options, &lab.deps()).unwrap();
    let jadwal_core::BuiltStage::Stage(mut stage) = built else {
        panic!("emit waits for a disk");
    };
    assert!(stage.takes_batches());
    block_on(stage.restore(None, &cx())).unwrap();
    assert!(lab.folder.path().join("here.jsonl.gz").exists());
    assert!(!spec.exactly_once(&json!({ "path": "-" })));
    assert!(spec.build(&json!({ "path": "-" }), &lab.deps()).is_ok());
}

#[test]
fn what_can_not_be_cut_is_not_an_output() {
    let lab = lab();
    let folder = EmitOptions {
        path: ".".to_owned(),
        ..EmitOptions::default()
    };
    let error = Emit::build(folder, &lab.deps()).unwrap_err();
    assert!(describe_chain(&error).contains("not a regular file"));
}

#[test]
fn wrong_options_are_named() {
    let cases = [
        (json!({ "path": "" }), "path", "does not name a file"),
        (json!({ "path": "out/" }), "path", "does not name a file"),
        (
            json!({ "path": "a.zst", "compression_level": 23 }),
            "compression_level",
            "23 is not a level of zstd: 1 to 22",
        ),
        (
            json!({ "path": "a.gz", "compression_level": 10 }),
            "compression_level",
            "10 is not a level of gzip: 0 to 9",
        ),
        (json!({ "roll_bytes": "much" }), "roll_bytes", "not a size"),
        (
            json!({ "if_exists": "overwrite" }),
            "if_exists",
            "overwrite",
        ),
    ];
    let registry = StageRegistry::empty().with::<Emit>();
    let spec = registry.get("emit").unwrap();
    for (options, key, message) in cases {
        let problems = spec.check(&options).unwrap_err();
        assert_eq!(problems[0].path[0], key);
        assert!(problems[0].message.contains(message), "{problems:?}");
    }
    assert!(spec.check(&json!({ "roll_bytes": "0 B" })).is_ok());
    assert!(spec.check(&json!({ "rol_bytes": "1 MiB" })).is_err());
    assert_eq!(spec.check(&json!({})).unwrap(), spec.defaults());
}

/// Scenario: a run is killed at any moment, and the next one is to write elsewhere.
/// Guarantees: what was committed is whole in the old output, which the next one writes no line to.
#[test]
fn an_output_that_is_left_after_a_kill_is_whole() {
    for name in ["records.jsonl", "records.jsonl.gz", "records.jsonl.zst"] {
        for finished in [false, true] {
            let mut lab = Lab::writing_to(name, 0);
            lab.start().unwrap();
            lab.deliver(5);
            lab.deliver(2);
            if finished {
                lab.finish();
            }
            lab.kill();
            lab.options.path = format!("elsewhere/{name}");
            lab.start().unwrap();
            lab.start().unwrap();
            lab.deliver(3);
            assert_eq!(
                lab.lines(),
                expected_lines(7),
                "{name}, finished: {finished}"
            );
        }
    }
}

#[test]
fn a_packed_output_without_a_line_can_be_left() {
    let mut lab = Lab::writing_to("records.jsonl.gz", 0);
    lab.start().unwrap();
    let position = lab.checkpoint().unwrap();
    lab.commit(position, 0);
    lab.finish();
    let empty = fs::read(lab.out().join("records.jsonl.gz")).unwrap();
    lab.options.path = "elsewhere/records.jsonl.gz".to_owned();
    lab.start().unwrap();
    assert_eq!(fs::read(lab.out().join("records.jsonl.gz")).unwrap(), empty);
}

/// Scenario: more lies in an output that is left than was committed: lines of a run that was killed,
/// or of somebody who wrote on.
/// Guarantees: nothing of it is cut.
#[test]
fn what_lies_past_the_end_of_an_output_that_is_left_stays() {
    let mut lab = Lab::writing_to("records.jsonl", 0);
    lab.start().unwrap();
    lab.deliver(3);
    lab.write(2).unwrap();
    lab.kill();
    lab.options.path = "elsewhere/records.jsonl".to_owned();
    lab.start().unwrap();
    assert_eq!(lab.lines(), expected_lines(5));
}

/// Scenario: the folder of the old output is gone for good, and a file has its name.
/// Guarantees: a plain output, which lacks nothing, holds nobody up; a packed one whose last lines lie in its
/// tail is not passed over in silence.
#[test]
fn an_output_that_cannot_be_looked_at_is_left_if_it_is_whole() {
    for (name, is_whole) in [("records.jsonl", true), ("records.jsonl.gz", false)] {
        let mut lab = Lab::writing_to(name, 0);
        lab.start().unwrap();
        lab.deliver(3);
        lab.kill();
        fs::remove_dir_all(lab.out()).unwrap();
        fs::write(lab.out(), "").unwrap();
        lab.options.path = format!("elsewhere/{name}");
        assert_eq!(lab.start().is_ok(), is_whole, "{name}");
    }
}

#[test]
fn another_spelling_of_the_path_is_the_same_output() {
    let mut lab = Lab::writing_to("records.jsonl", 0);
    lab.start().unwrap();
    lab.deliver(2);
    let absolute = lab.out().join("records.jsonl");
    for path in ["./out/records.jsonl", absolute.to_str().unwrap()] {
        lab.options.path = path.to_owned();
        lab.start().unwrap();
        lab.deliver(1);
    }
    assert_eq!(lab.lines(), expected_lines(4));
}

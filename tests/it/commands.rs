//! What each command prints, and the rules that hold for all of them.

use std::io::Read;
use std::process::{Command, Stdio};

use expect_test::expect;
use rustix::process::Signal;
use serde_json::Value;

use crate::place::{NOW, Place, records_of};
use crate::repository::{CONFIG, STORY, assert_contains, inbox};
use crate::wait::wait_until;

#[test]
fn stages_are_listed_and_described() {
    let place = Place::empty();
    let list = place.jadwal(["stages"]).run().expect(0).text();
    let kinds: Vec<_> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let known = [
        "clean",
        "dedup",
        "detect_language",
        "extract_entities",
        "emit",
    ];
    for kind in known {
        assert!(kinds.contains(&kind), "{kinds:?}");
        let described = place.jadwal(["stages", kind]).run().expect(0).text();
        assert_contains(&described, &[kind, "needs: ", "gives: "]);
    }
    let described = place.jadwal(["stages", "emit"]).run().expect(0).text();
    assert_contains(
        &described,
        &["path = \"out/records.jsonl\"", "\"refuse\" | \"append\""],
    );
    let unknown = place.jadwal(["stages", "emmit"]).run().expect(2);
    assert_contains(
        &unknown.err,
        &["there is no stage `emmit`", "hint:", "emit"],
    );
}

#[test]
fn the_plan_is_drawn_in_two_languages() {
    let place = Place::with_config(
        "[pipeline]\nstages = [\"tidy\", \"emit\"]\nstate = \"/s\"\nquarantine = \"/q\"\n\
         [stages.tidy]\nuse = \"clean\"\n[source]\npath = \"/in \\\"box\\\"\"\n",
    );
    let graph = |args: &[&str]| place.jadwal(args).run().expect(0).text();
    expect![[r#"
        flowchart LR
            n0["folder /in #quot;box#quot;"]
            n1["tidy (clean)"]
            n2["emit"]
            n3["commit /s"]
            n0 --> n1
            n1 --> n2
            n2 --> n3
            n3 -. failed .-> q[("/q")]
            n3 -. settle .-> n0
    "#]]
    .assert_eq(&graph(&["graph"]));
    expect![[r#"
        digraph jadwal {
            rankdir=LR;
            node [shape=box];
            n0 [label="folder /in \"box\""];
            n1 [label="tidy (clean)"];
            n2 [label="emit"];
            n3 [label="commit /s"];
            n0 -> n1;
            n1 -> n2;
            n2 -> n3;
            q [label="/q", shape=cylinder];
            n3 -> q [style=dashed, label=failed];
            n3 -> n0 [style=dashed, label=settle];
        }
    "#]]
    .assert_eq(&graph(&["graph", "--format", "dot"]));
}

#[test]
fn status_tells_what_was_done_and_who_is_at_work() {
    let place = inbox(&[("a.txt", STORY.as_bytes()), ("bad.txt", b"%PDF-1")]);
    let status = |args: &[&str]| place.jadwal(args).run().expect(0).text();
    assert_contains(&status(&["status"]), &["not running", "nothing was run"]);
    assert!(!place.path("var").exists(), "looking makes no state");
    place.jadwal(["batch"]).run().expect(1);
    let done = [
        "not running",
        "1 delivered · 0 dropped · 1 quarantined",
        "last run   batch",
        "emit",
    ];
    assert_contains(&status(&["status"]), &done);
    let daemon = place.jadwal(["run"]).start();
    place.write("inbox/b.txt", "Noon has come.");
    let mut last = Value::Null;
    wait_until("the daemon's status tells of the new file", || {
        last = serde_json::from_str(&status(&["status", "--format", "json"])).unwrap();
        last["last"]["counters"]["delivered"] == 1 && last["last"]["pid"] == daemon.pid()
    });
    assert_eq!(last["running"], true);
    assert_eq!(last["holder"], format!("process {}", daemon.pid()));
    assert!(last["scan_share"].is_number());
    assert_contains(
        &status(&["status"]),
        &["running (process", "last run   run"],
    );
    daemon.stop();
}

#[test]
fn tests_of_a_configuration_pass_or_say_why_not() {
    let place = Place::with_config(
        "[[test]]\nname = \"good\"\ninput = \"Noon has come.\"\nexpect.fate = \"delivered\"\n\
         [[test]]\nname = \"bad\"\ninput = \"Noon has come.\"\n\
         expect = { fate = \"dropped\", contains = [\"Evening\"] }\n",
    );
    let outcome = place.jadwal(["test"]).run().expect(1);
    let text = outcome.text();
    assert_contains(
        &text,
        &[
            "test good ... ok",
            "test bad ... FAILED",
            "fate",
            "`Evening`",
        ],
    );
    assert!(!place.path("var").exists());
}

#[test]
fn colours_only_where_they_are_wanted() {
    let place = inbox(&[("a.txt", STORY.as_bytes()), ("bad.txt", b"%PDF-1")]);
    let piped = place.jadwal(["batch", "--stateless", "-o", "-"]).run();
    assert!(!(piped.err.clone() + &piped.text()).contains('\u{1b}'));
    let jadwal = env!("CARGO_BIN_EXE_jadwal");
    let on_a_terminal = |no_color: &str| {
        // `script` gives the command a terminal of its own.
        let ran = Command::new("script")
            .args(["-qec", &format!("{jadwal} stages"), "/dev/null"])
            .env("NO_COLOR", no_color)
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .output();
        ran.map(|ran| String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let (Ok(coloured), Ok(plain)) = (on_a_terminal(""), on_a_terminal("1")) else {
        println!("SKIPPED: there is no `script` here to make a terminal");
        return;
    };
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    assert!(
        plain.contains("detect_language") && !plain.contains('\u{1b}'),
        "{plain:?}"
    );
}

#[test]
fn logs_can_be_lines_of_json() {
    let place = inbox(&[("a.txt", STORY.as_bytes()), ("bad.txt", b"%PDF-1")]);
    let daemon = place.jadwal(["run", "--log-format", "json"]).start();
    wait_until("it tells of the bad file", || {
        daemon.errors().contains("quarantin")
    });
    let outcome = daemon.stop();
    let lines = records_of(outcome.err.as_bytes());
    let told = lines.iter().find(|line| line["stage"] == "clean");
    let told = told.expect("no line about the stage");
    assert_eq!(told["level"], "WARN");
    assert!(told["error"].as_str().unwrap().contains("a PDF document"));
    assert_eq!(lines.last().unwrap()["message"], "stopped");
}

/// Scenario: the reader of standard output goes away, as in `jadwal stages | head -1`.
#[test]
fn a_closed_pipe_is_a_normal_end() {
    let place = Place::with_config(CONFIG);
    for number in 0..400 {
        let name = format!("inbox/{number}.txt");
        place.write(&name, format!("Ferry {number} leaves at noon. ").repeat(30));
        place.set_modified(&name, NOW - 1000);
    }
    place.jadwal(["batch"]).run().expect(0);
    for args in [
        &["stages", "--markdown"][..],
        &["schema"],
        &["state", "ls"],
        &["state", "ls", "--documents"],
        &["batch", "inbox", "-o", "-", "--stateless"],
        &["--help"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jadwal"))
            .args(args)
            .current_dir(place.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut errors = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}: {errors}");
        assert!(!errors.contains("panicked"), "{errors}");
    }
}

#[test]
fn a_wrong_command_line_has_its_exit_code() {
    let place = Place::empty();
    for args in [&["fly"][..], &[], &["batch", "--fly"], &["state", "forget"]] {
        place.jadwal(args).run().expect(2);
    }
    for args in [&["--help"][..], &["--version"], &["batch", "--help"]] {
        place.jadwal(args).run().expect(0);
    }
    let outcome = place
        .jadwal(["batch", "-", "inbox", "-o", "-"])
        .run()
        .expect(2);
    assert_contains(&outcome.err, &["can't be mixed"]);
}

#[test]
fn a_wrong_clock_is_refused() {
    let place = inbox(&[("a.txt", STORY.as_bytes())]);
    let run = place
        .jadwal(["batch"])
        .env("SOURCE_DATE_EPOCH", "noon")
        .run()
        .expect(2);
    assert_contains(&run.err, &["SOURCE_DATE_EPOCH is `noon`", "hint:"]);
    assert!(!place.path("out").exists());
}

/// Scenario: a batch is interrupted in its midst.
/// Guarantees: it does not pass for one that is done, and the next one goes on.
#[test]
fn a_batch_that_was_interrupted_says_so() {
    let place =
        Place::with_config("[pipeline]\nmax_in_flight = 4\nstages = [\"clean\", \"emit\"]\n");
    for number in 0..600 {
        place.write(
            format!("inbox/{number}.txt"),
            format!("Ferry {number} leaves."),
        );
    }
    let batch = place.jadwal(["batch"]).start();
    let output = place.path("out/records.jsonl");
    wait_until("it is at work", || {
        output.metadata().is_ok_and(|found| found.len() > 0)
    });
    batch.signal(Signal::INT);
    let stopped = batch.wait().expect(0);
    assert_contains(&stopped.err, &["stopped before the end", "not begun"]);
    let rest = place.jadwal(["batch"]).run().expect(0);
    assert!(rest.err.contains("done\n") && !rest.err.contains("not begun"));
    assert_eq!(place.records("out/records.jsonl").len(), 600);
}

#[test]
fn a_batch_tells_of_files_that_no_glob_takes() {
    let place = inbox(&[
        ("a.txt", STORY.as_bytes()),
        ("B.TXT", b"Noon has come."),
        ("desk/notes.doc", b"Evening has come."),
        (".hidden", b"x"),
        ("c.txt.part", b"x"),
    ]);
    let batch = place.jadwal(["batch"]).run().expect(0);
    assert_contains(
        &batch.err,
        &["files        1", "passed over  2 of other names"],
    );
    let all = ["batch", "--set", "source.include=[\"**\"]"];
    let batch = place.jadwal(all).run().expect(0);
    assert!(batch.err.contains("files        2") && !batch.err.contains("passed over"));
}

#[test]
fn what_holds_for_standard_input_is_not_passed_over_with_files() {
    let place = inbox(&[("a.txt", STORY.as_bytes())]);
    let batch = place.jadwal(["batch", "inbox", "--jsonl"]).run().expect(2);
    assert_contains(
        &batch.err,
        &["`--jsonl` says what standard input holds", "hint:"],
    );
}

//! Stages of one's own, from the outside: written by `new-stage`, tried by `test-stage`, run in a
//! pipeline, and never left behind.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::place::Place;
use crate::repository::{assert_contains, fates, read, repository};
use crate::wait::wait_until;

/// Runs a program in `folder`; fails loudly where it is missing or fails.
fn run(folder: &Path, program: &str, args: &[&str]) {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output();
    let output = output.unwrap_or_else(|error| panic!("`{program}` is needed: {error}"));
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {log}");
}

/// What the documentation promises for a stage in a language that runs as a process; `steps` are the
/// commands before Jadwal's own.
fn by_the_book(lang: &str, steps: &[&[&str]]) {
    let place = Place::empty();
    place
        .jadwal(["new-stage", "tag_ports", "--lang", lang])
        .run()
        .expect(0);
    let folder = place.path("tag_ports");
    for step in steps {
        run(&folder, step[0], &step[1..]);
    }
    let config = folder.join("pipeline.toml");
    let config = config.to_str().unwrap();
    let tried = place
        .jadwal(["test-stage", "tag_ports", "--config", config])
        .run()
        .expect(0);
    assert_contains(
        &tried.text(),
        &[
            "any text: 30 passed",
            "kill in mid-batch",
            "12 passed, 0 failed",
        ],
    );
    place.jadwal(["batch", "--config", config]).run().expect(0);
    let records = place.records("tag_ports/out/records.jsonl");
    let record = &records[0];
    let entities = record["entities"].as_array().unwrap();
    assert!(!entities.is_empty());
    assert_eq!(
        record["extra"],
        json!({ "tag_ports": { "found": entities.len() } })
    );
    let sample = fs::read(folder.join("inbox/harbour.txt")).unwrap();
    for entity in entities {
        let place = |key: &str| usize::try_from(entity[key].as_u64().unwrap()).unwrap();
        let source = &sample[place("src_start")..place("src_end")];
        assert_eq!(
            std::str::from_utf8(source).unwrap(),
            entity["text"].as_str().unwrap()
        );
    }
    let again = place
        .jadwal(["new-stage", "tag_ports", "--lang", lang])
        .run()
        .expect(2);
    assert_contains(&again.err, &["is there already"]);
}

#[test]
fn a_new_stage_in_python_works_by_the_book() {
    by_the_book(
        "python",
        &[&["python3", "-m", "unittest", "test_tag_ports"]],
    );
}

#[test]
fn a_new_stage_in_javascript_works_by_the_book() {
    by_the_book("js", &[&["node", "--test"]]);
}

#[test]
fn a_new_stage_in_c_works_by_the_book() {
    let build = ["cc", "-Wall", "-Wextra", "-Werror", "-O2"];
    let stage = [&build[..], &["-o", "tag_ports", "tag_ports.c"]].concat();
    let test = [&build[..], &["-o", "test_tag_ports", "test_tag_ports.c"]].concat();
    by_the_book("c", &[&stage, &test, &["./test_tag_ports"]]);
}

/// The template itself is built and tested here as the module `my_stage`; what is written is that
/// template under another name, in a manifest that cargo reads.
#[test]
fn a_new_stage_in_rust_is_the_template_that_is_tested() {
    let place = Place::empty();
    let sources = repository("");
    let sources = sources.to_str().unwrap();
    let args = [
        "new-stage",
        "tag_ports",
        "--lang",
        "rust",
        "--sources",
        sources,
    ];
    place.jadwal(args).run().expect(0);
    for file in ["lib.rs", "main.rs"] {
        let written = fs::read_to_string(place.path("tag_ports/src").join(file)).unwrap();
        let template = read(&format!("crates/jadwal/templates/rust/{file}"));
        let expected = template
            .replace("my_stage", "tag_ports")
            .replace("MyStage", "TagPorts");
        assert_eq!(written, expected);
    }
    let metadata = [
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
    ];
    run(&place.path("tag_ports"), "cargo", &metadata);
}

#[test]
fn a_binary_of_ones_own_has_the_stages_that_were_named() {
    let place = Place::empty();
    place
        .jadwal(["new-stage", "tag_ports", "--lang", "rust"])
        .run()
        .expect(0);
    let with = [
        "build",
        "--project-only",
        "--with",
        "tag_ports",
        "--with",
        "other-stage=1.2:Tagger",
    ];
    place.jadwal(with).run().expect(0);
    let main = fs::read_to_string(place.path("jadwal-own/src/main.rs")).unwrap();
    assert_contains(
        &main,
        &[
            ".with::<tag_ports::TagPorts>()",
            ".with::<other_stage::Tagger>()",
        ],
    );
    let manifest = fs::read_to_string(place.path("jadwal-own/Cargo.toml")).unwrap();
    assert_contains(
        &manifest,
        &["other-stage = \"1.2\"", "tag_ports = { path = "],
    );
    let metadata = [
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
    ];
    run(&place.path("jadwal-own"), "cargo", &metadata);
    for with in ["nowhere", "a b=1", "=1", "x=1:Ty pe"] {
        let outcome = place
            .jadwal(["build", "--project-only", "--with", with])
            .run();
        outcome.expect(2);
    }
}

#[test]
fn names_that_are_none_are_refused() {
    let place = Place::empty();
    for name in ["", "Tag", "1st", "a__b", "a-b", "../up", "source"] {
        let outcome = place
            .jadwal(["new-stage", "--lang", "python", "--", name])
            .run()
            .expect(2);
        assert_contains(&outcome.err, &["is not a name for a stage"]);
    }
    let outcome = place.jadwal(["new-stage", "clean"]).run().expect(2);
    assert_contains(&outcome.err, &["there is a stage `clean` already"]);
    assert_eq!(
        fs::read_dir(place.path("")).unwrap().count(),
        1,
        "only the runs' own folder"
    );
}

/// A stage with the faults that are commonest.
const FAULTY: &str = r#"
import sys
sys.path.insert(0, sys.argv[1])
from jadwal_stage import Stage

stage = Stage("faulty", "1", gives=["entities"])
stage._checked = lambda options: options
seen = 0

@stage.work
def work(doc, options):
    global seen
    seen += 1
    doc.extra = {"seen": seen}
    if "🙂" in doc.text:
        doc.entity(0, len(doc.text.encode()), "MISC")
    doc.text[0]

stage.run()
"#;

#[test]
fn the_kit_says_what_is_broken_and_why() {
    let place = Place::empty();
    place.write("faulty.py", FAULTY);
    let sdk = repository("sdk/python");
    let args = [
        "test-stage",
        "--",
        "python3",
        "faulty.py",
        sdk.to_str().unwrap(),
    ];
    let outcome = place.jadwal(args).run().expect(1);
    assert_contains(
        &outcome.text(),
        &[
            "FAILED any text",
            "empty: `faulty` failed: IndexError: string index out of range",
            "one emoji: `faulty` gave a bad reply: entity 0: offset 4 lies past the end of the text (1 code points)",
            "FAILED determinism",
            "FAILED unknown option",
            "it took the option `no_such_option` without a word",
        ],
    );
}

#[test]
fn a_built_in_stage_can_be_tried_and_a_sink_can_not() {
    let place = Place::empty();
    let outcome = place
        .jadwal(["test-stage", "extract_entities"])
        .run()
        .expect(0);
    assert_contains(&outcome.text(), &["ok     order", "7 passed, 0 failed"]);
    let outcome = place.jadwal(["test-stage", "emit"]).run().expect(2);
    assert_contains(&outcome.err, &["`emit` is a sink"]);
    let outcome = place.jadwal(["test-stage", "nonesuch"]).run().expect(2);
    assert_contains(&outcome.err, &["there is no stage `nonesuch`"]);
}

/// A pipeline with the hostile child of the crate `jadwal-process`.
fn hostile(mode: &str, more: &str) -> Place {
    let script = repository("stages/jadwal-process/tests/it/hostile.py");
    Place::with_config(&format!(
        "[pipeline]\nname = \"desk\"\nstages = [\"clean\", \"plugin\", \"emit\"]\nmax_in_flight = 8\nbatch_size = 4\n\
         [source]\nsettle = \"20ms\"\n[stages.plugin]\nuse = \"process\"\ntimeout = \"120s\"\n\
         [stages.plugin.options]\ncommand = [\"python3\", {:?}, \"{mode}\"]\n{more}\n",
        script.display().to_string()
    ))
}

#[test]
fn a_document_that_ends_its_process_is_quarantined_and_the_rest_flow() {
    let place = hostile("obey", "");
    for (number, text) in ["one", "crash now", "two", "past the end", "three"]
        .iter()
        .enumerate()
    {
        place.write(format!("inbox/{number}.txt"), text);
    }
    let outcome = place.jadwal(["batch"]).run().expect(1);
    assert_contains(
        &outcome.err,
        &["a process that served nothing else failed with this document"],
    );
    let fates = fates(&place);
    let fate = |number: u64| fates[&(format!("{number}.txt"), 0)].clone();
    assert_eq!(fate(1).0, "quarantined");
    assert_contains(&fate(1).1, &["the process ended (signal: 6 (SIGABRT))"]);
    assert_contains(&fate(3).1, &["edit 0: offset 1000000000 lies past the end"]);
    assert_eq!(place.records("out/records.jsonl").len(), 3);
}

#[test]
fn a_wrong_command_is_told_before_a_file_is_touched() {
    let place = hostile("obey", "");
    let config = fs::read_to_string(place.path("pipeline.toml")).unwrap();
    let without: String = config
        .lines()
        .filter(|line| !line.starts_with("command"))
        .map(|line| format!("{line}\n"))
        .collect();
    place.write("pipeline.toml", without);
    let outcome = place.jadwal(["check"]).run().expect(2);
    assert_contains(&outcome.err, &["names no program"]);
    place.write("pipeline.toml", config.replace("python3", "no-such-python"));
    place.write("inbox/a.txt", "text");
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(
        &outcome.err,
        &["the process could not be started", "No such file"],
    );
}

/// The numbers of processes whose command line has `mark` in it.
fn processes(mark: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let marked = |entry: &fs::DirEntry| {
        fs::read(entry.path().join("cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains(mark))
    };
    entries.filter(marked).map(|entry| entry.path()).collect()
}

/// Scenario: Jadwal is killed while a child is in an endless loop, and while one waits for documents.
/// Guarantees: neither outlives it, nor does the guard.
#[test]
fn no_process_outlives_a_jadwal_that_was_killed() {
    for text in ["loop now", "quiet"] {
        let place = hostile("obey", "batch_timeout = \"100s\"");
        // The folder's own name marks the processes of this test.
        let mark = place
            .path("")
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let config = fs::read_to_string(place.path("pipeline.toml")).unwrap();
        place.write(
            "pipeline.toml",
            config.replace("\"obey\"]", &format!("\"obey\", \"{mark}\"]")),
        );
        place.write("inbox/a.txt", text);
        let daemon = place.jadwal(["run"]).start();
        wait_until("the child is there", || processes(&mark).len() == 1);
        if text == "quiet" {
            wait_until("the record is there", || {
                place.path("out/records.jsonl").exists()
            });
        } else {
            // Endless loops are told by the time they take.
            wait_until("the child is busy", || {
                let stat = processes(&mark)
                    .first()
                    .map(|path| fs::read_to_string(path.join("stat")));
                let stat = stat.and_then(Result::ok).unwrap_or_default();
                let ticks = stat
                    .split(' ')
                    .nth(13)
                    .and_then(|ticks| ticks.parse::<u64>().ok());
                ticks.is_some_and(|ticks| ticks > 60)
            });
        }
        daemon.signal(Signal::KILL);
        daemon.wait();
        wait_until("the child is gone", || processes(&mark).is_empty());
    }
}

/// Scenario: a stop is asked for while documents are on their way through a process.
/// Guarantees: what was admitted is delivered, and the process is ended in peace.
#[test]
fn a_stop_drains_what_a_process_has_in_hand() {
    let place = hostile("obey", "");
    for number in 0..200 {
        place.write(format!("inbox/{number:03}.txt"), format!("text {number}"));
    }
    let daemon = place.jadwal(["run"]).start();
    wait_until("something was delivered", || {
        place.path("out/records.jsonl").exists()
    });
    let outcome = daemon.stop();
    assert_contains(&outcome.err, &["stopped"]);
    assert!(!outcome.err.contains("killed"), "{}", outcome.err);
    let delivered = place.records("out/records.jsonl").len();
    assert_eq!(fates(&place).len(), delivered);
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 200);
}

/// Scenario: a process that does not answer, and many files before it.
/// Guarantees: no more are admitted than `max_in_flight` lets in.
#[test]
fn a_slow_process_holds_files_back() {
    let place = hostile("deaf", "batch_timeout = \"100s\"");
    for number in 0..100 {
        place.write(format!("inbox/{number:03}.txt"), format!("text {number}"));
    }
    let daemon = place.jadwal(["run"]).start();
    let counters = || -> Value {
        let status = place.jadwal(["status", "--format", "json"]).run().expect(0);
        serde_json::from_slice::<Value>(&status.out).unwrap()["last"]["counters"].clone()
    };
    wait_until("the room is full", || counters()["admitted"] == 8);
    let admitted = counters()["admitted"].clone();
    daemon.signal(Signal::KILL);
    daemon.wait();
    assert_eq!(admitted, 8);
}

/// A process that is ended with the test.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended; there is nothing to kill then.
        self.0.kill().unwrap_or_default();
        self.0.wait().unwrap();
    }
}

/// Scenario: the example that asks a service, which refuses what comes too fast.
/// Guarantees: every document is answered, at the service's pace; a refused one is quarantined.
#[test]
fn the_example_that_asks_a_service_keeps_to_its_pace() {
    let folder = repository("examples/rate-limited-lookup");
    let mut server = Command::new("python3");
    server
        .arg(folder.join("server.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut server = Server(server.spawn().unwrap());
    let mut port = String::new();
    let out = server.0.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut port).unwrap();

    let place = Place::empty();
    let config = read("examples/rate-limited-lookup/pipeline.toml");
    let script = folder.join("lookup.py").display().to_string();
    let config = config
        .replace("\"lookup.py\"", &format!("{script:?}"))
        .replace("20.0", "1000.0");
    place.write("pipeline.toml", config);
    for number in 0..12 {
        let text = if number == 5 {
            "forbidden here"
        } else {
            "🙂 في قطر اليوم"
        };
        place.write(format!("inbox/{number:02}.txt"), format!("{text} {number}"));
    }
    let endpoint = format!("http://127.0.0.1:{}/annotate", port.trim());
    let batch = place.jadwal(["batch"]).env("LOOKUP_ENDPOINT", endpoint);
    batch.run().expect(1);
    let records = place.records("out/records.jsonl");
    assert_eq!(records.len(), 11);
    assert!(
        records
            .iter()
            .all(|record| record["entities"][0]["text"] == "قطر")
    );
    let refused = fates(&place)[&("05.txt".to_owned(), 0)].clone();
    assert_contains(&refused.1, &["the service refused the document"]);
}

/// The example in Rust has the whole command line, its own stage in it.
#[test]
fn the_example_in_rust_tags_its_keywords() {
    let binary = Path::new(env!("CARGO_BIN_EXE_jadwal")).with_file_name("examples/keyword_tagger");
    if !binary.is_file() {
        // `cargo test` builds examples, `cargo test --test it` does not.
        let build = [
            "build",
            "-p",
            "jadwal",
            "--example",
            "keyword_tagger",
            "--offline",
        ];
        run(&repository(""), "cargo", &build);
    }
    let place = Place::empty();
    place.write(
        "pipeline.toml",
        read("examples/keyword-tagger/pipeline.toml"),
    );
    place.write("inbox/a.txt", read("samples/harbour-ar.txt"));
    let binary = binary.to_str().unwrap();
    run(&place.path(""), binary, &["stages", "tag_keywords"]);
    run(&place.path(""), binary, &["batch"]);
    let record = &place.records("out/records.jsonl")[0];
    let entities = record["entities"].as_array().unwrap();
    assert!(
        entities.iter().any(|entity| entity["norm"] == "الميناء"),
        "{entities:?}"
    );
}

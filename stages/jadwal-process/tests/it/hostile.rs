//! Children that crash, hang, lie and flood: their document is quarantined, the rest flow.

use std::fs;
use std::time::{Duration, Instant};

use jadwal_core::describe_chain;
use serde_json::{Value, json};

use crate::bench::{hostile, run, with};

/// Scenario: one bad document among good ones, in a batch.
/// Guarantees: it alone is quarantined, with a reason that names the trouble; the others are delivered
/// in order.
async fn check(text: &str, reason: &str) {
    check_with(hostile("obey"), text, reason).await;
}

async fn check_with(options: Value, text: &str, reason: &str) {
    let texts: Vec<String> = ["a", "b", text, "c", "d"].map(String::from).to_vec();
    let report = run(&texts, options).await;
    assert!(report.result.is_ok(), "{text}: {:?}", report.result);
    assert_eq!(report.lines, ["a", "b", "c", "d"], "{text}");
    let row = report
        .rows
        .iter()
        .find(|row| row.fate == "quarantined")
        .unwrap();
    assert_eq!(row.stage, "plugin");
    assert!(row.detail.contains(reason), "{text}: {}", row.detail);
}

#[tokio::test(flavor = "multi_thread")]
async fn crashes_and_exits() {
    check("crash now", "the process ended (signal: 6 (SIGABRT)").await;
    check(
        "exit now",
        "the process ended (exit status: 1), saying `could not go on`",
    )
    .await;
}

/// Scenario: a child starts a process of its own, which holds its standard output open, and crashes.
/// Guarantees: the end is noticed at once, and the process is ended too.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_child_started_ends_with_it() {
    check("orphan now", "the process ended (signal: 6 (SIGABRT)").await;
    let ours = |entry: std::io::Result<fs::DirEntry>| {
        let command = fs::read(entry.ok()?.path().join("cmdline")).ok()?;
        (command == b"sleep\x00604.25\x00").then_some(())
    };
    assert!(fs::read_dir("/proc").unwrap().find_map(ours).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn loops_and_silence() {
    let options = || with(hostile("obey"), json!({ "batch_timeout": "4s" }));
    let reason = "the process gave no answer within 4s";
    check_with(options(), "loop now", reason).await;
    check_with(options(), "silent now", reason).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_on_standard_output() {
    check(
        "garbage now",
        "it began a frame of 4294967295 bytes, and the limit is 1048576",
    )
    .await;
    check(
        "print now",
        r#"it wrote "loading the model ..." to its standard output"#,
    )
    .await;
    check("huge now", "it began a frame of 2147483647 bytes").await;
    check(
        "notjson now",
        "the process wrote a message that is not understood",
    )
    .await;
    check("few now", "it gave 0 replies to 1 documents").await;
    check("wrong now", "it answered batch").await;
    check("closed now", "the process closed its standard output").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_replies() {
    check(
        "past the end",
        "edit 0: offset 1000000000 lies past the end of the text (12 bytes)",
    )
    .await;
    check(
        "inside ء",
        "entity 0: offset 8 (bytes) lies inside a character",
    )
    .await;
    check("label dog", "unknown variant `DOG`").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_gigabytes() {
    let texts: Vec<String> = ["a", "alloc now", "b"].map(String::from).to_vec();
    let options = with(hostile("obey"), json!({ "max_memory": "1 GiB" }));
    let report = run(&texts, options).await;
    assert_eq!(report.lines, ["a", "b"]);
    let detail = &report.rows[1].detail;
    assert!(detail.contains("saying `MemoryError`"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_on_standard_error_are_no_fault() {
    let texts: Vec<String> = ["a", "stderr now", "b"].map(String::from).to_vec();
    let report = run(&texts, hostile("obey")).await;
    assert_eq!(report.lines, texts);
}

/// Scenario: a child that dies of every seventh document, whichever it is.
/// Guarantees: no document is held responsible, and none is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_dies_of_old_age_costs_no_document() {
    let texts: Vec<String> = (0..50).map(|index| format!("text {index}")).collect();
    for options in [json!({}), json!({ "children": 3, "batch": 4 })] {
        let report = run(&texts, with(hostile("dies_at_7"), options)).await;
        assert!(report.result.is_ok(), "{:?}", report.result);
        assert_eq!(report.lines, texts);
    }
}

/// Scenario: many bad documents, several children, other batch sizes.
/// Guarantees: the fates are the same whatever the numbers.
#[tokio::test(flavor = "multi_thread")]
async fn fates_do_not_depend_on_neighbours() {
    let words = [
        "ok", "crash", "ok", "past", "ok", "drop", "exit", "ok", "ok", "few",
    ];
    let texts: Vec<String> = (0..20)
        .map(|index| format!("{} {index}", words[index % 10]))
        .collect();
    let mut all = Vec::new();
    for (children, batch) in [(1, 1), (1, 32), (3, 5)] {
        let options = with(
            hostile("obey"),
            json!({ "children": children, "batch": batch }),
        );
        let report = run(&texts, options).await;
        assert!(report.result.is_ok(), "{:?}", report.result);
        let fates: Vec<String> = report.fates().into_iter().map(String::from).collect();
        all.push((fates, report.lines.clone()));
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:?}");
    assert_eq!(all[0].1.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_never_answers_anything_stops_the_pipeline() {
    let texts: Vec<String> = (0..5).map(|index| format!("text {index}")).collect();
    let options = with(
        hostile("deaf"),
        json!({ "batch_timeout": "200ms", "restarts": 3 }),
    );
    let report = run(&texts, options).await;
    let message = describe_chain(&report.result.unwrap_err());
    let expected = "processes failed 4 times in a row: the process gave no answer within 200ms";
    assert!(message.contains(expected), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_does_not_start_keeps_the_pipeline_from_starting() {
    let cases = [
        (
            json!({ "command": ["no-such-program-here"] }),
            "the process could not be started: No such file",
        ),
        (
            json!({ "command": ["./hostile.py"] }),
            "the process could not be started: Permission denied",
        ),
        (
            hostile("refuse"),
            "the process refused to start: no such model",
        ),
        (
            hostile("no_hello"),
            "the process ended (exit status: 1), saying `ImportError: no module named spacy`",
        ),
        (
            hostile("future"),
            "the process speaks another protocol: it speaks version 2, not 1",
        ),
        (
            with(hostile("slow_start"), json!({ "start_timeout": "300ms" })),
            "the process was not ready within 300ms",
        ),
    ];
    for (options, reason) in cases {
        let report = run(&["a".to_owned()], options).await;
        let message = describe_chain(&report.result.unwrap_err());
        assert!(message.contains(reason), "{message}");
        assert!(report.rows.is_empty());
    }
}

/// Scenario: a child that goes on when its input has ended.
/// Guarantees: the run ends all the same, soon after `stop_timeout`.
#[tokio::test(flavor = "multi_thread")]
async fn a_stubborn_child_is_killed_at_the_end() {
    let begun = Instant::now();
    let options = with(hostile("stubborn"), json!({ "stop_timeout": "300ms" }));
    let report = run(&["pid".to_owned()], options).await;
    assert!(report.result.is_ok());
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

/// Scenario: a child with much to say on standard error when its input ends.
/// Guarantees: it is listened to, and not killed for waiting to be.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_may_say_much_at_its_end() {
    let begun = Instant::now();
    let options = with(hostile("wordy"), json!({ "stop_timeout": "60s" }));
    let report = run(&["pid".to_owned()], options).await;
    assert!(report.result.is_ok());
    assert!(begun.elapsed() < Duration::from_secs(30));
}

/// Whether a process with this number is there and is no zombie.
pub(crate) fn is_alive(pid: u64) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| !rest.trim_start().starts_with('Z'))
    })
}

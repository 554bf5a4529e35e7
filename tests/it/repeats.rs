//! Lines that repeat across the pages of a site go: in a batch that learns, in one that counts as it
//! goes, in the daemon; and `explain` says why.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;
use serde_json::Value;

use crate::place::{NOW, Place};
use crate::repository::assert_contains;
use crate::wait::wait_until;

/// Leftovers are left to the stage that is tested; it learns at once.
fn config(more: &str) -> String {
    format!(
        "[pipeline]\nstages = [\"clean\", \"strip_repeats\", \"dedup\", \"emit\"]\nmax_in_flight = 24\n\
         {more}\n[stages.clean.options]\nchrome = \"keep\"\n[stages.strip_repeats.options]\nlag = 8\n"
    )
}

const ABOVE: [&str; 2] = ["جريدة الوادي", "منذ 5 ساعات"];
const BELOW: [&str; 2] = ["حمل تطبيقنا على هاتفك", "Write to the newsroom"];

/// A story; no two share a sentence.
fn story(n: u64) -> String {
    let letters: Vec<char> = "بتجحدرسشصطعفقكلمنهي".chars().collect();
    let word = |at: u64| {
        let mut mixed = (n * 1000 + at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut letter = || {
            mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            letters[usize::try_from(mixed >> 40).unwrap() % letters.len()]
        };
        (0..5).map(|_| letter()).collect::<String>()
    };
    let sentence = |part: u64| {
        let words: Vec<_> = (0..17).map(|at| word(part * 17 + at)).collect();
        words.join(" ") + "."
    };
    (0..3).map(sentence).collect::<Vec<_>>().join("\n\n")
}

fn page(n: u64) -> String {
    let stamp = ABOVE[1].replace('5', &(n % 9 + 1).to_string());
    format!(
        "{}\n\n{stamp}\n\n{}\n\n{}\n",
        ABOVE[0],
        story(n),
        BELOW.join("\n\n")
    )
}

const PAGES: u64 = 60;

fn place(more: &str) -> Place {
    let place = Place::with_config(&config(more));
    for n in 0..PAGES {
        let name = format!("inbox/site/{n:02}.txt");
        place.write(&name, page(n));
        place.set_modified(&name, NOW - 500 + n);
    }
    place
}

/// Returns the texts of the records by file.
fn texts(place: &Place) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let records = place.records("out/records.jsonl");
    let texts = records.iter().map(|record| {
        (
            text(&record["metadata"]["file_path"]),
            text(&record["text"]),
        )
    });
    texts.collect()
}

/// The number of texts that are their story and nothing else.
fn bare(place: &Place) -> usize {
    let texts = texts(place);
    assert_eq!(texts.len() as u64, PAGES);
    let is_bare = |n: &u64| texts[&format!("site/{n:02}.txt")] == story(*n);
    (0..PAGES).filter(is_bare).count()
}

#[test]
fn a_batch_that_learns_strips_every_page() {
    let place = place("");
    let outcome = place.jadwal(["batch", "--learn"]).run().expect(0);
    assert_contains(
        &outcome.err,
        &["counted 60 documents: 4 lines repeat, in 1 hosts"],
    );
    assert_eq!(bare(&place) as u64, PAGES);
    let records = place.records("out/records.jsonl");
    for record in &records {
        let removed = record["removed"].as_array().unwrap();
        let rules: Vec<_> = removed
            .iter()
            .map(|row| row["rule"].as_str().unwrap())
            .collect();
        assert_eq!(rules, ["repeat:59", "repeat:59"]);
    }
    // Files that are done are done.
    let again = place.jadwal(["batch", "--learn"]).run().expect(0);
    assert_contains(
        &again.err,
        &["counted 60 documents", "(60 were done before)"],
    );
    assert_eq!(place.records("out/records.jsonl").len() as u64, PAGES);
}

#[test]
fn what_is_learnt_does_not_depend_on_workers_or_batches() {
    let output = |more: &str| {
        let place = place(more);
        place.jadwal(["batch", "--learn"]).run().expect(0);
        std::fs::read(place.path("out/records.jsonl")).unwrap()
    };
    let first = output("workers = 1\nbatch_size = 1");
    assert_eq!(output("workers = 4\nbatch_size = 64\nqueue = 2"), first);
    let live = |more: &str| {
        let place = place(more);
        let set = "stages.strip_repeats.options.in_batch=true";
        place.jadwal(["batch", "--set", set]).run().expect(0);
        // Numbers 0 to 15 see no others, and 5 others are enough.
        assert_eq!(bare(&place) as u64, PAGES - 16);
        std::fs::read(place.path("out/records.jsonl")).unwrap()
    };
    let first = live("workers = 1\nbatch_size = 1");
    assert_eq!(live("workers = 4\nbatch_size = 64\nqueue = 2"), first);
}

/// Scenario: a batch that learns and moves what is done is killed in its second pass.
/// Guarantees: the next one goes on with what was learnt, though files that were counted are away.
#[test]
fn an_interrupted_batch_goes_on_with_what_it_had_learnt() {
    let more = "batch_size = 4\n[source]\non_done = \"move\"";
    let undisturbed = place(more);
    undisturbed.jadwal(["batch", "--learn"]).run().expect(0);
    let place = place(more);
    let killed = place.jadwal(["batch", "--learn"]);
    // The first pass is done with each of the 60 files too.
    let killed = killed.env("JADWAL_FAULT", "settle.after=abort@80").run();
    assert_eq!(killed.status.signal(), Some(Signal::ABORT.as_raw()));
    assert!(!place.path("inbox/site/00.txt").exists());
    let outcome = place.jadwal(["batch", "--learn"]).run().expect(0);
    assert_contains(
        &outcome.err,
        &["going on with what the interrupted batch had counted"],
    );
    let output = |place: &Place| std::fs::read(place.path("out/records.jsonl")).unwrap();
    assert_eq!(output(&place), output(&undisturbed));
    assert_eq!(bare(&place) as u64, PAGES);
}

#[test]
fn a_batch_does_not_count_unless_it_is_told_to() {
    let place = place("");
    let outcome = place.jadwal(["batch"]).run().expect(0);
    assert_contains(&outcome.err, &["off in this batch", "--learn"]);
    assert_eq!(bare(&place), 0);
    let kept = texts(&place)["site/40.txt"].clone();
    assert_contains(&kept, &[ABOVE[0], BELOW[0], BELOW[1]]);
}

#[test]
fn the_daemon_counts_and_explain_says_why_a_line_went() {
    let place = place("[source]\nsettle = \"20ms\"");
    let daemon = place.jadwal(["run"]).start();
    let done = || {
        let status = place.jadwal(["status", "--format", "json"]).run();
        let status: Value = serde_json::from_slice(&status.expect(0).out).unwrap();
        status["last"]["counters"]["delivered"] == PAGES
    };
    wait_until("all pages are delivered", done);
    daemon.stop();
    assert_eq!(bare(&place) as u64, PAGES - 16);
    let text = place
        .jadwal(["explain", "inbox/site/00.txt"])
        .run()
        .expect(0)
        .text();
    assert_contains(
        &text,
        &["strip_repeats\n", "repeat:60", BELOW[1], "ledger:"],
    );
}

#[test]
fn explain_shows_what_a_batch_had_learnt() {
    let place = place("");
    place.jadwal(["batch", "--learn"]).run().expect(0);
    let text = place
        .jadwal(["explain", "inbox/site/00.txt"])
        .run()
        .expect(0)
        .text();
    assert_contains(&text, &["repeat:59", ABOVE[0]]);
}

#[test]
fn what_can_not_be_learnt_is_refused() {
    let place = place("");
    for (args, part) in [
        (
            &["batch", "--learn", "-"][..],
            "standard input can be read once",
        ),
        (
            &[
                "batch",
                "--learn",
                "--set",
                "pipeline.stages=[\"clean\", \"emit\"]",
            ],
            "strip_repeats",
        ),
    ] {
        let refused = place.jadwal(args).run().expect(2);
        assert_contains(&refused.err, &[part]);
    }
    let order = "pipeline.stages=[\"strip_repeats\", \"clean\", \"dedup\", \"emit\"]";
    let refused = place.jadwal(["check", "--set", order]).run().expect(2);
    let parts = [
        "`strip_repeats` needs a decoded text",
        "move `clean` before",
    ];
    assert_contains(&refused.err, &parts);
    assert!(!place.path("var").exists() && !place.path("out").exists());
}

#[test]
fn a_first_pass_leaves_no_trace_where_nothing_may_be_left() {
    let place = place("");
    for args in [&["--dry-run"][..], &["--stateless"]] {
        let args = ["batch", "--learn"].iter().chain(args);
        let outcome = place.jadwal(args).run().expect(0);
        assert_contains(&outcome.err, &["counted 60 documents"]);
        assert!(!place.path("var").exists());
    }
    assert_eq!(bare(&place) as u64, PAGES);
}

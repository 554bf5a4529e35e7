//! The daemon: takes what comes, stops when it is told to, and changes its plan without loss.

use rustix::process::Signal;

use crate::place::{Place, Running};
use crate::repository::{CONFIG, STORY, assert_contains, fates, inbox};
use crate::wait::wait_until;

fn running(place: &Place) -> Running {
    let daemon = place.jadwal(["run"]).start();
    wait_until("it runs", || daemon.errors().contains("running"));
    daemon
}

fn lines(place: &Place) -> usize {
    let bytes = std::fs::read(place.path("out/records.jsonl")).unwrap_or_default();
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[test]
fn files_are_taken_as_they_come() {
    let place = Place::with_config(CONFIG);
    let daemon = running(&place);
    for number in 0..5 {
        place.write(
            format!("inbox/desk/{number}.txt"),
            format!("Ferry {number} leaves at noon."),
        );
        wait_until("the record is there", || lines(&place) == number + 1);
    }
    let outcome = daemon.stop();
    assert_contains(&outcome.err, &["stopping", "stopped", "delivered=5"]);
}

#[test]
fn a_folder_that_does_not_exist_yet_is_waited_for() {
    let place = Place::empty();
    place.write(
        "pipeline.toml",
        format!("{CONFIG}poll_interval = \"50ms\"\n"),
    );
    let daemon = running(&place);
    place.write("inbox/a.txt", STORY);
    wait_until("the record is there", || lines(&place) == 1);
    daemon.stop();
}

#[test]
fn a_file_is_taken_when_its_marker_is_there() {
    let place = Place::with_config(&format!("{CONFIG}done_marker = \".done\"\n"));
    let daemon = running(&place);
    place.write("inbox/a.txt", STORY);
    place.write("inbox/b.txt", "Noon has come.");
    place.write("inbox/b.txt.done", "");
    wait_until("the marked file is done", || lines(&place) == 1);
    place.write("inbox/a.txt.done", "");
    wait_until("the other one too", || lines(&place) == 2);
    daemon.stop();
    let records = place.records("out/records.jsonl");
    assert_eq!(records[0]["metadata"]["file_path"], "b.txt");
}

/// Scenario: a sink that hangs on to its retries, a request to stop, and another one.
#[test]
fn a_second_signal_ends_the_drain_at_once() {
    let place = inbox(&[("a.txt", STORY.as_bytes())]);
    let daemon = place
        .jadwal(["run"])
        .env("JADWAL_FAULT", "emit.write=28@1..99")
        .start();
    wait_until("the sink is tried again", || {
        daemon.errors().contains("retrying")
    });
    daemon.signal(Signal::TERM);
    wait_until("it drains", || daemon.errors().contains("stopping"));
    daemon.signal(Signal::INT);
    let outcome = daemon.wait().expect(130);
    assert_contains(&outcome.err, &["second signal, aborting"]);
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 1);
}

#[test]
fn a_drain_has_a_deadline() {
    let place = inbox(&[("a.txt", STORY.as_bytes())]);
    let faulty = place.jadwal(["run", "--set", "pipeline.drain_timeout=100ms"]);
    let daemon = faulty.env("JADWAL_FAULT", "emit.write=28@1..99").start();
    wait_until("the sink is tried again", || {
        daemon.errors().contains("retrying")
    });
    daemon.signal(Signal::TERM);
    let outcome = daemon.wait().expect(130);
    assert_contains(&outcome.err, &["draining took too long"]);
}

#[test]
fn a_reload_changes_the_plan_without_loss() {
    let place = Place::with_config(CONFIG);
    let daemon = running(&place);
    for number in 0..40 {
        place.write(
            format!("inbox/{number}.txt"),
            format!("Ferry {number} leaves at noon."),
        );
    }
    let renamed = CONFIG.replace("desk", "night-desk");
    place.replace("pipeline.toml", renamed);
    daemon.signal(Signal::HUP);
    wait_until("the old plan is drained", || {
        daemon.errors().contains("drained")
    });
    place.write("inbox/last.txt", STORY);
    wait_until("all records are there", || lines(&place) == 41);
    daemon.stop();
    let records = place.records("out/records.jsonl");
    assert_eq!(records[40]["source"], "night-desk");
    assert_eq!(fates(&place).len(), 41);
}

#[test]
fn a_changed_file_is_noticed() {
    let place = Place::with_config(CONFIG);
    let daemon = running(&place);
    place.replace("pipeline.toml", CONFIG.replace("desk", "night-desk"));
    wait_until("the new plan runs", || daemon.errors().contains("drained"));
    place.write("inbox/a.txt", STORY);
    wait_until("the record is there", || lines(&place) == 1);
    daemon.stop();
    assert_eq!(
        place.records("out/records.jsonl")[0]["source"],
        "night-desk"
    );
}

#[test]
fn a_bad_new_configuration_changes_nothing_and_says_why() {
    let place = Place::with_config(CONFIG);
    let daemon = running(&place);
    for bad in [
        CONFIG.replace("name", "nmae"),
        CONFIG.replace("settle", "\"settle"),
        format!("{CONFIG}[stages.emit.options]\npath = \"inbox\"\n"),
        CONFIG.replace("name", "state = \"elsewhere\"\nname"),
    ] {
        let before = daemon.errors().matches("refused").count();
        place.replace("pipeline.toml", bad);
        daemon.signal(Signal::HUP);
        wait_until("it is refused", || {
            daemon.errors().matches("refused").count() > before
        });
    }
    assert_contains(
        &daemon.errors(),
        &[
            "did you mean `name`?",
            "not a regular file",
            "can't change while running",
        ],
    );
    place.write("inbox/a.txt", STORY);
    wait_until("the old plan works on", || lines(&place) == 1);
    daemon.stop();
    assert_eq!(place.records("out/records.jsonl")[0]["source"], "desk");
}

/// Scenario: a JSON Lines file grows after it was done, and no stage knows copies.
/// Guarantees: its new lines are delivered, its old ones are not delivered again.
#[test]
fn a_file_that_grows_is_read_on() {
    let stages = "[pipeline]\nstages = [\"clean\", \"emit\"]\n[source]\nsettle = \"20ms\"\n";
    let place = Place::with_config(stages);
    place.write("inbox/wire.jsonl", "{\"text\": \"Noon has come.\"}\n");
    let daemon = running(&place);
    wait_until("the first record is there", || lines(&place) == 1);
    let mut file = std::fs::File::options()
        .append(true)
        .open(place.path("inbox/wire.jsonl"))
        .unwrap();
    std::io::Write::write_all(&mut file, b"{\"text\": \"Evening has come.\"}\n").unwrap();
    wait_until("the second record is there", || lines(&place) == 2);
    daemon.stop();
    let records = place.records("out/records.jsonl");
    assert_eq!(records.len(), 2);
    assert_eq!(records[1]["metadata"]["record_index"], 1);
    let listing = place.jadwal(["state", "ls", "--format", "json"]).run();
    let files = listing.expect(0).records();
    assert_eq!(files[0]["row"]["counts"]["delivered"], 2);
}

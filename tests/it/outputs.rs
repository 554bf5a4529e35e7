//! What is written is never lost to a later run, whatever became of the state.

use rustix::process::Signal;

use crate::place::Place;
use crate::repository::{CONFIG, STORY, assert_contains};
use crate::wait::wait_until;

fn texts(place: &Place) -> Vec<String> {
    let records = place.records("out/records.jsonl");
    let text = |record: &serde_json::Value| record["text"].as_str().unwrap().to_owned();
    records.iter().map(text).collect()
}

/// Scenario: the state is thrown away, or was never kept, and another run uses the same output.
/// Guarantees: the run is refused with what to do; the records that are there stay.
#[test]
fn the_output_of_a_forgotten_state_is_not_begun_anew() {
    let place = Place::with_config(CONFIG);
    place.write("inbox/a.txt", "The ferry leaves at noon.");
    place.jadwal(["batch"]).run().expect(0);
    std::fs::remove_dir_all(place.path("var")).unwrap();
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(&outcome.err, &["could not be started", "if_exists"]);
    assert_eq!(texts(&place), ["The ferry leaves at noon."]);

    let place = Place::with_config(CONFIG);
    place.write("b.txt", "The second ferry leaves at one.");
    place.write("c.txt", "The third ferry leaves at two.");
    place
        .jadwal(["batch", "b.txt", "--stateless"])
        .run()
        .expect(0);
    place
        .jadwal(["batch", "c.txt", "--stateless"])
        .run()
        .expect(3);
    assert_eq!(texts(&place), ["The second ferry leaves at one."]);
}

/// Scenario: a running daemon is given a configuration whose output is somebody else's file.
/// Guarantees: it says so and goes on with the old one; the file is not touched.
#[test]
fn a_reload_that_cannot_take_up_its_output_goes_back() {
    let place = Place::with_config(CONFIG);
    place.write("theirs/notes.jsonl", "{\"not\": \"ours\"}\n");
    let daemon = place.jadwal(["run"]).start();
    wait_until("it runs", || daemon.errors().contains("running"));
    place.write(
        "pipeline.toml",
        format!("{CONFIG}\n[stages.emit.options]\npath = \"theirs/notes.jsonl\"\n"),
    );
    daemon.signal(Signal::HUP);
    wait_until("it goes back", || {
        daemon.errors().contains("going back to the old one")
    });
    place.write("inbox/a.txt", STORY);
    wait_until("the record is there", || {
        std::fs::read(place.path("out/records.jsonl")).is_ok_and(|bytes| bytes.ends_with(b"\n"))
    });
    daemon.stop();
    let theirs = std::fs::read_to_string(place.path("theirs/notes.jsonl")).unwrap();
    assert_eq!(theirs, "{\"not\": \"ours\"}\n");
}

/// Scenario: a JSON Lines file with as many bad lines, all alike, as there are good ones.
/// Guarantees: each bad line is quarantined under its place, in time that grows with their number.
#[test]
fn many_equal_bad_lines_are_quarantined_one_by_one() {
    let place = Place::with_config(CONFIG);
    let mut lines = String::new();
    for number in 0..1500 {
        lines.push_str(&format!(
            "{{\"text\": \"Ferry number {number} leaves at noon.\"}}\nnot json\n"
        ));
    }
    place.write("inbox/many.jsonl", lines);
    let config = ["batch", "--set", "pipeline.breaker.enabled=false"];
    place.jadwal(config).run().expect(1);
    let listed = place.jadwal(["quarantine", "list"]).run().expect(0);
    let lines = listed.out.split(|byte| *byte == b'\n').count();
    assert_eq!(lines - 1, 1500);
    assert_eq!(texts(&place).len(), 1500);
}

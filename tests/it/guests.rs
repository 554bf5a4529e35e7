//! What a stage in another program says of itself counts before the first file is touched: its needs for the
//! order, its version for the records.

use serde_json::Value;

use crate::place::Place;
use crate::repository::{assert_contains, repository};
use crate::wait::wait_until;

/// A stage that says what `said` says, and adds an entity where it gives any.
fn stage(version: &str, said: &str) -> String {
    let sdk = repository("sdk/python");
    format!(
        "import sys\nsys.path.insert(0, {:?})\nfrom jadwal_stage import Stage\n\n\
         stage = Stage(\"mine\", {version:?}, {said})\n\n\
         @stage.work\ndef work(doc, options):\n    if \"entities\" in stage.gives:\n        doc.entity(0, 3, \"MISC\")\n\n\
         stage.run()\n",
        sdk.display().to_string()
    )
}

/// A pipeline with that stage between `before` and `after`.
fn pipeline(before: &str, after: &str) -> String {
    format!(
        "[pipeline]\nname = \"desk\"\nstages = [{before}, \"mine\", {after}]\n[source]\nsettle = \"20ms\"\n\
         [stages.mine]\nuse = \"process\"\n[stages.mine.options]\ncommand = [\"python3\", \"mine.py\"]\n"
    )
}

fn metadata(place: &Place) -> Value {
    place.records("out/records.jsonl")[0]["metadata"].clone()
}

#[test]
fn records_name_the_version_of_the_program() {
    let place = Place::with_config(&pipeline("\"clean\"", "\"emit\""));
    place.write("inbox/a.txt", "one two three");
    let run = |version: &str| {
        place.write("mine.py", stage(version, ""));
        std::fs::remove_dir_all(place.path("out")).unwrap_or_default();
        let batch = ["batch", "--stateless"];
        place.jadwal(batch).run().expect(0);
        metadata(&place)
    };
    let (first, again, second) = (run("1.0"), run("1.0"), run("1.1"));
    assert_eq!(first, again);
    assert_eq!(first["stages"][1], "mine@1.0");
    assert_eq!(second["stages"][1], "mine@1.1");
    assert_ne!(first["config_hash"], second["config_hash"]);
}

#[test]
fn what_a_program_needs_must_be_given_before_it() {
    let place = Place::with_config(&pipeline("\"clean\"", "\"emit\""));
    place.write("mine.py", stage("1", "needs=[\"language\"]"));
    place.write("inbox/a.txt", "one two three");
    // Nothing is started for a plain check, so it can't know.
    place.jadwal(["check"]).run().expect(0);
    let wrong = "`mine` needs a language, and no stage before it gives it";
    for command in [&["check", "--start"][..], &["batch"]] {
        let refused = place.jadwal(command).run().expect(2);
        assert_contains(&refused.err, &[wrong]);
    }
    assert!(!place.path("out/records.jsonl").exists());
    place.write(
        "pipeline.toml",
        pipeline("\"clean\", \"detect_language\"", "\"emit\""),
    );
    place.jadwal(["check", "--start"]).run().expect(0);
    place.jadwal(["batch"]).run().expect(0);
}

#[test]
fn a_condition_may_read_what_a_program_gives() {
    let conditional = "\"late\", \"emit\"";
    let late = "[stages.late]\nuse = \"detect_language\"\nwhen = \"size(entities) > 0\"\n";
    let place = Place::with_config(&format!("{}{late}", pipeline("\"clean\"", conditional)));
    place.write(
        "inbox/a.txt",
        "The ferry to Doha left at noon with many people on board.",
    );
    place.write("mine.py", stage("1", "gives=[\"entities\"]"));
    place.jadwal(["check"]).run().expect(0);
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl")[0]["language"], "en");
    place.write("mine.py", stage("2", ""));
    let refused = place.jadwal(["batch"]).run().expect(2);
    assert_contains(
        &refused.err,
        &["`when` of `late` reads entities, and no stage before it gives any"],
    );
}

/// Scenario: a daemon reloads a configuration whose program refuses to start.
/// Guarantees: the old one goes on.
#[test]
fn a_reload_with_a_program_that_does_not_start_changes_nothing() {
    let place = Place::with_config(&pipeline("\"clean\"", "\"emit\""));
    place.write("mine.py", stage("1", ""));
    let daemon = place.jadwal(["run"]).start();
    place.write("inbox/a.txt", "one two three");
    let lines = || std::fs::read_to_string(place.path("out/records.jsonl")).unwrap_or_default();
    wait_until("the first record is there", || lines().lines().count() == 1);
    let config = std::fs::read_to_string(place.path("pipeline.toml")).unwrap();
    let changed = config.replace("mine.py", "no-such-program.py");
    place.replace("pipeline.toml", changed);
    daemon.signal(rustix::process::Signal::HUP);
    wait_until("the new configuration is refused", || {
        daemon.errors().contains("going on with the old one")
    });
    place.write("inbox/b.txt", "four five six");
    wait_until("the second record is there", || {
        lines().lines().count() == 2
    });
    daemon.stop();
}

//! Folders that can't be used: each gets a clear error with the next step, and no file is touched.

use crate::place::Place;
use crate::repository::{CONFIG, STORY, assert_contains, inbox};
use crate::wait::wait_until;

fn good() -> Place {
    inbox(&[("a.txt", STORY.as_bytes())])
}

#[test]
fn a_state_folder_that_another_process_holds() {
    let place = good();
    let daemon = place.jadwal(["run"]).start();
    wait_until("it runs", || daemon.errors().contains("running"));
    let holder = format!("held by process {}", daemon.pid());
    for args in [
        &["run"][..],
        &["batch"],
        &["state", "ls"],
        &["quarantine", "retry"],
    ] {
        let outcome = place.jadwal(args).run().expect(3);
        assert_contains(
            &outcome.err,
            &["error: the state folder", &holder, "hint: stop it first"],
        );
    }
    daemon.stop();
}

#[test]
fn an_output_folder_that_cannot_be_made() {
    let place = good();
    place.write("out", "a file where the folder should be");
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(
        &outcome.err,
        &[
            "the stage `emit` could not be started",
            "create the folder",
            "/out`",
        ],
    );
    std::fs::remove_file(place.path("out")).unwrap();
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 1);
}

#[test]
fn an_output_that_is_no_file() {
    let place = good();
    std::fs::create_dir_all(place.path("out/records.jsonl")).unwrap();
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(
        &outcome.err,
        &["records.jsonl` as the output", "not a regular file"],
    );
}

/// Scenario: a folder on a file system that is mounted read-only.
#[test]
fn an_output_folder_that_is_read_only() {
    let place = good();
    std::fs::create_dir_all(place.path("out")).unwrap();
    let jadwal = env!("CARGO_BIN_EXE_jadwal");
    let script = format!("mount -t tmpfs -o ro tmpfs out || exit 90; exec {jadwal} batch");
    let ran = std::process::Command::new("unshare")
        .args(["-m", "sh", "-c", &script])
        .current_dir(place.path(""))
        .output();
    let Some(ran) = ran
        .ok()
        .filter(|ran| !matches!(ran.status.code(), Some(1 | 90)))
    else {
        println!("SKIPPED: no right to mount here; a folder that can't be made is tested above");
        return;
    };
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(3), "{errors}");
    assert_contains(
        &errors,
        &["Read-only file system", "hint: that place can't be written"],
    );
    assert!(place.path("inbox/a.txt").exists());
    place.jadwal(["batch"]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 1);
}

#[test]
fn an_output_that_the_state_knows_nothing_of() {
    let place = good();
    place.write("out/records.jsonl", "{\"id\": \"of somebody else\"}\n");
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(
        &outcome.err,
        &["holds records that the state knows nothing of", "if_exists"],
    );
    let append = "stages.emit.options.if_exists=append";
    place.jadwal(["batch", "--set", append]).run().expect(0);
    assert_eq!(place.records("out/records.jsonl").len(), 1);
    assert_eq!(place.records("out/records-00001.jsonl").len(), 1);
}

#[test]
fn output_that_was_committed_and_is_gone() {
    let place = good();
    place.jadwal(["batch"]).run().expect(0);
    place.write("out/records.jsonl", "");
    place.write("inbox/b.txt", "Noon has come.");
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(&outcome.err, &["committed records are missing"]);
    assert!(place.path("inbox/b.txt").exists());
}

#[test]
fn output_inside_the_folder_that_is_read() {
    let place = Place::with_config(CONFIG);
    place.write("inbox/a.txt", STORY);
    let set = "stages.emit.options.path=inbox/records.jsonl";
    let outcome = place.jadwal(["batch", "--set", set]).run().expect(2);
    assert_contains(&outcome.err, &["lies in the folder that is read", "hint:"]);
    let check = place.jadwal(["check", "--set", set]).run().expect(2);
    let told = ["--set stages.emit", "lies in the folder that is read"];
    assert_contains(&check.err, &told);
}

/// Scenario: two sinks are to write the same file, as the file says.
/// Guarantees: `check` says so at the second one's path, in words and in JSON.
#[test]
fn one_output_of_two_sinks() {
    let place = Place::with_config(
        "pipeline.stages = [\"clean\", \"emit\", \"copy\"]\n[stages.copy]\nuse = \"emit\"\n\
         options.path = \"out/./records.jsonl\"\n",
    );
    let check = place.jadwal(["check"]).run().expect(2);
    assert_contains(&check.err, &["two sinks write to", "pipeline.toml:"]);
    let json = place.jadwal(["check", "--format", "json"]).run().expect(2);
    assert_contains(&json.text(), &["\"good\":false", "two sinks write to"]);
    place.jadwal(["batch"]).run().expect(2);
}

#[test]
fn a_source_folder_that_is_missing() {
    let place = Place::empty();
    place.write("pipeline.toml", CONFIG);
    place.jadwal(["check"]).run().expect(0);
    let outcome = place.jadwal(["batch", "nowhere"]).run().expect(2);
    assert_contains(
        &outcome.err,
        &[
            "`nowhere` can't be read",
            "hint: name files or folders that exist",
        ],
    );
}

#[test]
fn a_state_folder_that_cannot_be_made() {
    let place = good();
    place.write("var", "a file where the folder should be");
    let outcome = place.jadwal(["batch"]).run().expect(3);
    assert_contains(
        &outcome.err,
        &["error: failed to make the state folder", "var/state"],
    );
    assert!(!place.path("out").exists());
}

#[test]
fn documents_beside_the_output_are_told_of() {
    let place = good();
    place.write("inbox/desk/b.txt", "Noon has come.");
    let to = |output: &str| {
        let batch = place.jadwal(["batch", "inbox", "-o", output]);
        batch.run().expect(0).err
    };
    let own = "inbox/out/records.jsonl";
    assert!(!to(own).contains("beside the output"));
    place.write("inbox/c.txt", "Evening has come.");
    assert!(!to(own).contains("beside the output"));
    assert_eq!(place.records(own).len(), 3);
    let told = to("inbox/desk/records.jsonl");
    assert_contains(
        &told,
        &["files beside the output are not read", "file=b.txt"],
    );
}

#[test]
fn a_path_that_is_no_file_and_no_folder() {
    let place = good();
    let outcome = place.jadwal(["batch", "/dev/null", "-o", "-"]).run();
    assert_contains(
        &outcome.expect(2).err,
        &[
            "`/dev/null` is neither a file nor a folder",
            "jadwal batch -",
        ],
    );
}

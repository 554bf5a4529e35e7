//! Names of files that others chose: they steer no terminal, forge no line, and can be asked for.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::place::Place;
use crate::repository::{CONFIG, STORY, assert_contains};

/// Scenario: a name clears the screen, ends the line and turns the direction of writing.
/// Guarantees: in logs and listings it is a part of one line.
#[test]
fn a_name_can_not_steer_the_terminal() {
    let place = Place::with_config(CONFIG);
    place.write(
        "inbox/\u{1b}[2Ja\nquarantined \u{202e}b.txt",
        b"\x89PNG\r\n\x1A\n1",
    );
    let batch = place.jadwal(["batch"]).run().expect(1);
    let spelled = r"\u{1b}[2Ja\nquarantined \u{202e}b.txt";
    let told: Vec<_> = batch
        .err
        .lines()
        .filter(|line| line.contains("quarantining"))
        .collect();
    assert_eq!(told.len(), 1);
    assert_contains(told[0], &[spelled, "PNG image"]);
    let file = place.path("inbox").read_dir().unwrap().next().unwrap();
    let explained = place.jadwal([OsStr::new("explain"), file.unwrap().path().as_os_str()]);
    for outcome in [
        place.jadwal(["state", "ls"]).run().expect(0),
        place.jadwal(["state", "ls", "--documents"]).run().expect(0),
        place.jadwal(["quarantine", "list"]).run().expect(0),
        explained.run().expect(1),
    ] {
        let text = outcome.text();
        let lines: Vec<_> = text.lines().filter(|line| line.contains(spelled)).collect();
        assert!(!lines.is_empty(), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("quarantined \\")));
    }
}

#[test]
fn a_name_that_is_no_unicode_can_be_asked_for() {
    let place = Place::with_config(CONFIG);
    let name = Path::new(OsStr::from_bytes(b"inbox/desk\xFF.txt"));
    place.write(name, STORY);
    place.jadwal(["batch"]).run().expect(0);
    for (command, said) in [
        (&["explain"][..], "delivered"),
        (&["state", "show"], "\"delivered\":1"),
    ] {
        let words = command.iter().map(OsStr::new).chain([name.as_os_str()]);
        let outcome = place.jadwal(words).run().expect(0);
        assert_contains(&outcome.text(), &[r"desk\xFF.txt", said]);
    }
}

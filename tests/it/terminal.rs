//! What a person at a terminal sees while a batch runs.

use std::fmt::Write as _;

use crate::place::Place;
use crate::repository::{CONFIG, STORY};

fn many_files() -> Place {
    let place = Place::with_config(CONFIG);
    for number in 0..300 {
        let mut text = STORY.repeat(10);
        write!(text, "{number}").unwrap();
        place.write(format!("inbox/{number}.txt"), text);
    }
    place
}

#[test]
fn a_batch_on_a_terminal_shows_a_bar_with_rate_and_time_left() {
    let place = many_files();
    let (code, screen) = place.jadwal(["batch"]).run_on_terminal();
    assert_eq!(code, Some(0), "{screen}");
    for part in ["/300 files", "documents ·", "/s ·", "0 quarantined", "ETA "] {
        assert!(screen.contains(part), "`{part}` is not in:\n{screen}");
    }
    // The bar is drawn over itself, and gone before the table.
    let (bar, table) = screen.rsplit_once("ETA ").unwrap();
    assert!(bar.contains('\r') && table.contains("\x1b[2K"), "{screen}");
    assert!(table.contains("done") && table.contains("300"), "{screen}");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let place = many_files();
    let colour = "\x1b[1m";
    let (_, screen) = place.jadwal(["batch"]).run_on_terminal();
    assert!(screen.contains(colour), "{screen}");
    let plain = place
        .jadwal(["batch"])
        .env("NO_COLOR", "1")
        .run_on_terminal();
    assert!(!plain.1.contains(colour), "{}", plain.1);
    let piped = place.jadwal(["batch"]).run().expect(0);
    assert!(!piped.err.contains('\x1b'), "{}", piped.err);
}

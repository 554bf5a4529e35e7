//! The daemon: completeness, lost events, lost roots, and what it costs to wait.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use jadwal_watch::{OnDone, WatchMode};

use crate::lab::{Lab, distinct, is_alone, labels, wait_until};

const QUIET: Duration = Duration::from_millis(400);

#[test]
fn what_is_there_and_what_comes_is_taken_once() {
    let lab = Lab::new();
    lab.write("a.txt", "a");
    let daemon = lab.daemon_at_once();
    daemon.wait_for(1);
    lab.write("b.txt", "b");
    lab.write("sub/deep/c.txt", "c");
    daemon.wait_for(3);
    let got = daemon.after(QUIET);
    assert_eq!(distinct(&got), ["a.txt", "b.txt", "sub/deep/c.txt"]);
    assert_eq!(got.len(), 3);
    daemon.stop();
    let counts = lab.counts();
    assert_eq!((counts.found_at_start, counts.found_by_event), (1, 2));
    assert_eq!((counts.found_by_scan, counts.waiting), (0, 0));
}

#[test]
fn a_thousand_folders_made_and_filled_at_once_are_all_read() {
    let lab = Lab::new();
    let daemon = lab.daemon();
    for number in 0..1000 {
        lab.write(format!("{number}/a.txt"), format!("{number}"));
    }
    let got = daemon.wait_for(1000);
    assert_eq!(distinct(&got).len(), 1000);
    assert_eq!(daemon.stop().len(), 1000);
}

/// Scenario: fifty thousand files come while the pipeline stands still, more than the kernel's queue of
/// events holds.
/// Guarantees: none is missed and none is read twice once it goes on.
#[test]
fn fifty_thousand_files_that_come_during_a_standstill_are_all_read() {
    const FILES: usize = 50_000;
    let lab = Lab::new();
    let daemon = lab.daemon();
    let stalled = daemon.stall();
    for number in 0..FILES {
        lab.write(format!("{}/{number}.txt", number % 40), "x");
    }
    drop(stalled);
    let got = daemon.wait_for(FILES);
    assert_eq!(distinct(&got).len(), FILES);
    assert_eq!(daemon.stop().len(), FILES);
    let counts = lab.counts();
    let found = counts.found_at_start + counts.found_by_event + counts.found_by_scan;
    assert_eq!(
        found, FILES as u64,
        "every file was found one way or the other"
    );
}

#[test]
fn a_folder_of_a_thousand_files_is_read_when_it_is_moved_in() {
    let lab = Lab::new();
    let outside = lab.dir.path().join("outside");
    fs::create_dir_all(outside.join("below")).unwrap();
    for number in 0..1000 {
        let below = if number % 2 == 0 { "below" } else { "." };
        fs::write(outside.join(below).join(format!("{number}.txt")), "x").unwrap();
    }
    let daemon = lab.daemon();
    fs::rename(&outside, lab.root.join("inside")).unwrap();
    daemon.wait_for(1000);
    // The moved folders are watched under their new names.
    lab.write("inside/below/late.txt", "late");
    daemon.wait_for(1001);
    fs::rename(lab.root.join("inside"), lab.root.join("renamed")).unwrap();
    let got = daemon.wait_for(2002);
    assert!(got.last().unwrap().label.starts_with("renamed/"));
    lab.write("renamed/below/later.txt", "later");
    daemon.wait_for(2003);
    assert_eq!(lab.counts().found_by_scan, 0);
}

#[test]
fn a_root_that_is_renamed_away_and_made_anew_is_watched_again() {
    let lab = Lab::new();
    let daemon = lab.daemon();
    lab.write("a.txt", "a");
    daemon.wait_for(1);
    fs::rename(&lab.root, lab.dir.path().join("away")).unwrap();
    fs::create_dir(&lab.root).unwrap();
    lab.write("b.txt", "b");
    daemon.wait_for(2);
    fs::remove_dir_all(&lab.root).unwrap();
    wait_until("the loss", || lab.counts().folders == 0);
    fs::create_dir(&lab.root).unwrap();
    lab.write("sub/c.txt", "c");
    daemon.wait_for(3);
    lab.write("sub/d.txt", "d");
    assert_eq!(
        labels(&daemon.wait_for(4)),
        ["a.txt", "b.txt", "sub/c.txt", "sub/d.txt"]
    );
}

#[test]
fn a_root_that_is_not_there_yet_is_waited_for() {
    let lab = Lab::new();
    fs::remove_dir(&lab.root).unwrap();
    let daemon = lab.daemon();
    lab.write("a.txt", "a");
    assert_eq!(labels(&daemon.wait_for(1)), ["a.txt"]);
}

#[test]
fn a_file_that_is_renamed_or_linked_in_is_complete_at_once() {
    let mut lab = Lab::new();
    lab.options.settle = Duration::from_secs(3600);
    let daemon = lab.daemon();
    lab.write("written.txt", "not complete for an hour");
    lab.rename_in("renamed.txt", "r");
    daemon.wait_for(1);
    let elsewhere = lab.dir.path().join("original");
    fs::write(&elsewhere, "l").unwrap();
    fs::hard_link(&elsewhere, lab.root.join("linked.txt")).unwrap();
    assert_eq!(labels(&daemon.wait_for(2)), ["renamed.txt", "linked.txt"]);
    assert_eq!(daemon.stop().len(), 2);
}

#[test]
fn a_growing_file_is_taken_when_it_stands_still() {
    let mut lab = Lab::new();
    lab.options.settle = Duration::from_millis(300);
    let daemon = lab.daemon();
    let path = lab.write("a.txt", "");
    for _ in 0..8 {
        daemon.after(Duration::from_millis(60));
        let mut file = fs::File::options().append(true).open(&path).unwrap();
        file.write_all(b"line\n").unwrap();
    }
    let got = daemon.wait_for(1);
    assert_eq!(got[0].raw, "line\n".repeat(8));
    assert_eq!(daemon.after(QUIET).len(), 1);
}

#[test]
fn only_the_marker_says_that_a_file_is_complete() {
    let mut lab = Lab::new();
    lab.options.done_marker = Some(".done".to_owned());
    lab.options.on_done = OnDone::Delete;
    let daemon = lab.daemon();
    let path = lab.rename_in("a.txt", "a");
    assert_eq!(daemon.after(QUIET), []);
    let marker = lab.write("a.txt.done", "");
    assert_eq!(labels(&daemon.wait_for(1)), ["a.txt"]);
    wait_until("both to go", || !path.exists() && !marker.exists());
    assert_eq!(daemon.stop().len(), 1);
}

#[test]
fn a_new_version_of_a_file_in_flight_is_read_after_it() {
    let lab = Lab::new();
    let daemon = lab.daemon();
    daemon.hold();
    lab.rename_in("a.txt", "first");
    daemon.wait_for(1);
    lab.rename_in("a.txt", "second");
    assert_eq!(daemon.after(QUIET).len(), 1);
    daemon.commit();
    let got = daemon.wait_for(2);
    assert_eq!(
        (got[0].raw.as_str(), got[1].raw.as_str()),
        ("first", "second")
    );
    assert_eq!(daemon.after(QUIET).len(), 2);
}

#[test]
fn a_file_in_flight_is_not_taken_twice() {
    let lab = Lab::new();
    let daemon = lab.daemon();
    daemon.hold();
    let path = lab.rename_in("a.txt", "a");
    daemon.wait_for(1);
    let permissions = fs::metadata(&path).unwrap().permissions();
    fs::set_permissions(&path, permissions).unwrap();
    assert_eq!(daemon.after(QUIET).len(), 1);
    daemon.commit();
    assert_eq!(daemon.after(QUIET).len(), 1);
}

#[test]
fn what_finds_no_room_among_the_candidates_is_found_again() {
    let mut lab = Lab::new();
    lab.options.max_candidates = 3;
    for number in 0..40 {
        lab.write(format!("{}/{number}", number % 4), "x");
    }
    let daemon = lab.daemon_at_once();
    for number in 40..80 {
        lab.write(format!("{}/{number}", number % 4), "x");
    }
    assert_eq!(distinct(&daemon.wait_for(80)).len(), 80);
    assert_eq!(daemon.after(QUIET).len(), 80);
}

#[test]
fn listing_alone_finds_everything_too() {
    let mut lab = Lab::new();
    lab.options.watch = WatchMode::Poll;
    lab.options.poll_interval = Duration::from_millis(50);
    let daemon = lab.daemon();
    assert!(lab.counts().polling);
    lab.write("sub/a.txt", "a");
    daemon.wait_for(1);
    lab.write("sub/a.txt", "rewritten");
    lab.write("sub/deeper/b.txt", "b");
    let got = daemon.wait_for(3);
    assert_eq!(distinct(&got), ["sub/a.txt", "sub/deeper/b.txt"]);
    // A file is counted after it was submitted, so the source is stopped before the counts are read.
    assert_eq!(daemon.stop().len(), 3);
    assert_eq!(lab.counts().found_by_scan, 3);
}

#[test]
fn unfinished_hidden_and_skipped_names_are_left_alone() {
    let mut lab = Lab::new();
    lab.options.skip_dirs = vec![lab.root.join("state")];
    lab.options.exclude = vec!["**/*.log".to_owned()];
    lab.write("state/x.txt", "x");
    let daemon = lab.daemon();
    for name in [
        "a.tmp",
        "a.part",
        ".a",
        "a~",
        ".git/a",
        "state/y.txt",
        "a.log",
    ] {
        lab.write(name, "no");
    }
    fs::rename(lab.root.join("a.part"), lab.root.join("a.txt")).unwrap();
    assert_eq!(labels(&daemon.wait_for(1)), ["a.txt"]);
    assert_eq!(daemon.after(QUIET).len(), 1);
}

#[test]
fn waiting_costs_next_to_nothing() {
    // Alone, because the time of all threads is measured.
    if !is_alone("daemon::waiting_costs_next_to_nothing", &["env"]) {
        return;
    }
    let lab = Lab::new();
    for number in 0..2000 {
        lab.write(format!("{}/{number}", number % 20), "x");
    }
    let daemon = lab.daemon();
    daemon.wait_for(2000);
    let before = busy_time();
    daemon.after(Duration::from_secs(3));
    let busy = busy_time() - before;
    assert!(busy < Duration::from_millis(150), "{busy:?}");
    let open = fs::read_dir("/proc/self/fd").unwrap().count();
    assert!(open < 64, "{open} open handles");
}

fn busy_time() -> Duration {
    let stat = fs::read_to_string(Path::new("/proc/self/stat")).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

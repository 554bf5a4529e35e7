//! A machine that fails for a while: nothing is lost, nothing comes twice.

use std::fs;
use std::time::Duration;

use jadwal_watch::OnDone;

use crate::lab::{Got, Lab, distinct, is_alone, labels, wait_until};

/// Lines that take several reads.
fn many_lines() -> String {
    (0..20_000)
        .map(|n| format!("{{\"text\":\"{n}\"}}\n"))
        .collect()
}

fn check_lines(got: &[Got]) {
    assert_eq!(got.len(), 20_000);
    for (number, got) in got.iter().enumerate() {
        assert_eq!(got.text.as_deref(), Some(number.to_string().as_str()));
        assert_eq!(got.record, number as u64);
    }
    assert_eq!(got[19_999].next, None);
}

#[test]
fn a_batch_without_handles_waits_for_some() {
    let fault = ["env", "JADWAL_FAULT=source.open=24@2..5"];
    if is_alone("failing::a_batch_without_handles_waits_for_some", &fault) {
        let lab = Lab::batch_lab();
        for name in ["a", "b", "c"] {
            lab.write(name, name);
            lab.set_modified(name, 1);
        }
        assert_eq!(labels(&lab.batch()), ["a", "b", "c"]);
        assert_eq!(lab.counts().read_errors, 3);
    }
}

#[test]
fn a_batch_goes_on_after_a_read_error_in_the_middle_of_a_file() {
    let fault = ["env", "JADWAL_FAULT=source.read=5@3..5"];
    let name = "failing::a_batch_goes_on_after_a_read_error_in_the_middle_of_a_file";
    if is_alone(name, &fault) {
        let lab = Lab::batch_lab();
        lab.write("a.jsonl", many_lines());
        check_lines(&lab.batch());
        assert_eq!(lab.counts().read_errors, 2);
    }
}

#[test]
fn a_daemon_goes_on_after_a_read_error_in_the_middle_of_a_file() {
    let fault = ["env", "JADWAL_FAULT=source.read=5@3..5"];
    let name = "failing::a_daemon_goes_on_after_a_read_error_in_the_middle_of_a_file";
    if is_alone(name, &fault) {
        let lab = Lab::new();
        let daemon = lab.daemon();
        lab.write("a.jsonl", many_lines());
        daemon.wait_for(20_000);
        check_lines(&daemon.after(Duration::from_millis(200)));
        daemon.stop();
        assert_eq!(lab.counts().read_errors, 2);
    }
}

#[test]
fn a_file_that_can_not_be_moved_stays_and_is_not_read_again() {
    let fault = ["env", "JADWAL_FAULT=settle.before=5@1..2"];
    let name = "failing::a_file_that_can_not_be_moved_stays_and_is_not_read_again";
    if is_alone(name, &fault) {
        let mut lab = Lab::new();
        lab.options.on_done = OnDone::Delete;
        let path = lab.write("a.txt", "a");
        let daemon = lab.daemon();
        daemon.wait_for(1);
        wait_until("the failure", || lab.counts().settle_failures == 1);
        assert!(path.exists());
        drop(daemon);
        assert!(lab.daemon().after(Duration::from_millis(200)).is_empty());
        assert!(!path.exists());
    }
}

#[test]
fn where_watches_run_out_listing_takes_over() {
    let few = [
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
        "echo 3 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"",
    ];
    if is_alone("failing::where_watches_run_out_listing_takes_over", &few) {
        let mut lab = Lab::new();
        lab.options.poll_interval = Duration::from_millis(50);
        for number in 0..6 {
            lab.write(format!("{number}/a.txt"), "a");
        }
        let daemon = lab.daemon();
        assert!(lab.counts().polling);
        for number in 0..6 {
            fs::write(lab.root.join(format!("{number}/b.txt")), "b").unwrap();
        }
        assert_eq!(distinct(&daemon.wait_for(12)).len(), 12);
    }
}

//! A disk that fails and recovers: no half line stays, and the batch offered again is not doubled.

use futures::executor::block_on;
use jadwal_core::{ErrorClass, Stage};

use super::lab::{Lab, cx, expected_lines};
use super::shaky_disk::Faults;

const NAMES: [&str; 3] = ["records.jsonl", "records.jsonl.gz", "records.jsonl.zst"];

fn started(name: &str) -> Lab {
    let mut lab = Lab::writing_to(name, 12_800);
    lab.start().unwrap();
    lab.deliver(10);
    lab
}

/// Scenario: the disk is full after some bytes of a batch; the batch is offered again.
/// Guarantees: the error is transient, the files are as before it, then hold the batch once.
#[test]
fn a_full_disk_leaves_no_half_line() {
    for name in NAMES {
        for after in [0, 1, 100, 1_000, 5_000] {
            let mut lab = started(name);
            let before = lab.files();
            lab.disk.set(Faults {
                append_after: Some(after),
                ..Faults::default()
            });
            let error = lab.write(20).unwrap_err();
            assert_eq!(error.class(), ErrorClass::Transient);
            assert_eq!(lab.files(), before, "{name} {after}");
            lab.deliver(20);
            lab.finish();
            assert_eq!(lab.lines(), expected_lines(30), "{name} {after}");
        }
    }
}

/// Scenario: the disk is full, and cutting back fails twice as well.
/// Guarantees: nothing is written before the half line is gone.
#[test]
fn a_torn_output_is_cut_before_the_next_byte() {
    for name in NAMES {
        let mut lab = started(name);
        lab.disk.set(Faults {
            append_after: Some(700),
            cuts: 2,
            ..Faults::default()
        });
        lab.write(20).unwrap_err();
        lab.write(20).unwrap_err();
        lab.deliver(20);
        lab.finish();
        assert_eq!(lab.lines(), expected_lines(30), "{name}");
    }
}

/// Scenario: two batches, then a checkpoint that fails.
/// Guarantees: both count as not written, and can be offered again, in other batches even.
#[test]
fn a_failed_sync_takes_back_all_since_the_last_checkpoint() {
    for name in NAMES {
        let mut lab = started(name);
        let before = lab.files();
        lab.write_from(10, 7).unwrap();
        lab.write_from(17, 9).unwrap();
        lab.disk.set(Faults {
            syncs: 1,
            ..Faults::default()
        });
        let error = lab.checkpoint().unwrap_err();
        assert_eq!(error.class(), ErrorClass::Transient);
        assert_eq!(lab.files(), before, "{name}");
        lab.deliver(11);
        lab.deliver(5);
        lab.finish();
        assert_eq!(lab.lines(), expected_lines(26), "{name}");
    }
}

/// Scenario: a batch is written, the next one fails, a checkpoint is made of the first; power cut.
/// Guarantees: the first one is kept and durable, the second one comes again.
#[test]
fn a_failed_batch_leaves_the_one_before_it() {
    for name in NAMES {
        let mut lab = started(name);
        lab.write_from(10, 7).unwrap();
        lab.disk.set(Faults {
            append_after: Some(3),
            ..Faults::default()
        });
        lab.write_from(17, 9).unwrap_err();
        let position = lab.checkpoint().unwrap();
        lab.commit(position, 7);
        lab.settle(7);
        lab.kill();
        lab.disk.power_cut(&lab.out(), &mut |_| 0);
        lab.start().unwrap();
        lab.deliver(9);
        lab.finish();
        assert_eq!(lab.lines(), expected_lines(26), "{name}");
    }
}

/// Scenario: the disk is full when the last frame is packed; it is tried again, then more comes.
/// Guarantees: no piece of a frame stays, and lines after the last frame replace it.
#[test]
fn the_last_frame_is_whole_or_not_there() {
    for name in ["records.jsonl.gz", "records.jsonl.zst"] {
        let mut lab = started(name);
        let before = lab.files();
        lab.disk.set(Faults {
            append_after: Some(9),
            ..Faults::default()
        });
        block_on(lab.stage().finish(&cx())).unwrap_err();
        assert_eq!(lab.files(), before, "{name}");
        block_on(lab.stage().finish(&cx())).unwrap();
        assert_eq!(lab.lines(), expected_lines(10), "{name}");
        lab.deliver(5);
        lab.finish();
        assert_eq!(lab.lines(), expected_lines(15), "{name}");
    }
}

/// Scenario: the very first batch meets a disk that can't sync the claim.
/// Guarantees: not a byte is written before the claim is durable.
#[test]
fn nothing_is_written_without_a_durable_claim() {
    let mut lab = Lab::writing_to("records.jsonl", 0);
    lab.start().unwrap();
    lab.disk.set(Faults {
        syncs: 1,
        ..Faults::default()
    });
    lab.write(3).unwrap_err();
    assert_eq!(lab.lines(), "");
    lab.deliver(3);
    assert_eq!(lab.lines(), expected_lines(3));
}

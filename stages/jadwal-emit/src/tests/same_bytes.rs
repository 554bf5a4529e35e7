//! The bytes of an output depend on its records alone.

use super::lab::{Lab, expected_lines};

const DOCUMENTS: usize = 120;

fn written_in_batches_of(name: &str, roll: u64, batch: usize) -> Lab {
    let mut lab = Lab::writing_to(name, roll);
    lab.start().unwrap();
    while lab.delivered < DOCUMENTS {
        let left = DOCUMENTS - lab.delivered;
        lab.deliver(batch.min(left));
    }
    lab.finish();
    lab
}

/// Scenario: 120 documents in batches of 1, 3, 64 and all at once, plain and packed, with segments
/// smaller than a line, of a few frames, and without end.
/// Guarantees: the same files with the same bytes, and every line in order.
#[test]
fn batch_sizes_do_not_show() {
    for name in ["records.jsonl", "records.jsonl.gz", "records.jsonl.zst"] {
        for roll in [0, 10, 20_000] {
            let reference = written_in_batches_of(name, roll, 1);
            assert_eq!(
                reference.lines(),
                expected_lines(DOCUMENTS),
                "{name} {roll}"
            );
            for batch in [3, 64, DOCUMENTS] {
                let other = written_in_batches_of(name, roll, batch);
                assert_eq!(other.files(), reference.files(), "{name} {roll} {batch}");
            }
        }
    }
}

#[test]
fn a_segment_is_closed_before_the_line_that_would_overfill_it() {
    let lab = written_in_batches_of("records.jsonl", 20_000, 64);
    let files = lab.files();
    assert!(files.len() > 3);
    let mut lines = expected_lines(DOCUMENTS);
    let mut all: Vec<_> = files.iter().collect();
    all.sort_by_key(|(name, _)| (name.contains('-'), name.clone()));
    for (name, bytes) in all {
        let mut length = 0;
        for line in lines.split_inclusive('\n') {
            if length > 0 && length + line.len() > 20_000 {
                break;
            }
            length += line.len();
        }
        assert_eq!(bytes.len(), length, "{name}");
        lines.drain(..length);
    }
    assert!(lines.is_empty());
}

/// Scenario: a packed output over many frames.
/// Guarantees: no tail is left but that of the open frame, and no claim.
#[test]
fn tails_of_committed_frames_are_removed_on_the_way() {
    for batch in [1, 7, 64] {
        let lab = written_in_batches_of("records.jsonl.zst", 0, batch);
        let names = lab.names();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names[0].starts_with(".records.jsonl.zst.tail-"));
        assert_eq!(names[1], "records.jsonl.zst");
    }
}

#[test]
fn a_roll_size_below_a_line_gives_a_segment_a_line() {
    let lab = written_in_batches_of("records.jsonl", 10, 64);
    let files = lab.files();
    assert_eq!(files.len(), DOCUMENTS);
    assert!(files.iter().all(|(_, bytes)| bytes.ends_with(b"}\n")));
}

//! A kill at any instant, a power cut included, leaves an output that the next start makes whole.

use proptest::prelude::*;

use super::lab::{Lab, expected_lines};
use super::shaky_disk::Faults;

const NAMES: [&str; 3] = ["records.jsonl", "records.jsonl.gz", "records.jsonl.zst"];

/// How far a batch gets before the process is killed.
#[derive(Clone, Copy, Debug)]
enum Instant {
    Start,
    Claim,
    Write,
    Checkpoint,
    Commit,
    Settle,
    Finish,
}

const INSTANTS: [Instant; 7] = [
    Instant::Start,
    Instant::Claim,
    Instant::Write,
    Instant::Checkpoint,
    Instant::Commit,
    Instant::Settle,
    Instant::Finish,
];

/// Takes `count` documents up to `instant`, then kills.
fn kill_at(lab: &mut Lab, instant: Instant, count: usize) {
    match instant {
        Instant::Start => {}
        Instant::Claim => {
            lab.write(count).unwrap();
            lab.disk.power_cut(&lab.out(), &mut |_| 0);
        }
        Instant::Write => lab.write(count).unwrap(),
        Instant::Checkpoint => drop(lab.try_write(count).unwrap()),
        Instant::Commit => {
            let position = lab.try_write(count).unwrap();
            lab.commit(position, count);
        }
        Instant::Settle => lab.deliver(count),
        Instant::Finish => {
            lab.deliver(count);
            lab.finish();
        }
    }
    lab.kill();
}

/// Asserts that the output is the one of a run that nothing happened to.
fn assert_whole(lab: &Lab, story: &str) {
    let mut calm = Lab::new(lab.options.clone());
    calm.start().unwrap();
    calm.deliver(lab.delivered);
    calm.finish();
    assert_eq!(lab.lines(), expected_lines(lab.delivered), "{story}");
    assert_eq!(lab.files(), calm.files(), "{story}");
}

/// Scenario: killed at each instant of a batch, as the first one or a later one; then started again.
/// Guarantees: the same bytes as without the kill, nothing lost, nothing twice.
#[test]
fn a_kill_at_each_instant_is_taken_back() {
    for name in NAMES {
        for roll in [0, 12_000] {
            for before in [0, 1, 25] {
                for instant in INSTANTS {
                    let mut lab = Lab::writing_to(name, roll);
                    lab.start().unwrap();
                    lab.deliver(before);
                    kill_at(&mut lab, instant, 30);
                    lab.start().unwrap();
                    lab.deliver(8);
                    lab.finish();
                    assert_whole(&lab, &format!("{name} {roll} {before} {instant:?}"));
                }
            }
        }
    }
}

/// Scenario: killed while the start itself was cutting, at any place, then started again.
/// Guarantees: as if it had been one start.
#[test]
fn a_kill_during_the_start_is_taken_back() {
    for name in NAMES {
        for share in 0..8 {
            let mut lab = Lab::writing_to(name, 12_000);
            lab.start().unwrap();
            lab.deliver(20);
            kill_at(&mut lab, Instant::Write, 30);
            lab.disk
                .power_cut(&lab.out(), &mut |bytes| bytes * share / 8);
            lab.start().unwrap();
            lab.kill();
            lab.start().unwrap();
            lab.deliver(5);
            lab.finish();
            assert_whole(&lab, &format!("{name} {share}"));
        }
    }
}

/// Scenario: a commit fails, and an older position is what the state still holds, two frames back.
/// Guarantees: every tail that the older position needs is still there.
#[test]
fn any_checkpoint_since_the_last_commit_can_be_gone_back_to() {
    for name in NAMES {
        let mut lab = Lab::writing_to(name, 0);
        lab.start().unwrap();
        lab.deliver(4);
        for batch in 0..10 {
            lab.write_from(4 + batch * 5, 5).unwrap();
            lab.checkpoint().unwrap();
        }
        lab.kill();
        lab.start().unwrap();
        lab.deliver(30);
        lab.finish();
        assert_whole(&lab, name);
    }
}

/// Scenario: power is cut at each instant; all that was not synced is gone, names too.
/// Guarantees: what was committed is on disk, and the next start makes the output whole.
#[test]
fn a_power_cut_at_each_instant_is_taken_back() {
    for name in NAMES {
        for roll in [0, 12_000] {
            for instant in INSTANTS {
                let mut lab = Lab::writing_to(name, roll);
                lab.start().unwrap();
                lab.deliver(25);
                kill_at(&mut lab, instant, 30);
                lab.disk.power_cut(&lab.out(), &mut |_| 0);
                lab.start().unwrap();
                lab.deliver(8);
                lab.finish();
                assert_whole(&lab, &format!("{name} {roll} {instant:?}"));
            }
        }
    }
}

/// What may happen next.
#[derive(Clone, Debug)]
enum Event {
    Deliver(usize),
    Kill(Instant, usize),
    /// Killed, and files lose a part of what was not synced.
    PowerCut(Instant, usize, Vec<u64>),
    Restart,
    /// The disk fails: bytes until an append fails, syncs, cuts.
    Broken(usize, Option<usize>, usize, usize),
}

fn event() -> impl Strategy<Value = Event> {
    let instant = || prop::sample::select(INSTANTS.to_vec());
    prop_oneof![
        (1usize..30).prop_map(Event::Deliver),
        (instant(), 1usize..30).prop_map(|(instant, count)| Event::Kill(instant, count)),
        (
            instant(),
            1usize..30,
            prop::collection::vec(any::<u64>(), 1..6)
        )
            .prop_map(|(instant, count, cuts)| Event::PowerCut(instant, count, cuts)),
        Just(Event::Restart),
        (
            1usize..30,
            prop::option::of(0usize..4000),
            0usize..3,
            0usize..3
        )
            .prop_map(|(count, append, syncs, cuts)| Event::Broken(count, append, syncs, cuts)),
    ]
}

fn happens(lab: &mut Lab, event: &Event) {
    match event {
        Event::Deliver(count) => lab.deliver(*count),
        Event::Kill(instant, count) => {
            kill_at(lab, *instant, *count);
            lab.start().unwrap();
        }
        Event::PowerCut(instant, count, cuts) => {
            kill_at(lab, *instant, *count);
            let mut cuts = cuts.iter().cycle();
            lab.disk
                .power_cut(&lab.out(), &mut |_| *cuts.next().unwrap());
            lab.start().unwrap();
        }
        Event::Restart => {
            lab.finish();
            lab.start().unwrap();
        }
        Event::Broken(count, append_after, syncs, cuts) => {
            lab.disk.set(Faults {
                append_after: *append_after,
                syncs: *syncs,
                cuts: *cuts,
            });
            lab.deliver(*count);
            lab.disk.set(Faults::default());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Scenario: any order of batches, kills, power cuts, restarts and disk errors.
    /// Guarantees: each committed record once, in order, and the bytes of a calm run.
    #[test]
    fn whatever_happens_each_record_is_there_once(
        name in prop::sample::select(NAMES.to_vec()),
        roll in prop_oneof![Just(0u64), 2_000u64..30_000],
        events in prop::collection::vec(event(), 1..14),
    ) {
        let mut lab = Lab::writing_to(name, roll);
        lab.start().unwrap();
        for event in &events {
            happens(&mut lab, event);
        }
        lab.finish();
        assert_whole(&lab, "after all");
    }
}

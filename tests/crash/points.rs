//! Death at each named crash point, wherever in a commit that is.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::machine::{Machine, Variant, scenario};
use crate::wait::wait_until;

/// Points that are passed while files flow, with the times at which death comes.
const FLOWING: [(&str, [u64; 3]); 11] = [
    ("source.open", [1, 3, 7]),
    ("source.read", [1, 5, 13]),
    ("emit.write", [1, 2, 5]),
    ("emit.written", [1, 2, 4]),
    ("emit.sync", [1, 2, 4]),
    ("emit.synced", [1, 2, 4]),
    ("emit.roll", [1, 2, 2]),
    ("store.commit", [1, 2, 4]),
    ("store.committed", [1, 2, 4]),
    ("settle.before", [1, 4, 9]),
    ("settle.after", [1, 4, 9]),
];

/// One life that ends at `faults`, or with a drain if they are not reached. Returns whether it died.
fn die_at(machine: &mut Machine, faults: &str) -> bool {
    let mut daemon = machine.start(faults);
    machine.drops.drop_each_kind();
    wait_until("it dies or has nothing left to do", || {
        daemon.has_ended() || machine.all_left()
    });
    if !daemon.has_ended() {
        daemon.signal(Signal::TERM);
    }
    let outcome = daemon.wait();
    let died = outcome.status.signal() == Some(Signal::ABORT.as_raw());
    assert!(
        died || outcome.status.success(),
        "{faults}: {:?}: {}",
        outcome.status,
        outcome.err
    );
    machine.kills += u64::from(died);
    died
}

fn at_every_point(name: &str, variant: Variant, more: &[&str]) {
    scenario(name, variant, |machine| {
        let mut deaths: BTreeMap<&str, u64> = BTreeMap::new();
        for round in 0..3 {
            for (point, hits) in FLOWING {
                let died = die_at(machine, &format!("{point}=abort@{}", hits[round]));
                *deaths.entry(point).or_default() += u64::from(died);
            }
            // What lies past the commit is cut at the next start: death while cutting.
            die_at(machine, "emit.synced=abort@2");
            for point in ["emit.cut", "quarantine.write"].iter().chain(more) {
                let died = die_at(machine, &format!("{point}=abort@1"));
                *deaths.entry(point).or_default() += u64::from(died);
            }
        }
        println!("{name}: deaths {deaths:?}");
        let alive: Vec<_> = deaths.iter().filter(|(_, count)| **count == 0).collect();
        assert!(alive.is_empty(), "never reached: {alive:?}");
    });
}

#[test]
fn crash_at_every_point_with_packed_output_and_files_moved() {
    at_every_point(
        "points, zst, move",
        Variant::PACKED,
        &["emit.finish", "commit.gone"],
    );
}

#[test]
fn crash_at_every_point_with_plain_output_and_files_deleted() {
    let variant = Variant {
        on_done: "delete",
        ..Variant::PLAIN
    };
    at_every_point("points, plain, delete", variant, &["commit.gone"]);
}

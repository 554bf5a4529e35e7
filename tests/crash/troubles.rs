//! A disk that is full for a while, errors of devices, no handles left, a sink that fails.

use std::time::Duration;

use rustix::process::Signal;

use crate::machine::{Machine, Variant, scenario};
use crate::wait::wait_until;

const EIO: i32 = 5;
const EMFILE: i32 = 24;
const ENOSPC: i32 = 28;

/// What the daemon says when it tries something again.
const RETRIES: &str = "retrying";
const TRIES_FILE_AGAIN: &str = "it is tried again";
const CANNOT_SETTLE: &str = "could not be moved or removed";

/// One life under `faults`: files come in, and when the daemon `says` that it is in trouble it is
/// told to stop. It must weather that.
fn weathers(machine: &mut Machine, faults: &str, says: &str) {
    let mut daemon = machine.start(faults);
    machine.drops.drop_each_kind();
    machine.drop_for(Duration::from_millis(200), &mut daemon);
    wait_until(says, || {
        daemon.has_ended() || daemon.errors().contains(says)
    });
    assert!(!daemon.has_ended(), "{faults}: {}", daemon.errors());
    machine.drop_for(Duration::from_millis(200), &mut daemon);
    daemon.stop();
}

/// One life under `faults` that are too much: the daemon gives up, with the exit code for that.
fn gives_up(machine: &mut Machine, faults: &str) {
    let mut daemon = machine.start(faults);
    machine.drops.drop_each_kind();
    machine.drop_for(Duration::from_millis(200), &mut daemon);
    wait_until("it gives up", || daemon.has_ended());
    daemon.wait().expect(3);
}

fn troubled(name: &str, variant: Variant, errno: i32) {
    scenario(name, variant, |machine| {
        for point in [
            "emit.write",
            "emit.written",
            "emit.roll",
            "emit.sync",
            "emit.synced",
        ] {
            // The sink fails three times, is tried again, and comes back.
            weathers(machine, &format!("{point}={errno}@2..5"), RETRIES);
        }
        // The first cut of a packed output is that of the start, and is not tried again.
        let packed = variant.output.ends_with(".zst");
        let (from, to) = if packed { (2, 5) } else { (1, 4) };
        let faults = format!("emit.written={errno}@1..3;emit.cut={errno}@{from}..{to}");
        weathers(machine, &faults, RETRIES);
        let faults = format!("quarantine.write={errno}@1..4");
        weathers(machine, &faults, "retrying the quarantine");
        gives_up(machine, &format!("store.commit={errno}@3"));
        gives_up(machine, &format!("store.committed={errno}@2"));
        let faults = format!("settle.before={errno}@1..9;settle.after={errno}@3..5");
        weathers(machine, &faults, CANNOT_SETTLE);
        let faults = format!("source.open={errno}@1..6;source.read={errno}@2..9");
        weathers(machine, &faults, TRIES_FILE_AGAIN);
        // Packing the last frame fails; all was committed before, so only the exit code tells.
        let daemon = machine.start_listening(&format!("emit.finish={errno}@1"));
        machine.drops.drop_each_kind();
        daemon.signal(Signal::TERM);
        daemon.wait().expect(if packed { 3 } else { 0 });
    });
}

#[test]
fn crash_no_space_left() {
    troubled("ENOSPC, zst, move", Variant::PACKED, ENOSPC);
}

#[test]
fn crash_input_output_errors() {
    troubled("EIO, plain, keep", Variant::PLAIN, EIO);
}

#[test]
fn crash_too_many_open_files() {
    scenario("EMFILE", Variant::PACKED, |machine| {
        let faults = format!("source.open={EMFILE}@2..30");
        weathers(machine, &faults, TRIES_FILE_AGAIN);
        let faults = format!("source.open={EMFILE}@1..20;emit.write={EMFILE}@3..5");
        weathers(machine, &faults, RETRIES);
        let faults = format!("quarantine.write={EMFILE}@2..4;emit.sync={EMFILE}@2..4");
        weathers(machine, &faults, RETRIES);
    });
}

/// Scenario: the sink fails for longer than its retries last; the daemon gives up with files in hand.
#[test]
fn crash_a_sink_that_stays_broken() {
    scenario("broken sink", Variant::PLAIN, |machine| {
        let config = machine.variant.config();
        let config = format!("{config}\n[stages.emit]\nretries = 1\n");
        machine.place.write("pipeline.toml", config);
        gives_up(machine, &format!("emit.write={ENOSPC}@1..99"));
        gives_up(machine, &format!("emit.sync={EIO}@4..99"));
        gives_up(
            machine,
            &format!("emit.written={EIO}@2..99;emit.cut={EIO}@1..99"),
        );
    });
}

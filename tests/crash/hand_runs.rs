//! Commands that a person runs by hand are killed too: `batch`, and `quarantine retry`.

use std::time::Duration;

use rustix::process::Signal;

use crate::machine::{Machine, Variant};
use crate::oracle;
use crate::place::Place;
use crate::random::{Random, seed};
use crate::wait::waited;

/// Runs `args` and kills the process after a time by chance, unless it has ended by then.
fn run_and_kill(machine: &mut Machine, args: &[&str]) {
    let mut run = machine.place.jadwal(args).start();
    let span = Duration::from_millis(machine.random.within(10..140));
    if !waited(span, || run.has_ended()) {
        run.signal(Signal::KILL);
        machine.kills += 1;
    }
    run.wait();
}

#[test]
fn crash_a_batch_that_is_killed_again_and_again() {
    let seed = seed();
    let mut machine = Machine::new(Variant::PACKED, seed);
    (0..40).for_each(|_| machine.drops.drop_each_kind());
    for _ in 0..30 {
        run_and_kill(&mut machine, &["batch", "--log", "error"]);
    }
    machine.place.jadwal(["batch", "--log", "error"]).run();
    println!("batch: JADWAL_SEED={seed}, {} kills", machine.kills);
    oracle::check(&machine, &oracle::documents(&machine.place));
}

/// Scenario: the first start of all is killed, while the state is made.
#[test]
fn crash_a_first_start_that_is_killed() {
    let seed = seed();
    println!("first start: JADWAL_SEED={seed}");
    let mut random = Random::new(seed);
    for _ in 0..60 {
        let place = Place::with_config(&Variant::PLAIN.config());
        place.write("inbox/a.txt", "The ferry leaves at noon.");
        let mut run = place.jadwal(["batch", "--log", "error"]).start();
        let pause = Duration::from_micros(random.within(2_000..50_000));
        waited(pause, || run.has_ended());
        if !run.has_ended() {
            run.signal(Signal::KILL);
        }
        run.wait();
        place.jadwal(["batch", "--log", "error"]).run().expect(0);
        assert_eq!(place.records("out/records.jsonl").len(), 1);
    }
}

/// Scenario: most documents fail under a wrong limit; under the right one they are tried again, and
/// that is killed at random and at each point that it passes.
/// Guarantees: each record has one fate in the end, and one line if it was delivered.
#[test]
fn crash_a_retry_that_is_killed_again_and_again() {
    let seed = seed();
    let mut machine = Machine::new(Variant::PLAIN, seed);
    (0..15).for_each(|_| machine.drops.drop_each_kind());
    let small = "pipeline.max_document_bytes=300 B";
    let batch = machine
        .place
        .jadwal(["batch", "--log", "error", "--set", small]);
    batch.run().expect(1);
    let retry = ["quarantine", "retry", "--log", "error"];
    let points = [
        "emit.write",
        "emit.written",
        "emit.synced",
        "store.commit",
        "store.committed",
        "quarantine.write",
    ];
    for hit in [1, 2] {
        for point in points {
            let fault = format!("{point}=abort@{hit}");
            machine.place.jadwal(retry).env("JADWAL_FAULT", fault).run();
            machine.kills += 1;
        }
    }
    for _ in 0..12 {
        run_and_kill(&mut machine, &retry);
    }
    machine.place.jadwal(retry).run().expect(1);
    println!("retry: JADWAL_SEED={seed}, {} kills", machine.kills);
    let documents = oracle::documents(&machine.place);
    let failed = documents.iter().filter(|row| row["fate"] == "quarantined");
    let too_long = failed.filter(|row| row["detail"].as_str().unwrap().contains("too long"));
    assert_eq!(too_long.count(), 0, "what is good now was tried again");
    oracle::check_after_retry(&machine, &documents);
}

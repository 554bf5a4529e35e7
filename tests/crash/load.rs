//! Stopped and reloaded in the midst of load.

use std::time::Duration;

use rustix::process::Signal;

use crate::machine::{Machine, Variant, scenario};
use crate::place::Running;
use crate::wait::{wait_until, waited};

fn span(machine: &mut Machine, from: u64, to: u64) -> Duration {
    Duration::from_millis(machine.random.within(from..to))
}

#[test]
fn crash_stopped_under_load() {
    scenario("SIGTERM under load", Variant::PACKED, |machine| {
        for _ in 0..12 {
            let mut daemon = machine.start_listening("");
            machine.drops.drop_each_kind();
            let life = span(machine, 60, 250);
            machine.drop_for(life, &mut daemon);
            daemon.stop();
        }
    });
}

/// Scenario: two signals within a drain; the second one ends it at once.
/// Guarantees: the law, and an exit code that says so unless the drain was quicker.
#[test]
fn crash_forced_to_stop_under_load() {
    scenario("two signals under load", Variant::PLAIN, |machine| {
        for _ in 0..12 {
            let mut daemon = machine.start_listening("");
            machine.drops.drop_each_kind();
            let life = span(machine, 60, 200);
            machine.drop_for(life, &mut daemon);
            daemon.signal(Signal::TERM);
            let pause = span(machine, 1, 15);
            if !waited(pause, || daemon.has_ended()) {
                daemon.signal(Signal::TERM);
            }
            let code = daemon.wait().status.code();
            assert!(matches!(code, Some(0 | 130)), "{code:?}");
        }
    });
}

#[test]
fn crash_reloaded_under_load() {
    scenario("SIGHUP under load", Variant::PACKED, |machine| {
        let mut daemon = machine.start_listening("");
        for _ in 0..15 {
            machine.drops.drop_each_kind();
            let life = span(machine, 20, 150);
            machine.drop_for(life, &mut daemon);
            assert!(!daemon.has_ended(), "{}", daemon.errors());
            daemon.signal(Signal::HUP);
        }
        wait_until("all files left the inbox", || machine.all_left());
        daemon.stop();
    });
}

/// How often the daemon answered a new configuration so far.
fn answers(daemon: &Running) -> usize {
    let errors = daemon.errors();
    errors.matches("is drained").count() + errors.matches("is refused").count()
}

/// Scenario: the file is rewritten while files flow, now with other limits, now with nonsense.
#[test]
fn crash_reloaded_by_a_changed_file_under_load() {
    let variant = Variant {
        on_done: "delete",
        ..Variant::PLAIN
    };
    scenario("changed file under load", variant, |machine| {
        let daemon = machine.start_listening("");
        let good = machine.variant.config();
        for batch_size in ["4", "\"many\"", "16", "1"] {
            let config = good.replace("batch_size = 8", &format!("batch_size = {batch_size}"));
            let before = answers(&daemon);
            machine.place.replace("pipeline.toml", config);
            machine.drops.drop_each_kind();
            wait_until("the new file is noticed", || {
                if machine.random.once_in(6) {
                    machine.drops.drop_one();
                }
                answers(&daemon) > before
            });
        }
        assert!(
            daemon.errors().contains("batch_size"),
            "{}",
            daemon.errors()
        );
        wait_until("all files left the inbox", || machine.all_left());
        daemon.stop();
    });
}

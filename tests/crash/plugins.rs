//! The oracle with a stage of somebody else's in the chain: a process that dies of old age again and again,
//! and a component (with the feature `component`).

use std::time::Duration;

use crate::machine::{Machine, Variant, scenario};
use crate::wait::waited;

const PROCESS: &str = concat!(
    "[stages.plugin]\nuse = 'process'\n[stages.plugin.options]\ncommand = ['python3', '",
    env!("CARGO_MANIFEST_DIR"),
    "/../../stages/jadwal-process/tests/it/hostile.py', 'dies_at_99']\n"
);

/// Kills the daemon at random instants while files are dropped.
fn kill_at_random(machine: &mut Machine) {
    while machine.kills < 8 {
        let mut daemon = machine.start_listening("");
        machine.drops.drop_each_kind();
        // Long enough for a child to start, and to die.
        let life = Duration::from_millis(machine.random.within(400..1500));
        machine.drop_for(life, &mut daemon);
        assert!(
            !waited(Duration::ZERO, || daemon.has_ended()),
            "{}",
            daemon.errors()
        );
        daemon.signal(rustix::process::Signal::KILL);
        daemon.wait();
        machine.kills += 1;
    }
}

/// Scenario: a child that aborts at every ninety-ninth document, under a daemon that is killed at random.
/// Guarantees: the law: no document is held responsible, none is lost, none is written twice.
#[test]
fn crash_killed_at_random_with_a_dying_process_in_the_chain() {
    let variant = Variant {
        stages: r#"["clean", "dedup", "plugin", "emit"]"#,
        options: PROCESS,
        ..Variant::PACKED
    };
    scenario("dying process", variant, kill_at_random);
}

/// Scenario: a component in its sandbox, under a daemon that is killed at random.
/// Guarantees: the law, also where the cache of compiled components was killed in the midst of writing.
#[cfg(feature = "component")]
#[test]
fn crash_killed_at_random_with_a_component_in_the_chain() {
    const COMPONENT: &str = concat!(
        "[stages.plugin]\nuse = 'component'\n[stages.plugin.options]\npath = '",
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/redact-phones/redact_phones.wasm'\n"
    );
    let variant = Variant {
        stages: r#"["clean", "dedup", "plugin", "emit"]"#,
        options: COMPONENT,
        ..Variant::PACKED
    };
    scenario("component", variant, kill_at_random);
}

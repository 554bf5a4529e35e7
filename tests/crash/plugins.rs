//! The oracle with a process in the chain, which dies of old age again and again.

use std::time::Duration;

use crate::machine::{Variant, scenario};
use crate::wait::waited;

const CHILD: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../stages/jadwal-process/tests/it/hostile.py"
);

/// Scenario: a child that aborts at every ninety-ninth document, under a daemon that is killed at random.
/// Guarantees: the law: no document is held responsible, none is lost, none is written twice.
#[test]
fn crash_killed_at_random_with_a_dying_process_in_the_chain() {
    let variant = Variant {
        stages: r#"["clean", "dedup", "plugin", "emit"]"#,
        plugin: Some(CHILD),
        ..Variant::PACKED
    };
    scenario("dying process", variant, |machine| {
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
    });
}

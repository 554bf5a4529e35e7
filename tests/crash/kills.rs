//! SIGKILL at random instants.

use crate::machine::{Variant, scenario};

/// Kills of each test where `JADWAL_KILLS` does not say.
const KILLS: u64 = 45;

fn killed(name: &str, variant: Variant) {
    let kills = match std::env::var("JADWAL_KILLS") {
        Ok(kills) => kills.parse().unwrap(),
        Err(_) => KILLS,
    };
    scenario(name, variant, |machine| {
        while machine.kills < kills {
            machine.live_and_die();
        }
    });
}

#[test]
fn crash_killed_at_random_with_plain_output_and_files_kept() {
    killed("plain, keep", Variant::PLAIN);
}

#[test]
fn crash_killed_at_random_with_packed_output_and_files_moved() {
    killed("zst, move", Variant::PACKED);
}

#[test]
fn crash_killed_at_random_with_plain_output_and_files_deleted() {
    let variant = Variant {
        on_done: "delete",
        ..Variant::PLAIN
    };
    killed("plain, delete", variant);
}

#[test]
fn crash_killed_at_random_while_files_are_written_slowly_under_markers() {
    let variant = Variant {
        marker: ".done",
        output: "out/records.jsonl.gz",
        ..Variant::PACKED
    };
    killed("gz, markers, move", variant);
}

#[test]
fn crash_killed_at_random_with_every_stage() {
    let variant = Variant {
        stages: r#"["clean", "dedup", "detect_language", "extract_entities", "emit"]"#,
        ..Variant::PACKED
    };
    killed("every stage", variant);
}

//! SIGKILL at random instants.

use crate::machine::{Machine, Variant, scenario};
use crate::oracle::outputs;

/// Kills of each test where `JADWAL_KILLS` does not say.
const KILLS: u64 = 45;

fn killed(name: &str, variant: Variant) -> Machine {
    let kills = match std::env::var("JADWAL_KILLS") {
        Ok(kills) => kills.parse().unwrap(),
        Err(_) => KILLS,
    };
    scenario(name, variant, |machine| {
        while machine.kills < kills {
            machine.live_and_die();
        }
    })
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

/// Scenario: the stage that counts lines across documents is among them, with counts that lag, are
/// forgotten and make room all the time.
#[test]
fn crash_killed_at_random_with_counts_of_lines() {
    let variant = Variant {
        stages: r#"["clean", "strip_repeats", "dedup", "emit"]"#,
        options: "[stages.strip_repeats.options]\nlag = 6\nwindow = 40\nmin_documents = 1\n\
                  max_lines = 16\nmax_counters = 64\nin_batch = true\n",
        ..Variant::PLAIN
    };
    let machine = killed("repeats", variant);
    let outputs = outputs(&machine.place).into_values();
    let records = String::from_utf8(outputs.flatten().collect()).unwrap();
    let stripped = records.matches("\"rule\":\"repeat:").count();
    assert!(stripped > 20, "{stripped} runs of lines were stripped");
    let is_whole = |record: &str| !record.contains("\"rule\":\"repeat:");
    assert!(records.lines().any(is_whole), "no record before the counts");
}

//! What is refused before the first document, and the cache.

use std::os::unix::fs::PermissionsExt;

use jadwal_component::{Component, ComponentOptions};
use jadwal_core::units::TimeSpan;
use jadwal_core::{StageSpec, describe_chain};

use crate::lab::{Lab, document};

#[track_caller]
fn refused(lab: &Lab, expected: &str) {
    let told = match lab.try_build() {
        Ok(_) => panic!("it was accepted"),
        Err(error) => describe_chain(&error),
    };
    assert!(told.contains(expected), "{told}");
}

#[test]
fn what_is_no_component_is_refused() {
    let lab = Lab::new();
    std::fs::write(lab.path("guest.wasm"), "not wasm at all").unwrap();
    refused(&lab, "failed to compile the component");
    std::fs::remove_file(lab.path("guest.wasm")).unwrap();
    refused(&lab, "failed to read the component");
    // The shortest component there is: a header, and nothing in it.
    std::fs::write(lab.path("guest.wasm"), b"\0asm\x0d\0\x01\0").unwrap();
    refused(&lab, "does not fit the world of `stage.wit`");
}

#[test]
fn a_guest_that_refuses_its_settings_is_quoted() {
    let mut lab = Lab::new();
    lab.options.settings.insert("loud".into(), true.into());
    refused(&lab, "it refused its settings: settings refused");
}

#[test]
fn another_file_than_the_pinned_one_is_refused() {
    let mut lab = Lab::new();
    lab.options.blake3 = "0".repeat(64);
    refused(&lab, "`blake3` names another file; this one has ");
    let bytes = std::fs::read(lab.path("guest.wasm")).unwrap();
    lab.options.blake3 = blake3::hash(&bytes).to_hex().to_string();
    lab.build();
}

#[test]
fn a_start_that_never_ends_is_cut_off() {
    let mut lab = Lab::with(include_bytes!("endless_start.wasm"));
    lab.options.start_timeout = TimeSpan::millis(100);
    refused(&lab, "it took longer than 100ms");
}

#[test]
fn options_are_checked_before_the_world_is_touched() {
    let options = ComponentOptions {
        blake3: "abc".into(),
        deadline: TimeSpan::millis(0),
        ..ComponentOptions::default()
    };
    let problems = Component::check(&options).unwrap_err();
    let keys: Vec<_> = problems
        .iter()
        .map(|problem| problem.path[0].as_str())
        .collect();
    assert_eq!(keys, ["path", "blake3", "deadline"]);
}

/// Scenario: the folder above the cache is there, then others may write to the cache.
/// Guarantees: compiled code is kept for Jadwal's user alone, and not taken from where others write.
#[test]
fn the_cache_is_ours_alone() {
    let lab = Lab::new();
    lab.build();
    assert!(
        !lab.path("var").exists(),
        "nothing is made in a fresh place"
    );
    std::fs::create_dir(lab.path("var")).unwrap();
    lab.build().apply(&mut document("good")).unwrap();
    let folder = lab.path("var/components");
    let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(files(&folder) > 0, "the compiled component is kept");
    let before = files(&folder);
    lab.build().apply(&mut document("good")).unwrap();
    assert_eq!(files(&folder), before, "and found again");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    refused(&lab, "other users may write to it");
}

fn files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry.file_type().unwrap().is_dir() {
            true => files(&entry.path()),
            // The time stamps that wasmtime keeps beside the code come a moment later.
            false => usize::from(entry.path().extension().is_none()),
        })
        .sum()
}

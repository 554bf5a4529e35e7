//! A file system that is really full: a small tmpfs in a mount name space of our own.
//!
//! Mounting needs rights that not every machine gives; where they are missing the tests say so and
//! leave it to the injected errors.

use std::process::{Command, Stdio};

use crate::machine::Variant;
use crate::oracle::outputs;
use crate::place::{NOW, Place};

/// Whether a tmpfs can be mounted here.
fn can_mount() -> bool {
    let mount = "mount -t tmpfs tmpfs /mnt";
    let tried = Command::new("unshare")
        .args(["-m", "sh", "-c", mount])
        .stderr(Stdio::null())
        .status();
    let can = tried.is_ok_and(|status| status.success());
    if !can {
        println!("SKIPPED: no right to mount a tmpfs here; the injected ENOSPC covers the rest");
    }
    can
}

fn filled(variant: Variant) -> Place {
    let config = format!("{}\n[stages.emit]\nretries = 1\n", variant.config());
    let place = Place::with_config(&config);
    for number in 0..120 {
        let text = format!("The ferry number {number} leaves at noon and comes back. ").repeat(40);
        let name = format!("inbox/{number:03}.txt");
        place.write(&name, text);
        place.set_modified(&name, NOW - 1000 + number);
    }
    place
}

/// Runs a batch on a disk of `size`, twice: first it is full, then it was made larger. `mounted` is
/// the folder that lies on it, `script` what is done before.
fn full_then_larger(variant: Variant, mounted: &str, size: &str) {
    if !can_mount() {
        return;
    }
    let place = filled(variant);
    std::fs::create_dir_all(place.path(mounted)).unwrap();
    std::fs::create_dir_all(place.path("kept")).unwrap();
    let jadwal = env!("CARGO_BIN_EXE_jadwal");
    let script = format!(
        "set -u
         mount -t tmpfs -o size={size} tmpfs {mounted} || exit 90
         {jadwal} batch --config ../pipeline.toml 2>../full.err; echo $? >../full.code
         mount -o remount,size=64m {mounted} || exit 91
         {jadwal} batch --config ../pipeline.toml 2>../larger.err; echo $? >../larger.code
         {jadwal} state verify --config ../pipeline.toml >../verify.out
         cp -a {mounted}/. ../kept/"
    );
    // The script runs one folder below, so that what it notes is not on the small disk.
    let script = script.replace(&format!(" {mounted}"), &format!(" ../{mounted}"));
    let ran = Command::new("unshare")
        .args(["-m", "sh", "-c", &script])
        .current_dir(place.path("kept"))
        .env("SOURCE_DATE_EPOCH", NOW.to_string())
        .status();
    assert!(ran.unwrap().success());
    let note = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    assert_eq!(note("full.code").trim(), "3", "{}", note("full.err"));
    assert!(
        note("full.err").contains("No space left"),
        "{}",
        note("full.err")
    );
    assert!(
        note("full.err").contains("hint: free some space"),
        "{}",
        note("full.err")
    );
    assert_eq!(note("larger.code").trim(), "0", "{}", note("larger.err"));
    assert!(note("verify.out").contains("sound"));
    let undisturbed = filled(variant);
    undisturbed.jadwal(["batch"]).run().expect(0);
    let (kept, wanted) = (place.path("kept"), outputs(&undisturbed));
    let folder = kept.join("out");
    let folder = if folder.is_dir() { folder } else { kept };
    for (name, bytes) in wanted {
        let found = std::fs::read(folder.join(name.replace("records-00000.", "records."))).unwrap();
        assert!(found == bytes, "`{name}` differs from an undisturbed batch");
    }
}

#[test]
fn crash_the_disk_of_the_output_is_full() {
    full_then_larger(Variant::PLAIN, "out", "100k");
}

#[test]
fn crash_the_disk_of_the_packed_output_is_full() {
    let variant = Variant {
        on_done: "keep",
        ..Variant::PACKED
    };
    full_then_larger(variant, "out", "16k");
}

/// Scenario: output, state and quarantine share the full disk.
#[test]
fn crash_the_disk_of_everything_is_full() {
    let variant = Variant {
        output: "disk/out/records.jsonl",
        ..Variant::PLAIN
    };
    full_then_larger(variant, "disk", "300k");
}

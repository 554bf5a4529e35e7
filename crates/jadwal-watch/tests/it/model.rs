//! Random changes of a folder: in the end, the last version of every file was read.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use crate::lab::{Daemon, Lab, wait_until};

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

fn change(lab: &Lab, dice: &mut Dice, step: usize) {
    let folders = ["a", "a/b", "c", "c/d/e", "."];
    let mut file = || {
        let folder = folders[dice.below(folders.len())];
        lab.root.join(folder).join(format!("{}.txt", dice.below(6)))
    };
    let (one, other) = (file(), file());
    let content = format!("step {step}");
    let elsewhere = lab.dir.path().join("elsewhere");
    let make_parent = |path: &PathBuf| fs::create_dir_all(path.parent().unwrap()).unwrap();
    // What does not apply to the folder as it is fails, and that is no matter.
    let outcome = match dice.below(9) {
        0 | 1 => {
            make_parent(&one);
            fs::write(&one, content)
        }
        2 => fs::File::options()
            .append(true)
            .open(&one)
            .and_then(|mut file| file.write_all(content.as_bytes())),
        3 => {
            make_parent(&one);
            fs::write(&elsewhere, content).unwrap();
            fs::rename(&elsewhere, &one)
        }
        4 => {
            make_parent(&other);
            fs::rename(&one, &other)
        }
        5 => fs::remove_file(&one),
        6 => fs::remove_dir_all(lab.root.join(folders[dice.below(4)])),
        7 => fs::rename(lab.root.join("a"), lab.root.join("c/moved")),
        _ => fs::rename(lab.root.join("c"), lab.root.join("a/was_c")),
    };
    drop(outcome);
}

/// Returns the files that are there, by their labels.
fn present(lab: &Lab) -> HashMap<String, String> {
    let mut files = HashMap::new();
    let mut folders = vec![lab.root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let label = path.strip_prefix(&lab.root).unwrap().display().to_string();
                files.insert(label, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

fn is_up_to_date(daemon: &Daemon, present: &HashMap<String, String>) -> bool {
    let mut read = HashMap::new();
    for got in daemon.got() {
        read.insert(got.label, got.raw);
    }
    present
        .iter()
        .all(|(label, content)| read.get(label) == Some(content))
}

/// Scenario: files and folders are made, changed, moved and removed at random, at once and with
/// pauses.
/// Guarantees: soon after it is quiet, the last version of each file that is there was read, and no
/// scan was needed to find it.
#[test]
fn the_last_version_of_every_file_is_read() {
    for seed in 1..=12 {
        let lab = Lab::new();
        let daemon = lab.daemon();
        let mut dice = Dice(seed);
        for step in 0..250 {
            change(&lab, &mut dice, step);
            if dice.below(20) == 0 {
                let pause = std::time::Duration::from_millis(dice.below(90) as u64);
                daemon.after(pause);
            }
        }
        let present = present(&lab);
        wait_until(&format!("the last versions, seed {seed}"), || {
            is_up_to_date(&daemon, &present)
        });
        assert_eq!(lab.counts().found_by_scan, 0, "seed {seed}");
    }
}

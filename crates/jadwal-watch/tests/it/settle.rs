//! What happens to files that are done.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_core::source::{Source as _, SourceFile};
use jadwal_core::state::{FileIdentity, StateStore as _};
use jadwal_watch::OnDone;

use crate::lab::{Lab, labels};

/// Returns the files below `folder`, relative, sorted.
fn tree(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path.strip_prefix(folder).unwrap().display().to_string()),
            }
        }
    }
    files.sort();
    files
}

fn moving() -> (Lab, PathBuf) {
    let mut lab = Lab::batch_lab();
    let dir = lab.root.join("done");
    lab.options.on_done = OnDone::Move { dir: dir.clone() };
    (lab, dir)
}

#[test]
fn files_are_moved_to_the_same_place_and_nothing_is_overwritten() {
    let (mut lab, done) = moving();
    lab.options.done_marker = Some(".ok".to_owned());
    for content in ["1", "2", "3"] {
        lab.write("sub/a.txt", content);
        lab.write("sub/a.txt.ok", "");
        assert_eq!(labels(&lab.batch()), ["sub/a.txt"]);
    }
    assert_eq!(
        tree(&done),
        [
            "sub/a (1).txt",
            "sub/a (2).txt",
            "sub/a.txt",
            "sub/a.txt (1).ok",
            "sub/a.txt (2).ok",
            "sub/a.txt.ok"
        ]
    );
    assert_eq!(fs::read(done.join("sub/a (2).txt")).unwrap(), b"3");
    assert_eq!(lab.ledger.file(&lab.root.join("sub/a.txt")).unwrap(), None);
    assert_eq!(
        (lab.counts().settled_away, lab.counts().settle_failures),
        (3, 0)
    );
}

#[test]
fn what_could_not_be_settled_is_settled_at_the_next_start() {
    let (lab, done) = moving();
    let path = lab.write("a.txt", "a");
    // Where a file is in the way, no folder can be made.
    let blocked = lab.dir.path().join("blocked");
    fs::write(&blocked, "").unwrap();
    let blocked_lab = Lab {
        options: jadwal_watch::FolderOptions {
            on_done: OnDone::Move { dir: blocked },
            ..lab.options.clone()
        },
        ledger: Arc::clone(&lab.ledger),
        ..Lab::new()
    };
    assert_eq!(labels(&blocked_lab.batch()), ["a.txt"]);
    assert_eq!(blocked_lab.counts().settle_failures, 1);
    assert!(path.exists());
    assert_eq!(lab.batch(), []);
    assert_eq!(tree(&done), ["a.txt"]);
    assert!(!path.exists());
}

#[test]
fn another_version_of_a_file_that_is_done_stays() {
    let (mut lab, _) = moving();
    lab.options.on_done = OnDone::Delete;
    let path = lab.write("a.txt", "newer");
    let settler = lab.source().settler();
    let file = SourceFile {
        path: Some(path.clone()),
        identity: FileIdentity {
            size: 1,
            modified_ns: 2,
            inode: 3,
        },
    };
    assert!(!settler.settle(&file));
    assert!(path.exists());
    fs::remove_file(&path).unwrap();
    assert!(settler.settle(&file));
    let stdin = SourceFile { path: None, ..file };
    assert!(!settler.settle(&stdin));
}

#[test]
fn kept_files_stay_and_deleted_ones_go() {
    let mut lab = Lab::batch_lab();
    let path = lab.write("a.txt", "a");
    lab.batch();
    assert!(path.exists());
    lab.options.on_done = OnDone::Delete;
    lab.write("b.txt", "b");
    assert_eq!(labels(&lab.batch()), ["b.txt"]);
    assert_eq!(tree(&lab.root), [""; 0]);
}

//! The batch: order, totals, what is done and what changed.

use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jadwal_watch::Root;

use crate::lab::{Lab, labels};

#[test]
fn files_come_by_time_and_then_by_path_each_once() {
    let lab = Lab::batch_lab();
    for (name, time) in [("b.txt", 20), ("c/a.txt", 10), ("c.txt", 20), ("a.txt", 30)] {
        lab.write(name, name);
        lab.set_modified(name, time);
    }
    let got = lab.batch();
    assert_eq!(labels(&got), ["c/a.txt", "b.txt", "c.txt", "a.txt"]);
    assert_eq!(got[0].bytes, 0..7);
    assert_eq!((got[0].raw.as_str(), got[0].next), ("c/a.txt", None));
    let counts = lab.counts();
    assert_eq!((counts.total_files, counts.total_bytes), (4, 22));
    assert_eq!((counts.admitted_files, counts.admitted_bytes), (4, 22));
    assert_eq!(lab.batch(), []);
    lab.write("b.txt", "changed");
    assert_eq!(labels(&lab.batch()), ["b.txt"]);
}

#[test]
fn roots_come_in_their_order_and_files_as_roots_need_no_pattern() {
    let mut lab = Lab::batch_lab();
    lab.write("one/.a.md", "1");
    lab.write("two/b.txt", "2");
    lab.write("two/b.md", "3");
    lab.options.include = vec!["**/*.txt".to_owned()];
    let root = |path: &str, label: &str| Root {
        path: lab.root.join(path),
        label: label.to_owned(),
    };
    lab.options.roots = vec![
        root("two", "second"),
        root("one/.a.md", ""),
        root("two/b.txt", "again"),
    ];
    assert_eq!(labels(&lab.batch()), ["second/b.txt", ".a.md"]);
    let counts = lab.counts();
    assert_eq!((counts.total_files, counts.admitted_files), (3, 2));
}

#[test]
fn a_missing_root_is_an_error_before_anything_is_read() {
    let mut lab = Lab::batch_lab();
    lab.write("a.txt", "a");
    lab.options.roots.push(Root {
        path: lab.dir.path().join("nowhere"),
        label: String::new(),
    });
    let error = lab.failing_batch().to_string();
    assert!(
        error.contains("list") && error.contains("nowhere"),
        "{error}"
    );
    assert_eq!(lab.counts().admitted_files, 0);
}

#[test]
fn sorting_on_disk_gives_the_order_of_sorting_in_memory() {
    let lab = Lab::batch_lab();
    for number in 0u64..300 {
        let name = format!("{}/{number}.txt", number % 7);
        lab.write(&name, "x");
        lab.set_modified(&name, number * 7919 % 50);
    }
    let mut on_disk = Lab::batch_lab();
    on_disk.options.roots.clone_from(&lab.options.roots);
    on_disk.options.sort_in_memory = 2;
    let (memory, disk) = (lab.batch(), on_disk.batch());
    assert_eq!(memory.len(), 300);
    assert_eq!(memory, disk);
}

#[test]
fn only_files_with_a_marker_count_where_markers_are_used() {
    let mut lab = Lab::batch_lab();
    lab.options.done_marker = Some(".ok".to_owned());
    lab.write("a.txt", "a");
    lab.write("b.txt", "b");
    lab.write("b.txt.ok", "");
    assert_eq!(labels(&lab.batch()), ["b.txt"]);
    assert_eq!(lab.counts().unmarked, 1);
}

#[test]
fn a_file_that_never_stands_still_is_left_and_counted() {
    let lab = Lab::batch_lab();
    let path = lab.write("growing.jsonl", "{\"text\":\"0\"}\n".repeat(20_000));
    lab.write("still.txt", "still");
    lab.set_modified("still.txt", 9_000_000_000);
    let stop = Arc::new(AtomicBool::new(false));
    let writer = std::thread::spawn({
        let stop = Arc::clone(&stop);
        move || {
            let mut file = fs::File::options().append(true).open(path).unwrap();
            while !stop.load(Ordering::Relaxed) {
                file.write_all(b"{\"text\":\"1\"}\n").unwrap();
            }
        }
    });
    let got = lab.batch();
    stop.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    assert_eq!(got.last().unwrap().label, "still.txt");
    let counts = lab.counts();
    assert_eq!((counts.left, counts.admitted_files), (1, 1));
    assert!(counts.changed_while_read >= 5);
    let mut records: Vec<u64> = got.iter().map(|got| got.record).collect();
    records.pop();
    assert!(
        records.is_sorted_by(|before, after| before < after),
        "none comes twice"
    );
}

#[test]
fn a_stop_is_heard_between_files() {
    let lab = Lab::batch_lab();
    for name in ["a", "b", "c"] {
        lab.write(name, name);
        lab.set_modified(name, 1);
    }
    assert_eq!(labels(&lab.batch_until(Some(2))), ["a", "b"]);
    assert_eq!(labels(&lab.batch()), ["c"]);
}

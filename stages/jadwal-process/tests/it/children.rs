//! No zombie, no orphan; aborts and back-pressure.

use std::time::{Duration, Instant};

use jadwal_core::{Document, StageCx};
use serde_json::json;

use crate::bench::{batch, hostile, stage, unboxed, with, work};
use crate::hostile::is_alive;

/// The number of the child that worked on `doc`.
fn pid(doc: &Document) -> u64 {
    doc.extra()["plugin"].as_u64().unwrap()
}

/// Waits until no process has this number any more.
fn gone(pid: u64) -> bool {
    let limit = Instant::now() + Duration::from_secs(10);
    while is_alive(pid) && Instant::now() < limit {
        std::thread::yield_now();
    }
    !is_alive(pid)
}

#[test]
fn it_needs_no_runtime() {
    let mut stage = unboxed(stage(hostile("obey")));
    let docs = work(&mut *stage, &["pid", "x"]);
    assert_eq!(docs[1].extra()["plugin"], json!({ "seen": true }));
}

#[test]
fn dropping_the_stage_ends_its_children() {
    let mut stage = unboxed(stage(with(
        hostile("stubborn"),
        json!({ "children": 2, "batch": 1 }),
    )));
    let docs = work(&mut *stage, &["pid", "pid", "pid", "pid"]);
    assert!(is_alive(pid(&docs[0])));
    drop(stage);
    for doc in &docs {
        assert!(!is_alive(pid(doc)), "it was reaped before drop returned");
    }
}

/// Scenario: the call is dropped while a child hangs, as when the pipeline is aborted.
/// Guarantees: the hanging child is given up, and the next batch is worked on.
#[test]
fn a_call_that_was_dropped_harms_no_later_one() {
    let mut stage = unboxed(stage(with(
        hostile("obey"),
        json!({ "batch_timeout": "60s" }),
    )));
    let first = pid(&work(&mut *stage, &["pid"])[0]);
    {
        let mut batch = batch(&["silent"]);
        let cx = StageCx::inline("plugin");
        let mut call = stage.process_batch(&mut batch, &cx);
        let waker = futures::task::noop_waker();
        for _ in 0..3 {
            assert!(
                call.as_mut()
                    .poll(&mut std::task::Context::from_waker(&waker))
                    .is_pending()
            );
        }
    }
    let second = pid(&work(&mut *stage, &["pid"])[0]);
    assert_ne!(first, second);
    assert!(gone(first));
}

/// Scenario: a child is killed between two batches, from outside.
/// Guarantees: the next batch is worked on by a new one.
#[test]
fn a_child_killed_while_idle_is_replaced() {
    let mut stage = unboxed(stage(hostile("obey")));
    let first = pid(&work(&mut *stage, &["pid"])[0]);
    let process = rustix::process::Pid::from_raw(i32::try_from(first).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
    let second = pid(&work(&mut *stage, &["pid"])[0]);
    assert_ne!(first, second);
}

#[test]
fn large_documents_are_split_over_messages_and_too_large_ones_refused() {
    let large = "x".repeat(400_000);
    let mut stage = unboxed(stage(hostile("obey")));
    let docs = work(&mut *stage, &[&large, &large, &large, &large, "x"]);
    assert_eq!(docs.len(), 5);
    let mut batch = batch(&["x", &"x".repeat(2_000_000), "x"]);
    let cx = StageCx::inline("plugin");
    futures::executor::block_on(stage.process_batch(&mut batch, &cx)).unwrap();
    let results: Vec<_> = batch
        .slots
        .into_iter()
        .map(|slot| slot.into_parts().1.unwrap())
        .collect();
    assert!(results[0].is_ok() && results[2].is_ok());
    let error = results[1].as_ref().unwrap_err().to_string();
    assert_eq!(
        error,
        "the document does not fit into a message of 1048576 bytes"
    );
}

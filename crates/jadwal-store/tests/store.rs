//! The store from outside: what a commit makes true, and what survives.

use std::ops::ControlFlow;
use std::path::PathBuf;

use jadwal_core::DocumentId;
use jadwal_core::state::{
    Commit, DocumentRow, FateCounts, FileChange, FileIdentity, FileProgress, FileRow, StateRead,
    StateStore, StateWrite,
};
use jadwal_store::{MemoryStore, Store, StoreError};
use proptest::prelude::*;

fn row(seq: u64, fate: &str) -> DocumentRow {
    DocumentRow {
        id: DocumentId::of(&seq.to_be_bytes()),
        seq,
        file_path: format!("{seq}.txt"),
        record_index: 0,
        bytes: (0, 8),
        fate: fate.to_owned(),
        stage: String::new(),
        detail: String::new(),
        duplicate_of: None,
        similarity: None,
    }
}

fn file_row(delivered: u64) -> FileRow {
    FileRow {
        identity: FileIdentity {
            size: 8,
            modified_ns: 1_700_000_000_000_000_000,
            inode: 7,
        },
        progress: FileProgress::Done,
        end: None,
        counts: FateCounts {
            delivered,
            ..FateCounts::default()
        },
    }
}

fn commit(seq: u64) -> Commit {
    Commit {
        files: vec![(
            PathBuf::from(format!("/in/{seq}.txt")),
            FileChange::Set(file_row(1)),
        )],
        documents: vec![row(seq, "delivered")],
        writes: vec![StateWrite {
            stage: "dedup".into(),
            key: seq.to_be_bytes().to_vec(),
            value: Some(vec![1]),
        }],
        positions: vec![("emit".into(), vec![seq as u8])],
        resume: Some(PathBuf::from("/in/next.jsonl")),
        next_seq: seq + 1,
    }
}

#[test]
fn a_commit_is_there_after_the_store_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = Store::open(folder.path()).unwrap();
        store.commit(&commit(0)).unwrap();
        store.commit(&commit(1)).unwrap();
    }
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.file("/in/1.txt".as_ref()).unwrap(), Some(file_row(1)));
    assert_eq!(
        store.get("dedup", &0u64.to_be_bytes()).unwrap(),
        Some(vec![1])
    );
    assert_eq!(store.get("dedu", &0u64.to_be_bytes()).unwrap(), None);
    assert_eq!(store.position("emit").unwrap(), Some(vec![1]));
    assert_eq!(
        store.resume().unwrap(),
        Some(PathBuf::from("/in/next.jsonl"))
    );
    assert_eq!(store.next_seq().unwrap(), 2);
    assert_eq!(store.totals().unwrap().delivered, 2);
    assert_eq!(
        store.documents_by_id(row(1, "").id).unwrap(),
        vec![row(1, "delivered")]
    );
    let report = store.verify().unwrap();
    assert_eq!(
        (report.files, report.documents, report.stage_keys),
        (2, 2, 2)
    );
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn of_two_changes_to_one_row_the_last_one_holds() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let path = PathBuf::from("/in/a");
    let commit = Commit {
        files: vec![
            (path.clone(), FileChange::Forget),
            (path.clone(), FileChange::Set(file_row(1))),
            (path.clone(), FileChange::Set(file_row(2))),
        ],
        positions: vec![("emit".into(), vec![1]), ("emit".into(), vec![2])],
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    assert_eq!(store.file(&path).unwrap(), Some(file_row(2)));
    assert_eq!(store.position("emit").unwrap(), Some(vec![2]));
}

#[test]
fn a_held_folder_is_refused_and_says_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let _held = Store::open(folder.path()).unwrap();
    match Store::open(folder.path()) {
        Err(StoreError::Held { holder, .. }) => {
            assert_eq!(holder, format!("process {}", std::process::id()));
        }
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_forgotten_file_and_stage_are_new_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store.commit(&commit(0)).unwrap();
    assert!(store.forget_file("/in/0.txt".as_ref()).unwrap());
    assert!(!store.forget_file("/in/0.txt".as_ref()).unwrap());
    assert_eq!(store.forget_stage("dedup").unwrap(), 1);
    assert_eq!(store.get("dedup", &0u64.to_be_bytes()).unwrap(), None);
    store.compact().unwrap();
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Scenario: commits of arbitrary fates, with a reopening after each.
    /// Guarantees: the durable store says what the one in memory says, and verifies.
    #[test]
    fn the_ledger_equals_its_model(
        fates in prop::collection::vec(prop::collection::vec(0usize..3, 0..5), 1..5),
        forget in any::<bool>(),
    ) {
        let names = ["delivered", "dropped", "quarantined"];
        let folder = tempfile::tempdir().unwrap();
        let model = MemoryStore::default();
        let mut seq = 0;
        for batch in fates {
            let store = Store::open(folder.path()).unwrap();
            prop_assert_eq!(store.next_seq().unwrap(), model.next_seq().unwrap());
            let documents: Vec<_> = batch.iter().map(|fate| {
                seq += 1;
                row(seq - 1, names[*fate])
            }).collect();
            let change = if forget { FileChange::Forget } else { FileChange::Set(file_row(seq)) };
            let commit = Commit {
                files: vec![(PathBuf::from("/in/a"), change)],
                documents,
                next_seq: seq,
                ..Commit::default()
            };
            store.commit(&commit).unwrap();
            model.commit(&commit).unwrap();
        }
        let store = Store::open(folder.path()).unwrap();
        prop_assert_eq!(store.totals().unwrap(), model.totals().unwrap());
        prop_assert_eq!(store.file("/in/a".as_ref()).unwrap(), model.file("/in/a".as_ref()).unwrap());
        let mut rows = Vec::new();
        store.visit_documents::<StoreError>(|row| { rows.push(row); Ok(()) }).unwrap();
        prop_assert_eq!(rows, model.documents());
        prop_assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
    }
}

/// Keys of the stage `stage` from `keys`, as both stores give them.
fn scanned(stores: [&dyn StateStore; 2], stage: &str, keys: [&[u8]; 2]) -> Vec<Vec<u8>> {
    let [disk, memory] = stores.map(|store| {
        let mut found = Vec::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            found.push((key.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        };
        let read = store.scan(stage, keys[0]..keys[1], &mut visit);
        read.expect("the store can be read");
        found
    });
    assert_eq!(disk, memory);
    disk.into_iter().map(|(key, _)| key).collect()
}

#[test]
fn keys_are_scanned_in_order_and_forgotten_ones_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let memory = MemoryStore::default();
    let write = |stage: &str, key: &[u8], value: Option<Vec<u8>>| StateWrite {
        stage: stage.to_owned(),
        key: key.to_vec(),
        value,
    };
    let commit = |writes| {
        let commit = Commit {
            writes,
            ..Commit::default()
        };
        store.commit(&commit).unwrap();
        memory.commit(&commit).unwrap();
    };
    let keys: [&[u8]; 4] = [b"n3", b"n1", b"n2", b"o"];
    commit(keys.map(|key| write("a", key, Some(key.to_vec()))).to_vec());
    commit(vec![
        write("ab", b"n1", Some(vec![0])),
        write("a", b"n2", None),
        write("a", b"n4", Some(vec![])),
    ]);
    let both: [&dyn StateStore; 2] = [&store, &memory];
    assert_eq!(scanned(both, "a", [b"n", b"o"]), [b"n1", b"n3", b"n4"]);
    assert_eq!(scanned(both, "a", [b"n2", b"n4"]), [b"n3"]);
    assert!(scanned(both, "a", [b"o", b"n"]).is_empty());
    assert!(scanned(both, "b", [b"", b"z"]).is_empty());

    let mut first = Vec::new();
    let mut stop = |key: &[u8], _: &[u8]| {
        first.push(key.to_vec());
        ControlFlow::Break(())
    };
    store.scan("a", b"n".as_slice()..b"o", &mut stop).unwrap();
    assert_eq!(first, [b"n1"]);
    store.forget_keys("a", &[b"n3".to_vec()]).unwrap();
    assert_eq!(store.get("a", b"n3").unwrap(), None);
    assert!(store.get("a", b"n1").unwrap().is_some());
    assert_eq!(store.get("a", b"n2").unwrap(), None);
}

/// Scenario: the process was killed while it made the store for the first time.
/// Guarantees: what was left of that is no obstacle.
#[test]
fn a_store_that_was_left_half_made_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let whole = tempfile::tempdir().unwrap();
    drop(Store::open(whole.path()).unwrap());
    let files: Vec<_> = std::fs::read_dir(whole.path().join("store"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .collect();
    let partial = folder.path().join("store.new");
    for left in 0..=files.len() {
        std::fs::create_dir_all(&partial).unwrap();
        for file in &files[..left] {
            std::fs::copy(file.path(), partial.join(file.file_name())).unwrap();
        }
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.next_seq().unwrap(), 0);
        drop(store);
        assert!(!partial.exists());
        std::fs::remove_dir_all(folder.path().join("store")).unwrap();
    }
}

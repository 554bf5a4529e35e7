//! A bad file that is gone before it could be kept.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use jadwal_core::source::{
    CopyError, Intake, Item, RawBytes, Refused, Settler, Source, SourceError, SourceFile,
    Submission, Waker,
};
use jadwal_core::state::{FileIdentity, StateStore};
use jadwal_core::{BuiltStage, Document, DocumentId, Provenance};
use jadwal_runtime::{BreakerSettings, Cpu, Limits, OnError, Pipeline, PlannedStage, Quarantine};
use jadwal_store::MemoryStore;
use jadwal_testkit::Paper;

/// Submits a file that can't be read any more, between two good ones.
struct Vanishing {
    withdrawn: Arc<Withdrawn>,
}

#[derive(Default)]
struct Withdrawn(Mutex<Vec<PathBuf>>);

impl Settler for Withdrawn {
    fn settle(&self, _: &SourceFile) -> bool {
        false
    }

    fn withdraw(&self, file: &SourceFile) {
        self.0
            .lock()
            .expect("no test panics here")
            .extend(file.path.clone());
    }
}

fn place(name: &str) -> Provenance {
    Provenance {
        file_path: name.to_owned(),
        file_bytes: 1,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..1,
    }
}

fn submission(name: &str, item: Item) -> Submission {
    Submission {
        file: Arc::new(SourceFile {
            path: Some(PathBuf::from("/lab").join(name)),
            identity: FileIdentity {
                size: 1,
                modified_ns: 0,
                inode: 1,
            },
        }),
        item,
        next: None,
        end: None,
    }
}

impl Source for Vanishing {
    fn waker(&self) -> Waker {
        Arc::new(|| {})
    }

    fn settler(&self) -> Arc<dyn Settler> {
        Arc::clone(&self.withdrawn) as Arc<dyn Settler>
    }

    fn run(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        let good = |name: &str| {
            let raw = Bytes::copy_from_slice(name.as_bytes());
            Item::Document(Box::new(Document::new(raw, place(name))))
        };
        let gone = Item::Refused(Box::new(Refused {
            id: DocumentId::of(b"gone"),
            provenance: place("gone"),
            error: "too long".to_owned(),
            raw: RawBytes::Copied(Box::new(|_| Err(CopyError::Gone))),
            packed: false,
        }));
        for (name, item) in [("a", good("a")), ("gone", gone), ("b", good("b"))] {
            let permit = intake.admit(1).expect("there is room");
            assert!(intake.submit(permit, submission(name, item)));
        }
        Ok(())
    }
}

/// Scenario: a file is refused, and deleted or rewritten before its bytes could be quarantined.
/// Guarantees: it gets no fate and is let go, to be looked at anew; its neighbours are delivered.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_that_is_gone_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(MemoryStore::default());
    let paper = Paper::default();
    let withdrawn = Arc::<Withdrawn>::default();
    let stage = PlannedStage {
        when: None,
        id: "paper".to_owned(),
        built: BuiltStage::stage(paper.clone()),
        timeout: Duration::from_secs(20),
        retries: 0,
        on_error: OnError::Stop,
        sink: true,
    };
    let limits = Limits {
        batch_size: 8,
        queue: 4,
        max_documents: 8,
        max_bytes: 1 << 20,
        breaker: BreakerSettings {
            window: 0,
            share: 1.0,
        },
    };
    let source = Vanishing {
        withdrawn: Arc::clone(&withdrawn),
    };
    let quarantine = Quarantine::new(folder.path().join("quarantine"));
    let shared = Arc::clone(&store) as Arc<dyn StateStore>;
    let pipeline = Pipeline::new(
        vec![stage],
        Box::new(source),
        shared,
        quarantine.clone(),
        limits,
        Cpu::new(1),
    );
    let summary = pipeline.run().await.unwrap();
    assert_eq!(paper.lines(), ["a", "b"]);
    assert_eq!(summary.counters.withdrawn, 1);
    assert_eq!(summary.counters.quarantined, 0);
    assert_eq!(*withdrawn.0.lock().unwrap(), [PathBuf::from("/lab/gone")]);
    assert_eq!(store.file("/lab/gone".as_ref()).unwrap(), None);
    assert_eq!(store.documents().len(), 2);
    assert_eq!(store.next_seq().unwrap(), 3);
    assert!(quarantine.entries().unwrap().is_empty());
}

//! Groups go on piece by piece, and whatever the next stage does, documents that hang are noticed.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use async_trait::async_trait;
use jadwal_core::{BuiltStage, Document, Stage, StageCx, StageResult, Transform, Verdict};
use jadwal_testkit::{Lab, Scripted};

const LONG: Duration = Duration::from_secs(10);

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("spin {index}")).collect()
}

/// A sign that one thread gives and one waits for.
struct Sign(SyncSender<()>, Mutex<Receiver<()>>);

impl Sign {
    fn new() -> Self {
        let (give, wait) = sync_channel(1);
        Self(give, Mutex::new(wait))
    }

    fn wait(&self, what: &str) {
        let wait = self.1.lock();
        assert!(
            wait.is_ok_and(|wait| wait.recv_timeout(LONG).is_ok()),
            "{what}"
        );
    }
}

/// The first document waits until the last is begun, and that one for a sign.
struct HoldsUp {
    last_is_begun: Sign,
    another_went_on: Sign,
}

impl Transform for HoldsUp {
    fn apply(&self, doc: &mut Document) -> StageResult {
        match &doc.raw()[..] {
            b"spin 0" => self.last_is_begun.wait("no other was begun meanwhile"),
            b"spin 99" => {
                assert!(self.last_is_begun.0.send(()).is_ok());
                self.another_went_on.wait("the group waited for its last");
            }
            _ => {}
        }
        Ok(Verdict::Pass)
    }
}

/// Gives the sign when the document "spin 40" comes by.
struct Watches(SyncSender<()>);

#[async_trait]
impl Stage for Watches {
    async fn process(&mut self, doc: &mut Document, _: &StageCx) -> StageResult {
        if *doc.raw() == b"spin 40"[..] {
            assert!(self.0.send(()).is_ok());
        }
        Ok(Verdict::Pass)
    }
}

/// Scenario: of a hundred documents the first takes long, and then the last.
/// Guarantees: the others are computed and go on meanwhile, in order.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_takes_long_holds_up_none_before_it_and_no_other_core() {
    let texts = texts(100);
    let mut lab = Lab::with_texts(&texts);
    lab.limits.batch_size = 100;
    lab.limits.max_documents = 100;
    let holds_up = HoldsUp {
        last_is_begun: Sign::new(),
        another_went_on: Sign::new(),
    };
    let watches = Watches(holds_up.another_went_on.0.clone());
    let stages = vec![
        ("holds_up", BuiltStage::transform(holds_up)),
        ("watches", BuiltStage::stage(watches)),
    ];
    let report = lab.run(stages).await;
    assert!(report.result.is_ok(), "{:?}", report.result);
    assert_eq!(report.lines, texts);
}

/// Scenario: documents hang on all threads of the pool while the queue behind them is full of work for
/// the same threads.
/// Guarantees: they time out, the rest flow on.
#[tokio::test(flavor = "multi_thread")]
async fn hanging_documents_are_noticed_behind_a_full_queue() {
    let mut texts = texts(300);
    for hanging in [70, 71, 120, 180] {
        texts[hanging] = format!("hang {hanging}");
    }
    let mut lab = Lab::with_texts(&texts);
    lab.limits.batch_size = 100;
    lab.limits.max_documents = 200;
    lab.limits.queue = 1;
    lab.timeout = Duration::from_millis(500);
    let scripted = || BuiltStage::transform(Scripted::default());
    let report = lab
        .run(vec![("first", scripted()), ("second", scripted())])
        .await;
    assert!(report.result.is_ok(), "{:?}", report.result);
    texts.retain(|text| !text.starts_with("hang"));
    assert_eq!(report.lines, texts);
}

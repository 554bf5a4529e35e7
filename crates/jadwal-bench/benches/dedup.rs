//! What `dedup` costs for one news document of 3 kB, on one thread, with everything on: exact keys,
//! sketch, look-up, verification, and what is written.
//!
//! `cargo bench -p jadwal-bench --bench dedup` measures all; `-- index` how the cost grows with the
//! number of documents that are known.

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures::executor::block_on;
use jadwal_bench::stream::Stream;
use jadwal_core::fold::fold;
use jadwal_core::state::{Commit, StateStore};
use jadwal_core::{
    Batch, BuiltStage, Clock, Document, Fate, Settled, Slot, Stage, StageCx, StageDeps, StageSpec,
    Verdict,
};
use jadwal_dedup::{Dedup, DedupOptions, Policies, Policy};
use jadwal_store::{MemoryStore, Store};
use jiff::Timestamp;

/// Documents in flight at once, as in the default pipeline.
const BATCH: usize = 256;

/// Bytes of a document, about.
const BYTES: usize = 3000;

/// A stage with its store, and the runtime's part.
struct Lab {
    store: Arc<dyn StateStore>,
    stage: Box<dyn Stage>,
    seq: u64,
    /// Time that the stage took, without the store's commits.
    busy: Duration,
}

impl Lab {
    fn new(store: Arc<dyn StateStore>, options: DedupOptions) -> Self {
        let deps = StageDeps {
            stage: Dedup::KIND.to_owned(),
            pipeline: Arc::default(),
            state: Arc::clone(&store) as Arc<_>,
            clock: Clock::fixed(Timestamp::UNIX_EPOCH),
            base_dir: PathBuf::new(),
        };
        let built = Dedup::build(options, &deps).expect("it builds from its options");
        let BuiltStage::Stage(stage) = built else {
            panic!("`dedup` keeps state")
        };
        Self {
            store,
            stage,
            seq: 0,
            busy: Duration::ZERO,
        }
    }

    /// Offers `docs` in batches and delivers all that pass.
    fn run(&mut self, docs: Vec<Document>) {
        let mut waiting: Vec<_> = docs
            .into_iter()
            .map(|mut doc| {
                doc.set_seq(self.seq);
                self.seq += 1;
                doc
            })
            .collect();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            let slots = waiting.into_iter().map(Slot::new).collect();
            waiting = self.offer(Batch { slots });
            waiting.extend(rest);
        }
    }

    /// Offers one batch; returns the documents that wait.
    fn offer(&mut self, mut batch: Batch) -> Vec<Document> {
        let cx = StageCx::inline(Dedup::KIND);
        let begun = Instant::now();
        block_on(self.stage.process_batch(&mut batch, &cx)).expect("the store can be read");
        self.busy += begun.elapsed();
        let mut commit = Commit::default();
        let mut settled = Vec::new();
        let mut waiting = Vec::new();
        for slot in batch.slots {
            let (doc, result) = slot.into_parts();
            let fate = match result.transpose().expect("any text is taken") {
                Some(Verdict::Pass) => {
                    commit.writes.extend_from_slice(doc.delivery_writes());
                    Fate::Delivered
                }
                Some(Verdict::Drop(reason)) => Fate::Dropped(reason),
                Some(Verdict::Defer) | None => {
                    waiting.push(doc);
                    continue;
                }
            };
            let (id, seq) = (doc.id(), doc.seq());
            settled.push(Settled { id, seq, fate });
        }
        self.store
            .commit(&commit)
            .expect("the store takes a commit");
        let begun = Instant::now();
        block_on(self.stage.settled(&settled, &cx)).expect("it hears of fates");
        self.busy += begun.elapsed();
        waiting
    }
}

fn options(near: bool) -> DedupOptions {
    DedupOptions {
        policy: Policies::all(Policy::Mark),
        near,
        ..DedupOptions::default()
    }
}

fn document(text: &str) -> Document {
    Document::of_text("wire.txt", text)
}

/// Texts of a stream, each of [`BYTES`] bytes or a little less: copies stay copies.
fn texts(seed: u64, documents: usize) -> Vec<String> {
    let stream = Stream {
        seed,
        documents,
        texts: Vec::new(),
    };
    let items = stream.items().into_iter();
    let long = items.filter(|item| item.text.len() >= BYTES);
    long.map(|mut item| {
        item.text.truncate(item.text.floor_char_boundary(BYTES));
        item.text
    })
    .collect()
}

/// The stage over a stream of copies and originals, with the store in memory.
fn stream(criterion: &mut Criterion) {
    let texts = texts(11, 6000);
    let mut group = criterion.benchmark_group("dedup");
    group.sample_size(10);
    group.throughput(Throughput::Elements(texts.len() as u64));
    for (name, near) in [("exact only", false), ("near", true)] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|rounds| {
                let mut busy = Duration::ZERO;
                for _ in 0..rounds {
                    let mut lab = Lab::new(Arc::new(MemoryStore::default()), options(near));
                    lab.run(texts.iter().map(|text| document(text)).collect());
                    busy += lab.busy;
                }
                busy
            });
        });
    }
    group.bench_function("fold", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(fold(text));
            }
        });
    });
    group.finish();
}

/// A text of words that no other number has, and fast to make.
fn unlike(number: u64) -> String {
    let mut text = String::with_capacity(BYTES + 32);
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    while text.len() < BYTES {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut word = state >> 40;
        for _ in 0..5 {
            text.extend(char::from_u32(0x628 + (word % 24) as u32));
            word /= 24;
        }
        text.push(if state >> 60 == 0 { '\n' } else { ' ' });
    }
    text
}

/// How the cost of a document grows with the number of documents that are known; the store is on disk.
fn index(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dedup index");
    group.sample_size(10);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let store = Arc::new(Store::open(folder.path()).expect("the store can be made"));
    let mut lab = Lab::new(store, options(true));
    let sizes = std::env::var("JADWAL_BENCH_INDEX").ok();
    let sizes = sizes.as_deref().unwrap_or("10000,100000");
    for size in sizes
        .split(',')
        .map(|size| size.parse::<u64>().expect("a number"))
    {
        while lab.seq < size {
            let end = size.min(lab.seq + 1000);
            lab.run(
                (lab.seq..end)
                    .map(|number| document(&unlike(number)))
                    .collect(),
            );
        }
        group.throughput(Throughput::Elements(1000));
        group.bench_with_input(BenchmarkId::from_parameter(size), &size, |bencher, _| {
            bencher.iter_custom(|rounds| {
                lab.busy = Duration::ZERO;
                for _ in 0..rounds {
                    let from = lab.seq;
                    lab.run(
                        (from..from + 1000)
                            .map(|number| document(&unlike(number)))
                            .collect(),
                    );
                }
                lab.busy
            });
        });
    }
    group.finish();
}

criterion_group!(benches, stream, index);
criterion_main!(benches);

//! What a stage in a sandbox costs for one document of 5 kB with 95 annotations, on one thread.
//!
//! `cargo bench -p jadwal-bench --features component --bench component`. The guest is
//! `examples/redact-phones` (C), over a text with 95 telephone numbers, so that it answers with 95 edits;
//! `silent` is a text of the same length without any. `in_rust` is the same answer given by Rust: what
//! checking and applying 95 edits costs in any case.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jadwal_component::{Component, ComponentOptions};
use jadwal_core::guest::{Declaration, Edit, GuestFact, Reply, apply};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::{
    BuiltStage, Clock, Document, Edited, OriginMap, Provenance, StageDeps, StageSpec, Transform,
};
use jadwal_store::MemoryStore;
use jiff::Timestamp;

/// As many as the answers that the target is about.
const ANNOTATIONS: usize = 95;
const NUMBER: &str = "+974 4455 6677";

fn document(annotations: usize) -> Document {
    let mut text = String::new();
    for index in 0..ANNOTATIONS {
        let number = if index < annotations {
            NUMBER
        } else {
            "four five six."
        };
        text.push_str("The harbour office in Doha answers ");
        text.push_str(number);
        text.push_str(".\n");
    }
    let place = Provenance {
        file_path: "news/story.txt".to_owned(),
        file_bytes: text.len() as u64,
        modified: Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..text.len() as u64,
    };
    let mut doc = Document::new(Bytes::from(text.clone()), place);
    let map = OriginMap::identity(text.len());
    doc.replace_text(Edited { text, map });
    doc
}

fn component() -> Arc<dyn Transform> {
    let deps = StageDeps {
        stage: "redact".to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::new(MemoryStore::default()),
        clock: Clock::system(),
        base_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/redact-phones"),
    };
    let options = ComponentOptions {
        path: "redact_phones.wasm".into(),
        ..ComponentOptions::default()
    };
    match Component::build(options, &deps).expect("the example is a stage") {
        BuiltStage::Transform(transform) => transform,
        BuiltStage::Stage(_) => unreachable!("a component is a transform"),
    }
}

/// The same answer without a sandbox.
fn in_rust(doc: &mut Document, declaration: &Declaration) {
    let text = doc.text_handle().expect("it has a text");
    let found = text.match_indices(NUMBER).map(|(start, found)| Edit {
        start: start as u64,
        end: (start + found.len()) as u64,
        text: "[phone]".to_owned(),
    });
    let reply = Reply {
        edits: found.collect(),
        ..Reply::default()
    };
    apply(reply, doc, declaration, "redact").expect("the reply keeps the rules");
}

fn bench(criterion: &mut Criterion) {
    let (loud, silent) = (document(ANNOTATIONS), document(0));
    let bytes = loud.raw().len() as u64;
    let mut group = criterion.benchmark_group("component");
    group.throughput(Throughput::Bytes(bytes));
    let stage = component();
    let offer = |mut doc: Document| {
        stage.apply(&mut doc).expect("the example fails on nothing");
        doc
    };
    group.bench_function("annotations_95", |bencher| {
        bencher.iter_batched(
            || loud.clone(),
            |doc| black_box(offer(doc)),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("silent", |bencher| {
        bencher.iter_batched(
            || silent.clone(),
            |doc| black_box(offer(doc)),
            BatchSize::SmallInput,
        );
    });
    let declaration = Declaration {
        name: "rust".to_owned(),
        version: "1".to_owned(),
        gives: vec![GuestFact::Text],
        ..Declaration::default()
    };
    group.bench_function("in_rust", |bencher| {
        let work = |mut doc: Document| {
            in_rust(&mut doc, &declaration);
            black_box(doc)
        };
        bencher.iter_batched(|| loud.clone(), work, BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! What each stage costs for one news document of 5 kB, on one thread.
//!
//! `cargo bench -p jadwal-bench` measures all; `-- clean` those whose name has that in it.

use std::hint::black_box;
use std::sync::Arc;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use jadwal_bench::corpus::{Corpus, Language, whole_file};
use jadwal_clean::Clean;
use jadwal_core::fold::fold;
use jadwal_core::spec::PipelineInfo;
use jadwal_core::{Clock, Document, Edited, OriginMap, StageSpec, TextEditor, Transform, Verdict};
use jadwal_detect_language::DetectLanguage;
use jadwal_emit::RecordBuilder;
use jadwal_extract_entities::ExtractEntities;
use jadwal_testkit::built_transform;
use jiff::Timestamp;

const LANGUAGES: [Language; 2] = [Language::Arabic, Language::English];

/// Documents of one kind: more than one, so that no branch is learnt by heart.
const DOCUMENTS: u64 = 16;

/// What each document is named.
const FILE: &str = "news/story.txt";

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn documents(language: Language) -> Vec<Document> {
    let texts = Corpus::of(language, true).texts(DOCUMENTS).into_iter();
    texts.map(|text| whole_file(FILE, text)).collect()
}

fn built<S: StageSpec>() -> Arc<dyn Transform> {
    built_transform::<S>(S::Options::default())
}

/// Returns the documents after `stage`.
fn after(stage: &dyn Transform, mut docs: Vec<Document>) -> Vec<Document> {
    for doc in &mut docs {
        let verdict = stage.apply(doc).expect("the corpus is good");
        assert_eq!(verdict, Verdict::Pass);
    }
    docs
}

fn bytes_of(docs: &[Document]) -> Throughput {
    let bytes: usize = docs.iter().map(|doc| doc.raw().len()).sum();
    Throughput::Bytes(bytes as u64)
}

/// Measures `stage` over all of `docs`.
fn measure(group: &mut Group<'_>, name: &str, stage: &dyn Transform, docs: &[Document]) {
    group.throughput(bytes_of(docs));
    group.bench_function(name, |bencher| {
        bencher.iter_batched_ref(
            || docs.to_vec(),
            |docs| {
                for doc in docs {
                    black_box(stage.apply(doc)).expect("the corpus is good");
                }
            },
            BatchSize::SmallInput,
        );
    });
}

fn transforms(criterion: &mut Criterion) {
    let clean = built::<Clean>();
    let detect = built::<DetectLanguage>();
    let extract = built::<ExtractEntities>();
    for language in LANGUAGES {
        let raw = documents(language);
        let cleaned = after(&*clean, raw.clone());
        let tagged = after(&*detect, cleaned.clone());
        let mut group = criterion.benchmark_group(format!("stages/{language}"));
        measure(&mut group, "clean", &*clean, &raw);
        measure(&mut group, "detect_language", &*detect, &cleaned);
        measure(&mut group, "extract_entities", &*extract, &tagged);
        group.finish();
    }
}

/// The two halves of dedup's key: folding and hashing.
fn dedup_keys(criterion: &mut Criterion) {
    for language in LANGUAGES {
        let docs = after(&*built::<Clean>(), documents(language));
        let mut group = criterion.benchmark_group(format!("stages/{language}"));
        group.throughput(bytes_of(&docs));
        group.bench_function("dedup fold and hash", |bencher| {
            bencher.iter(|| {
                for doc in &docs {
                    let text = doc.text().expect("it was cleaned");
                    black_box(blake3::hash(fold(text).as_bytes()));
                }
            });
        });
        group.finish();
    }
}

fn records(criterion: &mut Criterion) {
    let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
    let builder = RecordBuilder::new(Arc::new(PipelineInfo::default()), clock);
    for language in LANGUAGES {
        let docs = after(&*built::<Clean>(), documents(language));
        let docs = after(&*built::<DetectLanguage>(), docs);
        let docs = after(&*built::<ExtractEntities>(), docs);
        let mut group = criterion.benchmark_group(format!("stages/{language}"));
        group.throughput(bytes_of(&docs));
        let mut lines = Vec::new();
        group.bench_function("emit record", |bencher| {
            bencher.iter(|| {
                lines.clear();
                for doc in &docs {
                    let record = builder.record(doc).expect("facts fit the text");
                    serde_json::to_writer(&mut lines, &record).expect("memory can be written");
                }
                black_box(lines.len())
            });
        });
        group.finish();
    }
}

/// A text that is edited every few words, over one that was decoded from a single-byte encoding.
fn origin_maps(criterion: &mut Criterion) {
    let mut decoded = OriginMap::default();
    for word in 0..800 {
        decoded.push(2, word * 6, 1, 5);
        decoded.push(1, word * 6 + 5, 1, 1);
    }
    let text = "كلمات ".repeat(800);
    assert_eq!(decoded.text_len(), text.len());
    let once = every(&text, 40);
    let twice = every(&once.text, 56);
    let inner = once.map.compose(&decoded);
    let mut group = criterion.benchmark_group("origin map");
    group.throughput(Throughput::Bytes(twice.text.len() as u64));
    group.bench_function("compose", |bencher| {
        bencher.iter(|| black_box(&twice.map).compose(black_box(&inner)));
    });
    group.bench_function("look up each word", |bencher| {
        let map = twice.map.compose(&inner);
        bencher.iter(|| {
            for start in (0..map.text_len()).step_by(11) {
                black_box(map.source_range(start..start + 10));
            }
        });
    });
    group.finish();
}

/// Cuts the first blank after every `step` bytes out of `text`.
fn every(text: &str, step: usize) -> Edited {
    let mut editor = TextEditor::new(text);
    let mut next = step;
    for (at, blank) in text.match_indices(' ') {
        if at >= next {
            editor.remove(at..at + blank.len());
            next = at + step;
        }
    }
    editor.finish()
}

criterion_group!(benches, transforms, dedup_keys, records, origin_maps);
criterion_main!(benches);

//! Tokens a second of the trained taggers and of the whole stage on one thread, beside a floor of the same run.
//!
//! A token is a word or a number between blanks. The floor hashes each of them and looks nothing up. The
//! stage is patterns, tables, tagger and document pass, with the making of the document.
//! `cargo bench -p jadwal-bench --bench entities` measures all; `-- ar` those whose name has that in it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jadwal_bench::corpus::{Corpus, Language};
use jadwal_core::Document;
use jadwal_core::facts::Language as FoundLanguage;
use jadwal_extract_entities::{ExtractEntities, ExtractEntitiesOptions, Taggers};
use jadwal_testkit::built_transform;

/// Documents of one language.
const DOCUMENTS: u64 = 64;

fn texts(language: Language) -> Vec<String> {
    Corpus::of(language, false).texts(DOCUMENTS)
}

fn floor(text: &str) -> u64 {
    let hashes = text.split_whitespace().map(|token| {
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        hasher.finish()
    });
    hashes.fold(0, |all, hash| all ^ hash)
}

fn taggers(criterion: &mut Criterion) {
    let taggers = Taggers::new();
    for (tag, language) in [("ar", Language::Arabic), ("en", Language::English)] {
        let texts = texts(language);
        let tagger = taggers.for_language(tag).expect("the language has a model");
        let bias = tagger.biases()[1];
        let tokens: usize = texts
            .iter()
            .map(|text| text.split_whitespace().count())
            .sum();
        let mut group = criterion.benchmark_group(format!("entities/{tag}"));
        group.throughput(Throughput::Elements(tokens as u64));
        group.bench_function("floor", |bencher| {
            bencher.iter(|| {
                texts
                    .iter()
                    .fold(0, |all, text| all ^ floor(black_box(text)))
            });
        });
        group.bench_function("tagger", |bencher| {
            let mut spans = Vec::new();
            bencher.iter(|| {
                for text in &texts {
                    spans.clear();
                    tagger.tag(black_box(text), 0..text.len(), bias, &mut spans);
                }
                spans.len()
            });
        });
        let stage = built_transform::<ExtractEntities>(ExtractEntitiesOptions::default());
        group.bench_function("stage", |bencher| {
            bencher.iter(|| {
                let found = |text: &String| {
                    let mut document = Document::of_text("bench.txt", black_box(text));
                    document.facts_mut().language = Some(FoundLanguage {
                        tag: tag.to_owned(),
                        script: String::new(),
                        score: 1.0,
                    });
                    stage.apply(&mut document).expect("no text is refused");
                    document.facts().entities.len()
                };
                texts.iter().map(found).sum::<usize>()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, taggers);
criterion_main!(benches);

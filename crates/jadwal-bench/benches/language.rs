//! The language detector beside whatlang: single sentences and documents of 5 kB, on one thread.
//!
//! `cargo bench -p jadwal-bench --bench language`. With the feature `lid176` and a fastText model in
//! the environment variable `LID176` that one runs too. whatlang knows 69 languages, and of those in
//! Arabic script three; what each gets right is told by `jadwal-bench eval language`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jadwal_bench::corpus::{Corpus, Language};
use jadwal_detect_language::detector::{Detector, NgramDetector};

const DOCUMENTS: u64 = 64;

fn documents(language: Language) -> Vec<String> {
    Corpus::of(language, false).texts(DOCUMENTS)
}

fn sentences(documents: &[String]) -> Vec<String> {
    let lines = documents.iter().flat_map(|text| text.lines());
    let pieces = lines.flat_map(|line| line.split_inclusive(['.', '؟', '!']));
    let sentences = pieces.map(str::trim).filter(|piece| piece.len() > 40);
    sentences.map(str::to_owned).collect()
}

/// Something that reads a text.
type Reader = Box<dyn Fn(&str)>;

fn readers() -> Vec<(&'static str, Reader)> {
    let detector = NgramDetector::builtin(&[]).expect("the model is whole");
    #[allow(unused_mut, reason = "added to with the feature `lid176` only")]
    let mut readers: Vec<(&'static str, Reader)> = vec![
        (
            "jadwal",
            Box::new(move |text| {
                black_box(detector.detect(&[text]));
            }),
        ),
        (
            "whatlang",
            Box::new(|text| {
                black_box(whatlang::detect(text));
            }),
        ),
    ];
    #[cfg(feature = "lid176")]
    if let Some(path) = std::env::var_os("LID176") {
        let model = jadwal_detect_language::peers::Lid176Detector::load(path.as_ref());
        let model = model.expect("LID176 names a fastText model");
        readers.push((
            "lid176",
            Box::new(move |text| {
                black_box(model.detect(&[text]));
            }),
        ));
    }
    readers
}

fn language(criterion: &mut Criterion) {
    for language in [Language::Arabic, Language::English] {
        let documents = documents(language);
        let sentences = sentences(&documents);
        for (kind, texts) in [("sentences", &sentences), ("documents", &documents)] {
            let mut group = criterion.benchmark_group(format!("{kind}/{language}"));
            let bytes: usize = texts.iter().map(String::len).sum();
            group.throughput(Throughput::Bytes(bytes as u64));
            for (name, read) in readers() {
                group.bench_function(name, |bencher| {
                    bencher.iter(|| texts.iter().for_each(|text| read(text)));
                });
            }
        }
    }
}

criterion_group!(benches, language);
criterion_main!(benches);

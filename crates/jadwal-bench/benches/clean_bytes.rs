//! What the steps of clean that look at bytes and characters cost for news of 5 kB, on one thread.
//!
//! Each step is measured on top of a run with every switch off, so that the difference is its own;
//! decoding is measured alone, over UTF-8 and the encodings that have to be found out. The floor is
//! a copy of the bytes that are known to be UTF-8.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jadwal_bench::corpus::{Corpus, Language, whole_file};
use jadwal_clean::decode::decode;
use jadwal_clean::{Chrome, Clean, CleanOptions, Html};
use jadwal_core::{Document, Transform};

/// Documents of one kind: more than one, so that no branch is learnt by heart.
const DOCUMENTS: u64 = 16;

fn texts(language: Language) -> Vec<String> {
    Corpus::of(language, true).texts(DOCUMENTS)
}

fn size<T: AsRef<[u8]>>(inputs: &[T]) -> Throughput {
    let bytes: usize = inputs.iter().map(|input| input.as_ref().len()).sum();
    Throughput::Bytes(bytes as u64)
}

/// Every step off.
fn off() -> CleanOptions {
    CleanOptions {
        mojibake: false,
        html: Html::Never,
        controls: false,
        unicode: false,
        join_lines: false,
        chrome: Chrome::Keep,
        metadata: false,
        whitespace: false,
        ..CleanOptions::default()
    }
}

/// What is measured: all switches off, each step alone, the default.
fn runs() -> [(&'static str, CleanOptions); 7] {
    let with = |change: fn(&mut CleanOptions)| {
        let mut options = off();
        change(&mut options);
        options
    };
    [
        ("off", off()),
        ("mojibake", with(|options| options.mojibake = true)),
        ("controls", with(|options| options.controls = true)),
        ("unicode", with(|options| options.unicode = true)),
        ("lines", with(|options| options.join_lines = true)),
        ("whitespace", with(|options| options.whitespace = true)),
        ("all", CleanOptions::default()),
    ]
}

fn steps(criterion: &mut Criterion) {
    let runs = runs();
    for language in [Language::Arabic, Language::French] {
        let texts = texts(language);
        let docs: Vec<Document> = {
            let texts = texts.iter().cloned();
            texts
                .map(|text| whole_file("news/story.txt", text))
                .collect()
        };
        let mut group = criterion.benchmark_group(format!("clean steps/{language}"));
        group.throughput(size(&texts));
        group.bench_function("floor: copy of known UTF-8", |bencher| {
            bencher.iter(|| {
                for text in &texts {
                    let text = std::str::from_utf8(text.as_bytes()).expect("it is UTF-8");
                    black_box(text.to_owned());
                }
            });
        });
        for (name, options) in &runs {
            let stage = Clean::new(options.clone());
            group.bench_function(*name, |bencher| {
                bencher.iter_batched_ref(
                    || docs.clone(),
                    |docs| {
                        for doc in docs {
                            black_box(stage.apply(doc)).expect("the corpus is good");
                        }
                    },
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
    }
}

/// Bytes of the corpus in encodings that no mark names.
fn encodings(criterion: &mut Criterion) {
    let texts = texts(Language::Arabic);
    let utf16 = |text: &String| -> Vec<u8> {
        let units = text.encode_utf16();
        units.flat_map(u16::to_le_bytes).collect()
    };
    let damaged = |text: &String| -> Vec<u8> {
        let mut raw = text.clone().into_bytes();
        let middle = raw.len() / 2;
        raw.insert(middle, 0xFF);
        raw
    };
    let windows = |text: &String| encode_windows_1256(text);
    let inputs: [(&str, Vec<Vec<u8>>); 4] = [
        (
            "utf-8",
            texts.iter().map(|text| text.clone().into_bytes()).collect(),
        ),
        ("utf-8, a bad byte", texts.iter().map(damaged).collect()),
        ("utf-16le, no mark", texts.iter().map(utf16).collect()),
        ("windows-1256", texts.iter().map(windows).collect()),
    ];
    let mut group = criterion.benchmark_group("clean decode/ar");
    for (name, raws) in &inputs {
        group.throughput(size(raws));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                for raw in raws {
                    black_box(decode(raw)).expect("it is text");
                }
            });
        });
    }
    group.finish();
}

/// Writes the letters and marks of news in Windows-1256; what it lacks becomes a question mark.
fn encode_windows_1256(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ءآأؤإئابةتثجحخدذرزسشصض×طظعغـفقك";
    let byte = |character: char| match character {
        '\0'..='\x7F' => character as u8,
        'ل' => 0xE1,
        'م' => 0xE3,
        'ن' => 0xE4,
        'ه' => 0xE5,
        'و' => 0xE6,
        'ى' => 0xEC,
        'ي' => 0xED,
        '،' => 0xA1,
        '؛' => 0xBA,
        '؟' => 0xBF,
        '«' => 0xAB,
        '»' => 0xBB,
        _ => LETTERS
            .chars()
            .position(|letter| letter == character)
            .map_or(b'?', |place| 0xC1 + place as u8),
    };
    text.chars().map(byte).collect()
}

criterion_group!(benches, steps, encodings);
criterion_main!(benches);

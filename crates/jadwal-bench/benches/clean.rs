//! What `clean` costs on one thread, beside floors: texts as they were scraped, whole pages as lines,
//! and pages of markup, which `dom_smoothie` alone reads too.
//!
//! `cargo bench -p jadwal-bench --bench clean` measures all.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use dom_smoothie::Readability;
use jadwal_bench::corpus::{Corpus, Language, whole_file};
use jadwal_clean::{Clean, CleanOptions};
use jadwal_core::{Document, Transform};

const LANGUAGES: [Language; 2] = [Language::Arabic, Language::English];

/// Documents of one kind: more than one, so that no branch is learnt by heart.
const DOCUMENTS: u64 = 16;

/// Entries of a page's menus and lists.
const ENTRIES: usize = 120;

fn texts(language: Language) -> Vec<String> {
    Corpus::of(language, true).texts(DOCUMENTS)
}

/// The first words of the text's lines, as menus and lists of other articles have them.
fn entries(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let entry = |(index, line): (usize, &str)| {
        let words: Vec<_> = line.split_whitespace().take(1 + index * 5 % 9).collect();
        words.join(" ")
    };
    lines.cycle().enumerate().map(entry).take(ENTRIES).collect()
}

/// The text with the lines of a page around it.
fn as_lines(text: &str) -> String {
    let entries = entries(text).join("\n");
    format!("{entries}\n{text}\n{entries}\n")
}

/// The text as a page of markup.
fn as_markup(text: &str) -> String {
    let item = |entry: &String| {
        format!(
            "<li class=\"menu-item menu-item-type-custom\"><a href=\"/section/page.html\" title=\"\">{entry}</a></li>\n"
        )
    };
    let list: String = entries(text).iter().map(item).collect();
    let paragraphs: String = text
        .lines()
        .map(|line| format!("<p class=\"text\">{line}</p>\n"))
        .collect();
    format!(
        "<!DOCTYPE html><html><head><title>A page</title></head><body><nav><ul>{list}</ul></nav>\
         <div class=\"article\">{paragraphs}</div><div class=\"more\"><ul>{list}</ul></div></body></html>"
    )
}

fn documents(name: &str, texts: &[String]) -> Vec<Document> {
    let texts = texts.iter().cloned();
    texts.map(|text| whole_file(name, text)).collect()
}

fn clean(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, file: &str, texts: &[String]) {
    let stage = Clean::new(CleanOptions::default());
    let docs = documents(file, texts);
    group.throughput(bytes_of(texts));
    group.bench_function(name, |bencher| {
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

fn bytes_of(texts: &[String]) -> Throughput {
    Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum())
}

fn all(criterion: &mut Criterion) {
    for language in LANGUAGES {
        let texts = texts(language);
        let lines: Vec<String> = texts.iter().map(|text| as_lines(text)).collect();
        let pages: Vec<String> = texts.iter().map(|text| as_markup(text)).collect();
        let mut group = criterion.benchmark_group(format!("clean/{language}"));
        clean(&mut group, "text", "a.txt", &texts);
        clean(&mut group, "page as lines", "a.txt", &lines);
        clean(&mut group, "page", "a.html", &pages);
        group.bench_function("page, dom_smoothie alone", |bencher| {
            bencher.iter(|| {
                for page in &pages {
                    let article =
                        Readability::new(page.as_str(), None, None).and_then(|mut r| r.parse());
                    black_box(article.is_ok());
                }
            });
        });
        group.throughput(bytes_of(&texts));
        group.bench_function("text, floor: hash", |bencher| {
            bencher.iter(|| {
                for text in &texts {
                    black_box(blake3::hash(text.as_bytes()));
                }
            });
        });
        group.finish();
    }
}

criterion_group!(benches, all);
criterion_main!(benches);

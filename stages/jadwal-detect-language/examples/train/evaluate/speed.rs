//! Time: to load, for a sentence, for Arabic text, for a document with its segments.

use std::error::Error;
use std::time::{Duration, Instant};

use jadwal_core::Transform;
use jadwal_detect_language::detector::{Detector, NgramDetector};
use jadwal_detect_language::model::parse;
use jadwal_detect_language::naming::Naming;
use jadwal_detect_language::{DetectLanguageOptions, LanguageTagger};

use super::{Held, document};

const PASSES: usize = 5;
const DOCUMENTS: usize = 400;

/// Returns the detector, and prints how long that took.
pub(crate) fn loaded(file: &'static [u8]) -> Result<NgramDetector, Box<dyn Error>> {
    let started = Instant::now();
    let detector = NgramDetector::new(parse(file)?, Naming::default());
    let load = started.elapsed();
    println!("model: {} bytes, loaded in {load:.1?}", file.len());
    Ok(detector)
}

/// Prints sentences, Arabic text and documents a second, on one thread, the best of five passes.
pub(crate) fn print_tables(
    held: &Held,
    detector: &NgramDetector,
    file: &'static [u8],
) -> Result<(), Box<dyn Error>> {
    println!("\nspeed, one thread");
    let all: Vec<&String> = held.values().flatten().collect();
    let arabic: Vec<&String> = held["ar"].iter().collect();
    for (name, texts) in [("all sentences", all), ("Arabic sentences", arabic)] {
        let took = fastest(|| {
            for text in &texts {
                std::hint::black_box(detector.detect(&[text]));
            }
        });
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let seconds = took.as_secs_f64();
        println!(
            "{name:>24} {:8.0} sentences/s {:6.1} MB/s",
            texts.len() as f64 / seconds,
            bytes as f64 / seconds / 1e6
        );
    }
    for tag in ["ar", "fa", "en", "fr"] {
        time_documents(tag, &held[tag], file)?;
    }
    Ok(())
}

fn fastest(mut run: impl FnMut()) -> Duration {
    let one = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..PASSES).map(one).min().unwrap_or_default()
}

/// Prints how many documents of 5 kB the whole stage tags in a second, segments included, and how many
/// of them, all in one language, it takes for mixed.
fn time_documents(
    tag: &str,
    sentences: &[String],
    file: &'static [u8],
) -> Result<(), Box<dyn Error>> {
    let detector = NgramDetector::new(parse(file)?, Naming::default());
    let tagger = LanguageTagger::new(DetectLanguageOptions::default(), Box::new(detector));
    let documents: Vec<_> = (0..DOCUMENTS)
        .map(|first| document(&page(sentences, first)))
        .collect();
    let started = Instant::now();
    let (mut named, mut split) = (0, 0);
    for mut doc in documents {
        tagger.apply(&mut doc).map_err(|error| error.to_string())?;
        let facts = doc.facts();
        named += usize::from(facts.language.as_ref().is_some_and(|one| one.tag == tag));
        split += usize::from(facts.segments.len() > 1);
    }
    let rate = DOCUMENTS as f64 / started.elapsed().as_secs_f64();
    println!(
        "{tag:>24} {rate:8.0} documents of 5 kB a second with segments; of {DOCUMENTS} {named} \
         named right, {split} with a segment in another language"
    );
    Ok(())
}

/// Returns 5 kB of sentences from the one with number `first` on.
fn page(sentences: &[String], first: usize) -> String {
    let mut text = String::new();
    for sentence in sentences.iter().cycle().skip(first) {
        text.push_str(sentence);
        text.push('\n');
        if text.len() >= 5000 {
            break;
        }
    }
    text
}

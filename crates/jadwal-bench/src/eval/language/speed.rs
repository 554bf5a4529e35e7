//! Time: to load, for a sentence, for Arabic text, for a document with its segments.
//!
//! Times are of the processor, for others use the machine too. They still drift, so each is told
//! beside the time of a floor: counting the characters of the same text that are letters.

use std::hint::black_box;
use std::io::Write;
use std::time::Duration;

use anyhow::{Result, anyhow};
use jadwal_core::{Document, Transform};
use jadwal_detect_language::detector::{Detector, NgramDetector};
use jadwal_detect_language::model::Group;
use rustix::time::{ClockId, clock_gettime};

use super::Model;
use super::held::Held;

const PASSES: usize = 5;
const DOCUMENTS: usize = 400;

/// Returns the detector, and writes how long that took.
pub(super) fn loaded(model: &Model, out: &mut dyn Write) -> Result<NgramDetector> {
    let started = processor_time();
    let detector = model.detector()?;
    let load = processor_time().saturating_sub(started);
    let close = |group: &Group| group.close.iter().map(|set| set.table.len()).sum::<usize>();
    let tables = model.groups.iter();
    let bytes: usize = tables.map(|group| group.table.len() + close(group)).sum();
    writeln!(
        out,
        "Model with tables of {bytes} bytes, loaded in {load:.1?}."
    )?;
    Ok(detector)
}

/// Writes sentences, Arabic text and documents a second, on one thread, the best of five passes.
pub(super) fn write_tables(
    held: &Held,
    detector: &NgramDetector,
    model: &Model,
    out: &mut dyn Write,
) -> Result<()> {
    writeln!(
        out,
        "\n## Speed, processor time of one thread, the best of {PASSES} passes\n"
    )?;
    writeln!(
        out,
        "| text | sentences/s | MB/s | times the floor |\n|---|--:|--:|--:|"
    )?;
    let rows = held.tags().into_values().flatten();
    let all: Vec<&str> = rows.map(|row| row.text.as_str()).collect();
    for (name, texts) in [("all languages", all), ("Arabic", held.texts("ar"))] {
        let took = fastest(|| {
            for text in &texts {
                black_box(detector.detect(&[text]));
            }
        });
        let floor = fastest(|| {
            for text in &texts {
                black_box(text.chars().filter(|letter| letter.is_alphabetic()).count());
            }
        });
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let seconds = took.as_secs_f64();
        writeln!(
            out,
            "| {name} | {:.0} | {:.1} | {:.1} |",
            texts.len() as f64 / seconds,
            bytes as f64 / seconds / 1e6,
            seconds / floor.as_secs_f64()
        )?;
    }
    writeln!(
        out,
        "\n| 5 kB documents, with segments | documents/s | named right | with a segment in another language |"
    )?;
    writeln!(out, "|---|--:|--:|--:|")?;
    for tag in ["ar", "fa", "en", "fr"] {
        time_documents(tag, &held.texts(tag), model, out)?;
    }
    Ok(())
}

/// Returns how long this thread had a processor so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn fastest(mut run: impl FnMut()) -> Duration {
    let one = |_| {
        let started = processor_time();
        run();
        processor_time().saturating_sub(started)
    };
    (0..PASSES).map(one).min().unwrap_or_default()
}

/// Writes how many documents of 5 kB the whole stage tags in a second, segments included, and how many
/// of them, all in one language, it takes for mixed.
fn time_documents(tag: &str, sentences: &[&str], model: &Model, out: &mut dyn Write) -> Result<()> {
    let tagger = model.tagger();
    let documents: Vec<_> = (0..DOCUMENTS)
        .map(|first| Document::of_text("a.txt", &page(sentences, first)))
        .collect();
    let started = processor_time();
    let (mut named, mut split) = (0, 0);
    for mut doc in documents {
        tagger.apply(&mut doc).map_err(|error| anyhow!("{error}"))?;
        let facts = doc.facts();
        named += usize::from(facts.language.as_ref().is_some_and(|one| one.tag == tag));
        split += usize::from(facts.segments.len() > 1);
    }
    let took = processor_time().saturating_sub(started);
    let rate = DOCUMENTS as f64 / took.as_secs_f64();
    writeln!(
        out,
        "| {tag} | {rate:.0} | {named} of {DOCUMENTS} | {split} |"
    )?;
    Ok(())
}

/// Returns 5 kB of sentences from the one with number `first` on.
fn page(sentences: &[&str], first: usize) -> String {
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

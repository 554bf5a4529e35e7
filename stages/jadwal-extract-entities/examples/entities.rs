//! Prints the entities of text files, or with `--speed` how fast they are found.
//!
//! `cargo run --release -p jadwal-extract-entities --example entities -- article.txt`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::time::Instant;

use jadwal_core::Transform;
use jadwal_core::document::Document;
use jadwal_extract_entities::{ExtractEntities, ExtractEntitiesOptions};
use jadwal_testkit::built_transform;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<_> = std::env::args().skip(1).collect();
    let speed = paths.first().is_some_and(|first| first == "--speed");
    paths.drain(..usize::from(speed));
    let started = Instant::now();
    let transform = built_transform::<ExtractEntities>(ExtractEntitiesOptions::default());
    if speed {
        println!(
            "built in {:.1} ms",
            started.elapsed().as_secs_f64() * 1000.0
        );
    }
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        if speed {
            measure(transform.as_ref(), &text)?;
        } else {
            println!("== {path}");
            show(transform.as_ref(), &text)?;
        }
    }
    Ok(())
}

fn show(transform: &dyn Transform, text: &str) -> Result<(), Box<dyn Error>> {
    let mut doc = Document::of_text("example.txt", text);
    transform.apply(&mut doc)?;
    for (index, entity) in doc.facts().entities.iter().enumerate() {
        let mention = entity
            .mention_of
            .map_or(String::new(), |of| format!("= {of}"));
        println!(
            "{index:3} {:?} {:5?} {:?} norm={} link={} score={} {mention}",
            entity.range,
            entity.label,
            &text[entity.range.clone()],
            entity.norm,
            entity.link,
            entity.score,
        );
    }
    for (stage, extra) in doc.extra() {
        println!("{stage}: {}", serde_json::to_string_pretty(extra)?);
    }
    Ok(())
}

/// Runs over a document again and again for a second or so.
fn measure(transform: &dyn Transform, text: &str) -> Result<(), Box<dyn Error>> {
    let mut doc = Document::of_text("example.txt", text);
    let rounds = 8_000_000 / text.len().max(1) + 1;
    let mut best = f64::MAX;
    for _ in 0..10 {
        let started = Instant::now();
        for _ in 0..rounds {
            transform.apply(&mut doc)?;
        }
        best = best.min(started.elapsed().as_secs_f64());
    }
    let megabytes = (rounds * text.len()) as f64 / 1e6;
    println!(
        "{:.0} MB/s, {:.1} us a document, {} entities in {} bytes",
        megabytes / best,
        best / rounds as f64 * 1e6,
        doc.facts().entities.len(),
        text.len()
    );
    Ok(())
}

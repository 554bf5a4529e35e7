//! How many documents go through in a second: the floor, the engine alone, the full pipeline, in turn.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::corpus::Corpus;
use crate::floor;
use crate::place::{Counters, Place, Settings, Stages};
use crate::process;
use crate::report::{self, Report, Row, median};

/// What is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Documents in the corpus
    #[arg(long, default_value_t = 20_000)]
    pub documents: u64,
    /// What the documents are like.
    #[command(flatten)]
    pub generated: Corpus,
    /// Measure over this folder of files instead, one document a file
    #[arg(long, value_name = "DIR", conflicts_with = "scale")]
    pub corpus: Option<PathBuf>,
    /// Measure several sizes, to see whether time grows with the corpus and no faster
    #[arg(long, value_delimiter = ',', value_name = "N,N,…")]
    pub scale: Vec<u64>,
    /// What is measured beside the floor
    #[arg(long, value_enum, value_delimiter = ',', default_value = "engine,full")]
    pub stages: Vec<Stages>,
    /// Threads that compute; 0 is one per core
    #[arg(long, default_value_t = 0)]
    pub workers: u32,
    /// Rounds; each measures everything once
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
}

/// What one thing did, over all rounds.
#[derive(Clone, Debug, Serialize)]
pub struct Throughput {
    /// `floor`, `engine` or `full`.
    pub what: &'static str,
    /// Documents of the corpus.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Wall clock of each round, in seconds.
    pub seconds: Vec<f64>,
    /// Median over the rounds.
    pub documents_per_second: f64,
    /// Median over the rounds, in 10^6 bytes.
    pub megabytes_per_second: f64,
    /// Median over the rounds of the time in relation to the floor's time in the same round.
    pub times_floor: f64,
    /// Median over the rounds, in seconds, all threads.
    pub cpu_seconds: f64,
    /// The most over the rounds; none for the floor, which runs in this process.
    pub peak_memory_bytes: Option<u64>,
    /// How documents ended, in the last round.
    pub counters: Option<Counters>,
}

impl Row for Throughput {
    const COLUMNS: &'static [&'static str] = &[
        "documents",
        "what",
        "documents/s",
        "MB/s",
        "× floor",
        "µs a document",
        "CPU s",
        "peak memory",
        "delivered",
    ];

    fn cells(&self) -> Vec<String> {
        let none = || "–".to_owned();
        vec![
            self.documents.to_string(),
            self.what.to_owned(),
            format!("{:.0}", self.documents_per_second),
            format!("{:.1}", self.megabytes_per_second),
            format!("{:.2}", self.times_floor),
            format!("{:.0}", 1e6 / self.documents_per_second),
            format!("{:.2}", self.cpu_seconds),
            self.peak_memory_bytes.map_or_else(none, report::bytes),
            self.counters
                .as_ref()
                .map_or_else(none, |counters| counters.delivered.to_string()),
        ]
    }
}

/// One measurement of one thing.
struct Sample {
    seconds: f64,
    cpu: f64,
    peak_memory: Option<u64>,
    counters: Option<Counters>,
}

/// Measures.
///
/// # Errors
/// When something fails, or not every document came out.
pub fn run(options: &Options, place: &Place) -> Result<Report<Throughput>> {
    let mut results = Vec::new();
    if let Some(corpus) = &options.corpus {
        let corpus = std::path::absolute(corpus).context("failed to find the corpus")?;
        results.extend(measure(options, place, &corpus)?);
    } else {
        let mut sizes = options.scale.clone();
        sizes.sort_unstable();
        if sizes.is_empty() {
            sizes.push(options.documents);
        }
        let mut written = 0;
        for size in sizes {
            eprintln!("writing documents {written} to {size}");
            options
                .generated
                .write(&place.inbox(), written..size)
                .context("failed to write the corpus")?;
            written = size;
            results.extend(measure(options, place, &place.inbox())?);
        }
    }
    let mut notes = notes(options);
    notes.extend(results.iter().filter_map(stage_times));
    Ok(Report::new(results, notes))
}

fn notes(options: &Options) -> Vec<String> {
    vec![
        format!(
            "medians of {} rounds; files in the page cache; {} workers (0: one per core)",
            options.runs, options.workers
        ),
        "floor: one thread lists, reads, hashes (BLAKE3) and writes one JSON line a file, with one \
         sync at the end"
            .to_owned(),
        "engine: `emit` alone; full: the default pipeline; each a process of its own with an empty \
         state, from start to exit"
            .to_owned(),
    ]
}

/// Tells how long each stage was busy, by document.
fn stage_times(result: &Throughput) -> Option<String> {
    let counters = result.counters.as_ref()?;
    let times = counters.stages.iter().map(|stage| {
        let each = stage.busy_ms as f64 * 1000.0 / result.documents as f64;
        format!("{} {each:.0}", stage.stage)
    });
    let times: Vec<String> = times.collect();
    Some(format!(
        "{} over {} documents, busy µs a document: {}",
        result.what,
        result.documents,
        times.join(", ")
    ))
}

/// Measures everything over one corpus, in rounds.
fn measure(options: &Options, place: &Place, corpus: &Path) -> Result<Vec<Throughput>> {
    let mut floors = Vec::new();
    let mut others: Vec<Vec<Sample>> = options.stages.iter().map(|_| Vec::new()).collect();
    let mut size = (0, 0);
    for round in 1..=options.runs {
        let (floor, documents, bytes) = measure_floor(place, corpus)?;
        eprintln!("round {round}: floor {:.2} s", floor.seconds);
        size = (documents, bytes);
        floors.push(floor);
        for (stages, samples) in options.stages.iter().zip(&mut others) {
            let sample = measure_stages(options, place, corpus, *stages, documents)?;
            eprintln!("round {round}: {} {:.2} s", name(*stages), sample.seconds);
            samples.push(sample);
        }
    }
    let mut results = vec![summary("floor", size, &floors, &floors)];
    for (stages, samples) in options.stages.iter().zip(&others) {
        results.push(summary(name(*stages), size, samples, &floors));
    }
    Ok(results)
}

fn name(stages: Stages) -> &'static str {
    match stages {
        Stages::Engine => "engine",
        Stages::Full => "full",
    }
}

fn measure_floor(place: &Place, corpus: &Path) -> Result<(Sample, u64, u64)> {
    // What earlier steps left unwritten must not be written at the expense of this one.
    rustix::fs::sync();
    let own = std::process::id();
    let before = process::cpu_time(own)?;
    let floor =
        floor::run(corpus, &place.path("floor.jsonl")).context("failed to run the floor")?;
    let cpu = process::cpu_time(own)?.saturating_sub(before);
    if floor.documents == 0 {
        bail!("there is no file in `{}`", corpus.display());
    }
    let sample = Sample {
        seconds: floor.elapsed.as_secs_f64(),
        cpu: cpu.as_secs_f64(),
        peak_memory: None,
        counters: None,
    };
    Ok((sample, floor.documents, floor.bytes))
}

fn measure_stages(
    options: &Options,
    place: &Place,
    corpus: &Path,
    stages: Stages,
    documents: u64,
) -> Result<Sample> {
    place.forget()?;
    let settings = Settings {
        workers: options.workers,
        source: corpus,
        settle: "0ms",
        on_done: "keep",
    };
    let mut command = place.command("batch", stages, &settings)?;
    rustix::fs::sync();
    // 1: done, some documents quarantined.
    let usage = process::run(&mut command, &place.path("log"), &[0, 1])?;
    let counters = place.counters()?;
    if counters.settled() != documents {
        bail!(
            "{} of {documents} files came out as documents",
            counters.settled()
        );
    }
    Ok(Sample {
        seconds: usage.elapsed.as_secs_f64(),
        cpu: usage.cpu.as_secs_f64(),
        peak_memory: Some(usage.peak_memory),
        counters: Some(counters),
    })
}

fn summary(
    what: &'static str,
    size: (u64, u64),
    samples: &[Sample],
    floors: &[Sample],
) -> Throughput {
    let (documents, bytes) = size;
    let seconds: Vec<f64> = samples.iter().map(|sample| sample.seconds).collect();
    let ratios = samples
        .iter()
        .zip(floors)
        .map(|(sample, floor)| sample.seconds / floor.seconds);
    let middle = |values: &mut dyn Iterator<Item = f64>| median(values).unwrap_or(f64::NAN);
    let typical = middle(&mut seconds.iter().copied());
    Throughput {
        what,
        documents,
        bytes,
        documents_per_second: documents as f64 / typical,
        megabytes_per_second: bytes as f64 / typical / 1e6,
        times_floor: middle(&mut ratios.into_iter()),
        cpu_seconds: middle(&mut samples.iter().map(|sample| sample.cpu)),
        peak_memory_bytes: samples.iter().filter_map(|sample| sample.peak_memory).max(),
        counters: samples.last().and_then(|sample| sample.counters.clone()),
        seconds,
    }
}

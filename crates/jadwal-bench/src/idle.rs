//! What the daemon costs while nothing happens in a folder full of files that are done.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::corpus::Corpus;
use crate::place::{Place, Settings, Stages};
use crate::process::{self, Daemon, Handles, Memory, cpu_time};
use crate::report::{self, Report, Row, milliseconds};

/// How long the daemon may take to look through the folder once.
const LIMIT: Duration = Duration::from_secs(600);

/// What is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Files in the folder, all done
    #[arg(long, default_value_t = 100_000)]
    pub files: u64,
    /// How long nothing happens
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Bytes of a file
    #[arg(long, default_value_t = 500)]
    pub bytes: usize,
}

/// What the daemon used.
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// Files in the folder.
    pub files: u64,
    /// Length of the measurement.
    pub seconds: f64,
    /// Processor time in it, all threads.
    pub cpu_seconds: f64,
    /// The same as a share of one core, in percent.
    pub cpu_percent: f64,
    /// Memory at its end.
    pub memory_bytes: u64,
    /// The most memory since the daemon's start, its first look through the folder included.
    pub peak_memory_bytes: u64,
    /// Open handles at its end.
    pub handles: u64,
    /// Watched folders at its end.
    pub watches: u64,
    /// From the daemon's start until a file that came in meanwhile had its record.
    pub start_seconds: f64,
}

impl Row for Idle {
    const COLUMNS: &'static [&'static str] = &[
        "files",
        "seconds",
        "CPU",
        "CPU %",
        "memory",
        "peak memory",
        "handles",
        "watched folders",
        "start",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.files.to_string(),
            format!("{:.0}", self.seconds),
            milliseconds(Duration::from_secs_f64(self.cpu_seconds)),
            format!("{:.3}", self.cpu_percent),
            report::bytes(self.memory_bytes),
            report::bytes(self.peak_memory_bytes),
            self.handles.to_string(),
            self.watches.to_string(),
            format!("{:.1} s", self.start_seconds),
        ]
    }
}

/// Measures.
///
/// # Errors
/// When something fails.
pub fn run(options: &Options, place: &Place) -> Result<Report<Idle>> {
    let inbox = place.inbox();
    fill(options, place)?;
    let settings = settings(&inbox);
    let mut command = place.command("run", Stages::Full, &settings)?;
    let start = Instant::now();
    let mut daemon = Daemon::start(&mut command, place.path("log"))?;
    let started = take_one_more(place, &mut daemon).map(|()| start.elapsed())?;
    come_to_rest(&mut daemon)?;
    eprintln!("measuring {} s", options.seconds);
    let (before, begin) = (cpu_time(daemon.id())?, Instant::now());
    rest(Duration::from_secs(options.seconds));
    let (cpu, elapsed) = (
        cpu_time(daemon.id())?.saturating_sub(before),
        begin.elapsed(),
    );
    let memory = process::memory(daemon.id()).context("the daemon ended while it was measured")?;
    let handles = process::handles(daemon.id())?;
    daemon.stop()?;
    let result = Idle {
        start_seconds: started.as_secs_f64(),
        ..idle(options, cpu, elapsed, memory, handles)
    };
    let notes = vec![
        "the files were processed before, by the engine alone, and stay in the folder (`on_done = \"keep\"`)".to_owned(),
        "CPU %: of one core; a full listing that backs the events comes every 10 minutes (`source.reconcile`)".to_owned(),
    ];
    Ok(Report::new(vec![result], notes))
}

fn idle(
    options: &Options,
    cpu: Duration,
    elapsed: Duration,
    memory: Memory,
    handles: Handles,
) -> Idle {
    Idle {
        files: options.files,
        seconds: elapsed.as_secs_f64(),
        cpu_seconds: cpu.as_secs_f64(),
        cpu_percent: 100.0 * cpu.as_secs_f64() / elapsed.as_secs_f64(),
        memory_bytes: memory.resident,
        peak_memory_bytes: memory.peak,
        handles: handles.open,
        watches: handles.watches,
        start_seconds: 0.0,
    }
}

fn settings(inbox: &std::path::Path) -> Settings<'_> {
    Settings {
        workers: 0,
        source: inbox,
        settle: "0ms",
        on_done: "keep",
    }
}

/// Fills the folder and has all files processed.
fn fill(options: &Options, place: &Place) -> Result<()> {
    eprintln!("writing {} files", options.files);
    let corpus = Corpus {
        seed: 1,
        bytes: options.bytes,
        languages: Vec::new(),
        chrome: false,
        duplicates: 0.0,
    };
    corpus
        .write(&place.inbox(), 0..options.files)
        .context("failed to write the files")?;
    eprintln!("processing them");
    let inbox = place.inbox();
    let mut command = place.command("batch", Stages::Engine, &settings(&inbox))?;
    process::run(&mut command, &place.path("log"), &[0])?;
    Ok(())
}

/// Drops one more file in and waits for its record.
fn take_one_more(place: &Place, daemon: &mut Daemon) -> Result<()> {
    let output = place.output();
    let length = || output.metadata().map_or(0, |metadata| metadata.len());
    let before = length();
    let file = place.path("one-more.txt");
    std::fs::write(
        &file,
        "One more file, so that the daemon shows that it is there.\n",
    )
    .and_then(|()| std::fs::rename(file, place.inbox().join("zzz-one-more.txt")))
    .context("failed to drop a file in")?;
    daemon.wait_until("one more file is taken", LIMIT, || length() > before)
}

/// Waits for a second in which the daemon hardly works: its first look through the folder is over then.
fn come_to_rest(daemon: &mut Daemon) -> Result<()> {
    let end = Instant::now() + LIMIT;
    while Instant::now() < end {
        let before = cpu_time(daemon.id())?;
        rest(Duration::from_secs(1));
        daemon.check_alive()?;
        if cpu_time(daemon.id())? < before + Duration::from_millis(50) {
            return Ok(());
        }
    }
    bail!("the daemon was still busy after {LIMIT:?}")
}

/// Lets time pass, for a measurement over time.
fn rest(span: Duration) {
    let end = Instant::now() + span;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        std::thread::park_timeout(left);
    }
}

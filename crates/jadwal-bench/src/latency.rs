//! How long a file takes from its arrival to its committed record, in a running daemon.
//!
//! Two instants are seen from outside, through the kernel's file-system events: the record's line is in
//! the output file, and the file is gone from the inbox. With `on_done = "delete"` a file goes after
//! the commit and never before, so the second instant bounds the committed record from above.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;
use crate::place::{Place, Settings, Stages};
use crate::process::Daemon;
use crate::report::{Report, Row, milliseconds, quantile};

/// How long the last documents may take.
const LIMIT: Duration = Duration::from_secs(60);

/// How files arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Arrival {
    /// Renamed in: complete at once, `settle` does not apply.
    Rename,
    /// Written in place and closed: taken after `settle`.
    Close,
}

/// What is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Documents that arrive
    #[arg(long, default_value_t = 500)]
    pub documents: u64,
    /// Documents a second
    #[arg(long, default_value_t = 50.0)]
    pub rate: f64,
    /// How files arrive
    #[arg(long, value_enum, default_value_t = Arrival::Rename)]
    pub arrival: Arrival,
    /// `source.settle`
    #[arg(long, default_value = "500ms")]
    pub settle: String,
    /// Documents before those that are measured
    #[arg(long, default_value_t = 50)]
    pub warm_up: u64,
    /// Threads that compute; 0 is one per core
    #[arg(long, default_value_t = 0)]
    pub workers: u32,
    /// What the documents are like.
    #[command(flatten)]
    pub generated: Corpus,
}

/// How long documents took until one instant.
#[derive(Clone, Debug, Serialize)]
pub struct Latency {
    /// The instant.
    pub until: &'static str,
    /// Documents measured.
    pub documents: u64,
    /// The middle, in seconds.
    pub p50_seconds: f64,
    /// What 99 of 100 did not exceed, in seconds.
    pub p99_seconds: f64,
    /// The longest, in seconds.
    pub max_seconds: f64,
}

impl Row for Latency {
    const COLUMNS: &'static [&'static str] = &["until", "documents", "p50", "p99", "max"];

    fn cells(&self) -> Vec<String> {
        let time = |seconds| milliseconds(Duration::from_secs_f64(seconds));
        vec![
            self.until.to_owned(),
            self.documents.to_string(),
            time(self.p50_seconds),
            time(self.p99_seconds),
            time(self.max_seconds),
        ]
    }
}

/// Measures.
///
/// # Errors
/// When something fails, or documents do not come out.
pub fn run(options: &Options, place: &Place) -> Result<Report<Latency>> {
    if !(options.rate > 0.0 && options.rate.is_finite()) {
        bail!("`--rate` must be above 0");
    }
    let (staging, inbox) = (place.path("staging"), place.inbox());
    place.make(&staging)?;
    place.make(&place.path("out"))?;
    let settings = Settings {
        workers: options.workers,
        source: &inbox,
        settle: &options.settle,
        on_done: "delete",
    };
    let mut command = place.command("run", Stages::Full, &settings)?;
    let mut watch = Watch::new(place)?;
    let mut daemon = Daemon::start(&mut command, place.path("log"))?;
    let mut arrivals = Arrivals {
        options,
        staging,
        inbox,
    };
    eprintln!("warming up");
    arrivals.drop_in(0..options.warm_up, &mut watch, &mut daemon)?;
    eprintln!("measuring");
    let range = options.warm_up..options.warm_up + options.documents;
    let seen = arrivals.drop_in(range, &mut watch, &mut daemon)?;
    daemon.stop()?;
    let results = vec![
        latency("line written", seen.written)?,
        latency("committed and settled", seen.settled)?,
    ];
    let arrival = match options.arrival {
        Arrival::Rename => "renamed in, so it does not apply",
        Arrival::Close => "written in place, so it is part of each time",
    };
    let notes = vec![
        format!("{} documents of {} bytes, {} a second, default pipeline, daemon", options.documents, options.generated.bytes, options.rate),
        format!("settle = {}: files are {arrival}", options.settle),
        "line written: the line is in the output file, perhaps not yet synced; committed and settled: the file is gone from the inbox, which the daemon removes after the commit".to_owned(),
    ];
    Ok(Report::new(results, notes))
}

fn latency(until: &'static str, mut times: Vec<Duration>) -> Result<Latency> {
    times.sort_unstable();
    let seconds = |share| {
        let time = quantile(&times, share).context("no document was measured");
        time.map(|time| time.as_secs_f64())
    };
    Ok(Latency {
        until,
        documents: times.len() as u64,
        p50_seconds: seconds(0.5)?,
        p99_seconds: seconds(0.99)?,
        max_seconds: seconds(1.0)?,
    })
}

/// How long each document took until it was seen.
#[derive(Debug, Default)]
struct Seen {
    written: Vec<Duration>,
    settled: Vec<Duration>,
}

/// Lets documents arrive, and sees what becomes of them.
struct Arrivals<'a> {
    options: &'a Options,
    staging: PathBuf,
    inbox: PathBuf,
}

impl Arrivals<'_> {
    /// Lets the documents `range` arrive at the rate, and waits until all are settled.
    fn drop_in(
        &mut self,
        range: std::ops::Range<u64>,
        watch: &mut Watch,
        daemon: &mut Daemon,
    ) -> Result<Seen> {
        let wanted = (range.end - range.start) as usize;
        let documents: Vec<_> = range
            .map(|index| self.prepare(index))
            .collect::<Result<_>>()?;
        let mut arrived = HashMap::new();
        let mut seen = Seen::default();
        let start = Instant::now();
        for (index, (name, document)) in documents.into_iter().enumerate() {
            let due = start + Duration::from_secs_f64(index as f64 / self.options.rate);
            while Instant::now() < due {
                watch.look(due, &arrived, &mut seen)?;
            }
            let at = self.arrive(&name, &document)?;
            arrived.insert(name, at);
        }
        let end = Instant::now() + LIMIT;
        while seen.settled.len() < wanted || seen.written.len() < wanted {
            daemon.check_alive()?;
            if Instant::now() > end {
                let (written, settled) = (seen.written.len(), seen.settled.len());
                bail!(
                    "of {wanted} documents {written} were written and {settled} settled in {LIMIT:?}"
                );
            }
            watch.look(Instant::now() + LIMIT / 60, &arrived, &mut seen)?;
        }
        Ok(seen)
    }

    /// Makes all that can be made before the document arrives.
    fn prepare(&self, index: u64) -> Result<(OsString, String)> {
        let name = OsString::from(format!("{index:08}.txt"));
        let document = self.options.generated.document(index);
        if self.options.arrival == Arrival::Rename {
            fs::write(self.staging.join(&name), &document).context("failed to write a document")?;
        }
        Ok((name, document))
    }

    /// Returns when it had arrived.
    fn arrive(&self, name: &OsString, document: &str) -> Result<Instant> {
        let target = self.inbox.join(name);
        // A rename shows the file at once, a write when it is closed.
        let before = Instant::now();
        match self.options.arrival {
            Arrival::Rename => fs::rename(self.staging.join(name), target).map(|()| before),
            Arrival::Close => fs::write(target, document).map(|()| Instant::now()),
        }
        .context("failed to put a document into the inbox")
    }
}

/// Sees lines appear in the output and files vanish from the inbox.
struct Watch {
    events: OwnedFd,
    inbox: i32,
    output: PathBuf,
    lines: Option<File>,
    /// The beginning of a line whose end is not there yet.
    part: Vec<u8>,
}

impl Watch {
    fn new(place: &Place) -> Result<Self> {
        // A file is renamed aside before it is removed.
        let gone = WatchFlags::DELETE | WatchFlags::MOVED_FROM;
        let make = || -> rustix::io::Result<(OwnedFd, i32)> {
            let events = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
            let inbox = inotify::add_watch(&events, place.inbox(), gone)?;
            inotify::add_watch(&events, place.path("out"), WatchFlags::MODIFY)?;
            Ok((events, inbox))
        };
        let (events, inbox) = make().context("failed to watch the inbox and the output")?;
        Ok(Self {
            events,
            inbox,
            output: place.output(),
            lines: None,
            part: Vec::new(),
        })
    }

    /// Waits for events until `due`, and notes what they show.
    fn look(
        &mut self,
        due: Instant,
        arrived: &HashMap<OsString, Instant>,
        seen: &mut Seen,
    ) -> Result<()> {
        let left = due.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).context("failed to wait so long")?;
        let mut handles = [PollFd::new(&self.events, PollFlags::IN)];
        match poll(&mut handles, Some(&timeout)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error).context("failed to wait for events"),
        }
        let now = Instant::now();
        let (deleted, written) = self.events()?;
        for name in deleted {
            seen.settled.extend(arrived.get(&name).map(|at| now - *at));
        }
        if written {
            for name in self.new_records()? {
                seen.written.extend(arrived.get(&name).map(|at| now - *at));
            }
        }
        Ok(())
    }

    /// Returns the names that vanished, and whether the output grew.
    fn events(&self) -> Result<(Vec<OsString>, bool)> {
        let mut buffer = [MaybeUninit::uninit(); 16 << 10];
        let mut reader = inotify::Reader::new(&self.events, &mut buffer);
        let (mut deleted, mut written) = (Vec::new(), false);
        loop {
            match reader.next() {
                Ok(event) if event.wd() == self.inbox => {
                    let name = event.file_name();
                    deleted.extend(name.map(|name| OsStr::from_bytes(name.to_bytes()).to_owned()));
                }
                Ok(_) => written = true,
                Err(rustix::io::Errno::AGAIN) => return Ok((deleted, written)),
                Err(error) => return Err(error).context("failed to read events"),
            }
        }
    }

    /// Returns the files of the records that were written since the last call.
    fn new_records(&mut self) -> Result<Vec<OsString>> {
        #[derive(Deserialize)]
        struct Record {
            metadata: Metadata,
        }
        #[derive(Deserialize)]
        struct Metadata {
            file_path: String,
        }
        if self.lines.is_none() {
            self.lines = File::open(&self.output).ok();
        }
        let Some(lines) = &mut self.lines else {
            return Ok(Vec::new());
        };
        lines
            .read_to_end(&mut self.part)
            .context("failed to read the output")?;
        let whole = self
            .part
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let records = self.part[..whole].split(|byte| *byte == b'\n');
        let files = records.filter(|line| !line.is_empty()).map(|line| {
            let record: Record = serde_json::from_slice(line).context("failed to read a record")?;
            Ok(OsString::from(record.metadata.file_path))
        });
        let files = files.collect();
        self.part.drain(..whole);
        files
    }
}

//! Shows how far a batch is: a bar on a terminal, a line now and then elsewhere, a table at the end.

use std::fmt::Display;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressStyle};
use jadwal_runtime::{CountersSnapshot, StopReason, Summary};
use jadwal_watch::SourceCounts;

use crate::terminal::{BOLD, CYAN, GREEN, RED, YELLOW, err, styled};

/// Time between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// A batch's progress, fed with counts.
pub(crate) struct Progress {
    /// What is being done, where that is not all.
    what: &'static str,
    bar: Option<ProgressBar>,
    begun: Instant,
    last_line: Instant,
}

impl Progress {
    /// Starts the clock; shows a bar where standard error is a terminal.
    pub(crate) fn start() -> Self {
        Self::start_part("")
    }

    /// The same for a part of the work, which is told on each line.
    pub(crate) fn start_part(what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length();
            let style = ProgressStyle::with_template("{bar:30.cyan} {pos}/{len} files {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let now = Instant::now();
        Self {
            what,
            bar,
            begun: now,
            last_line: now,
        }
    }

    /// Shows the counts as they are now.
    pub(crate) fn show(&mut self, counters: &CountersSnapshot, source: &SourceCounts) {
        let news = self.news(counters, source);
        if let Some(bar) = &self.bar {
            bar.set_length(source.total_files);
            bar.set_position(counters.settled_files);
            bar.set_message(news);
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            err(format_args!(
                "{}/{} files {news}",
                counters.settled_files, source.total_files
            ));
        }
    }

    fn news(&self, counters: &CountersSnapshot, source: &SourceCounts) -> String {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let documents = counters.settled() as f64 / seconds;
        let bytes = HumanBytes((counters.settled_bytes as f64 / seconds) as u64);
        let left = source.total_files.saturating_sub(counters.settled_files);
        let rate = counters.settled_files as f64 / seconds;
        let eta = if rate > 0.0 {
            HumanDuration(Duration::from_secs_f64(left as f64 / rate)).to_string()
        } else {
            "unknown".to_owned()
        };
        let what = self.what;
        format!(
            "{what}· {} documents · {documents:.0}/s · {bytes}/s · {} quarantined · ETA {eta}",
            counters.settled(),
            counters.quarantined
        )
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Takes the bar away and prints the table.
    pub(crate) fn finish(self, summary: &Summary, source: &SourceCounts, wrote: &str) {
        self.clear();
        let counters = &summary.counters;
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let not_begun = match summary.reason {
            StopReason::SourceEnded => {
                err(styled(BOLD, "done"));
                0
            }
            StopReason::Drained => {
                err(styled(YELLOW, "stopped before the end"));
                source.total_files.saturating_sub(counters.settled_files)
            }
        };
        fates(counters, source.done_before, wrote);
        for (name, count) in [
            ("not begun", not_begun),
            ("left", source.left),
            ("unreadable", source.unreadable),
            ("unmarked", source.unmarked),
        ] {
            if count > 0 {
                row(name, styled(RED, count));
            }
        }
        for (name, count, what) in [
            (
                "passed over",
                source.passed_over,
                "of other names than source.include takes",
            ),
            ("no files", source.special, "links, pipes or devices"),
        ] {
            if count > 0 {
                row(name, format!("{} {what}", styled(YELLOW, count)));
            }
        }
        let rate = counters.settled() as f64 / seconds;
        let bytes = HumanBytes((counters.settled_bytes as f64 / seconds) as u64);
        let time = format!("{seconds:.2} s · {rate:.0} documents/s · {bytes}/s");
        row("time", time);
        stage_lines(counters).iter().for_each(err);
    }
}

/// Prints what became of files and documents.
fn fates(counters: &CountersSnapshot, done_before: u64, wrote: &str) {
    let before = match done_before {
        0 => String::new(),
        before => format!(" ({before} were done before)"),
    };
    row("files", format!("{}{before}", counters.settled_files));
    row("documents", counters.settled());
    let delivered = styled(GREEN, counters.delivered);
    row("delivered", format!("{delivered} {wrote}"));
    row("dropped", styled(YELLOW, counters.dropped));
    let bad = counters.quarantined;
    let colour = if bad > 0 { RED } else { GREEN };
    row("quarantined", styled(colour, bad));
}

fn row(name: &str, value: impl Display) {
    err(format_args!("  {name:<12} {value}"));
}

/// One line a stage: what it passed, left out, dropped, failed, and its time.
pub(crate) fn stage_lines(counters: &CountersSnapshot) -> Vec<String> {
    let head = format!(
        "  {:<18} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "stage", "passed", "skipped", "dropped", "failed", "busy ms"
    );
    let rows = counters.stages.iter().map(|stage| {
        format!(
            "  {} {:>9} {:>9} {:>9} {:>9} {:>9}",
            styled(CYAN, format_args!("{:<18}", stage.stage)),
            stage.passed,
            stage.skipped,
            stage.dropped,
            stage.failed,
            stage.busy_ms
        )
    });
    std::iter::once(head).chain(rows).collect()
}

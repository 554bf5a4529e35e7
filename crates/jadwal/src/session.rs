//! Runs pipelines to their end: signals, the drain's deadline, reload, status, progress.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jadwal_config::Plan;
use jadwal_core::Clock;
use jadwal_runtime::{Counters, RunError, StopHandle, Summary};
use jadwal_watch::SourceStats;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;
use tracing::{error, info, warn};

use crate::assemble::Assembled;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::status_file::{self, SourceStatus, Status};

/// How often the status is written and the configuration file looked at.
const TICK: Duration = Duration::from_secs(1);

/// Runs `work` on a fresh runtime. Computations that hang do not keep the process from ending.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::doing("start the runtime", error))?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(result)
}

/// Signals that the process listens to.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    reload_wanted: bool,
}

impl Signals {
    /// Starts to listen.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen =
            |kind| signal(kind).map_err(|error| Failure::doing("listen to signals", error));
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hangup: listen(SignalKind::hangup())?,
            reload_wanted: false,
        })
    }

    /// Remembers a reload that came while a plan was draining.
    fn reload_later(&mut self) {
        self.reload_wanted = true;
    }

    fn take_reload(&mut self) -> bool {
        std::mem::take(&mut self.reload_wanted)
    }

    /// Waits for a signal.
    ///
    /// # Cancel safety
    /// Cancel safe.
    async fn next(&mut self) -> Wish {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
            _ = self.hangup.recv() => Wish::Reload,
        }
    }
}

/// What a signal asks for.
enum Wish {
    /// SIGTERM, SIGINT.
    Stop,
    /// SIGHUP.
    Reload,
}

/// How one pipeline ended.
pub(crate) enum Ended {
    /// It is to end.
    Finished(Summary),
    /// It drained for the next plan.
    Replaced(Box<Next>),
}

/// A plan that was checked and built, ready to take over.
pub(crate) struct Next {
    pub(crate) plan: Plan,
    pub(crate) assembled: Assembled,
}

/// What a session does while its pipeline runs.
pub(crate) struct Session<'a> {
    pub(crate) mode: &'static str,
    pub(crate) plan: &'a Plan,
    pub(crate) clock: Clock,
    /// Where the status is written; `None` for runs that leave no trace.
    pub(crate) state: Option<PathBuf>,
    /// Builds the next plan when a reload is asked for; `None` where that makes no sense.
    pub(crate) reload: Option<&'a dyn Fn() -> Result<Next, Failure>>,
    /// The file whose change asks for a reload.
    pub(crate) watched: Option<&'a mut FileWatch>,
    /// Shows fresh counts, often.
    pub(crate) progress: Option<&'a mut Progress>,
}

impl Session<'_> {
    /// Runs `assembled` until it ends, is stopped, or is replaced.
    pub(crate) async fn run(
        mut self,
        assembled: Assembled,
        signals: &mut Signals,
    ) -> Result<Ended, RunError> {
        let stop = assembled.pipeline.stop_handle();
        let mut reporter = Reporter::new(&self, &assembled);
        let mut run = std::pin::pin!(assembled.pipeline.run());
        let mut next = None;
        let mut deadline: Option<Instant> = None;
        let mut ticks = tokio::time::interval(self.tick());
        let result = loop {
            tokio::select! {
                biased;
                result = &mut run => break result,
                wish = signals.next() => match wish {
                    Wish::Stop => self.on_stop(&stop, &mut next),
                    // Too late for this plan: the next one looks again.
                    Wish::Reload if stop.is_stopping() => signals.reload_later(),
                    Wish::Reload => self.on_reload(&stop, &mut next),
                },
                () = sleep_until(deadline) => {
                    warn!(limit = ?self.plan.limits.drain_timeout, "draining took too long, aborting");
                    stop.abort();
                }
                _ = ticks.tick() => {
                    reporter.tick();
                    self.show_progress(&reporter);
                    if !stop.is_stopping() && (signals.take_reload() || self.file_changed()) {
                        self.on_reload(&stop, &mut next);
                    }
                }
            }
            // A reload takes the time it takes; only an end has a deadline.
            if stop.is_stopping() && next.is_none() && deadline.is_none() {
                deadline = Some(Instant::now() + self.plan.limits.drain_timeout);
            }
        };
        reporter.write();
        // A short run would end before its first tick with all counts.
        self.show_progress(&reporter);
        let summary = result?;
        Ok(match next {
            Some(next) => Ended::Replaced(Box::new(next)),
            None => Ended::Finished(summary),
        })
    }

    fn file_changed(&mut self) -> bool {
        self.watched.as_mut().is_some_and(|file| file.changed())
    }

    fn show_progress(&mut self, reporter: &Reporter) {
        if let Some(progress) = &mut self.progress {
            progress.show(&reporter.counters.snapshot(), &reporter.stats.counts());
        }
    }

    fn tick(&self) -> Duration {
        if self.progress.is_some() {
            TICK / 8
        } else {
            TICK
        }
    }

    /// First signal: admit no more and drain. Second: abort.
    fn on_stop(&self, stop: &StopHandle, next: &mut Option<Next>) {
        if stop.is_stopping() && next.is_none() {
            warn!("second signal, aborting; what is not committed is done again at the next start");
            stop.abort();
            return;
        }
        // A stop during a reload means the end, not the next plan.
        *next = None;
        info!("stopping: draining what was admitted");
        stop.stop();
    }

    /// The new plan is checked and built in full before the old one drains; a bad one changes nothing.
    fn on_reload(&self, stop: &StopHandle, next: &mut Option<Next>) {
        let Some(reload) = self.reload else {
            info!("there is nothing to reload here");
            return;
        };
        if stop.is_stopping() {
            return;
        }
        match reload() {
            Ok(ready) => {
                info!("the new configuration is good, draining the old one");
                *next = Some(ready);
                stop.stop();
            }
            Err(failure) => {
                error!("the new configuration is refused, going on with the old one");
                failure.print();
            }
        }
    }
}

/// Sleeps until `deadline`, for ever without one.
///
/// # Cancel safety
/// Cancel safe.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => futures::future::pending().await,
    }
}

/// Notices that a file was replaced or rewritten.
pub(crate) struct FileWatch {
    path: Option<PathBuf>,
    seen: Option<Version>,
    /// What it became, until it has stood still: an editor that writes in place empties it first.
    becoming: Option<Version>,
}

/// What tells one version of a file from another. Clocks of file systems are coarse, so a length helps.
type Version = (SystemTime, u64);

impl FileWatch {
    /// Remembers the file as it is now; called before it is read.
    pub(crate) fn new(path: Option<&Path>) -> Self {
        let mut watch = Self {
            path: path.map(Path::to_owned),
            seen: None,
            becoming: None,
        };
        watch.seen = watch.version();
        watch
    }

    fn version(&self) -> Option<Version> {
        let metadata = self.path.as_ref()?.metadata().ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    }

    /// Whether it changed and has stood still since the call before. A file that is gone for a moment
    /// has not changed.
    fn changed(&mut self) -> bool {
        let now = self.version();
        if now.is_none() || now == self.seen {
            self.becoming = None;
            return false;
        }
        if now == self.becoming {
            self.seen = self.becoming.take();
            return true;
        }
        self.becoming = now;
        false
    }
}

/// Writes the status when it has changed.
struct Reporter {
    counters: Arc<Counters>,
    stats: Arc<SourceStats>,
    state: Option<PathBuf>,
    clock: Clock,
    status: Status,
}

impl Reporter {
    fn new(session: &Session<'_>, assembled: &Assembled) -> Self {
        let status = Status {
            pid: std::process::id(),
            mode: session.mode.to_owned(),
            pipeline: session.plan.name.clone(),
            started: session.clock.now_rfc3339(),
            ..Status::default()
        };
        Self {
            counters: assembled.pipeline.counters(),
            stats: Arc::clone(&assembled.stats),
            state: session.state.clone(),
            clock: session.clock.clone(),
            status,
        }
    }

    /// An idle daemon writes nothing.
    fn tick(&mut self) {
        let counters = self.counters.snapshot();
        let source = SourceStatus::from(self.stats.counts());
        let first = self.status.updated.is_empty();
        if first || counters != self.status.counters || source != self.status.source {
            self.write();
        }
    }

    fn write(&mut self) {
        let Some(state) = &self.state else { return };
        self.status.counters = self.counters.snapshot();
        self.status.source = self.stats.counts().into();
        self.status.updated = self.clock.now_rfc3339();
        if let Err(error) = status_file::write(state, &self.status) {
            warn!(%error, "failed to write the status");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_changed_when_its_new_version_stands_still() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipeline.toml");
        std::fs::write(&path, "old").unwrap();
        let mut watch = FileWatch::new(Some(&path));
        assert!(!watch.changed());
        // Emptied, then written: only the whole is seen.
        std::fs::write(&path, "").unwrap();
        assert!(!watch.changed());
        std::fs::write(&path, "newer").unwrap();
        assert!(!watch.changed());
        assert!(watch.changed());
        assert!(!watch.changed());
        // Gone for a moment, and back.
        std::fs::rename(&path, folder.path().join("away")).unwrap();
        assert!(!watch.changed());
        std::fs::rename(folder.path().join("away"), &path).unwrap();
        assert!(!watch.changed());
    }
}

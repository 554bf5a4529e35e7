//! A child process as the kernel sees it: wall clock, processor time, memory, handles.
//!
//! Everything comes from `/proc`, so this needs Linux.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

/// Time between two looks at a process's memory. The kernel keeps the peak, so only what happens in
/// the last moments can be missed.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What a process used from its start to its end.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Wall clock.
    pub elapsed: Duration,
    /// Processor time, all threads, user and system.
    pub cpu: Duration,
    /// The most memory that was resident, in bytes.
    pub peak_memory: u64,
}

/// Runs `command` to its end; what it says goes to the file `log`.
///
/// # Errors
/// When it can't be started, or ends with an exit code that is not in `good`; the error shows the end
/// of the log.
pub fn run(command: &mut Command, log: &Path, good: &[i32]) -> Result<Usage> {
    let start = Instant::now();
    let mut child = spawn(command, log)?;
    let id = child.id();
    let ended = AtomicBool::new(false);
    let (elapsed, peak_memory) = thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(Ordering::Relaxed) {
                // An unreadable status is that of a process that just ended.
                peak = peak.max(memory(id).map_or(0, |memory| memory.peak));
                thread::park_timeout(LOOK_EVERY);
            }
            peak
        });
        let waited = wait_unreaped(&child);
        let elapsed = start.elapsed();
        ended.store(true, Ordering::Relaxed);
        looking.thread().unpark();
        let peak = looking.join().unwrap_or_default();
        waited.map(|()| (elapsed, peak))
    })?;
    let cpu = cpu_time(id)?;
    let status = child.wait().context("failed to wait for a process")?;
    if !status.code().is_some_and(|code| good.contains(&code)) {
        bail!(
            "{command:?} ended with {status}; its log ends so:\n{}",
            end_of(log)
        );
    }
    Ok(Usage {
        elapsed,
        cpu,
        peak_memory,
    })
}

fn spawn(command: &mut Command, log: &Path) -> Result<Child> {
    let file =
        File::create(log).with_context(|| format!("failed to create `{}`", log.display()))?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .spawn()
        .with_context(|| format!("failed to start {:?}", command.get_program()))
}

/// Waits until `child` has ended, and leaves it to be asked what it used.
fn wait_unreaped(child: &Child) -> Result<()> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    loop {
        match waitid(WaitId::Pid(Pid::from_child(child)), options) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("failed to wait for a process"),
        }
    }
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// A process that runs until it is stopped; dropping it kills it.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts `command`; what it says goes to the file `log`.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn start(command: &mut Command, log: PathBuf) -> Result<Self> {
        let child = spawn(command, &log)?;
        Ok(Self { child, log })
    }

    /// Returns the process's number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `done`.
    ///
    /// # Errors
    /// When that takes longer than `limit`, or the process ends before.
    pub fn wait_until(
        &mut self,
        what: &str,
        limit: Duration,
        done: impl Fn() -> bool,
    ) -> Result<()> {
        let end = Instant::now() + limit;
        while !done() {
            self.check_alive()?;
            if Instant::now() > end {
                bail!(
                    "waited more than {limit:?} until {what}\n{}",
                    end_of(&self.log)
                );
            }
            thread::park_timeout(LOOK_EVERY);
        }
        Ok(())
    }

    /// Fails when the process has ended.
    ///
    /// # Errors
    /// With the end of its log.
    pub fn check_alive(&mut self) -> Result<()> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => bail!("the daemon ended with {status}\n{}", end_of(&self.log)),
            Err(error) => Err(error).context("failed to look after the daemon"),
        }
    }

    /// Asks it to end, and waits for it.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)
            .context("failed to stop the daemon")?;
        let status = self.child.wait().context("failed to wait for the daemon")?;
        if !status.success() {
            bail!("the daemon ended with {status}\n{}", end_of(&self.log));
        }
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Nothing can be done about a process that does not die, and a dead one is no failure.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Resident now.
    pub resident: u64,
    /// The most that was resident.
    pub peak: u64,
}

/// Returns the memory of process `id`; `None` when it has ended.
#[must_use]
pub fn memory(id: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    Some(Memory {
        resident: kilobytes(&status, "VmRSS:")? * 1024,
        peak: kilobytes(&status, "VmHWM:")? * 1024,
    })
}

/// Returns the number in the line of `text` that starts with `key` (`VmRSS:   1234 kB`).
pub(crate) fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Returns the processor time that process `id` used so far; also of one that ended and was not
/// waited for.
///
/// # Errors
/// When there is no such process.
pub fn cpu_time(id: u32) -> Result<Duration> {
    let path = format!("/proc/{id}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("failed to read `{path}`"))?;
    let ticks = ticks(&stat).with_context(|| format!("`{path}` has no times"))?;
    let seconds = ticks as f64 / rustix::param::clock_ticks_per_second() as f64;
    Ok(Duration::from_secs_f64(seconds))
}

/// Adds fields 14 and 15, user and system time; the name before them can hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// What a process holds open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handles {
    /// File descriptors.
    pub open: u64,
    /// Watches of the kernel's file-system events, over all of its handles.
    pub watches: u64,
}

/// Counts what process `id` holds open.
///
/// # Errors
/// When there is no such process.
pub fn handles(id: u32) -> Result<Handles> {
    let folder = format!("/proc/{id}/fdinfo");
    let mut handles = Handles::default();
    for entry in fs::read_dir(&folder).with_context(|| format!("failed to list `{folder}`"))? {
        handles.open += 1;
        // A handle may be closed while it is counted.
        let info = fs::read_to_string(entry?.path()).unwrap_or_default();
        let watches = info.lines().filter(|line| line.starts_with("inotify "));
        handles.watches += watches.count() as u64;
    }
    Ok(handles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "42 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 30 12 0 0 20 0 1";
        assert_eq!(ticks(stat), Some(42));
        assert_eq!(ticks("42 (a) S 1"), None);
    }

    #[test]
    fn this_process_can_be_measured() {
        let id = std::process::id();
        let memory = memory(id).unwrap();
        assert!(memory.resident > 0 && memory.peak >= memory.resident);
        assert!(handles(id).unwrap().open > 2);
        cpu_time(id).unwrap();
    }

    #[test]
    fn a_run_is_measured_and_a_failed_one_shows_its_log() {
        let place = tempfile::tempdir().unwrap();
        let log = place.path().join("log");
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        let busy = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done";
        let usage = run(&mut shell(busy), &log, &[0]).unwrap();
        assert!(usage.cpu > Duration::ZERO && usage.peak_memory > 0);
        let error = run(&mut shell("echo broken >&2; exit 3"), &log, &[0, 1]).unwrap_err();
        assert!(error.to_string().contains("broken"), "{error}");
    }

    #[test]
    fn a_daemon_is_stopped() {
        let place = tempfile::tempdir().unwrap();
        let ready = place.path().join("ready");
        let script = format!(
            "trap 'exit 0' TERM; : >{}; while :; do sleep 0.01; done",
            ready.display()
        );
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        let mut daemon = Daemon::start(&mut command, place.path().join("log")).unwrap();
        let limit = Duration::from_secs(20);
        daemon
            .wait_until("it is ready", limit, || ready.exists())
            .unwrap();
        daemon.stop().unwrap();
    }
}

//! A folder and a pipeline that commits what it is told to.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jadwal_core::source::{
    Intake, Item, NextRecord, Permit, RawBytes, Settler, Source, SourceError, Submission, Waker,
};
use jadwal_core::state::{Commit, FateCounts, FileChange, FileProgress, FileRow, StateStore};
use jadwal_watch::{FolderOptions, FolderSource, Root, SourceCounts, SourceStats};
use tempfile::TempDir;

use crate::ledger::Ledger;

/// No wait in these tests is longer.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// What was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    /// Path in records.
    pub(crate) label: String,
    /// Number of the record.
    pub(crate) record: u64,
    /// Place in the unpacked file.
    pub(crate) bytes: std::ops::Range<u64>,
    /// Raw bytes as text; `END` for the end of a file.
    pub(crate) raw: String,
    /// Working text, if there is one.
    pub(crate) text: Option<String>,
    /// Why it was refused.
    pub(crate) error: Option<String>,
    /// Whether the raw bytes are a packed file.
    pub(crate) packed: bool,
    /// Where reading goes on.
    pub(crate) next: Option<(u64, u64)>,
}

/// What the source's thread and the test share.
#[derive(Default)]
pub(crate) struct Pipeline {
    state: Mutex<State>,
    changed: Condvar,
    stop: AtomicBool,
    admitted: AtomicU64,
}

#[derive(Default)]
struct State {
    got: Vec<Got>,
    open: Vec<Submission>,
    hold: bool,
    stop_after: Option<usize>,
}

/// The source's side of it.
struct Script {
    pipeline: Arc<Pipeline>,
    ledger: Arc<Ledger>,
    settler: Arc<dyn Settler>,
}

struct Room;

impl Permit for Room {}

impl Intake for Script {
    fn admit(&mut self, bytes: u64) -> Option<Box<dyn Permit>> {
        self.pipeline.admitted.fetch_add(bytes, Ordering::Relaxed);
        (!self.stopping()).then(|| Box::new(Room) as Box<dyn Permit>)
    }

    fn submit(&mut self, _: Box<dyn Permit>, submission: Submission) -> bool {
        if self.stopping() {
            return false;
        }
        let got = got(&submission);
        let mut state = self.pipeline.state.lock().unwrap();
        state.open.push(submission);
        let open = match state.hold {
            true => Vec::new(),
            false => std::mem::take(&mut state.open),
        };
        drop(state);
        commit(&self.ledger, &*self.settler, open);
        let mut state = self.pipeline.state.lock().unwrap();
        state.got.push(got);
        if Some(state.got.len()) == state.stop_after {
            self.pipeline.stop.store(true, Ordering::Relaxed);
        }
        self.pipeline.changed.notify_all();
        true
    }

    fn stopping(&self) -> bool {
        self.pipeline.stop.load(Ordering::Relaxed)
    }
}

/// Commits as the runtime does, then settles.
fn commit(ledger: &Ledger, settler: &dyn Settler, open: Vec<Submission>) {
    for submission in open {
        let Some(path) = submission.file.path.clone() else {
            continue;
        };
        let progress = match submission.next {
            Some(NextRecord {
                record: next_record,
                byte: next_byte,
                prefix,
            }) => FileProgress::Partial {
                prefix,
                next_record,
                next_byte,
            },
            None => FileProgress::Done,
        };
        let row = FileRow {
            identity: submission.file.identity,
            progress,
            end: submission.end,
            counts: FateCounts::default(),
        };
        let resume = submission.next.map(|_| path.clone());
        let set = |change| Commit {
            files: vec![(path.clone(), change)],
            resume: resume.clone(),
            ..Commit::default()
        };
        ledger.commit(&set(FileChange::Set(row))).unwrap();
        if submission.next.is_none() && settler.settle(&submission.file) {
            ledger.commit(&set(FileChange::Forget)).unwrap();
        }
    }
}

fn got(submission: &Submission) -> Got {
    let mut got = Got {
        label: String::new(),
        record: 0,
        bytes: 0..0,
        raw: "END".to_owned(),
        text: None,
        error: None,
        packed: false,
        next: submission.next.map(|next| (next.record, next.byte)),
    };
    let (place, raw) = match &submission.item {
        Item::Document(document) => {
            if document.has_text() {
                got.text = Some(document.text().unwrap().to_owned());
            }
            (document.provenance(), document.raw().to_vec())
        }
        Item::Refused(refused) => {
            got.error = Some(refused.error.clone());
            got.packed = refused.packed;
            let raw = match &refused.raw {
                RawBytes::InMemory(raw) => raw.to_vec(),
                RawBytes::Copied(copy) => {
                    let mut raw = Vec::new();
                    copy(&mut raw).unwrap();
                    raw
                }
            };
            assert_eq!(refused.id, jadwal_core::DocumentId::of(&raw));
            (&refused.provenance, raw)
        }
        Item::End => return got,
    };
    got.label.clone_from(&place.file_path);
    got.record = place.record_index;
    got.bytes = place.bytes.clone();
    got.raw = String::from_utf8_lossy(&raw).into_owned();
    got
}

/// A folder under test.
pub(crate) struct Lab {
    pub(crate) dir: TempDir,
    pub(crate) root: PathBuf,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) stats: Arc<SourceStats>,
    pub(crate) options: FolderOptions,
}

impl Lab {
    /// Makes an empty folder.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("in");
        fs::create_dir(&root).unwrap();
        let options = FolderOptions {
            roots: vec![Root {
                path: root.clone(),
                label: String::new(),
            }],
            settle: Duration::from_millis(60),
            spill_dir: dir.path().to_owned(),
            ..FolderOptions::default()
        };
        Self {
            dir,
            root,
            ledger: Arc::default(),
            stats: Arc::default(),
            options,
        }
    }

    /// A lab for a batch.
    pub(crate) fn batch_lab() -> Self {
        let mut lab = Self::new();
        lab.options.once = true;
        lab
    }

    /// Writes a file, with its folders; its name is bytes.
    pub(crate) fn write(&self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root.join(OsStr::from_bytes(name.as_ref()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Writes a file elsewhere and renames it in.
    pub(crate) fn rename_in(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let elsewhere = self.dir.path().join("elsewhere");
        fs::write(&elsewhere, content).unwrap();
        let path = self.root.join(name);
        fs::rename(elsewhere, &path).unwrap();
        path
    }

    /// Sets a file's modification time to so many seconds after 1970.
    pub(crate) fn set_modified(&self, name: &str, seconds: u64) {
        let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
        let file = fs::File::options().write(true).open(self.root.join(name));
        file.unwrap().set_modified(time).unwrap();
    }

    pub(crate) fn source(&self) -> FolderSource {
        let ledger = Arc::clone(&self.ledger) as Arc<dyn StateStore>;
        FolderSource::new(self.options.clone(), ledger, Arc::clone(&self.stats)).unwrap()
    }

    /// Runs a batch to its end and returns what it submitted.
    pub(crate) fn batch(&self) -> Vec<Got> {
        self.batch_until(None)
    }

    /// Runs a batch that is stopped after so many submissions.
    pub(crate) fn batch_until(&self, stop_after: Option<usize>) -> Vec<Got> {
        let mut source = self.source();
        let mut script = self.script(&source);
        script.pipeline.state.lock().unwrap().stop_after = stop_after;
        source.run(&mut script).unwrap();
        std::mem::take(&mut script.pipeline.state.lock().unwrap().got)
    }

    /// Runs a batch that is to fail.
    /// Runs a batch and returns the bytes that it asked room for.
    pub(crate) fn room_for_batch(&self) -> u64 {
        let mut source = self.source();
        let mut script = self.script(&source);
        source.run(&mut script).unwrap();
        script.pipeline.admitted.load(Ordering::Relaxed)
    }

    pub(crate) fn failing_batch(&self) -> SourceError {
        let mut source = self.source();
        let mut script = self.script(&source);
        source.run(&mut script).unwrap_err()
    }

    fn script(&self, source: &dyn Source) -> Script {
        Script {
            pipeline: Arc::default(),
            ledger: Arc::clone(&self.ledger),
            settler: source.settler(),
        }
    }

    /// Starts a daemon and waits for its first listing.
    pub(crate) fn daemon(&self) -> Daemon {
        let before = self.stats.counts().full_scans;
        let daemon = self.daemon_at_once();
        wait_until("the first listing", || {
            self.stats.counts().full_scans > before
        });
        daemon
    }

    /// Starts a daemon.
    pub(crate) fn daemon_at_once(&self) -> Daemon {
        let mut source = self.source();
        let mut script = self.script(&source);
        let mut daemon = Daemon {
            pipeline: Arc::clone(&script.pipeline),
            ledger: Arc::clone(&self.ledger),
            settler: source.settler(),
            waker: source.waker(),
            stats: Arc::clone(&self.stats),
            thread: None,
        };
        daemon.thread = Some(std::thread::spawn(move || source.run(&mut script)));
        daemon
    }

    pub(crate) fn counts(&self) -> SourceCounts {
        self.stats.counts()
    }
}

/// A running daemon.
pub(crate) struct Daemon {
    pipeline: Arc<Pipeline>,
    ledger: Arc<Ledger>,
    settler: Arc<dyn Settler>,
    waker: Waker,
    stats: Arc<SourceStats>,
    thread: Option<JoinHandle<Result<(), SourceError>>>,
}

impl Daemon {
    /// Waits until `count` things were submitted.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Got> {
        let end = Instant::now() + LIMIT;
        let mut state = self.pipeline.state.lock().unwrap();
        while state.got.len() < count {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{} of {count}: {:?}",
                state.got.len(),
                self.stats.counts()
            );
            state = self.pipeline.changed.wait_timeout(state, left).unwrap().0;
        }
        state.got.clone()
    }

    /// Waits for a while and returns what was submitted by then.
    pub(crate) fn after(&self, wait: Duration) -> Vec<Got> {
        let end = Instant::now() + wait;
        let mut state = self.pipeline.state.lock().unwrap();
        while Instant::now() < end {
            let left = end.saturating_duration_since(Instant::now());
            state = self.pipeline.changed.wait_timeout(state, left).unwrap().0;
        }
        state.got.clone()
    }

    /// Returns what was submitted by now.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.pipeline.state.lock().unwrap().got.clone()
    }

    /// Lets the pipeline stand still, in the midst of a submission, until the guard is dropped.
    pub(crate) fn stall(&self) -> impl Sized + '_ {
        self.pipeline.state.lock().unwrap()
    }

    /// Commits nothing until [`Daemon::commit`].
    pub(crate) fn hold(&self) {
        self.pipeline.state.lock().unwrap().hold = true;
    }

    /// Commits what was held, and from now on at once.
    pub(crate) fn commit(&self) {
        let mut state = self.pipeline.state.lock().unwrap();
        state.hold = false;
        let open = std::mem::take(&mut state.open);
        drop(state);
        commit(&self.ledger, &*self.settler, open);
    }

    /// Stops and returns all that was submitted.
    pub(crate) fn stop(mut self) -> Vec<Got> {
        self.end();
        std::mem::take(&mut self.pipeline.state.lock().unwrap().got)
    }

    fn end(&mut self) {
        self.pipeline.stop.store(true, Ordering::Relaxed);
        (self.waker)();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap().unwrap();
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end();
        }
    }
}

/// Waits until `is_so`.
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let (lock, never) = (Mutex::new(()), Condvar::new());
    let end = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < end, "no sign of {what}");
        let tick = Duration::from_millis(2);
        drop(never.wait_timeout(lock.lock().unwrap(), tick).unwrap());
    }
}

/// Returns the labels of what was submitted.
pub(crate) fn labels(got: &[Got]) -> Vec<&str> {
    got.iter().map(|got| got.label.as_str()).collect()
}

/// Returns the labels, sorted, each once.
pub(crate) fn distinct(got: &[Got]) -> Vec<&str> {
    let mut labels = labels(got);
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// Runs the test `name` again, alone in a process that `wrapper` starts; returns whether this is
/// that process already. Where `wrapper` can't run anything, nothing is done.
pub(crate) fn is_alone(name: &str, wrapper: &[&str]) -> bool {
    const ALONE: &str = "LAB_TEST_IS_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let (program, arguments) = wrapper.split_first().unwrap();
    let wrapped = |inner: &OsStr| {
        let mut command = Command::new(program);
        command.args(arguments).arg(inner);
        command
    };
    let can_run = wrapped(OsStr::new("true")).status();
    if !can_run.is_ok_and(|status| status.success()) {
        return false;
    }
    let test = std::env::current_exe().unwrap();
    let mut command = wrapped(test.as_os_str());
    let status = command
        .args([name, "--exact", "--nocapture"])
        .env(ALONE, "1")
        .status();
    assert!(status.unwrap().success(), "{name} failed in `{wrapper:?}`");
    false
}

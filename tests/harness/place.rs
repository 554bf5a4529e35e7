//! A folder of its own for each test, and the real binary run in it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::Value;
use tempfile::TempDir;

use crate::wait::{LIMIT, waited};

/// The time in all records: 2026-11-21T08:00:00Z.
pub(crate) const NOW: u64 = 1_795_248_000;

/// A temporary folder with a pipeline in it.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// Returns an empty place.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Returns a place with this `pipeline.toml` and an empty inbox.
    pub(crate) fn with_config(config: &str) -> Self {
        let place = Self::empty();
        place.write("pipeline.toml", config);
        fs::create_dir(place.path("inbox")).unwrap();
        place
    }

    /// Returns the absolute path of `name`; of the place itself for an empty name.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders it lies in.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Writes a file under another name and puts it in place, so that nobody sees half of it.
    pub(crate) fn replace(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let name = name.as_ref();
        let new = name.with_extension("new");
        self.write(&new, bytes);
        fs::rename(self.path(new), self.path(name)).unwrap();
    }

    /// Sets when a file was last modified, in seconds since 1970.
    pub(crate) fn set_modified(&self, name: impl AsRef<Path>, seconds: u64) {
        let file = File::options().append(true).open(self.path(name)).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        file.set_modified(time).unwrap();
    }

    /// Returns the binary, ready to be given arguments.
    pub(crate) fn jadwal<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Jadwal<'_> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jadwal"));
        command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("SOURCE_DATE_EPOCH", NOW.to_string())
            .current_dir(self.folder.path());
        Jadwal {
            place: self,
            command,
            stdin: Vec::new(),
        }
    }

    /// Returns the records of a JSON Lines file; every line must be whole.
    pub(crate) fn records(&self, name: impl AsRef<Path>) -> Vec<Value> {
        let bytes = fs::read(self.path(name)).unwrap();
        records_of(&bytes)
    }
}

/// Returns the records in `bytes`; every line must be whole.
pub(crate) fn records_of(bytes: &[u8]) -> Vec<Value> {
    assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "a half line");
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// One run of the binary that is being put together.
pub(crate) struct Jadwal<'a> {
    place: &'a Place,
    command: Command,
    stdin: Vec<u8>,
}

impl Jadwal<'_> {
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Starts it and leaves it running.
    pub(crate) fn start(mut self) -> Running {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let log = |ending: &str| {
            let name = format!("run-{}-{number}.{ending}", std::process::id());
            let folder = self.place.path(".runs");
            fs::create_dir_all(&folder).unwrap();
            folder.join(name)
        };
        let (out, err) = (log("out"), log("err"));
        self.command
            .stdin(Stdio::piped())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap());
        let mut child = self.command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A process that does not read its input is no error of ours.
        stdin.write_all(&self.stdin).unwrap_or_default();
        drop(stdin);
        Running { child, out, err }
    }

    /// Runs it to its end with standard error on a terminal of 120 columns; returns the exit code and
    /// all that was drawn.
    pub(crate) fn run_on_terminal(mut self) -> (Option<i32>, String) {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap();
        let side = File::options()
            .read(true)
            .write(true)
            .open(OsStr::from_bytes(name.as_bytes()))
            .unwrap();
        let size = Winsize {
            ws_row: 40,
            ws_col: 120,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&side, size).unwrap();
        self.command
            .env("TERM", "xterm-256color")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(side);
        let mut child = self.command.spawn().unwrap();
        // The command holds the other side too; without it, reading ends with the process.
        drop(self.command);
        let mut drawn = Vec::new();
        // Linux says EIO instead of an end when the other side is closed.
        File::from(terminal)
            .read_to_end(&mut drawn)
            .unwrap_or_default();
        let code = child.wait().unwrap().code();
        (code, String::from_utf8_lossy(&drawn).into_owned())
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Outcome {
        let running = self.start();
        running.wait()
    }
}

/// A process of the binary; it is killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Running {
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Returns the process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Returns what it said on standard error so far.
    pub(crate) fn errors(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.err).unwrap()).into_owned()
    }

    /// Tells it to stop and waits until it has; fails the test if it can't.
    pub(crate) fn stop(mut self) -> Outcome {
        if !self.has_ended() {
            self.signal(Signal::TERM);
        }
        self.wait().expect(0)
    }

    /// Waits for its end; fails the test if that takes too long.
    pub(crate) fn wait(mut self) -> Outcome {
        let ended = waited(LIMIT, || self.has_ended());
        assert!(ended, "it does not end; it said: {}", self.errors());
        Outcome {
            status: self.child.wait().unwrap(),
            out: fs::read(&self.out).unwrap(),
            err: self.errors(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended; there is nothing to kill then.
        self.child.kill().unwrap_or_default();
        self.child.wait().unwrap();
    }
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: ExitStatus,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Outcome {
    /// Fails the test unless the process ended with this exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.status.code(),
            Some(code),
            "signal {:?}\nout: {}\nerr: {}",
            self.status.signal(),
            self.text(),
            self.err
        );
        self
    }

    /// Returns standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Returns standard output as records.
    pub(crate) fn records(&self) -> Vec<Value> {
        records_of(&self.out)
    }
}

//! One running child: bytes to it, frames from it, its standard error, its end.
//!
//! Nothing here waits, but for the end of a child that was killed. Each child leads a process group of
//! its own, so that what it started itself ends with it, and a terminal's Ctrl-C does not reach it.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use rustix::pipe::fcntl_setpipe_size;
use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Signal, WaitId, WaitIdOptions, kill_process_group,
    pidfd_open, prlimit, waitid,
};
use tracing::warn;

use crate::failure::Failure;
use crate::guard::Guard;
use crate::last_words::LastWords;
use crate::options::ProcessOptions;
use crate::protocol::FrameReader;

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Pieces that are read from one child before the others have their turn.
const PIECES: usize = 32;

/// Bytes that wait in a pipe: a whole batch as a rule, so that it is handed over at once.
const PIPE: usize = 1 << 20;

/// How long a child that closed its standard output has to end by itself, so that its status is known.
const TO_END: Duration = Duration::from_millis(200);

/// How children are started.
#[derive(Debug)]
pub(crate) struct Launch {
    /// Id of the stage.
    pub(crate) stage: Arc<str>,
    pub(crate) options: ProcessOptions,
    /// Folder that relative paths start from.
    pub(crate) base_dir: PathBuf,
}

impl Launch {
    /// Starts a child.
    pub(crate) fn start(&self, number: usize, guard: &mut Guard) -> Result<Child, Failure> {
        let mut process = self.command().spawn().map_err(Failure::Start)?;
        let group = Pid::from_child(&process);
        guard.watch(group);
        let (stdin, stdout) = (process.stdin.take(), process.stdout.take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
            // Both were asked for as pipes.
            return Err(Failure::Start(io::ErrorKind::BrokenPipe.into()));
        };
        let stderr = process.stderr.take();
        let child = Child {
            stage: Arc::clone(&self.stage),
            number,
            process,
            group,
            exit: pidfd_open(group, PidfdFlags::empty()).ok(),
            stdin: Some(stdin),
            stdout,
            stderr,
            outgoing: Vec::new(),
            sent: 0,
            incoming: FrameReader::new(self.options.frame_limit()),
            words: LastWords::default(),
            reaped: false,
            served: 0,
        };
        match child.prepare(self.options.max_memory.bytes()) {
            Ok(()) => Ok(child),
            Err(failure) => {
                child.bury(guard);
                Err(failure)
            }
        }
    }

    fn command(&self) -> Command {
        let (program, arguments) = match self.options.command.split_first() {
            Some((program, arguments)) => (program.as_str(), arguments),
            None => ("", &[][..]),
        };
        let mut command = match program.contains('/') {
            true => Command::new(self.base_dir.join(program)),
            false => Command::new(program),
        };
        let folder = self.base_dir.join(&self.options.working_dir);
        if !folder.as_os_str().is_empty() {
            command.current_dir(folder);
        }
        command
            .args(arguments)
            .envs(&self.options.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }
}

/// One running child.
#[derive(Debug)]
pub(crate) struct Child {
    stage: Arc<str>,
    number: usize,
    process: std::process::Child,
    group: Pid,
    /// Becomes readable when the child ends; `None` on kernels without.
    exit: Option<OwnedFd>,
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    stderr: Option<ChildStderr>,
    outgoing: Vec<u8>,
    sent: usize,
    incoming: FrameReader,
    words: LastWords,
    reaped: bool,
    /// Batches that it answered.
    pub(crate) served: u64,
}

impl Child {
    fn prepare(&self, memory: u64) -> Result<(), Failure> {
        let prepared = || -> rustix::io::Result<()> {
            if let Some(stdin) = &self.stdin {
                ioctl_fionbio(stdin, true)?;
                widen(stdin);
            }
            ioctl_fionbio(&self.stdout, true)?;
            widen(&self.stdout);
            if let Some(stderr) = &self.stderr {
                ioctl_fionbio(stderr, true)?;
            }
            if memory > 0 {
                let limit = Rlimit {
                    current: Some(memory),
                    maximum: Some(memory),
                };
                prlimit(Some(self.group), Resource::As, limit)?;
            }
            Ok(())
        };
        prepared().map_err(|error| Failure::Pipe(error.into()))
    }

    /// Hands `bytes` over to be written; what was handed over before must have been answered.
    pub(crate) fn send(&mut self, bytes: Vec<u8>) {
        self.outgoing = bytes;
        self.sent = 0;
    }

    /// Adds what is to be waited for.
    pub(crate) fn watch<'a>(&'a self, fds: &mut Vec<PollFd<'a>>) {
        if let Some(stdin) = self
            .stdin
            .as_ref()
            .filter(|_| self.sent < self.outgoing.len())
        {
            fds.push(PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::OUT));
        }
        fds.push(PollFd::from_borrowed_fd(self.stdout.as_fd(), PollFlags::IN));
        if let Some(stderr) = &self.stderr {
            fds.push(PollFd::from_borrowed_fd(stderr.as_fd(), PollFlags::IN));
        }
        if let Some(exit) = &self.exit {
            fds.push(PollFd::from_borrowed_fd(exit.as_fd(), PollFlags::IN));
        }
    }

    /// Writes what fits, reads what is there, and returns a frame that became whole.
    ///
    /// # Errors
    /// When the child is gone or wrote what is no frame.
    pub(crate) fn pump(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        self.read_stderr();
        let written = self.write();
        // A child that ended may have answered first.
        let open = self.read_stdout()?;
        if let Some(frame) = self.incoming.take().map_err(Failure::Frame)? {
            return Ok(Some(frame));
        }
        if self.ended() || (!open && self.ended_within(TO_END)) {
            return Err(Failure::Ended);
        }
        match open {
            true => written.map(|()| None),
            false => Err(Failure::Closed),
        }
    }

    fn write(&mut self) -> Result<(), Failure> {
        while self.sent < self.outgoing.len() {
            let Some(stdin) = &mut self.stdin else { break };
            match stdin.write(&self.outgoing[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::Pipe(error)),
            }
        }
        self.outgoing = Vec::new();
        self.sent = 0;
        Ok(())
    }

    /// Returns whether standard output is still open.
    fn read_stdout(&mut self) -> Result<bool, Failure> {
        let mut piece = [0; PIECE];
        for _ in 0..PIECES {
            match self.stdout.read(&mut piece) {
                Ok(0) => return Ok(false),
                Ok(count) => self.incoming.push(&piece[..count]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::Pipe(error)),
            }
        }
        Ok(true)
    }

    /// Logs what came on standard error.
    fn read_stderr(&mut self) {
        let mut piece = [0; PIECE];
        for _ in 0..PIECES {
            let Some(stderr) = &mut self.stderr else {
                return;
            };
            match stderr.read(&mut piece) {
                // At the end, or broken: there is nothing more to log.
                Ok(0) => self.stderr = None,
                Ok(count) => self.words.push(&piece[..count], &self.stage, self.number),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => self.stderr = None,
            }
        }
    }

    /// Whether the child has ended. It is not reaped: until then its number is its own, and its group
    /// can be killed without hitting another.
    fn ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        matches!(waitid(WaitId::Pid(self.group), options), Ok(Some(_)))
    }

    /// Says that nothing more will come; a child that is well made ends then.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Whether it ends within `limit`; logs what it says until then.
    pub(crate) fn ended_within(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            self.read_stderr();
            if self.ended() {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(left) = Timespec::try_from(left).ok().filter(|_| !left.is_zero()) else {
                return false;
            };
            let mut fds = Vec::new();
            let exit = self.exit.as_ref().map(AsFd::as_fd);
            let stderr = self.stderr.as_ref().map(AsFd::as_fd);
            let readable = |fd| PollFd::from_borrowed_fd(fd, PollFlags::IN);
            fds.extend(exit.into_iter().chain(stderr).map(readable));
            if let Err(error) = poll(&mut fds, Some(&left))
                && error != rustix::io::Errno::INTR
            {
                warn!(%error, "a process could not be waited for");
                return self.ended();
            }
        }
    }

    /// Kills the child with all that it started, reaps it, and returns how it ended and its last words.
    pub(crate) fn bury(mut self, guard: &mut Guard) -> Obituary {
        self.kill();
        guard.release(self.group);
        let status = self.reap();
        self.read_stderr();
        Obituary {
            status,
            last_words: self.words.close(&self.stage, self.number).to_owned(),
        }
    }

    /// Kills the child and all that it started.
    pub(crate) fn kill(&self) {
        // The group is gone where all of it ended.
        match kill_process_group(self.group, Signal::KILL) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => {}
            Err(error) => warn!(%error, "a process could not be killed"),
        }
    }

    fn reap(&mut self) -> String {
        self.reaped = true;
        let status = self.process.wait();
        status.map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

/// Gives a pipe more room. A system that refuses leaves it as it is: smaller ones do, in more turns.
fn widen(pipe: impl AsFd) {
    fcntl_setpipe_size(pipe, PIPE).unwrap_or_default();
}

impl Drop for Child {
    /// A panic is no reason to leave a process behind.
    fn drop(&mut self) {
        if !self.reaped {
            self.kill();
            self.reap();
        }
    }
}

/// How a child ended, and what it said last on standard error.
#[derive(Debug)]
pub(crate) struct Obituary {
    pub(crate) status: String,
    pub(crate) last_words: String,
}

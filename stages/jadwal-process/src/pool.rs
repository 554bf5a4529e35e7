//! Keeps children at work: starts them, hands out documents, watches deadlines, starts anew.
//!
//! A seat holds one child. It goes round like this, and from every state back to empty when its child
//! fails:
//!
//! ```text
//! Empty ──start──> Starting ──ready──> Idle ──documents──> Busy ──replies──> Idle
//! ```

use std::time::{Duration, Instant};

use jadwal_core::guest::{Declaration, Reply};
use jadwal_core::{StageError, StageResult};
use rustix::event::{Timespec, poll};
use tracing::{debug, warn};

use crate::child::{Child, Launch};
use crate::failure::Failure;
use crate::guard::Guard;
use crate::protocol::{Answer, Hello, RawReply, ToChild, VERSION, frame};
use crate::work::{Job, JobLimits, Work};

/// The wait before a second failure in a row is followed by a new child; it doubles from there.
const BACKOFF: Duration = Duration::from_millis(100);

/// The longest such wait.
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// One child, or the place for one.
#[derive(Debug)]
enum Seat {
    /// There is none; one is started when the time has come.
    Empty(Instant),
    /// It was greeted, and is not ready yet.
    Starting(Child, Instant),
    /// It is ready and has nothing to do.
    Idle(Child),
    /// It works on documents until the deadline.
    Busy(Child, Job, Instant),
}

/// Why a child was not ready.
enum NotReady {
    /// This child failed; another may do better.
    Failed(Failure),
    /// All would say the same.
    Fatal(StageError),
}

impl NotReady {
    fn fatal(doing: &str, why: String) -> Self {
        Self::Fatal(StageError::fatal(doing, why))
    }
}

impl From<Failure> for NotReady {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The children of one stage.
#[derive(Debug)]
pub(crate) struct Pool {
    launch: Launch,
    seats: Vec<Seat>,
    /// Started with the first child.
    guard: Option<Guard>,
    /// What the first child said of the stage; all later ones must say the same.
    declaration: Option<Declaration>,
    /// Failures since a child answered documents.
    failures: u32,
    batches: u64,
}

impl Pool {
    pub(crate) fn new(launch: Launch) -> Self {
        let children = launch.options.children.get();
        Self {
            seats: (0..children).map(|_| Seat::Empty(Instant::now())).collect(),
            launch,
            guard: None,
            declaration: None,
            failures: 0,
            batches: 0,
        }
    }

    /// Gives up children that work on documents which nobody waits for any more.
    pub(crate) fn recall(&mut self) {
        for number in 0..self.seats.len() {
            if matches!(self.seats[number], Seat::Busy(..))
                && let Seat::Busy(child, ..) = self.vacate(number, Duration::ZERO)
            {
                debug!(stage = %self.launch.stage, child = number, "given up: its documents were taken back");
                child.bury(self.guard.get_or_insert_with(Guard::start));
            }
        }
    }

    /// Starts one child, waits until it is ready, and returns what it says of the stage.
    ///
    /// # Errors
    /// As [`Pool::start_turn`].
    pub(crate) fn ask(&mut self) -> StageResult<Declaration> {
        loop {
            self.attend(&mut Work::new(&mut []))?;
            if let Some(declaration) = &self.declaration {
                return Ok(declaration.clone());
            }
            self.staff(1)?;
            // It is ready or given up at its own deadline.
            self.wait(1, Instant::now() + self.launch.options.start_timeout.0);
        }
    }

    /// Starts all children and waits until they are ready, or until `until`; returns whether they are.
    ///
    /// # Errors
    /// Fatal when a child can't be started or refuses: nothing was asked of it yet, so there is nothing
    /// to wait out.
    pub(crate) fn start_turn(&mut self, until: Instant) -> StageResult<bool> {
        loop {
            self.attend(&mut Work::new(&mut []))?;
            self.staff(self.seats.len())?;
            let waiting = |seat: &Seat| matches!(seat, Seat::Empty(_) | Seat::Starting(..));
            if !self.seats.iter().any(waiting) {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            self.wait(self.seats.len(), until);
        }
    }

    /// Works until all of `work` is resolved, or until `until`; returns whether it is.
    ///
    /// # Errors
    /// Fatal when children fail time after time, or can't be given what they need.
    pub(crate) fn work_turn(&mut self, work: &mut Work<'_>, until: Instant) -> StageResult<bool> {
        loop {
            self.attend(work)?;
            self.staff(self.seats.len())?;
            self.assign(work)?;
            if work.is_done() {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            self.wait(self.seats.len(), until);
        }
    }

    /// Returns what the children said of the stage.
    pub(crate) fn declaration(&self) -> Option<&Declaration> {
        self.declaration.as_ref()
    }

    /// Kills all children as a stranger might; they are found dead later.
    pub(crate) fn kill_all(&self) {
        for seat in &self.seats {
            if let Seat::Starting(child, _) | Seat::Idle(child) | Seat::Busy(child, ..) = seat {
                child.kill();
            }
        }
    }

    /// Says that nothing more will come, gives children time to end, and kills those that don't;
    /// returns how many.
    pub(crate) fn stop(&mut self) -> usize {
        let mut killed = 0;
        for seat in &mut self.seats {
            if let Seat::Idle(child) | Seat::Starting(child, _) | Seat::Busy(child, ..) = seat {
                child.close_stdin();
            }
        }
        let deadline = Instant::now() + self.launch.options.stop_timeout.0;
        for number in 0..self.seats.len() {
            let Some(mut child) = self.take_child(number) else {
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if !child.ended_within(left) {
                killed += 1;
                warn!(stage = %self.launch.stage, child = number, "killed: it did not end with its input");
            }
            child.bury(self.guard.get_or_insert_with(Guard::start));
        }
        killed
    }

    /// Empties a seat and returns its child.
    fn take_child(&mut self, number: usize) -> Option<Child> {
        match self.vacate(number, Duration::ZERO) {
            Seat::Empty(_) => None,
            Seat::Starting(child, _) | Seat::Idle(child) | Seat::Busy(child, ..) => Some(child),
        }
    }

    /// Empties a seat, to be filled again after `wait`, and returns what it was.
    fn vacate(&mut self, number: usize, wait: Duration) -> Seat {
        let empty = Seat::Empty(Instant::now() + wait);
        std::mem::replace(&mut self.seats[number], empty)
    }

    /// Starts children in those of the first `seats` seats that are empty and whose time has come.
    fn staff(&mut self, seats: usize) -> StageResult<()> {
        for number in 0..seats {
            let Seat::Empty(due) = &self.seats[number] else {
                continue;
            };
            if Instant::now() < *due {
                continue;
            }
            let guard = self.guard.get_or_insert_with(Guard::start);
            match self.launch.start(number, guard) {
                Ok(mut child) => {
                    child.send(self.hello()?);
                    let deadline = Instant::now() + self.launch.options.start_timeout.0;
                    self.seats[number] = Seat::Starting(child, deadline);
                }
                Err(failure) => {
                    let why = failure.describe(None);
                    self.count_failure(number, &why)?;
                }
            }
        }
        Ok(())
    }

    fn hello(&self) -> StageResult<Vec<u8>> {
        let options = &self.launch.options;
        let hello: ToChild<()> = ToChild::Hello(Hello {
            protocol: VERSION,
            stage: self.launch.stage.to_string(),
            options: options.settings.clone(),
            max_frame: options.max_frame.bytes(),
        });
        frame(&hello).map_err(|error| StageError::fatal("write the options as JSON", error))
    }

    /// Hands documents to children that have nothing to do.
    fn assign(&mut self, work: &mut Work<'_>) -> StageResult<()> {
        let options = &self.launch.options;
        let limits = JobLimits {
            documents: options.batch.get(),
            bytes: options.frame_limit(),
        };
        for number in 0..self.seats.len() {
            let (Seat::Idle(child), Some(declaration)) = (&self.seats[number], &self.declaration)
            else {
                continue;
            };
            let fresh = child.served == 0;
            let Some((job, message)) = work.take(self.batches, fresh, limits, declaration)? else {
                continue;
            };
            self.batches += 1;
            let deadline = Instant::now() + self.launch.options.batch_timeout.0;
            if let Seat::Idle(mut child) = self.vacate(number, Duration::ZERO) {
                child.send(message);
                self.seats[number] = Seat::Busy(child, job, deadline);
            }
        }
        Ok(())
    }

    /// Hears what every child has to say.
    fn attend(&mut self, work: &mut Work<'_>) -> StageResult<()> {
        for number in 0..self.seats.len() {
            let seat = self.vacate(number, Duration::ZERO);
            match seat {
                Seat::Empty(due) => self.seats[number] = Seat::Empty(due),
                Seat::Starting(child, deadline) => self.attend_starting(number, child, deadline)?,
                Seat::Idle(child) => self.attend_idle(number, child)?,
                Seat::Busy(child, job, deadline) => {
                    self.attend_busy(number, child, (job, deadline), work)?;
                }
            }
        }
        Ok(())
    }

    fn attend_starting(
        &mut self,
        number: usize,
        mut child: Child,
        deadline: Instant,
    ) -> StageResult<()> {
        let failure = match child.pump() {
            Ok(Some(frame)) => match self.read_ready(&frame) {
                Ok(()) => {
                    self.seats[number] = Seat::Idle(child);
                    return Ok(());
                }
                Err(NotReady::Failed(failure)) => failure,
                Err(NotReady::Fatal(error)) => {
                    child.bury(self.guard.get_or_insert_with(Guard::start));
                    return Err(error);
                }
            },
            Ok(None) if Instant::now() < deadline => {
                self.seats[number] = Seat::Starting(child, deadline);
                return Ok(());
            }
            Ok(None) => Failure::NotReady(self.launch.options.start_timeout.0),
            Err(failure) => failure,
        };
        self.fail(number, child, &failure).map(drop)
    }

    /// Reads a child's first message.
    fn read_ready(&mut self, frame: &[u8]) -> Result<(), NotReady> {
        let ready = match serde_json::from_slice(frame).map_err(Failure::Message)? {
            Answer::<RawReply>::Ready(ready) => ready,
            Answer::Refused(refused) => {
                return Err(NotReady::fatal(
                    "the process refused to start",
                    refused.reason,
                ));
            }
            Answer::Replies(_) => {
                let what = "it replied before it was asked".to_owned();
                return Err(Failure::Protocol(what).into());
            }
        };
        if ready.protocol != VERSION {
            let why = format!("it speaks version {}, not {VERSION}", ready.protocol);
            return Err(NotReady::fatal("the process speaks another protocol", why));
        }
        let checked = ready.stage.check();
        checked.map_err(|why| NotReady::fatal("the process declared something wrong", why))?;
        let stage = self.declaration.get_or_insert_with(|| ready.stage.clone());
        if *stage != ready.stage {
            // Its program was changed meanwhile: half of the output would be of another stage.
            let why = "it declares something else than the process before it";
            let doing = "the process is not the stage that it was";
            return Err(NotReady::fatal(doing, why.to_owned()));
        }
        debug!(stage = %self.launch.stage, name = %stage.name, version = %stage.version, "ready");
        Ok(())
    }

    fn attend_idle(&mut self, number: usize, mut child: Child) -> StageResult<()> {
        let failure = match child.pump() {
            Ok(None) => {
                self.seats[number] = Seat::Idle(child);
                return Ok(());
            }
            Ok(Some(_)) => Failure::Protocol("it wrote a message without being asked".to_owned()),
            Err(failure) => failure,
        };
        self.fail(number, child, &failure).map(drop)
    }

    fn attend_busy(
        &mut self,
        number: usize,
        mut child: Child,
        (job, deadline): (Job, Instant),
        work: &mut Work<'_>,
    ) -> StageResult<()> {
        let failure = match child.pump() {
            Ok(Some(frame)) => match self.read_replies(&frame, &job, work) {
                Ok(()) => {
                    self.failures = 0;
                    child.served += 1;
                    self.seats[number] = Seat::Idle(child);
                    return Ok(());
                }
                Err(failure) => failure,
            },
            Ok(None) if Instant::now() < deadline => {
                self.seats[number] = Seat::Busy(child, job, deadline);
                return Ok(());
            }
            Ok(None) => Failure::Late(self.launch.options.batch_timeout.0),
            Err(failure) => failure,
        };
        let fresh = child.served == 0;
        let why = self.fail(number, child, &failure)?;
        work.failed(&job, fresh, &why);
        Ok(())
    }

    fn read_replies(&self, frame: &[u8], job: &Job, work: &mut Work<'_>) -> Result<(), Failure> {
        if let Ok(answer) = serde_json::from_slice::<Answer>(frame) {
            return self.hear(answer, job, work, Ok);
        }
        // A bad reply must harm its own document alone, so where there is one each is read by itself.
        let answer = serde_json::from_slice::<Answer<RawReply>>(frame).map_err(Failure::Message)?;
        self.hear(answer, job, work, |reply| serde_json::from_str(reply.get()))
    }

    fn hear<R>(
        &self,
        answer: Answer<R>,
        job: &Job,
        work: &mut Work<'_>,
        read: impl Fn(R) -> Result<Reply, serde_json::Error>,
    ) -> Result<(), Failure> {
        let protocol = |what: String| Err(Failure::Protocol(what));
        let Answer::Replies(replies) = answer else {
            return protocol("it wrote something else than replies".to_owned());
        };
        if replies.number != job.number {
            let (found, asked) = (replies.number, job.number);
            return protocol(format!("it answered batch {found} when asked for {asked}"));
        }
        if replies.replies.len() != job.len() {
            let (found, asked) = (replies.replies.len(), job.len());
            return protocol(format!("it gave {found} replies to {asked} documents"));
        }
        if let Some(declaration) = &self.declaration {
            let replies = replies.replies.into_iter().map(read);
            work.answer(job, replies, declaration, &self.launch.stage);
        }
        Ok(())
    }

    /// Gives a child up and returns why.
    fn fail(&mut self, number: usize, child: Child, failure: &Failure) -> StageResult<String> {
        let guard = self.guard.get_or_insert_with(Guard::start);
        let obituary = child.bury(guard);
        let why = failure.describe(Some(&obituary));
        self.count_failure(number, &why)?;
        Ok(why)
    }

    /// Counts a failure and says when the seat is filled again.
    ///
    /// # Errors
    /// Fatal when there were too many in a row.
    fn count_failure(&mut self, number: usize, why: &str) -> StageResult<()> {
        self.failures += 1;
        warn!(stage = %self.launch.stage, child = number, in_a_row = self.failures, "{why}");
        if self.failures > self.launch.options.restarts.get() {
            let failures = self.failures;
            let doing = format!("processes failed {failures} times in a row");
            return Err(StageError::fatal(doing, why));
        }
        if self.declaration.is_none() {
            // Not one was ever ready: that is a mistake in the configuration or the stage.
            return Err(StageError::fatal("start the process", why));
        }
        let wait = match self.failures {
            0 | 1 => Duration::ZERO,
            failures => BACKOFF.saturating_mul(1 << (failures - 2).min(10)),
        };
        self.seats[number] = Seat::Empty(Instant::now() + wait.min(LONGEST_BACKOFF));
        Ok(())
    }

    /// Waits until a child in the first `seats` seats has something to say, a deadline passes, or `until`.
    fn wait(&self, seats: usize, until: Instant) {
        let mut until = until;
        let mut fds = Vec::new();
        for seat in &self.seats[..seats] {
            match seat {
                Seat::Empty(due) => until = until.min(*due),
                Seat::Idle(child) => child.watch(&mut fds),
                Seat::Starting(child, deadline) | Seat::Busy(child, _, deadline) => {
                    until = until.min(*deadline);
                    child.watch(&mut fds);
                }
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        // Rounded up, or the last part of a millisecond would be spent spinning.
        let left = left + Duration::from_micros(500);
        let left = Timespec::try_from(left).ok();
        if let Err(error) = poll(&mut fds, left.as_ref())
            && error != rustix::io::Errno::INTR
        {
            warn!(stage = %self.launch.stage, %error, "the processes could not be waited for");
        }
    }
}

impl Drop for Pool {
    /// Kills what is left: nobody waits for it.
    fn drop(&mut self) {
        for number in 0..self.seats.len() {
            if let Some(child) = self.take_child(number) {
                child.bury(self.guard.get_or_insert_with(Guard::start));
            }
        }
    }
}

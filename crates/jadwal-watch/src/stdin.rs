//! Standard input as a source: one document, or a record a line.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use jadwal_core::clock::Clock;
use jadwal_core::document::DocumentId;
use jadwal_core::source::{
    Intake, Item, RawBytes, Refused, Settler, Source, SourceError, SourceFile, Waker,
};
use jadwal_core::state::FileIdentity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::lines::LineReader;
use crate::open::Halt;
use crate::options::JsonlFields;
use crate::order::unnamed_file;
use crate::read::{MAX_DOCUMENT, Position};
use crate::session::{Follows, Session};
use crate::stats::SourceStats;

/// How long a read waits before it looks whether the pipeline stops.
const POLL: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 200_000_000,
};

/// How standard input is read.
#[derive(Clone, Debug)]
pub struct StdinOptions {
    /// Fields of JSON Lines records; `None` to read all of it as one document.
    pub jsonl: Option<JsonlFields>,
    /// Longest document; a longer one is refused.
    pub max_document_bytes: u64,
    /// What the time of modification is taken from: a pipe has none.
    pub clock: Clock,
    /// Where a refused record that is too long for memory waits for the quarantine.
    pub spill_dir: PathBuf,
}

/// Feeds standard input to the pipeline. The ledger does not remember it.
pub struct StdinSource {
    options: StdinOptions,
    stats: Arc<SourceStats>,
    stop: Arc<AtomicBool>,
    input: Option<Box<dyn Read + Send>>,
}

impl StdinSource {
    /// Prepares to read standard input.
    #[must_use]
    pub fn new(options: StdinOptions, stats: Arc<SourceStats>) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let input = PolledStdin {
            stop: Arc::clone(&stop),
        };
        Self {
            options,
            stats,
            stop,
            input: Some(Box::new(input)),
        }
    }

    /// Prepares to read `input` as if it were standard input.
    #[must_use]
    pub fn with_input(
        options: StdinOptions,
        stats: Arc<SourceStats>,
        input: Box<dyn Read + Send>,
    ) -> Self {
        Self {
            input: Some(input),
            ..Self::new(options, stats)
        }
    }

    fn read(&mut self, intake: &mut dyn Intake) -> Result<(), Broken> {
        let Some(input) = self.input.take() else {
            return Ok(());
        };
        let identity = FileIdentity {
            size: 0,
            modified_ns: 0,
            inode: 0,
        };
        let mut session = Session {
            file: Arc::new(SourceFile {
                path: None,
                identity,
            }),
            label: "-".to_owned(),
            modified: self.options.clock.now(),
            stats: &self.stats,
            intake,
        };
        match &self.options.jsonl {
            Some(names) => self.read_records(input, names, &mut session),
            None => self.read_whole(input, &mut session),
        }
    }

    fn max(&self) -> u64 {
        self.options.max_document_bytes.min(MAX_DOCUMENT)
    }

    fn read_whole(
        &self,
        mut input: Box<dyn Read + Send>,
        session: &mut Session<'_>,
    ) -> Result<(), Broken> {
        // Its length is not known; there is no other document that could need the room.
        let permit = session.admit(self.max())?;
        let mut raw = Vec::new();
        (&mut input).take(self.max() + 1).read_to_end(&mut raw)?;
        session.go_on()?;
        if raw.len() as u64 <= self.max() {
            let item = session.whole_document(Bytes::from(raw));
            return Ok(session.submit(permit, item, Follows::Nothing)?);
        }
        let mut spool = Spool::new(&self.options.spill_dir);
        let mut hasher = blake3::Hasher::new();
        let mut piece = std::mem::take(&mut raw);
        while !piece.is_empty() {
            hasher.update(&piece);
            spool.write_all(&piece)?;
            session.go_on()?;
            piece.clear();
            piece.shrink_to(64 << 10);
            (&mut input).take(64 << 10).read_to_end(&mut piece)?;
        }
        let len = spool.end;
        let refused = Refused {
            id: DocumentId::from_hash(&hasher.finalize()),
            provenance: session.provenance(0, 0..len),
            error: format!("too long for a document: {len} bytes"),
            raw: spool.raw_bytes(),
            packed: false,
        };
        Ok(session.submit(permit, Item::Refused(Box::new(refused)), Follows::Nothing)?)
    }

    fn read_records(
        &self,
        input: Box<dyn Read + Send>,
        names: &JsonlFields,
        session: &mut Session<'_>,
    ) -> Result<(), Broken> {
        let mut lines = LineReader::new(Box::new(BufReader::new(input)), self.max());
        let mut record = 0;
        loop {
            // A line is passed on when it comes; whether another one follows may show much later.
            let mut spool = Spool::new(&self.options.spill_dir);
            let line = lines.next_line(&|| session.intake.stopping(), &mut spool)?;
            let Some(line) = line else {
                return Ok(session.end(Follows::Nothing)?);
            };
            let permit = session.admit(line.content.held())?;
            let item = session.json_document(record, line, names, &mut |_| spool.raw_bytes());
            record += 1;
            let next = Position {
                record,
                byte: lines.at(),
                prefix: None,
            };
            session.submit(permit, item, Follows::Record(next))?;
        }
    }
}

impl Source for StdinSource {
    fn waker(&self) -> Waker {
        let stop = Arc::clone(&self.stop);
        Arc::new(move || stop.store(true, Ordering::Relaxed))
    }

    fn settler(&self) -> Arc<dyn Settler> {
        Arc::new(KeepInput)
    }

    fn run(&mut self, intake: &mut dyn Intake) -> Result<(), SourceError> {
        match self.read(intake) {
            Ok(()) | Err(Broken::Halted) => Ok(()),
            Err(Broken::Input(_)) if intake.stopping() => Ok(()),
            Err(Broken::Input(error)) => Err(SourceError::Other {
                doing: "read standard input".to_owned(),
                source: error.into(),
            }),
        }
    }
}

/// Standard input can't be moved or removed.
struct KeepInput;

impl Settler for KeepInput {
    fn settle(&self, _: &SourceFile) -> bool {
        false
    }
}

/// Why standard input was not read to its end.
enum Broken {
    Halted,
    Input(io::Error),
}

impl From<Halt> for Broken {
    fn from(_: Halt) -> Self {
        // There is no file that could change: only a stop ends a session here.
        Self::Halted
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Input(error)
    }
}

/// Standard input whose reads end soon after the pipeline stops, even if nothing comes.
struct PolledStdin {
    stop: Arc<AtomicBool>,
}

impl Read for PolledStdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stdin = io::stdin();
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("the pipeline stops"));
            }
            let mut handles = [PollFd::new(&stdin, PollFlags::IN)];
            match poll(&mut handles, Some(&POLL)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                // Unbuffered, so that poll sees all that is unread.
                Ok(_) => return rustix::io::read(&stdin, buffer).map_err(Into::into),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Bytes that are too many for memory, in a file that is gone when nobody needs it.
struct Spool<'a> {
    folder: &'a Path,
    file: Option<Arc<File>>,
    end: u64,
}

impl<'a> Spool<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            file: None,
            end: 0,
        }
    }

    /// Returns all that was written.
    fn raw_bytes(&self) -> RawBytes {
        let Some(file) = self.file.clone() else {
            return RawBytes::InMemory(Bytes::new());
        };
        let end = self.end;
        RawBytes::Copied(Box::new(move |out| {
            let mut piece = vec![0; 64 << 10];
            let mut at = 0;
            while at < end {
                let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
                let wanted = wanted.min(piece.len());
                file.read_exact_at(&mut piece[..wanted], at)?;
                out.write_all(&piece[..wanted])?;
                at += wanted as u64;
            }
            Ok(())
        }))
    }
}

impl Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(Arc::new(unnamed_file(self.folder)?)),
        };
        file.write_all_at(bytes, self.end)?;
        self.end += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

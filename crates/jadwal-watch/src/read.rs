//! Reads one file and submits its records.
//!
//! Room is taken from the admission budget before a file is read: for a plain file its length, for a
//! packed one an estimate of what it unpacks to. A record of JSON Lines is admitted when its line
//! was read, so one line more than the budget may be in memory. A file that changes while it is
//! read is given back, and only records that were submitted before the change was seen went on.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use jadwal_core::document::DocumentId;
use jadwal_core::source::{Intake, Item, NextRecord, Refused, SourceFile};

use crate::flight::Flight;
use crate::lines::LineReader;
use crate::look::FoundFile;
use crate::open::{FileRef, Halt, OpenFile};
use crate::options::{FolderOptions, JsonlFields};
use crate::refuse::{hash_file, part_of_file, whole_file};
use crate::rules::Rules;
use crate::session::{Follows, Session, timestamp};
use crate::stats::SourceStats;
use crate::unpack::{Format, Packing, is_corrupt};

/// Origin maps count in 32 bits.
pub(crate) const MAX_DOCUMENT: u64 = u32::MAX as u64 - 1;

/// Room for a document whose length is not known, at the least.
const LEAST_ESTIMATE: u64 = 64 << 10;

/// A place between two records of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Number of the next record.
    pub(crate) record: u64,
    /// Its first byte in the unpacked file.
    pub(crate) byte: u64,
    /// Hash of all bytes before it, where this run read them. A file that changed is still read on
    /// from here if they are the same: a record that was submitted is not submitted again.
    pub(crate) prefix: Option<blake3::Hash>,
}

impl Position {
    /// Returns where to read on in another version of the file.
    pub(crate) fn in_new_version(self) -> Self {
        match self.prefix {
            Some(_) => self,
            None => Self::default(),
        }
    }
}

impl From<NextRecord> for Position {
    fn from(next: NextRecord) -> Self {
        Self {
            record: next.record,
            byte: next.byte,
            prefix: next.prefix.map(blake3::Hash::from_bytes),
        }
    }
}

impl From<Position> for NextRecord {
    fn from(position: Position) -> Self {
        Self {
            record: position.record,
            byte: position.byte,
            prefix: position.prefix.map(Into::into),
        }
    }
}

/// Reads files.
#[derive(Debug)]
pub(crate) struct Reader {
    rules: Arc<Rules>,
    stats: Arc<SourceStats>,
    flight: Arc<Flight>,
    names: JsonlFields,
    max: u64,
}

impl Reader {
    pub(crate) fn new(
        options: &FolderOptions,
        rules: Arc<Rules>,
        stats: Arc<SourceStats>,
        flight: Arc<Flight>,
    ) -> Self {
        Self {
            rules,
            stats,
            flight,
            names: options.jsonl.clone(),
            max: options.max_document_bytes.min(MAX_DOCUMENT),
        }
    }

    /// Reads `found` and submits its records from `from` on, which is kept at the first record that
    /// was not submitted. A file that is not submitted to its end is no longer in flight.
    pub(crate) fn read(
        &self,
        found: &FoundFile,
        from: &mut Position,
        intake: &mut dyn Intake,
    ) -> Result<(), Halt> {
        let follow = self.rules.follow_symlinks || self.rules.is_root(found.root, &found.path);
        let source = FileRef {
            path: found.path.clone(),
            identity: found.identity,
            follow,
        };
        let mut session = Session {
            file: Arc::new(SourceFile {
                path: Some(found.path.clone()),
                identity: found.identity,
            }),
            label: self.rules.label(found.root, &found.path),
            modified: timestamp(found.identity.modified_ns),
            stats: &self.stats,
            intake,
        };
        self.flight.insert(&found.path, found.identity);
        let format = Format::of(&found.path);
        let result = match (format.lines, format.packing) {
            (true, packing) => self.read_records(&source, packing, from, &mut session),
            (false, Packing::Plain) => self.read_plain(&source, &mut session),
            (false, packing) => self.read_packed(&source, packing, &mut session),
        };
        match &result {
            Ok(()) => {
                self.stats.admitted_files.add(1);
                self.stats.admitted_bytes.add(found.identity.size);
            }
            Err(_) => self.flight.abandon(&found.path),
        }
        result
    }

    fn read_plain(&self, source: &FileRef, session: &mut Session<'_>) -> Result<(), Halt> {
        let size = source.identity.size;
        if size > self.max {
            let error = format!("too long for a document: {size} bytes");
            return refuse_file(source, error, 0, 0..size, session);
        }
        let permit = session.admit(size)?;
        let file = source.open()?;
        // One byte more than its size shows at once whether it grew.
        let mut raw = Vec::with_capacity(usize::try_from(size).unwrap_or(usize::MAX - 1) + 1);
        file.clone().take(size + 1).read_to_end(&mut raw)?;
        file.check_unchanged()?;
        if raw.len() as u64 != size {
            return Err(Halt::Changed);
        }
        let item = session.whole_document(Bytes::from(raw));
        session.submit(permit, item, Follows::Nothing)
    }

    fn read_packed(
        &self,
        source: &FileRef,
        packing: Packing,
        session: &mut Session<'_>,
    ) -> Result<(), Halt> {
        let estimate = source.identity.size.saturating_mul(4).max(LEAST_ESTIMATE);
        let permit = session.admit(estimate.min(self.max))?;
        let file = source.open()?;
        let mut raw = Vec::new();
        let unpacked = packing
            .reader(file.clone())
            .and_then(|reader| reader.take(self.max + 1).read_to_end(&mut raw));
        file.check_unchanged()?;
        let error = match unpacked {
            Ok(_) if raw.len() as u64 <= self.max => {
                raw.shrink_to_fit();
                let permit = if raw.len() as u64 > estimate {
                    // Room for what it really is: given back first, or two that wait would wait for
                    // each other.
                    drop(permit);
                    session.admit(raw.len() as u64)?
                } else {
                    permit
                };
                let item = session.whole_document(Bytes::from(raw));
                return session.submit(permit, item, Follows::Nothing);
            }
            Ok(_) => format!("unpacks to more than {} bytes", self.max),
            Err(error) if is_corrupt(&error) => unpack_error(packing, &error),
            Err(error) => return Err(error.into()),
        };
        drop((raw, permit));
        let whole = 0..source.identity.size;
        refuse_file(source, error, 0, whole, session)
    }

    fn read_records(
        &self,
        source: &FileRef,
        packing: Packing,
        from: &mut Position,
        session: &mut Session<'_>,
    ) -> Result<(), Halt> {
        let mut submitted = self.submit_records(source, packing, from, session);
        if matches!(submitted, Err(Broken::Another)) {
            // What was submitted is not in this version any more: it is a new file.
            *from = Position::default();
            submitted = self.submit_records(source, packing, from, session);
        }
        let corrupt = match submitted {
            Ok(()) => return Ok(()),
            Err(Broken::Halted(halt)) => return Err(halt),
            Err(Broken::Another) => return Err(Halt::Changed),
            Err(Broken::Input(error)) => error,
        };
        session.go_on()?;
        if packing == Packing::Plain || !is_corrupt(&corrupt) {
            return Err(corrupt.into());
        }
        // The records before the break went on; the packed file stands for what is behind it.
        let error = unpack_error(packing, &corrupt);
        refuse_file(source, error, from.record, from.byte..from.byte, session)
    }

    /// Opens the file and submits its records from `from` on, which is moved along.
    fn submit_records(
        &self,
        source: &FileRef,
        packing: Packing,
        from: &mut Position,
        session: &mut Session<'_>,
    ) -> Result<(), Broken> {
        let file = source.open()?;
        let mut records = Records {
            lines: LineReader::new(packing.reader(file.clone())?, self.max),
            names: &self.names,
            source,
            packing,
            file,
        };
        records.submit_all(from, session)
    }
}

/// Why the records of a file did not come to their end.
enum Broken {
    Halted(Halt),
    Input(std::io::Error),
    /// What lies before the place to read on from is not what was read.
    Another,
}

impl From<Halt> for Broken {
    fn from(halt: Halt) -> Self {
        Self::Halted(halt)
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Input(error)
    }
}

/// The records of one file.
struct Records<'a> {
    lines: LineReader,
    names: &'a JsonlFields,
    source: &'a FileRef,
    packing: Packing,
    file: OpenFile,
}

impl Records<'_> {
    /// Submits the records from `from` on, and moves it along.
    fn submit_all(&mut self, from: &mut Position, session: &mut Session<'_>) -> Result<(), Broken> {
        let stopping = || session.intake.stopping();
        match self.lines.skip_to(from.byte, &stopping) {
            // What was read before could be unpacked.
            Err(error) if self.packing != Packing::Plain && is_corrupt(&error) => {
                return Err(Broken::Another);
            }
            skipped => skipped?,
        }
        let prefix = self.lines.prefix();
        if from.prefix.is_some_and(|known| known != prefix) {
            return Err(Broken::Another);
        }
        from.prefix = Some(prefix);
        loop {
            let stopping = || session.intake.stopping();
            let line = self.lines.next_line(&stopping, &mut std::io::sink())?;
            let Some(line) = line else {
                self.file.check_unchanged()?;
                return Ok(session.end(Follows::Growth(self.position(from.record)))?);
            };
            // Whether more follows is known before the record goes, so that the last one can say
            // that the file is done. Should looking on fail, the record goes first all the same.
            let more = self.lines.skip_blanks(&stopping);
            self.file.check_unchanged()?;
            let next = self.position(from.record + 1);
            let permit = session.admit(line.content.held())?;
            let item = session.json_document(from.record, line, self.names, &mut |part| {
                part_of_file(self.source.clone(), self.packing, part)
            });
            let is_last = matches!(more, Ok(false));
            let follows = match &item {
                _ if !is_last => Follows::Record(next),
                // It may be half a line that was written by then: a longer version has it whole.
                Item::Refused(_) if !self.lines.line_ended() => Follows::Growth(*from),
                _ => Follows::Growth(next),
            };
            session.submit(permit, item, follows)?;
            *from = next;
            if !more? {
                return Ok(());
            }
        }
    }

    /// Returns the place where the next unread byte is, before this record.
    fn position(&self, record: u64) -> Position {
        Position {
            record,
            byte: self.lines.at(),
            prefix: Some(self.lines.prefix()),
        }
    }
}

/// Submits a file as it lies on disk as one refused record, the last one.
fn refuse_file(
    source: &FileRef,
    error: String,
    record: u64,
    bytes: Range<u64>,
    session: &mut Session<'_>,
) -> Result<(), Halt> {
    let permit = session.admit(LEAST_ESTIMATE.min(source.identity.size))?;
    let hash = hash_file(&mut source.open()?, &|| session.intake.stopping())?;
    let refused = Refused {
        id: DocumentId::from_hash(&hash),
        provenance: session.provenance(record, bytes),
        error,
        raw: whole_file(source.clone()),
        packed: Format::of(&source.path).packing != Packing::Plain,
    };
    session.submit(permit, Item::Refused(Box::new(refused)), Follows::Nothing)
}

fn unpack_error(packing: Packing, error: &std::io::Error) -> String {
    format!("failed to unpack {}: {error}", packing.name())
}

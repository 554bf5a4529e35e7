//! Makes fates durable: quarantine first, then ONE transaction, then settlement.
//!
//! Sinks have synced what they wrote before a group arrives here. In order:
//!
//! 1. the raw bytes of failed documents are kept in the quarantine, synced;
//! 2. one transaction records the fates, what delivered documents asked to have stored, the ledger
//!    rows of their files, and the sinks' positions;
//! 3. files whose last record is in it are settled (kept, moved, deleted), stages hear of the fates,
//!    the admission budget is given back.
//!
//! A crash before 2 undoes 1 in effect: the same documents come again and are kept under the same
//! names. A crash after 2 leaves 3 to the next start, which finds the files done in the ledger.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_core::source::Settler;
use jadwal_core::state::{
    Commit, DocumentRow, FateCounts, FileChange, FileIdentity, FileProgress, FileRow, StateStore,
};
use jadwal_core::{Clock, DocumentId, Fate, Provenance, Settled, fault};
use tokio::sync::mpsc;
use tracing::{debug, warn};

use crate::backoff::Backoff;
use crate::blocking::block;
use crate::breaker::Breaker;
use crate::counters::Counters;
use crate::error::RunError;
use crate::group::{Cargo, Group, Parcel};
use crate::quarantine::{Quarantine, QuarantineError};
use crate::transform_task::receive_ready;

/// Groups merged into one transaction hold about this many parcels at the most.
const MAX_COMMIT: usize = 4096;

/// How often a quarantine that can't be written is tried again.
const QUARANTINE_RETRIES: u32 = 8;

/// What the committer's task owns.
pub(crate) struct Committer {
    pub(crate) store: Arc<dyn StateStore>,
    pub(crate) quarantine: Quarantine,
    pub(crate) settler: Arc<dyn Settler>,
    pub(crate) clock: Clock,
    pub(crate) counters: Arc<Counters>,
    pub(crate) breaker: Breaker,
    /// One line to each stage that keeps state.
    pub(crate) settlements: Vec<mpsc::Sender<Arc<[Settled]>>>,
    pub(crate) next_seq: u64,
    /// Files that left the folder since the last commit.
    pub(crate) gone: Vec<PathBuf>,
    /// The file whose records are being committed, with its fates so far.
    pub(crate) open_file: Option<OpenFile>,
    /// The file to take up first at the next start: begun, and not done.
    pub(crate) resume: Option<PathBuf>,
}

/// A file of which some records are committed.
pub(crate) struct OpenFile {
    path: PathBuf,
    identity: FileIdentity,
    counts: FateCounts,
}

impl Committer {
    /// Commits groups until the queue is closed and empty.
    ///
    /// # Errors
    /// When the store or the quarantine refuses, or the breaker trips.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Group>) -> Result<(), RunError> {
        while let Some(mut group) = receive_ready(&mut queue, MAX_COMMIT).await {
            self.keep_failed(&mut group.parcels).await?;
            self.commit(group)?;
        }
        self.commit_gone()
    }

    /// Keeps the raw bytes of failed documents; waits out a full disk for a while. A document whose
    /// bytes are gone is withdrawn.
    async fn keep_failed(&self, parcels: &mut [Parcel]) -> Result<(), RunError> {
        let mut backoff = Backoff::new(QUARANTINE_RETRIES);
        while let Err(error) = block(|| self.try_keep_failed(parcels)) {
            let Some(wait) = backoff.next_wait() else {
                return Err(error.into());
            };
            warn!(error = %jadwal_core::describe_chain(&error), ?wait, "retrying the quarantine");
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    fn try_keep_failed(&self, parcels: &mut [Parcel]) -> Result<(), QuarantineError> {
        for parcel in parcels.iter_mut() {
            let Cargo::Failed { refused, .. } = &parcel.cargo else {
                continue;
            };
            match self.quarantine.keep_raw(refused) {
                Err(QuarantineError::Gone(id)) => {
                    let path = &refused.provenance.file_path;
                    warn!(doc = %id, path, "the file changed or vanished before it could be quarantined");
                    parcel.cargo = Cargo::Withdrawn { id };
                }
                kept => kept?,
            }
        }
        let failed = || {
            parcels.iter().filter_map(|parcel| match &parcel.cargo {
                Cargo::Failed { stage, refused } => Some((stage.as_str(), &**refused)),
                _ => None,
            })
        };
        if failed().next().is_none() {
            return Ok(());
        }
        self.quarantine.describe(failed(), self.clock.now())?;
        self.quarantine.sync()
    }

    fn commit(&mut self, group: Group) -> Result<(), RunError> {
        let Group { parcels, positions } = group;
        let mut commit = Commit {
            positions,
            ..Commit::default()
        };
        commit.files.extend(self.forget_gone());
        let mut settled = Vec::with_capacity(parcels.len());
        for parcel in &parcels {
            self.add_record(parcel, &mut commit, &mut settled);
            self.add_file(parcel, &mut commit)?;
        }
        // Withdrawn records have a number too.
        let last = parcels.iter().rfind(|parcel| parcel.is_record());
        self.next_seq = last.map_or(self.next_seq, |parcel| parcel.seq + 1);
        commit.next_seq = self.next_seq;
        commit.resume.clone_from(&self.resume);
        block(|| self.store.commit(&commit))?;
        self.counters.commit();
        debug!(documents = settled.len(), "committed");
        self.settle(parcels, settled)
    }

    /// Adds the fate of the record in `parcel`, if there is one.
    fn add_record(&self, parcel: &Parcel, commit: &mut Commit, settled: &mut Vec<Settled>) {
        let Some((id, fate)) = fate_of(&parcel.cargo) else {
            return;
        };
        if let Cargo::Live(doc) = &parcel.cargo {
            commit.writes.extend_from_slice(doc.delivery_writes());
        }
        if fate != Fate::Withdrawn {
            commit.documents.push(document_row(parcel, id, &fate));
        }
        settled.push(Settled {
            id,
            seq: parcel.seq,
            fate,
        });
    }

    /// Sets the ledger row of the file that `parcel` belongs to.
    fn add_file(&mut self, parcel: &Parcel, commit: &mut Commit) -> Result<(), RunError> {
        let Some(path) = &parcel.file.path else {
            return Ok(());
        };
        if matches!(parcel.cargo, Cargo::Withdrawn { .. }) {
            return Ok(());
        }
        // A new version came before the old one's row could be forgotten: the row is this one's now.
        self.gone.retain(|gone| gone != path);
        let mut counts = match self.open_file.take() {
            Some(open) if open.path == *path && open.identity == parcel.file.identity => {
                open.counts
            }
            _ => self.counts_before(path, parcel)?,
        };
        match fate_of(&parcel.cargo) {
            Some((_, Fate::Delivered)) => counts.delivered += 1,
            Some((_, Fate::Dropped(_))) => counts.dropped += 1,
            Some((_, Fate::Quarantined { .. })) => counts.quarantined += 1,
            Some((_, Fate::Withdrawn)) | None => {}
        }
        let row = FileRow {
            identity: parcel.file.identity,
            progress: self.progress(path, parcel, counts),
            end: parcel.end,
            counts,
        };
        // One row a file: of many records in this commit the last one speaks.
        match commit.files.last_mut() {
            Some((last, change)) if last == path => *change = FileChange::Set(row),
            _ => commit.files.push((path.clone(), FileChange::Set(row))),
        }
        Ok(())
    }

    /// Says how far the file of `parcel` is done, and remembers the one that is read in part.
    fn progress(&mut self, path: &Path, parcel: &Parcel, counts: FateCounts) -> FileProgress {
        let Some(next) = parcel.next else {
            self.resume.take_if(|resume| resume == path);
            return FileProgress::Done;
        };
        self.resume = Some(path.to_owned());
        self.open_file = Some(OpenFile {
            path: path.to_owned(),
            identity: parcel.file.identity,
            counts,
        });
        FileProgress::Partial {
            next_record: next.record,
            next_byte: next.byte,
            prefix: next.prefix,
        }
    }

    /// Fates of the file's records that an earlier run committed.
    fn counts_before(&self, path: &Path, parcel: &Parcel) -> Result<FateCounts, RunError> {
        let row = self.store.file(path)?;
        // Another version counts on where the part that was read is still the same.
        let record = provenance(&parcel.cargo).map(|place| place.record_index);
        let record = record.or_else(|| parcel.end.map(|end| end.record));
        let resumed = row.filter(|row| match row.progress {
            FileProgress::Partial { next_record, .. } => {
                record.is_none_or(|record| record == next_record)
            }
            FileProgress::Done => row.end.is_some_and(|end| Some(end.record) == record),
        });
        Ok(resumed.map(|row| row.counts).unwrap_or_default())
    }

    /// What follows a commit, in admission order.
    fn settle(&mut self, parcels: Vec<Parcel>, settled: Vec<Settled>) -> Result<(), RunError> {
        block(|| {
            for parcel in &parcels {
                let file = &parcel.file;
                if matches!(parcel.cargo, Cargo::Withdrawn { .. }) {
                    self.settler.withdraw(file);
                } else if parcel.next.is_none() {
                    self.counters.settle_file();
                    if self.settler.settle(file) {
                        self.gone.extend(file.path.clone());
                    }
                }
            }
        });
        for parcel in &parcels {
            if let Some((_, fate)) = fate_of(&parcel.cargo) {
                let bytes = provenance(&parcel.cargo)
                    .map_or(0, |place| place.bytes.end - place.bytes.start);
                self.counters.settle(&fate, bytes);
            }
        }
        let tripped = settled
            .iter()
            .try_for_each(|settled| self.breaker.count(&settled.fate));
        self.announce(settled);
        // The parcels end here, and with them their shares of the admission budget.
        drop(parcels);
        tripped
    }

    fn announce(&self, settled: Vec<Settled>) {
        if settled.is_empty() {
            return;
        }
        let settled: Arc<[Settled]> = settled.into();
        for line in &self.settlements {
            // It is closed when its stage has ended, and then nobody waits for news. News that was
            // lost would leave a stage waiting for ever: better to stop.
            let sent = line.try_send(Arc::clone(&settled));
            assert!(
                !matches!(sent, Err(mpsc::error::TrySendError::Full(_))),
                "a settlement line has room for every document in flight"
            );
        }
    }

    /// Changes that forget the files that left the folder, once their leaving is durable.
    fn forget_gone(&mut self) -> Vec<(PathBuf, FileChange)> {
        if self.gone.is_empty() {
            return Vec::new();
        }
        if let Err(error) = block(|| self.settler.sync()) {
            warn!(%error, "failed to sync the drop folder; ledger rows of files that left stay");
            return Vec::new();
        }
        let gone = std::mem::take(&mut self.gone);
        gone.into_iter()
            .map(|path| (path, FileChange::Forget))
            .collect()
    }

    /// Forgets the rows of files that left the folder after the last commit.
    fn commit_gone(&mut self) -> Result<(), RunError> {
        if self.gone.is_empty() {
            return Ok(());
        }
        let commit = Commit {
            files: self.forget_gone(),
            next_seq: self.next_seq,
            resume: self.resume.clone(),
            ..Commit::default()
        };
        block(|| self.store.commit(&commit))?;
        fault::point("commit.gone").map_err(|error| {
            jadwal_core::state::StateError::new("forget files that left the folder", error)
        })?;
        Ok(())
    }
}

fn fate_of(cargo: &Cargo) -> Option<(DocumentId, Fate)> {
    match cargo {
        Cargo::Live(doc) => Some((doc.id(), Fate::Delivered)),
        Cargo::Dropped { id, reason, .. } => Some((*id, Fate::Dropped(reason.clone()))),
        Cargo::Failed { stage, refused } => {
            let fate = Fate::Quarantined {
                stage: stage.clone(),
                error: refused.error.clone(),
            };
            Some((refused.id, fate))
        }
        Cargo::Withdrawn { id } => Some((*id, Fate::Withdrawn)),
        Cargo::Away | Cargo::End => None,
    }
}

fn provenance(cargo: &Cargo) -> Option<&Provenance> {
    match cargo {
        Cargo::Live(doc) => Some(doc.provenance()),
        Cargo::Dropped { provenance, .. } => Some(provenance),
        Cargo::Failed { refused, .. } => Some(&refused.provenance),
        Cargo::Away | Cargo::End | Cargo::Withdrawn { .. } => None,
    }
}

fn document_row(parcel: &Parcel, id: DocumentId, fate: &Fate) -> DocumentRow {
    let place = provenance(&parcel.cargo);
    let mut row = DocumentRow {
        id,
        seq: parcel.seq,
        file_path: place
            .map(|place| place.file_path.clone())
            .unwrap_or_default(),
        record_index: place.map(|place| place.record_index).unwrap_or_default(),
        bytes: place
            .map(|place| (place.bytes.start, place.bytes.end))
            .unwrap_or_default(),
        fate: String::new(),
        stage: String::new(),
        detail: String::new(),
        duplicate_of: None,
        similarity: None,
    };
    match fate {
        Fate::Delivered => {
            "delivered".clone_into(&mut row.fate);
            if let Cargo::Live(doc) = &parcel.cargo {
                match_of(doc, &mut row);
            }
        }
        Fate::Dropped(reason) => {
            "dropped".clone_into(&mut row.fate);
            row.detail = reason.to_string();
            if let jadwal_core::DropReason::Duplicate { of, similarity, .. } = reason {
                row.duplicate_of = Some(*of);
                row.similarity = Some(*similarity);
            }
            if let Cargo::Dropped { stage, .. } = &parcel.cargo {
                row.stage.clone_from(stage);
            }
        }
        Fate::Quarantined { stage, error } => {
            "quarantined".clone_into(&mut row.fate);
            row.stage.clone_from(stage);
            row.detail.clone_from(error);
        }
        // Has no row: nothing became of it.
        Fate::Withdrawn => {}
    }
    row
}

/// Says of a delivered document which earlier one it copies or revises.
fn match_of(doc: &jadwal_core::Document, row: &mut DocumentRow) {
    let Some(found) = &doc.facts().duplicate else {
        return;
    };
    let ids = [&found.duplicate_of, &found.revision_of];
    row.duplicate_of = ids.into_iter().find_map(|id| id.parse().ok());
    row.similarity = row.duplicate_of.map(|_| found.similarity);
}

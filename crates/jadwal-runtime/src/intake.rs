//! Lets a source admit documents: takes the budget, numbers them, hands them to the first queue.

use std::sync::Arc;

use jadwal_core::source::{Intake, Item, Permit, Submission};
use tokio::sync::mpsc;
use tracing::warn;

use crate::counters::Counters;
use crate::group::{Cargo, Group, Parcel};
use crate::stop::StopHandle;

/// The runtime's side of admission, on the source's thread.
pub(crate) struct QueueIntake {
    pub(crate) queue: mpsc::Sender<Group>,
    pub(crate) stop: StopHandle,
    pub(crate) counters: Arc<Counters>,
    pub(crate) next_seq: u64,
    pub(crate) max_documents: usize,
    pub(crate) max_bytes: u64,
}

impl Intake for QueueIntake {
    fn admit(&mut self, bytes: u64) -> Option<Box<dyn Permit>> {
        let (max_documents, max_bytes) = (self.max_documents, self.max_bytes);
        // A document larger than the whole budget passes alone.
        let bytes = bytes.min(max_bytes);
        let admitted = self.stop.take_budget(
            |used| used.documents < max_documents && used.bytes + bytes <= max_bytes,
            |used| {
                used.documents += 1;
                used.bytes += bytes;
            },
        );
        admitted.then(|| {
            let stop = self.stop.clone();
            Box::new(BudgetPermit { stop, bytes }) as Box<dyn Permit>
        })
    }

    fn submit(&mut self, permit: Box<dyn Permit>, submission: Submission) -> bool {
        let seq = self.next_seq;
        let cargo = match submission.item {
            Item::Document(mut doc) => {
                doc.set_seq(seq);
                Cargo::Live(doc)
            }
            Item::Refused(refused) => {
                let place = &refused.provenance;
                warn!(doc = %refused.id, path = %place.file_path, record = place.record_index, error = %refused.error, "quarantining");
                Cargo::Failed {
                    stage: "source".to_owned(),
                    refused,
                }
            }
            Item::End => Cargo::End,
        };
        if let Some(bytes) = record_bytes(&cargo) {
            self.next_seq += 1;
            self.counters.admit(bytes);
        }
        let parcel = Parcel {
            seq,
            file: submission.file,
            next: submission.next,
            end: submission.end,
            cargo,
            passes_by: Vec::new(),
            _permit: permit,
        };
        // Full queue: the source waits, and the folder is the buffer.
        self.queue.blocking_send(Group::of(vec![parcel])).is_ok()
    }

    fn stopping(&self) -> bool {
        self.stop.is_stopping()
    }
}

/// Raw bytes of the record in a parcel, `None` for the end of a file.
fn record_bytes(cargo: &Cargo) -> Option<u64> {
    let provenance = match cargo {
        Cargo::Live(doc) => doc.provenance(),
        Cargo::Failed { refused, .. } => &refused.provenance,
        Cargo::Dropped { provenance, .. } => provenance,
        Cargo::Away | Cargo::End | Cargo::Withdrawn { .. } => return None,
    };
    Some(provenance.bytes.end - provenance.bytes.start)
}

struct BudgetPermit {
    stop: StopHandle,
    bytes: u64,
}

impl Permit for BudgetPermit {}

impl Drop for BudgetPermit {
    fn drop(&mut self) {
        self.stop.give_back(|used| {
            used.documents -= 1;
            used.bytes -= self.bytes;
        });
    }
}

//! What travels between tasks: groups of parcels in admission order.

use std::sync::Arc;

use bytes::Bytes;
use jadwal_core::source::{NextRecord, Permit, RawBytes, Refused, SourceFile};
use jadwal_core::{Document, DocumentId, DropReason, Provenance, StageError, describe_chain};

/// Parcels that were ready together, and the positions of the sinks that wrote them.
///
/// Before the first sink `positions` is empty and groups may be merged and split. A sink ends its
/// group with its position; from there on a group is only merged as a whole.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) positions: Vec<(String, Vec<u8>)>,
}

impl Group {
    /// Returns a group of `parcels`.
    pub(crate) fn of(parcels: Vec<Parcel>) -> Self {
        Self {
            parcels,
            positions: Vec::new(),
        }
    }

    /// Cuts the group into pieces of `size` parcels, in order; whole behind a sink.
    pub(crate) fn cut(self, size: usize) -> Vec<Self> {
        if !self.positions.is_empty() {
            return vec![self];
        }
        let mut pieces = Vec::with_capacity(self.parcels.len().div_ceil(size));
        let mut rest = self.parcels.into_iter().peekable();
        while rest.peek().is_some() {
            pieces.push(Self::of(rest.by_ref().take(size).collect()));
        }
        pieces
    }

    /// Appends `later`; its positions replace older ones of the same sink.
    pub(crate) fn merge(&mut self, later: Self) {
        self.parcels.extend(later.parcels);
        for (stage, position) in later.positions {
            self.positions.retain(|(known, _)| *known != stage);
            self.positions.push((stage, position));
        }
    }
}

/// One submission on its way, with its share of the admission budget.
pub(crate) struct Parcel {
    pub(crate) seq: u64,
    pub(crate) file: Arc<SourceFile>,
    pub(crate) next: Option<NextRecord>,
    pub(crate) end: Option<NextRecord>,
    pub(crate) cargo: Cargo,
    /// Numbers of the stages that its document is not offered to.
    pub(crate) passes_by: Vec<usize>,
    /// Given back when the parcel is dropped: after settlement, or when the pipeline is aborted.
    pub(crate) _permit: Box<dyn Permit>,
}

impl Parcel {
    /// Whether a record is in it, and not only the end of a file.
    pub(crate) fn is_record(&self) -> bool {
        !matches!(self.cargo, Cargo::End)
    }
}

/// What a parcel holds.
pub(crate) enum Cargo {
    /// A document that every stage so far passed.
    Live(Box<Document>),
    /// Out for processing; put back before the parcel moves on.
    Away,
    /// Dropped on purpose; its text is freed.
    Dropped {
        id: DocumentId,
        provenance: Arc<Provenance>,
        stage: String,
        reason: DropReason,
    },
    /// Failed; kept for the quarantine.
    Failed {
        stage: String,
        refused: Box<Refused>,
    },
    /// Failed, but the bytes to keep are gone with the version of the file that they were in.
    Withdrawn { id: DocumentId },
    /// The file had no further record.
    End,
}

/// What is needed to quarantine a document, whatever becomes of it.
#[derive(Clone)]
pub(crate) struct Envelope {
    id: DocumentId,
    raw: Bytes,
    provenance: Arc<Provenance>,
}

impl Envelope {
    pub(crate) fn of(doc: &Document) -> Self {
        Self {
            id: doc.id(),
            raw: doc.raw().clone(),
            provenance: doc.provenance_handle(),
        }
    }

    pub(crate) fn dropped(self, stage: &str, reason: DropReason) -> Cargo {
        Cargo::Dropped {
            id: self.id,
            provenance: self.provenance,
            stage: stage.to_owned(),
            reason,
        }
    }

    pub(crate) fn failed(self, stage: &str, error: &StageError) -> Cargo {
        let refused = Refused {
            id: self.id,
            provenance: (*self.provenance).clone(),
            error: describe_chain(error),
            raw: RawBytes::InMemory(self.raw),
            packed: false,
        };
        Cargo::Failed {
            stage: stage.to_owned(),
            refused: Box::new(refused),
        }
    }
}

/// Takes the live documents out of `parcels`; [`put_back`] returns them to the same places.
pub(crate) fn take_live(parcels: &mut [Parcel]) -> Vec<(usize, Document)> {
    let mut live = Vec::with_capacity(parcels.len());
    for (index, parcel) in parcels.iter_mut().enumerate() {
        match std::mem::replace(&mut parcel.cargo, Cargo::Away) {
            Cargo::Live(doc) => live.push((index, *doc)),
            other => parcel.cargo = other,
        }
    }
    live
}

/// Returns `cargo` to the parcel it was taken from.
pub(crate) fn put_back(parcels: &mut [Parcel], index: usize, cargo: Cargo) {
    parcels[index].cargo = cargo;
}

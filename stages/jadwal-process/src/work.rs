//! The documents of one batch: what is not offered yet, what is under suspicion, what is answered.

use std::collections::VecDeque;

use jadwal_core::guest::{Declaration, DocumentView, Reply, apply};
use jadwal_core::{Slot, StageError, StageResult};

use crate::protocol::{begin_frame, end_frame};

/// A message that has grown to this is sent, however few documents are in it: a child with large
/// documents answers as often as one with small ones.
const ENOUGH: usize = 1 << 20;

/// What comes behind the documents of a batch.
const TAIL: &[u8] = b"]}}";

/// Documents on their way through one call of the stage.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    slots: &'a mut [Slot],
    /// The first document that was not offered yet.
    next: usize,
    suspects: VecDeque<Suspect>,
    /// Documents without a resolution.
    open: usize,
}

/// A document that was in hand when a child failed. It is offered alone.
#[derive(Clone, Copy, Debug)]
struct Suspect {
    index: usize,
    /// It was alone in hand already, but the child had served others before: only a child that has not
    /// tells whether it is the document's fault.
    fresh: bool,
}

/// Documents in the hand of a child.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) number: u64,
    documents: Vec<usize>,
}

impl Job {
    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }
}

/// What bounds a job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JobLimits {
    pub(crate) documents: usize,
    pub(crate) bytes: usize,
}

impl<'a> Work<'a> {
    pub(crate) fn new(slots: &'a mut [Slot]) -> Self {
        let open = slots.len();
        Self {
            slots,
            next: 0,
            suspects: VecDeque::new(),
            open,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.open == 0
    }

    /// Returns the next documents for a child, as a message; `None` when there is nothing for it.
    /// `fresh` says whether it has served nothing yet.
    ///
    /// # Errors
    /// Fatal when a document lacks what the stage needs.
    pub(crate) fn take(
        &mut self,
        number: u64,
        fresh: bool,
        limits: JobLimits,
        declaration: &Declaration,
    ) -> StageResult<Option<(Job, Vec<u8>)>> {
        let mut message = Message::new(number);
        let mut documents = Vec::new();
        if let Some(index) = self.take_suspect(fresh) {
            // It fitted into a message before.
            let view = DocumentView::new(&self.slots[index].doc, declaration)?;
            message.push(&view, usize::MAX)?;
            documents.push(index);
        }
        let mut room = documents.is_empty();
        while room && documents.len() < limits.documents && self.next < self.slots.len() {
            let view = DocumentView::new(&self.slots[self.next].doc, declaration)?;
            let fits = message.push(&view, limits.bytes)?;
            if fits {
                documents.push(self.next);
            } else if documents.is_empty() {
                self.refuse_large(self.next, limits.bytes);
            } else {
                break;
            }
            self.next += 1;
            room = message.len() < ENOUGH;
        }
        if documents.is_empty() {
            return Ok(None);
        }
        Ok(Some((Job { number, documents }, message.end())))
    }

    /// Takes a suspect that a child may be tried with: one that must have a fresh child first.
    fn take_suspect(&mut self, fresh: bool) -> Option<usize> {
        let fits = |suspect: &Suspect| fresh || !suspect.fresh;
        let best = |suspect: &Suspect| fits(suspect) && suspect.fresh == fresh;
        let place = self.suspects.iter().position(best);
        let place = place.or_else(|| self.suspects.iter().position(fits))?;
        self.suspects.remove(place).map(|suspect| suspect.index)
    }

    fn refuse_large(&mut self, index: usize, limit: usize) {
        let message = format!("the document does not fit into a message of {limit} bytes");
        self.resolve(index, Err(StageError::document_message(message)));
    }

    /// Acts on the replies to `job`, which are as many as its documents.
    pub(crate) fn answer(
        &mut self,
        job: &Job,
        replies: impl Iterator<Item = Result<Reply, serde_json::Error>>,
        declaration: &Declaration,
        stage: &str,
    ) {
        for (index, reply) in job.documents.iter().zip(replies) {
            let doc = &mut self.slots[*index].doc;
            let result = reply
                .map_err(|error| {
                    let doing = format!("`{}` gave a bad reply", declaration.name);
                    StageError::document(doing, error)
                })
                .and_then(|reply| apply(reply, doc, declaration, stage));
            self.resolve(*index, result);
        }
    }

    /// Hears that a child failed with `job` in hand. A document that was alone in the hand of a fresh
    /// child is poison; all others are suspects.
    pub(crate) fn failed(&mut self, job: &Job, fresh: bool, why: &str) {
        let alone = job.len() == 1;
        for (place, index) in job.documents.iter().enumerate() {
            if alone && fresh {
                let doing = "a process that served nothing else failed with this document";
                self.resolve(*index, Err(StageError::document(doing, why)));
            } else {
                // In the order of the batch, before suspects of later ones.
                let suspect = Suspect {
                    index: *index,
                    fresh: alone,
                };
                self.suspects.insert(place, suspect);
            }
        }
    }

    fn resolve(&mut self, index: usize, result: StageResult) {
        self.slots[index].resolve(result);
        self.open -= 1;
    }
}

/// A batch on its way into a frame: documents are written one by one, so that none is held twice.
struct Message {
    buffer: Vec<u8>,
    start: usize,
    empty: bool,
}

impl Message {
    fn new(number: u64) -> Self {
        let mut buffer = Vec::new();
        let start = begin_frame(&mut buffer);
        let head = format!(r#"{{"batch":{{"number":{number},"documents":["#);
        buffer.extend_from_slice(head.as_bytes());
        Self {
            buffer,
            start,
            empty: true,
        }
    }

    fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Adds a document, unless the message would have more than `limit` bytes then.
    fn push(&mut self, view: &DocumentView<'_>, limit: usize) -> StageResult<bool> {
        let before = self.buffer.len();
        if !self.empty {
            self.buffer.push(b',');
        }
        serde_json::to_writer(&mut self.buffer, view)
            .map_err(|error| StageError::document("failed to write the document as JSON", error))?;
        if self.buffer.len() + TAIL.len() > limit {
            self.buffer.truncate(before);
            return Ok(false);
        }
        self.empty = false;
        Ok(true)
    }

    fn end(mut self) -> Vec<u8> {
        self.buffer.extend_from_slice(TAIL);
        end_frame(&mut self.buffer, self.start);
        self.buffer
    }
}

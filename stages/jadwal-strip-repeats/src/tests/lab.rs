//! A stage with its store, and the runtime's part: admission numbers, commits, settlements.

use std::sync::Arc;

use futures::executor::block_on;
use jadwal_core::spec::PipelineInfo;
use jadwal_core::state::{Commit, StateRead, StateStore};
use jadwal_core::{
    Batch, Clock, Document, Fate, Settled, Slot, Stage, StageCx, StageDeps, StageResult, Verdict,
};
use jadwal_store::MemoryStore;

use crate::options::StripRepeatsOptions;
use crate::stage::StripRepeatsStage;

pub(super) const STAGE: &str = "strip_repeats";

/// Options under which counts lag by a document or two.
pub(super) fn eager() -> StripRepeatsOptions {
    StripRepeatsOptions {
        lag: 1,
        ..StripRepeatsOptions::default()
    }
}

pub(super) struct Lab {
    pub(super) store: Arc<MemoryStore>,
    pub(super) options: StripRepeatsOptions,
    pub(super) stage: StripRepeatsStage,
    pub(super) next_seq: u64,
}

impl Lab {
    pub(super) fn new(options: StripRepeatsOptions) -> Self {
        let store = Arc::new(MemoryStore::default());
        let stage = stage(&options, &store);
        Self {
            store,
            options,
            stage,
            next_seq: 0,
        }
    }

    /// Loses what is in memory, as a crash does.
    pub(super) fn restart(&mut self) {
        self.stage = stage(&self.options, &self.store);
    }

    /// Returns the next document of the folder `site`.
    pub(super) fn document(&mut self, site: &str, text: &str) -> Document {
        let mut doc = Document::of_text(&format!("{site}/{}.txt", self.next_seq), text);
        doc.set_seq(self.next_seq);
        self.next_seq += 1;
        doc
    }

    pub(super) fn offer(&mut self, doc: &mut Document) -> StageResult {
        block_on(self.stage.process(doc, &StageCx::inline(STAGE)))
    }

    /// Offers a batch and returns its documents up to the first that waits.
    pub(super) fn offer_batch(&mut self, docs: Vec<Document>) -> Vec<Document> {
        let mut batch = Batch {
            slots: docs.into_iter().map(Slot::new).collect(),
        };
        block_on(
            self.stage
                .process_batch(&mut batch, &StageCx::inline(STAGE)),
        )
        .unwrap();
        let slots = batch.slots.into_iter().map(Slot::into_parts);
        let passed = slots.take_while(|(_, result)| matches!(result, Some(Ok(Verdict::Pass))));
        passed.map(|(doc, _)| doc).collect()
    }

    /// Commits the delivery of `doc`.
    pub(super) fn deliver(&mut self, doc: &Document) {
        let commit = Commit {
            writes: doc.delivery_writes().to_vec(),
            next_seq: doc.seq() + 1,
            ..Commit::default()
        };
        self.store.commit(&commit).unwrap();
        self.settle(doc, Fate::Delivered);
    }

    pub(super) fn settle(&mut self, doc: &Document, fate: Fate) {
        let settled = Settled {
            id: doc.id(),
            seq: doc.seq(),
            fate,
        };
        block_on(self.stage.settled(&[settled], &StageCx::inline(STAGE))).unwrap();
    }

    /// Takes a text of the folder `site` through the stage and delivers it.
    pub(super) fn pass(&mut self, site: &str, text: &str) -> Document {
        let mut doc = self.document(site, text);
        assert_eq!(self.offer(&mut doc).unwrap(), Verdict::Pass);
        self.deliver(&doc);
        doc
    }

    /// Returns the numbers of the rows that are stored.
    pub(super) fn stored(&self) -> Vec<u64> {
        let mut stored = Vec::new();
        self.store
            .scan(STAGE, b"n"..b"o", &mut |key, _| {
                stored.push(crate::row::row_seq(key).unwrap());
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        stored
    }
}

pub(super) fn deps(store: &Arc<MemoryStore>) -> StageDeps {
    StageDeps {
        stage: STAGE.to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::clone(store) as Arc<dyn StateRead>,
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        base_dir: std::env::temp_dir(),
    }
}

fn stage(options: &StripRepeatsOptions, store: &Arc<MemoryStore>) -> StripRepeatsStage {
    StripRepeatsStage::new(options.clone(), &deps(store))
}

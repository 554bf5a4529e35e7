//! Takes documents through the stages one by one and remembers what each stage did.

use std::path::Path;
use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::source::{Intake, Item, Permit, Refused, Source, Submission};
use jadwal_core::state::Commit;
use jadwal_core::{
    Batch, BuiltStage, Document, Fate, Settled, Slot, StageCx, StageError, Verdict, describe_chain,
};
use jadwal_watch::{FolderSource, Root, SourceStats};

use crate::assemble::{World, build_stages, folder_options};
use crate::failure::Failure;

/// What one stage made of a document.
pub(crate) struct Step {
    /// Id of the stage.
    pub(crate) stage: String,
    /// The document before it.
    pub(crate) before: Document,
    /// The document after it.
    pub(crate) after: Document,
}

/// A document's way and its end.
pub(crate) struct Walk {
    /// One step a stage that it came to.
    pub(crate) steps: Vec<Step>,
    /// The document as it ended.
    pub(crate) document: Document,
    /// How it ended.
    pub(crate) fate: Fate,
}

/// The stages of a plan without its sinks, ready to walk through.
pub(crate) struct Walker {
    stages: Vec<(String, BuiltStage)>,
    world: World,
    seq: u64,
}

impl Walker {
    /// Builds the stages of `plan` in a world that forgets.
    pub(crate) fn new(plan: &Plan, world: World) -> Result<Self, Failure> {
        Ok(Self {
            stages: build_stages(plan, &world, false)?,
            world,
            seq: 0,
        })
    }

    /// Takes `doc` through all stages, as if it were delivered at the end.
    pub(crate) fn walk(&mut self, mut doc: Document) -> Result<Walk, Failure> {
        doc.set_seq(self.seq);
        self.seq += 1;
        let mut steps = Vec::new();
        let mut fate = Fate::Delivered;
        for (id, stage) in &mut self.stages {
            let before = doc.clone();
            let verdict = offer(id, stage, &mut doc);
            steps.push(Step {
                stage: id.clone(),
                before,
                after: doc.clone(),
            });
            match verdict {
                Ok(Verdict::Pass) => continue,
                Ok(Verdict::Drop(reason)) => fate = Fate::Dropped(reason),
                Ok(Verdict::Defer) => fate = quarantined(id, "it waits for another document"),
                Err(error) => fate = quarantined(id, &describe_chain(&error)),
            }
            break;
        }
        self.settle(&doc, &fate)?;
        Ok(Walk {
            steps,
            document: doc,
            fate,
        })
    }

    /// Makes the fate known, so that the next document of the file may be its duplicate.
    fn settle(&mut self, doc: &Document, fate: &Fate) -> Result<(), Failure> {
        let mut commit = Commit {
            next_seq: self.seq,
            ..Commit::default()
        };
        if *fate == Fate::Delivered {
            commit.writes = doc.delivery_writes().to_vec();
        }
        let committed = self.world.store.commit(&commit);
        committed.map_err(Failure::fatal)?;
        let settled = [Settled {
            id: doc.id(),
            seq: doc.seq(),
            fate: fate.clone(),
        }];
        for (id, stage) in &mut self.stages {
            if let BuiltStage::Stage(stage) = stage {
                let cx = StageCx::inline(id);
                let heard = stage.settled(&settled, &cx);
                futures::executor::block_on(heard).map_err(Failure::fatal)?;
            }
        }
        Ok(())
    }
}

fn quarantined(stage: &str, error: &str) -> Fate {
    Fate::Quarantined {
        stage: stage.to_owned(),
        error: error.to_owned(),
    }
}

fn offer(id: &str, stage: &mut BuiltStage, doc: &mut Document) -> Result<Verdict, StageError> {
    match stage {
        BuiltStage::Transform(transform) => transform.apply(doc),
        BuiltStage::Stage(stage) => {
            let mut batch = Batch {
                slots: vec![Slot::new(doc.clone())],
            };
            let cx = StageCx::inline(id);
            futures::executor::block_on(stage.process_batch(&mut batch, &cx))?;
            let slot = batch.slots.pop();
            let (after, result) = slot
                .map(Slot::into_parts)
                .ok_or_else(|| StageError::fatal_message("the stage lost its document"))?;
            *doc = after;
            result.unwrap_or_else(|| {
                Err(StageError::fatal_message(
                    "the stage left its document unresolved",
                ))
            })
        }
    }
}

/// Reads the records of one file, as the source would.
pub(crate) fn read_file(
    plan: &Plan,
    path: &Path,
    world: &World,
) -> Result<Vec<Result<Document, Refused>>, Failure> {
    let root = Root {
        path: crate::settings::absolute(path)?,
        label: jadwal_watch::escape_path(path.parent().unwrap_or(Path::new(""))),
    };
    let mut options = folder_options(plan, vec![root])?;
    options.once = true;
    options.on_done = jadwal_watch::OnDone::Keep;
    let stats = Arc::new(SourceStats::default());
    let mut source = FolderSource::new(options, Arc::clone(&world.store), stats)
        .map_err(|error| Failure::usage(describe_chain(&error)))?;
    let mut capture = Capture::default();
    source.run(&mut capture).map_err(Failure::fatal)?;
    Ok(capture.items)
}

/// An intake that keeps everything.
#[derive(Default)]
struct Capture {
    items: Vec<Result<Document, Refused>>,
}

struct NoPermit;

impl Permit for NoPermit {}

impl Intake for Capture {
    fn admit(&mut self, _: u64) -> Option<Box<dyn Permit>> {
        Some(Box::new(NoPermit))
    }

    fn submit(&mut self, _: Box<dyn Permit>, submission: Submission) -> bool {
        match submission.item {
            Item::Document(doc) => self.items.push(Ok(*doc)),
            Item::Refused(refused) => self.items.push(Err(*refused)),
            Item::End => {}
        }
        true
    }

    fn stopping(&self) -> bool {
        false
    }
}

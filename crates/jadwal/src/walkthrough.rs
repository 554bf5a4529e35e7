//! Takes documents through the stages one by one and remembers what each stage did.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jadwal_config::{Plan, When};
use jadwal_core::source::{Intake, Item, Permit, Refused, Source, Submission};
use jadwal_core::state::Commit;
use jadwal_core::{
    Batch, BuiltStage, Document, Fate, Settled, Slot, StageCx, StageError, Verdict, describe_chain,
};
use jadwal_runtime::no_sink_took_it;
use jadwal_watch::{FolderSource, SourceStats};

use crate::assemble::{World, build_stages, folder_options, path_root};
use crate::failure::Failure;

/// What one stage made of a document.
pub(crate) struct Step {
    /// Id of the stage.
    pub(crate) stage: String,
    /// The document before it.
    pub(crate) before: Document,
    /// The document after it.
    pub(crate) after: Document,
    /// Its condition, if that did not hold: the stage was passed by.
    pub(crate) passed_by: Option<When>,
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
    /// Conditions of stages, by id.
    conditions: BTreeMap<String, When>,
    sinks: Sinks,
    world: World,
    seq: u64,
}

impl Walker {
    /// Builds the stages of `plan` in a world that forgets.
    pub(crate) fn new(plan: &Plan, world: World) -> Result<Self, Failure> {
        Self::starting_at(plan, world, 0)
    }

    /// The same for documents with admission numbers from `seq` on.
    pub(crate) fn starting_at(plan: &Plan, world: World, seq: u64) -> Result<Self, Failure> {
        Ok(Self {
            stages: build_stages(plan, &world, false)?,
            conditions: plan
                .stages
                .iter()
                .filter_map(|stage| Some((stage.id.clone(), stage.when.clone()?)))
                .collect(),
            sinks: Sinks::of(plan),
            world,
            seq,
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
            let when = self.conditions.get(id);
            let (verdict, passed_by) = match when.map(|when| when.holds(&doc)) {
                None | Some(Ok(true)) => (offer(id, stage, &mut doc), None),
                Some(Ok(false)) => (Ok(Verdict::Pass), when.cloned()),
                Some(Err(error)) => (Err(error), None),
            };
            steps.push(Step {
                stage: id.clone(),
                before,
                after: doc.clone(),
                passed_by,
            });
            match verdict {
                Ok(Verdict::Pass) => continue,
                Ok(Verdict::Drop(reason)) => fate = Fate::Dropped(reason),
                Ok(Verdict::Defer) => fate = quarantined(id, "it waits for another document"),
                Err(error) => fate = quarantined(id, &describe_chain(&error)),
            }
            break;
        }
        if fate == Fate::Delivered {
            fate = self.sinks.fate(&doc);
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

/// What the sinks of a plan take.
struct Sinks {
    first: String,
    conditions: Vec<When>,
    /// Whether a sink has no condition.
    takes_all: bool,
}

impl Sinks {
    fn of(plan: &Plan) -> Self {
        let sinks: Vec<_> = plan.stages.iter().filter(|stage| stage.is_sink()).collect();
        Self {
            first: sinks
                .first()
                .map_or_else(String::new, |sink| sink.id.clone()),
            conditions: sinks.iter().filter_map(|sink| sink.when.clone()).collect(),
            takes_all: sinks.iter().any(|sink| sink.when.is_none()),
        }
    }

    /// The fate of a document that comes to the sinks, as the runtime would decide it.
    fn fate(&self, doc: &Document) -> Fate {
        let judged = self.conditions.iter().map(|when| when.holds(doc));
        match judged.collect::<Result<Vec<_>, _>>() {
            Err(error) => quarantined(&self.first, &describe_chain(&error)),
            Ok(taken) if self.takes_all || taken.contains(&true) => Fate::Delivered,
            Ok(_) => Fate::Dropped(no_sink_took_it()),
        }
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
    let mut options = folder_options(plan, vec![path_root(plan, path)?])?;
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

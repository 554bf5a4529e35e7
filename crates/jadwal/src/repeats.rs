//! The part of the command line that knows what `strip_repeats` counts.
//!
//! A batch leaves that stage off unless it reads everything twice (`--learn`): first to count, in a
//! world that forgets all but the counts, then to process. What was counted is kept in the state under
//! the name of the batch until the batch is done. If it is interrupted, the next one of that name goes on
//! with it: files that were counted may be away by then, and documents that are done were judged by it.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use jadwal_config::{Plan, PlannedStage, StageFiles};
use jadwal_core::state::{
    Commit, FateCounts, FileRow, ScanVisitor, StateError, StateRead, StateStore, StateWrite,
};
use jadwal_core::{BuiltStage, StageSpec};
use jadwal_runtime::StopReason;
use jadwal_store::{MemoryStore, Store};
use jadwal_strip_repeats::{
    Counting, StripRepeats, StripRepeatsOptions, forget_learned, learned_for, learner,
};
use tracing::{info, warn};

use crate::assemble::{self, World};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::{Ended, Session, Signals, block_on};
use crate::terminal::err;

/// Returns the settings that turn the counts of `plan` off for a batch, or to what it learns.
pub(crate) fn settings(plan: &Plan, learn: bool) -> Result<Vec<String>, Failure> {
    let stages: Vec<_> = stages(plan).collect();
    let set =
        |stage: &PlannedStage, counts: &str| format!("stages.{}.options.counts={counts}", stage.id);
    if learn {
        let [stage] = stages[..] else {
            return Err(
                Failure::usage("`--learn` needs a plan with one stage `strip_repeats`")
                    .with_hint("add \"strip_repeats\" to pipeline.stages, behind \"clean\""),
            );
        };
        return Ok(vec![set(stage, "learned")]);
    }
    let mut sets = Vec::new();
    for stage in stages {
        let options = options(stage)?;
        if options.counts == Counting::Live && !options.in_batch {
            warn!(stage = %stage.id, "off in this batch: it counts with `--learn`, or with `in_batch = true`");
            sets.push(set(stage, "off"));
        }
    }
    Ok(sets)
}

fn stages(plan: &Plan) -> impl Iterator<Item = &PlannedStage> {
    let stages = plan.stages.iter();
    stages.filter(|stage| stage.kind == StripRepeats::KIND)
}

fn options(stage: &PlannedStage) -> Result<StripRepeatsOptions, Failure> {
    serde_json::from_value(stage.options.clone())
        .map_err(|error| Failure::doing(format!("read the options of `{}`", stage.id), error))
}

/// Whether the second pass may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstPass {
    /// The counts are in the state.
    Done,
    /// It was stopped.
    Stopped,
}

/// Reads everything that the batch over `paths` will read and keeps in the state what it counted.
pub(crate) fn learn(plan: &Plan, world: &World, paths: &[PathBuf]) -> Result<FirstPass, Failure> {
    let Some(stage) = stages(plan).next() else {
        return Ok(FirstPass::Done);
    };
    let batch = name(plan, paths)?;
    let state = &*world.store;
    let known = learned_for(state, &stage.id).map_err(Failure::fatal)?;
    if known.as_deref() == Some(&batch) {
        info!("going on with what the interrupted batch had counted");
        return Ok(FirstPass::Done);
    }
    let (counter, learning) = learner(&options(stage)?);
    let counter = BuiltStage::stage(counter);
    let Ended::Finished(summary) = count(plan, world, paths, &stage.id, counter)? else {
        return Ok(FirstPass::Stopped);
    };
    let complete = summary.reason == StopReason::SourceEnded;
    let Some(learned) = learning.finish().filter(|_| complete) else {
        return Ok(FirstPass::Stopped);
    };
    err(format_args!(
        "counted {} documents: {} lines repeat, in {} hosts or folders",
        summary.counters.delivered,
        learned.lines(),
        learned.groups()
    ));
    let forget = forget_learned(state, &stage.id).map_err(Failure::fatal)?;
    write(state, forget)?;
    write(state, learned.writes(&stage.id, &batch))?;
    Ok(FirstPass::Done)
}

/// Runs the documents of the batch up to the stage `last`, for which `counter` stands in.
fn count(
    plan: &Plan,
    world: &World,
    paths: &[PathBuf],
    last: &str,
    counter: BuiltStage,
) -> Result<Ended, Failure> {
    let counting = World {
        store: Arc::new(CountingStore::default()),
        dry: true,
        ..world.clone()
    };
    let assembled = assemble::batch_up_to(plan, &counting, paths, last, counter)?;
    let mut progress = Progress::start_part("counting lines ");
    let ended = block_on(async {
        let mut signals = Signals::listen()?;
        let session = Session {
            mode: "batch",
            plan,
            clock: world.clock.clone(),
            state: None,
            reload: None,
            watched: None,
            progress: Some(&mut progress),
        };
        let ended = session.run(assembled, &mut signals).await;
        ended.map_err(Failure::from)
    })??;
    progress.clear();
    Ok(ended)
}

/// Names a batch by what its counts depend on.
fn name(plan: &Plan, paths: &[PathBuf]) -> Result<String, Failure> {
    let mut name = plan.info(&[], &StageFiles::new()).config_hash;
    let source = [plan.source.path.clone()];
    let paths = if paths.is_empty() { &source[..] } else { paths };
    for path in paths {
        let path = crate::settings::absolute(path)?;
        name.push('\n');
        name.push_str(&path.to_string_lossy());
    }
    Ok(name)
}

/// The batch is done: the next one counts anew. The counts stay for `jadwal explain`.
pub(crate) fn done(plan: &Plan, world: &World) -> Result<(), Failure> {
    for stage in stages(plan) {
        let forget = forget_learned(&*world.store, &stage.id).map_err(Failure::fatal)?;
        write(&*world.store, forget.into_iter().take(1).collect())?;
    }
    Ok(())
}

/// Writes without touching the ledger.
fn write(state: &dyn StateStore, writes: Vec<StateWrite>) -> Result<(), Failure> {
    let commit = Commit {
        writes,
        next_seq: state.next_seq().map_err(Failure::fatal)?,
        resume: state.resume().map_err(Failure::fatal)?,
        ..Commit::default()
    };
    state.commit(&commit).map_err(Failure::fatal)
}

/// Keeps what stages write and no ledger, so that a first pass takes no memory for its documents.
#[derive(Default)]
struct CountingStore(MemoryStore);

impl StateRead for CountingStore {
    fn get(&self, stage: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.0.get(stage, key)
    }

    fn scan(
        &self,
        stage: &str,
        keys: std::ops::Range<&[u8]>,
        visit: &mut ScanVisitor<'_>,
    ) -> Result<(), StateError> {
        self.0.scan(stage, keys, visit)
    }
}

impl StateStore for CountingStore {
    fn file(&self, _: &std::path::Path) -> Result<Option<FileRow>, StateError> {
        Ok(None)
    }

    fn resume(&self) -> Result<Option<PathBuf>, StateError> {
        Ok(None)
    }

    fn position(&self, stage: &str) -> Result<Option<Vec<u8>>, StateError> {
        self.0.position(stage)
    }

    fn next_seq(&self) -> Result<u64, StateError> {
        self.0.next_seq()
    }

    fn commit(&self, commit: &Commit) -> Result<(), StateError> {
        self.0.commit(&Commit {
            writes: commit.writes.clone(),
            next_seq: commit.next_seq,
            ..Commit::default()
        })
    }

    fn totals(&self) -> Result<FateCounts, StateError> {
        self.0.totals()
    }
}

/// Returns `plan` with each stage set to the counts that `state` has: live ones, else those that a batch
/// learnt, else none.
pub(crate) fn as_counted(mut plan: Plan, state: &dyn StateRead) -> Result<Plan, Failure> {
    for stage in &mut plan.stages {
        if stage.kind != StripRepeats::KIND || options(stage)?.counts == Counting::Off {
            continue;
        }
        let mut counts = Counting::Off;
        for (first, kind) in [(b"l", Counting::Learned), (b"n", Counting::Live)] {
            let (from, to) = (&first[..], &[first[0] + 1][..]);
            let looked = state.scan(&stage.id, from..to, &mut |_, _| {
                counts = kind;
                ControlFlow::Break(())
            });
            looked.map_err(Failure::fatal)?;
        }
        stage.options["counts"] = serde_json::to_value(counts).map_err(Failure::fatal)?;
    }
    Ok(plan)
}

/// Returns `plan` and the first admission number with which a walk in `world` is judged by all that
/// `store` has counted; the counts are copied into `world`.
pub(crate) fn with_counts(
    plan: Plan,
    world: &World,
    store: &Store,
) -> Result<(Plan, u64), Failure> {
    let plan = as_counted(plan, store)?;
    let mut next_seq = store.next_seq().map_err(Failure::fatal)?;
    for stage in stages(&plan) {
        let mut writes = Vec::new();
        let copied = store.scan(&stage.id, b"l"..b"o", &mut |key, value| {
            writes.push(StateWrite {
                stage: stage.id.clone(),
                key: key.to_vec(),
                value: Some(value.to_vec()),
            });
            ControlFlow::Continue(())
        });
        copied.map_err(Failure::fatal)?;
        // So far behind the last one that the lag is over.
        next_seq += 2 * options(stage)?.lag;
        write(&*world.store, writes)?;
    }
    Ok((plan, next_seq))
}

//! Starts the tasks of one stage.

use std::sync::Arc;

use jadwal_core::{BuiltStage, Settled, Transform};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument;

use crate::counters::Counters;
use crate::cpu::Cpu;
use crate::error::RunError;
use crate::gate::{Condition, Gate};
use crate::group::Group;
use crate::pipeline::{Limits, PlannedStage, stage_cx};
use crate::stage_task::StageTask;
use crate::transform_task::TransformTask;

/// The tasks of a running pipeline.
pub(crate) type Tasks = JoinSet<Result<(), RunError>>;

/// One line to each stage that keeps state.
pub(crate) type Settlements = Vec<mpsc::Sender<Arc<[Settled]>>>;

/// Where a stage stands in the plan.
pub(crate) struct Place {
    pub(crate) index: usize,
    pub(crate) behind_sink: bool,
    /// Conditions that are judged before it.
    pub(crate) conditions: Vec<(usize, Condition)>,
    /// Whether they are those of all sinks, so that a document may be taken by none.
    pub(crate) decides_fates: bool,
}

/// What the tasks of all stages share.
pub(crate) struct StageSpawner {
    pub(crate) limits: Limits,
    pub(crate) cpu: Cpu,
    pub(crate) counters: Arc<Counters>,
}

impl StageSpawner {
    /// Starts the tasks of one stage behind `queue` and returns the queue behind them.
    pub(crate) fn spawn(
        &self,
        tasks: &mut Tasks,
        place: Place,
        planned: PlannedStage,
        mut queue: mpsc::Receiver<Group>,
        settlements: &mut Settlements,
    ) -> mpsc::Receiver<Group> {
        let (transform, prepares) = match &planned.built {
            BuiltStage::Transform(transform) => (Some(Arc::clone(transform)), false),
            // What a sink has written can't fail any more: behind it nothing is tried beforehand.
            BuiltStage::Stage(_) if place.behind_sink => (None, true),
            BuiltStage::Stage(stage) => (stage.preparation(), true),
        };
        let span = tracing::info_span!("stage", stage = %planned.id);
        // A full queue holds up the stage before it, and at last the source.
        let channel = || mpsc::channel(self.limits.queue);
        let batch_size = self.limits.batch_size;
        if let Some(transform) = transform {
            let (sender, receiver) = channel();
            let task = self.transform_task(&planned, place.index, transform, prepares);
            tasks.spawn(task.run(queue, sender, batch_size).instrument(span.clone()));
            queue = receiver;
        }
        let (line, settled) = mpsc::channel(self.limits.max_documents + 1);
        let Some(task) = self.stage_task(place, planned, settled) else {
            return queue;
        };
        settlements.push(line);
        let (sender, receiver) = channel();
        tasks.spawn(task.run(queue, sender, batch_size).instrument(span));
        receiver
    }

    /// Returns the task of a stage that is no transform.
    fn stage_task(
        &self,
        place: Place,
        planned: PlannedStage,
        settled: mpsc::Receiver<Arc<[Settled]>>,
    ) -> Option<StageTask> {
        let BuiltStage::Stage(stage) = planned.built else {
            return None;
        };
        Some(StageTask {
            cx: stage_cx(&planned.id),
            gate: Gate {
                conditions: place.conditions,
                all_sinks: place.decides_fates,
                cpu: self.cpu.ranked(place.index),
                timeout: planned.timeout,
            },
            id: planned.id,
            index: place.index,
            behind_sink: place.behind_sink,
            stage,
            timeout: planned.timeout,
            retries: planned.retries,
            on_error: planned.on_error,
            counters: Arc::clone(&self.counters),
            settled,
            unsettled: 0,
        })
    }

    fn transform_task(
        &self,
        planned: &PlannedStage,
        index: usize,
        transform: Arc<dyn Transform>,
        prepares: bool,
    ) -> TransformTask {
        TransformTask {
            id: planned.id.clone(),
            index,
            transform,
            prepares,
            when: planned.when.clone(),
            timeout: planned.timeout,
            cpu: self.cpu.ranked(index),
            counters: Arc::clone(&self.counters),
        }
    }
}

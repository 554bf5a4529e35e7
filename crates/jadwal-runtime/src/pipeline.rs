//! Builds the tasks of a pipeline, runs them and joins them: the one place that spawns.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use jadwal_core::source::{Source, SourceError};
use jadwal_core::state::StateStore;
use jadwal_core::{BuiltStage, Clock, ErrorClass, StageCx, describe_chain};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::{Instrument, warn};

use crate::backoff::Backoff;
use crate::blocking::block;
use crate::breaker::{Breaker, BreakerSettings};
use crate::commit::Committer;
use crate::counters::{Counters, CountersSnapshot, StageCounters};
use crate::cpu::Cpu;
use crate::error::RunError;
use crate::gate::Condition;
use crate::group::Group;
use crate::intake::QueueIntake;
use crate::quarantine::Quarantine;
use crate::spawn::{Place, StageSpawner, Tasks};
use crate::stop::{StopHandle, StopReason};

/// What to do when the retries of a transient error are spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// Quarantine the document and go on.
    Quarantine,
    /// Stop the pipeline; files stay where they are.
    Stop,
}

/// One stage of a pipeline, built.
#[derive(Debug)]
pub struct PlannedStage {
    /// Its id.
    pub id: String,
    /// The stage.
    pub built: BuiltStage,
    /// Which documents it processes; `None`: all. The others pass it untouched.
    pub when: Option<Condition>,
    /// Time that one document may take.
    pub timeout: Duration,
    /// How often a transient error is tried again.
    pub retries: u32,
    /// What happens then.
    pub on_error: OnError,
    /// Whether it writes records: behind it no document may fail any more.
    pub sink: bool,
}

impl PlannedStage {
    /// Takes the stage to its committed position. Transient errors are tried again, as those of
    /// documents are, until the pipeline is stopped.
    async fn restore(
        &mut self,
        position: Option<&[u8]>,
        stop: &StopHandle,
        counters: &StageCounters,
    ) -> Result<(), RunError> {
        let BuiltStage::Stage(stage) = &mut self.built else {
            return Ok(());
        };
        let cx = stage_cx(&self.id);
        let mut backoff = Backoff::new(self.retries);
        while let Err(source) = stage.restore(position, &cx).await {
            let again = source.class() == ErrorClass::Transient && !stop.is_stopping();
            let Some(wait) = again.then(|| backoff.next_wait()).flatten() else {
                let stage = self.id.clone();
                return Err(RunError::Restore { stage, source });
            };
            counters.retries.fetch_add(1, Relaxed);
            let error = describe_chain(&source);
            warn!(stage = %self.id, error, ?wait, "retrying to take up the last commit");
            tokio::select! {
                biased;
                () = stop.stopping() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok(())
    }
}

/// What bounds a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most documents that a stage is offered at once.
    pub batch_size: usize,
    /// Groups that wait between two stages at the most.
    pub queue: usize,
    /// Documents in flight.
    pub max_documents: usize,
    /// Raw bytes in flight; a larger document passes alone.
    pub max_bytes: u64,
    /// When too many failures stop the pipeline.
    pub breaker: BreakerSettings,
}

/// A pipeline, ready to run.
pub struct Pipeline {
    stages: Vec<PlannedStage>,
    source: Box<dyn Source>,
    store: Arc<dyn StateStore>,
    quarantine: Quarantine,
    cpu: Cpu,
    limits: Limits,
    clock: Clock,
    counters: Arc<Counters>,
    stop: StopHandle,
}

/// How a pipeline ended well.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Why it ended.
    pub reason: StopReason,
    /// Its counts.
    pub counters: CountersSnapshot,
}

impl Pipeline {
    /// Puts a pipeline together; nothing starts yet.
    #[must_use]
    pub fn new(
        stages: Vec<PlannedStage>,
        source: Box<dyn Source>,
        store: Arc<dyn StateStore>,
        quarantine: Quarantine,
        limits: Limits,
        cpu: Cpu,
    ) -> Self {
        let counters = Counters::new(stages.iter().map(|stage| stage.id.clone()));
        Self {
            stages,
            source,
            store,
            quarantine,
            cpu,
            limits,
            clock: Clock::system(),
            counters: Arc::new(counters),
            stop: StopHandle::new(),
        }
    }

    /// Sets the clock for times in the quarantine.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Returns what stops this pipeline.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Returns the live counts.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Runs until the source ends or the pipeline is stopped, and everything admitted is settled.
    ///
    /// # Errors
    /// The first error that stopped it. What was committed stays true; the rest is done again at the
    /// next start.
    ///
    /// # Cancel safety
    /// Dropping the future aborts all tasks, as [`StopHandle::abort`] does.
    pub async fn run(mut self) -> Result<Summary, RunError> {
        self.restore_stages().await?;
        let stop = self.stop.clone();
        let counters = Arc::clone(&self.counters);
        let mut tasks = self.spawn_all()?;
        let mut first_error = None;
        loop {
            let ended = tokio::select! {
                biased;
                () = stop.aborted() => {
                    tasks.abort_all();
                    return Err(first_error.unwrap_or(RunError::Aborted));
                }
                ended = tasks.join_next() => ended,
            };
            let Some(ended) = ended else { break };
            let result = ended.unwrap_or_else(|error| Err(RunError::Panic(error.to_string())));
            if let Err(error) = result {
                // What passed the failed task before goes on to its commit; nothing new comes in.
                stop.stop();
                first_error.get_or_insert(error);
            }
        }
        match first_error {
            Some(error) => Err(error),
            None => Ok(Summary {
                reason: if stop.is_stopping() {
                    StopReason::Drained
                } else {
                    StopReason::SourceEnded
                },
                counters: counters.snapshot(),
            }),
        }
    }

    /// Takes every stage to its committed position before the first document is admitted.
    async fn restore_stages(&mut self) -> Result<(), RunError> {
        for (index, planned) in self.stages.iter_mut().enumerate() {
            let position = self.store.position(&planned.id)?;
            let counters = self.counters.stage(index);
            planned
                .restore(position.as_deref(), &self.stop, counters)
                .await?;
        }
        Ok(())
    }

    fn spawn_all(self) -> Result<Tasks, RunError> {
        let mut tasks = JoinSet::new();
        let next_seq = self.store.next_seq()?;
        let settler = self.source.settler();
        let (first, mut queue) = mpsc::channel::<Group>(self.limits.queue);
        let intake = QueueIntake {
            queue: first,
            stop: self.stop.clone(),
            counters: Arc::clone(&self.counters),
            next_seq,
            max_documents: self.limits.max_documents,
            max_bytes: self.limits.max_bytes,
        };
        self.stop.on_stop(self.source.waker());
        spawn_source(&mut tasks, self.source, intake);
        let spawner = StageSpawner {
            limits: self.limits,
            cpu: self.cpu,
            counters: Arc::clone(&self.counters),
        };
        let mut settlements = Vec::new();
        for (place, planned) in places(&self.stages).into_iter().zip(self.stages) {
            queue = spawner.spawn(&mut tasks, place, planned, queue, &mut settlements);
        }
        let committer = Committer {
            open_file: None,
            resume: self.store.resume()?,
            store: self.store,
            quarantine: self.quarantine,
            settler,
            clock: self.clock,
            counters: self.counters,
            breaker: Breaker::new(self.limits.breaker),
            settlements,
            next_seq,
            gone: Vec::new(),
        };
        tasks.spawn(
            committer
                .run(queue)
                .instrument(tracing::info_span!("commit")),
        );
        Ok(tasks)
    }
}

/// Returns where each stage stands.
fn places(stages: &[PlannedStage]) -> Vec<Place> {
    let first_sink = stages.iter().position(|stage| stage.sink);
    let first_writer = stages.iter().position(writes);
    let mut sinks = stages.iter().filter(|stage| writes(stage));
    let all_sinks_choose = sinks.all(|sink| sink.when.is_some());
    let gates = gates(stages).into_iter().enumerate();
    gates
        .map(|(index, conditions)| Place {
            index,
            behind_sink: first_sink.is_some_and(|sink| sink < index),
            conditions,
            decides_fates: first_writer == Some(index) && all_sinks_choose,
        })
        .collect()
}

/// Whether documents are offered to a sink here; a transform can't write, whatever it says.
fn writes(stage: &PlannedStage) -> bool {
    stage.sink && matches!(stage.built, BuiltStage::Stage(_))
}

/// Returns the conditions that are judged before each stage: its own, and before the first sink those
/// of all sinks.
fn gates(stages: &[PlannedStage]) -> Vec<Vec<(usize, Condition)>> {
    let first_sink = stages.iter().position(writes);
    let mut gates = vec![Vec::new(); stages.len()];
    for (index, stage) in stages.iter().enumerate() {
        let judged = if writes(stage) {
            first_sink
        } else {
            Some(index)
        };
        if let (Some(judged), Some(when)) = (judged, &stage.when) {
            gates[judged].push((index, when.clone()));
        }
    }
    gates
}

fn spawn_source(tasks: &mut Tasks, mut source: Box<dyn Source>, mut intake: QueueIntake) {
    let span = tracing::info_span!("source");
    tasks.spawn_blocking(move || {
        let _entered = span.enter();
        let run = std::panic::AssertUnwindSafe(|| source.run(&mut intake));
        match std::panic::catch_unwind(run) {
            Ok(result) => result.map_err(RunError::from),
            Err(panic) => Err(RunError::Source(SourceError::Other {
                doing: "read the source".to_owned(),
                source: crate::cpu::panic_message(&*panic).into(),
            })),
        }
    });
}

/// Returns the context of the stage `id`.
pub(crate) fn stage_cx(id: &str) -> StageCx {
    StageCx::new(id, |work| block(work))
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline")
            .field("stages", &self.stages)
            .finish_non_exhaustive()
    }
}

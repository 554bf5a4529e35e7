//! `jadwal run`: the daemon.

use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::describe_chain;
use jadwal_core::state::StateStore;
use jadwal_runtime::{Cpu, RunError};
use jadwal_store::Store;
use tracing::{error, info};

use crate::assemble::{self, Assembled, PATIENCE, World, threads};
use crate::exit::ExitStatus;
use crate::failure::{Failure, is_broken_pipe};
use crate::registry::Registry;
use crate::session::{Ended, FileWatch, Next, Session, Signals, block_on};
use crate::settings::{Settings, clock};

/// Watches the drop folder until it is told to stop.
pub(crate) fn run(settings: &Settings, registry: &Registry) -> Result<ExitStatus, Failure> {
    settings.require_file("a daemon needs to know its folder")?;
    // Remembered before it is read: what changes afterwards is a reload.
    let file = FileWatch::new(settings.file());
    let plan = settings.load(registry)?.plan;
    block_on(async {
        // Before anything that takes time: until then a signal kills.
        let signals = Signals::listen()?;
        let world = World {
            store: Arc::new(Store::open_waiting(&plan.state, PATIENCE)?) as Arc<dyn StateStore>,
            clock: clock()?,
            cpu: Cpu::new(threads(plan.limits.workers)),
            dry: false,
        };
        let daemon = Daemon {
            settings,
            registry,
            world: &world,
            signals,
            file,
        };
        daemon.run(plan).await
    })?
}

/// What outlives a reload.
struct Daemon<'a> {
    settings: &'a Settings,
    registry: &'a Registry,
    world: &'a World,
    signals: Signals,
    file: FileWatch,
}

impl Daemon<'_> {
    /// Runs plan after plan until it is told to stop.
    async fn run(mut self, plan: Plan) -> Result<ExitStatus, Failure> {
        let assembled = assemble::daemon(&plan, self.world)?;
        let mut current = Next { plan, assembled };
        let mut previous: Option<Plan> = None;
        loop {
            let Next { plan, assembled } = current;
            match (self.run_one(&plan, assembled).await, previous.take()) {
                (Ok(Ended::Replaced(next)), _) => {
                    info!("the old configuration is drained");
                    previous = Some(plan);
                    current = *next;
                }
                (Err(error @ RunError::Restore { .. }), Some(old)) => {
                    let error = describe_chain(&error);
                    error!(%error, "the new configuration can't be taken up, going back to the old one");
                    let assembled = assemble::daemon(&old, self.world)?;
                    current = Next {
                        plan: old,
                        assembled,
                    };
                }
                (Ok(Ended::Finished(summary)), _) => {
                    let counters = summary.counters;
                    info!(
                        delivered = counters.delivered,
                        dropped = counters.dropped,
                        quarantined = counters.quarantined,
                        "stopped"
                    );
                    return Ok(ExitStatus::Done);
                }
                (Err(error), _) if is_broken_pipe(&error) => return Ok(ExitStatus::Done),
                (Err(error), _) => return Err(error.into()),
            }
        }
    }

    /// Runs one plan until it ends or is replaced.
    async fn run_one(&mut self, plan: &Plan, assembled: Assembled) -> Result<Ended, RunError> {
        info!(pipeline = %plan.name, folder = %plan.source.path.display(), state = %plan.state.display(), "running");
        let (settings, registry, world) = (self.settings, self.registry, self.world);
        let reload = || next(settings, registry, world, plan);
        let session = Session {
            mode: "run",
            plan,
            clock: world.clock.clone(),
            state: Some(plan.state.clone()),
            reload: Some(&reload),
            watched: Some(&mut self.file),
            progress: None,
        };
        session.run(assembled, &mut self.signals).await
    }
}

/// Checks and builds the configuration as it is now. What the process holds open can't change.
fn next(
    settings: &Settings,
    registry: &Registry,
    world: &World,
    old: &Plan,
) -> Result<Next, Failure> {
    let plan = settings.load(registry)?.plan;
    if plan.state != old.state || plan.limits.workers != old.limits.workers {
        return Err(Failure::usage(
            "`pipeline.state` and `pipeline.workers` can't change while running",
        )
        .with_hint("stop the daemon and start it again for that"));
    }
    let assembled = assemble::daemon(&plan, world)?;
    Ok(Next { plan, assembled })
}

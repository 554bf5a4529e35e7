//! `jadwal run`: the daemon.

use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::state::StateStore;
use jadwal_runtime::Cpu;
use jadwal_store::Store;
use tracing::info;

use crate::assemble::{self, PATIENCE, World, threads};
use crate::exit::ExitStatus;
use crate::failure::{Failure, is_broken_pipe};
use crate::registry::Registry;
use crate::session::{Ended, Next, Session, Signals, block_on};
use crate::settings::{Settings, clock};

/// Watches the drop folder until it is told to stop.
pub(crate) fn run(settings: &Settings, registry: &Registry) -> Result<ExitStatus, Failure> {
    settings.require_file("a daemon needs to know its folder")?;
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
        daemon(settings, registry, plan, &world, signals).await
    })?
}

async fn daemon(
    settings: &Settings,
    registry: &Registry,
    plan: Plan,
    world: &World,
    mut signals: Signals,
) -> Result<ExitStatus, Failure> {
    let assembled = assemble::daemon(&plan, world)?;
    let mut current = Next { plan, assembled };
    loop {
        let Next { plan, assembled } = current;
        info!(pipeline = %plan.name, folder = %plan.source.path.display(), state = %plan.state.display(), "running");
        let reload = || next(settings, registry, world, &plan);
        let session = Session {
            mode: "run",
            plan: &plan,
            clock: world.clock.clone(),
            state: Some(plan.state.clone()),
            reload: Some(&reload),
            watched: settings.file(),
            progress: None,
        };
        match session.run(assembled, &mut signals).await {
            Ok(Ended::Replaced(next)) => {
                info!("the old configuration is drained");
                current = *next;
            }
            Ok(Ended::Finished(summary)) => {
                let counters = summary.counters;
                info!(
                    delivered = counters.delivered,
                    dropped = counters.dropped,
                    quarantined = counters.quarantined,
                    "stopped"
                );
                return Ok(ExitStatus::Done);
            }
            Err(error) if is_broken_pipe(&error) => return Ok(ExitStatus::Done),
            Err(error) => return Err(error.into()),
        }
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

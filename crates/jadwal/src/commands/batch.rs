//! `jadwal batch`: one shot over the source, over paths, or over standard input.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::state::StateStore;
use jadwal_runtime::Cpu;
use jadwal_store::Store;
use jadwal_watch::{SourceStats, StdinOptions, StdinSource};

use crate::assemble::{self, Assembled, PATIENCE, World, threads};
use crate::cli::{BatchArgs, Globals};
use crate::exit::ExitStatus;
use crate::failure::{Failure, is_broken_pipe};
use crate::progress::Progress;
use crate::registry::Registry;
use crate::session::{Ended, Session, Signals, block_on};
use crate::settings::{Settings, clock};

/// Processes what is there and ends when all of it is settled.
pub(crate) fn run(
    globals: &Globals,
    args: &BatchArgs,
    registry: &Registry,
) -> Result<ExitStatus, Failure> {
    let settings = settings(globals, args, registry)?;
    if args.paths.is_empty() {
        settings.require_file("no PATH was given")?;
    }
    let plan = settings.load(registry)?.plan;
    if args.paths.is_empty() && !plan.source.path.exists() {
        let message = format!("there is no folder `{}`", plan.source.path.display());
        let hint = "make it, or name what to read: `jadwal batch PATH`";
        return Err(settings.refuse(&["source", "path"], &message, hint));
    }
    let forget = args.dry_run || args.stateless;
    let world = if forget {
        World::forgetful(clock()?, plan.limits.workers, args.dry_run)
    } else {
        World {
            store: Arc::new(Store::open_waiting(&plan.state, PATIENCE)?) as Arc<dyn StateStore>,
            clock: clock()?,
            cpu: Cpu::new(threads(plan.limits.workers)),
            dry: false,
        }
    };
    let assembled = assemble_source(&plan, &world, args)?;
    let state = (!forget).then(|| plan.state.clone());
    block_on(process(&plan, &world, assembled, state))?
}

/// `--output` sets the path of the plan's sink.
fn settings(globals: &Globals, args: &BatchArgs, registry: &Registry) -> Result<Settings, Failure> {
    let Some(output) = &args.output else {
        return Ok(Settings::find(globals, Vec::new()));
    };
    let plan = Settings::find(globals, Vec::new())
        .load_quietly(registry)?
        .plan;
    let mut sinks = plan.stages.iter().filter(|stage| stage.is_sink());
    let (Some(sink), None) = (sinks.next(), sinks.next()) else {
        return Err(Failure::usage("`--output` needs a plan with one sink")
            .with_hint("set the paths one by one: `--set stages.ID.options.path=FILE`"));
    };
    let path = if output == "-" {
        PathBuf::from(output)
    } else {
        crate::settings::absolute(Path::new(output))?
    };
    let quoted = serde_json::to_string(&path)
        .map_err(|error| Failure::doing(format!("use `{output}` as the output"), error))?;
    let set = format!(
        "stages.{}.options.path={}",
        sink.id,
        quoted.replace('$', "$$")
    );
    Ok(Settings::find(globals, vec![set]))
}

fn assemble_source(plan: &Plan, world: &World, args: &BatchArgs) -> Result<Assembled, Failure> {
    let stdin = args.paths.iter().any(|path| path == Path::new("-"));
    if !stdin {
        return assemble::batch(plan, world, &args.paths);
    }
    if args.paths.len() > 1 {
        return Err(Failure::usage(
            "`-` is standard input and can't be mixed with other paths",
        ));
    }
    let stats = Arc::new(SourceStats::default());
    let options = StdinOptions {
        max_document_bytes: plan.limits.max_document_bytes,
        jsonl: args.jsonl.then(|| assemble::jsonl_fields(&plan.source)),
        clock: world.clock.clone(),
        spill_dir: std::env::temp_dir(),
    };
    let source = StdinSource::new(options, Arc::clone(&stats));
    Ok(Assembled {
        pipeline: assemble::pipeline(plan, world, Box::new(source))?,
        stats,
    })
}

async fn process(
    plan: &Plan,
    world: &World,
    assembled: Assembled,
    state: Option<PathBuf>,
) -> Result<ExitStatus, Failure> {
    let mut signals = Signals::listen()?;
    let stats = Arc::clone(&assembled.stats);
    let mut progress = Progress::start();
    let session = Session {
        mode: "batch",
        plan,
        clock: world.clock.clone(),
        state,
        reload: None,
        watched: None,
        progress: Some(&mut progress),
    };
    let summary = match session.run(assembled, &mut signals).await {
        Ok(Ended::Finished(summary)) => summary,
        Ok(Ended::Replaced(_)) => return Ok(ExitStatus::Done),
        Err(error) if is_broken_pipe(&error) => return Ok(ExitStatus::Done),
        Err(error) => return Err(error.into()),
    };
    let source = stats.counts();
    progress.finish(&summary.counters, &source, &wrote(plan, world.dry));
    let troubles = summary.counters.quarantined + source.left + source.unreadable;
    Ok(if troubles > 0 {
        ExitStatus::DoneWithFailures
    } else {
        ExitStatus::Done
    })
}

/// Says where the records are.
fn wrote(plan: &Plan, dry: bool) -> String {
    if dry {
        return "(dry run: nothing was written)".to_owned();
    }
    let outputs: Vec<_> = assemble::outputs(plan)
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    if outputs.is_empty() {
        "to standard output".to_owned()
    } else {
        format!("to {}", outputs.join(", "))
    }
}

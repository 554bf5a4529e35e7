//! `jadwal batch`: one shot over the source, over paths, or over standard input.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::state::StateStore;
use jadwal_runtime::{Cpu, StopReason};
use jadwal_store::Store;
use jadwal_watch::{SourceStats, StdinOptions, StdinSource};

use crate::assemble::{self, Assembled, PATIENCE, World, threads};
use crate::cli::{BatchArgs, Globals};
use crate::exit::ExitStatus;
use crate::failure::{Failure, is_broken_pipe};
use crate::outputs::outputs;
use crate::progress::Progress;
use crate::registry::Registry;
use crate::repeats::FirstPass;
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
    if args.learn && crate::repeats::learn(&plan, &world, &args.paths)? != FirstPass::Done {
        return Ok(ExitStatus::Done);
    }
    let assembled = assemble_source(&plan, &world, args)?;
    let state = (!forget).then(|| plan.state.clone());
    block_on(process(&plan, &world, assembled, state, args.learn))?
}

/// `--output` sets the path of the plan's sink, and `--learn` says where counts of lines come from.
fn settings(globals: &Globals, args: &BatchArgs, registry: &Registry) -> Result<Settings, Failure> {
    let plan = Settings::find(globals, Vec::new())
        .load_quietly(registry)?
        .plan;
    let mut sets = crate::repeats::settings(&plan, args.learn)?;
    if args.learn && args.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::usage(
            "`--learn` reads everything twice, and standard input can be read once",
        )
        .with_hint("write it to a file, and name that"));
    }
    if let Some(output) = &args.output {
        sets.push(output_path(&plan, output)?);
    }
    Ok(Settings::find(globals, sets))
}

/// Returns the setting of the path of the plan's sink.
fn output_path(plan: &Plan, output: &str) -> Result<String, Failure> {
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
    Ok(format!(
        "stages.{}.options.path={}",
        sink.id,
        quoted.replace('$', "$$")
    ))
}

fn assemble_source(plan: &Plan, world: &World, args: &BatchArgs) -> Result<Assembled, Failure> {
    let stdin = args.paths.iter().any(|path| path == Path::new("-"));
    if args.jsonl && !stdin {
        let message = "`--jsonl` says what standard input holds, and `-` is not named";
        return Err(Failure::usage(message)
            .with_hint("files named `.jsonl` or `.ndjson` are read line by line without it"));
    }
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
    learnt: bool,
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
    progress.finish(&summary, &source, &wrote(plan, world.dry));
    if learnt && summary.reason == StopReason::SourceEnded && source.left == 0 {
        crate::repeats::done(plan, world)?;
    }
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
    let outputs: Vec<_> = outputs(plan)
        .iter()
        .map(|(_, path)| format!("`{}`", path.display()))
        .collect();
    if outputs.is_empty() {
        "to standard output".to_owned()
    } else {
        format!("to {}", outputs.join(", "))
    }
}

//! From a checked plan to a pipeline that can run.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jadwal_config::{Guest, OnDone, OnError, Plan, SourcePlan, Watch, When};
use jadwal_core::source::Source;
use jadwal_core::spec::Introduction;
use jadwal_core::state::{StateRead, StateStore};
use jadwal_core::{BuiltStage, Clock, Document, Stage, StageCx, StageDeps, StageResult, Verdict};
use jadwal_runtime::{BreakerSettings, Condition, Cpu, Limits, Pipeline, PlannedStage, Quarantine};
use jadwal_store::MemoryStore;
use jadwal_watch::{FolderOptions, FolderSource, JsonlFields, Root, SourceStats, WatchMode};
use tracing::debug;

use crate::failure::Failure;
use crate::outputs::{own_folders, shared_output, warn_of_unread};
use crate::stage_files::stage_files;

/// How long a state folder that is held may stay so: `jadwal status` holds it for a moment.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// A pipeline and what its source counts.
pub(crate) struct Assembled {
    pub(crate) pipeline: Pipeline,
    pub(crate) stats: Arc<SourceStats>,
}

/// What a run needs beside its plan.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) store: Arc<dyn StateStore>,
    pub(crate) clock: Clock,
    pub(crate) cpu: Cpu,
    /// Whether nothing may be written: sinks are left out, the quarantine keeps nothing.
    pub(crate) dry: bool,
}

impl World {
    /// Returns a world that forgets: for dry runs, `explain` and tests of a configuration.
    pub(crate) fn forgetful(clock: Clock, workers: usize, dry: bool) -> Self {
        Self {
            store: Arc::new(MemoryStore::default()),
            clock,
            cpu: Cpu::new(threads(workers)),
            dry,
        }
    }
}

/// Returns the number of threads that compute: one per core for 0.
pub(crate) fn threads(workers: usize) -> usize {
    match workers {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        workers => workers,
    }
}

/// Stages of a plan that are somebody else's programs, started, by stage id.
type Introductions = BTreeMap<String, Introduction>;

/// Starts those stages of `plan` that are somebody else's programs, asks them what they are, and checks
/// that every stage gets what it needs.
pub(crate) fn introduce(plan: &Plan) -> Result<Introductions, Failure> {
    let mut introductions = Introductions::new();
    for stage in &plan.stages {
        let introduced = stage
            .spec
            .introduce(&stage.options, &stage.id, &plan.base_dir);
        let introduced = introduced
            .map_err(|error| Failure::doing(format!("start the stage `{}`", stage.id), error))?;
        if let Some(introduction) = introduced {
            let (name, version) = (
                &introduction.declaration.name,
                &introduction.declaration.version,
            );
            debug!(stage = %stage.id, %name, %version, "a stage said what it is");
            introductions.insert(stage.id.clone(), introduction);
        }
    }
    plan.check_guests(&guests(&introductions))
        .map_err(|wrong| {
            Failure::usage(wrong)
                .with_hint("change the order in `pipeline.stages`; `jadwal check --start` tries it")
        })?;
    Ok(introductions)
}

fn guests(introductions: &Introductions) -> Vec<Guest<'_>> {
    let guests = introductions.iter().map(|(stage, introduction)| Guest {
        stage,
        declaration: &introduction.declaration,
        program: &introduction.program,
    });
    guests.collect()
}

/// Builds the stages of `plan`; sinks only where `sinks` is true.
pub(crate) fn build_stages(
    plan: &Plan,
    world: &World,
    sinks: bool,
) -> Result<Vec<(String, BuiltStage)>, Failure> {
    let mut introductions = introduce(plan)?;
    let info = Arc::new(plan.info(&guests(&introductions), &stage_files(plan)?));
    let wanted = plan.stages.iter().filter(|stage| sinks || !stage.is_sink());
    wanted
        .map(|stage| {
            if let Some(introduction) = introductions.remove(&stage.id) {
                return Ok((stage.id.clone(), introduction.built));
            }
            let deps = StageDeps {
                stage: stage.id.clone(),
                pipeline: Arc::clone(&info),
                state: Arc::clone(&world.store) as Arc<dyn StateRead>,
                clock: world.clock.clone(),
                base_dir: plan.base_dir.clone(),
            };
            let built = stage.spec.build(&stage.options, &deps);
            let built = built.map_err(|error| {
                Failure::doing(format!("build the stage `{}`", stage.id), error)
            })?;
            Ok((stage.id.clone(), built))
        })
        .collect()
}

/// Puts the pipeline of `plan` together around `source`.
pub(crate) fn pipeline(
    plan: &Plan,
    world: &World,
    source: Box<dyn Source>,
) -> Result<Pipeline, Failure> {
    if let Some(bad) = shared_output(plan) {
        return Err(Failure::usage(bad.message).with_hint(bad.hint));
    }
    let built = build_stages(plan, world, !world.dry)?;
    Ok(pipeline_of(plan, world, source, built))
}

/// Puts a pipeline together around `source` of stages of `plan` that were built.
fn pipeline_of(
    plan: &Plan,
    world: &World,
    source: Box<dyn Source>,
    mut built: Vec<(String, BuiltStage)>,
) -> Pipeline {
    if world.dry && some_sink_chooses(plan) {
        // Their conditions say what would be dropped or fail.
        let sinks = plan.stages.iter().filter(|stage| stage.is_sink());
        built.extend(sinks.map(|stage| (stage.id.clone(), BuiltStage::stage(Nowhere))));
    }
    let stages = built
        .into_iter()
        .filter_map(|(id, built)| {
            let planned = plan.stages.iter().find(|stage| stage.id == id)?;
            Some(PlannedStage {
                id,
                built,
                sink: planned.is_sink(),
                when: planned.when.clone().map(condition),
                timeout: planned.timeout,
                retries: planned.retries,
                on_error: match planned.on_error {
                    OnError::Quarantine => jadwal_runtime::OnError::Quarantine,
                    OnError::Stop => jadwal_runtime::OnError::Stop,
                },
            })
        })
        .collect();
    let quarantine = if world.dry {
        Quarantine::discard()
    } else {
        Quarantine::new(plan.quarantine.clone())
    };
    let store = Arc::clone(&world.store);
    let pipeline = Pipeline::new(
        stages,
        source,
        store,
        quarantine,
        limits(plan),
        world.cpu.clone(),
    );
    pipeline.with_clock(world.clock.clone())
}

fn some_sink_chooses(plan: &Plan) -> bool {
    let mut sinks = plan.stages.iter().filter(|stage| stage.is_sink());
    sinks.any(|sink| sink.when.is_some())
}

fn condition(when: When) -> Condition {
    Condition::new(move |doc| when.holds(doc))
}

/// Stands for a sink where nothing may be written.
struct Nowhere;

#[async_trait]
impl Stage for Nowhere {
    async fn process(&mut self, _: &mut Document, _: &StageCx) -> StageResult {
        Ok(Verdict::Pass)
    }
}

fn limits(plan: &Plan) -> Limits {
    let limits = &plan.limits;
    Limits {
        batch_size: limits.batch_size,
        queue: limits.queue,
        max_documents: limits.max_in_flight,
        max_bytes: limits.max_in_flight_bytes,
        breaker: limits.breaker.map_or(
            BreakerSettings {
                window: 0,
                share: 1.0,
            },
            |breaker| BreakerSettings {
                window: breaker.window,
                share: breaker.share,
            },
        ),
    }
}

/// Puts the daemon's pipeline together.
pub(crate) fn daemon(plan: &Plan, world: &World) -> Result<Assembled, Failure> {
    let options = folder_options(plan, vec![source_root(&plan.source)])?;
    folder(plan, world, options)
}

/// Puts a one-shot pipeline together, over the source or over `paths`.
pub(crate) fn batch(plan: &Plan, world: &World, paths: &[PathBuf]) -> Result<Assembled, Failure> {
    folder(plan, world, batch_options(plan, world, paths)?)
}

/// Puts together what [`batch`] does up to the stage `last`, for which `stage` stands in; it ends
/// there.
#[cfg(feature = "strip-repeats")]
pub(crate) fn batch_up_to(
    plan: &Plan,
    world: &World,
    paths: &[PathBuf],
    last: &str,
    stage: BuiltStage,
) -> Result<Assembled, Failure> {
    let mut part = plan.clone();
    let end = plan.stages.iter().position(|stage| stage.id == last);
    part.stages.truncate(end.unwrap_or(0));
    let mut built = build_stages(&part, world, false)?;
    built.push((last.to_owned(), stage));
    let options = batch_options(plan, world, paths)?;
    let (source, stats) = folder_source(world, options)?;
    part.stages = plan.stages.iter().take(built.len()).cloned().collect();
    Ok(Assembled {
        pipeline: pipeline_of(&part, world, source, built),
        stats,
    })
}

/// What the folder source of a one-shot run is to do.
fn batch_options(plan: &Plan, world: &World, paths: &[PathBuf]) -> Result<FolderOptions, Failure> {
    let roots = if paths.is_empty() {
        vec![source_root(&plan.source)]
    } else {
        paths
            .iter()
            .map(|path| path_root(plan, path))
            .collect::<Result<_, _>>()?
    };
    let inside = roots
        .iter()
        .all(|root| root.path.starts_with(&plan.source.path));
    let mut options = folder_options(plan, roots)?;
    options.once = true;
    if !inside || world.dry {
        // Files named on the command line are the user's, not the drop folder's.
        options.on_done = jadwal_watch::OnDone::Keep;
    }
    Ok(options)
}

fn folder(plan: &Plan, world: &World, options: FolderOptions) -> Result<Assembled, Failure> {
    let (source, stats) = folder_source(world, options)?;
    Ok(Assembled {
        pipeline: pipeline(plan, world, source)?,
        stats,
    })
}

fn folder_source(
    world: &World,
    options: FolderOptions,
) -> Result<(Box<dyn Source>, Arc<SourceStats>), Failure> {
    let stats = Arc::new(SourceStats::default());
    let source = FolderSource::new(options, Arc::clone(&world.store), Arc::clone(&stats))
        .map_err(|error| Failure::usage(jadwal_core::describe_chain(&error)))?;
    Ok((Box::new(source), stats))
}

pub(crate) fn source_root(source: &SourcePlan) -> Root {
    Root {
        path: source.path.clone(),
        label: String::new(),
    }
}

/// A path of the command line: inside the source it is called as the source would, else as typed.
pub(crate) fn path_root(plan: &Plan, typed: &Path) -> Result<Root, Failure> {
    let path = crate::settings::absolute(typed)?;
    let metadata = path.metadata().map_err(|error| {
        Failure::usage(format!("`{}` can't be read: {error}", typed.display()))
            .with_hint("name files or folders that exist, or `-` for standard input")
    })?;
    if !metadata.is_file() && !metadata.is_dir() {
        let message = format!("`{}` is neither a file nor a folder", typed.display());
        return Err(Failure::usage(message).with_hint(
            "pipe what it gives into `jadwal batch -`; `--jsonl` for a document a line",
        ));
    }
    let name = match path.strip_prefix(&plan.source.path) {
        Ok(relative) => relative.to_owned(),
        Err(_) => typed
            .components()
            .filter(|part| *part != Component::CurDir)
            .collect(),
    };
    let label = if metadata.is_file() {
        name.parent().map(Path::to_owned).unwrap_or_default()
    } else {
        name
    };
    Ok(Root {
        path,
        label: jadwal_watch::escape_path(&label),
    })
}

/// What the folder source is to do for `plan`.
pub(crate) fn folder_options(plan: &Plan, roots: Vec<Root>) -> Result<FolderOptions, Failure> {
    let source = &plan.source;
    let skip_dirs = own_folders(plan, &roots)?;
    warn_of_unread(plan, &roots);
    Ok(FolderOptions {
        roots,
        include: source.include.clone(),
        exclude: source.exclude.clone(),
        skip_dirs,
        settle: source.settle,
        done_marker: source.done_marker.clone(),
        on_done: on_done(source),
        follow_symlinks: source.follow_symlinks,
        watch: match source.watch {
            Watch::Auto => WatchMode::Events,
            Watch::Poll => WatchMode::Poll,
        },
        poll_interval: source.poll_interval,
        reconcile: source.reconcile,
        max_document_bytes: plan.limits.max_document_bytes,
        jsonl: jsonl_fields(source),
        spill_dir: std::env::temp_dir(),
        ..FolderOptions::default()
    })
}

fn on_done(source: &SourcePlan) -> jadwal_watch::OnDone {
    match source.on_done {
        OnDone::Keep => jadwal_watch::OnDone::Keep,
        OnDone::Delete => jadwal_watch::OnDone::Delete,
        OnDone::Move => jadwal_watch::OnDone::Move {
            dir: source.done_dir.clone(),
        },
    }
}

/// Names of the fields of JSON Lines records.
pub(crate) fn jsonl_fields(source: &SourcePlan) -> JsonlFields {
    JsonlFields {
        text: source.jsonl.text_field.clone(),
        url: source.jsonl.url_field.clone(),
        title: source.jsonl.title_field.clone(),
        created: source.jsonl.created_field.clone(),
    }
}

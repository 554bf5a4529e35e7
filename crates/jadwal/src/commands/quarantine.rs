//! `jadwal quarantine`: dead letters, and their second chance.

use std::sync::Arc;

use jadwal_config::Plan;
use jadwal_core::DocumentId;
use jadwal_core::state::StateStore;
use jadwal_runtime::{Cpu, Quarantine, QuarantineEntry};
use jadwal_store::Store;
use jadwal_watch::SourceStats;
use serde_json::json;

use crate::assemble::{self, Assembled, PATIENCE, World, threads};
use crate::cli::{Format, QuarantineCommand};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::retry::{RetrySource, Selection};
use crate::session::{Session, Signals, block_on};
use crate::settings::{Settings, clock};
use crate::terminal::{CYAN, DIM, RED, err, out, plain, styled};

/// Runs one of the quarantine commands.
pub(crate) fn run(
    settings: &Settings,
    registry: &Registry,
    command: &QuarantineCommand,
) -> Result<ExitStatus, Failure> {
    let plan = settings.load(registry)?.plan;
    let quarantine = Quarantine::new(plan.quarantine.clone());
    match command {
        QuarantineCommand::List { format } => list(&quarantine, *format),
        QuarantineCommand::Show { id } => show(&quarantine, id),
        QuarantineCommand::Retry { ids } => retry(&plan, &quarantine, ids),
    }
}

fn list(quarantine: &Quarantine, format: Format) -> Result<ExitStatus, Failure> {
    for entry in quarantine.entries().map_err(Failure::fatal)? {
        for occurrence in &entry.occurrences {
            let line = match format {
                Format::Json => json!({ "id": entry.id, "occurrence": occurrence }).to_string(),
                Format::Human => format!(
                    "{} {}#{}  {} {}",
                    styled(CYAN, entry.id),
                    plain(&occurrence.file_path),
                    occurrence.record_index,
                    styled(RED, &occurrence.stage),
                    plain(&occurrence.error)
                ),
            };
            if !out(line) {
                return Ok(ExitStatus::Done);
            }
        }
    }
    Ok(ExitStatus::Done)
}

fn entry(quarantine: &Quarantine, id: &str) -> Result<QuarantineEntry, Failure> {
    let id: DocumentId = id.parse().map_err(Failure::usage)?;
    let entry = quarantine.entry(id).map_err(Failure::fatal)?;
    entry.ok_or_else(|| {
        Failure::usage(format!("`{id}` is not quarantined"))
            .with_hint("`jadwal quarantine list` says what is")
    })
}

fn show(quarantine: &Quarantine, id: &str) -> Result<ExitStatus, Failure> {
    let entry = entry(quarantine, id)?;
    out(styled(CYAN, entry.id));
    if let Some(path) = quarantine.raw_path(entry.id) {
        let size = path.metadata().map(|found| found.len()).unwrap_or_default();
        out(format_args!(
            "  raw bytes  {} ({size} bytes)",
            path.display()
        ));
    }
    for occurrence in &entry.occurrences {
        out(format_args!(
            "  {}#{} at {}",
            plain(&occurrence.file_path),
            occurrence.record_index,
            occurrence.time
        ));
        out(format_args!(
            "    bytes    {}..{}",
            occurrence.bytes.0, occurrence.bytes.1
        ));
        out(format_args!("    stage    {}", occurrence.stage));
        out(format_args!(
            "    error    {}",
            styled(RED, plain(&occurrence.error))
        ));
    }
    out(styled(
        DIM,
        format_args!("  jadwal quarantine retry {}", entry.id),
    ));
    Ok(ExitStatus::Done)
}

/// Processes the chosen entries again; those that do not fail again leave the quarantine.
fn retry(plan: &Plan, quarantine: &Quarantine, ids: &[String]) -> Result<ExitStatus, Failure> {
    let entries = if ids.is_empty() {
        quarantine.entries().map_err(Failure::fatal)?
    } else {
        ids.iter()
            .map(|id| entry(quarantine, id))
            .collect::<Result<_, _>>()?
    };
    let store = Arc::new(Store::open_waiting(&plan.state, PATIENCE)?);
    let selection = Selection::of(entries, quarantine, &store, plan.limits.max_document_bytes)?;
    if selection.is_empty() {
        err("nothing to try again");
        return Ok(ExitStatus::Done);
    }
    let world = World {
        store: Arc::clone(&store) as Arc<dyn StateStore>,
        clock: clock()?,
        cpu: Cpu::new(threads(plan.limits.workers)),
        dry: false,
    };
    let plan = &crate::repeats::as_counted(plan.clone(), &*store)?;
    let first_seq = store.next_seq().map_err(Failure::fatal)?;
    let source = RetrySource::new(plan, &selection);
    let assembled = Assembled {
        pipeline: assemble::pipeline(plan, &world, Box::new(source))?,
        stats: Arc::new(SourceStats::default()),
    };
    process(plan, &world, assembled)?;
    let (good, bad) = selection.settle(first_seq, quarantine, &store)?;
    err(format_args!(
        "{good} left the quarantine, {bad} failed again"
    ));
    Ok(if bad > 0 {
        ExitStatus::DoneWithFailures
    } else {
        ExitStatus::Done
    })
}

/// Runs the retry to its end.
fn process(plan: &Plan, world: &World, assembled: Assembled) -> Result<(), Failure> {
    block_on(async {
        let session = Session {
            mode: "retry",
            plan,
            clock: world.clock.clone(),
            state: Some(plan.state.clone()),
            reload: None,
            watched: None,
            progress: None,
        };
        let mut signals = Signals::listen()?;
        let ended = session.run(assembled, &mut signals).await;
        ended.map(|_| ()).map_err(Failure::from)
    })?
}

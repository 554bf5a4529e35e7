//! `jadwal state`: looks into the ledger and mends it.

use std::path::Path;

use jadwal_config::Plan;
use jadwal_core::DocumentId;
use jadwal_core::state::{DocumentRow, FileProgress, FileRow};
use jadwal_store::{Store, StoreError};
use serde_json::json;

use crate::assemble::PATIENCE;
use crate::cli::{Format, StateCommand};
use crate::commands::{dedup_index, kept_bytes};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::settings::{Settings, absolute};
use crate::terminal::{CYAN, DIM, GREEN, RED, YELLOW, err, out, plain, styled};

/// Runs one of the state commands.
pub(crate) fn run(
    settings: &Settings,
    registry: &Registry,
    command: &StateCommand,
) -> Result<ExitStatus, Failure> {
    let plan = settings.load(registry)?.plan;
    let store = open(&plan)?;
    match command {
        StateCommand::Ls {
            documents: false,
            format,
        } => list_files(&store, *format),
        StateCommand::Ls {
            documents: true,
            format,
        } => list_documents(&store, *format),
        StateCommand::Show { what } => show(&store, &plan, what),
        StateCommand::Forget { path, stage } => {
            forget(&store, &plan, path.as_deref(), stage.as_deref())
        }
        StateCommand::Verify => verify(&store, &plan),
        StateCommand::Compact => {
            dedup_index::forget_out_of_reach(&store, &plan)?;
            let (before, after) = store.compact()?;
            err(format_args!("{before} bytes before, {after} bytes after"));
            Ok(ExitStatus::Done)
        }
    }
}

/// Opens the store, but does not make one.
pub(crate) fn open(plan: &Plan) -> Result<Store, Failure> {
    if !plan.state.is_dir() {
        return Err(Failure::usage(format!(
            "there is no state in `{}` yet",
            plan.state.display()
        ))
        .with_hint("`jadwal run` and `jadwal batch` make it"));
    }
    Ok(Store::open_waiting(&plan.state, PATIENCE)?)
}

/// A reader that went away ends a listing.
enum Stop {
    Closed,
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn ended(result: Result<(), Stop>) -> Result<ExitStatus, Failure> {
    match result {
        Ok(()) | Err(Stop::Closed) => Ok(ExitStatus::Done),
        Err(Stop::Store(error)) => Err(error.into()),
    }
}

fn list_files(store: &Store, format: Format) -> Result<ExitStatus, Failure> {
    ended(store.visit_files(|path, row| {
        let line = match format {
            Format::Json => {
                json!({ "path": jadwal_watch::escape_path(&path), "row": row }).to_string()
            }
            Format::Human => file_line(&path, &row),
        };
        if out(line) { Ok(()) } else { Err(Stop::Closed) }
    }))
}

fn file_line(path: &Path, row: &FileRow) -> String {
    let progress = match row.progress {
        FileProgress::Done => styled(GREEN, "done   "),
        FileProgress::Partial { .. } => styled(YELLOW, "partial"),
    };
    let counts = row.counts;
    format!(
        "{progress} {:>6} delivered {:>6} dropped {:>6} quarantined  {}",
        counts.delivered,
        counts.dropped,
        counts.quarantined,
        plain(&jadwal_watch::escape_path(path))
    )
}

fn list_documents(store: &Store, format: Format) -> Result<ExitStatus, Failure> {
    ended(store.visit_documents(|row| {
        let line = match format {
            Format::Json => json!(row).to_string(),
            Format::Human => document_line(&row),
        };
        if out(line) { Ok(()) } else { Err(Stop::Closed) }
    }))
}

/// One document of the ledger in one line.
pub(crate) fn document_line(row: &DocumentRow) -> String {
    let fate = match row.fate.as_str() {
        "delivered" => styled(GREEN, "delivered  "),
        "dropped" => styled(YELLOW, "dropped    "),
        _ => styled(RED, "quarantined"),
    };
    let detail = if row.stage.is_empty() {
        String::new()
    } else {
        styled(DIM, format_args!("  {}: {}", row.stage, plain(&row.detail)))
    };
    let id = styled(CYAN, row.id);
    format!(
        "{:>8} {fate} {id} {}#{}{detail}",
        row.seq,
        plain(&row.file_path),
        row.record_index
    )
}

fn show(store: &Store, plan: &Plan, what: &Path) -> Result<ExitStatus, Failure> {
    if let Some(Ok(id)) = what.to_str().map(str::parse::<DocumentId>) {
        let rows = store.documents_by_id(id)?;
        if rows.is_empty() {
            return Err(Failure::usage(format!(
                "the ledger knows no document `{id}`"
            )));
        }
        rows.iter().for_each(|row| {
            out(document_line(row));
        });
        return Ok(ExitStatus::Done);
    }
    let path = ledger_path(store, plan, what)?;
    let row = store.file_row(&path)?;
    let row = row.ok_or_else(|| {
        Failure::usage(format!("the ledger knows no file `{}`", what.display()))
            .with_hint("`jadwal state ls` lists the files it knows")
    })?;
    out(file_line(&path, &row));
    out(json!(row));
    Ok(ExitStatus::Done)
}

/// A path as typed, or as records name it: relative to the source.
fn ledger_path(store: &Store, plan: &Plan, typed: &Path) -> Result<std::path::PathBuf, Failure> {
    let path = absolute(typed)?;
    if store.file_row(&path)?.is_some() {
        return Ok(path);
    }
    Ok(plan.source.path.join(typed))
}

fn forget(
    store: &Store,
    plan: &Plan,
    path: Option<&Path>,
    stage: Option<&str>,
) -> Result<ExitStatus, Failure> {
    if let Some(stage) = stage {
        let count = store.forget_stage(stage)?;
        err(format_args!("forgot {count} keys of `{stage}`"));
    }
    if let Some(typed) = path {
        let path = ledger_path(store, plan, typed)?;
        if !store.forget_file(&path)? {
            return Err(
                Failure::usage(format!("the ledger knows no file `{}`", typed.display()))
                    .with_hint("`jadwal state ls` lists the files it knows"),
            );
        }
        err(format_args!(
            "forgot `{}`; it is read again",
            path.display()
        ));
    }
    Ok(ExitStatus::Done)
}

fn verify(store: &Store, plan: &Plan) -> Result<ExitStatus, Failure> {
    let mut report = store.verify()?;
    out(format_args!(
        "{} files, {} documents, {} keys of stages",
        report.files, report.documents, report.stage_keys
    ));
    report.problems.extend(dedup_index::verify(store, plan)?);
    report.problems.extend(kept_bytes::verify(store, plan)?);
    for problem in &report.problems {
        out(format_args!("{} {problem}", styled(RED, "wrong:")));
    }
    if report.problems.is_empty() {
        out(styled(GREEN, "sound"));
        return Ok(ExitStatus::Done);
    }
    Ok(ExitStatus::DoneWithFailures)
}

//! `jadwal status`: what was done so far, and whether a daemon is at work.

use jadwal_config::Plan;
use jadwal_core::state::{FateCounts, StateStore};
use jadwal_store::{Store, StoreError};
use serde_json::json;

use crate::cli::Format;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::progress::stage_lines;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::status_file::{self, Status};
use crate::terminal::{BOLD, GREEN, YELLOW, out, styled};

/// What can be said of a state folder.
struct Found {
    holder: Option<String>,
    totals: Option<FateCounts>,
    status: Option<Status>,
}

/// Prints what is known.
pub(crate) fn run(
    settings: &Settings,
    registry: &Registry,
    format: Format,
) -> Result<ExitStatus, Failure> {
    let plan = settings.load(registry)?.plan;
    let found = find(&plan)?;
    match format {
        Format::Json => print_json(&plan, &found),
        Format::Human => print_human(&plan, &found),
    }
    Ok(ExitStatus::Done)
}

fn find(plan: &Plan) -> Result<Found, Failure> {
    let mut found = Found {
        holder: None,
        totals: None,
        status: status_file::read(&plan.state).map_err(|error| {
            Failure::doing(
                format!("read the status in `{}`", plan.state.display()),
                error,
            )
        })?,
    };
    if !plan.state.is_dir() {
        return Ok(found);
    }
    match Store::open(&plan.state) {
        Ok(store) => found.totals = store.totals().ok(),
        Err(StoreError::Held { holder, .. }) => found.holder = Some(holder),
        Err(error) => return Err(error.into()),
    }
    Ok(found)
}

fn print_json(plan: &Plan, found: &Found) {
    out(json!({
        "pipeline": plan.name,
        "state": plan.state,
        "running": found.holder.is_some(),
        "holder": found.holder,
        "totals": found.totals,
        "last": found.status,
        "scan_share": found.status.as_ref().map(|status| status.source.scan_share()),
    }));
}

fn print_human(plan: &Plan, found: &Found) {
    let state = match &found.holder {
        Some(holder) => styled(GREEN, format_args!("running ({holder})")),
        None => styled(YELLOW, "not running"),
    };
    out(format_args!("{} {state}", styled(BOLD, &plan.name)));
    if let Some(totals) = &found.totals {
        out(format_args!(
            "  ever       {} delivered · {} dropped · {} quarantined",
            totals.delivered, totals.dropped, totals.quarantined
        ));
    }
    let Some(status) = &found.status else {
        out("  nothing was run with this state folder yet");
        return;
    };
    let counters = &status.counters;
    out(format_args!(
        "  last run   {} from {} to {}",
        status.mode, status.started, status.updated
    ));
    out(format_args!(
        "  documents  {} admitted · {} delivered · {} dropped · {} quarantined",
        counters.admitted, counters.delivered, counters.dropped, counters.quarantined
    ));
    let source = &status.source;
    out(format_args!(
        "  found      {} at start · {} by event · {} by scan alone ({:.1} %)",
        source.found_at_start,
        source.found_by_event,
        source.found_by_scan,
        100.0 * source.scan_share()
    ));
    out(format_args!(
        "  folder     {} folders {} · {} waiting · {} unreadable · {} special",
        source.folders,
        if source.polling { "polled" } else { "watched" },
        source.waiting,
        source.unreadable,
        source.special
    ));
    for line in stage_lines(counters) {
        out(line);
    }
}

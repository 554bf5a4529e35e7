//! `jadwal check`: is the configuration good?

use jadwal_config::Checked;
use serde_json::json;

use crate::assemble::introduce;
use crate::cli::Format;
use crate::exit::ExitStatus;
use crate::failure::{Failure, print_finding};
use crate::outputs::bad_output;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::terminal::{GREEN, out, styled};

/// Reads the configuration and nothing else, unless stages are to be started.
pub(crate) fn run(
    settings: &Settings,
    registry: &Registry,
    start: bool,
    format: Format,
) -> Result<ExitStatus, Failure> {
    let result = settings.load_quietly(registry);
    let result = result.and_then(|checked| with_good_outputs(settings, checked));
    if let (true, Ok(checked)) = (start, &result) {
        // They are ended again right here.
        introduce(&checked.plan)?;
    }
    if format == Format::Json {
        return json_report(result);
    }
    let checked = result?;
    checked.warnings.iter().for_each(print_finding);
    let ids: Vec<_> = checked
        .plan
        .stages
        .iter()
        .map(|stage| stage.id.as_str())
        .collect();
    let file = settings.file().map_or_else(
        || "the built-in defaults".to_owned(),
        |file| format!("`{}`", file.display()),
    );
    out(format_args!(
        "{} {file}: {}",
        styled(GREEN, "good"),
        ids.join(" → ")
    ));
    Ok(ExitStatus::Done)
}

/// Refuses what a run would refuse of the outputs, at its place in the configuration.
fn with_good_outputs(settings: &Settings, checked: Checked) -> Result<Checked, Failure> {
    let Some(bad) = bad_output(&checked.plan) else {
        return Ok(checked);
    };
    let keys = ["stages", bad.stage, "options", "path"];
    Err(settings.refuse(&keys, &bad.message, bad.hint))
}

fn json_report(result: Result<Checked, Failure>) -> Result<ExitStatus, Failure> {
    let (good, findings) = match &result {
        Ok(checked) => (true, checked.warnings.as_slice()),
        Err(failure) => match failure.findings() {
            Some(findings) => (false, findings),
            None => return result.map(|_| ExitStatus::Done),
        },
    };
    out(json!({ "good": good, "findings": findings }));
    Ok(if good {
        ExitStatus::Done
    } else {
        ExitStatus::Usage
    })
}

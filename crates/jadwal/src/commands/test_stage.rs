//! `jadwal test-stage`: tries a stage from outside and says what it breaks.

use std::path::PathBuf;
use std::sync::Arc;

use jadwal_conformance::{Finding, Subject, check};
use jadwal_core::spec::{ErasedSpec, PipelineInfo};
use jadwal_core::state::StateRead;
use jadwal_core::{Fact, StageDeps};
use jadwal_store::MemoryStore;
use serde_json::{Value, json};

use crate::cli::TestStageArgs;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::settings::{Settings, absolute, clock};
use crate::terminal::{GREEN, RED, err, out, styled};

/// Lines of one broken check that are shown.
const SHOWN: usize = 5;

/// A stage, found.
struct Found {
    id: String,
    spec: Arc<dyn ErasedSpec>,
    options: Value,
    base_dir: PathBuf,
}

/// Tries the stage that `args` name.
pub(crate) fn run(
    settings: &Settings,
    registry: &Registry,
    args: &TestStageArgs,
) -> Result<ExitStatus, Failure> {
    let found = match &args.stage {
        Some(id) => by_name(settings, registry, id)?,
        None => by_command(registry, &args.command)?,
    };
    if found.spec.gives().contains(&Fact::Record) {
        let message = format!("`{}` is a sink: it writes, and would write here", found.id);
        return Err(Failure::usage(message).with_hint("sinks are tested by what they wrote"));
    }
    let deps = StageDeps {
        stage: found.id.clone(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::new(MemoryStore::default()) as Arc<dyn StateRead>,
        clock: clock()?,
        base_dir: found.base_dir.clone(),
    };
    err(format_args!("trying `{}`; this takes a while", found.id));
    let mut findings = check(&Subject {
        spec: found.spec.as_ref(),
        options: &found.options,
        deps: &deps,
    });
    findings.extend(more_checks(&found, &deps)?);
    Ok(print(&findings))
}

/// The stage `name` of the configuration, else the kind `name` with its default options.
fn by_name(settings: &Settings, registry: &Registry, name: &str) -> Result<Found, Failure> {
    if settings.file().is_some() {
        let plan = settings.load(registry)?.plan;
        if let Some(stage) = plan.stages.iter().find(|stage| stage.id == name) {
            return Ok(Found {
                id: name.to_owned(),
                spec: Arc::clone(&stage.spec),
                options: stage.options.clone(),
                base_dir: plan.base_dir.clone(),
            });
        }
    }
    let spec = registry.stages().get(name).ok_or_else(|| {
        let message = format!("there is no stage `{name}`, in the configuration or by kind");
        Failure::usage(message).with_hint("`jadwal stages` lists the kinds; a program is tried with `jadwal test-stage -- COMMAND`")
    })?;
    found(name, spec, &spec.defaults())
}

/// The stage `process` with this command.
fn by_command(registry: &Registry, command: &[String]) -> Result<Found, Failure> {
    let kind = "process";
    let spec = registry
        .stages()
        .get(kind)
        .ok_or_else(|| Failure::usage("this binary was built without the stage `process`"))?;
    found(kind, spec, &json!({ "command": command }))
}

fn found(id: &str, spec: &Arc<dyn ErasedSpec>, options: &Value) -> Result<Found, Failure> {
    let options = spec.check(options).map_err(|problems| {
        let line = |problem: &jadwal_core::Problem| {
            format!("`{}` {}", problem.path.join("."), problem.message)
        };
        let lines: Vec<_> = problems.iter().map(line).collect();
        let message = format!(
            "`{id}` can't be tried with these options: {}",
            lines.join("; ")
        );
        Failure::usage(message)
            .with_hint("set them in the configuration, and name the stage's id there")
    })?;
    Ok(Found {
        id: id.to_owned(),
        spec: Arc::clone(spec),
        options,
        base_dir: absolute(&PathBuf::new())?,
    })
}

/// What only this kind of stage can break.
#[cfg(feature = "process")]
fn more_checks(found: &Found, deps: &StageDeps) -> Result<Vec<Finding>, Failure> {
    use jadwal_core::StageSpec;

    if found.spec.kind() != jadwal_process::Process::KIND {
        return Ok(Vec::new());
    }
    let options = serde_json::from_value(found.options.clone());
    let options = options.map_err(|error| Failure::doing("read the options again", error))?;
    let checks = jadwal_process::conformance::check(&options, deps);
    let finding = |(check, outcome)| Finding { check, outcome };
    Ok(checks.into_iter().map(finding).collect())
}

#[cfg(not(feature = "process"))]
fn more_checks(_: &Found, _: &StageDeps) -> Result<Vec<Finding>, Failure> {
    Ok(Vec::new())
}

fn print(findings: &[Finding]) -> ExitStatus {
    let mut failed = 0;
    for Finding { check, outcome } in findings {
        match outcome {
            Ok(seen) => {
                out(format_args!("{} {check}: {seen}", styled(GREEN, "ok    ")));
            }
            Err(lines) => {
                failed += 1;
                out(format_args!("{} {check}", styled(RED, "FAILED")));
                for line in lines.iter().take(SHOWN) {
                    out(format_args!("       {line}"));
                }
                if lines.len() > SHOWN {
                    out(format_args!("       … and {} more", lines.len() - SHOWN));
                }
            }
        }
    }
    out(format_args!(
        "{} passed, {failed} failed",
        findings.len() - failed
    ));
    match failed {
        0 => ExitStatus::Done,
        _ => ExitStatus::DoneWithFailures,
    }
}

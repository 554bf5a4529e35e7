//! Checks that each stage gets what it needs from the stages before it, and that sinks come last.

use jadwal_core::{Fact, StageRegistry};

use crate::key_path::KeyPath;
use crate::locate::Issue;
use crate::nearest::list;
use crate::plan::is_sink;
use crate::stages::Listed;

/// Returns what is wrong with the order; a stage of unknown kind may give anything.
pub(crate) fn check(stages: &[Listed], registry: &StageRegistry) -> Vec<Issue> {
    let mut issues = check_sinks(stages, registry);
    let mut given: Vec<Fact> = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        let Some(spec) = &stage.spec else {
            return issues;
        };
        for need in spec.needs() {
            if !given.contains(need) {
                let later = &stages[index + 1..];
                issues.push(missing(stage, *need, later, registry));
            }
        }
        given.extend(spec.may_give());
    }
    issues
}

fn missing(stage: &Listed, need: Fact, later: &[Listed], registry: &StageRegistry) -> Issue {
    let id = &stage.id;
    let gives = |listed: &&Listed| {
        let spec = listed.spec.as_ref();
        spec.is_some_and(|spec| spec.gives().contains(&need))
    };
    let message = format!("`{id}` needs {}", need.name());
    let issue = |advice: String, hint: String| {
        Issue::value(stage.path.clone(), format!("{message}; {advice}")).hint(hint)
    };
    if let Some(giver) = later.iter().find(gives) {
        let advice = format!("put `{}`, which gives it, before it", giver.id);
        let hint = format!("move `{}` before `{id}`", giver.id);
        return issue(advice, hint);
    }
    let givers = givers(need, registry);
    match givers.is_empty() {
        true => issue(
            "no known stage gives it".into(),
            "register a stage that gives it, or leave this one out".into(),
        ),
        false => issue(
            format!("put a stage that gives it ({givers}) before it"),
            format!("add {givers} to pipeline.stages before `{id}`"),
        ),
    }
}

fn check_sinks(stages: &[Listed], registry: &StageRegistry) -> Vec<Issue> {
    let sink = |stage: &Listed| stage.spec.as_ref().map(|spec| is_sink(spec.as_ref()));
    let mut issues = Vec::new();
    let mut earlier: Option<&Listed> = None;
    let mut all_known = true;
    for stage in stages {
        match (sink(stage), earlier) {
            (Some(true), None) => earlier = Some(stage),
            (Some(false), Some(earlier)) => {
                let (id, sink) = (&stage.id, &earlier.id);
                let message =
                    format!("`{id}` comes after the sink `{sink}`, which has written the record");
                let hint = format!("move `{id}` before `{sink}`");
                issues.push(Issue::value(stage.path.clone(), message).hint(hint));
            }
            (Some(true), Some(earlier)) if stage.quarantines() => {
                let (id, first) = (&stage.id, &earlier.id);
                let message = format!(
                    "a document that fails in `{id}` can't be quarantined: `{first}` has written it already"
                );
                let path = KeyPath::of(&["stages", id, "on_error"]);
                issues.push(Issue::value(path, message).hint("write `on_error = \"stop\"`"));
            }
            (Some(_), _) => {}
            (None, _) => all_known = false,
        }
    }
    if all_known && earlier.is_none() {
        issues.push(no_sink(registry));
    }
    issues
}

fn no_sink(registry: &StageRegistry) -> Issue {
    let path = KeyPath::of(&["pipeline", "stages"]);
    let message = "no stage writes the records: the list has no sink";
    let sinks = givers(Fact::Record, registry);
    let hint = match sinks.is_empty() {
        true => "register a stage that gives a durable record, and list it last".to_owned(),
        false => format!("add {sinks} at the end"),
    };
    Issue::value(path, message).hint(hint)
}

/// Writes the kinds that give `fact`.
fn givers(fact: Fact, registry: &StageRegistry) -> String {
    let giving = registry.iter().filter(|spec| spec.gives().contains(&fact));
    list(giving.map(|spec| spec.kind()))
}

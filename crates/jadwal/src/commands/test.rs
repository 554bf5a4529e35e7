//! `jadwal test`: the tests that the configuration defines.

use bytes::Bytes;
use jadwal_config::{ConfigTest, ExpectSection, ExpectedDrop, ExpectedFate, TestInput};
use jadwal_core::{Document, DropReason, Fate, Provenance};

use crate::assemble::World;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::settings::{Settings, clock};
use crate::terminal::{GREEN, RED, out, styled};
use crate::walkthrough::{Walk, Walker};

/// Runs every `[[test]]`, each in a world of its own.
pub(crate) fn run(settings: &Settings, registry: &Registry) -> Result<ExitStatus, Failure> {
    settings.require_file("tests are defined in it")?;
    let plan = settings.load(registry)?.plan;
    let mut failed = 0;
    for test in &plan.tests {
        let world = World::forgetful(clock()?, 1, true);
        let walk = Walker::new(&plan, world)?.walk(document(test)?)?;
        let faults = faults(&test.expect, &walk);
        let verdict = if faults.is_empty() {
            styled(GREEN, "ok")
        } else {
            styled(RED, "FAILED")
        };
        out(format_args!("test {} ... {verdict}", test.name));
        for fault in &faults {
            out(format_args!("    {fault}"));
        }
        failed += usize::from(!faults.is_empty());
    }
    out(format_args!(
        "{} passed, {failed} failed",
        plan.tests.len() - failed
    ));
    Ok(if failed > 0 {
        ExitStatus::DoneWithFailures
    } else {
        ExitStatus::Done
    })
}

fn document(test: &ConfigTest) -> Result<Document, Failure> {
    let raw = match &test.input {
        TestInput::Text(text) => Bytes::from(text.clone().into_bytes()),
        TestInput::File(path) => std::fs::read(path).map(Bytes::from).map_err(|error| {
            Failure::doing(
                format!("read `{}` for the test `{}`", path.display(), test.name),
                error,
            )
        })?,
    };
    let len = raw.len() as u64;
    let place = Provenance {
        file_path: test.path.clone(),
        file_bytes: len,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..len,
    };
    Ok(Document::new(raw, place))
}

/// Returns what is not as expected.
fn faults(expect: &ExpectSection, walk: &Walk) -> Vec<String> {
    let mut faults = Vec::new();
    let mut compare = |what: &str, expected: Option<&str>, found: &str| {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            faults.push(format!("{what}: expected `{expected}`, found `{found}`"));
        }
    };
    let facts = walk.document.facts();
    let (fate, detail) = fate(&walk.fate);
    compare("fate", expect.fate.map(fate_name), fate);
    compare("drop", expect.drop.map(drop_name), drop_reason(&walk.fate));
    compare(
        "language",
        expect.language.as_deref(),
        facts.language.as_ref().map_or("", |language| &language.tag),
    );
    compare("title", expect.title.as_deref(), &facts.title);
    compare("created", expect.created.as_deref(), &facts.created);
    if let Some(error) = expect
        .error
        .as_deref()
        .filter(|error| !detail.contains(*error))
    {
        faults.push(format!("error: expected `{error}` in `{detail}`"));
    }
    let text = walk.document.text().unwrap_or_default();
    let missing = expect.contains.iter().filter(|part| !text.contains(*part));
    faults.extend(missing.map(|part| format!("text: `{part}` is missing")));
    let unwanted = expect
        .not_contains
        .iter()
        .filter(|part| text.contains(*part));
    faults.extend(unwanted.map(|part| format!("text: `{part}` should not be there")));
    let found = |link: &&String| facts.entities.iter().any(|entity| entity.link == **link);
    let missing = expect.entities.iter().filter(|link| !found(link));
    faults.extend(missing.map(|link| format!("entities: `{link}` was not found")));
    faults
}

fn fate(fate: &Fate) -> (&'static str, String) {
    match fate {
        Fate::Delivered => ("delivered", String::new()),
        Fate::Withdrawn => ("withdrawn", String::new()),
        Fate::Dropped(reason) => ("dropped", reason.to_string()),
        Fate::Quarantined { error, .. } => ("quarantined", error.clone()),
    }
}

fn fate_name(fate: ExpectedFate) -> &'static str {
    match fate {
        ExpectedFate::Delivered => "delivered",
        ExpectedFate::Dropped => "dropped",
        ExpectedFate::Quarantined => "quarantined",
    }
}

fn drop_name(drop: ExpectedDrop) -> &'static str {
    match drop {
        ExpectedDrop::Empty => "empty",
        ExpectedDrop::Duplicate => "duplicate",
        ExpectedDrop::Filtered => "filtered",
    }
}

fn drop_reason(fate: &Fate) -> &'static str {
    match fate {
        Fate::Dropped(DropReason::Empty) => "empty",
        Fate::Dropped(DropReason::Duplicate { .. }) => "duplicate",
        Fate::Dropped(DropReason::Filtered { .. }) => "filtered",
        _ => "",
    }
}

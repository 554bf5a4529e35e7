//! What only a process can break, tried from outside: its declaration, options that it does not know,
//! its end, and its death with documents in hand.
//!
//! The rest (any text, order, determinism) is tried with every stage alike, by `jadwal-conformance`.

use std::time::{Duration, Instant};

use jadwal_core::facts::{Duplicate, Language};
use jadwal_core::guest::Declaration;
use jadwal_core::{Document, ErrorClass, Slot, StageDeps, StageError, StageResult, describe_chain};
use serde_json::Value;

use crate::child::Launch;
use crate::options::ProcessOptions;
use crate::pool::Pool;
use crate::work::Work;

/// What was checked, and what was seen or is broken.
pub type Check = (&'static str, Result<String, Vec<String>>);

/// A little of everything, so that offsets in the wrong unit show.
const TEXTS: [&str; 4] = [
    "",
    "plain",
    "قطر 🙂 e\u{301}",
    "13:30 +974 4444 0000 الدوحة",
];

/// Time for one turn of the pool.
const TURN: Duration = Duration::from_millis(100);

/// Tries the process of `options`, or says only that it does not start.
#[must_use]
pub fn check(options: &ProcessOptions, deps: &StageDeps) -> Vec<Check> {
    let mut pool = pool(options.clone(), deps);
    let started = start(&mut pool);
    let Some(declaration) = pool.declaration().cloned().filter(|_| started.is_ok()) else {
        let why = started.err().map(|error| describe_chain(&error));
        return vec![("hello", Err(why.into_iter().collect()))];
    };
    let said = format!(
        "{} {}, in {}",
        declaration.name,
        declaration.version,
        declaration.unit.name()
    );
    vec![
        ("hello", Ok(said)),
        ("options schema", check_schema(&declaration)),
        ("unknown option", check_unknown_option(options, deps)),
        ("kill in mid-batch", check_kill(pool)),
        ("end of input", check_end(options, deps)),
    ]
}

fn pool(options: ProcessOptions, deps: &StageDeps) -> Pool {
    Pool::new(Launch {
        stage: deps.stage.as_str().into(),
        options,
        base_dir: deps.base_dir.clone(),
    })
}

fn start(pool: &mut Pool) -> StageResult<()> {
    while !pool.start_turn(Instant::now() + TURN)? {}
    Ok(())
}

/// A schema that names each option, says what it is for, and takes no other.
fn check_schema(declaration: &Declaration) -> Result<String, Vec<String>> {
    let schema = &declaration.options;
    if schema.is_null() {
        return Ok("it declares no options".to_owned());
    }
    let mut broken = Vec::new();
    if schema["type"] != "object" {
        broken.push("the schema is not of type `object`".to_owned());
    }
    if schema["additionalProperties"] != Value::Bool(false) {
        broken.push(
            "the schema lacks `\"additionalProperties\": false`: mistyped options go unseen"
                .to_owned(),
        );
    }
    let properties = schema["properties"].as_object();
    for (name, property) in properties.into_iter().flatten() {
        for key in ["type", "description"] {
            if property[key].as_str().is_none_or(str::is_empty) {
                broken.push(format!("the option `{name}` has no `{key}`"));
            }
        }
    }
    match broken.is_empty() {
        true => Ok(format!(
            "{} options, each described",
            properties.map_or(0, serde_json::Map::len)
        )),
        false => Err(broken),
    }
}

/// A mistyped option must not go unseen.
fn check_unknown_option(options: &ProcessOptions, deps: &StageDeps) -> Result<String, Vec<String>> {
    let mut options = options.clone();
    options
        .settings
        .insert("no_such_option".to_owned(), Value::Bool(true));
    match start(&mut pool(options, deps)) {
        Ok(()) => Err(vec![
            "it took the option `no_such_option` without a word; answer `refused`".to_owned(),
        ]),
        Err(error) => {
            let why = describe_chain(&error);
            match why.starts_with("the process refused to start") {
                true => Ok(why),
                false => Err(vec![format!("it should answer `refused`, but: {why}")]),
            }
        }
    }
}

/// Documents in hand when a process dies get from its successor what they get in peace.
fn check_kill(mut pool: Pool) -> Result<String, Vec<String>> {
    let told = |error: StageError| vec![describe_chain(&error)];
    let peace = answers(&mut pool, false).map_err(told)?;
    let killed = answers(&mut pool, true).map_err(told)?;
    pool.stop();
    match peace == killed {
        true => Ok("the documents in hand were answered by the next process".to_owned()),
        false => Err(vec![format!(
            "in peace it answered {peace:?}, after a kill {killed:?}"
        )]),
    }
}

/// What becomes of the texts, as far as it can be compared; `kill` ends the process when it has them.
fn answers(pool: &mut Pool, kill: bool) -> StageResult<Vec<String>> {
    let mut slots: Vec<_> = TEXTS.iter().map(|text| Slot::new(document(text))).collect();
    let mut work = Work::new(&mut slots);
    // A turn that is over at once hands the documents out and does not wait for the answer.
    let mut done = pool.work_turn(&mut work, Instant::now())?;
    if kill {
        pool.kill_all();
    }
    while !done {
        done = pool.work_turn(&mut work, Instant::now() + TURN)?;
    }
    slots
        .into_iter()
        .map(Slot::into_parts)
        .map(|(doc, result)| {
            let verdict = match result {
                Some(Err(error)) if error.class() != ErrorClass::Document => return Err(error),
                Some(result) => format!("{:?}", result.map_err(|error| describe_chain(&error))),
                None => "no answer".to_owned(),
            };
            Ok(format!(
                "{verdict} {:?} {:?} {:?}",
                doc.text().ok(),
                doc.facts(),
                doc.extra()
            ))
        })
        .collect()
}

/// It ends by itself when its input does.
fn check_end(options: &ProcessOptions, deps: &StageDeps) -> Result<String, Vec<String>> {
    let mut pool = pool(options.clone(), deps);
    start(&mut pool).map_err(|error| vec![describe_chain(&error)])?;
    match pool.stop() {
        0 => Ok("it ended with its input".to_owned()),
        _ => Err(vec![format!(
            "it was still there {} after the end of its input, and was killed",
            options.stop_timeout
        )]),
    }
}

fn document(text: &str) -> Document {
    let mut doc = Document::of_text("trial.txt", text);
    let facts = doc.facts_mut();
    // For stages that need them.
    facts.language = Some(Language {
        tag: "und".to_owned(),
        script: "Zyyy".to_owned(),
        score: 0.0,
    });
    facts.duplicate = Some(Duplicate::default());
    doc
}

//! The checks, in the order in which a mistake is best found.

use jadwal_core::StageDeps;
use jadwal_core::spec::ErasedSpec;
use serde_json::{Value, json};

use crate::samples::{Sample, samples};
use crate::trial::{Seen, Trial};

/// A stage and how it is set up.
pub struct Subject<'a> {
    /// The stage.
    pub spec: &'a dyn ErasedSpec,
    /// Its options, as checked.
    pub options: &'a Value,
    /// What it is built with.
    pub deps: &'a StageDeps,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked, such as `any text`.
    pub check: &'static str,
    /// What was seen; what is broken and why, one line each.
    pub outcome: Result<String, Vec<String>>,
}

impl Finding {
    fn new(check: &'static str, broken: Vec<String>, seen: impl Into<String>) -> Self {
        let outcome = match broken.is_empty() {
            true => Ok(seen.into()),
            false => Err(broken),
        };
        Self { check, outcome }
    }
}

/// Documents of the checks that compare: short, so that many calls are cheap.
const SHORT: usize = 200;

/// How often the short documents are repeated for a call that is to be dropped in its midst.
const LONG: usize = 200;

/// Tries the stage and returns what was found, all of it or up to a mistake that hides the rest.
#[must_use]
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = vec![check_options(subject.spec, subject.options)];
    let samples = samples();
    let started = start(subject);
    let mut trial = match started {
        Ok(trial) => trial,
        Err(why) => {
            findings.push(Finding::new("start", vec![why], ""));
            return findings;
        }
    };
    findings.push(Finding::new("start", Vec::new(), "it is ready"));
    findings.push(check_any_text(&mut trial, &samples));
    let short: Vec<&str> = samples
        .iter()
        .map(|sample| sample.text.as_str())
        .filter(|text| text.len() <= SHORT)
        .collect();
    let alone = match one_by_one(&mut trial, &short) {
        Ok(alone) => alone,
        Err(why) => {
            findings.push(Finding::new("determinism", vec![why], ""));
            return findings;
        }
    };
    findings.push(check_order(&mut trial, &short, &alone));
    findings.push(check_determinism(&mut trial, subject, &short, &alone));
    findings.push(check_cancellation(&mut trial, &short, &alone));
    findings.push(Finding::new(
        "end",
        trial.finish().err().into_iter().collect(),
        "it ended when asked to",
    ));
    findings
}

fn start(subject: &Subject<'_>) -> Result<Trial, String> {
    Trial::start(subject.spec, subject.options, subject.deps)
}

/// Checks how a stage describes itself and its options; nothing is built.
#[must_use]
pub fn check_options(spec: &dyn ErasedSpec, options: &Value) -> Finding {
    let mut broken = Vec::new();
    let kind = spec.kind();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if kind.is_empty() || !kind.chars().all(fits) {
        broken.push(format!(
            "the kind `{kind}` is not in lower case, digits and `_`"
        ));
    }
    if spec.summary().is_empty() {
        broken.push("it has no summary".to_owned());
    }
    match spec.check(options) {
        Err(problems) => broken.extend(
            problems
                .into_iter()
                .map(|problem| format!("option `{}`: {}", problem.path.join("."), problem.message)),
        ),
        Ok(checked) if spec.check(&checked).ok().as_ref() != Some(&checked) => {
            broken.push("its options do not survive being written out and read again".to_owned());
        }
        Ok(_) => {}
    }
    if spec.check(&json!({ "no_such_option": 1 })).is_ok() {
        broken.push(
            "it takes an unknown option without a word; `#[serde(deny_unknown_fields)]` refuses it"
                .to_owned(),
        );
    }
    let schema = spec.schema();
    let properties = schema["properties"].as_object();
    for (name, property) in properties.into_iter().flatten() {
        if property
            .get("description")
            .and_then(Value::as_str)
            .is_none()
        {
            broken.push(format!("the option `{name}` is not described"));
        }
    }
    let count = properties.map_or(0, serde_json::Map::len);
    Finding::new("options", broken, format!("{count}, each described"))
}

/// Empty, huge, every script: each passes or is dropped, with spans on the text.
fn check_any_text(trial: &mut Trial, samples: &[Sample]) -> Finding {
    let mut broken = Vec::new();
    let (mut passed, mut dropped) = (0, 0);
    for sample in samples {
        let name = sample.name;
        match trial.offer(&[&sample.text]) {
            Err(why) => broken.push(format!("{name}: the whole batch failed: {why}")),
            Ok(seen) => {
                for seen in seen {
                    match &seen.verdict {
                        Err(why) => broken.push(format!("{name}: {why}")),
                        Ok(jadwal_core::Verdict::Drop(_)) => dropped += 1,
                        Ok(_) => passed += 1,
                    }
                    broken.extend(seen.fault.map(|fault| format!("{name}: {fault}")));
                }
            }
        }
    }
    Finding::new(
        "any text",
        broken,
        format!("{passed} passed, {dropped} were dropped"),
    )
}

fn one_by_one(trial: &mut Trial, texts: &[&str]) -> Result<Vec<Seen>, String> {
    let mut all = Vec::with_capacity(texts.len());
    for text in texts {
        all.extend(trial.offer(&[text])?);
    }
    Ok(all)
}

/// In one batch each document gets what it gets alone: nothing is swapped, nothing rubs off.
fn check_order(trial: &mut Trial, texts: &[&str], alone: &[Seen]) -> Finding {
    let broken = match trial.offer(texts) {
        Err(why) => vec![why],
        Ok(together) => differences(texts, alone, &together, "in a batch"),
    };
    Finding::new(
        "order",
        broken,
        format!("{} documents in one batch as alone", texts.len()),
    )
}

/// The same again, backwards, and by another instance.
fn check_determinism(
    trial: &mut Trial,
    subject: &Subject<'_>,
    texts: &[&str],
    alone: &[Seen],
) -> Finding {
    let mut broken = Vec::new();
    let backwards: Vec<&str> = texts.iter().rev().copied().collect();
    match trial.offer(&backwards) {
        Err(why) => broken.push(why),
        Ok(mut seen) => {
            seen.reverse();
            broken.extend(differences(texts, alone, &seen, "in another order"));
        }
    }
    match start(subject).and_then(|mut other| one_by_one(&mut other, texts)) {
        Err(why) => broken.push(why),
        Ok(seen) => broken.extend(differences(texts, alone, &seen, "in another instance")),
    }
    Finding::new(
        "determinism",
        broken,
        "the same again, in another order and another instance",
    )
}

/// A call that was dropped in its midst harms no later one.
fn check_cancellation(trial: &mut Trial, texts: &[&str], alone: &[Seen]) -> Finding {
    let long: Vec<&str> = texts
        .iter()
        .cycle()
        .take(texts.len() * LONG)
        .copied()
        .collect();
    let dropped = trial.offer_and_drop(&long);
    let broken = match trial.offer(texts) {
        Err(why) => vec![why],
        Ok(seen) => differences(texts, alone, &seen, "after a call that was dropped"),
    };
    let seen = match dropped {
        true => "a call was dropped in its midst, the next one was answered",
        false => "calls are too short to be dropped in their midst",
    };
    Finding::new("cancellation", broken, seen)
}

/// Says where `found` is not as `expected`.
fn differences(texts: &[&str], expected: &[Seen], found: &[Seen], when: &str) -> Vec<String> {
    let triples = texts.iter().zip(expected).zip(found);
    let different = triples.filter(|((_, expected), found)| expected != found);
    different
        .map(|((text, expected), found)| {
            let (one, other) = (brief(expected), brief(found));
            format!("{text:?} gave {one} alone, and {other} {when}")
        })
        .collect()
}

fn brief(seen: &Seen) -> String {
    let all = match &seen.verdict {
        Ok(verdict) => format!("{verdict:?} {}", seen.outcome),
        Err(why) => format!("the error `{why}`"),
    };
    match all.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &all[..end]),
        None => all,
    }
}

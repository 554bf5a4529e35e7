//! Turns the untyped tree into types, and finds every refusal on the way.
//!
//! serde stops at the first value it refuses. So what was refused is taken out of the tree and the
//! rest is tried again. A number or flag from outside the file, refused where a text is wanted, is
//! put back as the text it was: nobody can quote a variable.

use jadwal_core::Problem;
use serde_json::Value;

use crate::key_path::{KeyPath, get_mut, remove};
use crate::locate::Issue;
use crate::overrides::Assignment;
use crate::refusal::{Class, Refusal};

/// More would not be read.
const MAX_ISSUES: usize = 50;

/// The type, if the rest of the tree fits it, and everything that was refused.
#[derive(Debug)]
pub(crate) struct Refined<T> {
    pub(crate) value: Option<T>,
    pub(crate) issues: Vec<Issue>,
}

/// What a problem is about that serde has no set form for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// One value.
    AreLocal,
    /// Perhaps several values, so it may be the consequence of an earlier one.
    MayFollow,
}

/// Tries `attempt` on `tree`, which lies at `base`, until it is accepted or nothing more is learnt.
pub(crate) fn refine<T>(
    tree: &mut Value,
    base: &KeyPath,
    assignments: &[Assignment],
    others: Others,
    attempt: impl Fn(&Value) -> Result<T, Vec<Problem>>,
) -> Refined<T> {
    let mut issues = Vec::new();
    // Without its unknown keys, the tree still says what was meant; without a wrong value it does not,
    // and what is said about several values then may be a consequence.
    let mut as_meant = true;
    loop {
        let problems = match attempt(tree) {
            Ok(value) => {
                let value = Some(value);
                return Refined { value, issues };
            }
            Err(problems) => problems,
        };
        if let [problem] = problems.as_slice()
            && restore_text(tree, base, assignments, problem)
        {
            continue;
        }
        let class = class_of(&problems);
        if as_meant || class != Class::Other || others == Others::AreLocal {
            issues.extend(problems.iter().map(|problem| issue(base, problem)));
        }
        as_meant &= class == Class::UnknownKey;
        if issues.len() >= MAX_ISSUES || !remove_all(tree, &problems) {
            let value = None;
            return Refined { value, issues };
        }
    }
}

fn class_of(problems: &[Problem]) -> Class {
    match problems {
        [problem] => Refusal::read(&problem.message).class,
        _ => Class::Other,
    }
}

fn issue(base: &KeyPath, problem: &Problem) -> Issue {
    let refusal = Refusal::read(&problem.message);
    Issue {
        path: base.join_all(&problem.path),
        spot: refusal.spot,
        message: refusal.message,
        hint: refusal.hint,
        inside: None,
        otherwise: None,
    }
}

fn remove_all(tree: &mut Value, problems: &[Problem]) -> bool {
    let mut removed = false;
    for problem in problems {
        removed |= remove(tree, &problem.path);
    }
    removed
}

/// Puts the text back that an override was written as, where a text is wanted.
fn restore_text(
    tree: &mut Value,
    base: &KeyPath,
    assignments: &[Assignment],
    problem: &Problem,
) -> bool {
    if Refusal::read(&problem.message).class != Class::WantsText {
        return false;
    }
    let path = base.join_all(&problem.path);
    let mut assigned = assignments.iter().rev();
    let raw = assigned.find(|assignment| assignment.path == path);
    match (raw, get_mut(tree, &problem.path)) {
        (Some(assignment), Some(value)) if !value.is_string() => {
            *value = Value::String(assignment.raw.clone());
            true
        }
        _ => false,
    }
}

//! Checks what the conditions of stages read, and that nobody relies on a stage that may be passed by.

use jadwal_core::Fact;
use jadwal_when::Variable;

use crate::key_path::KeyPath;
use crate::locate::Issue;
use crate::nearest::list;
use crate::stages::Listed;

/// What is wrong with the conditions, and what is doubtful.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) issues: Vec<Issue>,
    pub(crate) warnings: Vec<Issue>,
    /// Givers and facts that were found to be relied on; the first to rely on them is enough.
    told: Vec<(String, Fact)>,
}

/// A fact and who gives it.
struct Given<'a> {
    fact: Fact,
    /// The stage, if it is one with a condition: it gives the fact of some documents only.
    conditional: Option<&'a str>,
}

/// Checks `stages`; a stage of unknown kind may give anything, so nothing behind it is judged.
pub(crate) fn check(stages: &[Listed]) -> Findings {
    let mut findings = Findings::default();
    let mut given: Vec<Given<'_>> = Vec::new();
    for stage in stages {
        let Some(spec) = &stage.spec else { break };
        findings.check_reads(stage, &given);
        findings.check_needs(stage, spec.needs(), &given);
        let conditional = stage.is_conditional().then_some(stage.id.as_str());
        let gives = spec.may_give().iter();
        given.extend(gives.map(|fact| Given {
            fact: *fact,
            conditional,
        }));
    }
    findings
}

impl Findings {
    /// What a condition reads must have been given; what was given of some documents only is empty
    /// for the others, except for the text, without which there is nothing to read.
    fn check_reads(&mut self, stage: &Listed, given: &[Given<'_>]) {
        let Some(when) = &stage.when else { return };
        let path = KeyPath::of(&["stages", &stage.id, "when"]);
        for fact in facts(when.reads()) {
            let names = when.reads().iter().filter(|read| read.fact == Some(fact));
            let names = list(names.map(|variable| variable.name));
            match giver(fact, given) {
                Giver::Always => {}
                Giver::Nobody => {
                    let message = format!(
                        "it reads {names}, but no stage before `{}` gives {}",
                        stage.id,
                        fact.name()
                    );
                    let hint =
                        "a condition is evaluated before its stage, on what earlier stages gave";
                    self.issues
                        .push(Issue::value(path.clone(), message).hint(hint));
                }
                Giver::Sometimes(id) if fact == Fact::Text => {
                    self.relied_on(&stage.id, id, fact);
                }
                Giver::Sometimes(id) => {
                    let message = format!(
                        "it reads {names}, empty for documents that the `when` of `{id}` does not hold for"
                    );
                    let hint = format!("take `when` off `{id}`, or mind the empty value");
                    self.warnings
                        .push(Issue::value(path.clone(), message).hint(hint));
                }
            }
        }
    }

    /// A stage that needs a fact needs it of every document, unless its own condition looks at it.
    fn check_needs(&mut self, stage: &Listed, needs: &[Fact], given: &[Given<'_>]) {
        let read = stage
            .when
            .as_ref()
            .map_or(Vec::new(), |when| facts(when.reads()));
        for need in needs {
            let minded = read.contains(need);
            if let Giver::Sometimes(id) = giver(*need, given)
                && !minded
            {
                self.relied_on(&stage.id, id, *need);
            }
        }
    }

    fn relied_on(&mut self, stage: &str, giver: &str, fact: Fact) {
        let told = (giver.to_owned(), fact);
        if self.told.contains(&told) {
            return;
        }
        self.told.push(told);
        let what = fact.name();
        let message = format!(
            "`{stage}` needs {what}, and `{giver}` gives it only where this condition holds"
        );
        let hint = format!(
            "take `when` off `{giver}`, or put a stage without one before `{stage}` that gives {what}"
        );
        let path = KeyPath::of(&["stages", giver, "when"]);
        self.issues.push(Issue::value(path, message).hint(hint));
    }
}

/// How sure a fact is.
enum Giver<'a> {
    Always,
    /// Only this stage, and the ones like it, gives it.
    Sometimes(&'a str),
    Nobody,
}

fn giver<'a>(fact: Fact, given: &[Given<'a>]) -> Giver<'a> {
    let mut givers = given.iter().filter(|given| given.fact == fact).peekable();
    if givers.peek().is_none() {
        return Giver::Nobody;
    }
    let mut last = None;
    for given in givers {
        match given.conditional {
            Some(id) => last = Some(id),
            None => return Giver::Always,
        }
    }
    last.map_or(Giver::Nobody, Giver::Sometimes)
}

/// Returns the facts that `variables` are taken from, each once.
fn facts(variables: &[&'static Variable]) -> Vec<Fact> {
    let mut facts: Vec<_> = variables
        .iter()
        .filter_map(|variable| variable.fact)
        .collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

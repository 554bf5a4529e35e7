//! What stages that are somebody else's programs add to a plan once they were asked what they are.
//!
//! A configuration alone does not tell what such a stage needs and gives, so [`crate::load`] lets it pass as
//! one that may give anything a guest can. Whoever builds the plan asks first, and checks here.

use jadwal_core::Fact;
use jadwal_core::guest::Declaration;
use jadwal_when::When;

use crate::plan::{Plan, PlannedStage};

/// A stage of the plan that was asked.
#[derive(Clone, Copy, Debug)]
pub struct Guest<'a> {
    /// Its id in `pipeline.toml`.
    pub stage: &'a str,
    /// What it says of itself.
    pub declaration: &'a Declaration,
    /// What tells its program from any other; empty where only its version does.
    pub program: &'a str,
}

/// Returns what `stage` said, if it is a guest.
pub(crate) fn guest_of<'a>(stage: &PlannedStage, guests: &'a [Guest<'a>]) -> Option<&'a Guest<'a>> {
    guests.iter().find(|guest| guest.stage == stage.id)
}

impl Plan {
    /// Checks that each stage, and each condition, gets what it needs from the stages before it.
    ///
    /// # Errors
    /// What is missing first, in words for the user.
    pub fn check_guests(&self, guests: &[Guest<'_>]) -> Result<(), String> {
        let mut given: Vec<Fact> = Vec::new();
        for stage in &self.stages {
            let id = &stage.id;
            let declaration = guest_of(stage, guests).map(|guest| guest.declaration);
            let reads = stage.when.iter().flat_map(When::reads);
            let reads = reads.filter_map(|variable| variable.fact);
            if let Some(fact) = missing(reads, &given) {
                let fact = fact.name();
                return Err(format!(
                    "`when` of `{id}` reads {fact}, and no stage before it gives any"
                ));
            }
            let said = declaration.into_iter().flat_map(|said| &said.needs);
            let needs = stage.spec.needs().iter().copied();
            let needs = needs.chain(said.map(|fact| Fact::from(*fact)));
            if let Some(fact) = missing(needs, &given) {
                let fact = fact.name();
                return Err(format!(
                    "`{id}` needs {fact}, and no stage before it gives it"
                ));
            }
            given.extend(stage.spec.gives());
            let gives = declaration.into_iter().flat_map(|said| &said.gives);
            given.extend(gives.map(|fact| Fact::from(*fact)));
        }
        Ok(())
    }
}

fn missing(mut wanted: impl Iterator<Item = Fact>, given: &[Fact]) -> Option<Fact> {
    wanted.find(|fact| !given.contains(fact))
}

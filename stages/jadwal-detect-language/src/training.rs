//! Trains the tables of [`crate::model`] from a folder of corpora. Only with the feature `train`.
//!
//! The same text gives the same bytes on the same platform: each script is trained on one thread from
//! a fixed seed.

mod close;
mod corpus;
mod noise;
mod plan;
mod random;
mod samples;
mod sgd;
mod spelling;
mod telling;
mod transliteration;

use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

pub use corpus::NOT_PERMISSIVE;

use crate::alphabet::{Alphabet, ScriptId};
use crate::close::CloseSet;
use crate::model::Group;
use corpus::Corpus;
use plan::{CLOSE, GroupPlan, PLAN};

/// What is trained, and on what.
#[derive(Clone, Debug, Default)]
pub struct Training {
    /// Leaves out text under share-alike terms: [`NOT_PERMISSIVE`].
    pub permissive: bool,
    /// ISO 15924 codes of the only scripts to train; all if it is empty.
    pub scripts: Vec<String>,
}

/// What is told while a script is trained.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// ISO 15924.
    pub script: &'static str,
    /// The pass that ended, from 1.
    pub pass: usize,
    /// How many there are.
    pub passes: usize,
    /// Texts that were learnt from in it.
    pub samples: usize,
    /// Mean loss of a text.
    pub loss: f64,
}

/// Why nothing was trained.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// A corpus could not be read.
    #[error("failed to read the corpora in `{0}`")]
    Corpus(PathBuf, #[source] io::Error),
    /// A script has one language, or is none.
    #[error("no table is trained for the script `{0}`; for these one is: {known}", known = scripts().join(", "))]
    Script(String),
    /// A thread ended early.
    #[error("the training of a script broke off")]
    BrokeOff,
}

impl Training {
    /// Trains on the corpora under `data`, scripts side by side, and returns their groups. `told`
    /// hears of each pass.
    ///
    /// # Errors
    /// When a corpus can't be read or a script is not in the plan.
    pub fn run(
        &self,
        data: &Path,
        told: impl Fn(Pass) + Sync,
    ) -> Result<Vec<Group>, TrainingError> {
        let plans = self.plans()?;
        let corpus = corpus::read(data, self.permissive)
            .map_err(|error| TrainingError::Corpus(data.to_owned(), error))?;
        train_all(&corpus, &plans, &told).ok_or(TrainingError::BrokeOff)
    }

    /// Trains the second looks of `groups` anew on the corpora under `data`, and leaves the rest.
    ///
    /// # Errors
    /// When a corpus can't be read.
    pub fn look_again(&self, data: &Path, groups: &mut [Group]) -> Result<(), TrainingError> {
        let corpus = corpus::read(data, self.permissive)
            .map_err(|error| TrainingError::Corpus(data.to_owned(), error))?;
        let alphabet = Alphabet::new();
        for plan in self.plans()? {
            let group = groups
                .iter_mut()
                .find(|group| group.script.info().code == plan.script);
            if let Some(group) = group {
                group.close = close_sets(&corpus, plan, &alphabet);
            }
        }
        Ok(())
    }

    fn plans(&self) -> Result<Vec<&'static GroupPlan>, TrainingError> {
        if self.scripts.is_empty() {
            return Ok(PLAN.iter().collect());
        }
        let plan_of = |script: &String| {
            let plan = PLAN.iter().find(|plan| plan.script == script);
            plan.ok_or_else(|| TrainingError::Script(script.clone()))
        };
        self.scripts.iter().map(plan_of).collect()
    }
}

fn scripts() -> Vec<&'static str> {
    PLAN.iter().map(|plan| plan.script).collect()
}

fn train_all(
    corpus: &Corpus,
    plans: &[&GroupPlan],
    told: &(impl Fn(Pass) + Sync),
) -> Option<Vec<Group>> {
    let alphabet = Alphabet::new();
    thread::scope(|scope| {
        let running: Vec<_> = plans
            .iter()
            .map(|plan| {
                scope.spawn(|| {
                    let mut group = sgd::train(corpus, plan, &alphabet, told);
                    group.close = close_sets(corpus, plan, &alphabet);
                    group
                })
            })
            .collect();
        let joined = running.into_iter().map(ScopedJoinHandle::join);
        joined.collect::<Result<_, _>>().ok()
    })
}

/// Trains the second looks of a group.
fn close_sets(corpus: &Corpus, plan: &GroupPlan, alphabet: &Alphabet) -> Vec<CloseSet> {
    let Some(script) = ScriptId::from_code(plan.script) else {
        return Vec::new();
    };
    let labels = plan.labels();
    let of_script = CLOSE.iter().filter(|close| close.script == plan.script);
    of_script
        .map(|close| close::train(corpus, close, &labels, (alphabet, script)))
        .collect()
}

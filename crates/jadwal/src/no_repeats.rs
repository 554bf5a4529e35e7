//! Stands for `repeats` in a binary without `strip_repeats`: there is nothing to count.

use std::path::PathBuf;

use jadwal_config::Plan;
use jadwal_core::state::{StateRead, StateStore};
use jadwal_store::Store;

use crate::assemble::World;
use crate::failure::Failure;

/// Refuses to learn.
pub(crate) fn settings(_: &Plan, learn: bool) -> Result<Vec<String>, Failure> {
    match learn {
        true => Err(Failure::usage("`--learn` needs the stage `strip_repeats`")
            .with_hint("this binary was built without it")),
        false => Ok(Vec::new()),
    }
}

/// Whether the second pass may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstPass {
    /// There is nothing to count.
    Done,
}

/// Counts nothing.
pub(crate) fn learn(_: &Plan, _: &World, _: &[PathBuf]) -> Result<FirstPass, Failure> {
    Ok(FirstPass::Done)
}

/// Has nothing to forget.
pub(crate) fn done(_: &Plan, _: &World) -> Result<(), Failure> {
    Ok(())
}

/// Has no counts.
pub(crate) fn as_counted(plan: Plan, _: &dyn StateRead) -> Result<Plan, Failure> {
    Ok(plan)
}

/// Has no counts.
pub(crate) fn with_counts(plan: Plan, _: &World, store: &Store) -> Result<(Plan, u64), Failure> {
    Ok((plan, store.next_seq().map_err(Failure::fatal)?))
}

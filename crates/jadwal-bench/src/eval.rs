//! Scores of the stages on named splits, as Markdown tables.
//!
//! One subcommand a stage. Where data that lies outside the repository is missing, that is said.

mod dedup;

use std::io::Write;

use anyhow::Result;
use clap::Subcommand;

use crate::place::Place;

/// What is scored.
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// What `dedup` finds in a made-up stream of news, after `clean`
    Dedup(dedup::Options),
}

/// Scores what `command` names in `place`, and writes its tables to `out`.
///
/// # Errors
/// When something can't be run, read or written.
pub fn run(
    command: &EvalCommand,
    place: impl FnOnce() -> Result<Place>,
    out: &mut dyn Write,
) -> Result<()> {
    match command {
        EvalCommand::Dedup(options) => dedup::run(options, &place()?, out),
    }
}

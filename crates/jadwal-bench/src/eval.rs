//! Scores of the stages on named splits, as Markdown tables.
//!
//! The text that is scored on is not in the repository. Where it is missing, that is said and nothing
//! is scored.

mod entities;

use std::io::Write;

use anyhow::Result;
use clap::Subcommand;

/// What is scored.
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Names found by `extract_entities`, exact in place and type
    Entities(entities::Options),
}

/// Scores what `command` names, and writes its tables to `out`.
///
/// # Errors
/// When the text can't be read or `out` can't be written.
pub fn run(command: &EvalCommand, out: &mut dyn Write) -> Result<()> {
    match command {
        EvalCommand::Entities(options) => entities::run(options, out),
    }
}

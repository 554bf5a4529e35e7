//! Scores on named splits of labelled data.
//!
//! One subcommand a stage. The data lies outside the repository; where it is missing the command
//! says that nothing was scored.

mod clean;

use std::io::Write;

use anyhow::Result;
use clap::Subcommand;

/// What is scored.
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Which lines `clean` keeps, on pages with a label for each line
    Clean(clean::Options),
}

/// Scores and writes Markdown tables to `out`.
///
/// # Errors
/// When the data can't be read.
pub fn run(command: &EvalCommand, out: &mut impl Write) -> Result<()> {
    match command {
        EvalCommand::Clean(options) => clean::run(options, out),
    }
}

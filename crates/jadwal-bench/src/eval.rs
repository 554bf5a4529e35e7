//! Scores of the stages on named splits, as Markdown tables.
//!
//! One subcommand a stage. The text that is scored on is not in the repository; where it is missing, that
//! is said and nothing is scored.

mod clean;
mod dedup;
mod entities;
mod language;
mod markup;
mod repetition;

use std::io::Write;

use anyhow::Result;
use clap::Subcommand;

use crate::place::Place;

/// What is scored.
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Which lines `clean` keeps, on pages with a label for each line
    Clean(clean::Options),
    /// What `dedup` finds in a made-up stream of news, after `clean`
    Dedup(dedup::Options),
    /// Names found by `extract_entities`, exact in place and type
    Entities(entities::Options),
    /// The language model of `detect_language`, on `ntrex/dev`
    Language(language::Options),
    /// What `strip_repeats` adds to `clean`, on hosts with several labelled pages
    Repetition(repetition::Options),
}

/// Scores what `command` names, in `place` where the binary is needed, and writes tables to `out`.
///
/// # Errors
/// When something can't be run, read or written.
pub fn run(
    command: &EvalCommand,
    place: impl FnOnce() -> Result<Place>,
    out: &mut dyn Write,
) -> Result<()> {
    match command {
        EvalCommand::Clean(options) => clean::run(options, out),
        EvalCommand::Dedup(options) => dedup::run(options, &place()?, out),
        EvalCommand::Entities(options) => entities::run(options, out),
        EvalCommand::Language(options) => language::run(options, out),
        EvalCommand::Repetition(options) => repetition::run(options, out),
    }
}

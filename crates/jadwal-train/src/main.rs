//! The command line that trains the models that stages are built with.
//!
//! One subcommand a model. The data lies outside the repository; each model's `MODEL.md` names its
//! sources, and the command that makes it again. `jadwal-bench eval` scores what was trained.

mod clean;
mod entities;
mod language;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Trains the models that stages are built with. Same data, same model.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The line model of `clean`
    Clean(clean::Options),
    /// The taggers of `extract_entities`
    Entities(entities::Options),
    /// The language model of `detect_language`
    Language(language::Options),
}

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    match run(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<()> {
    match command {
        Command::Clean(options) => clean::run(options),
        Command::Entities(options) => entities::run(options),
        Command::Language(options) => language::run(options),
    }
}

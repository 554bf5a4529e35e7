//! Trains the models that the stages embed, from text that is not in the repository.
//!
//! `jadwal-bench eval` scores what was trained.

mod language;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Trains the models that the stages embed.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The language model of `detect_language`
    Language(language::Options),
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Language(options) => language::run(&options),
    }
}

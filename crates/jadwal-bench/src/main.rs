//! The command line of the measurements.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use jadwal_bench::corpus::Corpus;
use jadwal_bench::eval::{self, EvalCommand};
use jadwal_bench::place::Place;
use jadwal_bench::report::{Format, Report, Row};
use jadwal_bench::{engine, idle, latency, throughput};
use serde::Serialize;

/// Measures the release binary of Jadwal from outside, beside a floor of the same run.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Globals {
    /// How the report looks
    #[arg(long, global = true, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// The binary to measure [default: `jadwal` beside this program]
    #[arg(long, global = true, value_name = "PATH")]
    jadwal: Option<PathBuf>,
    /// Measure in a new folder below this one [default: the system's folder for temporary files]
    #[arg(long, global = true, value_name = "DIR")]
    place: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a corpus into a folder
    Corpus(CorpusArgs),
    /// Documents a second: the floor, the engine alone, the full pipeline
    Throughput(throughput::Options),
    /// Time from a file's arrival to its committed record, in a running daemon
    Latency(latency::Options),
    /// What a daemon costs while nothing happens
    Idle(idle::Options),
    /// How right a stage is, on text that is not in the repository
    #[command(subcommand)]
    Eval(EvalCommand),
}

#[derive(Debug, Args)]
struct CorpusArgs {
    /// The folder; it is made if it is not there
    dir: PathBuf,
    /// Documents in the corpus
    #[arg(long, default_value_t = 20_000)]
    documents: u64,
    #[command(flatten)]
    generated: Corpus,
}

fn main() -> ExitCode {
    let name = std::env::args_os().next().unwrap_or_default();
    if Path::new(&name).file_name() == Some(engine::NAME.as_ref()) {
        return engine::main();
    }
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let globals = &cli.globals;
    let place = || Place::new(globals.place.as_deref(), globals.jadwal.as_deref());
    match &cli.command {
        Command::Corpus(args) => write_corpus(args),
        Command::Throughput(options) => print(&throughput::run(options, &place()?)?, globals),
        Command::Latency(options) => print(&latency::run(options, &place()?)?, globals),
        Command::Idle(options) => print(&idle::run(options, &place()?)?, globals),
        Command::Eval(command) => evaluate(command),
    }
}

fn evaluate(command: &EvalCommand) -> Result<()> {
    let mut out = std::io::stdout().lock();
    eval::run(command, &mut out)?;
    out.flush()?;
    Ok(())
}

fn write_corpus(args: &CorpusArgs) -> Result<()> {
    let bytes = args
        .generated
        .write(&args.dir, 0..args.documents)
        .with_context(|| format!("failed to write the corpus to `{}`", args.dir.display()))?;
    eprintln!("{} documents, {bytes} bytes", args.documents);
    Ok(())
}

fn print<R: Row + Serialize>(report: &Report<R>, globals: &Globals) -> Result<()> {
    let mut out = std::io::stdout().lock();
    report.write(globals.format, &mut out)?;
    out.flush()?;
    Ok(())
}

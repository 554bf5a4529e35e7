//! What each command does.

mod batch;
mod build;
mod check;
mod dedup_index;
mod describe;
mod explain;
mod init;
mod kept_bytes;
mod new_stage;
mod own_crates;
mod quarantine;
mod run;
mod state;
mod status;
mod test;
mod test_stage;

use crate::cli::{Cli, Command};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::logging;
use crate::registry::Registry;
use crate::settings::Settings;

/// Runs the command of `cli`.
pub(crate) fn run(cli: &Cli, registry: &Registry) -> Result<ExitStatus, Failure> {
    logging::install(&cli.globals)?;
    let settings = || Settings::find(&cli.globals, Vec::new());
    match &cli.command {
        Command::Init { dir } => init::run(dir),
        Command::Run => run::run(&settings(), registry),
        Command::Batch(args) => batch::run(&cli.globals, args, registry),
        Command::Check { start, format } => check::run(&settings(), registry, *start, *format),
        Command::Explain { what, bidi } => explain::run(&settings(), registry, what, *bidi),
        Command::Stages { kind, markdown } => {
            describe::stages(registry, kind.as_deref(), *markdown)
        }
        Command::Schema { wit: true, .. } => Ok(describe::world()),
        Command::Schema { record, .. } => describe::schema(registry, *record),
        Command::Graph { format } => describe::graph(&settings(), registry, *format),
        Command::Status { format } => status::run(&settings(), registry, *format),
        Command::State(command) => state::run(&settings(), registry, command),
        Command::Quarantine(command) => quarantine::run(&settings(), registry, command),
        Command::Test => test::run(&settings(), registry),
        Command::TestStage(args) => test_stage::run(&settings(), registry, args),
        Command::NewStage(args) => new_stage::run(registry, args),
        Command::Build(args) => build::run(args),
    }
}

//! The jadwal command line, and the library that embeds it.
//!
//! A binary with stages of your own has the whole command line:
//!
//! ```no_run
//! # use jadwal_core::{BuildError, BuiltStage, Document, Fact, StageDeps, StageResult, StageSpec, Transform, Verdict};
//! struct Shout;
//!
//! impl StageSpec for Shout {
//!     const KIND: &'static str = "shout";
//!     const SUMMARY: &'static str = "Marks documents that shout";
//!     const VERSION: &'static str = "1.0.0";
//!     const NEEDS: &'static [Fact] = &[Fact::Text];
//!     const GIVES: &'static [Fact] = &[];
//!     type Options = ();
//! #   fn build(_: (), _: &StageDeps) -> Result<BuiltStage, BuildError> { Ok(BuiltStage::transform(Shout)) }
//! }
//! # impl Transform for Shout {
//! #   fn apply(&self, _: &mut Document) -> StageResult { Ok(Verdict::Pass) }
//! # }
//!
//! fn main() -> std::process::ExitCode {
//!     jadwal::main(jadwal::Registry::builtin().with::<Shout>())
//! }
//! ```
//!
//! | module | idea |
//! |---|---|
//! | `cli` | the command line as clap reads it |
//! | `settings` | command line, environment and file to a checked plan |
//! | `assemble` | a plan to a pipeline that can run |
//! | `session` | runs a pipeline: signals, reload, progress, status |
//! | `walkthrough` | takes one document through the stages, step by step |
//! | `commands` | what each command does |
//! | `terminal`, `failure`, `exit` | the only places that write to the terminal, word errors and choose exit codes |

mod assemble;
mod beside;
mod cli;
mod commands;
mod exit;
mod failure;
mod logging;
mod outputs;
mod progress;
mod registry;
#[cfg(feature = "strip-repeats")]
mod repeats;
#[cfg(not(feature = "strip-repeats"))]
#[path = "no_repeats.rs"]
mod repeats;
mod retry;
mod session;
mod settings;
mod stage_files;
mod status_file;
mod terminal;
mod walkthrough;
mod whereabouts;

use std::process::ExitCode;

use clap::Parser;

pub use exit::ExitStatus;
pub use registry::Registry;

/// Runs the command line with these stages and returns the process's exit code.
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "`main(Registry::builtin().with::<MyStage>())` reads best, and nobody needs it afterwards"
)]
pub fn main(registry: Registry) -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap words its own errors; help and version are no failures.
            let wanted = !error.use_stderr();
            if error.print().is_err() || wanted {
                return ExitStatus::Done.into();
            }
            return ExitStatus::Usage.into();
        }
    };
    match commands::run(&cli, &registry) {
        Ok(status) => status.into(),
        Err(failure) => {
            failure.print();
            failure.status().into()
        }
    }
}

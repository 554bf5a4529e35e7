//! Sets up tracing: to standard error, for people or as JSON.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::cli::{Globals, LogFormat};
use crate::failure::Failure;

/// Installs the subscriber for the whole process, and sends panics of documents there.
pub(crate) fn install(globals: &Globals) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&globals.log).map_err(|error| {
        Failure::usage(format!("`{}` is not a log filter: {error}", globals.log))
            .with_hint("write a level (`warn`) or levels by target (`info,jadwal_watch=debug`)")
    })?;
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours);
    let installed = match globals.log_format {
        LogFormat::Human => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // A second install happens only where a host embeds us with a subscriber of its own.
    drop(installed);
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(%panic, "panicked");
    }));
    Ok(())
}

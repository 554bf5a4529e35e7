//! Sets up tracing: to standard error, for people or as JSON.
//!
//! Names of files and words of errors come from outside; an event is one line whatever is in them.

use std::fmt::{self, Debug};
use std::io::IsTerminal;

use anstyle::Style;
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

use crate::cli::{Globals, LogFormat};
use crate::failure::Failure;
use crate::terminal::{DIM, plain};

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
        LogFormat::Human => builder
            .with_target(false)
            .fmt_fields(debug_fn(write_field).delimited(" "))
            .try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // A second install happens only where a host embeds us with a subscriber of its own.
    drop(installed);
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(%panic, "panicked");
    }));
    Ok(())
}

fn write_field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let value = format!("{value:?}");
    let value = plain(&value);
    match field.name() {
        "message" => write!(writer, "{value}"),
        name if writer.has_ansi_escapes() => {
            let italic = Style::new().italic();
            write!(writer, "{italic}{name}{italic:#}{DIM}={DIM:#}{value}")
        }
        name => write!(writer, "{name}={value}"),
    }
}

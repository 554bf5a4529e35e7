//! Trains the language model of `detect_language`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use jadwal_detect_language::model::{Group, parse, write};
use jadwal_detect_language::training::{NOT_PERMISSIVE, Pass, Training};

/// What is read, trained and written.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder with a folder a corpus: `wordlists`, `tatoeba`, `ntrex` and so on
    data: PathBuf,
    /// Leave out text under share-alike terms
    #[arg(long)]
    permissive: bool,
    /// Train these scripts only (`Arab`, `Latn`), and keep the rest of the model
    #[arg(long = "script", value_name = "CODE")]
    scripts: Vec<String>,
    /// Train only the second looks at close languages, and keep the rest of the model
    #[arg(long)]
    second_looks: bool,
    /// The model
    #[arg(
        long,
        value_name = "FILE",
        default_value = "stages/jadwal-detect-language/models/langid.bin"
    )]
    model: PathBuf,
}

/// Trains, and writes the model.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.data.join("wordlists").is_dir() {
        bail!("there is no training text in `{}`", options.data.display());
    }
    if options.permissive {
        eprintln!("without {NOT_PERMISSIVE}");
    }
    let training = Training {
        permissive: options.permissive,
        scripts: options.scripts.clone(),
    };
    let groups = if options.second_looks {
        let mut groups = written(options)?;
        training.look_again(&options.data, &mut groups)?;
        groups
    } else {
        merged(options, training.run(&options.data, tell)?)?
    };
    let file = write(&groups);
    fs::write(&options.model, &file)
        .with_context(|| format!("failed to write `{}`", options.model.display()))?;
    eprintln!("{}: {} bytes", options.model.display(), file.len());
    Ok(())
}

fn tell(pass: Pass) {
    let Pass {
        script,
        pass,
        passes,
        samples,
        loss,
    } = pass;
    eprintln!("{script} pass {pass} of {passes}: {samples} samples, loss {loss:.4}");
}

/// Puts `trained` into the model that is there, if only some scripts were trained.
fn merged(options: &Options, trained: Vec<Group>) -> Result<Vec<Group>> {
    if options.scripts.is_empty() {
        return Ok(trained);
    }
    let mut groups = written(options)?;
    for group in trained {
        match groups.iter_mut().find(|other| other.script == group.script) {
            Some(other) => *other = group,
            None => groups.push(group),
        }
    }
    Ok(groups)
}

/// Returns the model that is there.
fn written(options: &Options) -> Result<Vec<Group>> {
    let name = options.model.display();
    let file = fs::read(&options.model).with_context(|| format!("failed to read `{name}`"))?;
    // Read once by a program that ends soon: the tables stay where they are.
    parse(file.leak()).with_context(|| format!("failed to understand `{name}`"))
}

//! `jadwal build`: a binary of one's own, with stages from crates and folders in it.
//!
//! What a crate must offer is what `jadwal new-stage --lang rust` writes: a library with a public type
//! that is a stage, called as the crate is, in camel case. Another name is given behind a `:`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::BuildArgs;
use crate::commands::new_stage::type_name;
use crate::commands::own_crates::{OwnCrates, path_dependency};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::settings::absolute;
use crate::terminal::{GREEN, err, styled};

/// The name of the binary that is built.
const BINARY: &str = "jadwal-own";

/// A crate with a stage, as the command line names it.
#[derive(Debug, PartialEq, Eq)]
struct With {
    /// The crate's name.
    krate: String,
    /// What stands behind it in a manifest.
    dependency: String,
    /// The type that is the stage.
    stage: String,
}

/// Writes the project of the binary, and builds it unless only the project is wanted.
pub(crate) fn run(args: &BuildArgs) -> Result<ExitStatus, Failure> {
    let own = OwnCrates::find(args.sources.as_deref())?;
    let stages: Vec<_> = args
        .with
        .iter()
        .map(|text| With::read(text))
        .collect::<Result<_, _>>()?;
    write(&args.dir.join("Cargo.toml"), &manifest(&own, &stages))?;
    write(&args.dir.join("src/main.rs"), &main_file(&stages))?;
    err(format_args!(
        "{} {}",
        styled(GREEN, "wrote"),
        args.dir.display()
    ));
    if args.project_only {
        return Ok(ExitStatus::Done);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Named, so that the binary lies where the last line says, whatever the environment wants.
    let built = Command::new(cargo)
        .args(["build", "--release", "--target-dir", "target"])
        .current_dir(&args.dir)
        .status();
    let status = built.map_err(|error| {
        Failure::doing("start `cargo`", error).with_hint("install Rust: https://rustup.rs")
    })?;
    if !status.success() {
        return Err(
            Failure::usage(format!("cargo could not build it ({status})"))
                .with_hint("what it said stands above; the project is yours to mend"),
        );
    }
    let binary = args.dir.join("target/release").join(BINARY);
    err(format_args!(
        "{} {}",
        styled(GREEN, "built"),
        binary.display()
    ));
    Ok(ExitStatus::Done)
}

impl With {
    /// Reads `NAME=VERSION` or a path, either with `:Type` behind it.
    fn read(text: &str) -> Result<Self, Failure> {
        let (place, stage) = match text.rsplit_once(':') {
            Some((place, stage)) => (place, Some(stage)),
            None => (text, None),
        };
        let (krate, dependency) = match place.split_once('=') {
            Some((name, version)) => (name.to_owned(), format!("{version:?}")),
            None => {
                let folder = absolute(Path::new(place))?;
                (package_name(&folder)?, path_dependency(&folder))
            }
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let stage = stage.map_or_else(|| type_name(&krate.replace('-', "_")), str::to_owned);
        let is_type = stage
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
        if krate.is_empty() || !krate.chars().all(fits) || stage.is_empty() || !is_type {
            let message = format!("`{text}` names no crate with a stage");
            return Err(Failure::usage(message)
                .with_hint("write `my-stage=1.2` or a folder, and `:MyStage` behind it where the type has another name"));
        }
        Ok(Self {
            krate,
            dependency,
            stage,
        })
    }
}

/// Reads the name of the package that lies in `folder`.
fn package_name(folder: &Path) -> Result<String, Failure> {
    let path = folder.join("Cargo.toml");
    let doing = || format!("read `{}`", path.display());
    let text = fs::read_to_string(&path).map_err(|error| {
        Failure::usage(format!("{}: {error}", doing())).with_hint("name the folder of a crate")
    })?;
    let table: toml::Table = text
        .parse()
        .map_err(|error| Failure::doing(doing(), error))?;
    let name = table.get("package").and_then(|package| package.get("name"));
    let name = name.and_then(toml::Value::as_str).map(str::to_owned);
    name.ok_or_else(|| Failure::usage(format!("`{}` names no package", path.display())))
}

fn manifest(own: &OwnCrates, stages: &[With]) -> String {
    let mut manifest = format!(
        "[package]\nname = \"{BINARY}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\njadwal = {}\n",
        own.dependency("jadwal")
    );
    for With {
        krate, dependency, ..
    } in stages
    {
        manifest.push_str(&format!("{krate} = {dependency}\n"));
    }
    manifest.push_str("\n[profile.release]\nlto = \"thin\"\n\n[workspace]\n");
    manifest
}

fn main_file(stages: &[With]) -> String {
    let mut with = String::new();
    for With { krate, stage, .. } in stages {
        let krate = krate.replace('-', "_");
        with.push_str(&format!("\n            .with::<{krate}::{stage}>()"));
    }
    format!(
        "//! The `jadwal` command line with more stages in it; written by `jadwal build`.\n\n\
         fn main() -> std::process::ExitCode {{\n    jadwal::main(\n        jadwal::Registry::builtin(){with},\n    )\n}}\n"
    )
}

/// Writes a file of the project, over an earlier one of the same project.
fn write(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let doing = |error| Failure::doing(format!("write `{}`", path.display()), error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(doing)?;
    }
    fs::write(path, text).map_err(doing)
}

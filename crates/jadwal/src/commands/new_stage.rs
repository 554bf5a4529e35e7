//! `jadwal new-stage`: a working project for a stage of one's own, with its test.
//!
//! The templates are programs that work as they are, under the name `my_stage`; writing a project is
//! replacing that name.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::{Language, NewStageArgs};
use crate::commands::own_crates::OwnCrates;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::terminal::{GREEN, err, styled};

/// The name in the templates.
const NAME: &str = "my_stage";

/// The same as a type of Rust.
const TYPE: &str = "MyStage";

/// A file of a project: its path, with the name in it, and its text.
type Template = (&'static str, &'static str);

const SAMPLE: Template = (
    "inbox/harbour.txt",
    include_str!("../../../../samples/harbour-ar.txt"),
);

const PYTHON: &[Template] = &[
    (
        "my_stage.py",
        include_str!("../../templates/python/my_stage.py"),
    ),
    (
        "test_my_stage.py",
        include_str!("../../templates/python/test_my_stage.py"),
    ),
    (
        "pipeline.toml",
        include_str!("../../templates/python/pipeline.toml"),
    ),
    (
        "jadwal_stage.py",
        include_str!("../../../../sdk/python/jadwal_stage.py"),
    ),
    SAMPLE,
];

const JS: &[Template] = &[
    (
        "my_stage.mjs",
        include_str!("../../templates/js/my_stage.mjs"),
    ),
    (
        "my_stage.test.mjs",
        include_str!("../../templates/js/my_stage.test.mjs"),
    ),
    (
        "pipeline.toml",
        include_str!("../../templates/js/pipeline.toml"),
    ),
    (
        "jadwal-stage.mjs",
        include_str!("../../../../sdk/js/jadwal-stage.mjs"),
    ),
    (
        "jadwal-stage.d.mts",
        include_str!("../../../../sdk/js/jadwal-stage.d.mts"),
    ),
    SAMPLE,
];

const C: &[Template] = &[
    ("my_stage.c", include_str!("../../templates/c/my_stage.c")),
    (
        "test_my_stage.c",
        include_str!("../../templates/c/test_my_stage.c"),
    ),
    (
        "pipeline.toml",
        include_str!("../../templates/c/pipeline.toml"),
    ),
    (
        "jadwal_stage.h",
        include_str!("../../../../sdk/c/jadwal_stage.h"),
    ),
    (
        "jadwal_process.h",
        include_str!("../../../../sdk/c/jadwal_process.h"),
    ),
    (
        "jadwal_component.h",
        include_str!("../../../../sdk/c/jadwal_component.h"),
    ),
    SAMPLE,
];

const RUST: &[Template] = &[
    ("src/lib.rs", include_str!("../../templates/rust/lib.rs")),
    ("src/main.rs", include_str!("../../templates/rust/main.rs")),
    (
        "pipeline.toml",
        include_str!("../../templates/rust/pipeline.toml"),
    ),
    SAMPLE,
];

/// Writes the project; refuses to overwrite anything.
pub(crate) fn run(registry: &Registry, args: &NewStageArgs) -> Result<ExitStatus, Failure> {
    check_name(&args.name)?;
    if registry.stages().get(&args.name).is_some() {
        let message = format!("there is a stage `{}` already", args.name);
        return Err(Failure::usage(message)
            .with_hint("choose another name; `jadwal stages` lists the taken ones"));
    }
    let dir = args
        .dir
        .clone()
        .unwrap_or_else(|| PathBuf::from(&args.name));
    let mut files: Vec<(PathBuf, String)> = templates(args.lang)
        .iter()
        .map(|(path, text)| {
            (
                dir.join(renamed(path, &args.name)),
                renamed(text, &args.name),
            )
        })
        .collect();
    if args.lang == Language::Rust {
        let manifest = manifest(&args.name, args.sources.as_deref())?;
        files.push((dir.join("Cargo.toml"), manifest));
    }
    if let Some((taken, _)) = files
        .iter()
        .find(|(path, _)| path.symlink_metadata().is_ok())
    {
        let message = format!("`{}` is there already", taken.display());
        return Err(Failure::usage(message).with_hint("choose another folder with `--dir`"));
    }
    for (path, text) in &files {
        write(path, text)
            .map_err(|error| Failure::doing(format!("write `{}`", path.display()), error))?;
        err(format_args!(
            "{} {}",
            styled(GREEN, "wrote"),
            path.display()
        ));
    }
    for step in next_steps(args.lang, &args.name) {
        err(format_args!("next: cd {} && {step}", dir.display()));
    }
    Ok(ExitStatus::Done)
}

fn templates(language: Language) -> &'static [Template] {
    match language {
        Language::Python => PYTHON,
        Language::Js => JS,
        Language::C => C,
        Language::Rust => RUST,
    }
}

fn next_steps(language: Language, name: &str) -> Vec<String> {
    let (own, jadwal) = match language {
        Language::Python => (vec![format!("python3 -m unittest test_{name}")], "jadwal"),
        Language::Js => (vec!["node --test".to_owned()], "jadwal"),
        Language::C => {
            let build = format!("cc -O2 -o {name} {name}.c");
            let test = format!("cc -o test_{name} test_{name}.c && ./test_{name}");
            (vec![build, test], "jadwal")
        }
        Language::Rust => (vec!["cargo test".to_owned()], "cargo run --"),
    };
    let with_jadwal = [
        format!("{jadwal} test-stage {name}"),
        format!("{jadwal} batch"),
    ];
    own.into_iter().chain(with_jadwal).collect()
}

/// It becomes a file, a module, a crate and a stage id.
fn check_name(name: &str) -> Result<(), Failure> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let good = name.bytes().all(fits)
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('_')
        && !name.contains("__")
        && name != "source";
    if good {
        return Ok(());
    }
    let message = format!("`{name}` is not a name for a stage");
    Err(Failure::usage(message)
        .with_hint("use lower-case letters, digits and single `_`, such as `tag_places`"))
}

fn renamed(text: &str, name: &str) -> String {
    text.replace(NAME, name).replace(TYPE, &type_name(name))
}

/// Returns the name in snake case as a type is called.
pub(crate) fn type_name(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(word).collect()
}

/// The manifest of a crate with a stage.
fn manifest(name: &str, sources: Option<&Path>) -> Result<String, Failure> {
    let own = OwnCrates::find(sources)?;
    let from = |krate: &str| own.dependency(krate);
    let (jadwal, core, testkit) = (from("jadwal"), from("jadwal-core"), from("jadwal-testkit"));
    Ok(format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\njadwal = {jadwal}\njadwal-core = {core}\nschemars = \"1\"\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\n\
         [dev-dependencies]\njadwal-testkit = {testkit}\n\n[workspace]\n"
    ))
}

/// Writes a file that is not there yet, and the folders it lies in.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

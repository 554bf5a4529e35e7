//! The command line as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Ingests text files from a drop folder: clean, deduplicated, language-tagged records out.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done · 1 done, some documents quarantined · 2 usage or config · \
                  3 fatal at run time · 130 forced stop\n\
                  Records and listings go to files or stdout, logs to stderr. NO_COLOR is honoured."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// Configuration file [default: pipeline.toml, or the built-in defaults where there is none]
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Set one key over file and environment, e.g. stages.clean.options.chrome=mark
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// How logs look
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human)]
    pub(crate) log_format: LogFormat,
    /// What is logged: error, warn, info, debug, trace, or a tracing filter
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        default_value = "info",
        env = "JADWAL_LOG"
    )]
    pub(crate) log: String,
}

/// How logs look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Human,
    /// One JSON object a line.
    Json,
}

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people.
    Human,
    /// JSON; listings are one object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented pipeline.toml, an inbox and one sample into a folder
    Init {
        /// The folder
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Watch the drop folder until stopped
    Run,
    /// Process what is there, once
    Batch(BatchArgs),
    /// Check the configuration; nothing else is read and nothing is written
    Check {
        /// Also start the stages that are programs of their own, and check what they say of themselves
        #[arg(long)]
        start: bool,
        /// How findings are printed
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show stage by stage what happens to a file, or what happened to a document
    Explain {
        /// A file, or the id of a document in the ledger
        what: PathBuf,
        /// Whether lines are in logical order, for terminals that lay out right-to-left text
        /// themselves, or in visual order, for those that do not
        #[arg(long, value_enum, default_value_t = Bidi::Logical)]
        bidi: Bidi,
    },
    /// List the stages, or describe one with its options
    Stages {
        /// The kind to describe
        kind: Option<String>,
        /// Print the reference of all stages as Markdown
        #[arg(long, conflicts_with = "kind")]
        markdown: bool,
    },
    /// Print the JSON Schema of pipeline.toml
    Schema {
        /// Print the schema of the output record instead
        #[arg(long)]
        record: bool,
        /// Print the WIT world of stages that are WebAssembly components instead
        #[arg(long, conflicts_with = "record")]
        wit: bool,
    },
    /// Print the plan as a graph
    Graph {
        /// The graph language
        #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
        format: GraphFormat,
    },
    /// Show what was done so far, and whether a daemon is at work
    Status {
        /// How it is printed
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Look into the state, and mend it
    #[command(subcommand)]
    State(StateCommand),
    /// Look at documents that failed, and try them again
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Run the tests that the configuration defines as [[test]]
    Test,
    /// Try a stage from outside and say what it breaks: any text, order, determinism, kills
    TestStage(TestStageArgs),
    /// Write a working project for a stage of your own, with its test
    NewStage(NewStageArgs),
    /// Build a binary of your own, with stages from crates and folders in it
    Build(BuildArgs),
}

/// Options of `test-stage`.
#[derive(Debug, Args)]
pub(crate) struct TestStageArgs {
    /// Id of a stage in the configuration, or the kind of one that can do with its default options
    #[arg(required_unless_present = "command")]
    pub(crate) stage: Option<String>,
    /// A program that speaks the process protocol, with its arguments, in place of a stage
    #[arg(last = true, conflicts_with = "stage", value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Options of `new-stage`.
#[derive(Debug, Args)]
pub(crate) struct NewStageArgs {
    /// Its name: lower-case letters, digits and `_`, such as `tag_places`
    pub(crate) name: String,
    /// The language that it is written in
    #[arg(long, value_enum, default_value_t = Language::Python)]
    pub(crate) lang: Language,
    /// The folder to write it into [default: the name]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Where Jadwal's own sources lie, for a project in Rust [default: where this binary was built, else
    /// the published crates]
    #[arg(long, value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
}

/// Options of `build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// A crate with a stage: `my-stage=1.2` or its folder; `:MyStage` behind it where the type is not
    /// called as the crate is
    #[arg(long, required = true, value_name = "CRATE")]
    pub(crate) with: Vec<String>,
    /// Folder of the project that is written and built
    #[arg(long, value_name = "DIR", default_value = "jadwal-own")]
    pub(crate) dir: PathBuf,
    /// Where Jadwal's own sources lie [default: where this binary was built, else the published crates]
    #[arg(long, value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
    /// Write the project and don't build it
    #[arg(long)]
    pub(crate) project_only: bool,
}

/// The language of a new stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// A process, with the one-file SDK.
    Python,
    /// A process on Node.js, with the one-file SDK and types for TypeScript.
    Js,
    /// A process that any C compiler builds; the same source becomes a component for the sandbox.
    C,
    /// A crate with a binary of its own that has the whole command line.
    Rust,
}

/// Options of `batch`.
#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// Files and folders to process instead of the source; `-` is standard input
    pub(crate) paths: Vec<PathBuf>,
    /// Where records go: a file, or `-` for standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Go through all stages but write nothing, move nothing, remember nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Remember nothing: read everything anew, whatever was done before
    #[arg(long)]
    pub(crate) stateless: bool,
    /// Read everything twice: first count the lines that repeat across documents, then process with
    /// these counts (needs a stage `strip_repeats`)
    #[arg(long)]
    pub(crate) learn: bool,
    /// Take standard input as JSON Lines, a document a line
    #[arg(long)]
    pub(crate) jsonl: bool,
}

/// The order of letters on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bidi {
    /// As stored; each line is isolated so that the terminal lays it out alone.
    Logical,
    /// Reordered for a terminal that writes from left to right only.
    Visual,
}

/// A graph language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Mermaid flowchart.
    Mermaid,
    /// Graphviz DOT.
    Dot,
}

/// What to do with the state.
#[derive(Debug, Subcommand)]
pub(crate) enum StateCommand {
    /// List the files of the ledger, or its documents
    Ls {
        /// List documents, in admission order
        #[arg(long)]
        documents: bool,
        /// How they are printed
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show all that the ledger knows of a file or a document id
    Show {
        /// A path or an id
        what: PathBuf,
    },
    /// Forget a file, so that it is read again; or all that a stage stored
    Forget {
        /// The file
        #[arg(required_unless_present = "stage")]
        path: Option<PathBuf>,
        /// The stage, e.g. dedup
        #[arg(long)]
        stage: Option<String>,
    },
    /// Read every row and what the quarantine keeps, and check that they agree
    Verify,
    /// Rewrite the store without what was replaced or forgotten
    Compact,
}

/// What to do with the quarantine.
#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    /// List what is quarantined
    List {
        /// How it is printed
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show what failed for one id
    Show {
        /// The id
        id: String,
    },
    /// Process quarantined documents again, as after a mended configuration
    Retry {
        /// The ids; all where none is given
        ids: Vec<String>,
    },
}

//! The binary seen from outside: every command, every promise that shows in files and exit codes.
//!
//! `UPDATE_EXPECT=1` rewrites golden texts, and the generated documents in `docs/`.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests; clippy only knows functions marked as tests"
)]

mod arrows;
mod bad_input;
mod bad_places;
mod commands;
mod conditions;
mod config;
mod daemon;
mod deploy;
mod determinism;
mod documents;
mod explain;
mod flow;
mod formats;
mod guests;
#[path = "../../examples/keyword-tagger/main.rs"]
#[expect(dead_code, reason = "its `main` is run as an example")]
mod keyword_tagger;
mod licences;
#[path = "../../crates/jadwal/templates/rust/lib.rs"]
#[expect(unreachable_pub, reason = "it is the template of a crate of its own")]
mod my_stage;
mod outputs;
#[path = "../harness/place.rs"]
mod place;
mod plugins;
mod public_api;
mod quarantine;
mod repeats;
mod repository;
mod state;
mod strange_names;
mod terminal;
#[path = "../harness/wait.rs"]
mod wait;

//! Trains the language model of this crate, or scores it.
//!
//! `cargo run --release -p jadwal-detect-language --example train -- DATA [OPTIONS]`
//! reads the corpora under DATA, writes the model and scores it. `--eval` only scores, `--permissive`
//! leaves out text under share-alike terms, `--model FILE` takes another file than
//! `models/langid.bin`. The same text gives the same bytes on the same platform.

#![expect(
    clippy::print_stdout,
    reason = "a tool that reports on standard output"
)]

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::thread::{self, ScopedJoinHandle};
use std::time::Instant;

use jadwal_detect_language::alphabet::Alphabet;
use jadwal_detect_language::model::write;

const USAGE: &str = "usage: train DATA [--eval] [--permissive] [--model FILE]";

mod corpus;
mod evaluate;
mod noise;
mod plan;
mod random;
mod samples;
mod sgd;
mod spelling;

/// What the command line asks for.
struct Request {
    data: PathBuf,
    only_eval: bool,
    permissive: bool,
    model: PathBuf,
}

impl Request {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut request = Self {
            data: PathBuf::new(),
            only_eval: false,
            permissive: false,
            model: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/langid.bin"),
        };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--eval" => request.only_eval = true,
                "--permissive" => request.permissive = true,
                "--model" => request.model = arguments.next().ok_or(USAGE)?.into(),
                _ if argument.starts_with("--") => return Err(USAGE.into()),
                _ => request.data = argument.into(),
            }
        }
        if request.data.as_os_str().is_empty() {
            return Err(USAGE.into());
        }
        Ok(request)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let request = Request::read()?;
    if !request.data.join("wordlists").is_dir() {
        let data = request.data.display();
        println!("skipped: there is no training text in `{data}`");
        return Ok(());
    }
    if !request.only_eval {
        fs::write(&request.model, trained(&request)?)?;
    }
    let file: &'static [u8] = fs::read(&request.model)?.leak();
    evaluate::evaluate(&request.data, file)
}

/// Returns the model file. The groups are trained side by side, each on one thread.
fn trained(request: &Request) -> Result<Vec<u8>, Box<dyn Error>> {
    let corpus = corpus::read(&request.data, request.permissive)?;
    if request.permissive {
        println!("without {}", corpus::NOT_PERMISSIVE);
    }
    let alphabet = Alphabet::new();
    let train = |plan: &plan::GroupPlan| {
        let started = Instant::now();
        let group = sgd::train(&corpus, plan, &alphabet);
        let seconds = started.elapsed().as_secs_f64();
        println!("{} took {seconds:.1} s", plan.script);
        group
    };
    let groups = thread::scope(|scope| {
        let running: Vec<_> = plan::PLAN
            .iter()
            .map(|plan| scope.spawn(|| train(plan)))
            .collect();
        let joined = running.into_iter().map(ScopedJoinHandle::join);
        joined.collect::<Result<Vec<_>, _>>()
    });
    let groups = groups.map_err(|_| "a group was not trained to its end")?;
    Ok(write(&groups))
}

//! Trains the language model of this crate, or scores it.
//!
//! `cargo run --release -p jadwal-detect-language --example train -- DATA [--eval]`
//! reads the corpora under DATA and writes `models/langid.bin`; with `--eval` it trains nothing and
//! scores the model that is there.

#![expect(
    clippy::print_stdout,
    reason = "a tool that reports on standard output"
)]

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jadwal_detect_language::alphabet::Alphabet;
use jadwal_detect_language::detector::NgramDetector;
use jadwal_detect_language::model::{parse, write};

mod corpus;
mod evaluate;
mod random;
mod samples;
mod sgd;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let only_eval = arguments.iter().any(|argument| argument == "--eval");
    let Some(data) = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
    else {
        return Err("usage: train DATA [--eval]".into());
    };
    let data = Path::new(data);
    if !data.join("wordlists").is_dir() {
        println!("skipped: there is no training text in `{}`", data.display());
        return Ok(());
    }
    let model = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/langid.bin");
    if !only_eval {
        fs::write(&model, trained(data)?)?;
    }
    let file: &'static [u8] = fs::read(&model)?.leak();
    println!("{} bytes", file.len());
    evaluate::evaluate(data, &NgramDetector::new(parse(file)?, &[]))?;
    evaluate::time_documents(data, NgramDetector::new(parse(file)?, &[]))?;
    Ok(())
}

fn trained(data: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let corpus = corpus::read(data)?;
    let alphabet = Alphabet::new();
    let mut groups = Vec::new();
    for plan in &corpus::PLAN {
        let started = Instant::now();
        groups.push(sgd::train(&corpus, plan, &alphabet));
        println!(
            "{} took {:.1} s",
            plan.script,
            started.elapsed().as_secs_f64()
        );
    }
    Ok(write(&groups))
}

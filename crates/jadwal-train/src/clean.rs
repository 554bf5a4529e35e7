//! Trains the line model of `clean` from labelled pages.
//!
//! Real pages with a label for each line are English; Arabic ones are synthetic. What carries over
//! to other languages is the structure of a page, so the pages are also shown changed: see
//! [`variants`].

mod folds;
mod variants;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jadwal_clean::training::{self, Page};
use serde::Deserialize;

use folds::Sample;

/// Strength of the pull of the weights towards zero.
const RIDGE: f64 = 2.0;

/// Weight of a synthetic page beside a real one.
const SYNTHETIC: f64 = 0.3;

/// Options of `jadwal-train clean`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The folder with the labelled pages
    data: PathBuf,
    /// Where the weights are written
    #[arg(
        long,
        value_name = "FILE",
        default_value = "stages/jadwal-clean/src/model/weights.txt"
    )]
    out: PathBuf,
    /// Write no weights: score the model on pages of hosts that it did not see, in so many parts
    #[arg(long, value_name = "PARTS", value_parser = clap::value_parser!(u64).range(2..))]
    folds: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Labelled {
    host: String,
    ptype: String,
    lines: Vec<String>,
    keep: Vec<u8>,
    skip: Vec<usize>,
}

impl Labelled {
    fn into_page(self, weight: f64) -> Page {
        let skipped = |index: &usize| self.skip.contains(index);
        let keep = self.keep.iter().enumerate();
        Page {
            keep: keep
                .map(|(index, keep)| (!skipped(&index)).then_some(*keep == 1))
                .collect(),
            lines: self.lines,
            phrases: true,
            weight,
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let file = |name: &str| options.data.join(name);
    let synthetic = pages(read(&file("train-arabic-synth.jsonl"))?, SYNTHETIC);
    let train = read(&file("train.jsonl"))?;
    if let Some(count) = options.folds {
        let samples = |pages: Vec<Labelled>| pages.into_iter().map(Sample::new).collect();
        let mut real: Vec<Sample> = samples(train);
        real.extend(read(&file("dev.jsonl"))?.into_iter().map(Sample::new));
        let arabic: Vec<Sample> = samples(read(&file("dev-arabic.jsonl"))?);
        let mut out = io::stdout().lock();
        return folds::run(&real, &synthetic, &arabic, count, RIDGE, &mut out);
    }
    let real = pages(train, 1.0);
    let mut pages = variants::of(&real);
    pages.extend(real);
    pages.extend(synthetic);
    eprintln!("{} pages, changed ones included", pages.len());
    let weights = training::train(&pages, RIDGE);
    fs::write(&options.out, weights)
        .with_context(|| format!("failed to write `{}`", options.out.display()))
}

fn pages(labelled: Vec<Labelled>, weight: f64) -> Vec<Page> {
    let pages = labelled.into_iter();
    pages.map(|page| page.into_page(weight)).collect()
}

fn read(path: &Path) -> Result<Vec<Labelled>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    text.lines()
        .map(|line| {
            serde_json::from_str(line)
                .with_context(|| format!("failed to read a page of `{}`", path.display()))
        })
        .collect()
}

//! Trains the line model of `clean` from labelled pages.
//!
//! Real pages with a label for each line are English; Arabic ones are synthetic. What carries over
//! to other languages is the structure of a page, so the pages are also shown changed: see
//! [`variants`].

mod variants;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jadwal_clean::training::{self, Page};
use serde::Deserialize;

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
}

#[derive(Debug, Deserialize)]
struct Labelled {
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
    let real = read(&options.data.join("train.jsonl"), 1.0)?;
    let mut pages = variants::of(&real);
    pages.extend(real);
    pages.extend(read(
        &options.data.join("train-arabic-synth.jsonl"),
        SYNTHETIC,
    )?);
    eprintln!("{} pages, changed ones included", pages.len());
    let weights = training::train(&pages, RIDGE);
    fs::write(&options.out, weights)
        .with_context(|| format!("failed to write `{}`", options.out.display()))
}

fn read(path: &Path, weight: f64) -> Result<Vec<Page>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    text.lines()
        .map(|line| {
            let page: Labelled = serde_json::from_str(line)
                .with_context(|| format!("failed to read a page of `{}`", path.display()))?;
            Ok(page.into_page(weight))
        })
        .collect()
}

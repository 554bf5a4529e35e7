//! Scores which lines `clean` keeps.
//!
//! A page is given to the stage as a text file, one line of the page a line. Words are compared as
//! bags, page by page; the table has the mean over pages. Lines are counted over all pages. Lines
//! that the data leaves open count neither way. A page is lost when less than a tenth of its words
//! is kept, half lost when less than half is. With `--html` the lines are made pages of markup too.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bytes::Bytes;
use jadwal_clean::{Clean, CleanOptions};
use jadwal_core::{Document, Provenance, Transform, Verdict};
use serde::Deserialize;

use crate::markup::{self, Labelled};

/// Options of `jadwal-bench eval clean`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder with the labelled pages
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only these files of it [default: dev.jsonl and dev-arabic.jsonl]
    #[arg(long = "file", value_name = "NAME")]
    files: Vec<String>,
    /// List the lines that were judged wrongly
    #[arg(long)]
    errors: bool,
    /// Make the lines pages of markup first, each page so many times: a proxy for labelled HTML
    #[arg(long, value_name = "VARIANTS", num_args = 0..=1, default_missing_value = "3")]
    html: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    id: String,
    lang: String,
    pub(super) host: String,
    ptype: String,
    pub(super) lines: Vec<String>,
    pub(super) keep: Vec<u8>,
    pub(super) skip: Vec<usize>,
}

impl Page {
    /// Returns the lines with their labels; blank ones say nothing.
    pub(super) fn labelled(&self) -> Vec<Labelled> {
        let lines = self.lines.iter().enumerate();
        let label = |index| match self.skip.contains(&index) {
            true => None,
            false => Some(self.keep[index] == 1),
        };
        lines
            .map(|(index, line)| Labelled {
                text: line.clone(),
                keep: label(index).filter(|_| !line.trim().is_empty()),
            })
            .collect()
    }
}

/// Sums over pages.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pages: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    right: u64,
    extra: u64,
    missed: u64,
    lost: usize,
    half_lost: usize,
}

pub(super) fn run(options: &Options, out: &mut dyn Write) -> Result<()> {
    let names = match options.files.as_slice() {
        [] => vec!["dev.jsonl".to_owned(), "dev-arabic.jsonl".to_owned()],
        names => names.to_vec(),
    };
    let stage = Clean::new(CleanOptions::default());
    writeln!(
        out,
        "| split | pages | word P | word R | word F | line F | lost | half lost |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|")?;
    for name in names {
        let path = options.data.join(&name);
        if !path.exists() {
            writeln!(
                out,
                "| {name}: skipped, `{}` is not there |",
                path.display()
            )?;
            continue;
        }
        let mut tables: BTreeMap<String, Scores> = BTreeMap::new();
        for (number, page) in read(&path)?.iter().enumerate() {
            let lines = page.labelled();
            let kept = kept_lines(&stage, &page.lines)?;
            if options.errors && options.html.is_none() {
                write_errors(page, &kept, out)?;
            }
            let of_kind = |name: &str| [name.to_owned(), format!("{name}, {}", page.ptype)];
            for table in of_kind(&name) {
                tables.entry(table).or_default().add(&lines, &kept);
            }
            for variant in 0..options.html.unwrap_or(0) {
                let number = number as u64 * 64 + variant;
                let page = markup::page(&lines, is_rtl(&page.lang), 1, number);
                let kept = super::markup::kept_lines(&stage, &page)?;
                if options.errors {
                    writeln!(out, "\n{name} {number}")?;
                    super::markup::write_errors(&page, &kept, out)?;
                }
                let lines: Vec<_> = page.lines.iter().map(|(_, line)| line.clone()).collect();
                for table in of_kind(&format!("{name} as HTML")) {
                    tables.entry(table).or_default().add(&lines, &kept);
                }
                let alone = tables.entry(format!("{name} as HTML: `dom_smoothie` alone"));
                super::markup::add_smoothie(alone.or_default(), &page);
            }
        }
        for (table, scores) in &tables {
            scores.write(table, out)?;
        }
    }
    Ok(())
}

pub(super) fn read(path: &Path) -> Result<Vec<Page>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    text.lines()
        .map(|line| {
            serde_json::from_str(line)
                .with_context(|| format!("failed to read a page of `{}`", path.display()))
        })
        .collect()
}

/// Returns for each line whether some of it is in the stage's text.
fn kept_lines(stage: &Clean, lines: &[String]) -> Result<Vec<bool>> {
    let mut doc = document("page.txt", text_of(lines));
    if stage.apply(&mut doc)? != Verdict::Pass {
        return Ok(vec![false; lines.len()]);
    }
    lines_in(&doc, lines)
}

/// Returns the page as a text, one line of the page a line.
pub(super) fn text_of(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// Returns for each of `lines`, of which the raw bytes of `doc` are made, whether some of it is in the
/// text.
pub(super) fn lines_in(doc: &Document, lines: &[String]) -> Result<Vec<bool>> {
    let mut starts = Vec::with_capacity(lines.len());
    let mut start = 0;
    for line in lines {
        starts.push(start);
        start += line.len() + 1;
    }
    let mut kept = vec![false; lines.len()];
    let mut at = 0;
    for line in doc.text()?.split('\n') {
        let range: Range<u64> = doc.source_range(at..at + line.len());
        at += line.len() + 1;
        if !line.is_empty() {
            let place = usize::try_from(range.start).context("a text is smaller than memory")?;
            kept[starts.partition_point(|start| *start <= place) - 1] = true;
        }
    }
    Ok(kept)
}

fn is_rtl(language: &str) -> bool {
    matches!(language, "ar" | "fa" | "ur" | "he")
}

/// Returns a text as the file `name`.
pub(super) fn document(name: &str, text: String) -> Document {
    let len = text.len() as u64;
    let place = Provenance {
        file_path: name.to_owned(),
        file_bytes: len,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..len,
    };
    Document::new(Bytes::from(text), place)
}

fn write_errors(page: &Page, kept: &[bool], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", page.id)?;
    for (index, line) in page.lines.iter().enumerate() {
        let is_text = page.keep[index] == 1;
        if !page.skip.contains(&index) && kept[index] != is_text && !line.trim().is_empty() {
            let what = if is_text { "missed" } else { "extra" };
            let start: String = line.chars().take(100).collect();
            writeln!(out, "  {what} {index}: {start}")?;
        }
    }
    Ok(())
}

impl Scores {
    pub(super) fn add(&mut self, lines: &[Labelled], kept: &[bool]) {
        let mut bags: HashMap<&str, [u64; 2]> = HashMap::new();
        for (line, kept) in lines.iter().zip(kept) {
            let Some(is_text) = line.keep else {
                continue;
            };
            match (*kept, is_text) {
                (true, true) => self.right += 1,
                (true, false) => self.extra += 1,
                (false, true) => self.missed += 1,
                (false, false) => {}
            }
            for word in line.text.split_whitespace() {
                let counts = bags.entry(word).or_default();
                counts[0] += u64::from(*kept);
                counts[1] += u64::from(is_text);
            }
        }
        let sum = |count: fn(&[u64; 2]) -> u64| bags.values().map(count).sum::<u64>();
        let both = sum(|[kept, text]| *kept.min(text));
        self.add_page(both, sum(|[kept, _]| *kept), sum(|[_, text]| *text));
    }

    /// Adds a page by its words: those that are kept and text, all that are kept, all of the text.
    pub(super) fn add_page(&mut self, both: u64, kept: u64, text: u64) {
        let precision = share(both, kept);
        let recall = share(both, text);
        self.pages += 1;
        self.precision += precision;
        self.recall += recall;
        self.f1 += match precision + recall {
            0.0 => 0.0,
            sum => 2.0 * precision * recall / sum,
        };
        self.lost += usize::from(recall < 0.1);
        self.half_lost += usize::from(recall < 0.5);
    }

    pub(super) fn write(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        let mean = |sum: f64| sum / self.pages as f64;
        let all = 2 * self.right + self.extra + self.missed;
        // What has no lines is scored by its words alone.
        let lines = match all {
            0 => String::new(),
            all => format!("{:.3} ", share(2 * self.right, all)),
        };
        writeln!(
            out,
            "| {name} | {} | {:.3} | {:.3} | {:.3} | {lines}| {} | {} |",
            self.pages,
            mean(self.precision),
            mean(self.recall),
            mean(self.f1),
            self.lost,
            self.half_lost
        )
    }
}

/// Of nothing, everything.
fn share(part: u64, whole: u64) -> f64 {
    match whole {
        0 => 1.0,
        whole => part as f64 / whole as f64,
    }
}

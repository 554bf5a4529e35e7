//! Scores what `strip_repeats` does to the labelled pages of hosts that have several of them.
//!
//! Each split is read twice, as `jadwal batch --learn` does: the first pass counts, the second one
//! strips. Pages come as they are, or through `clean`; each way is scored with and without
//! `strip_repeats`, in the manner of `eval clean`. A second table says what the stage itself took out
//! of the pages as they are: how many of the leftovers, and how many lines of text among them.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::executor::block_on;
use jadwal_clean::{Clean, CleanOptions};
use jadwal_core::spec::PipelineInfo;
use jadwal_core::state::{Commit, StateRead, StateStore};
use jadwal_core::{
    BuiltStage, Clock, Document, Provenance, Stage, StageCx, StageDeps, StageSpec, Transform,
    Verdict,
};
use jadwal_store::MemoryStore;
use jadwal_strip_repeats::{Counting, GroupBy, StripRepeats, StripRepeatsOptions, learner};

use super::clean::{Page, Scores, lines_in, read, text_of};

const STAGE: &str = "strip_repeats";

/// Options of `jadwal-bench eval repetition`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder with the labelled pages
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only these files of it [default: train.jsonl, dev.jsonl and train-arabic-synth.jsonl]
    #[arg(long = "file", value_name = "NAME")]
    files: Vec<String>,
    /// Pages that a host has at least
    #[arg(long, value_name = "N", default_value_t = 2)]
    pages: usize,
    /// Other documents that must have had a line
    #[arg(long, value_name = "N", default_value_t = 5)]
    min_documents: u32,
    /// List the lines of text that were taken out of the pages as they are
    #[arg(long)]
    errors: bool,
}

pub(super) fn run(options: &Options, out: &mut dyn Write) -> Result<()> {
    let names = match options.files.as_slice() {
        [] => ["train.jsonl", "dev.jsonl", "train-arabic-synth.jsonl"]
            .map(str::to_owned)
            .to_vec(),
        names => names.to_vec(),
    };
    let mut taken = Vec::new();
    writeln!(
        out,
        "| split, way | pages | word P | word R | word F | line F | lost | half lost |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|")?;
    for name in names {
        let path = options.data.join(&name);
        if !path.exists() {
            let path = path.display();
            writeln!(out, "| {name}: skipped, `{path}` is not there |")?;
            continue;
        }
        let pages = of_hosts_with(options.pages, read(&path)?);
        for clean in [None, Some(Clean::new(CleanOptions::default()))] {
            let way = if clean.is_some() { "clean" } else { "as it is" };
            let before = documents(&pages, clean.as_ref())?;
            let after = stripped(&before, options.min_documents)?;
            for (docs, more) in [(&before, ""), (&after, " + strip_repeats")] {
                let mut scores = Scores::default();
                for (page, doc) in pages.iter().zip(docs) {
                    scores.add(&page.labelled(), &kept(page, doc.as_ref())?);
                }
                scores.write(&format!("{name}, {way}{more}"), out)?;
            }
            if clean.is_none() {
                taken.push(Taken::of(&name, &pages, &after, options.errors, out)?);
            }
        }
    }
    writeln!(
        out,
        "\n| split, as it is | hosts | leftovers | of them out | lines of text | of them out |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|")?;
    taken.iter().try_for_each(|taken| taken.write(out))
}

/// Leaves out the pages of hosts that have fewer than `least` of them, or no name.
fn of_hosts_with(least: usize, pages: Vec<Page>) -> Vec<Page> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for page in &pages {
        *counts.entry(page.host.clone()).or_default() += 1;
    }
    let has_several = |page: &Page| !page.host.is_empty() && counts[&page.host] >= least;
    pages.into_iter().filter(has_several).collect()
}

/// Returns the pages as documents, through `clean` where it is given; `None` for what it dropped.
fn documents(pages: &[Page], clean: Option<&Clean>) -> Result<Vec<Option<Document>>> {
    let document = |(number, page): (usize, &Page)| {
        let path = format!("{}/{number}.txt", page.host);
        let text = text_of(&page.lines);
        let Some(clean) = clean else {
            return Ok(Some(Document::of_text(&path, &text)));
        };
        let len = text.len() as u64;
        let place = Provenance {
            file_path: path,
            file_bytes: len,
            modified: jiff::Timestamp::UNIX_EPOCH,
            record_index: 0,
            bytes: 0..len,
        };
        let mut doc = Document::new(Bytes::from(text), place);
        Ok((clean.apply(&mut doc)? == Verdict::Pass).then_some(doc))
    };
    pages.iter().enumerate().map(document).collect()
}

/// Counts all documents, then strips each.
fn stripped(docs: &[Option<Document>], min_documents: u32) -> Result<Vec<Option<Document>>> {
    let options = StripRepeatsOptions {
        key: GroupBy::Folder,
        min_documents,
        counts: Counting::Learned,
        ..StripRepeatsOptions::default()
    };
    let cx = StageCx::inline(STAGE);
    let (mut counter, learning) = learner(&options);
    for doc in docs.iter().flatten() {
        block_on(counter.process(&mut doc.clone(), &cx))?;
    }
    block_on(counter.finish(&cx))?;
    let learned = learning.finish().context("the first pass did not end")?;
    let store = Arc::new(MemoryStore::default());
    store.commit(&Commit {
        writes: learned.writes(STAGE, "eval"),
        ..Commit::default()
    })?;
    let deps = StageDeps {
        stage: STAGE.to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: store as Arc<dyn StateRead>,
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        base_dir: PathBuf::new(),
    };
    let BuiltStage::Stage(mut stage) = StripRepeats::build(options, &deps)? else {
        anyhow::bail!("`{STAGE}` is a stage that keeps state");
    };
    let mut after = docs.to_vec();
    for doc in after.iter_mut().flatten() {
        block_on(stage.process(doc, &cx))?;
    }
    Ok(after)
}

fn kept(page: &Page, doc: Option<&Document>) -> Result<Vec<bool>> {
    match doc {
        Some(doc) => lines_in(doc, &page.lines),
        None => Ok(vec![false; page.lines.len()]),
    }
}

/// What was taken out of the pages of a split.
struct Taken {
    split: String,
    hosts: usize,
    /// Leftovers, and those of them that went; lines of text likewise.
    leftovers: [u64; 2],
    text: [u64; 2],
}

impl Taken {
    fn of(
        split: &str,
        pages: &[Page],
        after: &[Option<Document>],
        errors: bool,
        out: &mut dyn Write,
    ) -> Result<Self> {
        let mut hosts: Vec<_> = pages.iter().map(|page| page.host.as_str()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let mut taken = Self {
            split: split.to_owned(),
            hosts: hosts.len(),
            leftovers: [0; 2],
            text: [0; 2],
        };
        for (page, doc) in pages.iter().zip(after) {
            let kept = kept(page, doc.as_ref())?;
            for (index, line) in page.lines.iter().enumerate() {
                if page.skip.contains(&index) || line.trim().is_empty() {
                    continue;
                }
                let is_text = page.keep[index] == 1;
                let counts = match is_text {
                    true => &mut taken.text,
                    false => &mut taken.leftovers,
                };
                counts[0] += 1;
                counts[1] += u64::from(!kept[index]);
                if errors && is_text && !kept[index] {
                    let start: String = line.chars().take(100).collect();
                    writeln!(out, "  {}: {start}", page.host)?;
                }
            }
        }
        Ok(taken)
    }

    fn write(&self, out: &mut dyn Write) -> Result<()> {
        let (split, hosts) = (&self.split, self.hosts);
        let [leftovers, gone] = self.leftovers;
        let [text, wrong] = self.text;
        writeln!(
            out,
            "| {split} | {hosts} | {leftovers} | {gone} | {text} | {wrong} |"
        )?;
        Ok(())
    }
}

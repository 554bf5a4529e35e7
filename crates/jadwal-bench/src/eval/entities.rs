//! `eval entities`: names found in labelled corpora, exact in place and type.
//!
//! Each sentence is a document of its own, its tokens with a blank between two, so nothing that a
//! longer document would tell helps. A name is right where it covers the tokens of a labelled one
//! and has its type. Two rows a corpus: the trained tagger alone, and the whole stage.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use clap::Args;
use jadwal_core::facts::{Label, Language};
use jadwal_core::{
    BuiltStage, Clock, Document, Edited, OriginMap, Provenance, StageDeps, StageSpec, Transform,
};
use jadwal_extract_entities::training::{Counts, Sentence, count_names, read_split};
use jadwal_extract_entities::{ExtractEntities, ExtractEntitiesOptions, TaggedSpan, Taggers};
use jadwal_store::MemoryStore;
use jiff::Timestamp;

/// What is scored, and where it lies.
#[derive(Debug, Args)]
pub struct Options {
    /// Folder of corpora, `LANGUAGE/CORPUS/SPLIT.conll`, also `.gz`
    #[arg(long, value_name = "DIR", default_value = "../shared/data/ner")]
    data: PathBuf,
    /// The split
    #[arg(long, default_value = "dev")]
    split: String,
    /// Score these languages only
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
}

pub(crate) fn run(options: &Options, out: &mut dyn Write) -> Result<()> {
    if !options.data.is_dir() {
        writeln!(
            out,
            "skipped: there is no folder `{}`",
            options.data.display()
        )?;
        return Ok(());
    }
    writeln!(
        out,
        "| corpus | split | what | P | R | F1 | PER LOC ORG together | PER | LOC | ORG | MISC |"
    )?;
    writeln!(out, "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    let taggers = Taggers::new();
    for language in names_in(&options.data)? {
        if !options.languages.is_empty() && !options.languages.contains(&language) {
            continue;
        }
        let stage = Stage::new(&language)?;
        for corpus in names_in(&options.data.join(&language))? {
            let folder = options.data.join(&language).join(&corpus);
            let sentences = read_split(&folder, &options.split)?;
            if sentences.is_empty() {
                continue;
            }
            let split = match learnt(&corpus, &options.split) {
                true => format!("{}, mostly learnt: no score", options.split),
                false => options.split.clone(),
            };
            let mut row =
                |what: &str, counts| write_row(out, &[&language, &corpus, &split, what], counts);
            if let Some(tagger) = taggers.for_language(&language) {
                let bias = tagger.biases()[1];
                let tag = |text: &str| {
                    let mut spans = Vec::new();
                    tagger.tag(text, 0..text.len(), bias, &mut spans);
                    spans
                };
                row("tagger", count_names(&sentences, tag))?;
            }
            row("stage", stage.counts(&sentences)?)?;
        }
    }
    Ok(())
}

/// Whether the models have seen this split, or most of it: EWT has no `train`.
fn learnt(corpus: &str, split: &str) -> bool {
    split == "train" || (corpus == "uner_ewt" && split == "dev")
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let context = || format!("failed to list `{}`", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn write_row(
    out: &mut dyn Write,
    [language, corpus, split, what]: &[&str; 4],
    counts: [Counts; 4],
) -> Result<()> {
    let sum = |counts: &[Counts]| {
        counts
            .iter()
            .copied()
            .fold(Counts::default(), Counts::plus)
            .percent()
    };
    let [precision, recall, f1] = sum(&counts);
    let [.., three] = sum(&counts[..3]);
    write!(
        out,
        "| {language}/{corpus} | {split} | {what} | {precision:.1} | {recall:.1} | {f1:.1} | {three:.1} |"
    )?;
    for counts in counts {
        write!(out, " {:.1} |", counts.percent()[2])?;
    }
    writeln!(out)?;
    Ok(())
}

/// The whole stage, for documents of one language.
struct Stage {
    transform: Arc<dyn Transform>,
    language: Language,
}

impl Stage {
    fn new(language: &str) -> Result<Self> {
        let deps = StageDeps {
            stage: "extract_entities".to_owned(),
            pipeline: Arc::default(),
            state: Arc::new(MemoryStore::default()),
            clock: Clock::fixed(Timestamp::UNIX_EPOCH),
            base_dir: PathBuf::new(),
        };
        let options = ExtractEntitiesOptions::default();
        let BuiltStage::Transform(transform) = ExtractEntities::build(options, &deps)? else {
            bail!("`extract_entities` is not a transform");
        };
        Ok(Self {
            transform,
            language: Language {
                tag: language.to_owned(),
                script: String::new(),
                score: 1.0,
            },
        })
    }

    fn counts(&self, sentences: &[Sentence]) -> Result<[Counts; 4]> {
        let mut failure = None;
        let counts = count_names(sentences, |text| {
            self.names(text).unwrap_or_else(|error| {
                failure = Some(error);
                Vec::new()
            })
        });
        failure.map_or(Ok(counts), Err)
    }

    fn names(&self, text: &str) -> Result<Vec<TaggedSpan>> {
        let mut document = document(text);
        document.facts_mut().language = Some(self.language.clone());
        self.transform.apply(&mut document)?;
        let name = |label| match label {
            Label::Event => Some(Label::Misc),
            Label::Per | Label::Loc | Label::Org | Label::Misc => Some(label),
            _ => None,
        };
        let entities = document.facts().entities.iter();
        Ok(entities
            .filter_map(|entity| {
                Some(TaggedSpan {
                    range: entity.range.clone(),
                    label: name(entity.label)?,
                    score: entity.score,
                })
            })
            .collect())
    }
}

fn document(text: &str) -> Document {
    let place = Provenance {
        file_path: "sentence.txt".to_owned(),
        file_bytes: text.len() as u64,
        modified: Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..text.len() as u64,
    };
    let mut document = Document::new(Bytes::copy_from_slice(text.as_bytes()), place);
    document.replace_text(Edited {
        text: text.to_owned(),
        map: OriginMap::identity(text.len()),
    });
    document
}

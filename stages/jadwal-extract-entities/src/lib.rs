//! Finds persons, places, organisations, dates, amounts and addresses, with normal forms and links.
//!
//! Patterns, tables and rules for Arabic, English and French, and trained taggers (`models/MODEL.md`)
//! for names that no table has. Every finder hands its entities over in one row
//! (`found.rs`); the document pass links those that mean one thing (`document.rs`). Entities are
//! byte ranges of the text, by start, without overlaps. The language that an earlier stage gave
//! decides what `12.500` means and which tagger reads what.
//!
//! | label | normal form | link |
//! |---|---|---|
//! | `DATE` | ISO 8601, ranges with a slash; without year `--11-21`; unresolved `relative:-P1D` | |
//! | `TIME` | `T14:30`, `T14:30Z` | |
//! | `MONEY` | `26000000000 USD`; `XXX` where text and document name no country | |
//! | `PERCENT` | `25` | |
//! | `QUANTITY` | `12 km` | |
//! | `URL EMAIL PHONE` | address; phone in E.164, or its digits where no country is named | |
//! | `PER` | the fullest name that the document gives | of your own lists |
//! | `LOC` | English name of CLDR, or name of GeoNames | `iso3166:QA`, `geonames:290030`, `m49:150`, or empty |
//! | `ORG` | English name | `wikidata:Q1065`, or empty |
//!
//! `mention_of` leads from each later mention to the first one of the same entity. Ids that hold across documents,
//! spellings, candidates, titles and offices go into `extra` (`details.rs` gives the shape).
//!
//! Islamic dates are read in the Umm al-Qura calendar. A line break ends every entity.

mod addresses;
mod amounts;
mod arbitration;
mod calendar;
mod cities;
mod context;
mod cues;
mod dates;
mod decimal;
mod details;
mod document;
mod extractor;
mod found;
mod gazetteer;
mod hashing;
mod identity;
mod items;
mod key_map;
mod letters;
mod lexicon;
mod lists;
mod mentions;
mod names;
mod numbers;
mod numeric_dates;
#[cfg(feature = "onnx")]
mod onnx;
mod options;
mod people;
mod periods;
mod reference;
mod relative;
mod tables;
mod tagger;
mod taggers;
#[cfg(test)]
mod tests;
mod times;
mod titles;
mod tokens;
#[cfg(feature = "train")]
pub mod training;

pub use options::{
    Backend, DateOrder, ExtractEntitiesOptions, OnnxOptions, RelativeTo, TaggerBalance,
};
pub use tagger::{ModelError, TaggedSpan, Tagger};
pub use taggers::Taggers;

use std::path::PathBuf;

use jadwal_core::{
    BuildError, BuiltStage, Document, Fact, Problem, StageDeps, StageResult, StageSpec, Transform,
    Verdict,
};

use crate::details::details;
use crate::extractor::{Extraction, Extractor};
use crate::reference::Reference;
use crate::taggers::Languages;

/// The stage `extract_entities`.
#[derive(Debug)]
pub struct ExtractEntities;

impl StageSpec for ExtractEntities {
    const KIND: &'static str = "extract_entities";
    const SUMMARY: &'static str =
        "Finds persons, places, organisations, dates and amounts, with links";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Entities];
    type Options = ExtractEntitiesOptions;

    fn check(options: &ExtractEntitiesOptions) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if !(0.0..=1.0).contains(&options.min_score) {
            let message = format!("`{}` is not between 0 and 1", options.min_score);
            problems.push(Problem::new("min_score", message));
        }
        if options.lists.iter().any(|list| list.as_os_str().is_empty()) {
            problems.push(Problem::new("lists", "a list has an empty path"));
        }
        problems.extend(backend_problem(options));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn files(options: &ExtractEntitiesOptions) -> Vec<PathBuf> {
        let mut files = options.lists.clone();
        if options.backend == Backend::Onnx {
            files.extend(options.onnx.files());
        }
        files
    }

    fn build(options: ExtractEntitiesOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        let (details, by_file) = (options.details, options.relative_to == RelativeTo::File);
        let extractor = Extractor::new(options, &deps.base_dir)
            .map_err(|error| BuildError::new("build the entity extractor", error))?;
        Ok(BuiltStage::transform(Extract {
            extractor,
            stage: deps.stage.clone(),
            details,
            by_file,
        }))
    }
}

/// Returns what is wrong with the choice of the tagger.
fn backend_problem(options: &ExtractEntitiesOptions) -> Option<Problem> {
    let message = match options.backend {
        Backend::Crf => return None,
        Backend::Onnx if cfg!(not(feature = "onnx")) => {
            "`onnx` is not in this build: build Jadwal with `--features onnx`, or take `crf`"
        }
        Backend::Onnx if options.onnx.folder.as_os_str().is_empty() => {
            "`onnx` needs `onnx.folder`, the folder with `model.onnx`, `tokenizer.json` and `config.json`"
        }
        Backend::Onnx if options.onnx.max_tokens < LEAST_TOKENS => {
            "`onnx.max_tokens` is below 8: no sentence fits in so little"
        }
        Backend::Onnx => return None,
    };
    Some(Problem::new("backend", message))
}

/// A word with the marks that a model sets around it.
const LEAST_TOKENS: usize = 8;

struct Extract {
    extractor: Extractor,
    /// The stage's id, under which details go into `extra`.
    stage: String,
    details: bool,
    by_file: bool,
}

impl Extract {
    /// Returns the day that relative dates in `doc` count from.
    fn reference(&self, doc: &Document) -> Option<Reference> {
        let facts = doc.facts();
        let place = doc.provenance();
        let modified = self.by_file.then(|| place.modified.to_string());
        let addresses = [facts.url.as_str(), place.file_path.as_str()];
        Reference::of(&facts.created, addresses, modified.as_deref())
    }
}

impl Transform for Extract {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let reference = self.reference(doc);
        let languages = Languages::of(doc.facts());
        let found = self
            .extractor
            .extract(&text, &languages, reference.as_ref())?;
        if self.details {
            let Extraction {
                entities,
                chains,
                held,
            } = &found;
            if let Some(details) = details(&text, entities, chains, held, reference.as_ref()) {
                doc.set_extra(&self.stage, details);
            }
        }
        doc.facts_mut().entities = found.entities;
        Ok(Verdict::Pass)
    }
}

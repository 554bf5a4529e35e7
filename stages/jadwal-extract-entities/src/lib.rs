//! Finds dates, amounts, addresses and places, with normal forms and links.
//!
//! Patterns and tables only, for Arabic, English and French; persons and names that no table has
//! are not found. Entities are byte ranges of the text, by start, without overlaps. A language, where
//! an earlier stage gave one, decides what `12.500` means; nothing else asks for it.
//!
//! | label | normal form | link |
//! |---|---|---|
//! | `DATE` | ISO 8601, ranges with a slash; without year `--11-21`; `relative:-P1D` | |
//! | `TIME` | `T14:30` | |
//! | `MONEY` | `26000000000 USD`; `XXX` where the text names no country | |
//! | `PERCENT` | `25` | |
//! | `QUANTITY` | `12 km` | |
//! | `URL EMAIL PHONE` | address; phone in E.164 | |
//! | `LOC` | English name of CLDR | `iso3166:QA`, `capital:QA`, `m49:150`, or empty |
//! | `ORG` | English name | `wikidata:Q1065`, or empty |
//!
//! Islamic dates are read in the Umm al-Qura calendar. A line break ends every entity.

mod addresses;
mod amounts;
mod calendar;
mod dates;
mod extractor;
mod found;
mod hashing;
mod items;
mod letters;
mod lexicon;
mod names;
mod numbers;
mod numeric_dates;
mod options;
mod relative;
mod tables;
mod tagger;
#[cfg(test)]
mod tests;
mod times;
mod tokens;
#[cfg(feature = "train")]
pub mod training;

pub use options::{DateOrder, ExtractEntitiesOptions};
pub use tagger::{ModelError, TaggedSpan, Tagger};

use jadwal_core::{
    BuildError, BuiltStage, Document, Fact, Problem, StageDeps, StageResult, StageSpec, Transform,
    Verdict,
};

use crate::extractor::Extractor;
use crate::options::KNOWN_LABELS;

/// The stage `extract_entities`.
#[derive(Debug)]
pub struct ExtractEntities;

impl StageSpec for ExtractEntities {
    const KIND: &'static str = "extract_entities";
    const SUMMARY: &'static str = "Finds dates, amounts, addresses and places, with normal forms";
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
        for label in &options.labels {
            if !KNOWN_LABELS.contains(label) {
                let message = format!("{label:?} is not found by this stage");
                problems.push(Problem::new("labels", message));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn build(options: ExtractEntitiesOptions, _deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        let extractor = Extractor::new(options)
            .map_err(|error| BuildError::new("build the entity extractor", error))?;
        Ok(BuiltStage::transform(Extract { extractor }))
    }
}

struct Extract {
    extractor: Extractor,
}

impl Transform for Extract {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let language = doc
            .facts()
            .language
            .as_ref()
            .map_or("", |language| &language.tag);
        let entities = self.extractor.extract(&text, language);
        doc.facts_mut().entities = entities;
        Ok(Verdict::Pass)
    }
}

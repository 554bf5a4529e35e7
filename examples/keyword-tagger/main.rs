//! A stage in Rust that tags keywords with a label of your choice, whatever their spelling, and can
//! drop documents without any.
//!
//! ```text
//! cargo run -p jadwal --example keyword_tagger -- batch samples -o - --stateless \
//!     --config examples/keyword-tagger/pipeline.toml
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;

use jadwal::Registry;
use jadwal_core::facts::{Entity, Label};
use jadwal_core::fold::fold;
use jadwal_core::{
    BuildError, BuiltStage, Document, DropReason, Fact, Problem, StageDeps, StageResult, StageSpec,
    Transform, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of `tag_keywords`.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct TagKeywordsOptions {
    /// Words, and the label that each is tagged with. Hamza, tatweel, marks, digits and case make no
    /// difference. Default: none.
    keywords: BTreeMap<String, Label>,
    /// Whether documents without any of them are dropped. Default: false.
    required: bool,
}

struct TagKeywords {
    /// By folded word.
    labels: BTreeMap<String, (String, Label)>,
    required: bool,
}

impl StageSpec for TagKeywords {
    const KIND: &'static str = "tag_keywords";
    const SUMMARY: &'static str = "Tags words of a list, whatever their spelling";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Entities];
    type Options = TagKeywordsOptions;

    fn check(options: &TagKeywordsOptions) -> Result<(), Vec<Problem>> {
        let odd = options
            .keywords
            .keys()
            .filter(|word| fold(word).contains(' ') || fold(word).is_empty());
        let problem = |word: &String| Problem {
            path: vec!["keywords".to_owned(), word.clone()],
            message: "is not one word of letters and digits".to_owned(),
        };
        let problems: Vec<_> = odd.map(problem).collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(problems),
        }
    }

    fn build(options: TagKeywordsOptions, _: &StageDeps) -> Result<BuiltStage, BuildError> {
        let keywords = options.keywords.into_iter();
        let labels = keywords
            .map(|(word, label)| (fold(&word), (word, label)))
            .collect();
        Ok(BuiltStage::transform(Self {
            labels,
            required: options.required,
        }))
    }
}

impl Transform for TagKeywords {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let mut found = Vec::new();
        for (start, word) in words(&text) {
            if let Some((norm, label)) = self.labels.get(&fold(word)) {
                found.push(Entity {
                    range: start..start + word.len(),
                    label: *label,
                    norm: norm.clone(),
                    link: String::new(),
                    mention_of: None,
                    score: 1.0,
                });
            }
        }
        if found.is_empty() && self.required {
            let why = "none of the keywords is in it".to_owned();
            return Ok(Verdict::Drop(DropReason::Filtered { why }));
        }
        doc.set_extra(Self::KIND, serde_json::json!({ "found": found.len() }));
        doc.facts_mut().add_entities(found);
        Ok(Verdict::Pass)
    }
}

/// Runs of letters, digits and marks, with where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let gap = |c: char| c.is_whitespace() || (c.is_ascii_punctuation()) || "،؛؟«»…—–".contains(c);
    let start_of = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let pieces = text.split(gap).filter(|word| !word.is_empty());
    pieces.map(move |word| (start_of(word), word))
}

fn main() -> ExitCode {
    jadwal::main(Registry::builtin().with::<TagKeywords>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tagged(text: &str, required: bool) -> (Document, StageResult) {
        let options =
            json!({ "keywords": { "إدارة": "ORG", "Doha": "LOC" }, "required": required });
        jadwal_testkit::run_transform::<TagKeywords>(options, text)
    }

    #[test]
    fn spelling_makes_no_difference() {
        let (doc, result) = tagged("🙂 «الإدارة» ادارة DOHA, Dohas", false);
        assert_eq!(result.unwrap(), Verdict::Pass);
        let found: Vec<_> = doc
            .facts()
            .entities
            .iter()
            .map(|entity| &doc.text().unwrap()[entity.range.clone()])
            .collect();
        assert_eq!(found, ["ادارة", "DOHA"]);
    }

    #[test]
    fn a_document_without_any_can_be_dropped() {
        let (_, result) = tagged("nothing here", true);
        assert!(matches!(result, Ok(Verdict::Drop(_))));
    }

    #[test]
    fn it_keeps_the_contract_of_every_stage() {
        let options = json!({ "keywords": { "قطر": "LOC" } });
        jadwal_testkit::assert_conforms::<TagKeywords>(&options, std::path::Path::new(""));
    }
}

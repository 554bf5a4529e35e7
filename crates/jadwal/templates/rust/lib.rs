//! my_stage: tags words of a list, and counts them in `extra`.
//!
//! ```text
//! cargo test                       its own test, and the one that every stage must pass
//! cargo run -- stages my_stage     what its options are
//! cargo run -- batch               the pipeline with it
//! ```
//!
//! The binary has the whole `jadwal` command line. `jadwal build --with .` makes one with this stage and
//! others.

use jadwal_core::facts::{Entity, Label};
use jadwal_core::{
    BuildError, BuiltStage, Document, Fact, Problem, StageDeps, StageResult, StageSpec, Transform,
    Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The stage.
pub struct MyStage {
    words: Vec<String>,
}

/// Its options, as in `[stages.my_stage.options]`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The words to tag. Default: `["ميناء", "harbour"]`.
    pub words: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            words: ["ميناء", "harbour"].map(String::from).to_vec(),
        }
    }
}

impl StageSpec for MyStage {
    const KIND: &'static str = "my_stage";
    const SUMMARY: &'static str = "Tags words of a list";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Entities];
    type Options = Options;

    fn check(options: &Options) -> Result<(), Vec<Problem>> {
        match options.words.iter().any(String::is_empty) {
            true => Err(vec![Problem::new("words", "a word is empty")]),
            false => Ok(()),
        }
    }

    fn build(options: Options, _: &StageDeps) -> Result<BuiltStage, BuildError> {
        let words = options.words;
        Ok(BuiltStage::transform(Self { words }))
    }
}

impl Transform for MyStage {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let mut found = Vec::new();
        for word in &self.words {
            found.extend(
                text.match_indices(word.as_str())
                    .map(|(start, word)| Entity {
                        range: start..start + word.len(),
                        label: Label::Misc,
                        norm: word.to_owned(),
                        link: String::new(),
                        mention_of: None,
                        score: 1.0,
                    }),
            );
        }
        doc.set_extra(Self::KIND, serde_json::json!({ "found": found.len() }));
        doc.facts_mut().add_entities(found);
        Ok(Verdict::Pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tags_the_words_of_the_list() {
        let options = serde_json::json!({ "words": ["ميناء"] });
        let (doc, result) = jadwal_testkit::run_transform::<MyStage>(options, "🙂 قرب ميناء");
        assert_eq!(result.unwrap(), Verdict::Pass);
        assert_eq!(doc.facts().entities[0].range, 12..22);
    }

    #[test]
    fn it_keeps_the_contract_of_every_stage() {
        let options = serde_json::json!({});
        jadwal_testkit::assert_conforms::<MyStage>(&options, std::path::Path::new(""));
    }
}

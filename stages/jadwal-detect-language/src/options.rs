//! The options of the stage: which languages, how sure, how much is read.

use std::num::{NonZeroU32, NonZeroU64};

use jadwal_core::Problem;
use jadwal_core::units::ByteSize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::detector::{Detector, NgramDetector, UNDETERMINED};

/// Options of `detect_language`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DetectLanguageOptions {
    /// Languages that documents may be in, as BCP 47 tags (`["ar", "fr"]`); no other is ever named.
    /// A short list makes short texts surer. Default: empty, which means all that are known.
    pub languages: Vec<String>,
    /// Languages to keep: a document in another one is dropped. `und` keeps those whose language
    /// could not be told. Default: empty, which keeps all.
    pub keep: Vec<String>,
    /// Score below which a language is not named and the document is `und`, 0 to 1. Default: 0.5.
    pub min_score: f32,
    /// Letters below which a document is `und`. Letters of addresses and identifiers don't count.
    /// Default: 8.
    pub min_letters: NonZeroU32,
    /// Whether the languages of the document's parts are told too. Default: true.
    pub segments: bool,
    /// Bytes that are read for the document's language: three windows at its start, middle and end.
    /// Segments are told for the whole text. Default: `3 KiB`.
    pub max_bytes: ByteSize,
}

impl Default for DetectLanguageOptions {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            keep: Vec::new(),
            min_score: 0.5,
            min_letters: NonZeroU32::MIN.saturating_add(7),
            segments: true,
            max_bytes: ByteSize(3 * 1024),
        }
    }
}

impl DetectLanguageOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if !(0.0..=1.0).contains(&self.min_score) {
            let message = format!("{} is not between 0 and 1", self.min_score);
            problems.push(Problem::new("min_score", message));
        }
        if NonZeroU64::new(self.max_bytes.bytes()).is_none() {
            problems.push(Problem::new(
                "max_bytes",
                "nothing would be read; give at least `1 B`",
            ));
        }
        match NgramDetector::builtin(&[]) {
            Ok(detector) => self.check_tags(&detector.languages(), &mut problems),
            Err(error) => problems.push(Problem::new("languages", error.to_string())),
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn check_tags(&self, known: &[&str], problems: &mut Vec<Problem>) {
        for (key, tags, und) in [
            ("languages", &self.languages, false),
            ("keep", &self.keep, true),
        ] {
            for (index, tag) in tags.iter().enumerate() {
                if known.contains(&tag.as_str()) || (und && tag == UNDETERMINED) {
                    continue;
                }
                problems.push(Problem {
                    path: vec![key.to_owned(), index.to_string()],
                    message: format!(
                        "`{tag}` is no language that can be told; known: {}",
                        known.join(", ")
                    ),
                });
            }
        }
        for (index, tag) in self.keep.iter().enumerate() {
            let told = self.languages.is_empty() || self.languages.contains(tag);
            if !told && known.contains(&tag.as_str()) {
                problems.push(Problem {
                    path: vec!["keep".to_owned(), index.to_string()],
                    message: format!(
                        "`{tag}` is not in `languages`, so no document would be in it"
                    ),
                });
            }
        }
    }
}

//! The options of the stage: which languages, how sure, how much is read.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};

use jadwal_core::Problem;
use jadwal_core::units::ByteSize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::detector::{Detector, NgramDetector, UNDETERMINED};
use crate::naming::{Naming, covers};

/// Options of `detect_language`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DetectLanguageOptions {
    /// Languages that documents may be in, as BCP 47 tags (`["ar", "fr"]`); no other is ever named.
    /// A short list makes short texts surer. `sr` stands for `sr-Cyrl` and `sr-Latn`. Default: empty,
    /// which means all that are known.
    pub languages: Vec<String>,
    /// How much likelier than others a language is before the text is read: with `{ ar = 10 }`
    /// Arabic is ten times likelier than one that is not named. Default: empty, all are alike.
    pub weights: BTreeMap<String, f32>,
    /// Languages to keep: a document in another one is dropped. `und` keeps those whose language
    /// could not be told, `uz` keeps `uz-Cyrl` too. Default: empty, which keeps all.
    pub keep: Vec<String>,
    /// Whether dialects and varieties are told apart: Levantine `apc`, Egyptian `arz`, Algerian and
    /// Moroccan `arq`, Hassaniya `mey`, Dari `fa-AF`. They were trained on little text. Default:
    /// false, which tells `ar` and `fa`.
    pub varieties: bool,
    /// Whether Bosnian, Croatian and Serbian, which texts of one sentence hardly tell apart, are
    /// named each or all `sh`. Default: `separate`.
    pub serbo_croatian: SerboCroatian,
    /// Score below which a language is not named and the document is `und`, 0 to 1. Default: 0.5.
    pub min_score: f64,
    /// The same for texts with fewer than 20 letters; the higher of both counts. Default: 0.7.
    pub min_score_short: f64,
    /// Score from which the second likeliest language of a document is told too, in the record under
    /// `extra`: `{"detect_language": {"runner_up": {"language": "fa", "score": 0.2}}}`. Where the
    /// document is `und` for a low score, the language that was refused is told. 1 tells none.
    /// Default: 0.1.
    pub min_runner_up: f64,
    /// Letters below which a document is `und`. Letters of addresses and identifiers don't count.
    /// Default: 8.
    pub min_letters: NonZeroU32,
    /// Whether the languages of the document's parts are told too. Default: true.
    pub segments: bool,
    /// Bytes that are read for the document's language, in windows spread from its start to its end.
    /// Segments are told for the whole text. Default: `3 KiB`.
    pub max_bytes: ByteSize,
    /// Number of windows; 1 reads the start only. Default: 3.
    pub windows: NonZeroU32,
}

/// How Bosnian, Croatian and Serbian are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SerboCroatian {
    /// `bs`, `hr`, `sr-Cyrl` and `sr-Latn`.
    #[default]
    Separate,
    /// `sh`.
    Merged,
}

impl Default for DetectLanguageOptions {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            weights: BTreeMap::new(),
            keep: Vec::new(),
            varieties: false,
            serbo_croatian: SerboCroatian::Separate,
            min_score: 0.5,
            min_score_short: 0.7,
            min_runner_up: 0.1,
            min_letters: NonZeroU32::MIN.saturating_add(7),
            segments: true,
            max_bytes: ByteSize(3 * 1024),
            windows: NonZeroU32::MIN.saturating_add(2),
        }
    }
}

impl DetectLanguageOptions {
    /// Looks at the values alone.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        for (key, score) in [
            ("min_score", self.min_score),
            ("min_score_short", self.min_score_short),
            ("min_runner_up", self.min_runner_up),
        ] {
            if !(0.0..=1.0).contains(&score) {
                let message = format!("{score} is not between 0 and 1");
                problems.push(Problem::new(key, message));
            }
        }
        if NonZeroU64::new(self.max_bytes.bytes()).is_none() {
            problems.push(Problem::new(
                "max_bytes",
                "nothing would be read; give at least `1 B`",
            ));
        }
        let naming = Naming {
            allowed: Vec::new(),
            weights: BTreeMap::new(),
            ..self.naming()
        };
        match NgramDetector::builtin_naming(naming) {
            Ok(detector) => self.check_tags(&detector.languages(), &mut problems),
            Err(error) => problems.push(Problem::new("languages", error.to_string())),
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Returns how the detector names languages.
    pub(crate) fn naming(&self) -> Naming {
        Naming {
            allowed: self.languages.clone(),
            weights: self.weights.clone(),
            varieties: self.varieties,
            serbo_croatian: self.serbo_croatian == SerboCroatian::Merged,
        }
    }

    fn check_tags(&self, known: &[&str], problems: &mut Vec<Problem>) {
        let is_known = |tag: &str| known.iter().any(|one| covers(tag, one));
        let unknown = |key: &str, place: String, tag: &str| Problem {
            path: vec![key.to_owned(), place],
            message: format!(
                "`{tag}` is no language that can be told; known: {}",
                known.join(", ")
            ),
        };
        for (index, tag) in self.languages.iter().enumerate() {
            if !is_known(tag) {
                problems.push(unknown("languages", index.to_string(), tag));
            }
        }
        for (tag, weight) in &self.weights {
            if !is_known(tag) {
                problems.push(unknown("weights", tag.clone(), tag));
            } else if !(weight.is_finite() && *weight > 0.0) {
                problems.push(Problem {
                    path: vec!["weights".to_owned(), tag.clone()],
                    message: format!("{weight} is not above 0"),
                });
            }
        }
        self.check_keep(known, unknown, problems);
    }

    fn check_keep(
        &self,
        known: &[&str],
        unknown: impl Fn(&str, String, &str) -> Problem,
        problems: &mut Vec<Problem>,
    ) {
        let naming = self.naming();
        for (index, tag) in self.keep.iter().enumerate() {
            let told = known
                .iter()
                .any(|one| covers(tag, one) && naming.allows(one));
            if tag == UNDETERMINED || told {
                continue;
            }
            problems.push(match known.iter().any(|one| covers(tag, one)) {
                false => unknown("keep", index.to_string(), tag),
                true => Problem {
                    path: vec!["keep".to_owned(), index.to_string()],
                    message: format!(
                        "`{tag}` is not in `languages`, so no document would be in it"
                    ),
                },
            });
        }
    }
}

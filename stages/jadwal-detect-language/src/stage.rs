//! The transform: reads windows of the text for the document's language, then the whole text for
//! its segments.

use jadwal_core::facts::Language;
use jadwal_core::{Document, DropReason, StageResult, StageSpec, Transform, Verdict};
use serde_json::{Value, json};

use crate::DetectLanguage;
use crate::alphabet::Alphabet;
use crate::detector::{Detection, Detector, NgramDetector, UNDETERMINED};
use crate::model::ModelError;
use crate::naming::covers;
use crate::options::DetectLanguageOptions;
use crate::segments::{language_of, segments};

/// Letters below which a text is short.
const SHORT: u32 = 20;

/// Tags documents by what `detector` says.
pub struct LanguageTagger {
    options: DetectLanguageOptions,
    detector: Box<dyn Detector>,
    alphabet: Alphabet,
    /// The key of `extra` that the runner-up stands under.
    id: String,
}

impl LanguageTagger {
    /// Returns a tagger that asks the built-in model.
    ///
    /// # Errors
    /// When the model that was compiled in is damaged.
    pub fn builtin(options: DetectLanguageOptions) -> Result<Self, ModelError> {
        let detector = NgramDetector::builtin_naming(options.naming())?;
        Ok(Self::new(options, Box::new(detector)))
    }

    /// Returns a tagger that asks `detector`. The options that choose and name languages are the
    /// detector's to heed.
    #[must_use]
    pub fn new(options: DetectLanguageOptions, detector: Box<dyn Detector>) -> Self {
        Self {
            options,
            detector,
            alphabet: Alphabet::new(),
            id: DetectLanguage::KIND.to_owned(),
        }
    }

    /// Tells the runner-up under the id of the stage, where that is another than its kind.
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        self.id = id.to_owned();
        self
    }

    /// Returns the language of `text` as a whole, `und` where it is too short or the detector unsure,
    /// and the runner-up.
    fn language(&self, text: &str) -> (Language, Option<Value>) {
        let limit = usize::try_from(self.options.max_bytes.bytes()).unwrap_or(usize::MAX);
        let count = self.options.windows.get() as usize;
        let detection = self.detector.detect(&windows(text, limit, count));
        let mut language = language_of(&detection);
        let too_short = detection.letters < self.options.min_letters.get();
        let min_score = match detection.letters {
            ..SHORT => self.options.min_score.max(self.options.min_score_short),
            _ => self.options.min_score,
        };
        if too_short || f64::from(language.score) < min_score {
            language.tag = UNDETERMINED.to_owned();
        }
        if language.tag == UNDETERMINED {
            language.score = 0.0;
        }
        let runner_up = match too_short {
            true => None,
            false => self.runner_up(&detection, &language.tag),
        };
        (language, runner_up)
    }

    /// Returns the likeliest language but for `told`, as the record has it, if it is likely enough.
    fn runner_up(&self, detection: &Detection<'_>, told: &str) -> Option<Value> {
        let others = detection.candidates.iter();
        let mut others = others.filter(|other| other.tag != told && other.tag != UNDETERMINED);
        let next = others.next()?;
        let likely =
            self.options.min_runner_up < 1.0 && f64::from(next.score) >= self.options.min_runner_up;
        // Four places are more than the score knows; they print the same everywhere.
        let score = (f64::from(next.score) * 1e4).round() / 1e4;
        likely.then(|| json!({"runner_up": {"language": next.tag, "score": score}}))
    }
}

impl Transform for LanguageTagger {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let (language, runner_up) = self.language(&text);
        let keep = &self.options.keep;
        let verdict = match keep.is_empty() || keep.iter().any(|range| covers(range, &language.tag))
        {
            true => Verdict::Pass,
            false => Verdict::Drop(DropReason::Filtered {
                why: format!("language {} not kept", language.tag),
            }),
        };
        let parts = match self.options.segments && verdict == Verdict::Pass {
            true => segments(&self.alphabet, self.detector.as_ref(), &text, &language),
            false => Vec::new(),
        };
        if let Some(runner_up) = runner_up {
            doc.set_extra(&self.id, runner_up);
        }
        let facts = doc.facts_mut();
        facts.language = Some(language);
        facts.segments = parts;
        Ok(verdict)
    }
}

/// Returns `text`, or `count` parts of it, spread from its start to its end, if it is longer than
/// `limit`.
fn windows(text: &str, limit: usize, count: usize) -> Vec<&str> {
    if text.len() <= limit {
        return vec![text];
    }
    // At least one character each, however small the limit.
    let count = count.min(limit).max(1);
    let length = (limit / count).max(1);
    let gaps = (count - 1).max(1);
    let window = |index: usize| {
        // Wide numbers, for an index times a length may not fit.
        let start = (text.len() - length) as u128 * index as u128 / gaps as u128;
        let start = start as usize;
        &text[text.floor_char_boundary(start)..text.ceil_char_boundary(start + length)]
    };
    (0..count).map(window).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_between_start_and_end() {
        let cases: [(&str, usize, usize, &[&str]); 6] = [
            ("abc", 3, 3, &["abc"]),
            ("0123456789", 6, 3, &["01", "45", "89"]),
            ("0123456789", 4, 1, &["0123"]),
            ("0123456789", 2, 9, &["0", "9"]),
            ("سسسسس", 1, 3, &["س"]),
            ("", 1, 3, &[""]),
        ];
        for (text, limit, count, wanted) in cases {
            assert_eq!(windows(text, limit, count), wanted, "{text}");
        }
    }
}

//! The transform: reads windows of the text for the document's language, then the whole text for
//! its segments.

use jadwal_core::facts::Language;
use jadwal_core::{Document, DropReason, StageResult, Transform, Verdict};

use crate::alphabet::Alphabet;
use crate::detector::{Detector, UNDETERMINED};
use crate::options::DetectLanguageOptions;
use crate::segments::{language_of, segments};

/// Tags documents by what `detector` says.
pub struct LanguageTagger {
    options: DetectLanguageOptions,
    detector: Box<dyn Detector>,
    alphabet: Alphabet,
}

impl LanguageTagger {
    /// Returns a tagger that asks `detector`.
    #[must_use]
    pub fn new(options: DetectLanguageOptions, detector: Box<dyn Detector>) -> Self {
        Self {
            options,
            detector,
            alphabet: Alphabet::new(),
        }
    }

    /// Returns the language of `text` as a whole, `und` where it is too short or the detector unsure.
    fn language(&self, text: &str) -> Language {
        let limit = usize::try_from(self.options.max_bytes.bytes()).unwrap_or(usize::MAX);
        let detection = self.detector.detect(&windows(text, limit));
        let mut language = language_of(&detection);
        let too_short = detection.letters < self.options.min_letters.get();
        if too_short || language.score < self.options.min_score {
            language.tag = UNDETERMINED.to_owned();
        }
        if language.tag == UNDETERMINED {
            language.score = 0.0;
        }
        language
    }
}

impl Transform for LanguageTagger {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let language = self.language(&text);
        let keep = &self.options.keep;
        let verdict = match keep.is_empty() || keep.contains(&language.tag) {
            true => Verdict::Pass,
            false => Verdict::Drop(DropReason::Filtered {
                why: format!("language {} not kept", language.tag),
            }),
        };
        let parts = match self.options.segments && verdict == Verdict::Pass {
            true => segments(&self.alphabet, self.detector.as_ref(), &text, &language),
            false => Vec::new(),
        };
        let facts = doc.facts_mut();
        facts.language = Some(language);
        facts.segments = parts;
        Ok(verdict)
    }
}

/// Returns `text`, or its start, middle and end if it is longer than `limit`.
fn windows(text: &str, limit: usize) -> Vec<&str> {
    if text.len() <= limit {
        return vec![text];
    }
    // At least one character each, however small the limit.
    let length = (limit / 3).max(1);
    let starts = [0, (text.len() - length) / 2, text.len() - length];
    let window = |start: usize| {
        &text[text.floor_char_boundary(start)..text.ceil_char_boundary(start + length)]
    };
    starts.map(window).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_at_start_middle_and_end() {
        assert_eq!(windows("abc", 3), ["abc"]);
        assert_eq!(windows("0123456789", 6), ["01", "45", "89"]);
        assert_eq!(windows("سسسسس", 1), ["س", "س", "س"]);
        assert_eq!(windows("", 1), [""]);
    }
}

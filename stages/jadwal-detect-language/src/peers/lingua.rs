//! lingua, with the languages that were compiled into it: this crate's feature asks for a few; who
//! wants more names them as features of `lingua` in a manifest of their own.

use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};

use super::detection;
use crate::alphabet::Alphabet;
use crate::detector::{Candidate, Detection, Detector};

/// lingua in the place of the built-in detector.
pub struct LinguaDetector {
    detector: LanguageDetector,
    tags: Vec<(Language, String)>,
    alphabet: Alphabet,
}

impl LinguaDetector {
    /// Returns a detector of all languages that were compiled in; they are read when they are met.
    #[must_use]
    pub fn new() -> Self {
        let mut languages: Vec<_> = Language::all().into_iter().collect();
        languages.sort_unstable();
        Self {
            detector: LanguageDetectorBuilder::from_languages(&languages).build(),
            tags: languages.iter().map(|one| (*one, tag(*one))).collect(),
            alphabet: Alphabet::new(),
        }
    }

    fn tag(&self, language: Language) -> &str {
        let found = self.tags.iter().find(|(one, _)| *one == language);
        found.map_or(crate::detector::UNDETERMINED, |(_, tag)| tag)
    }
}

impl Default for LinguaDetector {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for LinguaDetector {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("LinguaDetector")
            .finish_non_exhaustive()
    }
}

impl Detector for LinguaDetector {
    fn detect(&self, parts: &[&str]) -> Detection<'_> {
        detection(&self.alphabet, parts, |text, _| {
            let told = self.detector.compute_language_confidence_values(text);
            let likely = told.into_iter().filter(|(_, score)| *score > 0.0).take(3);
            let candidates = likely.map(|(language, score)| Candidate {
                tag: self.tag(language),
                score: score as f32,
            });
            candidates.collect()
        })
    }

    fn languages(&self) -> Vec<&str> {
        let mut tags: Vec<_> = self.tags.iter().map(|(_, tag)| tag.as_str()).collect();
        tags.sort_unstable();
        tags
    }
}

/// Returns the tag of a language. lingua reads Serbian in Cyrillic letters only.
fn tag(language: Language) -> String {
    match language.iso_code_639_1().to_string().to_lowercase() {
        code if code == "sr" => "sr-Cyrl".to_owned(),
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lingua_tells_languages() {
        let detector = LinguaDetector::new();
        for (text, wanted, script) in [
            (
                "أعلنت البلدية أمس فتح الطريق الساحلي بعد إصلاحات دامت شهرين",
                "ar",
                "Arab",
            ),
            (
                "The council said yesterday that the road is open again",
                "en",
                "Latn",
            ),
            ("12 %", "und", "Zyyy"),
        ] {
            let detection = detector.detect(&[text]);
            assert_eq!((detection.best().tag, detection.script), (wanted, script));
        }
        assert!(detector.languages().contains(&"fa"));
    }
}

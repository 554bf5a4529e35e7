//! What the outputs of a token classifier mean, and how its labels become names.
//!
//! Labels are read as BIO, and as BIOES or BILOU, whose further letters say nothing that is needed here.

use std::ops::Range;

use jadwal_core::facts::Label;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::tagger::TaggedSpan;

/// Why labels can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LabelError {
    /// `config.json` is not understood.
    #[error("`config.json` has no `id2label` that can be read; set the option `labels`")]
    Config(#[source] serde_json::Error),
    /// Numbers are missing.
    #[error("`id2label` in `config.json` does not name the outputs 0 to {0}")]
    Gap(usize),
    /// No label means nothing.
    #[error("none of the labels is `O`, for words outside names")]
    NoOutside,
    /// No label means a name.
    #[error(
        "none of the labels is of a known type: persons (PER), places (LOC, GPE), organisations (ORG), \
         events (EVENT) or other names (MISC), as in `B-PER`"
    )]
    NoName,
}

/// What one output means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Outside names, or in one of a type that Jadwal has no label for.
    Outside,
    /// In a name.
    Inside { label: Label, begins: bool },
}

/// The meanings of all outputs.
#[derive(Debug)]
pub(crate) struct Labels {
    meanings: Vec<Meaning>,
    /// Index of `O`.
    outside: usize,
}

#[derive(Deserialize)]
struct Config {
    id2label: BTreeMap<String, String>,
}

impl Labels {
    /// Reads `id2label` of a `config.json`.
    pub(crate) fn of_config(config: &[u8]) -> Result<Self, LabelError> {
        let config: Config = serde_json::from_slice(config).map_err(LabelError::Config)?;
        let most = config.id2label.len().saturating_sub(1);
        let named = |id: usize| config.id2label.get(&id.to_string()).cloned();
        let labels: Option<Vec<_>> = (0..=most).map(named).collect();
        Self::of(&labels.ok_or(LabelError::Gap(most))?)
    }

    /// Reads labels in the order of the outputs.
    pub(crate) fn of(labels: &[String]) -> Result<Self, LabelError> {
        let outside = labels.iter().position(|label| label == "O");
        let meanings: Vec<_> = labels.iter().map(|label| meaning(label)).collect();
        if meanings.iter().all(|meaning| *meaning == Meaning::Outside) {
            return Err(LabelError::NoName);
        }
        Ok(Self {
            meanings,
            outside: outside.ok_or(LabelError::NoOutside)?,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.meanings.len()
    }

    /// Returns what makes names of the outputs of one window; `leaning` is added to that of `O`.
    pub(crate) fn decoder(&self, leaning: f32) -> Decoder<'_> {
        Decoder {
            labels: self,
            leaning,
            word: None,
            inside: false,
            spans: Vec::new(),
        }
    }

    /// Returns the likeliest meaning of a word, and how likely it is.
    fn judge(&self, logits: &[f32], leaning: f32) -> (Meaning, f32) {
        let logit = |at: usize| logits[at] + if at == self.outside { leaning } else { 0.0 };
        let best = (0..self.len())
            .max_by(|a, b| logit(*a).total_cmp(&logit(*b)).then(b.cmp(a)))
            .unwrap_or(self.outside);
        let all: f32 = (0..self.len())
            .map(|at| (logit(at) - logit(best)).exp())
            .sum();
        (self.meanings[best], 1.0 / all)
    }
}

/// Makes names of the pieces of one window.
pub(crate) struct Decoder<'a> {
    labels: &'a Labels,
    leaning: f32,
    /// The word that the last piece belonged to.
    word: Option<u32>,
    /// Whether that word is in the last of `spans`.
    inside: bool,
    spans: Vec<TaggedSpan>,
}

impl Decoder<'_> {
    /// Passes a piece of word `word` with the model's outputs. The first piece decides about the word.
    pub(crate) fn piece(&mut self, word: u32, range: Range<usize>, logits: &[f32]) {
        if self.word.replace(word) == Some(word) {
            if let Some(last) = self.spans.last_mut().filter(|_| self.inside) {
                last.range.end = range.end;
            }
            return;
        }
        let (meaning, likely) = self.labels.judge(logits, self.leaning);
        let Meaning::Inside { label, begins } = meaning else {
            self.inside = false;
            return;
        };
        let score = 0.5 + 0.5 * likely;
        let goes_on = |last: &&mut TaggedSpan| last.label == label && !begins;
        match self
            .spans
            .last_mut()
            .filter(|_| self.inside)
            .filter(goes_on)
        {
            Some(last) => {
                last.range.end = range.end;
                last.score = last.score.min(score);
            }
            None => self.spans.push(TaggedSpan {
                range,
                label,
                score,
            }),
        }
        self.inside = true;
    }

    pub(crate) fn finish(self) -> Vec<TaggedSpan> {
        self.spans
    }
}

/// Reads one label.
fn meaning(label: &str) -> Meaning {
    let (letter, kind) = match label.split_once(['-', '_']) {
        Some((letter, kind)) if letter.len() == 1 => (letter, kind),
        _ => ("I", label),
    };
    let label = match kind.to_ascii_uppercase().as_str() {
        "PER" | "PERS" | "PERSON" => Label::Per,
        "LOC" | "GPE" | "LOCATION" | "FAC" => Label::Loc,
        "ORG" | "ORGANIZATION" | "ORGANISATION" => Label::Org,
        "EVENT" | "EVE" => Label::Event,
        "MISC" | "MIS" => Label::Misc,
        _ => return Meaning::Outside,
    };
    Meaning::Inside {
        label,
        begins: matches!(letter, "B" | "S" | "U"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &[&str]) -> Result<Labels, LabelError> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        Labels::of(&names)
    }

    #[test]
    fn labels_of_several_schemes_are_read() {
        let inside = |label, begins| Meaning::Inside { label, begins };
        for (label, wanted) in [
            ("O", Meaning::Outside),
            ("B-PER", inside(Label::Per, true)),
            ("I-PERS", inside(Label::Per, false)),
            ("E-LOC", inside(Label::Loc, false)),
            ("S-GPE", inside(Label::Loc, true)),
            ("U_ORG", inside(Label::Org, true)),
            ("MISC", inside(Label::Misc, false)),
            ("B-DATE", Meaning::Outside),
        ] {
            assert_eq!(meaning(label), wanted, "{label}");
        }
    }

    #[test]
    fn labels_that_make_no_sense_are_refused() {
        assert!(matches!(labels(&["O", "B-DATE"]), Err(LabelError::NoName)));
        assert!(matches!(labels(&["B-PER"]), Err(LabelError::NoOutside)));
        let gap = br#"{"id2label": {"0": "O", "2": "B-PER"}}"#;
        assert!(matches!(Labels::of_config(gap), Err(LabelError::Gap(1))));
        let none = Labels::of_config(b"{}");
        assert!(matches!(none, Err(LabelError::Config(_))));
    }

    /// Scenario: `a b-b c d` with the labels B-PER, I-PER (its second piece says O), I-LOC, O.
    #[test]
    fn words_become_names() {
        let labels = labels(&["O", "B-PER", "I-PER", "I-LOC"]).unwrap();
        let mut decoder = labels.decoder(0.0);
        decoder.piece(0, 0..1, &[0.0, 9.0, 0.0, 0.0]);
        decoder.piece(1, 2..3, &[0.0, 0.0, 3.0, 0.0]);
        decoder.piece(1, 3..5, &[9.0, 0.0, 0.0, 0.0]);
        decoder.piece(2, 6..7, &[0.0, 0.0, 0.0, 9.0]);
        decoder.piece(3, 8..9, &[9.0, 0.0, 0.0, 0.0]);
        let spans = decoder.finish();
        let told: Vec<_> = spans
            .iter()
            .map(|span| (span.range.clone(), span.label))
            .collect();
        assert_eq!(told, [(0..5, Label::Per), (6..7, Label::Loc)]);
        let doubtful = 0.5 + 0.5 / (1.0 + 3.0 * (-3.0_f32).exp());
        assert!((spans[0].score - doubtful).abs() < 1e-6);
        assert!(spans[1].score > 0.999);
    }

    #[test]
    fn leaning_decides_doubtful_words() {
        let labels = labels(&["O", "B-PER"]).unwrap();
        for (leaning, wanted) in [(1.0, 0), (0.0, 0), (-1.0, 1)] {
            let mut decoder = labels.decoder(leaning);
            decoder.piece(0, 0..1, &[0.4, 0.0]);
            assert_eq!(decoder.finish().len(), wanted, "{leaning}");
        }
    }
}

//! Labels the quality of a cleaned text, with the reasons. Nothing is dropped for a label unless the
//! user asks for it.
//!
//! The rules are those that published corpora were filtered by: the document rules of Gopher (Rae
//! et al. 2021, table A1) and C4 (Raffel et al. 2020), and for Arabic script the thresholds that
//! FineWeb-2 chose for `arb_Arab` (`configs/arb_Arab.yml`: lines, words, runs of words).
//! Adapted: all end marks of Arabic, Urdu and Persian count; function words are those of the language
//! that has most of them in the text; C4's rules on single lines, which take nearly all of Urdu,
//! are left out.

use std::collections::{HashMap, HashSet};

use jadwal_core::fold::fold;
use serde_json::{Value, json};

/// Function words in folded form, by language.
const FUNCTION_WORDS: [(&str, &[&str]); 7] = [
    (
        "ar",
        &[
            "في", "من", "علي", "الي", "ان", "عن", "التي", "الذي", "ما", "لا", "هذا", "هذه", "مع",
            "كان", "او",
        ],
    ),
    (
        "fa",
        &[
            "در", "از", "به", "كه", "اين", "را", "با", "است", "براي", "ان",
        ],
    ),
    (
        "ur",
        &["كا", "كي", "كے", "سے", "ميں", "اور", "نے", "هے", "كو", "پر"],
    ),
    (
        "en",
        &[
            "the", "be", "to", "of", "and", "that", "have", "with", "in", "is",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "de", "des", "et", "que", "dans", "une", "est",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "in", "zu", "den", "mit", "ist", "ein",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "de", "que", "en", "y", "una", "por", "con",
        ],
    ),
];

/// Limits of the rules.
struct Limits {
    min_words: usize,
    mean_word: std::ops::RangeInclusive<f32>,
    min_alphabetic_words: f32,
    min_end_marks: f32,
    max_line_ends: f32,
    max_repeated_lines: f32,
    min_function_words: usize,
    /// Share of the letters in the commonest run of two, three and four words.
    max_top_runs: [f32; 3],
    /// Share of the letters in runs of five to ten words that stood in the text before.
    max_repeated_runs: [f32; 6],
}

const ARABIC: Limits = Limits {
    min_words: 50,
    mean_word: 2.0..=9.0,
    min_alphabetic_words: 0.787,
    min_end_marks: 0.143,
    max_line_ends: 0.189,
    max_repeated_lines: 0.304,
    min_function_words: 2,
    max_top_runs: [0.197, 0.172, 0.146],
    max_repeated_runs: [0.165, 0.153, 0.142, 0.131, 0.12, 0.109],
};

const OTHERS: Limits = Limits {
    min_words: 50,
    mean_word: 3.0..=10.0,
    min_alphabetic_words: 0.8,
    min_end_marks: 0.12,
    max_line_ends: 0.3,
    max_repeated_lines: 0.3,
    min_function_words: 2,
    max_top_runs: [0.2, 0.18, 0.16],
    max_repeated_runs: [0.15, 0.14, 0.13, 0.12, 0.11, 0.1],
};

/// Share of words that are signs (`#`, `…`), and of lines that end in dots, from Gopher.
const MAX_SIGNS: f32 = 0.1;
const MAX_DOTTED_LINES: f32 = 0.3;
const MAX_BULLETS: f32 = 0.9;

/// The rules on runs of words, for the lengths from two and from five on.
const TOP_RUNS: [&str; 3] = ["top_2_words", "top_3_words", "top_4_words"];
const REPEATED_RUNS: [&str; 6] = [
    "repeated_5_words",
    "repeated_6_words",
    "repeated_7_words",
    "repeated_8_words",
    "repeated_9_words",
    "repeated_10_words",
];

/// What the rules say of a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Quality {
    /// Rules that the text breaks.
    pub(crate) reasons: Vec<&'static str>,
    /// What was measured.
    measures: Vec<(&'static str, f32)>,
}

impl Quality {
    /// Judges `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut quality = Self {
            reasons: Vec::new(),
            measures: Vec::new(),
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let limits = match is_arabic_script(text) {
            true => &ARABIC,
            false => &OTHERS,
        };
        quality.judge_words(&words, limits);
        quality.judge_lines(text, words.len(), limits);
        quality.judge_runs(&words, limits);
        quality
    }

    /// Returns the label and its reasons as they stand in records.
    pub(crate) fn label(&self) -> Value {
        let measures: serde_json::Map<String, Value> = self
            .measures
            .iter()
            .map(|(name, value)| {
                let rounded = f64::from((value * 1000.0).round()) / 1000.0;
                ((*name).to_owned(), json!(rounded))
            })
            .collect();
        json!({
            "label": if self.reasons.is_empty() { "good" } else { "doubtful" },
            "reasons": self.reasons,
            "measures": measures,
        })
    }

    /// Notes a measure, and its rule where it is broken.
    fn note(&mut self, rule: &'static str, value: f32, is_good: bool) {
        self.measures.push((rule, value));
        if !is_good {
            self.reasons.push(rule);
        }
    }

    fn judge_words(&mut self, words: &[&str], limits: &Limits) {
        let count = words.len();
        self.note("words", count as f32, count >= limits.min_words);
        let letters: usize = words.iter().map(|word| word.chars().count()).sum();
        let mean = share(letters, count);
        self.note("mean_word_length", mean, limits.mean_word.contains(&mean));
        let alphabetic = words
            .iter()
            .filter(|word| word.contains(char::is_alphabetic));
        let alphabetic = share(alphabetic.count(), count);
        let is_good = alphabetic >= limits.min_alphabetic_words;
        self.note("alphabetic_words", alphabetic, is_good);
        let signs = words
            .iter()
            .filter(|w| w.contains('#') || w.contains("...") || w.contains('…'));
        let signs = share(signs.count(), count);
        self.note("signs", signs, signs <= MAX_SIGNS);
        let known = function_words(words);
        self.note(
            "function_words",
            known as f32,
            known >= limits.min_function_words,
        );
    }

    fn judge_lines(&mut self, text: &str, words: usize, limits: &Limits) {
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let part = |test: &dyn Fn(&str) -> bool| {
            let some = lines.iter().filter(|line| test(line));
            share(some.count(), lines.len())
        };
        let marks = part(&ends_sentence);
        self.note("end_marks", marks, marks >= limits.min_end_marks);
        let dotted = part(&|line| line.ends_with("...") || line.ends_with('…'));
        self.note("dotted_lines", dotted, dotted <= MAX_DOTTED_LINES);
        let bullets = part(&|line| line.trim_start().starts_with(['•', '-', '*', '●']));
        self.note("bullets", bullets, bullets <= MAX_BULLETS);
        let line_ends = share(lines.len(), words);
        self.note("line_ends", line_ends, line_ends <= limits.max_line_ends);
        let mut seen = HashSet::new();
        let repeated = lines.iter().filter(|line| !seen.insert(line.trim()));
        let repeated = share(repeated.count(), lines.len());
        self.note(
            "repeated_lines",
            repeated,
            repeated <= limits.max_repeated_lines,
        );
        let has_filler = text.contains("lorem ipsum") || text.contains("Lorem ipsum");
        self.note("filler", f32::from(u8::from(has_filler)), !has_filler);
    }

    fn judge_runs(&mut self, words: &[&str], limits: &Limits) {
        let letters = size(words);
        for ((rule, limit), length) in TOP_RUNS.into_iter().zip(limits.max_top_runs).zip(2..) {
            let top = share(top_run(words, length), letters);
            self.note(rule, top, top <= limit);
        }
        let repeated = REPEATED_RUNS.into_iter().zip(limits.max_repeated_runs);
        for ((rule, limit), length) in repeated.zip(5..) {
            let share = share(repeated_runs(words, length), letters);
            self.note(rule, share, share <= limit);
        }
    }
}

/// Bytes in all copies of the run of `length` words that comes most often, 0 where none comes twice.
fn top_run(words: &[&str], length: usize) -> usize {
    let mut counts: HashMap<&[&str], usize> = HashMap::new();
    for run in words.windows(length) {
        *counts.entry(run).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(run, count)| size(run) * count)
        .max()
        .unwrap_or(0)
}

/// Bytes in runs of `length` words that stood in the text before; no word counts twice.
fn repeated_runs(words: &[&str], length: usize) -> usize {
    let mut seen: HashSet<&[&str]> = HashSet::new();
    let (mut at, mut bytes) = (0, 0);
    while let Some(run) = words.get(at..at + length) {
        let is_new = seen.insert(run);
        bytes += if is_new { 0 } else { size(run) };
        at += if is_new { 1 } else { length };
    }
    bytes
}

fn size(words: &[&str]) -> usize {
    words.iter().map(|word| word.len()).sum()
}

/// Function words of the language that has most of them.
fn function_words(words: &[&str]) -> usize {
    let mut counts = [0usize; FUNCTION_WORDS.len()];
    for word in words {
        // Longer words are no function words; folding them would be for nothing.
        if word.len() > 10 {
            continue;
        }
        let folded = fold(word);
        for (count, (_, known)) in counts.iter_mut().zip(FUNCTION_WORDS) {
            *count += usize::from(known.contains(&folded.as_str()));
        }
    }
    counts.into_iter().max().unwrap_or(0)
}

fn is_arabic_script(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(2000);
    let (mut arabic, mut all) = (0usize, 0usize);
    for letter in letters {
        all += 1;
        arabic += usize::from(crate::unicode::is_arabic_letter(letter));
    }
    arabic * 2 > all
}

fn ends_sentence(line: &str) -> bool {
    let end = line.trim_end_matches(['"', '»', '”', '’', '\'', ')', ']', ' ']);
    end.ends_with(['.', '!', '?', '؟', '۔', '…', ':', '؛', '。', '！', '？'])
}

fn share(part: usize, all: usize) -> f32 {
    part as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::samples::{ARABIC, ENGLISH, FRENCH, GERMAN, PERSIAN, URDU};

    #[test]
    fn news_is_good_in_every_language() {
        for paragraphs in [&ARABIC[..], &PERSIAN, &URDU, &FRENCH, &GERMAN, &ENGLISH] {
            assert_eq!(Quality::of(&paragraphs.join("\n")).reasons, [""; 0]);
        }
    }

    #[test]
    fn each_rule_names_what_it_sees() {
        let good = ARABIC.join("\n");
        for (text, rule) in [
            (ARABIC[0].split_at(80).0.to_owned(), "words"),
            ("- بند من بنود القائمة\n".repeat(40), "bullets"),
            (ARABIC[0].replace(' ', "\n"), "line_ends"),
            (format!("{}\n", ARABIC[0]).repeat(4), "repeated_lines"),
            ("1 2 3 4 5 كلمة ".repeat(30), "alphabetic_words"),
            (good.replace('.', "..."), "dotted_lines"),
            (good.replace(['.', '!', '؟'], ""), "end_marks"),
            ("عروض حصرية ".repeat(60), "top_2_words"),
            (format!("{good}\n{good}"), "repeated_5_words"),
            (format!("{good}\n{good}"), "repeated_10_words"),
            (
                "قاموس كلمات منفردة بلا روابط بينها ".repeat(12),
                "function_words",
            ),
            (format!("{good} lorem ipsum"), "filler"),
        ] {
            let quality = Quality::of(&text);
            assert!(quality.reasons.contains(&rule), "{rule}: {quality:?}");
            assert_eq!(quality.label()["label"], "doubtful");
        }
    }
}

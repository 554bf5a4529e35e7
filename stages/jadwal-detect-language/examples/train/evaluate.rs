//! Scores a model on text that it was not trained on.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jadwal_core::origin::{Edited, OriginMap};
use jadwal_core::{Document, Provenance, Transform};
use jadwal_detect_language::detector::{Detector, NgramDetector, UNDETERMINED};
use jadwal_detect_language::{DetectLanguageOptions, LanguageTagger};

use crate::corpus::{PLAN, read_rows};

#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
    taken_for: BTreeMap<String, usize>,
}

impl Score {
    fn share(&self) -> f64 {
        100.0 * self.right as f64 / self.all.max(1) as f64
    }
}

/// Prints the share of right answers on `ntrex/dev`: whole sentences, five words, two, one.
pub(crate) fn evaluate(data: &Path, detector: &NgramDetector) -> std::io::Result<()> {
    let mut rows = BTreeMap::new();
    read_rows(&data.join("ntrex"), "dev", &mut rows)?;
    for (name, words) in [
        ("sentences", usize::MAX),
        ("five words", 5),
        ("two words", 2),
        ("one word", 1),
    ] {
        let started = Instant::now();
        let mut scores = BTreeMap::new();
        for plan in &PLAN {
            for label in plan.labels() {
                let texts = label
                    .sources
                    .iter()
                    .filter_map(|source| rows.get(source))
                    .flatten();
                let score: &mut Score = scores.entry((plan.script, label.tag.clone())).or_default();
                for text in texts {
                    count(score, detector, &label.tag, &first_words(text, words));
                }
            }
        }
        print_scores(name, &scores, words == usize::MAX);
        let texts: usize = scores.values().map(|score| score.all).sum();
        println!(
            "  {:.0} texts/s",
            texts as f64 / started.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

fn first_words(text: &str, words: usize) -> String {
    let some = text.split_whitespace().skip(2).take(words);
    some.collect::<Vec<_>>().join(" ")
}

fn count(score: &mut Score, detector: &NgramDetector, tag: &str, text: &str) {
    let detection = detector.detect(&[text]);
    if detection.letters == 0 {
        return;
    }
    let best = detection.best();
    score.all += 1;
    if best.tag == tag {
        score.right += 1;
    } else {
        *score.taken_for.entry(best.tag.to_owned()).or_default() += 1;
    }
}

fn print_scores(name: &str, scores: &BTreeMap<(&str, String), Score>, each: bool) {
    println!("{name}:");
    for plan in &PLAN {
        let of_script: Vec<_> = scores
            .iter()
            .filter(|((script, _), _)| *script == plan.script)
            .collect();
        let right: usize = of_script.iter().map(|(_, score)| score.right).sum();
        let all: usize = of_script.iter().map(|(_, score)| score.all).sum();
        println!(
            "  {} {:.2} % of {all}",
            plan.script,
            100.0 * right as f64 / all.max(1) as f64
        );
        for ((_, tag), score) in of_script {
            if each && score.right < score.all {
                println!(
                    "    {tag} {:.1} %, taken for {:?}",
                    score.share(),
                    score.taken_for
                );
            }
        }
    }
    let right: usize = scores.values().map(|score| score.right).sum();
    let all: usize = scores.values().map(|score| score.all).sum();
    println!(
        "  all {:.2} % of {all}, `{UNDETERMINED}` counted as wrong",
        100.0 * right as f64 / all.max(1) as f64
    );
}

/// Prints how many documents of 5 kB the whole stage tags in a second, segments included, and how many
/// of them, all in one language, it takes for mixed.
pub(crate) fn time_documents(data: &Path, detector: NgramDetector) -> Result<(), Box<dyn Error>> {
    let mut rows = BTreeMap::new();
    read_rows(&data.join("ntrex"), "dev", &mut rows)?;
    let tagger = LanguageTagger::new(DetectLanguageOptions::default(), Box::new(detector));
    for (label, tag) in [("ara", "ar"), ("fas", "fa"), ("eng", "en"), ("fra", "fr")] {
        let sentences = rows.get(label).map(Vec::as_slice).unwrap_or_default();
        let documents: Vec<_> = (0..400).map(|first| document(sentences, first)).collect();
        let started = Instant::now();
        let (mut named, mut split) = (0, 0);
        for mut doc in documents.iter().cloned() {
            tagger.apply(&mut doc).map_err(|error| error.to_string())?;
            named += usize::from(
                doc.facts()
                    .language
                    .as_ref()
                    .is_some_and(|one| one.tag == tag),
            );
            split += usize::from(doc.facts().segments.len() > 1);
        }
        let rate = documents.len() as f64 / started.elapsed().as_secs_f64();
        println!(
            "{tag}: {rate:.0} documents of 5 kB a second, segments included; of {} {named} named \
             right, {split} with a segment in another language",
            documents.len()
        );
    }
    Ok(())
}

/// Returns a document of 5 kB: sentences from the one with number `first` on.
fn document(sentences: &[String], first: usize) -> Document {
    let mut text = String::new();
    for sentence in sentences.iter().cycle().skip(first) {
        text.push_str(sentence);
        text.push('\n');
        if text.len() >= 5000 {
            break;
        }
    }
    let provenance = Provenance {
        file_path: String::new(),
        file_bytes: 0,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..0,
    };
    let mut doc = Document::new(bytes::Bytes::from(text.clone()), provenance);
    let map = OriginMap::identity(text.len());
    doc.replace_text(Edited { text, map });
    doc
}

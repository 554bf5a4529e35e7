//! The built-in model on sentences written for this test. A model that knows less than the one
//! before it does not pass: the limits are what the present one reaches, less two of 488 pairs.

use jadwal_detect_language::detector::{Detector, NgramDetector};

const SAMPLES: &str = include_str!("samples.tsv");

/// How many texts have their language, of how many, and which have not.
fn right(cut: impl Fn(&str) -> Vec<String>) -> (usize, usize, Vec<String>) {
    let detector = NgramDetector::builtin(&[]).expect("the model is whole");
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    let rows = SAMPLES.lines().filter_map(|line| line.split_once('\t'));
    for (tag, text) in rows {
        for text in cut(text) {
            let detection = detector.detect(&[&text]);
            all += 1;
            if detection.best().tag == tag {
                right += 1;
            } else {
                wrong.push(format!("{tag} as {}: {text}", detection.best().tag));
            }
        }
    }
    (right, all, wrong)
}

fn check(least: usize, cut: impl Fn(&str) -> Vec<String>) {
    let (right, all, wrong) = right(cut);
    assert!(right >= least, "{right} of {all} right: {wrong:#?}");
}

fn runs(text: &str, words: usize) -> Vec<String> {
    let all: Vec<&str> = text.split_whitespace().collect();
    all.chunks_exact(words).map(|run| run.join(" ")).collect()
}

#[test]
fn sentences_keep_their_language() {
    check(85, |text| vec![text.to_owned()]);
}

#[test]
fn runs_of_four_words_keep_their_language() {
    check(219, |text| runs(text, 4));
}

#[test]
fn pairs_of_words_keep_their_language() {
    check(457, |text| runs(text, 2));
}

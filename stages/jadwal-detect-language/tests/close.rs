//! The second look at close languages, on sentences written for this test.

use jadwal_detect_language::detector::{Detector, NgramDetector};
use jadwal_detect_language::naming::Naming;

const SENTENCES: &str = include_str!("close.tsv");

/// Returns what `detector` tells wrong of the sentences, or of their runs of as many words.
fn wrong(detector: &NgramDetector, words: Option<usize>) -> Vec<String> {
    let mut wrong = Vec::new();
    let rows = SENTENCES.lines().filter_map(|line| line.split_once('\t'));
    for (tag, text) in rows {
        let all: Vec<&str> = text.split_whitespace().collect();
        for run in all.chunks_exact(words.unwrap_or(all.len())) {
            let run = run.join(" ");
            let detection = detector.detect(&[&run]);
            let best = detection.best();
            if best.tag != tag {
                wrong.push(format!("{tag} as {} {:.2}: {run}", best.tag, best.score));
            }
        }
    }
    wrong
}

/// Returns the detector, with its second looks or without.
fn detector(second_looks: bool) -> NgramDetector {
    let mut groups = NgramDetector::builtin_groups().expect("the model is whole");
    if !second_looks {
        groups.iter_mut().for_each(|group| group.close.clear());
    }
    NgramDetector::new(groups, Naming::default())
}

#[test]
fn sentences_of_close_languages_are_told_apart() {
    let wrong = wrong(&detector(true), None);
    // One of 57 has hardly a word that is not good in both languages.
    assert!(wrong.len() <= 1, "{wrong:#?}");
}

#[test]
fn a_second_look_tells_more_than_the_first_alone() {
    let (first, second) = (detector(false), detector(true));
    let (first, second) = (wrong(&first, Some(3)), wrong(&second, Some(3)));
    assert!(second.len() < first.len(), "{first:#?} {second:#?}");
}

#[test]
fn what_the_user_rules_out_stays_ruled_out() {
    let text = "Sljedeće sedmice u Sarajevu počinje festival muzike i pozorišta.";
    let told = |allowed: &[&str]| {
        let allowed: Vec<_> = allowed.iter().map(|tag| (*tag).to_owned()).collect();
        let detector = NgramDetector::builtin(&allowed).expect("the model is whole");
        detector.detect(&[text]).best().tag.to_owned()
    };
    assert_eq!(told(&["hr", "en"]), "hr");
    assert_eq!(told(&["bs", "en"]), "bs");
}

#[test]
fn what_the_user_expects_counts_in_a_second_look_too() {
    let text = "To je dobar pas.";
    for tag in ["hr", "bs", "sr-Latn"] {
        let naming = Naming {
            weights: [(tag.to_owned(), 50.0)].into(),
            ..Naming::default()
        };
        let detector = NgramDetector::builtin_naming(naming).expect("the model is whole");
        assert_eq!(detector.detect(&[text]).best().tag, tag);
    }
}

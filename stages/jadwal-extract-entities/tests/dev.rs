//! Scores of the models on dev splits that are not in the repository. Where they are missing nothing
//! is scored, and that is said.

use std::path::{Path, PathBuf};

use jadwal_extract_entities::Taggers;
use jadwal_extract_entities::training::{Counts, read_split, score_sentences};

/// Corpus, and the least F1 over PER, LOC and ORG that its model must reach: two below what it did.
const LEAST: [(&str, &str, f64); 11] = [
    ("ar", "anercorp", 77.0),
    ("ar", "aqmar", 67.7),
    ("ar", "wikifane", 71.5),
    ("en", "crossner_politics", 73.6),
    ("en", "wikigold", 63.1),
    ("da", "uner_ddt", 72.8),
    ("fa", "parstwiner", 67.0),
    ("fr", "europeana_bnf", 62.4),
    ("hu", "nerkor", 81.3),
    ("pt", "uner_bosque", 73.8),
    ("tr", "turkish_wiki", 68.2),
];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ner")
}

/// Guarantees: a change that makes a model worse is noticed where the corpora are.
#[test]
fn the_models_score_on_dev_as_they_did() {
    if !data().is_dir() {
        eprintln!("skipped: the corpora are not beside the repository");
        return;
    }
    let taggers = Taggers::new();
    for (language, corpus, least) in LEAST {
        let tagger = taggers
            .for_language(language)
            .expect("the language has a model");
        let sentences =
            read_split(&data().join(language).join(corpus), "dev").expect("the split is readable");
        let counts = score_sentences(tagger, &sentences, tagger.biases()[1]);
        let three = counts[..3]
            .iter()
            .copied()
            .fold(Counts::default(), Counts::plus);
        let [.., f1] = three.percent();
        assert!(
            f1 >= least,
            "{language}/{corpus}: F1 {f1:.1} is below {least}"
        );
    }
}

//! The trained taggers: what they must find, and what must not break them.

use jadwal_core::facts::Label;
use jadwal_extract_entities::{TaggedSpan, Tagger, Taggers};

/// Own sentences with their names in brackets: `[PER …]`. Written for this test.
const ARABIC: &str = include_str!("data/names-ar.txt");
const ENGLISH: &str = include_str!("data/names-en.txt");

fn tag(tagger: &Tagger, text: &str) -> Vec<TaggedSpan> {
    let mut spans = Vec::new();
    tagger.tag(text, 0..text.len(), tagger.biases()[1], &mut spans);
    spans
}

fn label(name: &str) -> Label {
    match name {
        "PER" => Label::Per,
        "LOC" => Label::Loc,
        "ORG" => Label::Org,
        _ => panic!("`{name}` is no label of the sample"),
    }
}

/// Returns the sentence without brackets, and its names.
fn read(line: &str) -> (String, Vec<(std::ops::Range<usize>, Label)>) {
    let mut text = String::new();
    let mut names = Vec::new();
    for (index, part) in line.split('[').enumerate() {
        if index == 0 {
            text.push_str(part);
            continue;
        }
        let (name, rest) = part.split_once(']').expect("a bracket is closed");
        let (kind, name) = name.split_once(' ').expect("a name has a label");
        names.push((text.len()..text.len() + name.len(), label(kind)));
        text.push_str(name);
        text.push_str(rest);
    }
    (text, names)
}

/// Whether a span is the name, if need be with the clitic that is written on to it.
fn is_name(text: &str, span: &TaggedSpan, name: &(std::ops::Range<usize>, Label)) -> bool {
    let before = &text[span.range.start.min(name.0.start)..name.0.start];
    span.label == name.1
        && span.range.end == name.0.end
        && (span.range.start == name.0.start
            || span.range.start < name.0.start
                && before.chars().count() <= 2
                && !before.contains(' '))
}

/// Returns F1 in percent over PER, LOC and ORG.
fn f1(language: &str, sample: &str) -> f64 {
    let taggers = Taggers::new();
    let tagger = taggers
        .for_language(language)
        .expect("the language has a model");
    let (mut right, mut both) = (0, 0);
    for line in sample
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (text, names) = read(line);
        let spans: Vec<_> = tag(tagger, &text)
            .into_iter()
            .filter(|span| span.label != Label::Misc)
            .collect();
        both += names.len() + spans.len();
        right += spans
            .iter()
            .filter(|span| names.iter().any(|name| is_name(&text, span, name)))
            .count();
    }
    200.0 * f64::from(right as u32) / f64::from(both as u32)
}

/// Guarantees: a model that was trained badly, or features that no longer fit it, are noticed.
#[test]
fn the_models_find_the_names_of_the_sample() {
    for (language, sample, least) in [("ar", ARABIC, 80.0), ("en", ENGLISH, 75.0)] {
        let score = f1(language, sample);
        assert!(score >= least, "{language}: F1 {score:.1} is below {least}");
    }
}

#[test]
fn hostile_text_is_read_to_its_end() {
    let taggers = Taggers::new();
    let long_word = "ب".repeat(500_000);
    let digits = "7".repeat(1_000_000);
    let cases = [
        "",
        "\u{202E}محمد\u{202C} \u{200F}في\u{200E} \u{2066}القاهرة",
        "👩‍👩‍👧‍👦🇶🇦👍🏽 ﷽ \u{0}\u{7}",
        "\u{064B}\u{064B}\u{0640}\u{0301}",
        "...!!!؟؟؟....",
        &long_word,
        &digits,
        &"a.".repeat(100_000),
        &"د. ".repeat(100_000),
        &"\n".repeat(100_000),
    ];
    for language in ["ar", "en"] {
        let tagger = taggers
            .for_language(language)
            .expect("the language has a model");
        for text in cases {
            for span in tag(tagger, text) {
                assert!(!text[span.range.clone()].is_empty());
                assert!((0.5..=1.0).contains(&span.score), "{span:?}");
            }
        }
    }
}

/// Guarantees: promise 2, also with what a tagger keeps from texts before.
#[test]
fn what_was_read_before_changes_nothing() {
    let taggers = Taggers::new();
    let tagger = taggers
        .for_language("ar")
        .expect("there is an Arabic model");
    let lines: Vec<_> = ARABIC
        .lines()
        .map(|line| read(line.trim_start_matches('#')).0)
        .collect();
    let first: Vec<_> = lines.iter().map(|line| tag(tagger, line)).collect();
    let mut again: Vec<_> = lines.iter().rev().map(|line| tag(tagger, line)).collect();
    again.reverse();
    assert_eq!(first, again);
}

#[test]
fn spans_come_in_order_and_do_not_overlap() {
    let taggers = Taggers::new();
    let tagger = taggers
        .for_language("ar")
        .expect("there is an Arabic model");
    let text: String = ARABIC
        .lines()
        .map(|line| read(line.trim_start_matches('#')).0 + "\n")
        .collect();
    let spans = tag(tagger, &text);
    assert!(spans.len() > 20);
    assert!(
        spans
            .windows(2)
            .all(|pair| pair[0].range.end <= pair[1].range.start)
    );
}

#[test]
fn a_broken_model_file_is_an_error() {
    assert!(Tagger::read(b"").is_err());
    assert!(Tagger::read(b"JDT\x00").is_err());
    let whole = include_bytes!("../models/en.model");
    for length in [4, 5, 100, whole.len() / 2, whole.len() - 1] {
        assert!(Tagger::read(&whole[..length]).is_err(), "{length}");
    }
}

//! The whole stage on Arabic political news: how many names, dates and amounts it finds.

use std::collections::BTreeMap;

use jadwal_core::facts::{Label, Language};
use jadwal_core::{Document, Transform};
use jadwal_extract_entities::{ExtractEntities, ExtractEntitiesOptions};
use jadwal_testkit::built_transform;

/// Sentences written for this test, with their names, dates and amounts in brackets.
const NEWS: &str = include_str!("data/politics-ar.txt");

const LABELS: [(&str, Label); 5] = [
    ("PER", Label::Per),
    ("LOC", Label::Loc),
    ("ORG", Label::Org),
    ("DATE", Label::Date),
    ("MONEY", Label::Money),
];

/// The least F1, in percent: of PER, LOC and ORG together, and of all five.
const LEAST_OF_NAMES: f64 = 92.0;
const LEAST: f64 = 92.5;

type Mark = (usize, usize, &'static str);

/// Returns the sentence without brackets, and what stood in them.
fn read(line: &str) -> (String, Vec<Mark>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    for (index, part) in line.split('[').enumerate() {
        let Some((marked, rest)) = part.split_once(']').filter(|_| index > 0) else {
            text.push_str(part);
            continue;
        };
        let (label, words) = marked.split_once(' ').expect("a bracket has a label");
        let known = LABELS.iter().find(|(name, _)| *name == label);
        let (name, _) = known.expect("the label is one of the five");
        marks.push((text.len(), text.len() + words.len(), *name));
        text.push_str(words);
        text.push_str(rest);
    }
    (text, marks)
}

fn found(stage: &dyn Transform, text: &str) -> Vec<Mark> {
    let mut doc = Document::of_text("news.txt", text);
    doc.facts_mut().language = Some(Language {
        tag: "ar".to_owned(),
        script: "Arab".to_owned(),
        score: 1.0,
    });
    stage.apply(&mut doc).expect("no text is refused");
    let entities = doc.facts().entities.iter();
    let mark = entities.filter_map(|entity| {
        let (name, _) = LABELS.iter().find(|(_, label)| *label == entity.label)?;
        Some((entity.range.start, entity.range.end, *name))
    });
    mark.collect()
}

fn f1(right: usize, both: usize) -> f64 {
    200.0 * right as f64 / both.max(1) as f64
}

/// Guarantees: on the kind of text that the stage is made for it stays as good as it is.
#[test]
fn names_dates_and_amounts_of_political_news_are_found() {
    let stage = built_transform::<ExtractEntities>(ExtractEntitiesOptions::default());
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for line in NEWS.lines().filter(|line| !line.starts_with('#')) {
        let (text, marks) = read(line);
        let found = found(stage.as_ref(), &text);
        for mark in marks.iter().chain(&found) {
            counts.entry(mark.2).or_default().1 += 1;
        }
        for mark in &found {
            counts.entry(mark.2).or_default().0 += usize::from(marks.contains(mark));
        }
        let told = |mark: &Mark| format!("{} {}", mark.2, &text[mark.0..mark.1]);
        let missed = marks.iter().filter(|mark| !found.contains(mark));
        let added = found.iter().filter(|mark| !marks.contains(mark));
        let missed = missed.map(|mark| format!(" -[{}]", told(mark)));
        let lines = missed.chain(added.map(|mark| format!(" +[{}]", told(mark))));
        let lines: String = lines.collect();
        if !lines.is_empty() {
            wrong += &format!("{text}\n   {lines}\n");
        }
    }
    let sum = |labels: &[&str]| {
        let counts = labels.iter().filter_map(|label| counts.get(label));
        counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    let score = |labels: &[&str]| {
        let (right, both) = sum(labels);
        f1(right, both)
    };
    let (names, all) = (
        score(&["PER", "LOC", "ORG"]),
        score(&["PER", "LOC", "ORG", "DATE", "MONEY"]),
    );
    let by_label: Vec<_> = counts
        .iter()
        .map(|(label, (right, both))| format!("{label} {:.1}", f1(*right, *both)))
        .collect();
    println!(
        "PER LOC ORG {names:.1}, all five {all:.1}; {}",
        by_label.join(", ")
    );
    assert!(
        names >= LEAST_OF_NAMES && all >= LEAST,
        "F1 of names {names:.1}, of all {all:.1}:\n{wrong}"
    );
}

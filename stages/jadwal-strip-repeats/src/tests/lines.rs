//! What stays though it repeats, what is told of what goes, and where facts are afterwards.

use jadwal_core::facts::{Block, BlockKind, Entity, Label, Language, Segment, Table};
use jadwal_core::{Document, DropReason, Fate, Verdict};

use crate::options::{Repeats, StripRepeatsOptions};
use crate::tests::lab::{Lab, eager};
use crate::tests::sites::ENGLISH;

/// Returns a lab that has counted twelve documents with these lines in a body each.
fn taught(lines: &[&str], options: StripRepeatsOptions) -> Lab {
    let mut lab = Lab::new(options);
    for n in 0..12 {
        let text = format!("{}\n{}", ENGLISH.body_text(n), lines.join("\n"));
        lab.pass("desk", &text);
    }
    lab
}

fn judged(lab: &mut Lab, text: &str, prepare: impl FnOnce(&mut Document)) -> Document {
    let mut doc = lab.document("desk", text);
    prepare(&mut doc);
    assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
    lab.settle(&doc, Fate::Dropped(DropReason::Empty));
    doc
}

fn block(text: &str, line: &str, kind: BlockKind) -> Block {
    let start = text.find(line).unwrap();
    Block {
        kind,
        range: start..start + line.len(),
    }
}

#[test]
fn headline_author_date_and_tables_stay() {
    let repeats = [
        "Harbour notes",
        "By Salma Idris",
        "21 November 2016",
        "Boat | Hour",
        "Get our app",
    ];
    let mut lab = taught(&repeats, eager());
    let text = format!("{}\n\n{}", ENGLISH.body_text(40), repeats.join("\n"));
    let kept = text.strip_suffix("\nGet our app").unwrap();
    let doc = judged(&mut lab, &text, |doc| {
        let blocks = vec![block(&text, "Boat | Hour", BlockKind::Table)];
        let facts = doc.facts_mut();
        facts.title = "HARBOUR NOTES".to_owned();
        facts.byline = "Salma Idris".to_owned();
        facts.created = "2016-11-21".to_owned();
        facts.blocks = blocks;
        facts.tables = vec![Table::default()];
    });
    assert_eq!(doc.text().unwrap(), kept);
    assert_eq!(doc.facts().tables.len(), 1);
    // Without these facts all of them are site lines.
    let doc = judged(&mut lab, &text, |_| {});
    assert_eq!(doc.text().unwrap(), ENGLISH.body_text(40));
    let doc = judged(&mut lab, &text, |doc| {
        doc.facts_mut().blocks = vec![block(&text, "Get our app", BlockKind::Title)];
    });
    assert!(doc.text().unwrap().ends_with("Get our app"));
}

/// Scenario: the headline of a story was among the latest news of other pages first.
/// Guarantees: it goes from other pages, and stays in its own, title or not.
#[test]
fn what_the_running_text_says_stays() {
    let headline = &ENGLISH.body(61)[0];
    let mut lab = taught(&["Weather", headline], eager());
    let own = format!("Weather\n{}", ENGLISH.body_text(61));
    let doc = judged(&mut lab, &own, |_| {});
    assert_eq!(doc.text().unwrap(), ENGLISH.body_text(61));
    let other = format!("{}\n{headline}", ENGLISH.body_text(37));
    let doc = judged(&mut lab, &other, |_| {});
    assert_eq!(doc.text().unwrap(), ENGLISH.body_text(37));
}

/// Guarantees: names of sections that recur stay, and the same line goes where it stands outside.
#[test]
fn what_stands_inside_the_running_text_stays() {
    let mut lab = taught(&["What we liked", "Get our app"], eager());
    let body = ENGLISH.body(40).join("\nWhat we liked\n");
    let text = format!("What we liked\n{body}\nGet our app\nWhat we liked");
    let doc = judged(&mut lab, &text, |_| {});
    // It stands before the first paragraph, behind the headline, too.
    let expected = body.replacen("\nWhat we liked", "", 1);
    assert_eq!(doc.text().unwrap(), expected);
}

/// Guarantees: a page of site lines alone is not emptied, and says so.
#[test]
fn a_document_is_never_emptied() {
    let repeats = ["Mill Town Courier", "Weather", "Get our app"];
    let mut lab = taught(&repeats, eager());
    let text = repeats.join("\n");
    let doc = judged(&mut lab, &text, |_| {});
    assert_eq!(doc.text().unwrap(), text);
    assert_eq!(doc.facts().repairs["repeat:fallback"], 1);
    assert!(doc.facts().removed.is_empty());
}

#[test]
fn runs_of_lines_are_told_with_their_places_and_counts() {
    let mut lab = taught(&["Weather", "Get our app", "سياسة الخصوصية"], eager());
    lab.pass("desk", &format!("{}\nWeather", ENGLISH.body_text(20)));
    lab.pass("desk", &ENGLISH.body_text(21));
    let body = ENGLISH.body_text(40);
    let text = format!("Weather\nGet our app\n\n{body}\n\nسياسة الخصوصية\n");
    let doc = judged(&mut lab, &text, |_| {});
    assert_eq!(doc.text().unwrap(), format!("{body}\n"));
    let removed = &doc.facts().removed;
    let told: Vec<_> = removed
        .iter()
        .map(|removed| (&text[removed.raw.clone()], removed.rule.as_ref()))
        .collect();
    // Of a run the lowest count.
    let expected = [
        ("Weather\nGet our app", "repeat:12"),
        ("سياسة الخصوصية", "repeat:12"),
    ];
    assert_eq!(told, expected);
    let text_place = doc.origin_map().source_range(0..body.len());
    assert_eq!(&text[text_place], body);
}

#[test]
fn lines_can_be_marked_only() {
    let options = StripRepeatsOptions {
        repeats: Repeats::Mark,
        ..eager()
    };
    let mut lab = taught(&["Weather"], options);
    let text = format!("Weather\n{}", ENGLISH.body_text(40));
    let doc = judged(&mut lab, &text, |_| {});
    assert_eq!(doc.text().unwrap(), text);
    assert_eq!(doc.facts().removed[0].rule, "mark:repeat:11");
}

/// Guarantees: paragraphs that were apart stay apart, those that were not don't come apart.
#[test]
fn gaps_between_lines_stay() {
    let mut lab = taught(&["Weather", "Get our app"], eager());
    let [one, two] = ["A short line of its own", "سطر آخر"];
    for (between, expected) in [
        ("\nWeather\n", "\n"),
        ("\nWeather\n\n", "\n\n"),
        ("\n\nWeather\n", "\n\n"),
        ("\nWeather\n\n\nGet our app\n", "\n\n\n"),
        ("\r\n \tWeather  \n", "\r\n \t"),
    ] {
        let text = format!("{one}{between}{two}");
        let doc = judged(&mut lab, &text, |_| {});
        assert_eq!(doc.text().unwrap(), format!("{one}{expected}{two}"));
    }
}

#[test]
fn facts_move_along() {
    let mut lab = taught(&["Weather in Doha", "Get our app"], eager());
    let body = ENGLISH.body_text(40);
    let text = format!("Weather in Doha\n{body}\nGet our app\nIn Doha, Monday");
    let places: Vec<_> = text.match_indices("Doha").collect();
    let entity = |start: usize, mention_of| Entity {
        mention_of,
        ..entity(start..start + 4)
    };
    let doc = judged(&mut lab, &text, |doc| {
        let facts = doc.facts_mut();
        facts.blocks = vec![
            block(&text, "Weather in Doha", BlockKind::Paragraph),
            block(&text, &body, BlockKind::Paragraph),
            block(&text, "In Doha", BlockKind::Paragraph),
        ];
        let language = Language {
            tag: "en".to_owned(),
            script: "Latn".to_owned(),
            score: 1.0,
        };
        facts.language = Some(language.clone());
        facts.segments = [0..15, 15..text.len()]
            .map(|range| Segment {
                range,
                language: language.clone(),
            })
            .into();
        facts.entities = vec![
            entity(places[0].0, None),
            entity(places[1].0, Some(0)),
            entity(places[1].0, Some(1)),
        ];
    });
    let left = format!("{body}\nIn Doha, Monday");
    let facts = doc.facts();
    assert_eq!(doc.text().unwrap(), left);
    let blocks: Vec<_> = facts
        .blocks
        .iter()
        .map(|block| &left[block.range.clone()])
        .collect();
    assert_eq!(blocks, [body.as_str(), "In Doha"]);
    assert_eq!(facts.language.as_ref().unwrap().tag, "en");
    assert_eq!(facts.segments.len(), 1);
    assert_eq!(facts.segments[0].range, 0..left.len());
    let entities = facts.entities.iter();
    let entities: Vec<_> = entities
        .map(|entity| (&left[entity.range.clone()], entity.mention_of))
        .collect();
    assert_eq!(entities, [("Doha", None), ("Doha", Some(0))]);
}

fn entity(range: std::ops::Range<usize>) -> Entity {
    Entity {
        range,
        label: Label::Loc,
        norm: String::new(),
        link: String::new(),
        mention_of: None,
        score: 1.0,
    }
}

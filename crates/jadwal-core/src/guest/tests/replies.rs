//! What a guest may do, and what it is refused for.

use serde_json::json;

use super::{document, guest, offer, refusal};
use crate::error::{ErrorClass, describe_chain};
use crate::facts::{Block, BlockKind, Entity, Label, Language, Segment, Table};
use crate::guest::{Reply, apply};
use crate::stage::{DropReason, Verdict};

fn entity(range: std::ops::Range<usize>, mention_of: Option<usize>) -> Entity {
    Entity {
        range,
        label: Label::Per,
        norm: String::new(),
        link: String::new(),
        mention_of,
        score: 1.0,
    }
}

#[test]
fn an_empty_reply_lets_the_document_pass_as_it_is() {
    let mut doc = document("سلام");
    assert_eq!(offer(&mut doc, "utf16", json!({})).unwrap(), Verdict::Pass);
    assert_eq!(doc.text().unwrap(), "سلام");
    assert!(doc.extra().is_empty());
}

#[test]
fn edits_keep_the_origin_map_true_in_every_unit() {
    // "🙂 e◌́ 44 00 end": the number and the emoji go.
    let text = "🙂 e\u{301} 4400 end";
    for (unit, start, end) in [("bytes", 9, 13), ("code_points", 5, 9), ("utf16", 6, 10)] {
        let mut doc = document(text);
        let emoji = if unit == "bytes" {
            4
        } else if unit == "utf16" {
            2
        } else {
            1
        };
        let reply = json!({ "edits": [
            { "start": start, "end": end, "text": "☎" },
            { "start": 0, "end": emoji },
        ]});
        assert_eq!(offer(&mut doc, unit, reply).unwrap(), Verdict::Pass);
        assert_eq!(doc.text().unwrap(), " e\u{301} ☎ end", "{unit}");
        assert_eq!(doc.source_range(5..8), 9..13, "{unit}");
        assert_eq!(doc.source_range(9..12), 14..17, "{unit}");
        let facts = doc.facts();
        assert_eq!(facts.repairs["mine"], 1);
        assert_eq!(
            (facts.removed[0].raw.clone(), &*facts.removed[0].rule),
            (0..4, "mine")
        );
    }
}

#[test]
fn entities_are_moved_with_the_edits_of_the_same_reply() {
    let mut doc = document("قطر now");
    let reply = json!({
        "edits": [{ "start": 0, "end": 0, "text": "«" }],
        "entities": [{ "start": 0, "end": 3, "label": "LOC", "link": "iso3166:QA", "score": 0.25 }],
    });
    offer(&mut doc, "code_points", reply).unwrap();
    let found = &doc.facts().entities[0];
    assert_eq!(&doc.text().unwrap()[found.range.clone()], "قطر");
    assert_eq!(
        (found.label, found.link.as_str(), found.score),
        (Label::Loc, "iso3166:QA", 0.25)
    );
}

#[test]
fn new_entities_come_in_order_and_mentions_still_point_at_theirs() {
    let mut doc = document("Ann met Bob. Ann left.");
    doc.facts_mut().entities = vec![entity(0..3, None), entity(13..16, Some(0))];
    let reply = json!({ "entities": [
        { "start": 8, "end": 11, "label": "PER" },
        { "start": 0, "end": 7, "label": "EVENT" },
    ]});
    offer(&mut doc, "bytes", reply).unwrap();
    let found: Vec<_> = doc
        .facts()
        .entities
        .iter()
        .map(|one| (one.range.clone(), one.mention_of))
        .collect();
    assert_eq!(
        found,
        [(0..7, None), (0..3, None), (8..11, None), (13..16, Some(1))]
    );
}

#[test]
fn facts_that_no_edit_touches_are_kept_and_moved() {
    let mut doc = document("Ann rang 4444.\na | 5555\nBob and Ann");
    let facts = doc.facts_mut();
    facts.entities = vec![
        entity(0..3, None),
        entity(9..13, None),
        entity(24..27, None),
        entity(32..35, Some(0)),
    ];
    facts.blocks = vec![
        Block {
            kind: BlockKind::Paragraph,
            range: 0..14,
        },
        Block {
            kind: BlockKind::Table,
            range: 15..23,
        },
        Block {
            kind: BlockKind::Paragraph,
            range: 24..35,
        },
    ];
    facts.tables = vec![Table {
        rows: vec![vec!["a".to_owned(), "5555".to_owned()]],
    }];
    let language = Language {
        tag: "en".to_owned(),
        script: "Latn".to_owned(),
        score: 1.0,
    };
    facts.language = Some(language.clone());
    facts.segments = vec![Segment {
        range: 0..35,
        language: language.clone(),
    }];
    let reply = json!({ "edits": [
        { "start": 9, "end": 13, "text": "[number]" },
        { "start": 19, "end": 23, "text": "" },
    ]});
    offer(&mut doc, "bytes", reply).unwrap();
    assert_eq!(doc.text().unwrap(), "Ann rang [number].\na | \nBob and Ann");
    let facts = doc.facts();
    let found: Vec<_> = facts
        .entities
        .iter()
        .map(|one| (one.range.clone(), one.mention_of))
        .collect();
    assert_eq!(found, [(0..3, None), (24..27, None), (32..35, Some(0))]);
    let blocks: Vec<_> = facts
        .blocks
        .iter()
        .map(|one| (one.kind, one.range.clone()))
        .collect();
    let paragraph = BlockKind::Paragraph;
    assert_eq!(
        blocks,
        [(paragraph, 0..18), (paragraph, 19..23), (paragraph, 24..35)]
    );
    assert!(
        facts.tables.is_empty(),
        "the cells of an edited table are not known"
    );
    assert_eq!(facts.language, Some(language));
    assert_eq!(facts.segments[0].range, 0..35);
}

#[test]
fn a_text_that_is_replaced_whole_has_no_facts() {
    let mut doc = document("four");
    doc.facts_mut().entities = vec![entity(0..4, None)];
    offer(
        &mut doc,
        "bytes",
        json!({ "edits": [{ "start": 0, "end": 4, "text": "vier" }] }),
    )
    .unwrap();
    assert_eq!(doc.text().unwrap(), "vier");
    assert!(doc.facts().entities.is_empty() && doc.facts().language.is_none());
    assert_eq!(doc.source_range(0..4), 0..4);
}

#[test]
fn an_edit_that_changes_nothing_is_none() {
    let mut doc = document("four");
    doc.facts_mut().entities = vec![entity(0..4, None)];
    offer(
        &mut doc,
        "bytes",
        json!({ "edits": [{ "start": 0, "end": 4, "text": "four" }] }),
    )
    .unwrap();
    assert_eq!(doc.facts().entities.len(), 1);
    assert!(doc.facts().repairs.is_empty());
}

#[test]
fn verdicts_become_fates() {
    let mut doc = document("text");
    let dropped = offer(
        &mut doc,
        "bytes",
        json!({ "verdict": { "drop": { "reason": "too short" } } }),
    );
    let why = "too short".to_owned();
    assert_eq!(
        dropped.unwrap(),
        Verdict::Drop(DropReason::Filtered { why })
    );
    for (class, expected) in [
        ("document", ErrorClass::Document),
        ("transient", ErrorClass::Transient),
        ("fatal", ErrorClass::Fatal),
    ] {
        let verdict = json!({ "verdict": { "fail": { "class": class, "reason": "no answer" } } });
        let error = offer(&mut doc, "bytes", verdict).unwrap_err();
        assert_eq!(error.class(), expected);
        assert_eq!(describe_chain(&error), "`tagger` failed: no answer");
    }
    let reply = json!({ "verdict": "pass", "extra": { "words": 1 } });
    offer(&mut doc, "bytes", reply).unwrap();
    assert_eq!(doc.extra()["mine"], json!({ "words": 1 }));
}

#[test]
fn bad_replies_are_errors_of_the_document() {
    let edit =
        |start: u64, end: u64, text: &str| json!({ "start": start, "end": end, "text": text });
    let entity = |start: u64, end: u64, label: &str, score: f32| json!({ "start": start, "end": end, "label": label, "score": score });
    let cases = [
        (
            json!({ "edits": [edit(0, 99, "")] }),
            "edit 0: offset 99 lies past the end",
        ),
        (
            json!({ "edits": [edit(0, 1, ""), edit(2, 3, "")] }),
            "edit 1: offset 3 (UTF-16 units) lies inside a character",
        ),
        (
            json!({ "edits": [edit(1, 0, "")] }),
            "edit 0: the end 0 lies before the start 1",
        ),
        (
            json!({ "edits": [edit(1, 4, ""), edit(0, 2, "x")] }),
            "edits 1 and 0 overlap",
        ),
        (
            json!({ "edits": [edit(1, 1, "x"), edit(1, 1, "y")] }),
            "edits 0 and 1 insert at the same place",
        ),
        (
            json!({ "entities": [entity(0, 0, "PER", 1.0)] }),
            "entity 0: it is empty",
        ),
        (
            json!({ "entities": [entity(0, 1, "PER", 1.5)] }),
            "entity 0: its score 1.5 is not between 0 and 1",
        ),
        (
            json!({ "entities": [entity(0, 77, "PER", 1.0)] }),
            "entity 0: offset 77 lies past the end",
        ),
        (
            json!({ "entities": [entity(0, 2, "PER", 1.0)], "edits": [edit(1, 1, "x")] }),
            "entity 0: it overlaps an edit",
        ),
        (
            json!({ "verdict": { "drop": { "reason": " " } } }),
            "the verdict has no reason",
        ),
        (
            json!({ "verdict": { "fail": { "reason": "" } } }),
            "the verdict has no reason",
        ),
    ];
    for (reply, expected) in cases {
        let message = refusal("ab🙂c", "utf16", reply.clone());
        assert!(
            message.starts_with("`tagger` gave a bad reply: "),
            "{message}"
        );
        assert!(message.contains(expected), "{reply}\n{message}");
    }
}

#[test]
fn unknown_labels_are_no_reply() {
    let reply = json!({ "entities": [{ "start": 0, "end": 1, "label": "DOG" }] });
    let message = serde_json::from_value::<Reply>(reply)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("unknown variant `DOG`, expected one of `PER`"),
        "{message}"
    );
}

#[test]
fn what_a_guest_did_not_say_it_gives_is_refused() {
    let cases = [
        (
            json!({ "edits": [{ "start": 0, "end": 1 }] }),
            "it edits the text, which `gives` does not name",
        ),
        (
            json!({ "entities": [{ "start": 0, "end": 1, "label": "PER" }] }),
            "it adds entities, which `gives` does not name",
        ),
    ];
    for (reply, expected) in cases {
        let mut doc = document("text");
        let mut declaration = guest("bytes");
        declaration.gives.clear();
        let reply: Reply = serde_json::from_value(reply).unwrap();
        let error = apply(reply, &mut doc, &declaration, "mine").unwrap_err();
        assert!(describe_chain(&error).contains(expected));
    }
}

#[test]
fn replies_that_are_none_do_not_parse() {
    for reply in [
        json!(null),
        json!("pass"),
        json!({ "verdict": "keep" }),
        json!({ "verdict": { "drop": {} } }),
        json!({ "verdicts": "pass" }),
        json!({ "edits": [{ "start": -1, "end": 0 }] }),
        json!({ "edits": [{ "start": 0.5, "end": 1 }] }),
        json!({ "entities": [{ "start": 0, "end": 1 }] }),
    ] {
        let parsed = serde_json::from_value::<Reply>(reply.clone());
        assert!(parsed.is_err(), "{reply}");
    }
}

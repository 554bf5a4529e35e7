//! What a record looks like.

use std::borrow::Cow;

use bytes::Bytes;
use expect_test::expect;
use futures::executor::block_on;
use jadwal_core::facts::{
    Block, BlockKind, Duplicate, Encoding, Entity, Label, Language, Removed, Segment, Table,
};
use jadwal_core::{Batch, Document, Edited, ErrorClass, OriginMap, Slot, Stage, Verdict};
use serde_json::Value;

use super::lab::{Lab, clock, cx, document, pipeline, provenance};
use crate::card::COLUMNS;
use crate::{RecordBuilder, record_schema};

const RAW: &[u8] = b"<p>\xcf\xe6\xcd\xc9</p><p>\xe3\xd5\xd1 \xe6\xe3\xd5\xd1</p>";

/// Windows-1256 in a paragraph each; the text is UTF-8 without the tags.
fn arabic_document() -> Document {
    let mut bytes = provenance("archive/a.jsonl", 400);
    bytes.bytes = 100..100 + RAW.len() as u64;
    let mut doc = Document::new(Bytes::from_static(RAW), bytes);
    let mut edited = Edited {
        text: "دوحة".to_owned(),
        map: OriginMap::default(),
    };
    edited.map.push(2, 3, 1, 4);
    edited.push_unit("\n\n", 7..14);
    edited.text.push_str("مصر ومصر");
    edited.map.push(2, 14, 1, 3);
    edited.map.push(1, 17, 1, 1);
    edited.map.push(2, 18, 1, 4);
    doc.replace_text(edited);
    doc
}

fn entity(range: std::ops::Range<usize>, mention_of: Option<usize>) -> Entity {
    Entity {
        range,
        label: Label::Loc,
        norm: "مصر".to_owned(),
        link: "iso3166:EG".to_owned(),
        mention_of,
        score: 0.912_345,
    }
}

fn with_facts(mut doc: Document) -> Document {
    let language = Language {
        tag: "ar".to_owned(),
        script: "Arab".to_owned(),
        score: 0.999_96,
    };
    let facts = doc.facts_mut();
    facts.title = "دوحة".to_owned();
    facts.byline = "\"Staff\"".to_owned();
    facts.created = "2026-02-28".to_owned();
    facts.fields = r#"{"page":3}"#.to_owned();
    facts.encoding = Some(Encoding {
        name: "windows-1256".to_owned(),
        score: 0.7,
    });
    facts.removed = vec![removed(0..3, "markup"), removed(7..14, "markup")];
    facts.repairs.insert(Cow::Borrowed("nfc"), 2);
    facts.blocks = vec![
        block(BlockKind::Title, 0..8),
        block(BlockKind::Paragraph, 10..25),
    ];
    facts.tables = vec![Table {
        rows: vec![vec!["أ".to_owned(), String::new()]],
    }];
    facts.segments = vec![Segment {
        range: 0..25,
        language: language.clone(),
    }];
    facts.language = Some(language);
    facts.duplicate = Some(Duplicate {
        revision_of: "00ff".to_owned(),
        cluster_id: "00ff".to_owned(),
        cluster_size: 2,
        similarity: 0.85,
        ..Duplicate::default()
    });
    facts.entities = vec![entity(10..16, None), entity(19..25, Some(0))];
    doc.set_extra("sentiment", serde_json::json!({ "score": 0.25 }));
    doc
}

fn removed(raw: std::ops::Range<usize>, rule: &'static str) -> Removed {
    Removed {
        raw,
        rule: Cow::Borrowed(rule),
    }
}

fn block(kind: BlockKind, range: std::ops::Range<usize>) -> Block {
    Block { kind, range }
}

fn line(doc: &Document) -> String {
    let builder = RecordBuilder::new(pipeline(), clock());
    serde_json::to_string(&builder.record(doc).unwrap()).unwrap()
}

/// One key a line, so that a change of the record shows as a change of lines.
fn by_key(line: &str) -> String {
    let mut text = line.to_owned();
    for (key, _) in COLUMNS {
        // No list or object before its own top-level key has a key of that name.
        let at = text.find(&format!("\"{key}\":")).unwrap();
        text.insert(at, '\n');
    }
    text
}

#[test]
fn a_record_has_every_fact_with_code_points_and_bytes_of_the_file() {
    let line = line(&with_facts(arabic_document()));
    expect![[r#"
        {
        "id":"b5ccacadcfd12b7a96202bb299c01e46",
        "text":"دوحة\n\nمصر ومصر",
        "source":"news",
        "added":"2026-03-02T10:00:00Z",
        "created":"2026-02-28",
        "url":"",
        "title":"دوحة",
        "byline":"\"Staff\"",
        "language":"ar",
        "language_script":"Arab",
        "language_score":1.0,
        "segments":[{"start":0,"end":14,"language":"ar","script":"Arab","score":1.0}],
        "duplicate_of":"",
        "revision_of":"00ff",
        "cluster_id":"00ff",
        "minhash_cluster_size":2,
        "similarity":0.85,
        "entities":[{"start":6,"end":9,"text":"مصر","label":"LOC","norm":"مصر","link":"iso3166:EG","mention_of":null,"score":0.9123,"src_start":114,"src_end":117},{"start":11,"end":14,"text":"مصر","label":"LOC","norm":"مصر","link":"iso3166:EG","mention_of":0,"score":0.9123,"src_start":119,"src_end":122}],
        "blocks":[{"kind":"title","start":0,"end":4},{"kind":"paragraph","start":6,"end":14}],
        "tables":[{"rows":[["أ",""]]}],
        "removed":[{"src_start":100,"src_end":103,"rule":"markup"},{"src_start":107,"src_end":114,"rule":"markup"}],
        "repairs":[{"rule":"nfc","count":2}],
        "metadata":{"file_path":"archive/a.jsonl","file_bytes":400,"record_index":0,"byte_start":100,"byte_end":126,"encoding":"windows-1256","encoding_score":0.7,"modified":"2026-03-01T07:30:00Z","pipeline":"news","config_hash":"0123abcd","stages":["clean@0.1.0","emit@0.1.0"],"fields":"{\"page\":3}","updated":"","subtitle":"","site":"","agency":"","place":""},
        "extra":{"sentiment":{"score":0.25}}}"#]].assert_eq(&by_key(&line));
}

#[test]
fn a_bare_document_has_the_same_keys_with_nothing_in_them() {
    let line = line(&arabic_document());
    expect![[r#"
        {
        "id":"b5ccacadcfd12b7a96202bb299c01e46",
        "text":"دوحة\n\nمصر ومصر",
        "source":"news",
        "added":"2026-03-02T10:00:00Z",
        "created":"",
        "url":"",
        "title":"",
        "byline":"",
        "language":"",
        "language_script":"",
        "language_score":0.0,
        "segments":[],
        "duplicate_of":"",
        "revision_of":"",
        "cluster_id":"",
        "minhash_cluster_size":1,
        "similarity":0.0,
        "entities":[],
        "blocks":[],
        "tables":[],
        "removed":[],
        "repairs":[],
        "metadata":{"file_path":"archive/a.jsonl","file_bytes":400,"record_index":0,"byte_start":100,"byte_end":126,"encoding":"","encoding_score":0.0,"modified":"2026-03-01T07:30:00Z","pipeline":"news","config_hash":"0123abcd","stages":["clean@0.1.0","emit@0.1.0"],"fields":"","updated":"","subtitle":"","site":"","agency":"","place":""},
        "extra":{}}"#]].assert_eq(&by_key(&line));
}

#[test]
fn both_offsets_of_an_entity_lead_to_the_same_words() {
    let doc = with_facts(arabic_document());
    let builder = RecordBuilder::new(pipeline(), clock());
    let record = builder.record(&doc).unwrap();
    for entity in &record.entities {
        let by_points: String = record
            .text
            .chars()
            .skip(entity.start as usize)
            .take((entity.end - entity.start) as usize)
            .collect();
        assert_eq!(by_points, entity.text);
        let raw = &RAW[entity.src_start as usize - 100..entity.src_end as usize - 100];
        assert_eq!(
            raw,
            b"\xe3\xd5\xd1".as_slice(),
            "Windows-1256 for the entity"
        );
    }
}

#[test]
fn scores_that_are_no_numbers_stay_numbers() {
    let mut doc = arabic_document();
    for score in [f32::NAN, f32::INFINITY, -0.0] {
        doc.facts_mut().entities = vec![Entity {
            score,
            ..entity(10..16, None)
        }];
        assert!(line(&doc).contains(r#""score":0.0"#), "{score}");
    }
}

#[test]
fn a_fact_off_the_text_is_an_error_of_the_document() {
    let breaks: [fn(&mut Document); 6] = [
        |doc| doc.facts_mut().entities = vec![entity(10..99, None)],
        |doc| doc.facts_mut().entities = vec![entity(1..4, None)],
        |doc| doc.facts_mut().entities = vec![entity(10..16, Some(1))],
        |doc| doc.facts_mut().blocks = vec![block(BlockKind::List, 24..26)],
        |doc| doc.facts_mut().removed = vec![removed(5..99, "markup")],
        |doc| {
            doc.facts_mut().segments = vec![Segment {
                range: 3..8,
                language: Language {
                    tag: String::new(),
                    script: String::new(),
                    score: 0.0,
                },
            }];
        },
    ];
    let builder = RecordBuilder::new(pipeline(), clock());
    let errors: Vec<_> = breaks
        .iter()
        .map(|harm| {
            let mut doc = arabic_document();
            harm(&mut doc);
            builder.record(&doc).unwrap_err().to_string()
        })
        .collect();
    expect![[r#"
        entity 0 lies at bytes 10 to 99, which is no piece of the text
        entity 0 lies at bytes 1 to 4, which is no piece of the text
        entity 0 mentions entity 1, which is not there
        block 0 lies at bytes 24 to 26, which is no piece of the text
        removed piece 0 lies at bytes 5 to 99, outside the record
        language segment 0 lies at bytes 3 to 8, which is no piece of the text"#]]
    .assert_eq(&errors.join("\n"));
}

/// Scenario: the second of three documents has a broken fact.
/// Guarantees: it alone is refused; the others are written.
#[test]
fn a_bad_document_harms_only_itself() {
    let mut lab = Lab::writing_to("records.jsonl", 0);
    lab.start().unwrap();
    let mut broken = document(1);
    broken.facts_mut().entities = vec![entity(0..9999, None)];
    let docs = [document(0), broken, document(2)];
    let mut batch = Batch {
        slots: docs.into_iter().map(Slot::new).collect(),
    };
    block_on(lab.stage().process_batch(&mut batch, &cx())).unwrap();
    let results = batch
        .slots
        .into_iter()
        .map(|slot| slot.into_parts().1.unwrap());
    let classes: Vec<_> = results
        .map(|result| result.map_err(|error| error.class()))
        .collect();
    let expected = [
        Ok(Verdict::Pass),
        Err(ErrorClass::Document),
        Ok(Verdict::Pass),
    ];
    assert_eq!(classes, expected);
    assert_eq!(lab.lines().lines().count(), 2);
}

#[test]
fn the_schema_names_the_record_and_closes_it() {
    let schema = record_schema();
    assert_eq!(schema["title"], "Record");
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
    assert_eq!(
        schema["$defs"]["Entity"]["required"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
}

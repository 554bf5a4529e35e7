//! What holds for every text, unit and reply.

use proptest::prelude::*;

use super::{document, guest};
use crate::facts::Label;
use crate::guest::{Edit, NewEntity, OffsetUnit, Offsets, Reply, ReplyVerdict, apply};

const UNITS: [&str; 3] = ["bytes", "code_points", "utf16"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![r"\PC{0,90}", "[a-z ]{0,200}", "[اأبجد𝒳é🙂\u{301} ]{0,200}"]
}

fn counted(text: &str, unit: &str) -> usize {
    match unit {
        "bytes" => text.len(),
        "code_points" => text.chars().count(),
        _ => text.encode_utf16().count(),
    }
}

fn unit_of(name: &str) -> OffsetUnit {
    serde_json::from_value(serde_json::json!(name)).unwrap()
}

proptest! {
    /// Guarantees: at each boundary the count is that of the text before it, and leads back; no
    /// other number leads anywhere.
    #[test]
    fn offsets_go_there_and_back(text in text()) {
        for name in UNITS {
            let offsets = Offsets::new(&text, unit_of(name));
            let boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            let mut good = std::collections::BTreeMap::new();
            for at in boundaries {
                let count = counted(&text[..at], name);
                prop_assert_eq!(offsets.unit_at(at), count);
                good.insert(count as u64, at);
            }
            for unit in 0..=offsets.len() as u64 + 2 {
                prop_assert_eq!(offsets.byte_at(unit).ok(), good.get(&unit).copied());
            }
        }
    }

    /// Scenario: numbers thrown at random as edits and entities.
    /// Guarantees: no panic; a refused reply changes nothing; an accepted one does what replacing in
    /// a list of characters does, keeps each entity's text, and every kept byte leads to its own raw byte.
    #[test]
    fn any_reply_is_refused_whole_or_does_what_it_says(
        text in text(),
        unit in prop::sample::select(&UNITS[..]),
        edits in prop::collection::vec((0u64..60, 0u64..6, "[xé🙂]{0,3}"), 0..4),
        entities in prop::collection::vec((0u64..60, 0u64..6), 0..4),
    ) {
        let mut doc = document(&text);
        let before = format!("{doc:?}");
        let edit = |(start, length, text): &(u64, u64, String)| Edit {
            start: *start, end: start + length, text: text.clone(),
        };
        let entity = |(start, length): &(u64, u64)| NewEntity {
            start: *start, end: start + length, label: Label::Per,
            norm: String::new(), link: String::new(), score: 1.0,
        };
        let reply = Reply {
            verdict: ReplyVerdict::Pass,
            edits: edits.iter().map(edit).collect(),
            entities: entities.iter().map(entity).collect(),
            extra: None,
        };
        if apply(reply, &mut doc, &guest(unit), "mine").is_err() {
            prop_assert_eq!(format!("{doc:?}"), before);
            return Ok(());
        }
        let offsets = Offsets::new(&text, unit_of(unit));
        let byte = |unit: u64| offsets.byte_at(unit).unwrap();
        let mut sorted = edits.clone();
        sorted.sort_by_key(|(start, length, _)| (*start, *length));
        let mut expected = text.clone();
        for (start, length, with) in sorted.iter().rev() {
            expected.replace_range(byte(*start)..byte(start + length), with);
        }
        prop_assert_eq!(doc.text().unwrap(), expected.as_str());
        prop_assert_eq!(doc.origin_map().text_len(), expected.len());
        let mut named: Vec<_> = entities.iter().map(|(start, length)| &text[byte(*start)..byte(start + length)]).collect();
        let mut found: Vec<_> = doc.facts().entities.iter().map(|one| &expected[one.range.clone()]).collect();
        named.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(named, found);
        for one in &doc.facts().entities {
            let raw = doc.origin_map().source_range(one.range.clone());
            prop_assert_eq!(&text[raw], &expected[one.range.clone()]);
        }
    }
}

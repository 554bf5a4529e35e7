//! What the record has no keys for: entities with their ids and spellings, titles and offices.
//!
//! It goes into `extra` under the stage's id:
//!
//! ```json
//! { "entities": [ { "id": "iso3166:QA", "label": "LOC", "norm": "Qatar", "mentions": [0, 4],
//!                   "names": ["قطر", "دولة قطر"], "candidates": [] } ],
//!   "titles": [ { "kind": "office", "start": 0, "end": 12, "text": "وزير الخارجية", "country": "QA",
//!                 "entity": 3 } ],
//!   "reference_date": { "date": "2016-11-21", "by": "document" } }
//! ```
//!
//! `id` holds in every document; it is empty where the text does not say whose ministry or parliament it means.
//! `mentions` and `entity` are indices of the record's `entities`; `start` and `end` count code points as there.
//! `candidates` are keys that other spellings of a person may share, in other scripts too, with a
//! score: a reason to compare, not a claim.

use jadwal_core::facts::{Entity, Label};
use serde_json::{Value, json};

use crate::document::Chain;
use crate::identity::{candidate_keys, entity_id};
use crate::reference::Reference;
use crate::titles::{Kind, Title};

/// Spellings told of one entity.
const NAMES_MAX: usize = 16;

/// A title and the person it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) title: Title,
    /// Index of the entity.
    pub(crate) person: Option<usize>,
}

/// Returns the details as JSON; `None` where there is nothing to tell.
pub(crate) fn details(
    text: &str,
    entities: &[Entity],
    chains: &[Chain],
    held: &[Held],
    reference: Option<&Reference>,
) -> Option<Value> {
    let dated = entities.iter().any(|entity| entity.label == Label::Date);
    let reference = reference.filter(|_| dated);
    if chains.is_empty() && held.is_empty() && reference.is_none() {
        return None;
    }
    let chains: Vec<Value> = chains
        .iter()
        .map(|chain| entity(text, entities, chain))
        .collect();
    let mut points = CodePoints {
        text,
        byte: 0,
        count: 0,
    };
    let titles: Vec<Value> = held
        .iter()
        .map(|held| title(text, &mut points, held))
        .collect();
    let mut details = json!({ "entities": chains, "titles": titles });
    if let Some(reference) = reference {
        details["reference_date"] =
            json!({ "date": reference.day.to_string(), "by": reference.by.name() });
    }
    Some(details)
}

fn entity(text: &str, entities: &[Entity], chain: &Chain) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for mention in &chain.mentions {
        let name = &text[entities[*mention].range.clone()];
        if !names.contains(&name) && names.len() < NAMES_MAX {
            names.push(name);
        }
    }
    let canonical = match chain.norm.as_str() {
        "" => chain.name.as_str(),
        norm => norm,
    };
    let candidates: Vec<Value> = match chain.label {
        Label::Per => candidate_keys(canonical)
            .into_iter()
            // Two decimals: a float of 32 bits prints as what it nearly is.
            .map(|key| json!({ "key": key.key, "score": (f64::from(key.score) * 100.0).round() / 100.0 }))
            .collect(),
        _ => Vec::new(),
    };
    let id = match chain.anyones {
        true => String::new(),
        false => entity_id(chain.label, &chain.link, canonical),
    };
    json!({
        "id": id,
        "label": chain.label,
        "norm": canonical,
        "mentions": chain.mentions,
        "names": names,
        "candidates": candidates,
    })
}

fn title(text: &str, points: &mut CodePoints<'_>, held: &Held) -> Value {
    let range = held.title.range.clone();
    let kind = match held.title.kind {
        Kind::Title => "title",
        Kind::Office => "office",
    };
    json!({
        "kind": kind,
        "start": points.at(range.start),
        "end": points.at(range.end),
        "text": &text[range],
        "country": held.title.country.unwrap_or(""),
        "entity": held.person,
    })
}

/// Counts code points up to rising places of a text.
struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl CodePoints<'_> {
    fn at(&mut self, byte: usize) -> usize {
        self.count += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.count
    }
}

/// Gives each title to the person right behind it, past other titles, or else right before it.
pub(crate) fn held(text: &str, titles: Vec<Title>, entities: &[Entity]) -> Vec<Held> {
    let mut held: Vec<Held> = titles
        .into_iter()
        .map(|title| Held {
            title,
            person: None,
        })
        .collect();
    let mut next = entities.len();
    // Where the row of titles begins that leads up to a person, and the person.
    let mut anchor: Option<(usize, usize)> = None;
    for held in held.iter_mut().rev() {
        let range = held.title.range.clone();
        while next > 0 && entities[next - 1].range.start >= range.end {
            next -= 1;
            if entities[next].label == Label::Per {
                anchor = Some((entities[next].range.start, next));
            }
        }
        let behind = anchor.filter(|(start, _)| joined(&text[range.end..*start], true));
        let before = entities[..next].iter().rev().take(2).position(|entity| {
            entity.label == Label::Per
                && entity.range.end <= range.start
                && joined(&text[entity.range.end..range.start], false)
        });
        held.person = behind
            .map(|(_, person)| person)
            .or(before.map(|back| next - 1 - back));
        anchor = behind.map(|(_, person)| (range.start, person));
    }
    // `كاتب` by itself is a word, not somebody's title.
    held.retain(|held| held.person.is_some() || held.title.kind == Kind::Office);
    held
}

/// Whether a title and a name belong together across this gap. What leads up to a name may end in a
/// full stop (`Dr.`), what follows it may not.
fn joined(gap: &str, leads: bool) -> bool {
    match gap.trim_matches(crate::lexicon::is_blank) {
        "" | "،" | "," => true,
        "." => leads,
        _ => false,
    }
}

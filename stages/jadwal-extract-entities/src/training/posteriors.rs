//! How often a model takes a word for part of a name, counted over free text.
//!
//! The counts become features of the next model: what it is unsure of in one sentence it can know
//! from all the others.

use std::collections::HashMap;

use crate::key_map::KeyMap;
use crate::tagger::Tagger;
use crate::tagger::features::stored_key;
use crate::tagger::knowledge::{Knowledge, NO_POSTERIOR, POSTERIOR_SHIFT};
use crate::tagger::labels::TYPES;
use crate::training::text::FreeText;

/// Words met less often get no posterior.
const LEAST_COUNT: u32 = 5;
/// Upper bounds of the levels.
const LEVELS: [f32; 6] = [0.01, 0.05, 0.15, 0.35, 0.6, 0.85];

/// Tags the text and writes what it says about words that have a cluster.
pub(crate) fn add_posteriors(
    knowledge: &mut Knowledge,
    tagger: &Tagger,
    text: &FreeText,
    bias: f32,
) {
    let mut counts: HashMap<u32, [u32; 4]> = HashMap::new();
    let mut spans = Vec::new();
    text.each_document(|document, words, hashes| {
        spans.clear();
        tagger.tag(document, 0..document.len(), bias, &mut spans);
        let mut next = spans.iter().peekable();
        for (word, hash) in words.iter().zip(hashes) {
            let counts = counts.entry(stored_key(*hash)).or_default();
            counts[3] += 1;
            while next
                .next_if(|span| span.range.end <= word.start as usize)
                .is_some()
            {}
            let inside = next
                .peek()
                .filter(|span| span.range.start <= word.start as usize);
            if let Some(span) = inside {
                let kind = TYPES.iter().position(|label| *label == span.label);
                if let Some(kind @ 0..3) = kind {
                    counts[kind] += 1;
                }
            }
        }
    });
    let mut words = KeyMap::with_room(knowledge.words.sorted().len());
    for (key, value) in knowledge.words.sorted() {
        let posterior = counts.get(&key).map_or(NO_POSTERIOR, levels);
        words.insert(
            key,
            value & !(u32::MAX << POSTERIOR_SHIFT) | u32::from(posterior) << POSTERIOR_SHIFT,
        );
    }
    knowledge.words = words;
}

fn levels(counts: &[u32; 4]) -> u16 {
    if counts[3] < LEAST_COUNT {
        return NO_POSTERIOR;
    }
    let level = |kind: usize| {
        let share = counts[kind] as f32 / counts[3] as f32;
        LEVELS.iter().filter(|bound| share >= **bound).count() as u16
    };
    level(0) | level(1) << 4 | level(2) << 8
}

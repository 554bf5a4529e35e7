//! Finds names again that the document gave in full: repeats, family names, acronyms in brackets.
//!
//! `وكالة الأنباء القطرية "قنا"` makes `قنا` a name of the agency, here and further down; after
//! `إبراهيم الهاشمي` a lone `الهاشمي` is a person. One walk over the items, whatever is looked for.

use std::collections::HashMap;

use jadwal_core::facts::Label;
use jadwal_core::fold::fold;

use crate::document::Acronyms;
use crate::found::{Found, Source, is_name};
use crate::hashing::Seeded;
use crate::identity::parts;
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::{Cues, is_blank};

const REPEATED: f32 = 0.75;
const ACRONYM: f32 = 0.75;

/// Letters of the longest acronym that is read from a bracket.
const ACRONYM_MAX: usize = 12;

/// A row of words that is looked for from some place on.
struct Wanted {
    keys: Vec<u64>,
    label: Label,
    norm: String,
    link: String,
    from: usize,
}

/// Returns what `found`, in order and without overlaps, makes known further down, and the acronyms.
pub(crate) fn repeated(items: &Items<'_>, found: &[Found]) -> (Vec<Found>, Acronyms) {
    let mut more = Vec::new();
    let mut acronyms = Acronyms::new();
    let mut wanted = Wanteds::default();
    for (index, name) in found.iter().enumerate() {
        let next = found.get(index + 1);
        if let Some(acronym) = acronym_behind(items, name, next) {
            let full = fold(&items.text[name.range.clone()]);
            acronyms.insert(fold(&items.text[acronym.range.clone()]), full);
            wanted.add(items, &acronym, false);
            more.push(acronym);
        }
        let by_rule = matches!(name.source, Source::Rule | Source::Tagger | Source::List);
        if name.label == Label::Per && by_rule {
            wanted.add(items, name, true);
        }
    }
    wanted.find(items, &mut more);
    (more, acronyms)
}

/// Finds the acronym in brackets or quotes right behind an organisation.
fn acronym_behind(items: &Items<'_>, name: &Found, next: Option<&Found>) -> Option<Found> {
    if !matches!(name.label, Label::Org | Label::Misc | Label::Event) {
        return None;
    }
    let rest = &items.text[name.range.end..];
    let inner = rest.trim_start_matches(is_blank);
    let open = inner.chars().next()?;
    let close = match open {
        '(' => ')',
        '[' => ']',
        '«' => '»',
        '“' => '”',
        '"' => '"',
        _ => return None,
    };
    let inner = inner[open.len_utf8()..].trim_start_matches(is_blank);
    let start = items.text.len() - inner.len();
    let length = inner
        .char_indices()
        .take(ACRONYM_MAX + 4)
        .find(|(_, character)| *character == close)?
        .0;
    let length = inner[..length].trim_end_matches(is_blank).len();
    let range = start..start + length;
    // What is a name of its own stays that.
    let known = next.is_some_and(|next| next.range.start < range.end && is_name(next.label));
    if known || !is_acronym(items, range.clone(), open) {
        return None;
    }
    Some(Found {
        norm: name.norm.clone(),
        link: name.link.clone(),
        ..Found::name(range, name.label, ACRONYM, Source::Document)
    })
}

/// Whether the bytes are one word that can stand for a name: capitals, or a word of Arabic that is
/// no common one.
fn is_acronym(items: &Items<'_>, range: std::ops::Range<usize>, open: char) -> bool {
    let at = items.first_from(0, range.start);
    let Some(item) = items.get(at) else {
        return false;
    };
    let whole = item.token.start as usize == range.start && item.token.end as usize == range.end;
    let letters = usize::from(item.token.length);
    let phrase = items.phrase(at);
    let common = phrase.cues != Cues::default() || phrase.speaks;
    let fits = match item.token.class {
        Class::Latin => item.token.flags & crate::tokens::ALL_CAPITALS != 0,
        // A quoted word of Arabic is as often a word that somebody said.
        Class::Arabic => {
            !common && (open == '(' || letters <= 5) && !items.slice(at).ends_with('ة')
        }
        _ => false,
    };
    whole && fits && (2..=ACRONYM_MAX).contains(&letters)
}

#[derive(Default)]
struct Wanteds {
    all: Vec<Wanted>,
    by_first: HashMap<u64, Vec<usize>, Seeded>,
    /// Bits of the first words, asked before the map.
    filter: [u64; 16],
}

/// Returns where in the filter a key's bit is.
#[inline]
fn filter_place(key: u64) -> (usize, u64) {
    let place = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
    ((place / 64) as usize, 1 << (place % 64))
}

/// Rows looked for that begin with one word; more of them are a list of names, not a text.
const ROWS_OF_A_WORD: usize = 8;

impl Wanteds {
    /// Looks for the words of `name` from its end on, and for its family name.
    fn add(&mut self, items: &Items<'_>, name: &Found, with_family: bool) {
        let first = items.first_from(0, name.range.start);
        let first = match items.get(first.wrapping_sub(1)) {
            // What is written on to the first word lies before the name.
            Some(item) if item.token.inner as usize == name.range.start => first - 1,
            _ => first,
        };
        let mut keys = Vec::new();
        let mut at = first;
        while at < items.len() && items.end(at) <= name.range.end {
            keys.push(items.key(at));
            at += 1;
        }
        if keys.is_empty() {
            return;
        }
        if with_family && keys.len() > 1 && is_family_name(items, at - 1) {
            self.push(keys[keys.len() - 1..].to_vec(), name);
        }
        if !with_family || keys.len() > 1 {
            self.push(keys, name);
        }
    }

    fn push(&mut self, keys: Vec<u64>, name: &Found) {
        let rows = self.by_first.entry(keys[0]).or_default();
        let known = rows.iter().any(|row| self.all[*row].keys == keys);
        if known || rows.len() >= ROWS_OF_A_WORD {
            return;
        }
        rows.push(self.all.len());
        let (word, bit) = filter_place(keys[0]);
        self.filter[word] |= bit;
        self.all.push(Wanted {
            keys,
            label: name.label,
            norm: name.norm.clone(),
            link: name.link.clone(),
            from: name.range.end,
        });
    }

    fn find(&self, items: &Items<'_>, found: &mut Vec<Found>) {
        if self.all.is_empty() {
            return;
        }
        let mut at = 0;
        while at < items.len() {
            let match_of = |(key, start): (u64, usize)| {
                let (word, bit) = filter_place(key);
                if self.filter[word] & bit == 0 {
                    return None;
                }
                let rows = self.by_first.get(&key)?;
                let rows = rows.iter().map(|row| &self.all[*row]);
                rows.filter(|row| start >= row.from && row.continues(items, at))
                    .max_by_key(|row| row.keys.len())
                    .map(|row| (row, start))
            };
            let whole = match_of((items.key(at), items.start(at)));
            let Some((row, start)) = whole.or_else(|| items.cut_keys(at).find_map(match_of)) else {
                at += 1;
                continue;
            };
            let last = at + row.keys.len() - 1;
            found.push(Found {
                norm: row.norm.clone(),
                link: row.link.clone(),
                ..Found::name(
                    start..items.end(last),
                    row.label,
                    REPEATED,
                    Source::Document,
                )
            });
            at = last + 1;
        }
    }
}

impl Wanted {
    /// Whether the words behind item `at` are the rest of the row.
    fn continues(&self, items: &Items<'_>, at: usize) -> bool {
        let rest = self.keys.iter().skip(1);
        (at..).zip(rest).all(|(before, key)| {
            let near = items.near(before) || items.gap(before) == "-";
            near && items.key(before + 1) == *key
        })
    }
}

/// Whether the last word of a person's name stands for the person: no nationality, no common word.
fn is_family_name(items: &Items<'_>, at: usize) -> bool {
    let Some(item) = items.get(at) else {
        return false;
    };
    let phrase = items.phrase(at);
    let common = phrase.cues.has(Cues::COMMON.and(Cues::FREQUENT));
    let plain = !phrase.speaks && phrase.demonym.is_none() && !common;
    let long = parts(items.slice(at))
        .iter()
        .any(|part| part.chars().count() >= 4);
    let begins_names = phrase.cues.has(Cues::GIVEN);
    match item.token.class {
        Class::Arabic => plain && long && !begins_names,
        _ => plain && long && items.capital(at),
    }
}

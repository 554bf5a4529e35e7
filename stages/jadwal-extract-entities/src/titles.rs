//! Finds titles and offices: `سعادة الدكتور`, `وزير الدولة بوزارة الخارجية القطرية`, `Foreign Minister`.
//!
//! An office is a head word and what it goes on with: words of `data/offices.tsv`, nationalities,
//! names of the tables. They are facts beside the entities, and tell the rules for persons where a
//! name may stand.

use std::ops::Range;

use jadwal_core::facts::Label;

use crate::found::{Found, Source};
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::{Cues, is_blank};
use crate::tokens::CONJUNCTION;

/// Items that one office may have; real ones have fewer, and reading stays linear.
const ITEMS_MAX: usize = 16;

/// What kind of title it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of respect or rank.
    Title,
    /// An office, with what it is of.
    Office,
}

/// A title or an office in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Title {
    pub(crate) kind: Kind,
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) range: Range<usize>,
    /// ISO 3166 code of the country whose office it is.
    pub(crate) country: Option<&'static str>,
}

/// Finds all titles and offices, in order, without overlaps.
pub(crate) fn titles(items: &Items<'_>) -> Vec<Title> {
    let mut titles = Vec::new();
    let mut at = 0;
    while at < items.len() {
        match title_at(items, at) {
            Some(title) => {
                at = title.last + 1;
                titles.push(title);
            }
            None => at += 1,
        }
    }
    titles
}

/// Cuts titles and offices off both ends of persons that were found with them.
pub(crate) fn without_titles(text: &str, titles: &[Title], found: &mut [Found]) {
    let mut places: Vec<Range<usize>> = found
        .iter()
        .filter(|found| found.label == Label::Loc && found.source == Source::Table)
        .map(|found| found.range.clone())
        .collect();
    places.sort_by_key(|place| place.start);
    let place_at = |start: usize| {
        let behind = places.partition_point(|place| place.start <= start);
        places[..behind].last().filter(|place| place.start == start)
    };
    for person in found.iter_mut().filter(|found| found.label == Label::Per) {
        let range = &mut person.range;
        let from = titles.partition_point(|title| title.range.end <= range.start);
        // `U.S. Secretary of State Antony Blinken`: the country is another name.
        if let (Some(title), Some(place)) = (titles.get(from), place_at(range.start))
            && text
                .get(place.end..title.range.start)
                .is_some_and(|gap| gap.chars().all(is_between))
            && title.range.end < range.end
        {
            range.start = title.range.start;
        }
        for title in &titles[from..] {
            if title.range.start > range.start || title.range.end >= range.end {
                break;
            }
            let name = text[title.range.end..range.end].trim_start_matches(is_between);
            range.start = range.end - name.len();
        }
        // `الشيخ` may be a family name; an office is none.
        let inside = titles[from..]
            .iter()
            .take_while(|title| title.range.start < range.end)
            .find(|title| title.kind == Kind::Office && title.range.start > range.start);
        if let Some(office) = inside {
            let name = text[range.start..office.range.start].trim_end_matches(is_between);
            range.end = range.start + name.len();
        }
    }
}

fn is_between(character: char) -> bool {
    is_blank(character) || matches!(character, '.' | ',' | '،')
}

fn title_at(items: &Items<'_>, at: usize) -> Option<Title> {
    let cues = items.cues(at);
    if !cues.has(Cues::OFFICE.and(Cues::HONORIFIC)) || !written_as_title(items, at) {
        return None;
    }
    let office = cues
        .has(Cues::OFFICE)
        .then(|| office_at(items, at))
        .flatten();
    office.or_else(|| cues.has(Cues::HONORIFIC).then(|| honorific_at(items, at)))
}

/// In Latin letters `judge` and `head` are mostly verbs: a title has a capital.
fn written_as_title(items: &Items<'_>, at: usize) -> bool {
    items
        .get(at)
        .is_some_and(|item| item.token.class == Class::Arabic)
        || items.capital(at)
        || items.slice(at).contains(' ')
}

/// `سعادة`, `الدكتور`; with the nationality behind it (`الرئيس القطري`) it is an office.
fn honorific_at(items: &Items<'_>, at: usize) -> Title {
    let demonym = items
        .near(at)
        .then(|| items.phrase(at + 1).demonym)
        .flatten();
    let arabic = items.definite(at) && items.definite(at + 1);
    let country = demonym.filter(|_| arabic);
    let last = at + usize::from(country.is_some());
    Title {
        kind: if country.is_some() {
            Kind::Office
        } else {
            Kind::Title
        },
        first: at,
        last,
        range: items.range(at, last),
        country,
    }
}

fn office_at(items: &Items<'_>, at: usize) -> Option<Title> {
    let mut last = at;
    let mut country = None;
    while last - at < ITEMS_MAX && items.near(last) && goes_on(items, last + 1) {
        last += 1;
        country = items.phrase(last).demonym.or(country);
    }
    // Behind the words for "of" an office needs something.
    while last > at && is_open(items, last) {
        last -= 1;
    }
    let before = items.phrase(at - usize::from(at > 0)).demonym;
    let country =
        country.or(before.filter(|_| at > 0 && is_latin(items, at) && items.near(at - 1)));
    // A bare head (`عضو`, `رئيس`) says little and is a common noun: it must be of something, or be
    // an office of several words.
    let full = last > at || items.slice(at).contains(' ') || country.is_some();
    full.then(|| Title {
        kind: Kind::Office,
        first: at,
        last,
        range: items.range(at, last),
        country,
    })
}

fn is_latin(items: &Items<'_>, at: usize) -> bool {
    items
        .get(at)
        .is_some_and(|item| item.token.class == Class::Latin)
}

/// Whether item `at` can belong to the office before it.
fn goes_on(items: &Items<'_>, at: usize) -> bool {
    let joined = items
        .get(at)
        .is_some_and(|item| item.token.clitics & CONJUNCTION != 0);
    let of_office = items.is(at, Cues::OF_OFFICE);
    let country = items.is(at, Cues::DEMONYM.and(Cues::NAMED));
    of_office || country && !joined
}

/// Whether the office can't end with item `at`: `minister of`, `وزير لشؤون`.
fn is_open(items: &Items<'_>, at: usize) -> bool {
    let slice = items.slice(at);
    matches!(
        slice,
        "of" | "for" | "to" | "the" | "des" | "du" | "de la" | "باسم" | "شؤون" | "لشؤون"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::Habits;
    use crate::tables;

    #[test]
    fn a_person_is_found_without_titles() {
        let mut lexicon = tables::read_all().unwrap();
        lexicon.seal();
        for (text, expected) in [
            ("الشيخ أحمد الكواري", "أحمد الكواري"),
            ("سعادة الدكتور أحمد الكواري", "أحمد الكواري"),
            ("Dr. Karim Haddad", "Karim Haddad"),
            ("أحمد الكواري وزير الخارجية القطري", "أحمد الكواري"),
            ("أحمد آل الشيخ", "أحمد آل الشيخ"),
            ("U.S. Foreign Minister Karim Haddad", "Karim Haddad"),
            // Nothing but a title is left as it is.
            ("الشيخ", "الشيخ"),
        ] {
            let items = Items::of(text, &lexicon, Habits::default());
            let person = Found::name(0..text.len(), Label::Per, 0.9, Source::Tagger);
            let mut found = vec![person];
            if text.starts_with("U.S.") {
                found.push(Found::name(0..4, Label::Loc, 0.9, Source::Table));
            }
            without_titles(text, &titles(&items), &mut found);
            assert_eq!(&text[found[0].range.clone()], expected);
        }
    }
}

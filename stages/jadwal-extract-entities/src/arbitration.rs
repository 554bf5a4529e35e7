//! Settles what tables, rules and taggers say about the same words.
//!
//! The tables know which thing a name means, the tagger has learnt how much of the text is the name and
//! what kind of thing its context speaks of. So a name keeps the link of the tables, and where both mean one
//! thing the tagger's bounds hold: of `حركة حماس` it may take `حماس` alone, as its corpora do. Where the
//! longer name is another thing (`جنوب أفريقيا`, `مصر للطيران`) the tables' bounds hold.
//! What overlaps after that is left to [`crate::found::merged`].

use std::ops::Range;

use jadwal_core::facts::Label;

use crate::found::{Found, Source};
use crate::items::{Item, Items};
use crate::letters::Class;
use crate::lexicon::Cues;
use crate::people;
use crate::tagger::TaggedSpan;
use crate::taggers::Tagged;

/// The tagger's probability from which on its name holds the year in it: `2016 Irish general election`.
const HOLDS_A_YEAR: f32 = 0.6;

/// Puts together what patterns, tables and rules found and what the taggers did. `name_of` tells the name
/// that the whole of a text is.
pub(crate) fn settled(
    items: &Items<'_>,
    mut found: Vec<Found>,
    tagged: Tagged,
    name_of: impl Fn(&str) -> Option<Found>,
) -> Vec<Found> {
    let Tagged { mut spans, parts } = tagged;
    for span in &mut spans {
        without_particle(items, span);
    }
    found.retain(|found| found.source != Source::Rule || assented(items, found, &spans, &parts));
    found.retain(|found| !is_year_of(found, &spans));
    for known in found.iter_mut().filter(|found| is_of_tables(found)) {
        let range = known.range.clone();
        let first = spans.partition_point(|span| span.range.end <= range.start);
        if let Some(span) = spans.get(first).filter(|span| is_part(span, known)) {
            let part = name_of(&items.text[span.range.clone()]);
            if part.is_some_and(|part| is_same(&part, known)) {
                known.range = span.range.clone();
            }
        }
    }
    let mut tables: Vec<_> = found
        .iter()
        .filter(|found| is_of_tables(found))
        .map(|found| (found.range.clone(), found.label))
        .collect();
    tables.sort_by_key(|(range, _)| (range.start, range.end));
    spans.retain(|span| !is_sum(items.text, span, &tables));
    let name = |span: TaggedSpan| Found::name(span.range, span.label, span.score, Source::Tagger);
    found.extend(spans.into_iter().map(name));
    found
}

fn is_of_tables(found: &Found) -> bool {
    found.source == Source::Table
}

/// A tagger takes a name with what is written on to it (`والعراق`). Where the tables know the word behind
/// that, the name begins there, as everybody else's names do. No person's name begins with a common word:
/// `فيدل` is not `ف` and `يدل`.
fn without_particle(items: &Items<'_>, span: &mut TaggedSpan) {
    let at = items.first_from(0, span.range.start);
    let begins = |item: &Item| item.token.start as usize == span.range.start;
    let common = span.label == Label::Per && items.is(at, Cues::COMMON.and(Cues::FUNCTION));
    if items.get(at).is_some_and(begins) && items.start(at) < span.range.end && !common {
        span.range.start = items.start(at);
    }
}

/// Whether a person that a rule guessed stays. The tagger has learnt where a name ends, so where it finds
/// a person the guess goes. Where it has read the words and finds none, a guess from words that no table knows
/// goes too, in Arabic: they are mostly verbs and adjectives. In Latin letters they have capitals.
fn assented(
    items: &Items<'_>,
    guess: &Found,
    spans: &[TaggedSpan],
    parts: &[Range<usize>],
) -> bool {
    let first = spans.partition_point(|span| span.range.end <= guess.range.start);
    let tagged = spans.get(first);
    if tagged.is_some_and(|span| span.range.start < guess.range.end && span.label == Label::Per) {
        return false;
    }
    let part = parts.partition_point(|part| part.end < guess.range.end);
    let read = parts
        .get(part)
        .is_some_and(|part| part.start <= guess.range.start);
    let item = items.get(items.first_from(0, guess.range.start));
    let arabic = item.is_some_and(|item| item.token.class == Class::Arabic);
    !(read && arabic && guess.score < people::TITLED)
}

/// Whether the date is a bare year inside a longer name: it dates the event that the name names.
fn is_year_of(date: &Found, spans: &[TaggedSpan]) -> bool {
    let bare = date.label == Label::Date && date.range.len() == 4 && date.norm.len() == 4;
    let first = spans.partition_point(|span| span.range.end <= date.range.start);
    let holds = |span: &TaggedSpan| {
        let inside = span.range.start <= date.range.start && date.range.end <= span.range.end;
        inside && span.range.len() > date.range.len() && span.score >= 0.5 + HOLDS_A_YEAR / 2.0
    };
    bare && spans.get(first).is_some_and(holds)
}

/// Whether the tagger's name is the end or the beginning of the tables' longer one and of its kind.
fn is_part(span: &TaggedSpan, known: &Found) -> bool {
    let (inner, outer) = (&span.range, &known.range);
    let end = inner.end == outer.end && inner.start > outer.start;
    let beginning = inner.start == outer.start && inner.end < outer.end;
    span.label == known.label && (end || beginning)
}

/// Whether two names of the tables mean one thing.
fn is_same(left: &Found, right: &Found) -> bool {
    left.label == right.label && left.norm == right.norm && left.link == right.link
}

/// A tagger may take two names for one (`الناتو وحلف شمال الأطلسي`). Where the tables know two of the same
/// kind inside, it is they who stay, unless a hyphen makes them one (`Dartmouth-Cole Harbour`).
fn is_sum(text: &str, span: &TaggedSpan, tables: &[(Range<usize>, Label)]) -> bool {
    let first = tables.partition_point(|(range, _)| range.start < span.range.start);
    let inside = tables[first..].iter();
    let mut inside = inside
        .take_while(|(range, _)| range.end <= span.range.end)
        .filter(|(_, label)| *label == span.label);
    let (Some((one, _)), Some((other, _))) = (inside.next(), inside.next()) else {
        return false;
    };
    let between = text.get(one.end..other.start).unwrap_or("");
    !matches!(between.trim(), "-" | "–")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::Habits;
    use crate::tables;

    const ENTITY: &str = "wikidata:Q1";

    /// Returns the names that are left in `text`. Asked for a part of a name, the tables know `حماس` alone.
    fn left(text: &str, found: &[(&str, Label, Source)], tagged: &[(&str, Label, f32)]) -> String {
        let mut lexicon = tables::read_all().unwrap();
        lexicon.seal();
        let items = Items::of(text, &lexicon, Habits::default());
        let range = |name: &str| {
            let start = text.find(name).unwrap();
            start..start + name.len()
        };
        let linked = |name: &str| Found {
            link: ENTITY.to_owned(),
            ..Found::name(range(name), Label::Org, 0.9, Source::Table)
        };
        let found = found.iter().map(|(name, label, source)| match source {
            Source::Table => linked(name),
            Source::Pattern => Found::new(range(name), *label, (*name).to_owned(), 0.7),
            _ => Found::name(range(name), *label, 0.7, *source),
        });
        let spans = tagged.iter().map(|(name, label, score)| TaggedSpan {
            range: range(name),
            label: *label,
            score: *score,
        });
        let whole = 0..text.len();
        let tagged = Tagged {
            spans: spans.collect(),
            parts: vec![whole],
        };
        let same = |part: &str| part.ends_with("حماس").then(|| linked(part));
        let left = settled(&items, found.collect(), tagged, same);
        let told = crate::found::merged(left).into_iter().map(|found| {
            let link = if found.link.is_empty() { "" } else { " linked" };
            format!("{}{link}", &text[found.range])
        });
        told.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn of_two_bounds_of_one_thing_the_taggers_hold() {
        let table = |name| [(name, Label::Org, Source::Table)];
        for (text, known, tagged, expected) in [
            ("قالت حركة حماس أمس", "حركة حماس", "حماس", "حماس linked"),
            // Another thing, or another kind of thing.
            ("قالت حركة فتح أمس", "حركة فتح", "فتح", "حركة فتح linked"),
        ] {
            let tagged = [(tagged, Label::Org, 0.9)];
            assert_eq!(left(text, &table(known), &tagged), expected, "{text}");
        }
        let place = [("حماس", Label::Loc, 0.9)];
        let text = "قالت حركة حماس أمس";
        assert_eq!(left(text, &table("حركة حماس"), &place), "حركة حماس linked");
    }

    #[test]
    fn a_person_keeps_the_first_letter_of_the_name() {
        for (text, tagged, expected) in [
            ("قال فيدل كاسترو", "فيدل كاسترو", "فيدل كاسترو"),
            ("سالم ومحمد كاسترو", "ومحمد كاسترو", "محمد كاسترو"),
        ] {
            let tagged = [(tagged, Label::Per, 0.9)];
            assert_eq!(left(text, &[], &tagged), expected);
        }
    }

    #[test]
    fn a_name_holds_its_year_where_the_tagger_is_sure() {
        let text = "in 2016 Irish general election he";
        let year = [("2016", Label::Date, Source::Pattern)];
        for (score, expected) in [(0.9, "2016 Irish general election"), (0.6, "2016")] {
            let tagged = [("2016 Irish general election", Label::Misc, score)];
            assert_eq!(left(text, &year, &tagged), expected, "{score}");
        }
    }

    #[test]
    fn a_guessed_person_needs_the_taggers_assent_in_arabic() {
        let guess = |name| [(name, Label::Per, Source::Rule)];
        assert_eq!(
            left("الفريق ستمنحنا أفضلية", &guess("ستمنحنا أفضلية"), &[]),
            ""
        );
        assert_eq!(
            left("Mrs Ada Brook left", &guess("Ada Brook"), &[]),
            "Ada Brook"
        );
        let tagged = [("كريم", Label::Per, 0.9)];
        assert_eq!(left("قال كريم ذهب", &guess("كريم ذهب"), &tagged), "كريم");
    }

    #[test]
    fn two_names_of_the_tables_are_not_one() {
        let both = [
            ("الناتو", Label::Org, Source::Table),
            ("حلف شمال الأطلسي", Label::Org, Source::Table),
        ];
        let text = "دول الناتو وحلف شمال الأطلسي";
        let tagged = [("الناتو وحلف شمال الأطلسي", Label::Org, 0.9)];
        assert_eq!(
            left(text, &both, &tagged),
            "الناتو linked | حلف شمال الأطلسي linked"
        );
        let places = [
            ("Dartmouth", Label::Org, Source::Table),
            ("Cole Harbour", Label::Org, Source::Table),
        ];
        let tagged = [("Dartmouth-Cole Harbour", Label::Org, 0.9)];
        assert_eq!(
            left("for Dartmouth-Cole Harbour", &places, &tagged),
            "Dartmouth-Cole Harbour"
        );
    }
}

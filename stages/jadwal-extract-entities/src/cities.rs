//! Decides whether a word that the table of cities knows is a city in this text.
//!
//! Many cities are named like persons and things. So a spelling that the table calls weak needs a word
//! for a place before it or a preposition written on to it, and no city stands in the midst of a
//! person's name.

use jadwal_core::facts::Label;

use crate::found::{Found, Source};
use crate::gazetteer::{City, Gazetteer, written_as_name};
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::Cues;
use crate::tokens::PREPOSITION;

const CERTAIN: f32 = 0.8;
const BY_CUE: f32 = 0.65;

/// Finds the city at item `at`, a word that no other table claims.
pub(crate) fn city_at(items: &Items<'_>, gazetteer: &Gazetteer, at: usize) -> Option<Found> {
    if !written_as_name(items, at) {
        return None;
    }
    let other = Cues::COMMON
        .and(Cues::FUNCTION)
        .and(Cues::HONORIFIC)
        .and(Cues::OFFICE)
        .and(Cues::OF_OFFICE)
        .and(Cues::DEMONYM);
    if items.is(at, other) {
        return None;
    }
    let whole = items
        .whole_word(at)
        .filter(|word| gazetteer.may_start(*word))
        .and_then(|word| gazetteer.longest(items, at, word));
    let clitics = items.get(at)?.token.clitics;
    if let Some((city, last)) = whole {
        let reading = Reading {
            city,
            first: at,
            last,
            start: items.start(at),
            preposition: clitics & PREPOSITION != 0,
        };
        return reading.found(items);
    }
    // The longest cut last: `وبالقاهرة` is `و`, `ب`, `القاهرة`.
    items.cut_keys(at).find_map(|(word, start)| {
        let possible = Some(word).filter(|word| gazetteer.may_start(*word))?;
        let (city, last) = gazetteer.longest(items, at, possible)?;
        let cut = &items.text[items.get(at)?.token.start as usize..start];
        Reading {
            city,
            first: at,
            last,
            start,
            preposition: cut.ends_with(['ب', 'ل', 'ك']),
        }
        .found(items)
    })
}

/// A city that the words may mean.
struct Reading {
    city: City,
    first: usize,
    last: usize,
    /// First byte after what is written on to it.
    start: usize,
    preposition: bool,
}

impl Reading {
    fn found(&self, items: &Items<'_>) -> Option<Found> {
        let before = self
            .first
            .checked_sub(1)
            .map_or("", |before| items.slice(before));
        let latin = items
            .get(self.first)
            .is_some_and(|item| item.token.class == Class::Latin);
        // Weak spellings in Latin letters are mostly family names: `to Bush`.
        let cue = match latin && self.city.weak {
            true => matches!(before, "in" | "In" | "near" | "city of" | "à" | "À"),
            false => true,
        };
        let cued = self.preposition || cue && items.after(self.first, Cues::PLACE);
        let named = self.first == self.last && self.in_a_name(items, cued);
        let weak = self.city.weak || self.may_be_his(items);
        if named || weak && !cued || !self.cut_is_likely(items) {
            return None;
        }
        let score = if weak { BY_CUE } else { CERTAIN };
        Some(Found {
            norm: self.city.name.to_owned(),
            link: format!("geonames:{}", self.city.id),
            ..Found::name(
                self.start..items.end(self.last),
                Label::Loc,
                score,
                Source::Table,
            )
        })
    }

    /// `جده` is "his grandfather" more often than a careless `جدة`.
    fn may_be_his(&self, items: &Items<'_>) -> bool {
        let word = &items.text[self.start..items.end(self.last)];
        self.first == self.last && word.ends_with('ه') && !word.starts_with("ال")
    }

    /// A letter cut off a word that nobody knows may be a letter of that word (`بلاد`): what is left must
    /// be a sure and no short spelling, or begin with the article.
    fn cut_is_likely(&self, items: &Items<'_>) -> bool {
        if self.start == items.start(self.first) {
            return true;
        }
        let rest = &items.text[self.start..items.end(self.last)];
        let letters = rest.chars().count();
        let shortest = if self.preposition { 3 } else { 4 };
        rest.starts_with("ال") && letters > 4 || !self.city.weak && letters >= shortest
    }

    /// Whether the words beside make it a part of a person's or another name: `George Washington`,
    /// `صالح بن`.
    fn in_a_name(&self, items: &Items<'_>, cued: bool) -> bool {
        let person = Cues::GIVEN.and(Cues::NAME).and(Cues::NAME_LINK);
        let latin = items
            .get(self.first)
            .is_some_and(|item| item.token.class == Class::Latin);
        let before = self.first > 0 && items.near(self.first - 1) && !cued;
        let after = items.near(self.last);
        let named_before = before && items.is(self.first - 1, person);
        let named_after = after && items.is(self.last + 1, person) && !cued;
        let capital_before = latin
            && before
            && items.capital(self.first - 1)
            && !items.is(self.first - 1, Cues::FUNCTION);
        let capital_after = latin
            && after
            && items.capital(self.last + 1)
            && items.phrase(self.last + 1).month.is_none();
        named_before || named_after || capital_before || capital_after
    }
}

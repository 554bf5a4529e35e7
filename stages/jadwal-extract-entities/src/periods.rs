//! Finds parts of years and rows of years: quarters, halves, decades, centuries.
//!
//! They are written as ranges: `الربع الأول من عام 2015` is `2015-01/2015-03`, `the 1990s` is
//! `1990/1999`, `القرن الحادي والعشرين` is `2001/2100`.

use crate::dates::DateMatch;
use crate::items::Items;
use crate::lexicon::Cues;

const CERTAIN: f32 = 0.9;
const LIKELY: f32 = 0.7;

/// Finds the period at item `at`, a word.
pub(crate) fn period_at(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let phrase = items.phrase(at);
    if let Some(first) = phrase.decade {
        return Some(decade(items, at, first.into()));
    }
    if items.slice(at) == "Q" {
        return short_quarter(items, at);
    }
    if phrase.cues.has(Cues::CENTURY) {
        return century(items, at);
    }
    let parted = phrase.cues.has(Cues::QUARTER_YEAR.and(Cues::HALF_YEAR));
    if parted && items.near(at) {
        // `الربع الأول من 2015`.
        let number = items.phrase(at + 1).ordinal?;
        return part_of_year(items, at, at + 1, number, at);
    }
    if phrase.ordinal.is_some() || english_ordinal(items.slice(at)).is_some() {
        // `first quarter of 2015`, `premier trimestre 2015`.
        let number = phrase
            .ordinal
            .or_else(|| english_ordinal(items.slice(at)))?;
        let named = items.near(at) && items.is(at + 1, Cues::QUARTER_YEAR.and(Cues::HALF_YEAR));
        return part_of_year(items, at, named.then_some(at + 1)?, number, at + 1);
    }
    None
}

/// Finds the period at item `at`, a number: `1990s`, `19th century`.
pub(crate) fn period_in_figures(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let (value, digits) = items.figures(at)?;
    if !items.opens(at) || !items.glued(at) {
        return None;
    }
    let suffix = items.slice(at + 1);
    let found = |last, norm, score| DateMatch {
        first: at,
        last,
        norm,
        score,
    };
    if suffix == "s" && digits == 4 && value % 10 == 0 && (1000..=2090).contains(&value) {
        return Some(found(
            at + 1,
            format!("{value:04}/{:04}", value + 9),
            CERTAIN,
        ));
    }
    let ordinal = matches!(suffix, "st" | "nd" | "rd" | "th" | "e" | "ème");
    let said = ordinal && items.near(at + 1) && items.is(at + 2, Cues::CENTURY);
    let number = u16::try_from(value).ok().filter(|_| said)?;
    Some(found(at + 2, years_of_century(number)?, LIKELY))
}

fn decade(items: &Items<'_>, at: usize, first: u32) -> DateMatch {
    // `ثمانينيات القرن الماضي`.
    let last_century = items.near(at)
        && items.is(at + 1, Cues::CENTURY)
        && items.near(at + 1)
        && items.is(at + 2, Cues::PAST);
    DateMatch {
        first: at,
        last: if last_century { at + 2 } else { at },
        norm: format!("{first}/{}", first + 9),
        score: LIKELY,
    }
}

/// `القرن الحادي والعشرين`, `القرن التاسع عشر`.
fn century(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let number = items
        .near(at)
        .then(|| items.phrase(at + 1).ordinal)
        .flatten()?;
    Some(DateMatch {
        first: at,
        last: at + 1,
        norm: years_of_century(number.into())?,
        score: LIKELY,
    })
}

fn years_of_century(number: u16) -> Option<String> {
    let known = (5..=22).contains(&number);
    known.then(|| format!("{:04}/{:04}", (number - 1) * 100 + 1, number * 100))
}

fn english_ordinal(word: &str) -> Option<u8> {
    Some(match word {
        "first" | "First" | "premier" => 1,
        "second" | "Second" | "deuxième" => 2,
        "third" | "Third" | "troisième" => 3,
        "fourth" | "Fourth" | "quatrième" => 4,
        _ => return None,
    })
}

/// `Q1 2015`.
fn short_quarter(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let (number, 1) = items.figures(at + 1).filter(|_| items.glued(at))? else {
        return None;
    };
    let year = year_behind(items, at + 1)?;
    let norm = months(year.1, u8::try_from(number).ok()?, true)?;
    Some(DateMatch {
        first: at,
        last: year.0,
        norm,
        score: CERTAIN,
    })
}

/// Reads the year behind item `last`; `kind` is the word that says quarter or half.
fn part_of_year(
    items: &Items<'_>,
    first: usize,
    last: usize,
    number: u8,
    kind: usize,
) -> Option<DateMatch> {
    let (last, year) = year_behind(items, last)?;
    let quarter = items.is(kind, Cues::QUARTER_YEAR);
    let norm = months(year, number, quarter)?;
    Some(DateMatch {
        first,
        last,
        norm,
        score: CERTAIN,
    })
}

/// Returns the year behind item `last`, past `من عام`, `of`, and its item.
fn year_behind(items: &Items<'_>, last: usize) -> Option<(usize, u64)> {
    let mut at = last + 1;
    while at <= last + 3 && items.near(at - 1) {
        match items.figures(at) {
            Some((year, 4)) if (1900..=2199).contains(&year) && items.closes(at) => {
                return Some((at, year));
            }
            _ if items.is(at, Cues::OF.and(Cues::YEAR).and(Cues::THE)) => at += 1,
            _ => return None,
        }
    }
    None
}

fn months(year: u64, number: u8, quarter: bool) -> Option<String> {
    let (length, count) = if quarter { (3, 4) } else { (6, 2) };
    let last = number * length;
    let fits = (1..=count).contains(&number);
    fits.then(|| format!("{year:04}-{:02}/{year:04}-{last:02}", last - length + 1))
}

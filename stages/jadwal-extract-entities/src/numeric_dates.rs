//! Finds dates of figures alone: `2016-11-21`, `21/11/2016`, `٢١/٢/١٤٣٨هـ`.
//!
//! Where day and month could change places the day is taken first (or the month, by option) and the
//! score is lower. A year from 1350 to 1500, or one with the sign of the Hijra, is Islamic.

use crate::calendar::{Day, UmmAlQura};
use crate::dates::DateMatch;
use crate::items::Items;
use crate::lexicon::Cues;

const CERTAIN: f32 = 0.95;
const SHORT_YEAR: f32 = 0.6;
const AMBIGUOUS: f32 = 0.6;
const ISLAMIC_BY_NUMBER: f32 = 0.7;

/// Three numbers with one separator between them.
struct Triple {
    values: [u32; 3],
    digits: [u8; 3],
    separator: char,
}

/// Finds the date at item `at`.
pub(crate) fn numeric_date(
    items: &Items<'_>,
    calendar: &UmmAlQura,
    at: usize,
) -> Option<DateMatch> {
    let triple = triple_at(items, at)?;
    let last = at + 2;
    let era = items.near(last) && items.is(last + 1, Cues::HIJRI_ERA);
    let common = items.near(last) && items.is(last + 1, Cues::COMMON_ERA);
    let closed = era || common || items.closes(last) || followed_by_time(items, last);
    let more = items.gap(last) == "-" && items.figures(last + 1).is_some();
    if !closed || more {
        return None;
    }
    let (year, first, second, score) = in_order(&triple, items.habits.month_first)?;
    let islamic = !common && (era || (1350..=1500).contains(&year));
    let (day, score) = if islamic {
        let day = calendar.day(year, month_of(second)?, month_of(first)?)?;
        (day, if era { CERTAIN } else { ISLAMIC_BY_NUMBER })
    } else {
        gregorian(year, first, second, score)?
    };
    Some(DateMatch {
        first: at,
        last: last + usize::from(era || common),
        norm: day.to_string(),
        score,
    })
}

fn month_of(value: u32) -> Option<u8> {
    u8::try_from(value).ok()
}

/// Reads `day` and `month`, or the other way round where only that is a date.
fn gregorian(year: u32, day: u32, month: u32, score: f32) -> Option<(Day, f32)> {
    if !(1000..=2199).contains(&year) {
        return None;
    }
    let as_given = Day::new(year, month_of(month)?, month_of(day)?);
    let swapped = Day::new(year, month_of(day)?, month_of(month)?);
    match (as_given, swapped) {
        (Some(given), Some(_)) if day != month => Some((given, score)),
        (Some(given), _) => Some((given, score.max(SHORT_YEAR + 0.2))),
        (None, Some(swapped)) if score < CERTAIN => Some((swapped, 0.8)),
        _ => None,
    }
}

fn triple_at(items: &Items<'_>, at: usize) -> Option<Triple> {
    if !items.opens(at) || at > 0 && items.gap(at - 1) == "-" && items.figures(at - 1).is_some() {
        return None;
    }
    let separator = match items.gap(at).trim_matches(crate::lexicon::is_blank) {
        "-" => '-',
        "/" => '/',
        "." => '.',
        _ => return None,
    };
    if items.gap(at) != items.gap(at + 1) {
        return None;
    }
    let mut triple = Triple {
        values: [0; 3],
        digits: [0; 3],
        separator,
    };
    for index in 0..3 {
        let (value, digits) = items.figures(at + index)?;
        triple.values[index] = u32::try_from(value).ok()?;
        triple.digits[index] = digits;
    }
    Some(triple)
}

/// Returns year, day and month as they most likely stand, and how sure that is.
fn in_order(triple: &Triple, month_first: bool) -> Option<(u32, u32, u32, f32)> {
    let [first, second, third] = triple.values;
    match triple.digits {
        [4, 1..=2, 1..=2] => Some((first, third, second, CERTAIN)),
        [1..=2, 1..=2, 4] if month_first => Some((third, second, first, AMBIGUOUS)),
        [1..=2, 1..=2, 4] => Some((third, first, second, AMBIGUOUS)),
        // Two figures of a year: only with slashes, `1.2.10` is rather a number of a chapter.
        [1..=2, 1..=2, 2] if triple.separator == '/' => {
            let year = third + if third < 70 { 2000 } else { 1900 };
            let (day, month) = if month_first {
                (second, first)
            } else {
                (first, second)
            };
            Some((year, day, month, SHORT_YEAR - 0.1))
        }
        _ => None,
    }
}

/// ISO 8601 with time: `2016-11-21T10:00`.
fn followed_by_time(items: &Items<'_>, last: usize) -> bool {
    items.glued(last) && items.slice(last + 1) == "T" && items.glued(last + 1)
}

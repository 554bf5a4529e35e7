//! Finds dates written with a month's name, and years behind a cue.
//!
//! Normal forms are ISO 8601: a day `2016-11-21`, a month `2005-02`, a year `2014`, a range with a
//! slash; a day or month without year `--11-21`, `--11`. Islamic dates are written as the Gregorian
//! day, or as the range of days that the month or year covers (see [`crate::calendar`]).

use jadwal_core::facts::Label;

use crate::calendar::{Day, UmmAlQura, days_in};
use crate::found::Found;
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::{Cues, Month};
use crate::numbers::range_word;
use crate::numeric_dates;

const CERTAIN: f32 = 0.95;
const WITHOUT_YEAR: f32 = 0.8;
const MONTH_ALONE: f32 = 0.6;
const YEAR_BY_CUE: f32 = 0.8;

/// A date in the text, up to its last item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateMatch {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) norm: String,
    pub(crate) score: f32,
}

impl DateMatch {
    /// Returns the entity.
    pub(crate) fn found(self, items: &Items<'_>) -> Found {
        let range = items.range(self.first, self.last);
        Found::new(range, Label::Date, self.norm, self.score)
    }
}

/// A year in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Year {
    number: u32,
    hijri: bool,
    last: usize,
}

/// Finds the date at item `at`: figures or a month's name first.
pub(crate) fn date_at(items: &Items<'_>, calendar: &UmmAlQura, at: usize) -> Option<DateMatch> {
    if items.figures(at).is_some() {
        return numeric_dates::numeric_date(items, calendar, at)
            .or_else(|| day_first(items, calendar, at));
    }
    let phrase = items.phrase(at);
    if phrase.ordinal.is_some() {
        return day_first(items, calendar, at);
    }
    phrase.month?;
    month_first(items, calendar, at)
}

/// `21 نوفمبر 2016`, `1er mai`, `3-5 January 2014`, `الأول من مايو`, `21 تشرين الثاني/نوفمبر 2016`.
fn day_first(items: &Items<'_>, calendar: &UmmAlQura, at: usize) -> Option<DateMatch> {
    let (day, mut last) = day_at(items, at)?;
    let mut until = None;
    if let Some((later, end)) = second_day(items, last) {
        if later <= day {
            return None;
        }
        until = Some(later);
        last = end;
    }
    let (month, last) = month_behind(items, last)?;
    let latin = items.get(last)?.token.class == Class::Latin;
    let year = year_behind(items, last);
    if month.weak && year.is_none() && latin && !items.capital(last) && month.number == 5 {
        return None;
    }
    dated(calendar, at, last, month, (day, until), year)
}

/// Returns the day at item `at` and its last item, past `st`, `er`, `º`.
fn day_at(items: &Items<'_>, at: usize) -> Option<(u8, usize)> {
    if let Some(ordinal) = items.phrase(at).ordinal {
        return Some((ordinal, at));
    }
    let (day, digits) = items.figures(at)?;
    if !items.opens(at) || digits > 2 || !(1..=31).contains(&day) {
        return None;
    }
    let day = u8::try_from(day).ok()?;
    let suffixed =
        items.glued(at) && matches!(items.slice(at + 1), "st" | "nd" | "rd" | "th" | "er");
    Some((day, at + usize::from(suffixed)))
}

/// Returns the day behind a dash or a word for `to`, and its last item.
fn second_day(items: &Items<'_>, last: usize) -> Option<(u8, usize)> {
    let from = if items.dashed(last) {
        last + 1
    } else {
        // `بين 3 و5 يناير`, `يومي 4 و5 مارس`.
        let listed = items.after(last, Cues::BETWEEN.and(Cues::DAYS_WORD));
        range_word(items, last, listed)?
    };
    items.figures(from)?;
    day_at(items, from)
}

/// Returns the month behind the day that ends with item `last`, and its last item.
fn month_behind(items: &Items<'_>, last: usize) -> Option<(Month, usize)> {
    let mut next = last + 1;
    let joined = items.near(last) || matches!(items.gap(last), "-" | "/");
    if !joined {
        return None;
    }
    if items.phrase(next).month.is_none() && items.is(next, Cues::OF) && items.near(next) {
        next += 1;
        if items.is(next, Cues::MONTH_WORD.and(Cues::OF)) && items.phrase(next).month.is_none() {
            next += usize::from(items.near(next));
        }
    }
    let month = items.phrase(next).month?;
    Some((month, past_other_name(items, next, month)))
}

/// Skips the same month in another naming: `تشرين الثاني/نوفمبر`, `نوفمبر (تشرين الثاني)`.
fn past_other_name(items: &Items<'_>, at: usize, month: Month) -> usize {
    let gap = items.gap(at).trim();
    let other = items.phrase(at + 1).month;
    let same =
        other.is_some_and(|other| other.number == month.number && other.hijri == month.hijri);
    let bracketed = gap == "(" && items.gap(at + 1).starts_with(')');
    if same && (gap == "/" || gap == "-" || bracketed || items.spaced(at)) {
        at + 1
    } else {
        at
    }
}

/// Returns the year behind the month that ends with item `last`.
fn year_behind(items: &Items<'_>, last: usize) -> Option<Year> {
    let gap = items.gap(last).trim_matches(crate::lexicon::is_blank);
    if !matches!(gap, "" | "," | "،" | "-" | "/" | "." | ")") {
        return None;
    }
    let cue = items.is(last + 1, Cues::OF.and(Cues::YEAR)) && items.near(last + 1);
    let at = last + 1 + usize::from(cue);
    let month_is_hijri = items.phrase(last).month.is_some_and(|month| month.hijri);
    year_at(items, at, month_is_hijri)
}

/// Returns the year at item `at`, with the era behind it. Islamic years are told by the month
/// (`hijri_month`) or by the era.
fn year_at(items: &Items<'_>, at: usize, hijri_month: bool) -> Option<Year> {
    let (number, digits) = items.figures(at)?;
    let era = items.near(at) && !items.is(at + 1, Cues::AM);
    let hijri_era = era && items.is(at + 1, Cues::HIJRI_ERA);
    let common_era = era && items.is(at + 1, Cues::COMMON_ERA);
    let with_era = hijri_era || common_era;
    if digits != 4 || !(with_era || items.closes(at)) {
        return None;
    }
    let number = u32::try_from(number).ok()?;
    let hijri = (hijri_month || hijri_era) && !common_era && number <= 1600;
    let fits = if hijri { 1300..=1600 } else { 1000..=2199 };
    fits.contains(&number).then_some(Year {
        number,
        hijri,
        last: at + usize::from(with_era),
    })
}

/// `نوفمبر 2016`, `November 21, 2016`, `January 3-5, 2014`, `from January to March 2014`.
fn month_first(items: &Items<'_>, calendar: &UmmAlQura, at: usize) -> Option<DateMatch> {
    let month = items.phrase(at).month?;
    let last = past_other_name(items, at, month);
    let latin = items.get(at)?.token.class == Class::Latin;
    if let Some(year) = year_behind(items, last) {
        return month_year(calendar, at, last, month, year);
    }
    // In Arabic the day stands first: `نوفمبر 21, 2016` needs its year.
    let day_second = month_day(items, calendar, at, month);
    if let Some(found) = day_second.filter(|found| latin || !found.norm.starts_with('-')) {
        return Some(found);
    }
    month_range(items, calendar, at, last, month).or_else(|| month_alone(items, at, last, month))
}

/// `November 21[, 2016]`, `January 3-5, 2014`.
fn month_day(
    items: &Items<'_>,
    calendar: &UmmAlQura,
    at: usize,
    month: Month,
) -> Option<DateMatch> {
    let apart = items.spaced(at) || items.gap_is(at, ".");
    let arabic = items.get(at)?.token.class == Class::Arabic;
    if !apart || !(arabic || items.capital(at)) {
        return None;
    }
    let (day, mut last) = day_at(items, at + 1)?;
    let mut until = None;
    if let Some((later, end)) = second_day(items, last).filter(|(later, _)| *later > day) {
        until = Some(later);
        last = end;
    }
    let figures = items.figures(last).is_none() || items.closes(last);
    let percent = matches!(items.symbol(last + 1), Some('%' | '٪')) && items.near(last);
    if !figures || percent {
        return None;
    }
    let year = year_behind(items, last);
    dated(calendar, at, last, month, (day, until), year)
}

/// `يناير - مارس 2014`, `from January to March 2014`.
fn month_range(
    items: &Items<'_>,
    calendar: &UmmAlQura,
    at: usize,
    last: usize,
    month: Month,
) -> Option<DateMatch> {
    let next = if items.dashed(last) {
        last + 1
    } else {
        range_word(items, last, items.after(at, Cues::BETWEEN))?
    };
    let until = items.phrase(next).month?;
    let end = past_other_name(items, next, until);
    let year = year_behind(items, end)?;
    if until.hijri != month.hijri || until.number <= month.number {
        return None;
    }
    let norm = if year.hijri {
        let (from, _) = calendar.month_span(year.number, month.number)?;
        let (_, to) = calendar.month_span(year.number, until.number)?;
        format!("{from}/{to}")
    } else {
        let (year, from, to) = (year.number, month.number, until.number);
        format!("{year:04}-{from:02}/{year:04}-{to:02}")
    };
    Some(DateMatch {
        first: at,
        last: year.last,
        norm,
        score: CERTAIN,
    })
}

fn month_alone(items: &Items<'_>, at: usize, last: usize, month: Month) -> Option<DateMatch> {
    let cue = items.after(at, Cues::MONTH_WORD);
    let latin = items.get(at)?.token.class == Class::Latin;
    let written = !month.weak || (cue && (!latin || items.capital(at)));
    // The Islamic year shifts: without it there is no Gregorian month to name.
    if month.hijri || !written {
        return None;
    }
    Some(DateMatch {
        first: at,
        last,
        norm: format!("--{:02}", month.number),
        score: MONTH_ALONE,
    })
}

fn month_year(
    calendar: &UmmAlQura,
    at: usize,
    last: usize,
    month: Month,
    year: Year,
) -> Option<DateMatch> {
    let norm = if year.hijri {
        let (first, last) = calendar.month_span(year.number, month.number)?;
        format!("{first}/{last}")
    } else {
        (!month.hijri).then(|| format!("{:04}-{:02}", year.number, month.number))?
    };
    Some(DateMatch {
        first: at,
        last: year.last.max(last),
        norm,
        score: CERTAIN,
    })
}

/// Puts day or days, month and perhaps year together.
fn dated(
    calendar: &UmmAlQura,
    first: usize,
    last: usize,
    month: Month,
    (day, until): (u8, Option<u8>),
    year: Option<Year>,
) -> Option<DateMatch> {
    let norm_of = |day: u8| -> Option<String> {
        let number = month.number;
        match year {
            Some(year) if year.hijri => Some(calendar.day(year.number, number, day)?.to_string()),
            _ if month.hijri => None,
            Some(year) => Some(Day::new(year.number, number, day)?.to_string()),
            // 2000 was a leap year: 29 February may be any year's.
            None => (day <= days_in(2000, number)).then(|| format!("--{number:02}-{day:02}")),
        }
    };
    let mut norm = norm_of(day)?;
    if let Some(until) = until {
        norm = format!("{norm}/{}", norm_of(until)?);
    }
    Some(DateMatch {
        first,
        last: year.map_or(last, |year| year.last),
        norm,
        score: if year.is_some() {
            CERTAIN
        } else {
            WITHOUT_YEAR
        },
    })
}

/// `عام 2014`, `in 2014`, `1438هـ`, `2014-2016`. `after_year`: the item before is an `and`, and the
/// one before that a year.
pub(crate) fn year_by_cue(
    items: &Items<'_>,
    calendar: &UmmAlQura,
    at: usize,
    after_year: bool,
) -> Option<DateMatch> {
    if !items.opens(at) {
        return None;
    }
    if let Some(found) = year_range(items, at) {
        return Some(found);
    }
    let cue = items.after(at, Cues::YEAR) || after_year;
    let year = year_at(items, at, false)?;
    let era = year.last > at;
    let near = !cue && items.after(at, Cues::NEAR_YEAR) && (1900..=2100).contains(&year.number);
    let named = cue && !is_preposition(items, at);
    if !era && (!(cue || near) || counts_something(items, at)) {
        return None;
    }
    if !era && !named && !after_year && counted_noun(items, at, near) {
        return None;
    }
    // Without era only the Islamic years of living memory are taken for what they are.
    let hijri = year.hijri || !era && (1380..=1470).contains(&year.number);
    let norm = if hijri {
        let (first, last) = calendar.year_span(year.number)?;
        format!("{first}/{last}")
    } else {
        format!("{:04}", year.number)
    };
    let score = if hijri && !era { 0.5 } else { YEAR_BY_CUE };
    Some(DateMatch {
        first: at,
        last: year.last,
        norm,
        score,
    })
}

/// Whether the word before is a preposition that may stand before any number: `in`, `en`.
fn is_preposition(items: &Items<'_>, at: usize) -> bool {
    at > 0 && matches!(items.slice(at - 1), "in" | "In" | "en" | "En")
}

/// Whether the figures at `at` count what follows: `in 2014 cases`, `في 2014 حالة`. With `strict`
/// every word that does not join sentences is taken for what is counted.
fn counted_noun(items: &Items<'_>, at: usize, strict: bool) -> bool {
    let next = at + 1;
    let Some(item) = items.get(next).filter(|_| items.spaced(at)) else {
        return false;
    };
    let phrase = items.phrase(next);
    let word = items.slice(next);
    match item.token.class {
        Class::Arabic => {
            let joins = phrase.cues.has(Cues::FUNCTION.and(Cues::TO).and(Cues::AND));
            !joins && item.token.clitics == 0 && !items.definite(next)
        }
        Class::Latin if phrase.cues.has(Cues::FUNCTION) || items.capital(next) => false,
        Class::Latin => {
            let plural = word.ends_with('s') && !phrase.cues.has(Cues::AND.and(Cues::TO));
            plural
                || strict && matches!(word, "people" | "men" | "women" | "children" | "more")
                || matches!(word, "people" | "men" | "women" | "children")
        }
        _ => false,
    }
}

/// `2014-2016`, `2014/2015`, `2014/15`; also without a cue.
fn year_range(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let (from, digits) = items.figures(at)?;
    let years = 1900..=2199;
    if digits != 4 || !years.contains(&from) {
        return None;
    }
    let cued = items.after(at, Cues::YEAR);
    let between = items.after(at, Cues::BETWEEN);
    let joined = matches!(items.gap(at), "-" | "–" | "/") || items.dashed(at);
    let last = match joined {
        true => at + 1,
        false if between || items.after(at, Cues::NEAR_YEAR.and(Cues::YEAR)) => {
            range_word(items, at, between)?
        }
        false => return None,
    };
    let (to, to_digits) = items.figures(last)?;
    // Of a season the second year is often cut short.
    let season = to_digits == 2 && items.gap(at) == "/" && (from + 1) % 100 == to;
    let to = if season { from + 1 } else { to };
    let rising = years.contains(&to) && from < to && (to_digits == 4 || season);
    let closed = items.closes(last) && !items.dashed(last);
    let counted = counts_something(items, last) || !joined && counted_noun(items, last, true);
    (rising && closed && !counted).then(|| DateMatch {
        first: at,
        last,
        norm: format!("{from}/{to}"),
        score: if cued { CERTAIN } else { 0.7 },
    })
}

/// Whether what follows the number makes it an amount.
fn counts_something(items: &Items<'_>, at: usize) -> bool {
    if !items.near(at) {
        return false;
    }
    let next = items.phrase(at + 1);
    let sign = items
        .symbol(at + 1)
        .is_some_and(|sign| sign != '+' && sign != '@');
    let joined = items
        .get(at + 1)
        .is_some_and(|item| item.token.clitics != 0);
    let counted = next.currency.is_some() || next.unit.is_some() || next.span.is_some();
    let scaled = next.number.is_some() && !joined;
    sign && items.glued(at) || (counted && !joined) || scaled || next.cues.has(Cues::PERCENT)
}

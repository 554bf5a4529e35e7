//! Finds dates that count from the document's own: `أمس`, `last week`, `قبل يومين`, weekdays.
//!
//! They are marked: `relative:` and an ISO 8601 duration (`relative:-P1D`), or a weekday `relative:W-3`
//! (1 is Monday) of a week that the text leaves open, with `-W-3` for the last and `+W-3` for the
//! next one. [`crate::reference`] resolves those that it can.

use crate::calendar::UmmAlQura;
use crate::dates::{DateMatch, date_at};
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::{Cues, Span};
use crate::numbers::amount_at;

const CERTAIN: f32 = 0.9;
const LIKELY: f32 = 0.7;

/// Finds a weekday with or without a date, or a relative date, at item `at`.
pub(crate) fn relative_at(items: &Items<'_>, calendar: &UmmAlQura, at: usize) -> Option<DateMatch> {
    let phrase = items.phrase(at);
    if phrase.weekday.is_some() {
        return weekday_with_date(items, calendar, at).or_else(|| weekday_alone(items, at));
    }
    if phrase.cues.has(Cues::SINCE_OR_AGO) {
        return span_behind(items, at);
    }
    let norm = phrase.relative?;
    if phrase.cues.has(Cues::TODAY) && !means_today(items, at) {
        return None;
    }
    let weekday = weekday_follows(items, at);
    let last = at + usize::from(weekday.is_some());
    let today = phrase.cues.has(Cues::TODAY) && last == at;
    // The weekday is kept until the date is resolved: it has to fit.
    let weekday = weekday.map_or(String::new(), |weekday| format!(";W-{weekday}"));
    Some(DateMatch {
        first: at,
        last,
        norm: format!("relative:{norm}{weekday}"),
        score: if today { LIKELY } else { CERTAIN },
    })
}

/// `اليوم` is "today" unless it is "the day": `في اليوم التالي`, `اليوم الوطني`, `هذا اليوم`.
fn means_today(items: &Items<'_>, at: usize) -> bool {
    if weekday_follows(items, at).is_some() {
        return true;
    }
    let adjective = items.near(at) && items.definite(at + 1);
    let preposition = at > 0
        && items.near(at - 1)
        && matches!(
            items.slice(at - 1),
            "في" | "هذا" | "ذلك" | "نفس" | "طوال" | "بذلك" | "بهذا"
        );
    let prefixed = items
        .get(at)
        .is_some_and(|item| item.token.clitics & crate::tokens::PREPOSITION != 0);
    !adjective && !preposition && !prefixed
}

fn weekday_follows(items: &Items<'_>, at: usize) -> Option<u8> {
    let joined = items.spaced(at) || items.gap_is(at, "،") || items.gap_is(at, ",");
    let (day, weak) = items.phrase(at + 1).weekday?;
    (joined && !weak).then_some(day)
}

/// `الأربعاء 21 نوفمبر 2016`, `Wednesday, 21 November`, `الأربعاء الموافق 21/11/2016`.
fn weekday_with_date(items: &Items<'_>, calendar: &UmmAlQura, at: usize) -> Option<DateMatch> {
    let comma = matches!(items.gap(at).trim(), "," | "،" | "." | "(");
    let mut next = at + 1;
    if !comma && !items.near(at) {
        return None;
    }
    let connecting = Cues::SAME_DAY.and(Cues::THE);
    if items.is(next, connecting) && items.near(next) {
        next += 1;
    }
    let date = date_at(items, calendar, next)?;
    // `monday may` would be a weekday and a verb.
    let has_day = date.norm.len() > 5 || date.norm.matches('-').count() > 2;
    has_day.then_some(DateMatch { first: at, ..date })
}

fn weekday_alone(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let (day, weak) = items.phrase(at).weekday.filter(|(_, weak)| !weak)?;
    debug_assert!(!weak, "weak weekdays were filtered");
    let latin = items.get(at)?.token.class == Class::Latin;
    let (mut first, mut last) = (at, at);
    let mut direction = "";
    if items.spaced(at) && items.is(at + 1, Cues::PAST) {
        (direction, last) = ("-", at + 1);
    } else if items.spaced(at) && items.is(at + 1, Cues::COMING) {
        (direction, last) = ("+", at + 1);
    } else if items.after(at, Cues::PAST) {
        (direction, first) = ("-", at - 1);
    } else if items.after(at, Cues::COMING) {
        (direction, first) = ("+", at - 1);
    }
    // In Arabic a bare weekday may be a number or a name: it needs a word beside it.
    let cued = last > at || items.after(at, Cues::DAY_WORD);
    (latin || cued).then(|| DateMatch {
        first,
        last,
        norm: format!("relative:{direction}W-{day}"),
        score: LIKELY,
    })
}

/// `قبل يومين`, `منذ 8 سنوات`, `il y a trois ans`.
fn span_behind(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    if !items.near(at) {
        return None;
    }
    if let Some(span) = items.phrase(at + 1).span {
        // A plural without a number says nothing (`منذ سنوات`).
        let single = matches!(items.slice(at + 1), "يوم" | "أسبوع" | "شهر" | "عام" | "سنة");
        let arabic = items.get(at + 1)?.token.class == Class::Arabic;
        // `منذ عام 2014` names the year.
        let named = items.near(at + 1) && items.figures(at + 2).is_some();
        return (arabic && !named && (span.count == 2 || single))
            .then(|| ago(at, at + 1, u64::from(span.count), span));
    }
    // `قبل نحو ثلاثة أشهر`.
    let about = matches!(
        items.slice(at + 1),
        "نحو" | "حوالي" | "قرابة" | "environ" | "about"
    );
    let from = at + 1 + usize::from(about && items.near(at + 1));
    let amount = amount_at(items, from)?;
    let span = items.phrase(amount.last + 1).span?;
    let count = amount.low.small().filter(|_| amount.high.is_none())?;
    let fits = items.near(amount.last) && span.count == 1 && count <= 1000;
    // `قبل ثلاثة أيام من الانتخابات` counts from something else.
    let elsewhere = items.near(amount.last + 1) && items.slice(amount.last + 2) == "من";
    (fits && !elsewhere).then(|| ago(at, amount.last + 1, count, span))
}

/// `8 years ago`: the amount at `at`, then the span, then the word.
pub(crate) fn ago_behind(items: &Items<'_>, at: usize) -> Option<DateMatch> {
    let amount = amount_at(items, at)?;
    let next = amount.last + 1;
    let span = items.phrase(next).span?;
    let count = amount.low.small().filter(|_| amount.high.is_none())?;
    let word = items.near(amount.last) && items.near(next) && items.is(next + 1, Cues::AGO);
    (word && count <= 1000).then(|| ago(at, next + 1, count, span))
}

fn ago(first: usize, last: usize, count: u64, span: Span) -> DateMatch {
    DateMatch {
        first,
        last,
        norm: format!("relative:-P{count}{}", span.unit),
        score: LIKELY,
    }
}

//! Finds times of day: `14:30`, `3:05 pm`, `14h30`, `الساعة الثالثة والنصف مساء`.
//!
//! The normal form is ISO 8601 with the leading letter, `T14:30` or `T14:30:05`. Without a word for
//! the half of the day an hour stays as it is written. Of zones those are read that need no table:
//! `Z`, `GMT`, `+03:00`.

use jadwal_core::facts::Label;

use crate::found::Found;
use crate::items::Items;
use crate::lexicon::Cues;
use crate::tokens::CONJUNCTION;

const CERTAIN: f32 = 0.9;
const BARE: f32 = 0.8;

/// A clock time before the half of the day is known.
#[derive(Clone, Copy)]
struct Clock {
    hour: u8,
    minute: u8,
    second: Option<u8>,
    last: usize,
}

/// Finds the time at item `at`.
pub(crate) fn time_at(items: &Items<'_>, at: usize) -> Option<Found> {
    if items.is(at, Cues::CLOCK) {
        return clock_word(items, at);
    }
    if let Some(hour) = items.phrase(at).hour {
        return hour_in_words(items, at, hour);
    }
    let clock = digital(items, at).or_else(|| french(items, at));
    if let Some(clock) = clock {
        return finish(items, at, clock, BARE);
    }
    hour_with_word(items, at)
}

/// `14:30`, `14:30:05`.
fn digital(items: &Items<'_>, at: usize) -> Option<Clock> {
    let hour = hour_figures(items, at)?;
    if items.gap(at) != ":" {
        return None;
    }
    let minute = sixty(items, at + 1)?;
    let mut clock = Clock {
        hour,
        minute,
        second: None,
        last: at + 1,
    };
    if items.gap(at + 1) == ":" && items.figures(at + 2).is_some() {
        clock.second = Some(sixty(items, at + 2)?);
        clock.last = at + 2;
    }
    let ratio =
        matches!(items.gap(clock.last), ":" | "/" | "-") && items.figures(clock.last + 1).is_some();
    (!ratio || items.gap(clock.last) == "-").then_some(clock)
}

/// `14h30`, `14 h 30`, `14h`.
fn french(items: &Items<'_>, at: usize) -> Option<Clock> {
    let hour = hour_figures(items, at)?;
    if !items.near(at) || items.slice(at + 1) != "h" {
        return None;
    }
    let mut clock = Clock {
        hour,
        minute: 0,
        second: None,
        last: at + 1,
    };
    if items.near(at + 1)
        && let Some(minute) = sixty(items, at + 2)
    {
        clock.minute = minute;
        clock.last = at + 2;
        return Some(clock);
    }
    // `3 h` is as often a length of time; `14h` and `à 14 h` are not.
    let said = items.glued(at) || items.after(at, Cues::AT);
    said.then_some(clock)
}

/// `3 pm`, `10 صباحا`, `à 15 heures`.
fn hour_with_word(items: &Items<'_>, at: usize) -> Option<Found> {
    let hour = hour_figures(items, at)?;
    if !items.near(at) {
        return None;
    }
    let mut clock = Clock {
        hour,
        minute: 0,
        second: None,
        last: at,
    };
    if items.is(at + 1, Cues::OCLOCK) && items.spaced(at) {
        let english = items.slice(at + 1).contains('c');
        if !english && !items.after(at, Cues::AT) {
            return None;
        }
        clock.last = at + 1;
        return finish(items, at, clock, CERTAIN);
    }
    // One letter behind a number (`10 م`) may be metres or the common era.
    let letter = items.slice(at + 1).chars().count() == 1;
    half_of_day(items, at).filter(|_| !letter)?;
    finish(items, at, clock, CERTAIN)
}

/// `الثامنة مساء`, `الثانية والنصف ظهرا`: without `الساعة` the half of the day has to be said.
fn hour_in_words(items: &Items<'_>, at: usize, hour: u8) -> Option<Found> {
    let clock = Clock {
        hour,
        minute: 0,
        second: None,
        last: at,
    };
    let clock = with_minutes(items, clock);
    let letter = items.slice(clock.last + 1).chars().count() == 1;
    half_of_day(items, clock.last).filter(|_| !letter)?;
    finish(items, at, clock, CERTAIN)
}

/// `الساعة الثالثة`, `الساعة 10:15 صباحا`, `الساعة الخامسة إلا ربعا`.
fn clock_word(items: &Items<'_>, at: usize) -> Option<Found> {
    if !items.near(at) {
        return None;
    }
    let next = at + 1;
    let clock = digital(items, next).or_else(|| {
        let hour = items
            .phrase(next)
            .hour
            .or_else(|| hour_figures(items, next))?;
        Some(Clock {
            hour,
            minute: 0,
            second: None,
            last: next,
        })
    })?;
    let clock = match clock.last {
        last if last == next => with_minutes(items, clock),
        _ => clock,
    };
    finish(items, at, clock, CERTAIN)
}

/// Adds `والنصف`, `والربع`, `و20 دقيقة`; takes `إلا ربعا` off.
fn with_minutes(items: &Items<'_>, clock: Clock) -> Clock {
    let next = clock.last + 1;
    if !items.near(clock.last) {
        return clock;
    }
    let joined = items.get(next).is_some_and(|item| {
        item.token.clitics & CONJUNCTION != 0 || items.slice(next).starts_with('و')
    });
    if joined && items.is(next, Cues::HALF.and(Cues::QUARTER)) {
        let minute = if items.is(next, Cues::HALF) { 30 } else { 15 };
        return Clock {
            minute,
            last: next,
            ..clock
        };
    }
    let less = items.is(next, Cues::LESS) && items.near(next);
    if less && items.slice(next + 1).starts_with("ربع") {
        let hour = if clock.hour <= 1 { 12 } else { clock.hour - 1 };
        return Clock {
            hour,
            minute: 45,
            last: next + 1,
            ..clock
        };
    }
    let and = items.is(next, Cues::AND) && items.near(next) && items.near(next + 1);
    match sixty_of_any_length(items, next + 1) {
        Some(minute) if and && items.is(next + 2, Cues::MINUTE) => Clock {
            minute,
            last: next + 2,
            ..clock
        },
        _ => clock,
    }
}

fn hour_figures(items: &Items<'_>, at: usize) -> Option<u8> {
    let (hour, digits) = items.figures(at)?;
    let fits = digits <= 2 && hour < 24 && items.opens(at);
    fits.then(|| u8::try_from(hour).ok())?
}

fn sixty(items: &Items<'_>, at: usize) -> Option<u8> {
    let (_, digits) = items.figures(at)?;
    (digits == 2).then(|| sixty_of_any_length(items, at))?
}

fn sixty_of_any_length(items: &Items<'_>, at: usize) -> Option<u8> {
    let (value, _) = items.figures(at)?;
    u8::try_from(value).ok().filter(|value| *value < 60)
}

/// Returns what the word behind item `last` says of the half of the day.
fn half_of_day(items: &Items<'_>, last: usize) -> Option<Cues> {
    if !items.near(last) || items.get(last + 1)?.token.clitics != 0 {
        return None;
    }
    [Cues::AM, Cues::PM, Cues::NIGHT]
        .into_iter()
        .find(|half| items.is(last + 1, *half))
}

fn finish(items: &Items<'_>, first: usize, clock: Clock, score: f32) -> Option<Found> {
    let Clock {
        mut hour,
        minute,
        second,
        mut last,
    } = clock;
    let half = half_of_day(items, last);
    let closed = half.is_some()
        || items.figures(last).is_none()
        || items.closes(last)
        || zulu(items, last)
        || zone_behind(items, last).is_some();
    if !closed {
        return None;
    }
    if let Some(half) = half {
        last += 1;
        let evening = half == Cues::PM || half == Cues::NIGHT && hour >= 6;
        hour = match hour {
            12 if half == Cues::AM || half == Cues::NIGHT => 0,
            1..=11 if evening => hour + 12,
            _ => hour,
        };
    }
    let mut norm = format!("T{hour:02}:{minute:02}");
    if let Some(second) = second {
        norm.push_str(&format!(":{second:02}"));
    }
    let score = if half.is_some() { CERTAIN } else { score };
    let mut range = items.with_last_stop(first, last);
    if let Some((zone, last)) = zone_behind(items, last) {
        norm.push_str(&zone);
        range.end = items.end(last);
    }
    Some(Found::new(range, Label::Time, norm, score))
}

/// Returns the zone behind item `last`, as ISO 8601 writes it, and its last item.
fn zone_behind(items: &Items<'_>, last: usize) -> Option<(String, usize)> {
    if zulu(items, last) || items.near(last) && items.is(last + 1, Cues::ZONE) {
        return Some(("Z".to_owned(), last + 1));
    }
    // `10:00:00+03:00`, `10:00-05:00`; the plus is a sign of its own, the minus is not.
    let plus = items.glued(last) && items.symbol(last + 1) == Some('+') && items.glued(last + 1);
    let (sign, hour) = match items.gap(last) {
        "" if plus => ('+', last + 2),
        "-" | "−" => ('-', last + 1),
        _ => return None,
    };
    let (hours, minutes) = (sixty(items, hour)?, sixty(items, hour + 1)?);
    let joined = items.gap(hour) == ":" && items.closes(hour + 1);
    // `10:00-11:30` is a stretch of time: zones have whole or half hours, and end at 14.
    let fits = joined && hours <= 14 && (plus || minutes == 0 && hours <= 12);
    let behind_seconds = last >= 2 && items.gap(last - 1) == ":" && items.gap(last - 2) == ":";
    (fits && (plus || behind_seconds)).then(|| (format!("{sign}{hours:02}:{minutes:02}"), hour + 1))
}

/// The `Z` of ISO 8601.
fn zulu(items: &Items<'_>, last: usize) -> bool {
    items.glued(last) && items.slice(last + 1) == "Z"
}

//! Finds money, percentages and quantities: an amount and what it is an amount of.
//!
//! | label | normal form | example |
//! |---|---|---|
//! | MONEY | amount, ISO 4217 code | `26000000000 USD` |
//! | PERCENT | amount | `25` |
//! | QUANTITY | amount, unit symbol | `12 km` |
//!
//! A range is written `5/10`. A currency whose country the text does not name (`ريال`, `pounds`) has
//! the code `XXX`, in ISO 4217 "no currency", and a lower score.

use jadwal_core::facts::Label;

use crate::found::Found;
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::{Cues, NumberWord};
use crate::numbers::{Amount, amount_at, amount_behind_letters, range_word};
use crate::tokens::ALL_CAPITALS;

const CERTAIN: f32 = 0.95;
const WITHOUT_COUNTRY: f32 = 0.6;
const NO_CURRENCY: &str = "XXX";

/// Units by the symbols that are written behind figures, the longer before the shorter.
const UNIT_SYMBOLS: [(&str, &str); 29] = [
    ("km/h", "km/h"),
    ("kmh", "km/h"),
    ("km²", "km²"),
    ("km2", "km²"),
    ("km", "km"),
    ("kWh", "kWh"),
    ("MWh", "MWh"),
    ("GWh", "GWh"),
    ("TWh", "TWh"),
    ("kW", "kW"),
    ("MW", "MW"),
    ("GW", "GW"),
    ("kg", "kg"),
    ("cm", "cm"),
    ("mm", "mm"),
    ("m²", "m²"),
    ("m2", "m²"),
    ("m³", "m³"),
    ("m3", "m³"),
    ("ha", "ha"),
    ("mph", "mi/h"),
    ("°C", "°C"),
    ("°م", "°C"),
    ("MB", "MB"),
    ("GB", "GB"),
    ("TB", "TB"),
    ("m", "m"),
    ("g", "g"),
    ("°F", "°F"),
];

/// Finds an amount of something at item `at`.
pub(crate) fn amount_entity(items: &Items<'_>, at: usize) -> Option<Found> {
    if items.symbol(at).is_some() {
        return money_sign_first(items, at).or_else(|| percent_sign_first(items, at));
    }
    if items.phrase(at).iso.is_some() {
        return money_code_first(items, at);
    }
    let amount = amount_at(items, at)?;
    percent_behind(items, &amount)
        .or_else(|| money_behind(items, &amount))
        .or_else(|| unit_behind(items, &amount))
}

fn currency_of_sign(sign: char) -> Option<&'static str> {
    Some(match sign {
        '$' => "USD",
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        '₺' => "TRY",
        '₪' => "ILS",
        '₹' => "INR",
        '₽' => "RUB",
        '﷼' => NO_CURRENCY,
        _ => return None,
    })
}

fn money(items: &Items<'_>, start: usize, last: usize, amount: &Amount, code: &str) -> Found {
    let score = if code == NO_CURRENCY {
        WITHOUT_COUNTRY
    } else {
        CERTAIN
    };
    let range = start..items.end(last);
    Found::new(range, Label::Money, format!("{amount} {code}"), score)
}

/// `$5 million`, `US$5bn`, `€ 3,5 milliards`, `$10m-$20m`.
fn money_sign_first(items: &Items<'_>, at: usize) -> Option<Found> {
    let sign = items.symbol(at)?;
    let mut code = currency_of_sign(sign)?;
    if !items.near(at) || items.figures(at + 1).is_none() {
        return None;
    }
    let mut start = items.start(at);
    if let Some(before) = at.checked_sub(1).filter(|before| items.glued(*before)) {
        let country = country_of_dollar(items.slice(before)).unwrap_or(code);
        if code == "USD" && (country != code || items.slice(before).starts_with('U')) {
            code = country;
            start = items.start(before);
        }
    }
    let amount = with_abbreviation(items, amount_at(items, at + 1)?)?;
    let amount = to_second_sign(items, at, amount, sign);
    Some(money(items, start, amount.last, &amount, code))
}

fn country_of_dollar(letters: &str) -> Option<&'static str> {
    Some(match letters {
        "US" | "U.S" => "USD",
        "A" | "AU" => "AUD",
        "C" | "CA" => "CAD",
        "HK" => "HKD",
        "NZ" => "NZD",
        "S" => "SGD",
        _ => return None,
    })
}

/// Goes on from `$10` or `$10m` to `-$20m`, `to $20 million`, with `between` before it `and $20m`.
fn to_second_sign(items: &Items<'_>, at: usize, low: Amount, sign: char) -> Amount {
    let between = items.after(at, Cues::BETWEEN);
    let behind_word = || range_word(items, low.last, between);
    let second = match items.dashed(low.last) {
        true => Some(low.last + 1),
        false => behind_word(),
    };
    let high = || -> Option<Amount> {
        let second = second.filter(|at| items.symbol(*at) == Some(sign) && items.near(*at))?;
        let high = with_abbreviation(items, amount_at(items, second + 1)?)?;
        (low.high.is_none() && high.high.is_none()).then_some(high)
    };
    let Some(high) = high() else {
        return low;
    };
    // `$10 to $20 million`: the scale of the upper end counts for both.
    let scale = match low.low.small() {
        Some(figures) if figures < 1000 => high.scale.unwrap_or(1),
        _ => 1,
    };
    let scale = if low.scale.is_some() { 1 } else { scale };
    match low.low.times(scale) {
        Some(value) => Amount {
            low: value,
            high: Some(high.low),
            last: high.last,
            ..low
        },
        None => low,
    }
}

/// `USD 5 million`, `USD5m`.
fn money_code_first(items: &Items<'_>, at: usize) -> Option<Found> {
    let code = capital_code(items, at)?;
    if !items.near(at) || items.figures(at + 1).is_none() {
        return None;
    }
    let amount = match items.glued(at) {
        // `TL5` may be a number of something: glued codes need their three letters.
        true if items.slice(at).len() < 3 => return None,
        true => amount_behind_letters(items, at + 1)?,
        false => amount_at(items, at + 1)?,
    };
    let amount = with_abbreviation(items, amount)?;
    Some(money(items, items.start(at), amount.last, &amount, code))
}

fn capital_code(items: &Items<'_>, at: usize) -> Option<&'static str> {
    let code = items.phrase(at).iso?;
    (items.get(at)?.token.flags & ALL_CAPITALS != 0).then_some(code)
}

/// `5 ملايين دولار أمريكي`, `5 million euros`, `5m EUR`, `20€`.
fn money_behind(items: &Items<'_>, amount: &Amount) -> Option<Found> {
    let amount = with_abbreviation(items, *amount)?;
    let next = counted(items, amount.last)?;
    let phrase = items.phrase(next);
    let sign = items.symbol(next).and_then(currency_of_sign);
    let code = phrase
        .currency
        .filter(|_| !items.glued(amount.last) || items.get(next).is_some_and(is_arabic))
        .or_else(|| capital_code(items, next))
        .or(sign.filter(|_| !sign_belongs_to_next(items, next)))?;
    Some(money(items, amount.start, next, &amount, code))
}

/// Returns the item that the number which ends with item `last` counts, past an `of` behind a scale
/// word: `millions of barrels`, `milliards d'euros`, `ملايين من الدولارات`.
fn counted(items: &Items<'_>, last: usize) -> Option<usize> {
    let scale = matches!(
        items.phrase(last).number,
        Some(NumberWord::Scale(_) | NumberWord::Abbreviation(_))
    ) || items.is(last, Cues::HALF);
    let of = items.near(last) && items.is(last + 1, Cues::OF);
    let joined = items.near(last + 1) || matches!(items.gap(last + 1), "'" | "’");
    if scale && of && joined {
        return Some(last + 2);
    }
    items.near(last).then_some(last + 1)
}

fn is_arabic(item: &crate::items::Item) -> bool {
    item.token.class == Class::Arabic
}

/// In `between 2014 $5` the sign starts the next amount.
fn sign_belongs_to_next(items: &Items<'_>, sign: usize) -> bool {
    items.glued(sign) && items.figures(sign + 1).is_some() && items.spaced(sign - 1)
}

/// Multiplies by `m`, `bn`, `k` written on to the figures, or by `bn`, `Md` behind a blank; `None` where
/// other letters are written on to them.
fn with_abbreviation(items: &Items<'_>, amount: Amount) -> Option<Amount> {
    let next = amount.last + 1;
    let latin = items
        .get(next)
        .is_some_and(|item| item.token.class == Class::Latin);
    if !latin || !items.near(amount.last) {
        return Some(amount);
    }
    let glued = items.glued(amount.last);
    let phrase = items.phrase(next);
    let factor = match phrase.number {
        // A single letter apart may be anything.
        Some(NumberWord::Abbreviation(factor)) if glued || items.slice(next).len() > 1 => factor,
        _ if !glued || phrase.iso.is_some() => return Some(amount),
        _ => return None,
    };
    let high = match amount.high {
        Some(high) => Some(high.times(factor)?),
        None => None,
    };
    Some(Amount {
        low: amount.low.times(factor)?,
        high,
        last: next,
        scale: Some(factor),
        ..amount
    })
}

/// `25%`, `٢٥٪`, `25 في المئة`, `25 percent`.
fn percent_behind(items: &Items<'_>, amount: &Amount) -> Option<Found> {
    let next = amount.last + 1;
    let sign = matches!(items.symbol(next), Some('%' | '٪'));
    let found = items.near(amount.last) && (sign || items.is(next, Cues::PERCENT));
    let range = amount.start..items.end(found.then_some(next)?);
    Some(Found::new(
        range,
        Label::Percent,
        amount.to_string(),
        CERTAIN,
    ))
}

/// `%25`, as often in Arabic and Turkish text.
fn percent_sign_first(items: &Items<'_>, at: usize) -> Option<Found> {
    if !matches!(items.symbol(at)?, '%' | '٪') || !items.glued(at) {
        return None;
    }
    if at > 0 && items.glued(at - 1) && items.figures(at - 1).is_some() {
        return None;
    }
    let amount = amount_at(items, at + 1)?;
    let range = items.range(at, amount.last);
    Some(Found::new(range, Label::Percent, amount.to_string(), 0.85))
}

fn unit_behind(items: &Items<'_>, amount: &Amount) -> Option<Found> {
    let last = amount.last;
    if let Some(next) = counted(items, last)
        && let Some(unit) = items.phrase(next).unit
        && items.get(next)?.token.clitics == 0
    {
        let range = amount.start..items.end(next);
        return Some(quantity(range, amount, unit));
    }
    // Symbols stand behind figures only.
    items.figures(last)?;
    let end = items.end(last);
    let rest = &items.text[end..];
    let blank = rest
        .chars()
        .next()
        .filter(|first| matches!(first, ' ' | '\u{A0}' | '\u{202F}'));
    let blank = blank.map_or(0, char::len_utf8);
    let rest = &rest[blank..];
    let (symbol, unit) = UNIT_SYMBOLS
        .iter()
        .find(|(symbol, _)| rest.strip_prefix(symbol).is_some_and(ends_word))?;
    Some(quantity(
        amount.start..end + blank + symbol.len(),
        amount,
        unit,
    ))
}

fn ends_word(rest: &str) -> bool {
    let next = rest.chars().next();
    !next.is_some_and(|next| next.is_alphanumeric() || matches!(next, '_' | '\'' | '’'))
}

fn quantity(range: std::ops::Range<usize>, amount: &Amount, unit: &str) -> Found {
    Found::new(range, Label::Quantity, format!("{amount} {unit}"), 0.9)
}

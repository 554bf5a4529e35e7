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
use crate::numbers::{Amount, amount_at};
use crate::tokens::ALL_CAPITALS;

const CERTAIN: f32 = 0.95;
const WITHOUT_COUNTRY: f32 = 0.6;
const NO_CURRENCY: &str = "XXX";

/// Units by the symbols that are written behind figures, the longer before the shorter.
const UNIT_SYMBOLS: [(&str, &str); 27] = [
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

/// `$5 million`, `US$5bn`, `€ 3,5 milliards`.
fn money_sign_first(items: &Items<'_>, at: usize) -> Option<Found> {
    let mut code = currency_of_sign(items.symbol(at)?)?;
    if !items.near(at) || items.figures(at + 1).is_none() {
        return None;
    }
    let mut start = items.start(at);
    if let Some(before) = at.checked_sub(1).filter(|before| items.glued(*before)) {
        let country = match items.slice(before) {
            "US" | "U.S" => "USD",
            "A" | "AU" => "AUD",
            "C" | "CA" => "CAD",
            "HK" => "HKD",
            "NZ" => "NZD",
            "S" => "SGD",
            _ => code,
        };
        if code == "USD" && (country != code || items.slice(before).starts_with('U')) {
            code = country;
            start = items.start(before);
        }
    }
    let amount = with_abbreviation(items, amount_at(items, at + 1)?)?;
    Some(money(items, start, amount.last, &amount, code))
}

/// `USD 5 million`.
fn money_code_first(items: &Items<'_>, at: usize) -> Option<Found> {
    let code = capital_code(items, at)?;
    if !items.near(at) || items.figures(at + 1).is_none() {
        return None;
    }
    let amount = with_glued_code(items, at)?;
    Some(money(items, items.start(at), amount.last, &amount, code))
}

fn with_glued_code(items: &Items<'_>, at: usize) -> Option<Amount> {
    // Figures written on to the code (`USD5`) would not count as a number of their own.
    let amount = match items.glued(at) {
        true => return None,
        false => amount_at(items, at + 1)?,
    };
    with_abbreviation(items, amount)
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
    let scale = matches!(items.phrase(last).number, Some(NumberWord::Scale(_)));
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

/// Multiplies by `m`, `bn`, `k` written on to the figures; `None` where other letters are.
fn with_abbreviation(items: &Items<'_>, mut amount: Amount) -> Option<Amount> {
    let next = amount.last + 1;
    let latin_glued = items.glued(amount.last)
        && items
            .get(next)
            .is_some_and(|item| item.token.class == Class::Latin);
    if !latin_glued {
        return Some(amount);
    }
    let phrase = items.phrase(next);
    if phrase.iso.is_some() {
        return Some(amount);
    }
    let Some(NumberWord::Abbreviation(factor)) = phrase.number else {
        return None;
    };
    amount.low = amount.low.times(factor)?;
    if let Some(high) = amount.high {
        amount.high = Some(high.times(factor)?);
    }
    amount.last = next;
    Some(amount)
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

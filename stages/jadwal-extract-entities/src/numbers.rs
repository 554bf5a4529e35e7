//! Reads amounts: figures with separators, number words, and ranges of both.
//!
//! Values are exact decimals. A separator that could part thousands or decimals is read by the
//! habits of the document's language; before a scale word (`1.250 مليون`) it parts decimals.

use std::fmt;

use crate::decimal::Decimal;
use crate::items::Items;
use crate::lexicon::{Cues, NumberWord};
use crate::tokens::CONJUNCTION;

/// A number or a range of numbers in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Amount {
    pub(crate) low: Decimal,
    pub(crate) high: Option<Decimal>,
    /// First byte, with a minus sign.
    pub(crate) start: usize,
    pub(crate) negative: bool,
    /// The factor of the scale word that it ends with.
    pub(crate) scale: Option<u64>,
    /// The last item.
    pub(crate) last: usize,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        write!(f, "{sign}{}", self.low)?;
        self.high.map_or(Ok(()), |high| write!(f, "/{high}"))
    }
}

/// Words that one number may have; more are no number, and reading them again at every one of them
/// would cost the square of their count.
const WORDS_MAX: usize = 12;

const CUT_DUALS: [&str; 4] = ["ألفا", "الفا", "مليونا", "مليارا"];

/// A number and the last item of it.
#[derive(Clone, Copy)]
struct Read {
    value: Decimal,
    last: usize,
    /// Ends with a scale word.
    scaled: bool,
}

/// Reads the amount that starts at item `at`.
pub(crate) fn amount_at(items: &Items<'_>, at: usize) -> Option<Amount> {
    let low = number_at(items, at)?;
    let (start, negative) = with_minus(items, at);
    let mut amount = Amount {
        low: low.value,
        high: None,
        start,
        negative,
        scale: low.scaled.then(|| scale_of(items, low.last)).flatten(),
        last: low.last,
    };
    let between = items.after(at, Cues::BETWEEN);
    if let Some(high) = range_end(items, low.last, between) {
        // `5-10 million`: the scale of the upper end counts for both.
        let factor = if low.scaled {
            None
        } else {
            scale_of(items, high.last)
        };
        amount.low = factor.map_or(Some(low.value), |factor| low.value.times(factor))?;
        amount.high = Some(high.value);
        amount.last = high.last;
    }
    Some(amount)
}

/// Reads the figures at `at` that are written on to letters (`USD5`), with their scale.
pub(crate) fn amount_behind_letters(items: &Items<'_>, at: usize) -> Option<Amount> {
    let figures = scaled(items, figures_from(items, at)?, u64::MAX);
    Some(Amount {
        low: figures.value,
        high: None,
        start: items.start(at),
        negative: false,
        scale: figures
            .scaled
            .then(|| scale_of(items, figures.last))
            .flatten(),
        last: figures.last,
    })
}

/// Reads the number behind a dash or a word for `to` (`and`, if `between` stands before), if it goes
/// on from `last` upwards.
fn range_end(items: &Items<'_>, last: usize, between: bool) -> Option<Read> {
    if items.dashed(last) {
        // `10-million` is one number.
        let scale = scale_of(items, last + 1).is_some();
        return number_at(items, last + 1).filter(|_| !scale);
    }
    let number = range_word(items, last, between)?;
    number_at(items, number)
}

/// Returns the item behind the word that joins the two ends of a range, the first of which ends with
/// item `last`.
pub(crate) fn range_word(items: &Items<'_>, last: usize, between: bool) -> Option<usize> {
    let word = Cues::TO.and(if between { Cues::AND } else { Cues::TO });
    let joined = items.near(last) && items.is(last + 1, word) && items.near(last + 1);
    joined.then_some(last + 2)
}

fn with_minus(items: &Items<'_>, at: usize) -> (usize, bool) {
    let start = items.start(at);
    let before = items.text[..start].strip_suffix(['-', '−']);
    let is_sign = before.is_some_and(|before| {
        before
            .chars()
            .next_back()
            .is_none_or(|character| character.is_whitespace() || character == '(')
    });
    match before {
        Some(before) if is_sign && items.figures(at).is_some() => (before.len(), true),
        _ => (start, false),
    }
}

fn number_at(items: &Items<'_>, at: usize) -> Option<Read> {
    if items.figures(at).is_some() {
        let figures = figures_at(items, at)?;
        return Some(scaled(items, figures, u64::MAX));
    }
    words_at(items, at, u64::MAX)
}

/// Reads figures with their separators: `1,234.5`, `3٫5`, `26 000`.
fn figures_at(items: &Items<'_>, at: usize) -> Option<Read> {
    items.opens(at).then(|| figures_from(items, at)).flatten()
}

/// Reads figures wherever they begin.
fn figures_from(items: &Items<'_>, at: usize) -> Option<Read> {
    let (first, first_digits) = items.figures(at)?;
    let mut value = Decimal::whole(first);
    let mut last = at;
    if first_digits <= 3
        && first != 0
        && let Some(separator) = group_separator(items, at)
    {
        while is_group(items, last, separator) {
            last += 1;
            value = value
                .times(1000)?
                .plus(Decimal::whole(items.figures(last)?.0))?;
        }
    }
    let grouped = last > at;
    if let Some((fraction, digits)) = fraction_at(items, last, grouped) {
        value = value.plus(Decimal::new(fraction, digits.into()))?;
        last += 1;
    }
    let closed = matches!(items.gap(last), "." | "," | ":" | "/" | "٫" | "٬")
        && items.figures(last + 1).is_some();
    (!closed && !items.gap(last).starts_with('_')).then_some(Read {
        value,
        last,
        scaled: false,
    })
}

/// Returns the separator of thousands behind the number at `at`.
fn group_separator<'a>(items: &Items<'a>, at: usize) -> Option<&'a str> {
    let separator = items.gap(at);
    if !is_group(items, at, separator) {
        return None;
    }
    let repeated = is_group(items, at + 1, separator);
    let certain = match separator {
        "," | "٬" | "'" | "’" | "\u{A0}" | "\u{202F}" | "\u{2009}" => true,
        // `26 000` but not `15 300`, two numbers side by side.
        " " => repeated || items.figures(at + 1)?.0.is_multiple_of(100),
        "." => repeated || items.habits.dot_groups && scale_of(items, at + 2).is_none(),
        _ => false,
    };
    certain.then_some(separator)
}

fn is_group(items: &Items<'_>, at: usize, separator: &str) -> bool {
    let three = items.figures(at + 1).is_some_and(|(_, digits)| digits == 3);
    three && !separator.is_empty() && items.gap(at) == separator
}

fn fraction_at(items: &Items<'_>, last: usize, grouped: bool) -> Option<(u64, u8)> {
    let (fraction, digits) = items.figures(last + 1)?;
    let separator = items.gap(last);
    let decimal = match separator {
        "٫" | "." => true,
        // `1,234` was taken as thousands before; `3,5` is left.
        "," => !grouped && digits != 3,
        _ => false,
    };
    (decimal && digits <= 12).then_some((fraction, digits))
}

/// Reads number words: `ثلاثة ملايين`, `twenty-five`, `نصف مليون`; scales only under `below`, which
/// bounds the recursion over what an `and` joins on.
fn words_at(items: &Items<'_>, at: usize, below: u64) -> Option<Read> {
    if items.is(at, Cues::HALF.and(Cues::QUARTER)) && items.spaced(at) {
        if items.is(at + 1, Cues::PERCENT) {
            let hundredths = if items.is(at, Cues::HALF) { 50 } else { 25 };
            return Some(Read {
                value: Decimal::whole(1).part(hundredths)?,
                last: at,
                scaled: false,
            });
        }
        let part = if items.is(at, Cues::HALF) { 50 } else { 25 };
        let value = Decimal::whole(scale_of(items, at + 1)?).part(part)?;
        return Some(Read {
            value,
            last: at + 1,
            scaled: true,
        });
    }
    let mut below_scale = 0u64;
    let mut next = at;
    let mut last = None;
    while let Some(word) = items.phrase(next).number.filter(|_| next < at + WORDS_MAX) {
        below_scale = match word {
            NumberWord::Small(value) => below_scale.checked_add(value)?,
            NumberWord::Hundred if below_scale < 100 => below_scale.max(1) * 100,
            _ => break,
        };
        last = Some(next);
        match continued(items, next) {
            Some(following) => next = following,
            None => break,
        }
    }
    match last {
        Some(last) => Some(scaled(
            items,
            Read {
                value: Decimal::whole(below_scale),
                last,
                scaled: false,
            },
            below,
        )),
        None => scale_alone(items, at, below),
    }
}

/// Reads `مليون`, `مليونان` without a number before it.
fn scale_alone(items: &Items<'_>, at: usize, below: u64) -> Option<Read> {
    let value = match items.phrase(at).number? {
        // With no number before it `مليونا دولار` is two of them, cut short before the noun.
        NumberWord::Scale(value) if value < below && CUT_DUALS.contains(&items.slice(at)) => {
            value * 2
        }
        // `عشرات الملايين` is no number of them.
        NumberWord::Scale(_) if items.definite(at) => return None,
        NumberWord::Scale(value) | NumberWord::Dual(value) if value < below => value,
        _ => return None,
    };
    let read = Read {
        value: Decimal::whole(value),
        last: at,
        scaled: true,
    };
    Some(and_part(items, scaled(items, read, below), value))
}

/// Returns the item where a number word goes on behind `at`, past an `and`.
fn continued(items: &Items<'_>, at: usize) -> Option<usize> {
    if !items.near(at) && items.gap(at) != "-" {
        return None;
    }
    if items.is(at + 1, Cues::AND) {
        let small = matches!(items.phrase(at + 2).number, Some(NumberWord::Small(_)));
        return (small && items.near(at + 1)).then_some(at + 2);
    }
    Some(at + 1)
}

/// Multiplies `read` by the scale words behind it and adds what an `and` joins on.
fn scaled(items: &Items<'_>, mut read: Read, below: u64) -> Read {
    let mut smallest = None;
    read = and_a_half(items, read);
    while items.near(read.last) || items.gap(read.last) == "-" {
        let Some(scale) = scale_of(items, read.last + 1).filter(|scale| *scale < below) else {
            break;
        };
        let Some(value) = read.value.times(scale) else {
            break;
        };
        read = Read {
            value,
            last: read.last + 1,
            scaled: true,
        };
        smallest = Some(scale);
    }
    smallest.map_or(read, |scale| and_part(items, read, scale))
}

/// `one and a half billion`: the half before the scale word.
fn and_a_half(items: &Items<'_>, read: Read) -> Read {
    let half = read.last + 2;
    let said = items.near(read.last)
        && items.is(read.last + 1, Cues::AND)
        && items.near(read.last + 1)
        && items.is(half, Cues::HALF)
        && items.near(half)
        && scale_of(items, half + 1).is_some();
    let value = Decimal::new(5, 1);
    match read.value.plus(value).filter(|_| said) {
        Some(value) => Read {
            value,
            last: half,
            ..read
        },
        None => read,
    }
}

/// Adds `ونصف`, `وربع`, `et demi` of the scale, or a smaller number with its own scale (`و500 ألف`).
fn and_part(items: &Items<'_>, read: Read, scale: u64) -> Read {
    let added = || -> Option<Read> {
        if !items.near(read.last) {
            return None;
        }
        let next = read.last + 1;
        let joined = items.get(next)?.token.clitics & CONJUNCTION != 0;
        let part = if items.is(next, Cues::HALF) { 50 } else { 25 };
        let parted = Cues::HALF.and(Cues::QUARTER);
        if joined && items.is(next, parted) {
            let value = read.value.plus(Decimal::whole(scale).part(part)?)?;
            // `مليون ونصف المليون` says the scale again.
            let again = items.near(next)
                && items.definite(next + 1)
                && scale_of(items, next + 1) == Some(scale);
            return Some(Read {
                value,
                last: next + usize::from(again),
                scaled: true,
            });
        }
        let half = items.is(next, Cues::AND) && items.near(next) && items.is(next + 1, Cues::HALF);
        if half && scale_of(items, next + 2).is_none() {
            let value = read.value.plus(Decimal::whole(scale).part(50)?)?;
            return Some(Read {
                value,
                last: next + 1,
                scaled: true,
            });
        }
        let from = match joined {
            true => next,
            false if items.is(next, Cues::AND) && items.near(next) => next + 1,
            false => return None,
        };
        let rest = match items.figures(from) {
            Some(_) => figures_behind_and(items, from, scale)?,
            None => words_at(items, from, scale)?,
        };
        let smaller = rest.value.small().is_some_and(|value| value < scale);
        let value = read.value.plus(rest.value)?;
        smaller.then_some(Read { value, ..rest })
    };
    added().unwrap_or(read)
}

/// Figures behind an `and`: only with a scale of their own, else they count something else
/// (`3 ملايين و500 شخص` stays the first number).
fn figures_behind_and(items: &Items<'_>, at: usize, below: u64) -> Option<Read> {
    let figures = figures_at(items, at)?;
    let read = scaled(items, figures, below);
    read.scaled.then_some(read)
}

/// Returns the factor of the scale word at `at`, unless letters are cut off it.
fn scale_of(items: &Items<'_>, at: usize) -> Option<u64> {
    let NumberWord::Scale(value) = items.phrase(at).number? else {
        return None;
    };
    let long = items.habits.long_scale && items.slice(at).starts_with("billion");
    let joined = items.get(at)?.token.clitics != 0;
    (!joined).then_some(if long { value * 1000 } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::Habits;
    use crate::tables;

    fn check(text: &str, dot_groups: bool, expected: &str) {
        let mut lexicon = tables::read_all().unwrap();
        lexicon.seal();
        let habits = Habits {
            dot_groups,
            ..Habits::default()
        };
        let items = Items::of(text, &lexicon, habits);
        let amount = amount_at(&items, 0).map(|amount| amount.to_string());
        assert_eq!(amount.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn figures_and_separators_are_read() {
        for (text, expected) in [
            ("7", "7"),
            ("1,234,567", "1234567"),
            ("1,234.50", "1234.5"),
            ("3,5", "3.5"),
            ("0,125", "none"),
            ("٣٫٥", "3.5"),
            ("١٬٢٣٤", "1234"),
            ("26 000", "26000"),
            ("26\u{A0}150", "26150"),
            ("15 321", "15"),
            ("12.500", "12.5"),
            ("1.2.3", "none"),
            ("999999999999999999999999", "none"),
        ] {
            check(text, false, expected);
        }
        check("12.500", true, "12500");
        check("1.250 مليون", true, "1250000");
    }

    #[test]
    fn number_words_are_read() {
        for (text, expected) in [
            ("ثلاثة ملايين", "3000000"),
            ("خمسة وعشرون", "25"),
            ("مئة وخمسون ألف", "150000"),
            ("26 مليار", "26000000000"),
            ("نصف مليون", "500000"),
            ("مليون ونصف", "1500000"),
            ("مليون و500 ألف", "1500000"),
            ("مليونان", "2000000"),
            ("ألف مليون", "1000000000"),
            ("twenty-five", "25"),
            ("two hundred and fifty", "250"),
            ("three hundred thousand", "300000"),
            ("5-10 million", "5000000/10000000"),
            ("cinq millions", "5000000"),
            ("quatre-vingt-dix", "90"),
            ("soixante et onze", "71"),
            ("one and a half billion", "1500000000"),
            ("milliard et demi", "1500000000"),
            ("مليون ونصف المليون", "1500000"),
            ("ثلاثة مليارات ونصف المليار", "3500000000"),
            ("10-million", "10000000"),
            ("3 to 5 million", "3000000/5000000"),
            ("ألفين وأربعة عشر", "2014"),
            ("سبعة عشر", "17"),
        ] {
            check(text, false, expected);
        }
    }
}

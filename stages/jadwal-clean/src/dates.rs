//! Reads the line that gives a page's date.
//!
//! Such lines are often glued (`وكالة الخبر21 نوفمبر 2016آخر تحديث : منذ 8 سنوات`): words and digits
//! are told apart where they touch. What is neither date nor time nor a word of such lines is
//! counted, so that a sentence with a date in it is no date line.

mod names;

use jadwal_core::fold::fold;
use jiff::civil::Date;

/// What a line says of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The date, where it is one of our calendar and not ambiguous.
    pub(crate) date: Option<Date>,
    /// The date after words such as "last updated".
    pub(crate) updated: Option<Date>,
    /// Words that have nothing to do with time.
    pub(crate) others: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number { value: i16, digits: usize },
    Word(String),
    Mark(char),
}

/// Returns what `line` says if it holds a date or an age (`منذ 8 سنوات`).
pub(crate) fn stamp(line: &str) -> Option<Stamp> {
    if !line.chars().any(is_numeric) {
        return None;
    }
    let tokens = tokens(line);
    let mut stamp = Stamp::default();
    let mut found = false;
    let mut is_update = false;
    let mut first = None;
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        if let Some((date, len)) = date_at(rest) {
            found = true;
            first = first.or(date);
            let of_kind = match is_update {
                true => &mut stamp.updated,
                false => &mut stamp.date,
            };
            *of_kind = of_kind.or(date);
            at += len;
            continue;
        }
        if let Some(len) = age_at(rest) {
            found = true;
            at += len;
            continue;
        }
        if let Token::Word(word) = &rest[0] {
            is_update = names::is_update_word(word) || is_update && !names::is_publication(word);
        }
        if let Token::Word(word) = &rest[0]
            && !names::is_time_word(word)
            && month_at(rest).is_none()
        {
            stamp.others.push(word.clone());
        }
        at += 1;
    }
    // A day of change alone is the best that is known of the document's day.
    stamp.date = stamp.date.or(first);
    found.then_some(stamp)
}

/// The same as [`char::is_numeric`]; the common scripts first, for the general test is slow.
fn is_numeric(character: char) -> bool {
    match character {
        '\0'..='\u{7F}' => character.is_ascii_digit(),
        '\u{5D0}'..='\u{65F}' | '\u{66A}'..='\u{6EF}' | '\u{2010}'..='\u{203F}' => false,
        _ => character.is_numeric(),
    }
}

fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let kind = class(first);
        let len = match kind {
            Class::Digit | Class::Letter => rest.find(|c| class(c) != kind).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let piece = &rest[..len];
        rest = &rest[len..];
        match kind {
            Class::Digit => tokens.push(number(piece)),
            Class::Letter => tokens.push(Token::Word(fold(piece))),
            Class::Mark => tokens.push(Token::Mark(first)),
            Class::Blank => {}
        }
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Mark,
    Blank,
}

fn class(character: char) -> Class {
    match character {
        '0'..='9' | '٠'..='٩' | '۰'..='۹' => Class::Digit,
        'a'..='z' | 'A'..='Z' | '\u{621}'..='\u{64A}' => Class::Letter,
        _ if character.is_whitespace() => Class::Blank,
        '\u{64B}'..='\u{65F}' | '\u{200C}' => Class::Letter,
        _ if character.is_alphabetic() => Class::Letter,
        _ => Class::Mark,
    }
}

fn number(digits: &str) -> Token {
    let plain = fold(digits);
    Token::Number {
        value: plain.parse().unwrap_or(-1),
        digits: plain.len(),
    }
}

/// Returns the date at the start of `tokens`, if there is one, and how many tokens it takes. The
/// inner option is empty for dates that can't be told (other calendars, day and month unclear).
fn date_at(tokens: &[Token]) -> Option<(Option<Date>, usize)> {
    numeric_date(tokens)
        .or_else(|| day_month_year(tokens))
        .or_else(|| month_day_year(tokens))
}

/// `2016-11-21`, `21/11/2016`, `21.11.2016`.
fn numeric_date(tokens: &[Token]) -> Option<(Option<Date>, usize)> {
    let [
        Token::Number {
            value: a,
            digits: first,
        },
        Token::Mark(mark @ ('-' | '/' | '.')),
        Token::Number {
            value: b,
            digits: second,
        },
        Token::Mark(again),
        Token::Number {
            value: c,
            digits: last,
        },
        ..,
    ] = tokens
    else {
        return None;
    };
    if mark != again || *second > 2 {
        return None;
    }
    let date = match (first, last) {
        (4, 1..=2) => civil(*a, *b, *c),
        (1..=2, 4) if *a > 12 || *mark == '.' => civil(*c, *b, *a),
        (1..=2, 4) if *b > 12 => civil(*c, *a, *b),
        (1..=2, 4) if a == b => civil(*c, *a, *b),
        // Day or month first? A guess would be worse than no date.
        (1..=2, 4) if (1..=12).contains(a) && (1..=12).contains(b) => return Some((None, 5)),
        _ => return None,
    };
    let other_calendar =
        matches!((first, last), (4, _)) && (1300..1500).contains(a) || (1300..1500).contains(c);
    (date.is_some() || other_calendar).then_some((date, 5))
}

/// `21 نوفمبر 2016`, `24 نيسان / أبريل 2020`, `21st November 2016`.
fn day_month_year(tokens: &[Token]) -> Option<(Option<Date>, usize)> {
    let Token::Number {
        value: day,
        digits: 1..=2,
    } = tokens.first()?
    else {
        return None;
    };
    let mut at = 1;
    // `5. Mai`: a point stands for the ordinal.
    if matches!(tokens.get(at), Some(Token::Word(word)) if is_ordinal(word))
        || tokens.get(at) == Some(&Token::Mark('.'))
    {
        at += 1;
    }
    let (month, used) = month_at(tokens.get(at..)?)?;
    at += used;
    // A second name of the same month.
    if matches!(tokens.get(at), Some(Token::Mark('/' | '(' | '-')))
        && let Some((_, used)) = month_at(&tokens[at + 1..])
    {
        at += 1 + used;
        at += usize::from(matches!(tokens.get(at), Some(Token::Mark(')'))));
    }
    let (year, at) = year_at(tokens, at)?;
    Some((month.and_then(|month| civil(year, month, *day)), at))
}

/// `November 21, 2016`, `نوفمبر 21, 2016`.
fn month_day_year(tokens: &[Token]) -> Option<(Option<Date>, usize)> {
    let (month, mut at) = month_at(tokens)?;
    let Token::Number {
        value: day,
        digits: 1..=2,
    } = tokens.get(at)?
    else {
        return None;
    };
    at += 1;
    if matches!(tokens.get(at), Some(Token::Word(word)) if is_ordinal(word)) {
        at += 1;
    }
    let (year, at) = year_at(tokens, at)?;
    Some((month.and_then(|month| civil(year, month, *day)), at))
}

fn year_at(tokens: &[Token], mut at: usize) -> Option<(i16, usize)> {
    if matches!(
        tokens.get(at),
        Some(Token::Mark(',' | '،' | '-' | '.' | '/'))
    ) || matches!(tokens.get(at), Some(Token::Word(word)) if word == "de")
    {
        at += 1;
    }
    match tokens.get(at)? {
        Token::Number { value, digits: 4 } => Some((*value, at + 1)),
        _ => None,
    }
}

/// Returns the month at the start of `tokens` and how many tokens name it; an empty month is one of
/// another calendar.
fn month_at(tokens: &[Token]) -> Option<(Option<i16>, usize)> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    names::month(word(0), word(1))
}

/// `منذ 8 سنوات`, `قبل 3 أيام`, `3 hours ago`, `il y a 2 jours`: how many tokens that takes.
fn age_at(tokens: &[Token]) -> Option<usize> {
    let is_unit = |token: Option<&Token>| match token {
        Some(Token::Word(word)) => names::is_unit(word),
        _ => false,
    };
    match tokens {
        [Token::Word(since), Token::Number { .. }, ..]
            if matches!(since.as_str(), "منذ" | "قبل" | "a") && is_unit(tokens.get(2)) =>
        {
            Some(3)
        }
        [Token::Number { .. }, unit, Token::Word(ago), ..]
            if matches!(ago.as_str(), "ago" | "پيش" | "قبل") && is_unit(Some(unit)) =>
        {
            Some(3)
        }
        _ => None,
    }
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    if !(1900..=2200).contains(&year) {
        return None;
    }
    let month = i8::try_from(month).ok()?;
    let day = i8::try_from(day).ok()?;
    Date::new(year, month, day).ok()
}

fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th" | "er" | "de" | "من")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, date: &str, others: &[&str]) {
        let stamp = stamp(line).unwrap_or_else(|| panic!("no stamp in {line}"));
        let found = stamp.date.map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(
            (found.as_str(), stamp.others),
            (date, others.iter().map(ToString::to_string).collect()),
            "{line}"
        );
    }

    #[test]
    fn dates_are_read_in_many_spellings() {
        check(
            "وكالة الخبر21 نوفمبر 2016آخر تحديث : منذ 8 سنوات",
            "2016-11-21",
            &["وكاله", "الخبر"],
        );
        check(
            "تم نشره الجمعة 24 نيسان / أبريل 2020 09:22 مساءً",
            "2020-04-24",
            &[],
        );
        check(
            "الأحد، 04 آب/أغسطس 2013، آخر تحديث 02:21 (GMT+0400)",
            "2013-08-04",
            &[],
        );
        check("الثلاثاء ٣ تشرين الثاني ٢٠٢٠", "2020-11-03", &[]);
        check("الجمعة 8 فيفري 2019", "2019-02-08", &[]);
        check("November 9, 2020", "2020-11-09", &[]);
        check(
            "Published on Monday 3rd March 2014 at 10:30 am",
            "2014-03-03",
            &[],
        );
        check("Publié le 12 août 2021 à 10h30", "2021-08-12", &[]);
        check("Veröffentlicht am 5. März 2020", "2020-03-05", &[]);
        check("12 Ağustos 2021 Perşembe", "2021-08-12", &[]);
        check("Publicado el 3 de mayo de 2019", "2019-05-03", &[]);
        check("2021-04-05", "2021-04-05", &[]);
        check("25/04/2021", "2021-04-25", &[]);
        check("04/05/2021", "", &[]);
        check("سه‌شنبه ۲۹ بهمن ۱۳۹۸", "", &[]);
        check("3 hours ago", "", &[]);
    }

    #[test]
    fn the_day_of_the_last_change_is_told_apart() {
        for (line, date, updated) in [
            (
                "نشر في 3 مايو 2020 - آخر تحديث 5 مايو 2020",
                "2020-05-03",
                "2020-05-05",
            ),
            ("آخر تحديث: 5 مايو 2020", "2020-05-05", "2020-05-05"),
            (
                "Last updated May 5, 2020. Published May 3, 2020",
                "2020-05-03",
                "2020-05-05",
            ),
            (
                "Publié le 3 mai 2020, mis à jour le 5 mai 2020",
                "2020-05-03",
                "2020-05-05",
            ),
            (
                "Yayınlanma: 3 Mayıs 2020 Son güncelleme: 5 Mayıs 2020",
                "2020-05-03",
                "2020-05-05",
            ),
            (
                "Stand: 3. Mai 2020, aktualisiert: 5. Mai 2020",
                "2020-05-03",
                "2020-05-05",
            ),
            (
                "انتشار 2020-05-03 آخرین به‌روزرسانی 2020-05-05",
                "2020-05-03",
                "2020-05-05",
            ),
        ] {
            let stamp = stamp(line).unwrap_or_else(|| panic!("no stamp in {line}"));
            let of = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
            assert_eq!(
                (of(stamp.date).as_str(), of(stamp.updated).as_str()),
                (date, updated),
                "{line}"
            );
        }
        let age = stamp("زاجل21 نوفمبر 2016آخر تحديث : منذ 8 سنوات").expect("it holds a date");
        assert_eq!((age.date.is_some(), age.updated), (true, None));
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for line in [
            "12.5 مليون",
            "قرار 2016",
            "99/99/2020",
            "30 فبراير 20",
            "كلام",
        ] {
            assert_eq!(stamp(line), None, "{line}");
        }
    }
}

//! The day that relative dates count from, and their resolution.
//!
//! The day is what the document gives for itself (`created`), else what its address or path has in
//! it (`/2016/11/21/`), else, where the options allow it, the day its file was modified. A weekday that does
//! not fit the day (`today, Wednesday` in a file of a Saturday) leaves the date marked and not
//! resolved, and so does what a page counts from the moment it was fetched (`last updated 8 years ago`).

use crate::calendar::Day;

/// Where the day comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The document gives it.
    Document,
    /// It is in the address or in the path.
    Address,
    /// The file was modified then.
    File,
}

impl By {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Address => "address",
            Self::File => "file",
        }
    }
}

/// The day that relative dates count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) day: Day,
    pub(crate) by: By,
}

impl Reference {
    /// Returns the day of a document: from `created` (ISO 8601), its address and path, or `modified`.
    pub(crate) fn of(created: &str, addresses: [&str; 2], modified: Option<&str>) -> Option<Self> {
        let found = |day, by| Self { day, by };
        iso_day(created)
            .map(|day| found(day, By::Document))
            .or_else(|| {
                let day = addresses.into_iter().find_map(day_in_address)?;
                Some(found(day, By::Address))
            })
            .or_else(|| Some(found(iso_day(modified?)?, By::File)))
    }
}

/// Reads the day that an ISO 8601 date or time begins with.
fn iso_day(text: &str) -> Option<Day> {
    let date = text.get(..10)?;
    let mut parts = date.split('-');
    let mut part = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse::<u32>().ok())?
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    Day::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// Finds `2016/11/21`, `2016-11-21`, `20161121` between other signs of an address.
fn day_in_address(address: &str) -> Option<Day> {
    let digits: Vec<&str> = address
        .split(|character: char| !character.is_ascii_digit())
        .collect();
    let sound = |day: &Day| (1990..=2100).contains(&day.year);
    let whole = digits
        .iter()
        .filter(|run| run.len() == 8)
        .find_map(|run| day_of(&run[..4], &run[4..6], &run[6..]).filter(sound));
    let parted = digits
        .windows(3)
        .find_map(|run| day_of(run[0], run[1], run[2]).filter(sound));
    whole.or(parted)
}

fn day_of(year: &str, month: &str, day: &str) -> Option<Day> {
    let fits = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    if !fits {
        return None;
    }
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Returns the ISO 8601 date that `relative` (`-P1D`, `W-3`, `+W-3`, `P0D;W-3`) means, counted from
/// `day`; `None` where the weekday does not fit or the calendar ends.
pub(crate) fn resolved(day: Day, relative: &str) -> Option<String> {
    let (relative, weekday) = match relative.split_once(';') {
        Some((relative, weekday)) => (relative, Some(weekday.strip_prefix("W-")?.parse().ok()?)),
        None => (relative, None),
    };
    let fits = |day: Day| weekday.is_none_or(|weekday: u8| day.weekday() == weekday);
    if let Some((direction, weekday)) = relative.split_once("W-") {
        return Some(nearest(day, direction, weekday.parse().ok()?)?.to_string());
    }
    let (sign, duration) = match relative.strip_prefix('-') {
        Some(duration) => (-1, duration),
        None => (1, relative),
    };
    let duration = duration.strip_prefix('P')?;
    let unit = duration.chars().last()?;
    let count: i64 = duration.strip_suffix(unit)?.parse().ok()?;
    let count = sign * count;
    match unit {
        'D' => day
            .moved(count)
            .filter(|day| fits(*day))
            .map(|day| day.to_string()),
        'W' => {
            let monday = day.moved(7 * count - i64::from(day.weekday()) + 1)?;
            Some(monday.iso_week())
        }
        'M' => {
            let months = i64::from(day.year) * 12 + i64::from(day.month) - 1 + count;
            let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
            (1..=9999)
                .contains(&year)
                .then(|| format!("{year:04}-{month:02}"))
        }
        'Y' => {
            let year = i64::from(day.year) + count;
            (1..=9999).contains(&year).then(|| format!("{year:04}"))
        }
        _ => None,
    }
}

/// Returns the weekday before (`-`), after (`+`) or in the week around `day`: without a direction the
/// last one up to and with the day itself, as news reports what was.
fn nearest(day: Day, direction: &str, weekday: u8) -> Option<Day> {
    let back = i64::from((day.weekday() + 7 - weekday) % 7);
    let moved = match (direction, back) {
        ("+", _) => 7 - back,
        ("-", 0) => -7,
        _ => -back,
    };
    day.moved(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_dates_count_from_the_day() {
        // A Monday.
        let day = Day::new(2016, 11, 21).unwrap();
        for (relative, expected) in [
            ("P0D", Some("2016-11-21")),
            ("-P1D", Some("2016-11-20")),
            ("P1D", Some("2016-11-22")),
            ("-P21D", Some("2016-10-31")),
            ("P0D;W-1", Some("2016-11-21")),
            ("P0D;W-3", None),
            ("-P1D;W-7", Some("2016-11-20")),
            ("W-1", Some("2016-11-21")),
            ("-W-1", Some("2016-11-14")),
            ("+W-1", Some("2016-11-28")),
            ("W-3", Some("2016-11-16")),
            ("+W-3", Some("2016-11-23")),
            ("-P1W", Some("2016-W46")),
            ("P0W", Some("2016-W47")),
            ("-P11M", Some("2015-12")),
            ("P2M", Some("2017-01")),
            ("-P8Y", Some("2008")),
            ("-P9000Y", None),
        ] {
            assert_eq!(resolved(day, relative).as_deref(), expected, "{relative}");
        }
    }

    #[test]
    fn the_document_speaks_before_its_address_and_its_file() {
        let of = |created, address, modified| {
            let reference = Reference::of(created, [address, ""], modified)?;
            Some((reference.day.to_string(), reference.by))
        };
        let found = |day: &str, by| Some((day.to_owned(), by));
        let file = Some("2024-01-01T10:00:00Z");
        let address = "https://a.example/2016/11/21/summit-12.html";
        assert_eq!(
            of("2019-03-04T08:30:00Z", address, file),
            found("2019-03-04", By::Document)
        );
        assert_eq!(of("", address, file), found("2016-11-21", By::Address));
        assert_eq!(
            of("", "news/20161121_wire.txt", None),
            found("2016-11-21", By::Address)
        );
        assert_eq!(
            of("", "news/900x450-12345678.txt", file),
            found("2024-01-01", By::File)
        );
        assert_eq!(of("2016", "", None), None);
        assert_eq!(of("", "", None), None);
    }
}

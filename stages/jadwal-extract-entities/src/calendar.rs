//! Calendar arithmetic: days of the Gregorian calendar, and dates of the Umm al-Qura calendar.
//!
//! Islamic dates are read as Umm al-Qura, the civil calendar of Saudi Arabia, for 1300-1600 AH; the
//! table is ICU's (`data/make_umalqura.mjs`). Before and after that nothing is converted. Where
//! another country saw the new moon on another evening the true date is a day earlier or later.

use std::fmt;

const TABLE: &str = include_str!("../data/umalqura.tsv");
const FIRST_YEAR: u32 = 1300;

/// A day of the Gregorian calendar; displays as ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: u32,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Day {
    /// Returns the day, if there is one.
    pub(crate) fn new(year: u32, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Returns the day `count` days later.
    fn plus(self, count: u32) -> Self {
        let mut day = self;
        let mut left = count;
        loop {
            let rest = u32::from(days_in(day.year, day.month) - day.day);
            if left <= rest {
                day.day += left as u8;
                return day;
            }
            left -= rest + 1;
            day.day = 1;
            day.month = day.month % 12 + 1;
            day.year += u32::from(day.month == 1);
        }
    }
}

/// Returns the length of a month; the year is only asked in February.
pub(crate) fn days_in(year: u32, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The Umm al-Qura calendar.
pub(crate) struct UmmAlQura {
    /// By year from `FIRST_YEAR`: 1 Muharram, and a bit for each month of 30 days.
    years: Vec<(Day, u16)>,
}

impl UmmAlQura {
    /// Reads the table; `None` where it is broken.
    pub(crate) fn read() -> Option<Self> {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let years = rows.map(read_row).collect::<Option<Vec<_>>>()?;
        Some(Self { years })
    }

    /// Returns the Gregorian day of an Islamic one.
    pub(crate) fn day(&self, year: u32, month: u8, day: u8) -> Option<Day> {
        let (first, length) = self.month(year, month)?;
        (1..=length)
            .contains(&day)
            .then(|| first.plus(u32::from(day) - 1))
    }

    /// Returns the first and the last Gregorian day of an Islamic month.
    pub(crate) fn month_span(&self, year: u32, month: u8) -> Option<(Day, Day)> {
        let (first, length) = self.month(year, month)?;
        Some((first, first.plus(u32::from(length) - 1)))
    }

    /// Returns the first and the last Gregorian day of an Islamic year.
    pub(crate) fn year_span(&self, year: u32) -> Option<(Day, Day)> {
        let (first, _) = self.month_span(year, 1)?;
        let (_, last) = self.month_span(year, 12)?;
        Some((first, last))
    }

    /// Returns the first day of a month and its length.
    fn month(&self, year: u32, month: u8) -> Option<(Day, u8)> {
        let index = year.checked_sub(FIRST_YEAR)? as usize;
        let (start, long) = *self.years.get(index)?;
        if !(1..=12).contains(&month) {
            return None;
        }
        let length = |month: u8| 29 + u8::from(long >> month & 1 == 1);
        let before: u32 = (0..month - 1).map(|month| u32::from(length(month))).sum();
        Some((start.plus(before), length(month - 1)))
    }
}

fn read_row(row: &str) -> Option<(Day, u16)> {
    let mut columns = row.split('\t').skip(1);
    let mut date = columns.next()?.split('-');
    let year = date.next()?.parse().ok()?;
    let start = Day::new(year, date.next()?.parse().ok()?, date.next()?.parse().ok()?)?;
    Some((start, u16::from_str_radix(columns.next()?, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn islamic_dates_become_gregorian_ones() {
        let calendar = UmmAlQura::read().unwrap();
        for (year, month, day, expected) in [
            (1438, 2, 21, "2016-11-21"),
            (1300, 1, 1, "1882-11-12"),
            (1446, 1, 1, "2024-07-07"),
            (1445, 9, 1, "2024-03-11"),
            (1443, 12, 9, "2022-07-08"),
        ] {
            let found = calendar.day(year, month, day).unwrap();
            assert_eq!(found.to_string(), expected, "{year}-{month}-{day}");
        }
        assert_eq!(calendar.day(1438, 2, 30), None);
        assert_eq!(calendar.day(1299, 1, 1), None);
        assert_eq!(calendar.day(1601, 1, 1), None);
    }

    #[test]
    fn each_year_ends_the_day_before_the_next() {
        let calendar = UmmAlQura::read().unwrap();
        for year in 1300..1600 {
            let (_, last) = calendar.year_span(year).unwrap();
            let (next, _) = calendar.year_span(year + 1).unwrap();
            assert_eq!(last.plus(1), next, "{year}");
        }
    }

    #[test]
    fn only_days_that_exist_are_days() {
        assert!(Day::new(2024, 2, 29).is_some());
        assert!(Day::new(1900, 2, 29).is_none());
        assert!(Day::new(2023, 4, 31).is_none());
        assert!(Day::new(2023, 13, 1).is_none());
    }
}

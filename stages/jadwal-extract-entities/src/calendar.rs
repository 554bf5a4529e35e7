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

    /// Returns the day of the week, 1 (Monday) to 7.
    pub(crate) fn weekday(self) -> u8 {
        // Day 0 of the count, 1970-01-01, was a Thursday.
        ((self.number() + 3).rem_euclid(7) + 1) as u8
    }

    /// Returns the day `count` days later, or earlier; `None` beyond the years 1 to 9999.
    pub(crate) fn moved(self, count: i64) -> Option<Self> {
        Self::of_number(self.number().checked_add(count)?)
    }

    /// Returns the ISO 8601 week that the day is in: `2016-W47`.
    pub(crate) fn iso_week(self) -> String {
        // A week belongs to the year that its Thursday is in.
        let thursday = self.number() + 4 - i64::from(self.weekday());
        let Some(day) = Self::of_number(thursday) else {
            return self.to_string();
        };
        let first = Self {
            month: 1,
            day: 1,
            ..day
        };
        format!(
            "{:04}-W{:02}",
            day.year,
            (thursday - first.number()) / 7 + 1
        )
    }

    /// Returns the days since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The inverse of `number`, for the years 1 to 9999.
    fn of_number(number: i64) -> Option<Self> {
        let shifted = number.checked_add(719_468)?;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = (shifted_month + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let year = u32::try_from(year)
            .ok()
            .filter(|year| (1..=9999).contains(year))?;
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
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
    fn days_are_counted_over_years_and_weeks() {
        let day = |year, month, day| Day::new(year, month, day).unwrap();
        assert_eq!(day(2016, 11, 21).weekday(), 1);
        assert_eq!(day(1970, 1, 1).weekday(), 4);
        assert_eq!(day(2000, 2, 28).moved(2), Some(day(2000, 3, 1)));
        assert_eq!(day(2000, 3, 1).moved(-366), Some(day(1999, 3, 1)));
        assert_eq!(day(9999, 12, 31).moved(1), None);
        assert_eq!(day(1, 1, 1).moved(-1), None);
        assert_eq!(day(2016, 11, 21).iso_week(), "2016-W47");
        assert_eq!(day(2021, 1, 3).iso_week(), "2020-W53");
        assert_eq!(day(2019, 12, 30).iso_week(), "2020-W01");
        for number in (0..800_000).step_by(97) {
            let day = day(1, 1, 1).moved(number).unwrap();
            assert_eq!(Day::of_number(day.number()), Some(day));
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

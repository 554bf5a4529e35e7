//! The figures of a text, each with the frame it stands in, and what they say of two texts.
//!
//! A report on prices or the weather says the same words every day; only its figures tell the issues
//! apart. So a figure (number in digits or words, weekday, month) is kept with its frame: the two words
//! before and the one behind it that are no figures. In two texts, figures of one frame *agree* or
//! *conflict*. An edited copy agrees, a revision conflicts in a few, an issue of a series in most.

use std::collections::HashMap;
use std::ops::Range;

use jadwal_core::fold::fold;
use jadwal_core::shingle::{mix, sequence_hash, word_hash};

/// Figures kept of one document, the first ones.
pub(crate) const MOST_FIGURES: usize = 96;

/// Words that a text has at least for each figure that a later version of it corrects.
const WORDS_A_CORRECTION: usize = 80;
/// The same where nothing was added.
const WORDS_A_MERE_CORRECTION: usize = 200;
/// Shorter reports of one length with another figure are two issues.
const SHORT_REPORT: u32 = 100;
/// Words of a short sentence.
const SENTENCE: u32 = 6;

/// Words of dates; they are folded when the lexicon is made.
const DATE_WORDS: &str = "الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت \
    يناير فبراير مارس أبريل ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر \
    كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين جانفي فيفري أفريل ماي جوان جويلية أوت \
    محرم صفر ربيع جمادى رجب شعبان رمضان شوال \
    monday tuesday wednesday thursday friday saturday sunday \
    january february march april june july august september october november december \
    lundi mardi mercredi jeudi vendredi samedi dimanche \
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre";

/// Numbers in words.
const NUMBER_WORDS: &str = "اثنان اثنين ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني تسعة تسع \
    عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين \
    تسعون تسعين مئة مائة مئتان مئتين مائتان مائتين ثلاثمئة ثلاثمائة أربعمئة أربعمائة خمسمئة خمسمائة \
    ستمئة ستمائة سبعمئة سبعمائة ثمانمئة ثمانمائة تسعمئة تسعمائة ألفان ألفين \
    two three four five six seven eight nine ten eleven twelve \
    deux trois quatre cinq sept huit neuf dix onze douze";

/// The two highest bits of a figure's value say what it is.
const KINDS: u16 = 0b11 << 14;
/// A number below 2^14, as it is.
const SMALL: u16 = 0b00 << 14;
/// A hash of a larger number.
const LARGE: u16 = 0b01 << 14;
/// A hash of a weekday or month, or of the day before a month.
const DATE: u16 = 0b10 << 14;
/// A hash of a number in words.
const WORD: u16 = 0b11 << 14;

/// A figure: what is stored of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Figure {
    /// Hash of the words around it.
    pub(crate) frame: u16,
    /// Kind, and value or hash.
    pub(crate) value: u16,
}

impl Figure {
    /// Returns the number, where the digest still knows it.
    pub(crate) fn number(self) -> Option<u16> {
        (self.value & KINDS == SMALL).then_some(self.value)
    }

    fn is_date(self) -> bool {
        self.value & KINDS == DATE
    }
}

/// A word of a folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its place in the folded text.
    pub(crate) range: Range<usize>,
    /// Its hash.
    pub(crate) hash: u64,
    /// Whether it is a figure or a year.
    pub(crate) figure: bool,
}

/// Which words are figures.
pub(crate) struct Lexicon(HashMap<u64, u16>);

/// What a word between frames is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// A year: it says little, for it stays for a whole year.
    Year,
    /// A figure of this value.
    Figure(u16),
}

impl Lexicon {
    pub(crate) fn new() -> Self {
        let dates = DATE_WORDS.split_whitespace().map(|word| (word, DATE));
        let numbers = NUMBER_WORDS.split_whitespace().map(|word| (word, WORD));
        let entries = dates.chain(numbers).map(|(word, kind)| {
            let hash = word_hash(&fold(word));
            (hash, kind)
        });
        Self(entries.collect())
    }

    /// Returns the figures of `text`, whose words are `words`, in their order, with the index of the
    /// word.
    pub(crate) fn figures(&self, text: &str, words: &[Word]) -> Vec<(Figure, usize)> {
        let mut figures = Vec::new();
        let mut before = [0; 2];
        let mut index = 0;
        while index < words.len() && figures.len() < MOST_FIGURES {
            if !words[index].figure {
                before = [before[1], words[index].hash];
                index += 1;
                continue;
            }
            let run = index;
            let mut parts = Vec::new();
            while let Some(word) = words.get(index).filter(|word| word.figure) {
                parts.push(self.part(&text[word.range.clone()], word.hash));
                index += 1;
            }
            let behind = words.get(index).map_or(0, |word| word.hash);
            date_of_days(&mut parts);
            for (at, part) in parts.iter().enumerate() {
                if let Part::Figure(value) = *part
                    && figures.len() < MOST_FIGURES
                {
                    let frame = sequence_hash(&[before[0], before[1], behind, at as u64]);
                    let frame = (frame >> 48) as u16;
                    figures.push((Figure { frame, value }, run + at));
                }
            }
        }
        figures
    }

    /// Whether the word `letters`, whose hash is `hash`, is a figure or a year.
    pub(crate) fn is_figure(&self, letters: &str, hash: u64) -> bool {
        letters.as_bytes()[0].is_ascii_digit() || self.0.contains_key(&hash)
    }

    fn part(&self, letters: &str, hash: u64) -> Part {
        match self.0.get(&hash) {
            Some(kind) => Part::Figure(hashed(hash, *kind)),
            None => number(letters, hash),
        }
    }
}

/// Makes the number before a month's name, which is a day, part of the date.
fn date_of_days(parts: &mut [Part]) {
    for at in 1..parts.len() {
        if let (Part::Figure(day), Part::Figure(month)) = (parts[at - 1], parts[at])
            && day & KINDS == SMALL
            && day <= 31
            && month & KINDS == DATE
        {
            parts[at - 1] = Part::Figure(hashed(u64::from(day), DATE));
        }
    }
}

fn number(digits: &str, hash: u64) -> Part {
    match digits.parse::<u64>() {
        Ok(1300..=1499 | 1900..=2099) if digits.len() == 4 => Part::Year,
        Ok(small) if small < 1 << 14 => Part::Figure(SMALL | small as u16),
        _ => Part::Figure(hashed(hash, LARGE)),
    }
}

fn hashed(value: u64, kind: u16) -> u16 {
    kind | ((mix(value) >> 50) as u16)
}

/// What the figures of two texts have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Figures of the text that has fewer.
    pub(crate) fewer: usize,
    /// Values that stand in both, wherever.
    pub(crate) shared: usize,
    /// Frames whose figures are the same.
    pub(crate) agree: usize,
    /// Frames whose figures differ.
    pub(crate) conflict: usize,
    /// Those of the conflicts that are dates.
    pub(crate) dates_conflict: usize,
}

impl Comparison {
    /// Compares two lists of figures, each sorted.
    pub(crate) fn of(left: &[Figure], right: &[Figure]) -> Self {
        let mut found = Self {
            fewer: left.len().min(right.len()),
            shared: shared(left, right),
            ..Self::default()
        };
        for (ours, theirs) in frames(left, right) {
            let agree = common(ours, theirs, |figure| figure.value);
            let conflict = ours.len().min(theirs.len()) - agree;
            found.agree += agree;
            found.conflict += conflict;
            if conflict > 0 && ours.iter().any(|figure| figure.is_date()) {
                found.dates_conflict += conflict;
            }
        }
        // Where the words around the dates differ too, the dates as such are compared.
        if found.dates_conflict == 0 && other_dates(left, right) {
            found.conflict += 1;
            found.dates_conflict = 1;
        }
        found
    }

    /// Whether two texts of so many words are issues of a series and not versions of one text.
    /// `same_frame`: whether their sentences are the same but for figures, where that is known.
    pub(crate) fn is_series(
        &self,
        words: [u32; 2],
        places: Places,
        same_frame: Option<bool>,
    ) -> bool {
        // Less than 40 % in common.
        if self.fewer >= 4 && self.shared * 5 < self.fewer * 2 {
            return true;
        }
        // Figures change at one address for other reasons too.
        if self.conflict == 0 || places.same_url {
            return false;
        }
        if self.is_correction(words) {
            return false;
        }
        if words.iter().all(|count| *count < SHORT_REPORT) && of_one_length(words) {
            return true;
        }
        // The date of the report itself weighs twice.
        let weight = self.conflict + self.dates_conflict;
        match same_frame {
            // Nothing was written but figures.
            Some(true) => self.dates_conflict > 0 || self.conflict * 3 > self.agree,
            _ if places.same_host => weight >= self.agree,
            _ => weight * 2 >= self.agree,
        }
    }
}

impl Comparison {
    /// Whether one of two texts of the same day is the other with a few figures corrected. As a rule
    /// something was added too; the issues of a report are of one length.
    fn is_correction(&self, words: [u32; 2]) -> bool {
        let words_a_correction = if of_one_length(words) {
            WORDS_A_MERE_CORRECTION
        } else {
            WORDS_A_CORRECTION
        };
        let shorter = words[0].min(words[1]) as usize;
        self.dates_conflict == 0 && self.conflict * words_a_correction <= shorter
    }
}

/// Whether nothing was added that is as long as a sentence.
fn of_one_length([left, right]: [u32; 2]) -> bool {
    left.abs_diff(right) < SENTENCE
}

/// What the addresses of two documents have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) same_url: bool,
    pub(crate) same_host: bool,
}

/// Whether both texts have dates, and none in common.
fn other_dates(left: &[Figure], right: &[Figure]) -> bool {
    let dates = |figures: &[Figure]| -> Vec<u16> {
        let dates = figures.iter().filter(|figure| figure.is_date());
        dates.map(|figure| figure.value).collect()
    };
    let (left, right) = (dates(left), dates(right));
    !left.is_empty() && !right.is_empty() && left.iter().all(|date| !right.contains(date))
}

/// Returns how many values stand in both lists.
fn shared(left: &[Figure], right: &[Figure]) -> usize {
    let sorted = |figures: &[Figure]| {
        let mut figures = figures.to_vec();
        figures.sort_unstable_by_key(|figure| figure.value);
        figures
    };
    common(&sorted(left), &sorted(right), |figure| figure.value)
}

/// Returns the size of the common part of two lists, each sorted by `key`.
fn common(left: &[Figure], right: &[Figure], key: impl Fn(&Figure) -> u16) -> usize {
    let (mut at, mut count) = (0, 0);
    for figure in left {
        while at < right.len() && key(&right[at]) < key(figure) {
            at += 1;
        }
        if at < right.len() && key(&right[at]) == key(figure) {
            at += 1;
            count += 1;
        }
    }
    count
}

/// Returns the figures of each frame that stands in both lists.
pub(crate) fn frames<'a>(
    left: &'a [Figure],
    right: &'a [Figure],
) -> impl Iterator<Item = (&'a [Figure], &'a [Figure])> {
    left.chunk_by(|a, b| a.frame == b.frame)
        .filter_map(move |ours| {
            let frame = ours[0].frame;
            let start = right.partition_point(|figure| figure.frame < frame);
            let theirs = &right[start..];
            let end = theirs.partition_point(|figure| figure.frame == frame);
            (end > 0).then_some((ours, &theirs[..end]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Reader;
    use jadwal_core::fold::Folded;

    const FAR: Places = Places {
        same_url: false,
        same_host: false,
    };

    fn figures(text: &str) -> Vec<(Figure, String)> {
        let padded = format!("{text} كلمات لا رقم فيها تكفي لأن يقرأ النص كله");
        Reader::new().read(&Folded::of(&padded)).unwrap().figures
    }

    fn compare(left: &str, right: &str) -> Comparison {
        let sorted = |text: &str| {
            let mut sorted: Vec<_> = figures(text).iter().map(|(figure, _)| *figure).collect();
            sorted.sort_unstable();
            sorted
        };
        Comparison::of(&sorted(left), &sorted(right))
    }

    #[test]
    fn figures_are_numbers_weekdays_and_months_without_years() {
        let found =
            figures("وصل يوم الأحد 21 نوفمبر 2016 نحو ثلاثة آلاف و ١٢٠ راكبا من 2.5 مليون، عام 1438");
        let written: Vec<_> = found.iter().map(|(_, written)| written.as_str()).collect();
        assert_eq!(written, ["الاحد", "21", "نوفمبر", "ثلاثه", "120", "2", "5"]);
        let dates = found.iter().filter(|(figure, _)| figure.is_date()).count();
        assert_eq!(dates, 3, "weekday, day and month");
    }

    #[test]
    fn figures_of_one_frame_agree_or_conflict() {
        let cases = [
            (
                "بلغ عدد القتلى 12 شخصا",
                "بلغ عدد القتلى 12 شخصا",
                (1, 0, 0),
            ),
            (
                "بلغ عدد القتلى 12 شخصا",
                "بلغ عدد القتلى 15 شخصا",
                (0, 1, 0),
            ),
            (
                "بلغ عدد القتلى 12 شخصا",
                "بلغ عدد الجرحى 15 شخصا",
                (0, 0, 0),
            ),
            (
                "عقد الاجتماع يوم الأحد مساء",
                "عقد الاجتماع يوم الاثنين مساء",
                (0, 1, 1),
            ),
            // The words around the dates differ too.
            ("مساء الأحد حادث", "صباح الاثنين لقاء", (0, 1, 1)),
            ("مساء الأحد حادث", "صباح الأحد لقاء", (0, 0, 0)),
        ];
        for (left, right, wanted) in cases {
            let found = compare(left, right);
            let found = (found.agree, found.conflict, found.dates_conflict);
            assert_eq!(found, wanted, "{left} and {right}");
        }
    }

    #[test]
    fn issues_and_versions_are_told_apart() {
        let compared = |fewer, shared, agree, conflict, dates_conflict| Comparison {
            fewer,
            shared,
            agree,
            conflict,
            dates_conflict,
        };
        let cases = [
            (
                "nothing in common",
                compared(6, 2, 0, 0, 0),
                [300, 300],
                None,
                true,
            ),
            (
                "most in common",
                compared(6, 5, 5, 0, 0),
                [300, 300],
                None,
                false,
            ),
            (
                "one corrected in a long text",
                compared(6, 5, 5, 1, 0),
                [300, 300],
                Some(true),
                false,
            ),
            (
                "another day",
                compared(6, 4, 4, 1, 1),
                [300, 300],
                Some(true),
                true,
            ),
            (
                "grown, with two other figures",
                compared(3, 1, 1, 2, 0),
                [200, 240],
                Some(false),
                false,
            ),
            (
                "short and of one length",
                compared(2, 1, 1, 1, 0),
                [60, 61],
                Some(false),
                true,
            ),
            (
                "no figures",
                compared(0, 0, 0, 0, 0),
                [60, 60],
                Some(true),
                false,
            ),
        ];
        for (name, comparison, words, same_frame, wanted) in cases {
            assert_eq!(
                comparison.is_series(words, FAR, same_frame),
                wanted,
                "{name}"
            );
        }
        let same_url = Places {
            same_url: true,
            same_host: true,
        };
        assert!(!compared(3, 1, 1, 2, 0).is_series([60, 60], same_url, Some(true)));
    }
}

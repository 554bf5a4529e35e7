//! The figures of a text, each with the frame it stands in.
//!
//! A report on prices or the weather says the same words every day; only its figures tell the issues
//! apart. So a figure (number in digits or words, weekday, month) is kept with its frame: the two words
//! before and the one behind it that are no figures.

use std::collections::HashMap;
use std::ops::Range;

use jadwal_core::fold::fold;
use jadwal_core::shingle::{mix, sequence_hash, word_hash};

/// Figures kept of one document, the first ones.
pub(crate) const MOST_FIGURES: usize = 96;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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

    pub(crate) fn is_date(self) -> bool {
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
pub(crate) struct Lexicon {
    kinds: HashMap<u64, u16>,
    /// A bit for the upper 12 bits of each hash in `kinds`: nearly all words are none of them.
    outline: [u64; 64],
}

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
        let kinds: HashMap<_, _> = entries.collect();
        let mut outline = [0; 64];
        for hash in kinds.keys() {
            outline[(hash >> 58) as usize] |= 1 << (hash >> 52 & 63);
        }
        Self { kinds, outline }
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
        let could_be = self.outline[(hash >> 58) as usize] >> (hash >> 52 & 63) & 1 == 1;
        letters.as_bytes()[0].is_ascii_digit() || could_be && self.kinds.contains_key(&hash)
    }

    fn part(&self, letters: &str, hash: u64) -> Part {
        match self.kinds.get(&hash) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Reader;
    use jadwal_core::fold::Folded;

    fn figures(text: &str) -> Vec<(Figure, String)> {
        let padded = format!("{text} كلمات لا رقم فيها تكفي لأن يقرأ النص كله");
        let reading = Reader::new().read(Folded::of(&padded)).unwrap();
        let figures = reading.figures();
        figures
            .map(|(figure, written)| (figure, written.to_owned()))
            .collect()
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
}

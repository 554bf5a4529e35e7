//! Measures every line of a document once: the numbers that features are made of.
//!
//! One scan over the characters of a line; time and memory are linear in the document.

use std::collections::HashMap;

use super::known::{Known, Places};
use crate::lines::Line;
use crate::phrases::{Category, Hit};

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum End {
    #[default]
    None,
    Sentence,
    Colon,
    Ellipsis,
}

/// What one line is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    pub(super) words: f32,
    pub(super) letters: f32,
    pub(super) digits: f32,
    pub(super) commas: f32,
    /// Sentence ends with more text after them.
    pub(super) stops: f32,
    pub(super) pipes: f32,
    pub(super) quotes: f32,
    pub(super) slashes: f32,
    /// Words that start with a capital letter, and words that start with a small one.
    pub(super) upper: f32,
    pub(super) lower: f32,
    pub(super) end: End,
    pub(super) starts_with_mark: bool,
    pub(super) has_address: bool,
    pub(super) has_copyright: bool,
    pub(super) has_currency: bool,
    pub(super) has_year: bool,
    pub(super) has_clock: bool,
    pub(super) is_paragraph: bool,
    pub(super) in_table: bool,
    pub(super) hit: Option<Hit>,
    /// Equal for lines that differ in digits alone.
    key: u64,
    /// How often such a line stands in the document.
    pub(super) copies: u32,
    /// Content words, and how many of them stand in the paragraphs too.
    pub(super) content: u32,
    pub(super) known: u32,
}

impl Measure {
    pub(super) fn is_short(&self) -> bool {
        self.words < 5.0
    }

    /// Whether it looks like the headline of another article: some words and no end.
    pub(super) fn is_headline(&self) -> bool {
        (5.0..25.0).contains(&self.words) && !self.is_paragraph && self.end != End::Sentence
    }

    /// Whether it has the shape of another line: much the same length, the same kind of end.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let (short, long) = match self.words < other.words {
            true => (self.words, other.words),
            false => (other.words, self.words),
        };
        short * 3.0 + 3.0 >= long * 2.0
            && self.end == other.end
            && self.is_paragraph == other.is_paragraph
            && self.has_year == other.has_year
    }

    pub(super) fn is_strong(&self, category: Category) -> bool {
        self.hit
            .is_some_and(|hit| !hit.weak && hit.category == category)
    }
}

/// Measures `lines`, whose phrases are `hits` and whose words are `places`.
pub(super) fn measure(lines: &[Line<'_>], hits: &[Option<Hit>], places: &Places) -> Vec<Measure> {
    let mut measures: Vec<Measure> = lines
        .iter()
        .zip(hits)
        .map(|(line, hit)| one(line, *hit))
        .collect();
    count_copies(&mut measures);
    overlap(places, &mut measures);
    measures
}

fn one(line: &Line<'_>, hit: Option<Hit>) -> Measure {
    let mut measure = Measure {
        words: line.words as f32,
        is_paragraph: line.is_paragraph(),
        in_table: line.in_table,
        hit,
        end: end(line),
        ..Measure::default()
    };
    scan(line.text, &mut measure);
    let first = line.text.chars().next().unwrap_or(' ');
    measure.starts_with_mark = !first.is_alphanumeric() && !matches!(first, '"' | '«' | '“' | '(');
    measure
}

fn end(line: &Line<'_>) -> End {
    if line.text.ends_with("...") || line.text.ends_with('…') {
        End::Ellipsis
    } else if line.text.ends_with([':', '：']) {
        End::Colon
    } else if line.ends_sentence() {
        End::Sentence
    } else {
        End::None
    }
}

/// What a character counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// A letter without capitals, or a sign that counts as one.
    Letter,
    Small,
    Digit,
    Blank,
    Stop,
    Comma,
    Quote,
    /// What [`other`] looks at.
    Other,
}

/// The classes of the characters below this, read from a table: up to Arabic.
const TABLE: usize = 0x700;

const CLASSES: [Class; TABLE] = {
    let mut classes = [Class::Other; TABLE];
    let mut code = 0;
    while code < TABLE {
        if let Some(character) = char::from_u32(code as u32) {
            classes[code] = Class::tell(character);
        }
        code += 1;
    }
    classes
};

impl Class {
    fn of(character: char) -> Self {
        match CLASSES.get(character as usize) {
            Some(class) => *class,
            None => Self::tell(character),
        }
    }

    const fn tell(character: char) -> Self {
        match character {
            'a'..='z' => Self::Small,
            ' ' => Self::Blank,
            '0'..='9' | '٠'..='٩' | '۰'..='۹' => Self::Digit,
            '.' | '!' | '?' | '؟' | '۔' | '。' | '।' => Self::Stop,
            ',' | '،' | '、' | '，' => Self::Comma,
            '"' | '«' | '“' | '„' => Self::Quote,
            '€' | '₹' | '₺' | '₽' | '﷼' => Self::Other,
            '\u{590}'.. => Self::Letter,
            _ => Self::Other,
        }
    }

    /// Whether it counts as a letter of a script without capitals.
    fn is_letter(self, character: char) -> bool {
        self == Self::Letter || character >= '\u{590}'
    }
}

/// Counts of a line, as whole numbers: floats of this size hold them exactly.
#[derive(Default)]
struct Counts {
    letters: u32,
    lower: u32,
    digits: u32,
    commas: u32,
    stops: u32,
    quotes: u32,
}

fn scan(text: &str, measure: &mut Measure) {
    let mut key = 0xCBF2_9CE4_8422_2325_u64;
    let mut counts = Counts::default();
    let mut number = Number::default();
    let mut before = Class::Blank;
    for character in text.chars() {
        let class = Class::of(character);
        let mut letter = character;
        match class {
            Class::Letter => counts.letters += 1,
            Class::Small => {
                counts.letters += 1;
                counts.lower += u32::from(before == Class::Blank);
            }
            Class::Blank => counts.stops += u32::from(before == Class::Stop),
            Class::Digit => {
                counts.digits += 1;
                number.push(character);
                letter = '0';
            }
            Class::Stop | Class::Comma | Class::Quote | Class::Other => {
                counts.letters += u32::from(class.is_letter(character));
                counts.commas += u32::from(class == Class::Comma);
                counts.quotes += u32::from(class == Class::Quote);
                measure.has_clock |= character == ':' && number.is_hour();
                if class == Class::Other {
                    other(character, before == Class::Blank, measure);
                }
            }
        }
        if class != Class::Digit && number.run > 0 {
            measure.has_year |= number.is_year();
            number = Number::default();
        }
        key = (key ^ u64::from(letter)).wrapping_mul(0x0100_0000_01B3);
        before = class;
    }
    measure.has_year |= number.is_year();
    measure.has_address |= text.contains("://") || text.contains("www.");
    measure.letters += counts.letters as f32;
    measure.lower += counts.lower as f32;
    measure.digits = counts.digits as f32;
    measure.commas = counts.commas as f32;
    measure.stops = counts.stops as f32;
    measure.quotes = counts.quotes as f32;
    measure.key = key;
}

/// A run of digits and what they spell, of long ones the end.
#[derive(Default)]
struct Number {
    run: u32,
    value: u32,
}

impl Number {
    fn push(&mut self, digit: char) {
        self.run += 1;
        self.value = self.value * 10 % 100_000 + (digit as u32 & 15) % 10;
    }

    fn is_year(&self) -> bool {
        self.run == 4 && matches!(self.value, 1900..=2099 | 1300..=1450)
    }

    fn is_hour(&self) -> bool {
        matches!(self.run, 1 | 2) && self.value < 25
    }
}

fn other(character: char, starts_word: bool, measure: &mut Measure) {
    match character {
        '|' | '·' | '•' | '»' | '›' | '>' => measure.pipes += 1.0,
        '©' => measure.has_copyright = true,
        '@' => measure.has_address = true,
        '/' => measure.slashes += 1.0,
        '$' | '€' | '£' | '¥' | '₹' | '₺' | '₽' | '﷼' => measure.has_currency = true,
        _ if character.is_alphabetic() => {
            measure.letters += 1.0;
            if starts_word && character.is_uppercase() {
                measure.upper += 1.0;
            } else if starts_word {
                measure.lower += 1.0;
            }
        }
        _ => {}
    }
}

fn count_copies(measures: &mut [Measure]) {
    let mut counts: HashMap<u64, u32> = HashMap::with_capacity(measures.len());
    for measure in measures.iter() {
        *counts.entry(measure.key).or_default() += 1;
    }
    for measure in measures {
        measure.copies = counts.get(&measure.key).copied().unwrap_or(1);
    }
}

/// Counts the content words of every line that the paragraphs hold too.
fn overlap(places: &Places, measures: &mut [Measure]) {
    let known = Known::of(places, |index| measures[index].is_paragraph);
    for (index, measure) in measures.iter_mut().enumerate() {
        let places = places.line(index);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        measure.content = count(places.len());
        measure.known = count(known.count(places, measure.is_paragraph));
    }
}

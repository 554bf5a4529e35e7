//! Measures every line of a document once: the numbers that features are made of.
//!
//! One scan over the characters of a line, a second one over those that may be copies. Time and memory are
//! linear in the document, but for the sorting of one number a line.

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
    shape: u64,
    /// How often the line stands in the document, digits aside.
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
    count_copies(lines, &mut measures);
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
    Capital,
    Digit,
    Blank,
    Stop,
    Comma,
    Quote,
    /// The same as signs of a script without capitals: these count as letters too.
    WideStop,
    WideComma,
    WideQuote,
    /// What [`other`] looks at.
    Other,
}

/// Number of classes.
const CLASS_COUNT: usize = 12;

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
            'A'..='Z' => Self::Capital,
            ' ' => Self::Blank,
            '0'..='9' | '٠'..='٩' | '۰'..='۹' => Self::Digit,
            '.' | '!' | '?' => Self::Stop,
            '؟' | '۔' | '。' | '।' => Self::WideStop,
            ',' => Self::Comma,
            '،' | '、' | '，' => Self::WideComma,
            '"' | '«' => Self::Quote,
            '“' | '„' => Self::WideQuote,
            '€' | '₹' | '₺' | '₽' | '﷼' => Self::Other,
            '\u{590}'.. => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// Counts of a line, as whole numbers: floats of this size hold them exactly.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    letters: u32,
    lower: u32,
    upper: u32,
    digits: u32,
    commas: u32,
    stops: u32,
    quotes: u32,
}

/// What a character adds to the counts, by the class of the one before it and its own: eight bits a
/// count, so that one sum counts all. Too many for a count never come together: see [`scan`].
const PAIRS: [[u64; CLASS_COUNT]; CLASS_COUNT] = {
    const LETTER: u64 = 1;
    const LOWER: u64 = 1 << 8;
    const UPPER: u64 = 1 << 16;
    const DIGIT: u64 = 1 << 24;
    const COMMA: u64 = 1 << 32;
    const STOP: u64 = 1 << 40;
    const QUOTE: u64 = 1 << 48;
    let mut pairs = [[0; CLASS_COUNT]; CLASS_COUNT];
    let mut before = 0;
    while before < CLASS_COUNT {
        let row = &mut pairs[before];
        row[Class::Letter as usize] = LETTER;
        row[Class::Small as usize] = LETTER;
        row[Class::Capital as usize] = LETTER;
        row[Class::Digit as usize] = DIGIT;
        row[Class::Comma as usize] = COMMA;
        row[Class::Quote as usize] = QUOTE;
        row[Class::WideStop as usize] = LETTER;
        row[Class::WideComma as usize] = LETTER | COMMA;
        row[Class::WideQuote as usize] = LETTER | QUOTE;
        before += 1;
    }
    pairs[Class::Blank as usize][Class::Small as usize] |= LOWER;
    pairs[Class::Blank as usize][Class::Capital as usize] |= UPPER;
    pairs[Class::Stop as usize][Class::Blank as usize] |= STOP;
    pairs[Class::WideStop as usize][Class::Blank as usize] |= STOP;
    pairs
};

impl Counts {
    /// Adds a sum of [`PAIRS`].
    fn add(&mut self, sum: u64) {
        let [letters, lower, upper, digits, commas, stops, quotes, _] = sum.to_le_bytes();
        self.letters += u32::from(letters);
        self.lower += u32::from(lower);
        self.upper += u32::from(upper);
        self.digits += u32::from(digits);
        self.commas += u32::from(commas);
        self.stops += u32::from(stops);
        self.quotes += u32::from(quotes);
    }
}

fn scan(text: &str, measure: &mut Measure) {
    /// So many characters fit into the eight bits of a count.
    const MOST: u32 = 255;
    let mut counts = Counts::default();
    let (mut sum, mut room, mut blocks) = (0, MOST, 0u32);
    let mut number = Number::default();
    let mut before = Class::Blank;
    for character in text.chars() {
        let class = Class::of(character);
        sum += PAIRS[before as usize][class as usize];
        room -= 1;
        if room == 0 {
            counts.add(std::mem::take(&mut sum));
            room = MOST;
            blocks += 1;
        }
        if class == Class::Digit {
            number.push(character);
        } else {
            if class == Class::Other {
                measure.has_clock |= character == ':' && number.is_hour();
                other(character, before == Class::Blank, measure);
            }
            if number.run > 0 {
                measure.has_year |= number.is_year();
                number = Number::default();
            }
        }
        before = class;
    }
    counts.add(sum);
    measure.has_year |= number.is_year();
    measure.has_address |= measure.slashes > 1.0 && text.contains("://") || text.contains("www.");
    measure.letters += counts.letters as f32;
    measure.lower += counts.lower as f32;
    measure.upper += counts.upper as f32;
    measure.digits = counts.digits as f32;
    measure.commas = counts.commas as f32;
    measure.stops = counts.stops as f32;
    measure.quotes = counts.quotes as f32;
    measure.shape = shape(text, blocks * MOST + MOST - room, &counts);
}

/// Returns a number that is equal for lines that differ in digits alone, and for few others.
fn shape(text: &str, characters: u32, counts: &Counts) -> u64 {
    let edge = |character: Option<char>| u32::from(without_digit(character.unwrap_or(' ')));
    let numbers = [
        edge(text.chars().next()),
        edge(text.chars().next_back()),
        characters,
        counts.letters,
        counts.lower,
        counts.upper,
        counts.digits,
        counts.stops,
    ];
    numbers.into_iter().fold(0, |shape: u64, number| {
        (shape.rotate_left(23) ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    })
}

/// Returns a number that is equal for lines that differ in digits alone.
fn key(text: &str) -> u64 {
    text.chars().fold(0xCBF2_9CE4_8422_2325, |key, character| {
        (key ^ u64::from(without_digit(character))).wrapping_mul(0x0100_0000_01B3)
    })
}

fn without_digit(character: char) -> char {
    match Class::of(character) {
        Class::Digit => '0',
        _ => character,
    }
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
        '€' | '₹' | '₺' | '₽' | '﷼' => {
            measure.letters += 1.0;
            measure.has_currency = true;
        }
        '$' | '£' | '¥' => measure.has_currency = true,
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

/// Counts the lines that differ in digits alone. Most differ in shape too: only the others are read
/// once more.
fn count_copies(lines: &[Line<'_>], measures: &mut [Measure]) {
    let shape = |(index, measure): (usize, &Measure)| (measure.shape, index);
    let mut shapes: Vec<(u64, usize)> = measures.iter().enumerate().map(shape).collect();
    shapes.sort_unstable();
    for alike in shapes.chunk_by_mut(|one, other| one.0 == other.0) {
        if alike.len() > 1 {
            for (number, index) in alike.iter_mut() {
                *number = key(lines[*index].text);
            }
            alike.sort_unstable();
        }
        for copies in alike.chunk_by(|one, other| one.0 == other.0) {
            for (_, index) in copies {
                measures[*index].copies = u32::try_from(copies.len()).unwrap_or(u32::MAX);
            }
        }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lines;
    use crate::words::Words;

    fn measured(text: &str) -> Vec<Measure> {
        let lines = lines::split(text, &[]);
        let places = Places::of(&Words::of(&lines), lines.len());
        measure(&lines, &vec![None; lines.len()], &places)
    }

    #[test]
    fn signs_of_long_lines_are_counted() {
        let line = "Ab, cd. «١٢» ب، 3: ".repeat(300);
        let measure = measured(&line)[0];
        assert_eq!(
            [measure.letters, measure.upper, measure.lower],
            [1800.0, 300.0, 300.0]
        );
        assert_eq!(
            [
                measure.digits,
                measure.commas,
                measure.quotes,
                measure.stops
            ],
            [900.0, 600.0, 300.0, 300.0]
        );
    }

    proptest! {
        #[test]
        fn lines_that_differ_in_digits_are_copies(text in "([a-c1-3١.]{1,3}\n){0,30}") {
            let keys: Vec<String> = text
                .lines()
                .map(|line| line.chars().map(without_digit).collect())
                .collect();
            let expected = keys.iter().map(|key| keys.iter().filter(|other| *other == key).count());
            let copies = measured(&text).into_iter().map(|measure| measure.copies as usize);
            prop_assert_eq!(copies.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
    }
}

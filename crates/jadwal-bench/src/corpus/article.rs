//! Writes one article: fills the gaps of a language's sentences until the article is long enough.

use crate::corpus::language::{Language, Words};
use crate::corpus::random::Random;

/// Writes articles of one language.
pub(crate) struct Writer<'a> {
    words: &'static Words,
    random: &'a mut Random,
    article: String,
    /// Whether this article's numbers are in Arabic-Indic digits.
    arabic_digits: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(language: Language, random: &'a mut Random) -> Self {
        let words = language.words();
        Self {
            words,
            arabic_digits: words.arabic_digits && random.happens(0.3),
            random,
            article: String::new(),
        }
    }

    /// Returns an article of at least `bytes` bytes; it ends with the sentence that reaches them.
    pub(crate) fn write(mut self, bytes: usize, chrome: bool) -> String {
        self.article.reserve(bytes + 1024);
        let words = self.words;
        if chrome {
            self.leftovers(words.chrome_before);
        }
        self.fill(words.titles);
        self.article.push_str("\n\n");
        loop {
            for _ in 0..self.random.between(2, 4) {
                self.fill(words.sentences);
                if self.article.len() >= bytes {
                    break;
                }
                self.article.push(' ');
            }
            self.article.truncate(self.article.trim_end().len());
            if self.article.len() >= bytes {
                break;
            }
            self.article.push_str("\n\n");
        }
        self.article.push('\n');
        if chrome {
            self.article.push('\n');
            self.leftovers(words.chrome_after);
        }
        self.article
    }

    /// Writes some of the lines that sites print around an article, in their order.
    fn leftovers(&mut self, lines: &[&str]) {
        for line in lines {
            if self.random.happens(0.6) {
                self.article.push_str(line);
                self.article.push('\n');
            }
        }
        self.article.push('\n');
    }

    fn fill(&mut self, patterns: &[&'static str]) {
        let mut rest = self.random.pick(patterns);
        while let Some((before, gap_and_after)) = rest.split_once('{') {
            self.article.push_str(before);
            let (gap, after) = gap_and_after
                .split_once('}')
                .expect("the lists of this crate close their gaps");
            self.gap(gap);
            rest = after;
        }
        self.article.push_str(rest);
    }

    fn gap(&mut self, gap: &str) {
        let words = self.words;
        match gap {
            "country" => self.word(words.countries),
            "city" => self.word(words.cities),
            "body" => self.word(words.bodies),
            "topic" => self.word(words.topics),
            "thing" => self.word(words.things),
            "person" => {
                self.word(words.first_names);
                self.article.push(' ');
                self.word(words.last_names);
            }
            "money" => {
                self.number(2, 950);
                self.article.push(' ');
                self.word(words.currencies);
            }
            "percent" => {
                self.number(2, 80);
                self.article.push_str(words.percent);
            }
            "year" => self.number(1998, 2026),
            "number" => self.number(12, 9800),
            "date" => self.date(),
            other => unreachable!("the lists of this crate have no gap `{other}`"),
        }
    }

    fn word(&mut self, list: &[&'static str]) {
        let word = self.random.pick(list);
        self.article.push_str(word);
    }

    fn date(&mut self) {
        if self.random.happens(0.2) {
            let (year, month) = (self.random.between(1998, 2026), self.random.between(1, 12));
            let day = self.random.between(1, 28);
            self.article
                .push_str(&format!("{year}-{month:02}-{day:02}"));
            return;
        }
        self.number(1, 28);
        self.article.push(' ');
        self.word(self.words.months);
        self.article.push(' ');
        self.number(1998, 2026);
    }

    fn number(&mut self, low: u64, high: u64) {
        let digits = self.random.between(low, high).to_string();
        if !self.arabic_digits {
            self.article.push_str(&digits);
            return;
        }
        let shifted = digits
            .bytes()
            .filter_map(|digit| char::from_u32('٠' as u32 + u32::from(digit - b'0')));
        self.article.extend(shifted);
    }
}

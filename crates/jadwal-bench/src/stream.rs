//! A made-up stream of Arabic news as many sites print it, with the truth about who copies whom.
//!
//! Stories are copied by other sites (word for word, respelled, edited, rewritten by half), corrected
//! and continued by their own, cut to excerpts; reports on rates and weather come out day after day in
//! the same words; notices fill names into one form; every site hangs its own lines around the text.
//! Each stream depends on its seed alone, and on the texts it is given.

mod edits;
mod notices;
mod prose;
mod series;

use crate::corpus::random::Random;
use edits::Edition;
use prose::{Article, Prose};
use series::Report;

/// What a document of the stream is to the story that it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The first of its story.
    Original,
    /// The same words on another site.
    Exact,
    /// Other spelling, digits, quotes, a credit line, a changed headline.
    Light,
    /// A sentence or two gone, one in sixteen words replaced, another opening.
    Medium,
    /// A fifth of the sentences gone, new ones, one in sixteen words replaced, paragraphs moved.
    Heavy,
    /// A later version: some figures changed, a paragraph more.
    Revision,
    /// The opening paragraphs, or some from the middle.
    Excerpt,
    /// An issue of a report.
    Series,
    /// A form with other names: a notice of a death, a meeting, a road that is closed.
    Notice,
}

impl Level {
    /// All levels of copies, in the order of a report.
    pub const COPIES: [Self; 6] = [
        Self::Exact,
        Self::Light,
        Self::Medium,
        Self::Heavy,
        Self::Revision,
        Self::Excerpt,
    ];

    /// Returns the name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Exact => "exact",
            Self::Light => "light",
            Self::Medium => "medium",
            Self::Heavy => "heavy",
            Self::Revision => "revision",
            Self::Excerpt => "excerpt",
            Self::Series => "series",
            Self::Notice => "notice",
        }
    }
}

/// A document of the stream.
#[derive(Clone, Debug)]
pub struct Item {
    /// Number of the story it tells: the same for all that should be one cluster.
    pub story: u64,
    /// What it is to it.
    pub level: Level,
    /// Report that it is an issue of.
    pub series: Option<u64>,
    /// Its address.
    pub url: String,
    /// Its text as the site prints it.
    pub text: String,
}

/// What a stream is like.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Seed.
    pub seed: u64,
    /// Documents, about.
    pub documents: usize,
    /// Texts to take sentences from; none: own words.
    pub texts: Vec<String>,
}

/// What waits for its place: a position and a document.
type Placed = (f64, Item);

impl Stream {
    /// Returns the documents, in order.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let mut placed = Vec::with_capacity(self.documents);
        let mut story = 0;
        let mut series = 0;
        while placed.len() < self.documents {
            // Two streams of numbers a story: one says what it says, one what becomes of it.
            let mut random = Random::new(self.seed, 2 * story + 1);
            let start = random.below(1 << 20) as f64 / f64::from(1 << 20) * self.documents as f64;
            match random.below(100) {
                0..=3 => {
                    self.report(&mut placed, &mut random, start, &mut story, series);
                    series += 1;
                }
                4..=8 => self.notice(&mut placed, &mut random, start, story),
                _ => self.story(&mut placed, &mut random, start, story),
            }
            story += 1;
        }
        placed.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        placed.into_iter().map(|(_, item)| item).collect()
    }

    /// A story, and what other sites and its own make of it.
    fn story(&self, placed: &mut Vec<Placed>, random: &mut Random, start: f64, story: u64) {
        let prose = Prose::new(&self.texts);
        let article = prose.article(random, story);
        let site = random.below(edits::SITES);
        let url = format!("https://{}/news/{story}", edits::host(site));
        let original = Edition::of(&article, site, url.clone());
        placed.push((start, original.print(random, story, Level::Original)));
        if random.happens(0.55) {
            return;
        }
        let mut at = start;
        let mut latest = (article.clone(), site, url);
        for copy in 0..random.between(1, 6) {
            at += random.between(1, 400) as f64 + 0.5;
            let level = match random.below(20) {
                0..=2 => Level::Exact,
                3..=6 => Level::Light,
                7..=10 => Level::Medium,
                11..=13 => Level::Heavy,
                14..=17 => Level::Revision,
                _ => Level::Excerpt,
            };
            let edition = edits::edit(&prose, random, &article, &mut latest, level, copy);
            placed.push((at, edition.print(random, story, level)));
        }
    }

    /// A report, its issues, and copies of some of them.
    fn report(
        &self,
        placed: &mut Vec<Placed>,
        random: &mut Random,
        start: f64,
        story: &mut u64,
        series: u64,
    ) {
        let report = Report::new(random);
        let site = random.below(edits::SITES);
        let mut at = start;
        for issue in 0..random.between(3, 12) {
            *story += 1;
            let article = report.issue(random, issue);
            let url = format!("https://{}/daily/{story}", edits::host(site));
            let edition = Edition::of(&article, site, url.clone());
            let mut item = edition.print(random, *story, Level::Series);
            item.series = Some(series);
            placed.push((at, item));
            if random.happens(0.25) {
                let mut latest = (article.clone(), site, url);
                let prose = Prose::new(&self.texts);
                let level = [Level::Exact, Level::Light][random.below(2) as usize];
                let edition = edits::edit(&prose, random, &article, &mut latest, level, issue);
                let mut item = edition.print(random, *story, level);
                item.series = Some(series);
                placed.push((at + random.between(1, 60) as f64 + 0.5, item));
            }
            at += random.between(5, 200) as f64;
        }
    }

    /// A notice, and at times a copy of it.
    fn notice(&self, placed: &mut Vec<Placed>, random: &mut Random, start: f64, story: u64) {
        let article = notices::notice(random);
        let site = random.below(edits::SITES);
        let url = format!("https://{}/notice/{story}", edits::host(site));
        let edition = Edition::of(&article, site, url.clone());
        placed.push((start, edition.print(random, story, Level::Notice)));
        if random.happens(0.3) {
            let mut latest = (article.clone(), site, url);
            let prose = Prose::new(&self.texts);
            let level = [Level::Exact, Level::Light, Level::Medium][random.below(3) as usize];
            let edition = edits::edit(&prose, random, &article, &mut latest, level, 0);
            let item = edition.print(random, story, level);
            placed.push((start + random.between(1, 60) as f64 + 0.5, item));
        }
    }
}

/// Splits running text into sentences.
pub(crate) fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim();
        while let Some(at) = rest.find(". ") {
            sentences.push(rest[..=at].to_owned());
            rest = rest[at + 1..].trim_start();
        }
        if rest.ends_with('.') {
            sentences.push(rest.to_owned());
        }
    }
    sentences.retain(|sentence| sentence.split(' ').count() >= 6);
    sentences
}

impl Article {
    /// Returns the words of the body.
    fn words(&self) -> usize {
        let sentences = self.paragraphs.iter().flatten();
        sentences.map(|sentence| sentence.split(' ').count()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_its_seed_alone() {
        let stream = |seed| Stream {
            seed,
            documents: 400,
            texts: Vec::new(),
        };
        let texts = |seed| -> Vec<_> {
            let items = stream(seed).items();
            items
                .into_iter()
                .map(|item| (item.story, item.level, item.text))
                .collect()
        };
        assert_eq!(texts(1), texts(1));
        assert_ne!(texts(1), texts(2));
    }

    #[test]
    fn stories_made_of_texts_share_no_sentence() {
        let sentence =
            |text: u32, at: u32| format!("هذه هي الجملة رقم {at} من النص رقم {text} الطويل.");
        let text = |text| {
            (0..40)
                .map(|at| sentence(text, at))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let stream = Stream {
            seed: 5,
            documents: 60,
            texts: (0..20).map(text).collect(),
        };
        let mut told = std::collections::BTreeMap::new();
        let originals = stream.items().into_iter();
        for item in originals.filter(|item| item.level == Level::Original) {
            for sentence in sentences(&item.text) {
                if sentence.contains("الجملة رقم") {
                    let other = told.insert(sentence, item.story);
                    assert_eq!(other, None, "in {} too", item.story);
                }
            }
        }
        assert!(told.len() > 200, "{}", told.len());
    }

    #[test]
    fn a_stream_has_every_level_and_originals_come_first() {
        let stream = Stream {
            seed: 3,
            documents: 2000,
            texts: Vec::new(),
        };
        let items = stream.items();
        let mut begun = std::collections::BTreeSet::new();
        let mut levels = std::collections::BTreeSet::new();
        for item in &items {
            levels.insert(item.level);
            let first = begun.insert(item.story);
            let begins = matches!(item.level, Level::Original | Level::Series | Level::Notice);
            assert_eq!(first, begins, "{:?}", item.level);
        }
        assert_eq!(levels.len(), 9);
    }
}

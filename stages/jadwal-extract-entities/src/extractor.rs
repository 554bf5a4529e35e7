//! Finds all entities of a text in one walk over its items.
//!
//! At each item the patterns are asked from the most to the least special, then the names; the
//! first that answers takes its items, and the walk goes on behind them. So no two entities
//! overlap, and each item is read a bounded number of times.

use std::collections::HashMap;
use std::path::Path;

use jadwal_core::StageResult;
use jadwal_core::facts::{Entity, Label};

use crate::addresses::address_at;
use crate::amounts::amount_entity;
use crate::arbitration::settled;
use crate::calendar::UmmAlQura;
use crate::cities::city_at;
use crate::context::{join_ranges, name_currencies};
use crate::dates::{date_at, year_by_cue};
use crate::details::{Held, held};
use crate::document::{Chain, Linked, linked};
use crate::found::{Found, merged};
use crate::gazetteer::Gazetteer;
use crate::items::{Habits, Items};
use crate::lexicon::{Cues, Lexicon, NameSense};
use crate::lists::{ListError, add_list};
use crate::mentions::repeated;
use crate::names::{Evidence, name_at};
#[cfg(feature = "onnx")]
use crate::onnx::OnnxTagger;
#[cfg(feature = "onnx")]
use crate::options::Backend;
use crate::options::{DateOrder, ExtractEntitiesOptions};
use crate::people::people;
use crate::periods::{period_at, period_in_figures};
use crate::reference::{Reference, resolved};
use crate::relative::{ago_behind, relative_at};
use crate::tables::{self, TableError};
use crate::taggers::{Languages, NameTagger, Taggers};
use crate::times::time_at;
use crate::titles::{titles, without_titles};

/// Languages that part thousands with a full stop.
const DOT_GROUPS: [&str; 11] = [
    "ar", "fr", "de", "es", "it", "pt", "nl", "tr", "id", "ru", "da",
];

/// Why the extractor could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExtractorError {
    /// A table of names or words.
    #[error("failed to read the tables of names and words")]
    Tables(#[source] TableError),
    /// The table of the Islamic calendar.
    #[error("failed to read the table of the Umm al-Qura calendar")]
    Calendar,
    /// A list of the user's.
    #[error("failed to read the lists of names")]
    Lists(#[source] ListError),
    /// The table of cities.
    #[error("failed to read the table of cities")]
    Cities,
    /// A model of the user's.
    #[cfg(feature = "onnx")]
    #[error("failed to open the ONNX model")]
    Onnx(#[source] crate::onnx::OnnxError),
}

/// The tables and options, made once and shared by all threads.
pub(crate) struct Extractor {
    lexicon: Lexicon,
    calendar: UmmAlQura,
    cities: Gazetteer,
    options: ExtractEntitiesOptions,
    taggers: Taggers,
}

impl Extractor {
    /// Reads the tables, and the lists that `options` name; relative paths start from `base`.
    pub(crate) fn new(
        options: ExtractEntitiesOptions,
        base: &Path,
    ) -> Result<Self, ExtractorError> {
        let mut lexicon = tables::read_all().map_err(ExtractorError::Tables)?;
        let mut known = HashMap::new();
        for list in &options.lists {
            add_list(&mut lexicon, &base.join(list), &mut known).map_err(ExtractorError::Lists)?;
        }
        lexicon.seal();
        Ok(Self {
            lexicon,
            calendar: UmmAlQura::read().ok_or(ExtractorError::Calendar)?,
            cities: Gazetteer::open().ok_or(ExtractorError::Cities)?,
            taggers: Taggers::with(own_tagger(&options, base)?),
            options,
        })
    }

    /// Returns what `text` names; `reference` is the day that relative dates count from.
    ///
    /// # Errors
    /// A document error, when a model of the user's fails.
    pub(crate) fn extract(
        &self,
        text: &str,
        languages: &Languages<'_>,
        reference: Option<&Reference>,
    ) -> StageResult<Extraction> {
        let items = Items::of(text, &self.lexicon, self.habits(languages.whole));
        let titles = titles(&items);
        let mut found = join_ranges(text, Walk::over(&items, &self.calendar, &self.cities).found);
        name_currencies(&items, &mut found);
        found.extend(people(&items, &titles));
        let tagged = self.taggers.tagged(text, languages, self.options.tagger)?;
        let mut found = settled(&items, found, tagged, |part| self.only_name(part));
        without_titles(text, &titles, &mut found);
        resolve_relative(text, &mut found, reference);
        found.retain(|found| self.wanted(found));
        let mut found = merged(found);
        let (mut more, acronyms) = repeated(&items, &found);
        more.retain(|found| self.wanted(found));
        if !more.is_empty() {
            found.append(&mut more);
            found = merged(found);
        }
        found.truncate(self.options.max_entities);
        let Linked { entities, chains } = linked(text, found, &acronyms);
        let held = held(text, titles, &entities);
        Ok(Extraction {
            entities,
            chains,
            held,
        })
    }

    /// Returns the name that the whole of `text` is, if the tables know it.
    fn only_name(&self, text: &str) -> Option<Found> {
        let items = Items::of(text, &self.lexicon, Habits::default());
        let mut found = Walk::over(&items, &self.calendar, &self.cities).found;
        found.pop().filter(|found| found.range == (0..text.len()))
    }

    fn habits(&self, language: &str) -> Habits {
        let primary = language.split('-').next().unwrap_or("");
        Habits {
            dot_groups: DOT_GROUPS.contains(&primary),
            long_scale: primary == "fr",
            month_first: self.options.date_order == DateOrder::Month,
        }
    }

    fn wanted(&self, found: &Found) -> bool {
        let relative = found.label == Label::Date && found.norm.starts_with("relative:");
        f64::from(found.score) >= self.options.min_score
            && self.options.labels.contains(&found.label)
            && (self.options.relative_dates || !relative)
    }
}

/// Opens the user's model, where the options name one.
#[cfg(feature = "onnx")]
fn own_tagger(
    options: &ExtractEntitiesOptions,
    base: &Path,
) -> Result<Option<Box<dyn NameTagger>>, ExtractorError> {
    if options.backend != Backend::Onnx {
        return Ok(None);
    }
    let tagger = OnnxTagger::open(&options.onnx, base).map_err(ExtractorError::Onnx)?;
    Ok(Some(Box::new(tagger)))
}

/// A build without the feature has refused the options that name one.
#[cfg(not(feature = "onnx"))]
fn own_tagger(
    _: &ExtractEntitiesOptions,
    _: &Path,
) -> Result<Option<Box<dyn NameTagger>>, ExtractorError> {
    Ok(None)
}

/// What a text names.
pub(crate) struct Extraction {
    pub(crate) entities: Vec<Entity>,
    pub(crate) chains: Vec<Chain>,
    pub(crate) held: Vec<Held>,
}

/// Writes relative dates as the dates they are, where there is a day to count from.
fn resolve_relative(text: &str, found: &mut [Found], reference: Option<&Reference>) {
    for found in found.iter_mut().filter(|found| found.label == Label::Date) {
        let Some(relative) = found.norm.strip_prefix("relative:") else {
            continue;
        };
        let fetched = counts_from_the_fetch(&text[..found.range.start]);
        let day = reference
            .filter(|_| !fetched)
            .map(|reference| reference.day);
        found.norm = match day.and_then(|day| resolved(day, relative)) {
            Some(date) => date,
            None => {
                let plain = relative.split(';').next().unwrap_or(relative);
                format!("relative:{plain}")
            }
        };
    }
}

/// `آخر تحديث : منذ 8 سنوات` counts from the moment when the page was fetched.
fn counts_from_the_fetch(before: &str) -> bool {
    let before = before.trim_end_matches([' ', ':', '\u{A0}', '-']);
    let ends = |word: &str| {
        let start = before.len().checked_sub(word.len());
        start
            .and_then(|start| before.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    [
        "آخر تحديث",
        "اخر تحديث",
        "تحديث",
        "نشر",
        "نُشر",
        "updated",
        "posted",
        "published",
        "mis à jour",
        "publié",
    ]
    .into_iter()
    .any(ends)
}

/// One walk over the items of a text.
struct Walk<'a> {
    items: &'a Items<'a>,
    calendar: &'a UmmAlQura,
    cities: &'a Gazetteer,
    evidence: Evidence,
    found: Vec<Found>,
    /// Last item of the last name.
    named: Option<usize>,
    /// Last item of the last year that stood alone.
    year: Option<usize>,
}

impl<'a> Walk<'a> {
    fn over(items: &'a Items<'a>, calendar: &'a UmmAlQura, cities: &'a Gazetteer) -> Self {
        let mut walk = Self {
            items,
            calendar,
            cities,
            evidence: Evidence::of(items),
            found: Vec::new(),
            named: None,
            year: None,
        };
        let mut at = 0;
        while at < items.len() {
            at = walk.step(at);
        }
        walk
    }

    /// Looks at item `at` and returns the item to go on with.
    fn step(&mut self, at: usize) -> usize {
        let number = self.items.figures(at).is_some();
        let item_says_nothing =
            !number && self.items.symbol(at).is_none() && !self.items.is(at, Cues::SPEAKS);
        let found = if item_says_nothing {
            city_at(self.items, self.cities, at)
        } else if number {
            self.number(at)
        } else {
            self.word(at)
        };
        let Some(found) = found else {
            return at + 1;
        };
        let next = self.items.first_from(at + 1, found.range.end);
        // A mail address starts before its sign, maybe on something found there.
        while self
            .found
            .last()
            .is_some_and(|last| last.range.end > found.range.start)
        {
            self.found.pop();
        }
        if matches!(found.label, Label::Loc) {
            self.named = Some(next - 1);
        }
        self.found.push(found);
        next
    }

    fn number(&mut self, at: usize) -> Option<Found> {
        let items = self.items;
        let first = || {
            address_at(items, at)
                .or_else(|| date_at(items, self.calendar, at).map(|date| date.found(items)))
                .or_else(|| period_in_figures(items, at).map(|date| date.found(items)))
                .or_else(|| time_at(items, at))
        };
        if let Some(found) = first() {
            return Some(found);
        }
        let after_year = at > 1
            && self.year == Some(at - 2)
            && items.is(at - 1, Cues::AND)
            && items.near(at - 1)
            && items.near(at - 2);
        if let Some(date) = year_by_cue(items, self.calendar, at, after_year) {
            self.year = Some(date.last);
            return Some(date.found(items));
        }
        ago_behind(items, at)
            .map(|date| date.found(items))
            .or_else(|| amount_entity(items, at))
    }

    fn word(&mut self, at: usize) -> Option<Found> {
        let items = self.items;
        if items.symbol(at).is_some() {
            return address_at(items, at).or_else(|| amount_entity(items, at));
        }
        let phrase = items.phrase(at);
        let own = |name: NameSense| items.lexicon.target(name.target).own;
        if phrase.name.is_some_and(own)
            && let Some(found) = name_at(items, self.evidence, at, self.named)
        {
            return Some(found);
        }
        let says = |cues| phrase.cues.has(cues);
        if says(Cues::URL) {
            return address_at(items, at);
        }
        let relative = phrase.weekday.is_some() || phrase.relative.is_some();
        let dated = phrase.month.is_some() || phrase.ordinal.is_some();
        let counts = phrase.number.is_some() || says(Cues::HALF.and(Cues::QUARTER));
        let mut found = None;
        if relative || says(Cues::SINCE_OR_AGO) {
            found = relative_at(items, self.calendar, at).map(|date| date.found(items));
        }
        if found.is_none() && dated {
            found = date_at(items, self.calendar, at).map(|date| date.found(items));
        }
        if found.is_none() {
            found = period_at(items, at).map(|date| date.found(items));
        }
        if found.is_none() && (says(Cues::CLOCK) || phrase.hour.is_some()) {
            found = time_at(items, at);
        }
        if found.is_none() && counts {
            found = ago_behind(items, at).map(|date| date.found(items));
        }
        if found.is_none() && (counts || phrase.iso.is_some()) {
            found = amount_entity(items, at);
        }
        if found.is_some() {
            return found;
        }
        name_at(items, self.evidence, at, self.named)
            .or_else(|| city_at(items, self.cities, at).filter(|_| phrase.name.is_none()))
    }
}

//! Runs the steps over a document, in order.

use std::borrow::Cow;
use std::ops::Range;

use jadwal_core::facts::Removed;
use jadwal_core::{Document, DropReason, StageError, StageResult, StageSpec, Transform, Verdict};

use crate::blocks;
use crate::chrome;
use crate::html::{self, LineKind};
use crate::lines::{self, Line};
use crate::model::Model;
use crate::mojibake::Mojibake;
use crate::options::{Chrome, CleanOptions, Html};
use crate::phrases::Phrases;
use crate::removals::{self, removed};
use crate::tables;
use crate::unicode::{Repairs, is_bidi_mark};
use crate::whitespace;

/// The stage `clean`; see the crate's documentation for its steps.
#[derive(Debug)]
pub struct Clean {
    pub(crate) options: CleanOptions,
    /// Id of the stage in `pipeline.toml`.
    pub(crate) id: String,
    phrases: Phrases,
    model: Model,
    pub(crate) mojibake: Mojibake,
}

/// What the markup said of the lines, if there was markup.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    pub(crate) kinds: Vec<LineKind>,
    /// Whether the article was told from the rest.
    is_article: bool,
}

impl Clean {
    /// Returns the stage with these options.
    #[must_use]
    pub fn new(options: CleanOptions) -> Self {
        Self {
            options,
            id: Self::KIND.to_owned(),
            phrases: Phrases::load(),
            model: Model::load(),
            mojibake: Mojibake::new(),
        }
    }

    /// Returns the stage under the id that `pipeline.toml` gives it.
    pub(crate) fn with_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    fn html(&self, doc: &mut Document, is_record: bool) -> Result<Markup, StageError> {
        let text = doc.text_handle()?;
        let named = || !is_record && html::is_named_html(&doc.provenance().file_path);
        let is_html = match self.options.html {
            Html::Always => true,
            Html::Never => false,
            Html::Auto => named() || html::looks_like_html(&text),
        };
        if !is_html {
            return Ok(Markup::default());
        }
        let keep_all = self.options.chrome != Chrome::Remove;
        let model = |lines: &[Line<'_>]| chrome::scores(lines, &self.phrases, &self.model);
        let reading = html::read(&text, self.options.max_html_bytes, keep_all, &model);
        let map = doc.origin_map();
        let removed: Vec<_> = reading
            .removed
            .into_iter()
            .map(|(range, rule)| removed(map.source_range(range), rule))
            .collect();
        doc.replace_text(reading.edited);
        let facts = doc.facts_mut();
        facts.removed.extend(removed);
        removals::put_in_order(&mut facts.removed);
        fill(&mut facts.title, reading.metadata.title);
        fill(&mut facts.url, reading.metadata.url);
        fill(&mut facts.created, reading.metadata.created);
        fill(&mut facts.byline, reading.metadata.byline);
        fill(&mut facts.site, reading.metadata.site);
        fill(&mut facts.updated, reading.metadata.updated);
        fill(&mut facts.subtitle, reading.metadata.subtitle);
        if let Some(reason) = reading.fallback {
            facts.repairs.insert(Cow::Borrowed(reason), 1);
        }
        Ok(Markup {
            kinds: reading.kinds,
            is_article: reading.is_article,
        })
    }

    /// Judges the lines, removes leftovers, lays out the rest. Returns how many words are left.
    fn lines(&self, doc: &mut Document, markup: &Markup) -> Result<usize, StageError> {
        let text = doc.text_handle()?;
        let mut lines = lines::split(&text, &markup.kinds);
        tables::mark(&mut lines);
        let verdict = self.judge(&lines, doc, markup);
        let removed = self.removed(doc, &lines, &verdict.rules);
        let keep: Vec<bool> = match self.options.chrome {
            Chrome::Remove => verdict.rules.iter().map(Option::is_none).collect(),
            Chrome::Mark | Chrome::Keep => vec![true; lines.len()],
        };
        let mut repairs = Repairs::new();
        if verdict.fell_back {
            repairs.insert(Cow::Borrowed("chrome:fallback"), 1);
        }
        let max = self.options.max_blank_lines;
        let layout = match self.options.whitespace {
            true => whitespace::layout(&text, &lines, &keep, max, &mut repairs),
            false => whitespace::cut(&text, &lines, &keep),
        };
        if let Some(edited) = layout.edited {
            doc.replace_text(edited);
        }
        add_repairs(doc, repairs);
        doc.facts_mut().removed.extend(removed);
        self.describe(doc, &lines, &keep, &layout.ranges, &verdict);
        Ok(kept(&lines, &keep).map(|(_, line)| line.words).sum())
    }

    fn judge(&self, lines: &[Line<'_>], doc: &Document, markup: &Markup) -> chrome::Verdict {
        let title = &doc.facts().title;
        chrome::judge(lines, &self.phrases, &self.model, title, markup.is_article)
    }

    /// Lists the lines that rules name, runs of one rule as one.
    fn removed<'r>(
        &self,
        doc: &Document,
        lines: &[Line<'_>],
        rules: &'r [Option<Cow<'static, str>>],
    ) -> Vec<Removed> {
        if self.options.chrome == Chrome::Keep {
            return Vec::new();
        }
        let map = doc.origin_map();
        let place = |(line, rule): (&Line<'_>, &'r Option<Cow<'static, str>>)| {
            let rule = rule.as_ref()?;
            Some((map.source_range(line.range.clone()), rule))
        };
        let places = lines.iter().zip(rules).map(place);
        let mut runs = removals::runs(places, &doc.facts().removed);
        if self.options.chrome == Chrome::Mark {
            runs.iter_mut()
                .for_each(|run| run.rule = removals::mark(&run.rule));
        }
        runs
    }

    /// Writes title, date, author, blocks and tables into the facts.
    fn describe(
        &self,
        doc: &mut Document,
        lines: &[Line<'_>],
        keep: &[bool],
        ranges: &[Range<usize>],
        verdict: &chrome::Verdict,
    ) {
        let kept_lines: Vec<&Line<'_>> = kept(lines, keep).map(|(_, line)| line).collect();
        let title = kept(lines, keep).position(|(index, _)| verdict.title == Some(index));
        let (blocks, tables) = blocks::blocks(&kept_lines, ranges, title);
        let headline = title
            .and_then(|title| doc.text().ok()?.get(ranges[title].clone()))
            .unwrap_or_default()
            .to_owned();
        let facts = doc.facts_mut();
        facts.blocks = blocks;
        facts.tables = tables;
        if self.options.metadata {
            fill(&mut facts.title, headline);
            fill(&mut facts.created, verdict.created.clone());
            fill(&mut facts.byline, verdict.byline.clone());
            fill(&mut facts.updated, verdict.updated.clone());
            fill(&mut facts.subtitle, verdict.subtitle.clone());
            fill(&mut facts.agency, verdict.agency.clone());
            fill(&mut facts.place, verdict.place.clone());
        }
    }
}

impl Transform for Clean {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let is_record = doc.has_text();
        self.decode(doc)?;
        if doc.text()?.trim().is_empty() {
            return Ok(Verdict::Drop(DropReason::Empty));
        }
        self.mojibake(doc)?;
        let markup = self.html(doc, is_record)?;
        self.controls(doc, &markup)?;
        self.unicode(doc)?;
        self.join_lines(doc, &markup)?;
        let words = self.lines(doc, &markup)?;
        removals::put_in_order(&mut doc.facts_mut().removed);
        if words == 0 {
            return Ok(Verdict::Drop(DropReason::Empty));
        }
        if words < self.options.min_words {
            let why = format!("{words} words, fewer than {}", self.options.min_words);
            return Ok(Verdict::Drop(DropReason::Filtered { why }));
        }
        self.quality(doc)
    }
}

fn kept<'l, 't>(
    lines: &'l [Line<'t>],
    keep: &'l [bool],
) -> impl Iterator<Item = (usize, &'l Line<'t>)> {
    lines.iter().enumerate().filter(|(index, _)| keep[*index])
}

/// Fills in what the markup says, unless it is known: a line for people, without control characters, and
/// without marks that would turn the direction of what stands behind it.
fn fill(fact: &mut String, mut value: String) {
    if fact.is_empty() {
        value.retain(|character| !character.is_control() && !is_bidi_mark(character));
        *fact = value;
    }
}

pub(crate) fn add_repairs(doc: &mut Document, repairs: Repairs) {
    if repairs.is_empty() {
        return;
    }
    let all = &mut doc.facts_mut().repairs;
    for (rule, count) in repairs {
        *all.entry(rule).or_default() += count;
    }
}

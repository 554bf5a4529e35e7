//! Tells web leftovers from the text, line by line.
//!
//! The line model says of each line how likely it is part of the text; rules go before it where they
//! are surer. In this order: names of images; the body, which is the paragraphs that the model does
//! not doubt; what follows it (the comment form, lists of other articles); what stands before it
//! (mastheads, dates, a second copy of the title); single lines that a phrase gives away; and last
//! the lines that the model takes for leftovers and no rule has judged. Where a line stands decides
//! how much a phrase counts: inside the body it removes no line of fifteen words or more. Tables are
//! kept or go as a whole.
//!
//! If most of the long lines would go, or all lines, something is wrong about this document: they
//! are kept, and the verdict says so.

mod body;
mod copies;
mod credits;
mod head;
mod image_name;
mod judgement;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use jadwal_core::fold::fold;

use crate::dates;
use crate::lines::Line;
use crate::model::{Measures, Model};
use crate::phrases::{Category, Hit, Phrases, Place};
use crate::words::{Vocabulary, Words};

/// Share of the words in long lines that must be kept.
const MIN_KEPT: f32 = 0.3;

/// The rule for a long line that the document has further up already.
const COPY: &str = "chrome:copy";

/// Longest line that is a leftover because it stands beside one.
const MAX_WEAK_WORDS: usize = 6;

use copies::Copies;
use judgement::Regime;

/// What rules and model say of a document's lines.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// For each line the rule that takes it for a leftover.
    pub(crate) rules: Vec<Option<Cow<'static, str>>>,
    /// The line that is the headline.
    pub(crate) title: Option<usize>,
    /// The date that the document gives for itself, ISO 8601, or empty.
    pub(crate) created: String,
    /// The day that the document gives for its last change, ISO 8601, or empty.
    pub(crate) updated: String,
    /// The author line, or empty.
    pub(crate) byline: String,
    /// The line below the headline, or empty.
    pub(crate) subtitle: String,
    /// The agency that sent the story, or empty.
    pub(crate) agency: String,
    /// Where it was written, or empty.
    pub(crate) place: String,
    /// Whether too much would have gone, so that lines were kept after all.
    pub(crate) fell_back: bool,
}

/// Judges `lines`. `known_title` is the title if something better than the lines gave one;
/// `is_article` says that a page's article was told from the rest already.
pub(crate) fn judge(
    lines: &[Line<'_>],
    phrases: &Phrases,
    model: &Model,
    known_title: &str,
    is_article: bool,
) -> Verdict {
    let mut judge = Judge::new(lines, phrases);
    judge.image_names();
    judge.score(model, is_article);
    judge.menus();
    let end = judge.cut_tail();
    judge.body = judge.paragraphs(end);
    judge.learn_body();
    let page = judge.regime == Regime::Page;
    let certain = head::read(&mut judge, known_title, page);
    judge.phrases();
    if certain {
        head::remove_masthead(&mut judge);
    }
    judge.beside();
    judge.add_doubts();
    judge.remove_copies();
    judge.fall_back();
    head::read_subtitle(&mut judge);
    judge.verdict
}

/// Returns what the model says of `lines`, as log odds that each is part of the main text.
pub(crate) fn scores(lines: &[Line<'_>], phrases: &Phrases, model: &Model) -> Vec<f32> {
    let hits = hits(lines, phrases);
    let copies = Copies::of(lines);
    if copies.are_text(false) {
        return copies.scores(lines, &hits, model);
    }
    model.scores(&Measures::new(lines, &hits, &Words::of(lines)))
}

/// Returns the phrase of each line that is not long.
pub(crate) fn hits(lines: &[Line<'_>], phrases: &Phrases) -> Vec<Option<Hit>> {
    fold_and_find(lines, phrases, &vec![OnceCell::new(); lines.len()])
}

/// Returns the phrase of each line that is not long, and leaves these lines folded in `folded`.
fn fold_and_find(
    lines: &[Line<'_>],
    phrases: &Phrases,
    folded: &[OnceCell<String>],
) -> Vec<Option<Hit>> {
    let hit = |(line, folded): (&Line<'_>, &OnceCell<String>)| match line.is_long() || line.in_table
    {
        true => None,
        false => phrases.find(line.text, folded.get_or_init(|| fold(line.text))),
    };
    lines.iter().zip(folded).map(hit).collect()
}

/// A document under judgement.
struct Judge<'a> {
    lines: &'a [Line<'a>],
    phrases: &'a Phrases,
    /// The phrase of each line that is not long.
    hits: Vec<Option<Hit>>,
    /// Lines folded, as they were asked for.
    folded: Vec<OnceCell<String>>,
    /// What [`Judge::notice`] said, as it was asked.
    notices: Vec<OnceCell<Option<Category>>>,
    /// The lines from the first paragraph to the last one; empty where there is none.
    body: Range<usize>,
    /// What the lines around the body say of time.
    stamps: BTreeMap<usize, dates::Stamp>,
    /// Words of the lines.
    words: Words,
    /// Words of the body.
    vocabulary: Vocabulary,
    /// What the model says of each line, as log odds, and where it draws the line.
    scores: Vec<f32>,
    regime: Regime,
    /// Long lines that repeat others.
    copies: Copies,
    verdict: Verdict,
}

impl<'a> Judge<'a> {
    fn new(lines: &'a [Line<'a>], phrases: &'a Phrases) -> Self {
        let folded = vec![OnceCell::new(); lines.len()];
        Self {
            lines,
            phrases,
            hits: fold_and_find(lines, phrases, &folded),
            folded,
            notices: vec![OnceCell::new(); lines.len()],
            body: 0..0,
            stamps: BTreeMap::new(),
            words: Words::of(lines),
            vocabulary: Vocabulary::default(),
            scores: Vec::new(),
            regime: Regime::Page,
            copies: Copies::default(),
            verdict: Verdict {
                rules: vec![None; lines.len()],
                ..Verdict::default()
            },
        }
    }

    /// Names `rule` for a line that has none yet and is no table row.
    fn remove(&mut self, index: usize, rule: &'static str) {
        if !self.lines[index].in_table {
            self.verdict.rules[index].get_or_insert(Cow::Borrowed(rule));
        }
    }

    fn is_removed(&self, index: usize) -> bool {
        self.verdict.rules[index].is_some()
    }

    fn strong_hit(&self, index: usize) -> Option<Hit> {
        self.hits[index].filter(|hit| !hit.weak)
    }

    /// A line folded.
    fn folded(&self, index: usize) -> &str {
        self.folded[index].get_or_init(|| fold(self.lines[index].text))
    }

    /// The category of a long line that is a notice (comment rules, cookies, copyright).
    fn notice(&self, index: usize) -> Option<Category> {
        *self.notices[index].get_or_init(|| self.look_for_notice(index))
    }

    fn look_for_notice(&self, index: usize) -> Option<Category> {
        /// Longer lines are no notices.
        const MAX_WORDS: usize = 80;
        let line = &self.lines[index];
        if line.words > MAX_WORDS {
            return None;
        }
        let hit = self.phrases.find(line.text, self.folded(index))?;
        (hit.category.has_sentences() && !hit.weak && hit.place != Place::Whole)
            .then_some(hit.category)
    }

    fn image_names(&mut self) {
        for index in 0..self.lines.len() {
            if image_name::is_image_name(self.lines[index].text) {
                self.remove(index, "chrome:image");
            }
        }
    }

    /// Removes menus that a page has in one line each, and headlines that follow one another in one line
    /// below the words that announce them: without a sign of a sentence.
    fn menus(&mut self) {
        if self.regime != Regime::Page {
            return;
        }
        for index in 0..self.lines.len() {
            if self.lines[index].is_menu() {
                self.remove(index, "chrome:menu");
            } else if self.is_ticker(index) {
                self.remove(index, Category::Related.rule());
            }
        }
    }

    fn is_ticker(&self, index: usize) -> bool {
        let line = &self.lines[index];
        let is_announced = || {
            let above = index
                .checked_sub(1)
                .and_then(|above| self.strong_hit(above));
            above.is_some_and(|hit| hit.category == Category::Related && hit.place == Place::Whole)
        };
        line.is_long()
            && !line.ends_sentence()
            && is_announced()
            && !line.text.contains(['.', ',', '،', '؛', '"'])
    }

    fn learn_body(&mut self) {
        for index in self.body.clone() {
            let line = &self.lines[index];
            if line.is_paragraph() || line.is_long() {
                self.vocabulary.add(self.words.line(index));
            }
        }
    }

    /// The share of a line's content words that the body has too.
    fn known_share(&self, index: usize) -> f32 {
        self.vocabulary.share(self.words.line(index))
    }

    /// Whether a line says what the body says: then a phrase at its start is no proof.
    fn is_about_body(&self, index: usize) -> bool {
        let (words, known) = self.vocabulary.overlap(self.words.line(index));
        words >= 3 && known * 2 >= words
    }

    /// Removes the lines that a phrase gives away.
    fn phrases(&mut self) {
        for index in 0..self.lines.len() {
            if let Some(rule) = self.phrase_rule(index) {
                self.remove(index, rule);
            }
        }
    }

    fn phrase_rule(&self, index: usize) -> Option<&'static str> {
        if self.verdict.title == Some(index) {
            return None;
        }
        let inside = self.body.contains(&index);
        if self.lines[index].is_long() {
            let category = (!inside).then(|| self.notice(index))??;
            return Some(category.rule());
        }
        let hit = self.strong_hit(index)?;
        let is_certain = hit.place == Place::Whole || hit.marked;
        let is_topical = matches!(
            hit.category,
            Category::Byline | Category::Date | Category::Nav | Category::Image
        );
        if !is_certain && is_topical && (inside || self.is_about_body(index)) {
            return None;
        }
        // A sentence inside the body that only mentions such words.
        if !is_certain && inside && hit.place == Place::Inside && self.lines[index].is_paragraph() {
            return None;
        }
        Some(hit.category.rule())
    }

    /// Removes short lines with a weak phrase outside the body, beside a leftover.
    fn beside(&mut self) {
        for _ in 0..2 {
            for index in 0..self.lines.len() {
                let weak = self.hits[index].filter(|hit| hit.weak);
                let Some(hit) = weak.filter(|_| !self.body.contains(&index)) else {
                    continue;
                };
                let short = self.lines[index].words <= MAX_WEAK_WORDS;
                let is_title = self.verdict.title == Some(index);
                if short && !is_title && self.has_removed_neighbour(index) {
                    self.remove(index, hit.category.rule());
                }
            }
        }
    }

    fn has_removed_neighbour(&self, index: usize) -> bool {
        let before = index
            .checked_sub(1)
            .is_some_and(|index| self.is_removed(index));
        before || (index + 1 < self.lines.len() && self.is_removed(index + 1))
    }

    /// Sets the rules aside when they would take most of the long lines, and the model's answers on a
    /// page without running text: it has nothing to go by there.
    fn fall_back(&mut self) {
        let (mut all, mut kept) = (0usize, 0usize);
        for (line, rule) in self.lines.iter().zip(&self.verdict.rules) {
            let is_copy = rule.as_deref() == Some(COPY);
            if line.is_long() && !is_copy {
                all += line.words;
                kept += if rule.is_none() { line.words } else { 0 };
            }
        }
        let has_text = all > 0 || self.lines.iter().any(Line::is_paragraph);
        if all > 0 && (kept as f32) < MIN_KEPT * all as f32 {
            let rules = self.verdict.rules.iter_mut();
            rules.for_each(|rule| *rule = rule.take().filter(|rule| rule == COPY));
            self.verdict.fell_back = true;
        } else if self.regime == Regime::Page && !has_text {
            self.take_back_doubts();
            self.verdict.fell_back = true;
        } else if self.verdict.rules.iter().all(Option::is_some) {
            self.take_back_doubts();
        }
    }
}

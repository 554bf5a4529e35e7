//! Finds where the article's text stands among the lines.

use std::ops::Range;

use super::Judge;
use crate::lines::Line;
use crate::phrases::Category;

/// Fewer lines than this are no page.
const MIN_PAGE_LINES: usize = 25;

/// Lines with this many words or more are not counted as short.
const SHORT_WORDS: usize = 5;

/// Least share of the words in paragraphs, in tenths, that the best block must have.
const MIN_BLOCK_TENTHS: usize = 6;

/// A longer paragraph does not count more: one long notice must not outweigh an article.
const MAX_WEIGHT: i64 = 80;

impl<'a> Judge<'a> {
    /// Removes what follows the body and is announced as something else: the comment form, lists of
    /// other articles. Returns the number of lines before it.
    pub(super) fn cut_tail(&mut self) -> usize {
        let mut end = self.lines.len();
        if let Some(start) = self.comments_start() {
            self.cut(start..end, Category::Comments);
            end = start;
        }
        if let Some(start) = self.related_start(end) {
            self.cut(start..end, Category::Related);
            end = start;
        }
        end
    }

    fn cut(&mut self, lines: Range<usize>, category: Category) {
        for index in lines {
            self.remove(index, category.rule());
        }
    }

    /// Words in the paragraphs among `lines`; notices don't count.
    fn paragraph_words(&self, lines: Range<usize>) -> usize {
        lines
            .filter(|index| self.lines[*index].is_paragraph() && self.notice(*index).is_none())
            .map(|index| self.lines[index].words)
            .sum()
    }

    fn is_tail(&self, index: usize, category: Category) -> bool {
        self.strong_hit(index)
            .is_some_and(|hit| hit.tail && hit.category == category)
    }

    /// The first line of a comment form with little text after it. One phrase needs the text before
    /// it to be four times as long; a second phrase of the form is proof enough for half of it.
    fn comments_start(&self) -> Option<usize> {
        let count = self.lines.len();
        let is_comment =
            |index: &usize| self.hits[*index].is_some_and(|hit| hit.category == Category::Comments);
        (0..count)
            .filter(|index| self.is_tail(*index, Category::Comments))
            .find(|index| {
                let before = self.paragraph_words(0..*index);
                let after = self.paragraph_words(*index + 1..count);
                let phrases = (*index..count).filter(is_comment).count();
                let share = if phrases >= 2 { 2 } else { 4 };
                before > 0 && after * share <= before
            })
    }

    /// The first line that announces other articles, with paragraphs before it and none after.
    fn related_start(&self, end: usize) -> Option<usize> {
        let last = (0..end)
            .rev()
            .find(|index| self.lines[*index].is_paragraph())?;
        (last + 1..end).find(|index| self.is_tail(*index, Category::Related))
    }

    /// The lines from the first paragraph before `end` to the last one; long lines stand in where
    /// there is no paragraph. Notices at both ends are left out.
    pub(super) fn paragraphs(&self, end: usize) -> Range<usize> {
        let span = |test: fn(&Line<'a>) -> bool| {
            let counts = |index: &usize| {
                test(&self.lines[*index])
                    && !self.is_removed(*index)
                    && self.notice(*index).is_none()
            };
            let first = (0..end).find(counts)?;
            let last = (first..end).rev().find(counts)?;
            Some(first..last + 1)
        };
        span(Line::is_paragraph)
            .or_else(|| span(Line::is_long))
            .unwrap_or(0..0)
    }

    /// Whether the document is a whole page rendered as lines: many lines, most of them short, and
    /// several phrases that only pages have.
    pub(super) fn is_page(&self) -> bool {
        let count = self.lines.len();
        let short = self
            .lines
            .iter()
            .filter(|line| line.words < SHORT_WORDS && !line.in_table);
        let phrases = (0..count).filter(|index| {
            self.strong_hit(*index)
                .is_some_and(|hit| !matches!(hit.category, Category::Byline | Category::Date))
        });
        count >= MIN_PAGE_LINES && short.count() * 5 >= count * 2 && phrases.count() >= 3
    }

    /// The run of lines before `end` with the most text for its short lines.
    pub(super) fn best_block(&self, end: usize) -> Range<usize> {
        let mut best = (0, 0..0);
        let mut sum = 0;
        let mut start = 0;
        for index in 0..end {
            if sum <= 0 {
                sum = 0;
                start = index;
            }
            sum += self.weight(index);
            if sum > best.0 {
                best = (sum, start..index + 1);
            }
        }
        // Where the text is spread over the page, no block of it is the article.
        let block = self.paragraph_words(best.1.clone());
        if block * 10 < self.paragraph_words(0..end) * MIN_BLOCK_TENTHS {
            return self.paragraphs(end);
        }
        best.1
    }

    fn weight(&self, index: usize) -> i64 {
        let line = &self.lines[index];
        if line.in_table {
            return 2;
        }
        if line.is_paragraph() {
            let notice = self.notice(index).is_some();
            let words = i64::try_from(line.words).unwrap_or(MAX_WEIGHT);
            return if notice { -10 } else { words.min(MAX_WEIGHT) };
        }
        if self.strong_hit(index).is_some() || self.is_removed(index) {
            return -12;
        }
        -6
    }

    /// Removes what lies outside the body of a page, but for the title and lines of the same matter
    /// between the two.
    pub(super) fn cut_outside(&mut self) {
        if self.body.is_empty() {
            return;
        }
        let title = self.verdict.title;
        for index in 0..self.lines.len() {
            let is_subtitle = title.is_some_and(|title| index > title)
                && index < self.body.start
                && self.lines[index].words >= SHORT_WORDS
                && self.is_about_body(index);
            if !self.body.contains(&index) && title != Some(index) && !is_subtitle {
                self.remove(index, "chrome:page");
            }
        }
    }
}

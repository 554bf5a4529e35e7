//! Finds where the article's text stands among the lines.

use std::ops::Range;

use super::Judge;
use crate::lines::Line;
use crate::phrases::Category;

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
        let counts = |index: &usize| {
            self.lines[*index].is_paragraph()
                && !self.is_removed(*index)
                && self.notice(*index).is_none()
        };
        lines
            .filter(counts)
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
            .find(|index| self.lines[*index].is_paragraph() && !self.is_removed(*index))?;
        (last + 1..end).find(|index| self.is_tail(*index, Category::Related))
    }

    /// The lines from the first paragraph before `end` to the last one; long lines stand in where
    /// there is no paragraph. Notices at both ends are left out.
    pub(super) fn paragraphs(&self, end: usize) -> Range<usize> {
        let span = |test: fn(&Line<'a>) -> bool| {
            let counts = |index: &usize| {
                test(&self.lines[*index])
                    && !self.is_removed(*index)
                    && !self.is_doubtful(*index)
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
}

//! What the page's data and its head say the text is.
//!
//! Many pages give the article once more as data for machines, in full or its beginning, without
//! anything around it. A line that stands there is text; one that does not is doubtful only where
//! the data has most of what the page shows.

use super::{ANCHOR_WORDS, is_part, key};
use crate::html::metadata::Metadata;
use crate::html::page::Page;
use crate::lines::Line;

/// Log odds of a line that the data has, and of a long one that it lacks though it has the others.
const SAID: f32 = 4.0;
const NOT_SAID: f32 = -6.0;

/// Log odds of a line that the head says the page is about.
const DESCRIBED: f32 = 2.0;

/// Shorter texts prove nothing, in bytes without blanks.
const MIN_BODY: usize = 80;

/// Where the lines of a page stand in what it says of itself.
pub(super) struct Said {
    /// For each line whether the data has it; empty where there is no data.
    lines: Vec<bool>,
    described: Vec<bool>,
    /// Whether the data goes on to the end of the text.
    is_whole: bool,
}

impl Said {
    /// Compares the lines of `page`, which have so many `words`, with what it says of itself.
    pub(super) fn new(page: &Page, words: &[usize], metadata: &Metadata) -> Self {
        let texts: Vec<String> = metadata.body.iter().map(|text| key(text)).collect();
        let body = texts.join("\u{1}");
        let description = key(&metadata.description);
        let mut said = Self {
            lines: Vec::new(),
            described: Vec::new(),
            is_whole: false,
        };
        let has_body = body.len() >= MIN_BODY;
        if !has_body && description.len() < MIN_BODY {
            return said;
        }
        let mut budget = (body.len() + description.len()).saturating_mul(64);
        for (line, words) in page.lines.iter().zip(words) {
            let key = key(page.text(line));
            let is_anchor = *words >= ANCHOR_WORDS;
            let is_said = has_body && is_part(&key, *words, &body, &mut budget);
            let starts = is_anchor && description.len() >= MIN_BODY;
            said.lines.push(is_said);
            said.described
                .push(starts && (description.starts_with(&key) || key.starts_with(&description)));
        }
        said.is_whole = has_body && said.has_the_end(&body, page, words);
        said
    }

    /// Whether the lines that were found make up what the data has, and most of the page's text: data that
    /// has the beginning alone says nothing of the rest.
    fn has_the_end(&self, body: &str, page: &Page, words: &[usize]) -> bool {
        let lengths = |is_said: bool| -> usize {
            let lines = page.lines.iter().zip(words).zip(&self.lines);
            lines
                .filter(|((line, words), said)| {
                    **said == is_said && **words >= crate::lines::LONG_WORDS && !line.is_linked()
                })
                .map(|((line, _), _)| line.range.len())
                .sum()
        };
        let found = lengths(true);
        found >= body.len() && found >= 3 * lengths(false)
    }

    /// Returns what was said of line `index`, as log odds.
    pub(super) fn of(&self, index: usize, line: &Line<'_>) -> f32 {
        let is_said = self.lines.get(index).copied().unwrap_or(false);
        let described = self.described.get(index).copied().unwrap_or(false);
        if is_said {
            SAID
        } else if described {
            DESCRIBED
        } else if self.is_whole && line.is_long() {
            NOT_SAID
        } else {
            0.0
        }
    }
}

//! Tells which lines of a page are the article.
//!
//! The judge is `dom_smoothie`, a port of Readability: it sees the tree of elements. Its answer is
//! read into lines by the same reader as the page, so that lines can be compared; the lines of the
//! page that it kept are kept, in their place.

use std::collections::HashSet;

use dom_smoothie::{Config, Readability};
use jadwal_core::fold::fold;

use super::metadata::Metadata;
use super::page::{LineKind, Page};

/// Elements that nest deeper than this are no page but an attack on a tree builder.
const MAX_DEPTH: usize = 400;

/// Lines of this many words count as anchors: they name their place in the page.
const ANCHOR_WORDS: usize = 6;

/// Below this share of the words in long lines, the judge is taken to have failed.
const MIN_SHARE: f32 = 0.1;

/// Which lines are kept.
pub(super) struct Choice {
    pub(super) keep: Vec<bool>,
    pub(super) fallback: Option<&'static str>,
}

impl Choice {
    /// Keeps every line.
    pub(super) fn all(page: &Page) -> Self {
        Self {
            keep: vec![true; page.lines.len()],
            fallback: None,
        }
    }

    fn fallback(page: &Page, reason: &'static str) -> Self {
        Self {
            fallback: Some(reason),
            ..Self::all(page)
        }
    }
}

/// Chooses the lines of the article.
pub(super) fn choose(source: &str, page: &Page, metadata: &Metadata, max_bytes: usize) -> Choice {
    if source.len() > max_bytes {
        return Choice::fallback(page, "html:too-long");
    }
    if page.depth > MAX_DEPTH {
        return Choice::fallback(page, "html:too-deep");
    }
    let Some(article) = article(source) else {
        return Choice::fallback(page, "html:no-article");
    };
    let mut keep = kept_lines(page, &Page::parse(&article));
    if is_too_little(page, &keep) {
        return Choice::fallback(page, "html:no-article");
    }
    keep_title(page, metadata, &mut keep);
    Choice {
        keep,
        fallback: None,
    }
}

fn article(source: &str) -> Option<String> {
    let config = Config {
        disable_json_ld: true,
        ..Config::default()
    };
    let mut judge = Readability::new(source, None, Some(config)).ok()?;
    Some(judge.parse().ok()?.content.to_string())
}

/// Keeps the lines that the article has too. Short lines occur anywhere (`Qatar` in a menu): they
/// count only between the first and the last long one.
fn kept_lines(page: &Page, article: &Page) -> Vec<bool> {
    let texts: Vec<String> = article.lines.iter().map(|l| key(article.text(l))).collect();
    let known: HashSet<&str> = texts.iter().map(String::as_str).collect();
    let whole = texts.join("\u{1}");
    let mut budget = whole.len().saturating_mul(64);
    let matches: Vec<bool> = page
        .lines
        .iter()
        .map(|line| {
            let text = page.text(line);
            let key = key(text);
            known.contains(key.as_str()) || is_part(&key, text, &whole, &mut budget)
        })
        .collect();
    let is_anchor = |index: &usize| matches[*index] && words(page, *index) >= ANCHOR_WORDS;
    let indices = 0..matches.len();
    let first = indices.clone().find(is_anchor);
    let last = indices.clone().rev().find(is_anchor);
    let (Some(first), Some(last)) = (first, last) else {
        return matches;
    };
    // Short lines beside the article (a table at its end) belong to it.
    let first = (0..first)
        .rev()
        .take_while(|index| matches[*index])
        .last()
        .unwrap_or(first);
    let last = (last + 1..matches.len())
        .take_while(|index| matches[*index])
        .last()
        .unwrap_or(last);
    indices
        .map(|index| matches[index] && (first..=last).contains(&index))
        .collect()
}

/// Whether a longer line stands inside a line of the article: tidying may have joined lines.
/// `budget` bounds the bytes that are searched for one page.
fn is_part(key: &str, text: &str, whole: &str, budget: &mut usize) -> bool {
    if text.split_whitespace().count() < ANCHOR_WORDS || *budget < whole.len() {
        return false;
    }
    *budget -= whole.len();
    memchr::memmem::find(whole.as_bytes(), key.as_bytes()).is_some()
}

/// What two readings of one line have in common: all but blanks and cell borders.
fn key(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '|')
        .collect()
}

fn words(page: &Page, index: usize) -> usize {
    page.text(&page.lines[index]).split_whitespace().count()
}

fn is_too_little(page: &Page, keep: &[bool]) -> bool {
    let long = |index: &usize| words(page, *index) >= 15;
    let all: usize = (0..keep.len())
        .filter(long)
        .map(|index| words(page, index))
        .sum();
    let kept: usize = (0..keep.len())
        .filter(|index| keep[*index])
        .map(|index| words(page, index))
        .sum();
    kept == 0 || (kept as f32) < MIN_SHARE * all as f32
}

/// Keeps the heading that is the title: the judge takes it out of the article.
fn keep_title(page: &Page, metadata: &Metadata, keep: &mut [bool]) {
    let title = fold(&metadata.title);
    let Some(first) = keep.iter().position(|keep| *keep) else {
        return;
    };
    let heading = (0..first).rev().find(|index| {
        let line = &page.lines[*index];
        matches!(line.kind, LineKind::Heading(_))
            && !title.is_empty()
            && fold(page.text(line)) == title
    });
    if let Some(heading) = heading {
        keep[heading] = true;
    }
}

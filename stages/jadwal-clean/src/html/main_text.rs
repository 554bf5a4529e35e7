//! Tells which lines of a page are the article.
//!
//! Two witnesses are heard. `dom_smoothie`, a port of Readability, sees the tree of elements; its
//! answer is read into lines by the same reader as the page, so that lines can be compared. The line
//! model sees what stands beside each line, in any script. Their answers are added up as log odds,
//! with what the markup says of the line itself. Where the first one fails, the second is enough.

mod regions;
mod said;

use std::collections::HashSet;

use dom_smoothie::{Config, Readability};
use jadwal_core::fold::fold;

use super::metadata::Metadata;
use super::page::{LineKind, Page, PageLine, Region};
use crate::lines::{self, Line};
use crate::tables;

/// Elements that nest deeper than this are no page but an attack on a tree builder.
const MAX_DEPTH: usize = 400;

/// Lines of this many words count as anchors: they name their place in the page.
const ANCHOR_WORDS: usize = 6;

/// Below this share of the words in long lines, a witness is taken to have failed.
const MIN_SHARE: f32 = 0.1;

/// Pages with fewer lines and no running text are not shown to the line model.
const MIN_LINES: usize = 25;

/// Log odds that a line is part of the article when the tree's witness keeps it, and when it is an
/// item, a heading or a quotation besides: what is short and stands there is meant to.
const IN_TREE: f32 = 2.5;
const SHAPED: f32 = 1.5;

/// The line model knows lists and shops badly: of a line that the tree's witness keeps, and that is no
/// link and no menu, it can't say worse than this.
const FLOOR: f32 = -2.0;

/// The same when it does not keep the line, and when it keeps one beside it: a lead, a heading.
const NOT_IN_TREE: f32 = -4.0;
const AT_THE_EDGE: f32 = -1.5;

/// Log odds of a line that is a link, of one that stands in `<nav>`, `<footer>` or `<aside>`, and of a
/// reader's comment.
const LINK: f32 = -3.0;
const BESIDE: f32 = -1.0;
const COMMENTS: f32 = -5.0;

/// From this share of the words in running text on, and from so many words, the tree is not asked.
const PLAIN_SHARE: f32 = 0.9;
const MIN_PLAIN: usize = 100;

/// How far above the article its title may stand.
const TITLE_LINES: usize = 30;

/// Which lines are kept.
pub(super) struct Choice {
    pub(super) keep: Vec<bool>,
    /// Whether these are the article's lines; else all lines are kept.
    pub(super) is_article: bool,
    /// Why the tree of elements was not asked, or gave no answer.
    pub(super) fallback: Option<&'static str>,
}

impl Choice {
    /// Keeps every line.
    pub(super) fn all(page: &Page) -> Self {
        Self {
            keep: vec![true; page.lines.len()],
            is_article: false,
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

/// Asks the line model.
pub(crate) type Model<'m> = &'m dyn Fn(&[Line<'_>]) -> Vec<f32>;

/// Chooses the lines of the article.
pub(super) fn choose(
    source: &str,
    page: &Page,
    metadata: &Metadata,
    max_bytes: usize,
    model: Model<'_>,
) -> Choice {
    let words = page.words();
    let said = said::Said::new(page, &words, metadata);
    let is_plain = is_plain(page, &words);
    let ask = |tree: &Tree| {
        let keep = both(page, &words, tree, &said, model);
        keep.filter(|keep| !is_too_little(&words, keep))
    };
    let mut fallback = None;
    let plain = is_plain.then(|| ask(&Tree::Unneeded)).flatten();
    let mut keep = match plain {
        Some(keep) => keep,
        None => {
            let tree = tree(source, page, &words, max_bytes);
            fallback = tree.as_ref().err().copied();
            let tree = tree.map_or(Tree::Failed, Tree::Seen);
            match (ask(&tree), tree) {
                (Some(keep), _) | (None, Tree::Seen(keep)) => keep,
                _ => return Choice::fallback(page, fallback.unwrap_or("html:no-article")),
            }
        }
    };
    keep_title(page, metadata, &mut keep);
    Choice {
        is_article: true,
        keep,
        fallback,
    }
}

/// What the tree's witness says.
enum Tree {
    /// The lines that it keeps.
    Seen(Vec<bool>),
    /// It was not asked: nearly all of the page is running text.
    Unneeded,
    Failed,
}

/// Asks the tree's witness, which may be unable to tell.
fn tree(
    source: &str,
    page: &Page,
    words: &[usize],
    max_bytes: usize,
) -> Result<Vec<bool>, &'static str> {
    if source.len() > max_bytes {
        return Err("html:too-long");
    }
    if page.depth > MAX_DEPTH {
        return Err("html:too-deep");
    }
    let article = article(&page.omitted.without(source));
    let keep = article.map(|article| kept_lines(page, words, &Page::parse(&article)));
    let found = keep.filter(|keep| !is_too_little(words, keep));
    found.ok_or("html:no-article")
}

/// Whether nearly all words stand in paragraphs that are no links: then there is nothing to find, and
/// no tree to build.
fn is_plain(page: &Page, words: &[usize]) -> bool {
    let is_running = |line: &PageLine| {
        matches!(line.region, Region::Plain | Region::Main | Region::Body)
            && matches!(line.kind, LineKind::Text | LineKind::Quote)
            && !line.is_linked()
    };
    let pairs = || page.lines.iter().zip(words);
    let running: usize = pairs()
        .filter(|(line, words)| is_running(line) && **words >= lines::LONG_WORDS)
        .map(|(_, words)| words)
        .sum();
    let all: usize = words.iter().sum();
    running >= MIN_PLAIN && running as f32 >= PLAIN_SHARE * all as f32
}

/// Adds up what both witnesses and the markup say. `None` where the model has nothing to go by.
fn both(
    page: &Page,
    words: &[usize],
    tree: &Tree,
    said: &said::Said,
    model: Model<'_>,
) -> Option<Vec<bool>> {
    let pairs = page.lines.iter().zip(words);
    let mut lines: Vec<Line<'_>> = pairs
        .map(|(line, words)| plain(page, line, *words))
        .collect();
    tables::mark(&mut lines);
    if lines.len() < MIN_LINES && !lines.iter().any(Line::is_paragraph) {
        return None;
    }
    let scores = model(&lines);
    let region = regions::Regions::new(page, &lines);
    let keep = |index: usize| {
        let witness = match tree {
            Tree::Seen(tree) if lines[index].in_table && tree[index] => return true,
            Tree::Seen(tree) => of_tree(page, tree, index),
            Tree::Unneeded if lines[index].is_paragraph() => IN_TREE,
            Tree::Unneeded | Tree::Failed => 0.0,
        };
        let markup = of_markup(&page.lines[index], &lines[index]) + region.of(&page.lines[index]);
        let score = match tree {
            Tree::Seen(tree) if tree[index] && is_plain_line(&page.lines[index], &lines[index]) => {
                scores[index].max(FLOOR)
            }
            _ => scores[index],
        };
        score + witness + said.of(index, &lines[index]) + markup >= 0.0
    };
    Some((0..lines.len()).map(keep).collect())
}

/// The line as one of a text without markup.
fn plain<'p>(page: &'p Page, line: &PageLine, words: usize) -> Line<'p> {
    Line {
        text: page.text(line),
        range: line.range.clone(),
        words,
        blanks_before: 0,
        kind: line.kind,
        in_table: false,
    }
}

fn is_plain_line(page_line: &PageLine, line: &Line<'_>) -> bool {
    !page_line.is_linked() && !line.is_menu()
}

/// What the tree's witness says of a line, as log odds.
fn of_tree(page: &Page, tree: &[bool], index: usize) -> f32 {
    let line = &page.lines[index];
    if tree[index] {
        let is_shaped = !matches!(line.kind, LineKind::Text | LineKind::Row);
        let is_shaped = is_shaped && !line.is_linked();
        return IN_TREE + if is_shaped { SHAPED } else { 0.0 };
    }
    let before = index.checked_sub(1).is_some_and(|before| tree[before]);
    let is_beside = before || tree.get(index + 1) == Some(&true);
    match is_beside && !line.is_linked() {
        true => AT_THE_EDGE,
        false => NOT_IN_TREE,
    }
}

/// What the markup says of a line, as log odds.
fn of_markup(page_line: &PageLine, line: &Line<'_>) -> f32 {
    let is_link = page_line.is_linked() && !line.is_paragraph();
    let region = match page_line.region {
        Region::Beside => BESIDE,
        Region::Comments => COMMENTS,
        Region::Caption => return f32::MIN,
        Region::Plain | Region::Main | Region::Body => 0.0,
    };
    region + if is_link { LINK } else { 0.0 }
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
fn kept_lines(page: &Page, words: &[usize], article: &Page) -> Vec<bool> {
    let texts: Vec<String> = article.lines.iter().map(|l| key(article.text(l))).collect();
    let known: HashSet<&str> = texts.iter().map(String::as_str).collect();
    let whole = texts.join("\u{1}");
    let mut budget = whole.len().saturating_mul(64);
    let matches: Vec<bool> = page
        .lines
        .iter()
        .zip(words)
        .map(|(line, words)| {
            let key = key(page.text(line));
            known.contains(key.as_str()) || is_part(&key, *words, &whole, &mut budget)
        })
        .collect();
    let is_anchor = |index: &usize| matches[*index] && words[*index] >= ANCHOR_WORDS;
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
fn is_part(key: &str, words: usize, whole: &str, budget: &mut usize) -> bool {
    if words < ANCHOR_WORDS || *budget < whole.len() {
        return false;
    }
    *budget -= whole.len();
    memchr::memmem::find(whole.as_bytes(), key.as_bytes()).is_some()
}

/// What two readings of one line have in common: all but blanks and cell borders.
fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let pieces = text.split(|c: char| c == '|' || c.is_whitespace());
    pieces.for_each(|piece| key.push_str(piece));
    key
}

/// Whether `keep` leaves next to nothing of the `words` in long lines.
fn is_too_little(words: &[usize], keep: &[bool]) -> bool {
    let all: usize = words
        .iter()
        .filter(|words| **words >= lines::LONG_WORDS)
        .sum();
    let pairs = words.iter().zip(keep);
    let kept: usize = pairs
        .filter(|(_, keep)| **keep)
        .map(|(words, _)| words)
        .sum();
    kept == 0 || (kept as f32) < MIN_SHARE * all as f32
}

/// Keeps the line that is the title: the tree's witness takes it out of the article.
fn keep_title(page: &Page, metadata: &Metadata, keep: &mut [bool]) {
    let title = fold(&metadata.title);
    let Some(first) = keep.iter().position(|keep| *keep) else {
        return;
    };
    if title.is_empty() {
        return;
    }
    let is_title = |index: &usize| fold(page.text(&page.lines[*index])) == title;
    let is_heading = |index: &usize| matches!(page.lines[*index].kind, LineKind::Heading(_));
    let above = || (0..first).rev();
    let heading = above().find(|index| is_heading(index) && is_title(index));
    let near = || above().take(TITLE_LINES).find(is_title);
    if let Some(title) = heading.or_else(near) {
        keep[title] = true;
    }
}

//! Reads a page: its lines of text with their place in the source, its main part, its metadata.
//!
//! [`page`] turns markup into lines and keeps the source of every byte; [`main_text`] says which of
//! them are the article; [`metadata`] finds title, address, date and author. Lines that look like
//! web leftovers in the article are left to the line rules.

mod data;
mod elements;
mod main_text;
mod metadata;
mod page;
mod references;

use std::ops::Range;

use jadwal_core::Edited;

pub(crate) use main_text::Model;
pub(crate) use metadata::Metadata;
pub(crate) use page::LineKind;

/// What was read from a page.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The kept lines, one `\n` between them.
    pub(crate) edited: Edited,
    /// What each kept line is.
    pub(crate) kinds: Vec<LineKind>,
    /// Source ranges of the runs of lines that are not part of the article, in order, with the rule
    /// that says so.
    pub(crate) removed: Vec<(Range<usize>, &'static str)>,
    /// What the head and the markup say of the document.
    pub(crate) metadata: Metadata,
    /// Whether the article was told from the rest.
    pub(crate) is_article: bool,
    /// Why the tree of elements gave no answer, if it gave none.
    pub(crate) fallback: Option<&'static str>,
}

/// Whether the name of a file says HTML, compressed or not.
pub(crate) fn is_named_html(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let bare = lower
        .strip_suffix(".gz")
        .or(lower.strip_suffix(".zst"))
        .unwrap_or(&lower);
    [".html", ".htm", ".xhtml"]
        .iter()
        .any(|suffix| bare.ends_with(suffix))
}

/// Whether the text itself looks like a page: it starts as one, or block tags are dense in its
/// beginning.
pub(crate) fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if !start.starts_with('<') {
        return false;
    }
    let head: String = start
        .chars()
        .take(2048)
        .collect::<String>()
        .to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|prefix| head.starts_with(prefix))
    {
        return true;
    }
    const TAGS: [&str; 8] = [
        "<p", "<div", "<br", "<a ", "<h1", "<article", "<span", "<table",
    ];
    let tags: usize = TAGS.iter().map(|tag| head.matches(tag).count()).sum();
    tags >= 3 && (head.contains("</") || head.contains("/>"))
}

/// Reads the page `source` and tells the article from the rest, by `model` alone where the page is
/// longer than `max_bytes`. With `keep_all`, every line is kept.
pub(crate) fn read(source: &str, max_bytes: usize, keep_all: bool, model: Model<'_>) -> Reading {
    let page = page::Page::parse(source);
    let metadata = metadata::choose(source, &page);
    let choice = if keep_all {
        main_text::Choice::all(&page)
    } else {
        main_text::choose(source, &page, &metadata, max_bytes, model)
    };
    let mut reading = Reading {
        metadata,
        is_article: choice.is_article,
        fallback: choice.fallback,
        ..Reading::default()
    };
    page.split(&choice.keep, &mut reading);
    reading
}

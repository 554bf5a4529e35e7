//! Finds what the markup says of the document: title, address, date, author.

use jiff::civil::Date;

use super::data::Data;
use super::page::{LineKind, Page};
use jadwal_core::fold::fold;

/// What a page says of itself; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) created: String,
    pub(crate) byline: String,
    pub(crate) site: String,
    pub(crate) updated: String,
    pub(crate) subtitle: String,
    /// The text of the article, or a part of it, as the page's data has it.
    pub(super) body: Vec<String>,
    /// What the head says that the page is about.
    pub(super) description: String,
}

/// Chooses the metadata of `page`.
pub(super) fn choose(source: &str, page: &Page) -> Metadata {
    let data = Data::read(
        page.data
            .iter()
            .filter_map(|range| source.get(range.clone())),
    );
    Metadata {
        title: title(page, &data),
        url: url(page, &data),
        created: created(page, &data),
        byline: byline(page, &data),
        site: first_of(&[meta(page, &["og:site_name"]), &data.site]),
        updated: updated(page, &data),
        subtitle: data.subtitle.clone(),
        description: meta(page, &["og:description", "description"]).to_owned(),
        body: data.body,
    }
}

/// The heading that the head names as title, in full or cut short; else the title of the head without
/// the site's name.
fn title(page: &Page, data: &Data) -> String {
    let named = meta(page, &["og:title", "twitter:title"]);
    let named = [named, data.headline.as_str(), page.title.as_str()]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default();
    let headings = || {
        page.lines.iter().filter_map(|line| match line.kind {
            LineKind::Heading(level) => Some((level, page.text(line))),
            _ => None,
        })
    };
    let folded = fold(named);
    let short = fold(without_site(named));
    let confirmed = headings().find(|(level, text)| {
        let text = fold(text);
        let continued = *level == 1 && short.len() > 8 && text.starts_with(&short);
        continued || *level <= 3 && text.len() > 8 && folded.starts_with(&text)
    });
    if let Some((_, text)) = confirmed {
        return text.to_owned();
    }
    let first_level: Vec<_> = headings().filter(|(level, _)| *level == 1).collect();
    match first_level.as_slice() {
        _ if !named.is_empty() => without_site(named).to_owned(),
        [(_, only)] => (*only).to_owned(),
        _ => String::new(),
    }
}

/// Cuts ` | Site` and ` - Site` off a title, if enough of it is left.
fn without_site(title: &str) -> &str {
    for separator in [" | ", " - ", " – ", " — ", " :: ", " « "] {
        if let Some((left, right)) = title.rsplit_once(separator) {
            let words = |text: &str| text.split_whitespace().count();
            if words(left) >= 3 && words(left) > words(right) {
                return left.trim();
            }
        }
    }
    title
}

fn url(page: &Page, data: &Data) -> String {
    let canonical = page
        .elements
        .iter()
        .find(|element| element.name == "link" && element.get("rel") == "canonical")
        .map(|element| element.get("href"));
    let absolute = |url: &&str| url.starts_with("http://") || url.starts_with("https://");
    [canonical.unwrap_or(""), meta(page, &["og:url"]), &data.url]
        .into_iter()
        .find(absolute)
        .unwrap_or_default()
        .to_owned()
}

fn created(page: &Page, data: &Data) -> String {
    const NAMES: [&str; 5] = [
        "article:published_time",
        "datepublished",
        "date",
        "dc.date",
        "pubdate",
    ];
    let times = page
        .elements
        .iter()
        .filter(|element| element.name == "time")
        .map(|element| element.get("datetime"));
    NAMES
        .iter()
        .map(|name| meta(page, &[name]))
        .chain([data.published.as_str()])
        .chain(times)
        .find_map(iso_date)
        .unwrap_or_default()
}

fn updated(page: &Page, data: &Data) -> String {
    const NAMES: [&str; 4] = [
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "dc.date.modified",
    ];
    let named = NAMES.iter().map(|name| meta(page, &[name]));
    named
        .chain([data.modified.as_str()])
        .find_map(iso_date)
        .unwrap_or_default()
}

fn first_of(values: &[&str]) -> String {
    let found = values.iter().find(|value| !value.is_empty());
    found.copied().unwrap_or_default().to_owned()
}

/// Returns `value` if it is an ISO date, alone or with a time; of anything else only the date at its
/// start.
fn iso_date(value: &str) -> Option<String> {
    let date = value.get(..10)?;
    date.parse::<Date>().ok()?;
    let whole = value.parse::<jiff::Timestamp>().is_ok();
    Some(if whole { value } else { date }.to_owned())
}

fn byline(page: &Page, data: &Data) -> String {
    let is_name = |author: &&str| {
        !author.is_empty() && !author.contains("://") && author.split_whitespace().count() <= 8
    };
    ["author", "article:author", "dc.creator"]
        .iter()
        .map(|name| meta(page, &[name]))
        .chain([data.author.as_str()])
        .find(is_name)
        .unwrap_or_default()
        .to_owned()
}

/// Returns the content of the first `<meta>` that has one of these names, in their order.
fn meta<'p>(page: &'p Page, names: &[&str]) -> &'p str {
    names
        .iter()
        .find_map(|name| {
            page.elements
                .iter()
                .filter(|element| element.name == "meta")
                .find(|element| {
                    ["property", "name", "itemprop"]
                        .iter()
                        .any(|key| element.get(key).eq_ignore_ascii_case(name))
                })
                .map(|element| element.get("content"))
                .filter(|content| !content.is_empty())
        })
        .unwrap_or("")
}

//! Reads what a page says of itself in JSON-LD, with the vocabulary of schema.org.
//!
//! Pages hold several such objects, in lists, in `@graph`, one inside the other: the first one that
//! is an article counts. What can't be read says nothing.

use serde_json::Value;

use super::page::Page;

/// What an article says of itself; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) headline: String,
    /// As it stands: ISO 8601 if the page keeps to the rules.
    pub(super) published: String,
    pub(super) author: String,
    pub(super) url: String,
    pub(super) modified: String,
    /// Name of the publisher.
    pub(super) site: String,
    pub(super) subtitle: String,
    /// The text of the article, or of the posts of a live blog, markup taken out; often only its
    /// beginning.
    pub(super) body: Vec<String>,
}

impl Data {
    /// Reads the texts of scripts.
    pub(super) fn read<'s>(mut scripts: impl Iterator<Item = &'s str>) -> Self {
        scripts
            .find_map(|script| {
                let value: Value = serde_json::from_str(script.trim()).ok()?;
                article(&value).map(Self::of)
            })
            .unwrap_or_default()
    }

    fn of(article: &Value) -> Self {
        let place = &article["mainEntityOfPage"];
        let urls = [&article["url"], place, &place["@id"]];
        Self {
            headline: text(&article["headline"]),
            published: text(&article["datePublished"]),
            author: names(&article["author"]),
            modified: text(&article["dateModified"]),
            site: names(&article["publisher"]),
            subtitle: text(&article["alternativeHeadline"]),
            body: body(article),
            url: urls
                .map(text)
                .into_iter()
                .find(|url| !url.is_empty())
                .unwrap_or_default(),
        }
    }
}

/// Returns the first object that is an article. The parser bounds how deep values nest.
fn article(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.iter().find_map(article),
        Value::Object(object) if is_article(&value["@type"]) => {
            Some(value).filter(|_| !object.is_empty())
        }
        Value::Object(object) => object.values().find_map(article),
        _ => None,
    }
}

fn is_article(kind: &Value) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(is_article),
        Value::String(kind) => {
            kind.ends_with("Article") || kind.ends_with("BlogPosting") || kind == "Report"
        }
        _ => false,
    }
}

fn text(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an article, and of the posts of a live blog.
fn body(article: &Value) -> Vec<String> {
    let posts = article["liveBlogUpdate"].as_array().into_iter().flatten();
    let bodies = [article].into_iter().chain(posts);
    bodies
        .filter_map(|post| post["articleBody"].as_str())
        .map(Page::plain)
        .collect()
}

/// The names of persons, given as text, as objects, or as a list of them.
fn names(value: &Value) -> String {
    match value {
        Value::Array(values) => {
            let names: Vec<String> = values
                .iter()
                .map(names)
                .filter(|name| !name.is_empty())
                .collect();
            names.join(", ")
        }
        Value::Object(_) => text(&value["name"]),
        _ => text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, expected: [&str; 4]) {
        let data = Data::read([script].into_iter());
        assert_eq!(
            [data.headline, data.published, data.author, data.url],
            expected
        );
    }

    #[test]
    fn articles_are_found_where_they_hide() {
        check(
            r#"{"@graph": [{"@type": "WebSite", "url": "https://example.org"},
                {"@type": ["NewsArticle"], "headline": "سوق  جديدة", "datePublished": "2019-03-04",
                 "author": [{"name": "ليلى منصور"}, "A. B."], "mainEntityOfPage": {"@id": "https://example.org/7"}}]}"#,
            [
                "سوق جديدة",
                "2019-03-04",
                "ليلى منصور, A. B.",
                "https://example.org/7",
            ],
        );
        check(r#"[{"@type": "BlogPosting", "url": 7}]"#, [""; 4]);
    }

    #[test]
    fn the_text_of_articles_and_live_blogs_is_read() {
        let body = |script: &str| Data::read([script].into_iter()).body;
        check_body(
            &body(
                r#"{"@type": "NewsArticle", "articleBody": "<p>One.</p><p>Two &amp; three.</p>"}"#,
            ),
            &["One.\nTwo & three."],
        );
        check_body(
            &body(
                r#"{"@type": "LiveBlogPosting", "liveBlogUpdate": [{"articleBody": "First."}, 7, {"articleBody": "Second."}]}"#,
            ),
            &["First.", "Second."],
        );
        check_body(&body(r#"{"@type": "NewsArticle", "articleBody": 7}"#), &[]);
    }

    #[track_caller]
    fn check_body(body: &[String], expected: &[&str]) {
        assert_eq!(body, expected);
    }

    #[test]
    fn other_data_says_nothing() {
        for script in [
            "",
            "{",
            r#"{"@type": "Person", "headline": "no"}"#,
            "[[[[[1]]]]]",
        ] {
            check(script, [""; 4]);
        }
        check(&"[".repeat(100_000), [""; 4]);
    }
}

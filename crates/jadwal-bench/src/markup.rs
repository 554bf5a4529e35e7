//! Labelled lines as pages of markup, in the manner of many sites: a proxy for labelled HTML.
//!
//! The lines of a page keep their order and their labels; a template that the seed chooses wraps
//! menus, headlines and the article as content systems do: WordPress, Blogger and Drupal like
//! classes, semantic elements, nested boxes, tables for layout, accelerated pages, tags that are not
//! closed. Scripts, styles, icons, captions and share buttons are made up beside them. It is a
//! proxy: what real pages do beyond it, it does not show.

mod article;
mod comments;
mod data;
mod furniture;

use std::ops::Range;

use crate::corpus::random::Random;

/// A line with its label: whether it is part of the main text, `None` where that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The line.
    pub text: String,
    /// Its label.
    pub keep: Option<bool>,
}

/// A page of markup.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The source.
    pub html: String,
    /// Where the text of each line starts and ends in it, with its label, in order.
    pub lines: Vec<(Range<usize>, Labelled)>,
}

/// How sites lay out an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Site {
    Semantic,
    WordPress,
    Blogger,
    Drupal,
    Boxes,
    Tables,
    Accelerated,
    Sloppy,
    /// An article element for each post.
    Live,
}

const SITES: [Site; 9] = [
    Site::Semantic,
    Site::WordPress,
    Site::Blogger,
    Site::Drupal,
    Site::Boxes,
    Site::Tables,
    Site::Accelerated,
    Site::Sloppy,
    Site::Live,
];

/// How an article parts its paragraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paragraphs {
    Element,
    Unclosed,
    Breaks,
    Boxes,
    Spans,
}

/// Returns `lines` as the page that `seed` and `number` choose, from right to left where `rtl`.
#[must_use]
pub fn page(lines: &[Labelled], rtl: bool, seed: u64, number: u64) -> Page {
    let mut writer = Writer::new(Random::new(seed, number), rtl);
    let is_text = |line: &Labelled| line.keep == Some(true);
    let first = lines.iter().position(is_text).unwrap_or(lines.len());
    let last = lines
        .iter()
        .rposition(is_text)
        .map_or(first, |last| last + 1);
    writer.head(&lines[first..last]);
    writer.furniture(&lines[..first], true);
    writer.article(&lines[first..last]);
    writer.comments();
    writer.furniture(&lines[last..], false);
    writer.scripts();
    writer.raw("</body></html>\n");
    writer.page
}

struct Writer {
    page: Page,
    random: Random,
    rtl: bool,
    site: Site,
    paragraphs: Paragraphs,
    /// Class names that say nothing.
    hashed: bool,
}

impl Writer {
    fn new(mut random: Random, rtl: bool) -> Self {
        let site = SITES[random.below(SITES.len() as u64) as usize];
        let paragraphs = match (site, random.below(4)) {
            (Site::Blogger | Site::Tables, 0..=2) => Paragraphs::Breaks,
            (Site::Sloppy, 0..=1) => Paragraphs::Unclosed,
            (Site::Sloppy | Site::Boxes, 2) => Paragraphs::Breaks,
            (Site::Boxes, 0..=1) => Paragraphs::Boxes,
            (_, 3) if rtl => Paragraphs::Spans,
            _ => Paragraphs::Element,
        };
        let hashed = site == Site::Boxes && random.happens(0.6);
        Self {
            page: Page::default(),
            random,
            rtl,
            site,
            paragraphs,
            hashed,
        }
    }

    fn raw(&mut self, markup: &str) {
        self.page.html.push_str(markup);
    }

    /// Writes a line's text and notes where it lies.
    fn line(&mut self, line: &Labelled) {
        let start = self.page.html.len();
        let text = line.text.trim();
        for character in text.chars() {
            match character {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' if self.site == Site::WordPress => self.raw("&quot;"),
                '’' if self.site == Site::WordPress => self.raw("&#8217;"),
                '«' if self.site == Site::Drupal => self.raw("&laquo;"),
                _ => self.page.html.push(character),
            }
        }
        let range = start..self.page.html.len();
        if !range.is_empty() {
            self.page.lines.push((range, line.clone()));
        }
    }

    /// Writes a line that no page of the data has.
    fn made_up(&mut self, text: &str, keep: Option<bool>) {
        let text = text.to_owned();
        self.line(&Labelled { text, keep });
    }

    /// A class name: what it is for, or letters.
    fn class(&mut self, name: &str) -> String {
        match self.hashed {
            true => format!("css-{:x}", self.random.below(1 << 28)),
            false => name.to_owned(),
        }
    }

    fn head(&mut self, text: &[Labelled]) {
        let title = text
            .first()
            .map_or("", |line| line.text.trim())
            .replace(['<', '&', '"'], " ");
        let (lang, dir) = if self.rtl {
            ("ar", "rtl")
        } else {
            ("en", "ltr")
        };
        let amp = if self.site == Site::Accelerated {
            " amp"
        } else {
            ""
        };
        self.raw(&format!(
            "<!DOCTYPE html>\n<html{amp} lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\n<title>{title} | Site</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\"><meta property=\"og:title\" content=\"{title}\">\n\
             <link rel=\"stylesheet\" href=\"/assets/main.css?v=3\" media=\"all\">\n<style>body{{margin:0}} .x-1{{color:#333;font:14px/1.6 sans-serif}}</style>\n"
        ));
        self.data(&title, text);
        self.raw("</head>\n<body class=\"page single rtl\">\n");
        if self.random.happens(0.5) {
            self.scripts();
        }
    }

    /// Code between the parts, as counters and advertisements leave it.
    fn scripts(&mut self) {
        for _ in 0..self.random.between(1, 4) {
            let id = self.random.below(1 << 30);
            self.raw(&format!(
                "<script async>window.dataLayer=window.dataLayer||[];function tag{id}(){{dataLayer.push(arguments);}}\
                 if(a<b){{document.write('<p>no text of the page</p>');}}tag{id}('config','UA-{id}');</script>\n\
                 <!-- slot {id} --><div id=\"ad-{id}\" class=\"ad-slot\" data-sizes=\"[[300,250],[728,90]]\" data-refresh=\"30\"></div>\n"
            ));
        }
        if self.random.happens(0.5) {
            self.raw("<noscript><img src=\"https://c.example/p.gif\" alt=\"\"></noscript>\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Labelled> {
        let line = |(text, keep): (&str, Option<bool>)| Labelled {
            text: text.to_owned(),
            keep,
        };
        [
            ("Home", Some(false)),
            ("Sport & more", Some(false)),
            ("A headline of this page", Some(true)),
            ("3 May 2019", None),
            (
                "The first paragraph says \"much\" in some words.",
                Some(true),
            ),
            ("a | b", Some(true)),
            ("The last one <is> here.", Some(true)),
            ("Related", Some(false)),
            ("Another headline that is a link", Some(false)),
        ]
        .map(line)
        .to_vec()
    }

    #[test]
    fn pages_hold_each_line_once_at_its_place() {
        let lines = lines();
        for number in 0..200 {
            let page = page(&lines, number % 2 == 0, 1, number);
            let texts: Vec<&str> = page
                .lines
                .iter()
                .map(|(_, line)| line.text.as_str())
                .collect();
            let mut rest = texts.iter();
            for line in &lines {
                assert!(
                    rest.any(|text| *text == line.text),
                    "{} in {texts:?}",
                    line.text
                );
            }
            for pair in page.lines.windows(2) {
                assert!(pair[0].0.end <= pair[1].0.start);
            }
            for (range, line) in &page.lines {
                let source = &page.html[range.clone()];
                assert!(source == line.text || source.contains('&'), "{source}");
            }
        }
    }

    #[test]
    fn a_page_depends_on_seed_and_number_alone() {
        let lines = lines();
        let html = |number| page(&lines, true, 7, number).html;
        assert_eq!(html(3), html(3));
        assert!((0..20).any(|number| html(number) != html(number + 1)));
    }
}

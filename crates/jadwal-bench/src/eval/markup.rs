//! Scores what `clean` keeps of labelled lines that were made pages of markup.
//!
//! A proxy: the pages are [`crate::markup`]'s. Beside the stage stand `dom_smoothie` alone, with its
//! title above its text where the labels keep a title, and the stage on the same lines without
//! markup. Words are compared as bags; those of lines that the labels leave open count neither way.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;

use anyhow::Result;
use dom_smoothie::{Config, Readability, TextMode};
use jadwal_clean::Clean;
use jadwal_core::{Transform, Verdict};

use super::clean::Scores;
use crate::markup::Page;

/// Words of a text, and of the lines of a page that are text, and that are open.
#[derive(Default)]
struct Bag<'t>(HashMap<&'t str, [u64; 3]>);

impl<'t> Bag<'t> {
    fn add(&mut self, text: &'t str, column: usize) {
        for word in text.split_whitespace() {
            self.0.entry(word).or_default()[column] += 1;
        }
    }

    /// Returns how many words both have, the text, and the labels.
    fn counts(&self) -> [u64; 3] {
        self.0.values().fold([0; 3], |sums, [kept, text, open]| {
            // Open words are taken for what they were meant.
            let kept = kept - (*open).min(kept.saturating_sub(*text));
            [sums[0] + kept.min(*text), sums[1] + kept, sums[2] + text]
        })
    }
}

/// Adds what `kept`, the text that a tool gives, has of the page's words.
fn add(scores: &mut Scores, page: &Page, kept: &str) {
    let mut bag = Bag::default();
    bag.add(kept, 0);
    for (_, line) in &page.lines {
        match line.keep {
            Some(true) => bag.add(&line.text, 1),
            None => bag.add(&line.text, 2),
            Some(false) => {}
        }
    }
    let [both, kept, text] = bag.counts();
    scores.add_page(both, kept, text);
}

/// Adds what `dom_smoothie` alone finds on `page`, its title above it.
pub(super) fn add_smoothie(scores: &mut Scores, page: &Page) {
    let config = Config {
        // Its raw text glues paragraphs.
        text_mode: TextMode::Formatted,
        ..Config::default()
    };
    let judge = Readability::new(page.html.as_str(), None, Some(config));
    let article = judge.and_then(|mut judge| judge.parse());
    let text = article.map_or_else(
        |_| String::new(),
        |article| format!("{}\n{}", article.title, article.text_content),
    );
    add(scores, page, &text);
}

/// Returns for each line of `page` whether some of it is in the stage's text.
pub(super) fn kept_lines(stage: &Clean, page: &Page) -> Result<Vec<bool>> {
    let mut doc = super::clean::document("page.html", page.html.clone());
    let mut kept = vec![false; page.lines.len()];
    if stage.apply(&mut doc)? != Verdict::Pass {
        return Ok(kept);
    }
    let mut at = 0;
    for line in doc.text()?.split('\n') {
        let range = doc.source_range(at..at + line.len());
        at += line.len() + 1;
        let is_after = |(other, _): &(Range<usize>, _)| other.end as u64 > range.start;
        let first = page.lines.iter().position(is_after);
        // A line of the text may hold several lines of the page.
        for (index, (other, _)) in page
            .lines
            .iter()
            .enumerate()
            .skip(first.unwrap_or(kept.len()))
        {
            if line.is_empty() || other.start as u64 >= range.end {
                break;
            }
            kept[index] = true;
        }
    }
    Ok(kept)
}

/// Lists the lines of `page` that are in `kept` and should not be, or the other way.
pub(super) fn write_errors(page: &Page, kept: &[bool], out: &mut dyn Write) -> io::Result<()> {
    for (index, (range, line)) in page.lines.iter().enumerate() {
        if line.keep.is_some_and(|keep| keep != kept[index]) {
            let what = if kept[index] { "extra" } else { "missed" };
            let start = page.html[..range.start]
                .char_indices()
                .rev()
                .nth(60)
                .map_or(0, |(at, _)| at);
            let text: String = line.text.chars().take(100).collect();
            let before = page.html[start..range.start].replace('\n', " ");
            writeln!(out, "  {what}: {before}§{text}")?;
        }
    }
    Ok(())
}

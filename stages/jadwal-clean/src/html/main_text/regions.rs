//! What the parts of a page that elements and attributes name say of its lines.

use crate::html::page::{Page, PageLine, Region};
use crate::lines::Line;

/// Fewer words of running text in a part prove nothing: it may be a teaser.
const MIN_WORDS: usize = 40;

/// Log odds of a line in the part that an attribute calls the text, and of one outside it.
const IN_BODY: f32 = 1.5;
const NOT_IN_BODY: f32 = -1.0;

/// The same of `<main>` and `<article>`, where most of the running text stands in them.
const NOT_IN_MAIN: f32 = -0.5;

/// Which parts of a page have its text.
pub(super) struct Regions {
    body: bool,
    main: bool,
}

impl Regions {
    /// Counts the running text of each part.
    pub(super) fn new(page: &Page, lines: &[Line<'_>]) -> Self {
        let words = |test: fn(Region) -> bool| -> usize {
            let pairs = page.lines.iter().zip(lines);
            pairs
                .filter(|(page_line, line)| line.is_paragraph() && test(page_line.region))
                .map(|(_, line)| line.words)
                .sum()
        };
        let body = words(|region| region == Region::Body);
        let main = body + words(|region| region == Region::Main);
        Self {
            body: body >= MIN_WORDS,
            main: main >= MIN_WORDS && main * 3 >= words(|_| true) * 2,
        }
    }

    /// Returns what they say of a line, as log odds.
    pub(super) fn of(&self, line: &PageLine) -> f32 {
        match line.region {
            Region::Body if self.body && !line.is_linked() => IN_BODY,
            Region::Body | Region::Caption | Region::Comments => 0.0,
            _ if self.body => NOT_IN_BODY,
            Region::Plain | Region::Beside if self.main => NOT_IN_MAIN,
            _ => 0.0,
        }
    }
}

//! The parts of a page that has been read.

use std::ops::Range;

/// What a line of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum LineKind {
    /// Running text, as far as the markup says.
    #[default]
    Text,
    /// `<h1>` to `<h6>`.
    Heading(u8),
    /// An item of a list.
    ListItem,
    /// Inside a `<blockquote>`.
    Quote,
    /// Cells of a table row.
    Row,
}

/// A line of a page.
#[derive(Clone, Debug)]
pub(in crate::html) struct PageLine {
    pub(in crate::html) kind: LineKind,
    /// Bytes of the page's text.
    pub(in crate::html) range: Range<usize>,
    /// How many of them are in links.
    pub(in crate::html) linked: usize,
    /// Which part of the page it stands in.
    pub(in crate::html) region: Region,
}

impl PageLine {
    /// Whether nearly all of it is in links.
    pub(in crate::html) fn is_linked(&self) -> bool {
        self.linked * 5 > self.range.len() * 4
    }
}

/// The part of a page that an element names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::html) enum Region {
    /// None that says something.
    #[default]
    Plain,
    /// `<nav>`, `<footer>`, `<aside>`.
    Beside,
    /// `<figcaption>`.
    Caption,
    /// `<main>`, `<article>`: of these a page may have many.
    Main,
    /// What an attribute says is the text.
    Body,
    /// What an attribute says are the readers' comments.
    Comments,
}

/// An open element that names its part of the page.
#[derive(Debug)]
pub(super) struct Zone {
    pub(super) region: Region,
    pub(super) name: Vec<u8>,
    /// How many elements of this name were open with it.
    pub(super) depth: usize,
}

/// An element that may carry metadata.
#[derive(Clone, Debug, Default)]
pub(in crate::html) struct Element {
    pub(in crate::html) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    /// Returns an attribute's value, empty if it has none.
    pub(in crate::html) fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

/// What becomes of the text inside an element that shows none.
#[derive(Debug)]
pub(super) struct Skipped {
    pub(super) name: Vec<u8>,
    pub(super) depth: usize,
    /// Where its tag starts.
    pub(super) start: usize,
}

/// A table row that is being read.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) cells: usize,
    pub(super) cell_has_text: bool,
    /// A block ended inside the cell: more text in the same cell starts a new line.
    pub(super) block_ended: bool,
}

/// Blanks of markup, and every character that the Unicode step takes for a line end.
pub(super) fn is_blank(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

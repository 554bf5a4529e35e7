//! The parts of a page that the tree's witness need not see: scripts, styles, and lists of links.
//!
//! Building a tree costs more than all else that is done with a page, and most of a page's elements
//! are those of menus and lists of other articles. A list is left out when it is closed and each of
//! its lines is a short link; Readability would throw it out again.

use std::borrow::Cow;
use std::ops::Range;

use super::PageLine;

/// Fewer lines make no list.
const MIN_LINES: usize = 3;

/// Longest line of a list of links in bytes.
const MAX_LINE: usize = 200;

/// Which parts can be left out, in order, none inside another.
#[derive(Debug, Default)]
pub(in crate::html) struct Omitted {
    ranges: Vec<Range<usize>>,
    open: Vec<Open>,
}

/// A list that is not closed yet.
#[derive(Debug)]
struct Open {
    list: List,
    /// Where its tag starts.
    start: usize,
    /// The number of the first line in it.
    line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Nav,
    Ordered,
    Unordered,
}

impl List {
    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"nav" => Some(Self::Nav),
            b"ol" => Some(Self::Ordered),
            b"ul" => Some(Self::Unordered),
            _ => None,
        }
    }
}

impl Omitted {
    /// Notes that an element starts at `start`, before line number `line`.
    pub(super) fn open(&mut self, name: &[u8], start: usize, line: usize) {
        if let Some(list) = List::of(name) {
            self.open.push(Open { list, start, line });
        }
    }

    /// Notes that an element ends at `end`, behind all of `lines`.
    pub(super) fn close(&mut self, name: &[u8], end: usize, lines: &[PageLine]) {
        let Some(list) = List::of(name) else {
            return;
        };
        match self.open.pop() {
            Some(open) if open.list == list => {
                let inside = &lines[open.line.min(lines.len())..];
                if inside.len() >= MIN_LINES && inside.iter().all(is_link) {
                    self.push(open.start..end);
                }
            }
            // Tags that cross: nothing is sure any more.
            _ => self.open.clear(),
        }
    }

    /// Adds a part that ends behind all others; those inside it are part of it.
    pub(super) fn push(&mut self, part: Range<usize>) {
        while self
            .ranges
            .pop_if(|last| last.start >= part.start)
            .is_some()
        {}
        self.ranges.push(part);
    }

    /// Returns the page without these parts.
    pub(in crate::html) fn without<'s>(&self, source: &'s str) -> Cow<'s, str> {
        if self.ranges.is_empty() {
            return Cow::Borrowed(source);
        }
        let mut rest = String::with_capacity(source.len());
        let mut at = 0;
        for range in &self.ranges {
            rest.push_str(source.get(at..range.start).unwrap_or_default());
            at = range.end;
        }
        rest.push_str(source.get(at..).unwrap_or_default());
        Cow::Owned(rest)
    }
}

fn is_link(line: &PageLine) -> bool {
    line.is_linked() && line.range.len() <= MAX_LINE
}

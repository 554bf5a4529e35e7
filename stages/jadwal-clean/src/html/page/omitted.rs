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
    /// How many lines were counted to the lists that they stand in.
    counted: usize,
}

/// A list that is not closed yet.
#[derive(Debug)]
struct Open {
    list: List,
    /// Where its tag starts.
    start: usize,
    /// Lines in it so far, and whether each is a link.
    lines: usize,
    is_links: bool,
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
    /// Notes that an element starts at `start`, behind all of `lines`.
    pub(super) fn open(&mut self, name: &[u8], start: usize, lines: &[PageLine]) {
        if let Some(list) = List::of(name) {
            self.count(lines);
            self.open.push(Open {
                list,
                start,
                lines: 0,
                is_links: true,
            });
        }
    }

    /// Counts the new ones of `lines` to the innermost list. A list's lines are counted to the one
    /// around it when it ends, so each line is looked at once.
    fn count(&mut self, lines: &[PageLine]) {
        if let Some(list) = self.open.last_mut() {
            let new = &lines[self.counted..];
            list.lines += new.len();
            list.is_links &= new.iter().all(is_link);
        }
        self.counted = lines.len();
    }

    /// Notes that an element ends at `end`, behind all of `lines`.
    pub(super) fn close(&mut self, name: &[u8], end: usize, lines: &[PageLine]) {
        let Some(list) = List::of(name) else {
            return;
        };
        self.count(lines);
        match self.open.pop() {
            Some(open) if open.list == list => {
                if let Some(around) = self.open.last_mut() {
                    around.lines += open.lines;
                    around.is_links &= open.is_links;
                }
                if open.lines >= MIN_LINES && open.is_links {
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

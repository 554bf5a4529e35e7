//! Turns markup into lines of text that know where they came from.
//!
//! Block elements and `<br>` end a line; the cells of a table row make one line, `a | b`; runs of
//! blanks are one blank. Scripts, styles and form fields give no text.

mod omitted;
mod parts;
mod quiet;
mod zones;

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use jadwal_core::Edited;

use super::elements::{
    Attribute, closes_itself, is_block, is_caption_class, is_raw, is_silent, region_of,
};
use super::{Reading, references};
use crate::lines;
use crate::scan::WideBlanks;

use omitted::Omitted;
pub(crate) use parts::LineKind;
pub(super) use parts::{Element, PageLine, Region};
use parts::{Row, Skipped, Zone, is_blank};
use quiet::Quiet;
use zones::Open;

/// The text of a page, line by line, and what its head says.
#[derive(Debug, Default)]
pub(super) struct Page {
    edited: Edited,
    pub(super) lines: Vec<PageLine>,
    /// Text of `<title>`.
    pub(super) title: String,
    /// Attributes of `<meta>`, `<link>` and `<time>` elements, in order.
    pub(super) elements: Vec<Element>,
    /// What scripts of the type `application/ld+json` say, as it stands in the source.
    pub(super) data: Vec<Range<usize>>,
    /// What the tree's witness need not see.
    pub(super) omitted: Omitted,
    /// How deep the elements nest, at least.
    pub(super) depth: usize,
}

impl Page {
    /// Reads `source`; anything is a page.
    pub(super) fn parse(source: &str) -> Self {
        let mut reader = Reader::new(source);
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
            reader.event(&event, span.start..span.end);
            None::<Infallible>
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(source, Quiet(emitter)).finish();
        reader.end_line();
        reader.page
    }

    /// Returns the text that `source` shows, line by line.
    pub(super) fn plain(source: &str) -> String {
        Self::parse(source).edited.text
    }

    /// Returns the text of a line.
    pub(super) fn text(&self, line: &PageLine) -> &str {
        &self.edited.text[line.range.clone()]
    }

    /// Counts the words of each line.
    pub(super) fn words(&self) -> Vec<usize> {
        let mut wide_blanks = WideBlanks::of(&self.edited.text);
        let words = |line: &PageLine| {
            lines::count_words(self.text(line), wide_blanks.stand_in(&line.range))
        };
        self.lines.iter().map(words).collect()
    }

    /// Returns where `range` of the text lies in the source.
    fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.edited.map.source_range(range.clone())
    }

    /// Writes the lines that `keep` names into `reading`, the places of the others beside them; runs
    /// of others make one place.
    pub(super) fn split(&self, keep: &[bool], reading: &mut Reading) {
        let mut editor = jadwal_core::TextEditor::new(&self.edited.text);
        let mut end = 0;
        let mut first = true;
        let mut in_removed = false;
        for (line, keep) in self.lines.iter().zip(keep) {
            if !keep {
                let source = self.source(&line.range);
                let rule = match line.region {
                    Region::Caption => "html:caption",
                    _ => "html:boilerplate",
                };
                match reading.removed.last_mut() {
                    Some((last, of)) if in_removed && *of == rule => last.end = source.end,
                    _ => reading.removed.push((source, rule)),
                }
                in_removed = true;
                continue;
            }
            in_removed = false;
            // What lies between two kept lines shrinks to one line end.
            let between = end..line.range.start;
            if first {
                editor.remove(between);
            } else if between.len() > 1 {
                editor.remove(between.start + 1..between.end);
            }
            first = false;
            end = line.range.end;
            reading.kinds.push(line.kind);
        }
        editor.remove(end..self.edited.text.len());
        let kept = editor.finish();
        reading.edited.map = kept.map.compose(&self.edited.map);
        reading.edited.text = kept.text;
    }
}

/// The type of scripts that hold data.
const DATA: &str = "application/ld+json";

struct Reader<'s> {
    source: &'s str,
    page: Page,
    line_start: usize,
    /// Blanks that were seen and are written if text follows.
    blank: Option<Range<usize>>,
    skipped: Option<Skipped>,
    in_title: bool,
    in_data: bool,
    row: Option<Row>,
    heading: u8,
    in_item: bool,
    quotes: usize,
    preformatted: usize,
    in_link: bool,
    /// Bytes of this line that are in links.
    linked: usize,
    /// Name of the element whose attributes come next, and which one's value.
    name: Vec<u8>,
    attribute: Attribute,
    /// The elements that name their part of the page and are open.
    zones: Vec<Zone>,
    /// Whether a class said that the next line is a caption.
    is_caption: bool,
    /// Where this line began.
    region: Region,
    tag: Element,
    open: Open,
    open_count: usize,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            page: Page::default(),
            line_start: 0,
            blank: None,
            skipped: None,
            in_title: false,
            in_data: false,
            row: None,
            heading: 0,
            in_item: false,
            quotes: 0,
            preformatted: 0,
            in_link: false,
            linked: 0,
            name: Vec::new(),
            attribute: Attribute::Other,
            zones: Vec::new(),
            is_caption: false,
            region: Region::Plain,
            tag: Element::default(),
            open: Open::default(),
            open_count: 0,
        }
    }

    fn event(&mut self, event: &CallbackEvent<'_>, span: Range<usize>) {
        match *event {
            CallbackEvent::OpenStartTag { name } => self.start_tag(name, span.start),
            CallbackEvent::AttributeName { name } if !self.tag.name.is_empty() => {
                let name = String::from_utf8_lossy(name).into_owned();
                self.tag.attributes.push((name, String::new()));
            }
            CallbackEvent::AttributeName { name } => self.attribute = Attribute::of(name),
            CallbackEvent::AttributeValue { value } if self.tag.name.is_empty() => {
                self.attribute(value);
            }
            CallbackEvent::AttributeValue { value } if !self.tag.name.is_empty() => {
                if let Some((_, last)) = self.tag.attributes.last_mut() {
                    *last = String::from_utf8_lossy(value).into_owned();
                }
            }
            CallbackEvent::CloseStartTag { .. } if !self.tag.name.is_empty() => {
                let tag = std::mem::take(&mut self.tag);
                self.in_data = tag.name == "script" && tag.get("type").eq_ignore_ascii_case(DATA);
                if self.skipped.is_none() {
                    self.page.elements.push(tag);
                }
            }
            CallbackEvent::EndTag { name } => self.end_tag(name, span.end),
            CallbackEvent::String { .. } => self.text(span),
            _ => {}
        }
    }

    fn start_tag(&mut self, name: &[u8], at: usize) {
        self.tag = Element::default();
        if let Some(skipped) = &mut self.skipped {
            if skipped.name == name {
                skipped.depth += 1;
                return;
            }
            // A block element inside a picture or a drop-down: its end tag is missing.
            if is_raw(&skipped.name) || !is_block(name) {
                return;
            }
            self.skipped = None;
        }
        self.count_open(name);
        self.name.clear();
        self.name.extend_from_slice(name);
        match name {
            b"script" => {
                self.tag.name = "script".to_owned();
                self.skip(name, at);
            }
            b"meta" | b"link" | b"time" => {
                self.tag.name = String::from_utf8_lossy(name).into_owned();
            }
            b"title" => self.in_title = true,
            b"a" => self.in_link = true,
            b"td" | b"th" => self.start_cell(at),
            b"tr" => {
                self.end_line();
                self.row = Some(Row::default());
            }
            b"table" => {
                self.end_line();
                self.row = None;
            }
            b"br" | b"hr" => self.break_line(),
            _ if is_silent(name) => self.skip(name, at),
            _ if is_block(name) => {
                self.break_line();
                self.open_block(name);
                if self.row.is_none() {
                    self.page.omitted.open(name, at, &self.page.lines);
                }
            }
            _ => {}
        }
    }

    fn skip(&mut self, name: &[u8], start: usize) {
        self.skipped = Some(Skipped {
            name: name.to_vec(),
            depth: 1,
            start,
        });
    }

    fn open_block(&mut self, name: &[u8]) {
        match name {
            [b'h', level @ b'1'..=b'6'] => self.heading = level - b'0',
            b"li" => self.in_item = true,
            b"blockquote" => self.quotes += 1,
            b"pre" => self.preformatted += 1,
            _ => {}
        }
    }

    fn end_tag(&mut self, name: &[u8], end: usize) {
        self.tag = Element::default();
        self.is_caption = false;
        if let Some(skipped) = &mut self.skipped {
            if skipped.name == name {
                skipped.depth -= 1;
                if skipped.depth == 0 {
                    if matches!(name, b"script" | b"style") {
                        self.page.omitted.push(skipped.start..end);
                    }
                    self.in_data = false;
                    self.skipped = None;
                }
            }
            return;
        }
        self.count_closed(name);
        match name {
            b"title" => self.in_title = false,
            b"a" => self.in_link = false,
            b"td" | b"th" if self.row.is_some() => {}
            b"tr" | b"table" => {
                self.end_line();
                self.row = None;
            }
            _ if is_block(name) => {
                self.break_line();
                self.close_block(name);
                if self.row.is_none() {
                    self.page.omitted.close(name, end, &self.page.lines);
                }
            }
            _ => {}
        }
    }

    fn close_block(&mut self, name: &[u8]) {
        match name {
            [b'h', b'1'..=b'6'] => self.heading = 0,
            b"li" | b"ul" | b"ol" => {
                self.in_item = false;
                self.in_link = false;
            }
            // The end tag of a link inside may be missing.
            b"p" => self.in_link = false,
            b"blockquote" => self.quotes = self.quotes.saturating_sub(1),
            b"pre" => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
    }

    fn start_cell(&mut self, at: usize) {
        let line_has_text = self.line_has_text();
        let Some(row) = &mut self.row else {
            self.end_line();
            return;
        };
        row.cells += 1;
        row.cell_has_text = false;
        row.block_ended = false;
        self.blank = None;
        if line_has_text {
            self.page.edited.push_unit(" |", at..at);
            self.blank = Some(at..at);
        }
    }

    /// Ends the line, or, inside a table row, remembers that a block ended in the cell.
    fn break_line(&mut self) {
        match &mut self.row {
            Some(row) => row.block_ended |= row.cell_has_text,
            None => self.end_line(),
        }
    }

    fn line_has_text(&self) -> bool {
        self.page.edited.text.len() > self.line_start
    }

    fn end_line(&mut self) {
        self.blank = None;
        let end = self.page.edited.text.len();
        if end > self.line_start {
            let range = self.line_start..end;
            self.page.lines.push(PageLine {
                kind: self.kind(),
                linked: self.linked.min(range.len()),
                region: self.region,
                range,
            });
        }
        self.linked = 0;
        self.line_start = end;
    }

    fn kind(&self) -> LineKind {
        if self.heading > 0 {
            LineKind::Heading(self.heading)
        } else if self.row.as_ref().is_some_and(|row| row.cells > 1) {
            LineKind::Row
        } else if self.in_item {
            LineKind::ListItem
        } else if self.quotes > 0 {
            LineKind::Quote
        } else {
            LineKind::Text
        }
    }

    fn text(&mut self, span: Range<usize>) {
        if self.skipped.is_some() {
            if self.in_data {
                self.data(span);
            }
            return;
        }
        let Some(text) = self.source.get(span.clone()) else {
            return;
        };
        if self.in_title {
            let page = &mut self.page;
            if page.title.is_empty() {
                page.title = references::plain(text);
            }
            return;
        }
        let mut at = span.start;
        while at < span.end {
            at = self.piece(at, span.end);
        }
    }

    /// Takes the text of a script with data; it may come in pieces.
    fn data(&mut self, span: Range<usize>) {
        match self.page.data.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => self.page.data.push(span),
        }
    }

    /// Takes one piece of text from `at`: blanks, a character reference, or a run of others.
    /// Returns where the next one starts.
    fn piece(&mut self, at: usize, end: usize) -> usize {
        let rest = &self.source[at..end];
        let run = rest.find(|c| c == '&' || is_blank(c)).unwrap_or(rest.len());
        if run > 0 {
            self.begin_text(at);
            self.page.edited.push_same(&rest[..run], at);
            self.linked += if self.in_link { run + 1 } else { 0 };
            return at + run;
        }
        if rest.starts_with('&') {
            let range = references::candidate(self.source, at);
            let range = range.start..range.end.min(end);
            self.push_decoded(&references::decode(&self.source[range.clone()]), &range);
            return range.end;
        }
        let blanks = rest.find(|c| !is_blank(c)).unwrap_or(rest.len());
        if self.preformatted > 0 && rest[..blanks].contains('\n') {
            self.break_line();
        } else {
            self.blank.get_or_insert(at..at + blanks);
        }
        at + blanks
    }

    fn push_decoded(&mut self, decoded: &str, source: &Range<usize>) {
        if decoded.chars().all(is_blank) {
            if !decoded.is_empty() {
                self.blank.get_or_insert(source.clone());
            }
            return;
        }
        self.begin_text(source.start);
        let clean = decoded.replace(is_blank, " ");
        self.page.edited.push_unit(&clean, source.clone());
    }

    /// Writes what belongs before a piece of text at `at`: the line end, or the blank.
    fn begin_text(&mut self, at: usize) {
        if let Some(row) = &mut self.row {
            let new_line = std::mem::take(&mut row.block_ended);
            row.cell_has_text = true;
            if new_line {
                self.end_line();
            }
        }
        if self.line_has_text() {
            if let Some(blank) = self.blank.take() {
                self.page.edited.push_unit(" ", blank);
            }
            return;
        }
        self.blank = None;
        if !self.page.edited.text.is_empty() {
            self.page.edited.push_unit("\n", at..at);
            self.line_start = self.page.edited.text.len();
        }
        let is_caption = std::mem::take(&mut self.is_caption) && self.heading == 0;
        self.region = if is_caption {
            Region::Caption
        } else {
            self.region()
        };
    }
}

#[cfg(test)]
mod tests;

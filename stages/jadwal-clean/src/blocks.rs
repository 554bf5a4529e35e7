//! Says what each part of the final text is.

use std::ops::Range;

use jadwal_core::facts::{Block, BlockKind, Table};

use crate::html::LineKind;
use crate::lines::Line;
use crate::tables;

/// Longest line that can be a heading.
const MAX_HEADING_WORDS: usize = 12;

/// Returns the blocks of the text, and its tables. `lines` are the kept ones, `ranges` where they
/// lie in the final text, `title` the number of the line that is the headline.
pub(crate) fn blocks(
    lines: &[&Line<'_>],
    ranges: &[Range<usize>],
    title: Option<usize>,
) -> (Vec<Block>, Vec<Table>) {
    let mut blocks = Vec::with_capacity(lines.len());
    let mut tables = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let rows = table_rows(&lines[at..]);
        if rows > 0 {
            let range = ranges[at].start..ranges[at + rows - 1].end;
            blocks.push(Block {
                kind: BlockKind::Table,
                range,
            });
            tables.push(tables::table(
                lines[at..at + rows].iter().map(|line| line.text),
            ));
            at += rows;
            continue;
        }
        blocks.push(Block {
            kind: kind(lines, at, title),
            range: ranges[at].clone(),
        });
        at += 1;
    }
    (blocks, tables)
}

/// Returns how many lines from the first on are rows of one table.
fn table_rows(lines: &[&Line<'_>]) -> usize {
    let belongs = |(index, line): &(usize, &&Line<'_>)| {
        line.in_table && (*index == 0 || line.blanks_before == 0)
    };
    lines.iter().enumerate().take_while(belongs).count()
}

fn kind(lines: &[&Line<'_>], at: usize, title: Option<usize>) -> BlockKind {
    let line = lines[at];
    if title == Some(at) {
        return BlockKind::Title;
    }
    match line.kind {
        LineKind::Heading(_) => BlockKind::Heading,
        LineKind::ListItem => BlockKind::List,
        LineKind::Quote => BlockKind::Quote,
        LineKind::Row => BlockKind::Paragraph,
        LineKind::Text if is_list_item(line.text) => BlockKind::List,
        LineKind::Text if is_quote(line.text) => BlockKind::Quote,
        LineKind::Text if is_heading(lines, at) => BlockKind::Heading,
        LineKind::Text => BlockKind::Paragraph,
    }
}

/// A short line without an end mark, right before running text.
fn is_heading(lines: &[&Line<'_>], at: usize) -> bool {
    let line = lines[at];
    line.words <= MAX_HEADING_WORDS
        && !line.ends_sentence()
        && at > 0
        && lines
            .get(at + 1)
            .is_some_and(|next| next.is_paragraph() || next.is_long())
}

/// Whether a line starts as items of a list do: `- `, `• `, `* `, `1. `, `١- `.
fn is_list_item(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        Some('•' | '▪' | '●' | '◦' | '‣' | '*' | '-' | '–') => {
            characters.next() == Some(' ')
        }
        Some(first) if first.is_numeric() => {
            let rest = text.trim_start_matches(char::is_numeric);
            let digits = text.chars().count() - rest.chars().count();
            let mut rest = rest.chars();
            let marked = matches!(rest.next(), Some('.' | ')' | '-'));
            digits <= 2 && marked && rest.next() == Some(' ')
        }
        _ => false,
    }
}

/// Whether a line is one quotation, or starts as quoted lines in mails do.
fn is_quote(text: &str) -> bool {
    if text.starts_with("> ") {
        return true;
    }
    let inner = text
        .strip_prefix('«')
        .and_then(|text| text.trim_end_matches('.').strip_suffix('»'));
    inner.is_some_and(|inner| !inner.contains(['«', '»']))
}

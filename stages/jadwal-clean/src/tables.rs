//! Finds tables that are written with pipes.

use jadwal_core::facts::Table;

use crate::html::LineKind;
use crate::lines::Line;

/// Marks the lines that make up tables: two or more side by side, with the same number of cells, one
/// of them with text in two cells. Where a rule below the header (`---|---`) proves the table, one
/// cell more or less is allowed.
pub(crate) fn mark(lines: &mut [Line<'_>]) {
    let mut start = 0;
    while start < lines.len() {
        let end = start + table_len(&lines[start..]);
        if end - start >= 2 {
            lines[start..end]
                .iter_mut()
                .for_each(|line| line.in_table = true);
        }
        start = end.max(start + 1);
    }
}

/// Returns how many lines from the first one on are rows of one table.
fn table_len(lines: &[Line<'_>]) -> usize {
    let Some(first) = lines.first().and_then(width) else {
        return 0;
    };
    let has_rule = lines[1..].first().is_some_and(|line| is_rule(line.text));
    let slack = usize::from(has_rule);
    let fits = |line: &&Line<'_>| width(line).is_some_and(|width| width.abs_diff(first) <= slack);
    let count = 1 + lines[1..]
        .iter()
        .take_while(|line| line.blanks_before == 0 && fits(line))
        .count();
    let is_full = |line: &Line<'_>| cells(line.text).iter().filter(|c| !c.is_empty()).count() >= 2;
    if lines[..count].iter().any(is_full) {
        count
    } else {
        0
    }
}

/// Returns how many cells a line has, `None` for a line that can't be a row.
fn width(line: &Line<'_>) -> Option<usize> {
    if line.kind != LineKind::Row && line.kind != LineKind::Text {
        return None;
    }
    memchr::memchr(b'|', line.text.as_bytes())?;
    let cells = cells(line.text);
    (cells.len() >= 2).then_some(cells.len())
}

/// Returns the cells of a row. A pipe after a backslash is text; pipes at the ends are borders.
pub(crate) fn cells(row: &str) -> Vec<String> {
    let inner = row.trim();
    let inner = inner.strip_prefix('|').unwrap_or(inner);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for character in inner.chars() {
        match character {
            '|' if !escaped => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    if escaped && character == '|' {
                        cell.pop();
                    }
                    cell.push(character);
                }
            }
        }
        escaped = character == '\\' && !escaped;
    }
    for cell in &mut cells {
        *cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    cells
}

/// Whether a row only draws the line below a header.
pub(crate) fn is_rule(row: &str) -> bool {
    row.contains("--")
        && row
            .chars()
            .all(|c| matches!(c, '-' | ':' | '|' | ' ' | '+'))
}

/// Returns the table of these rows; rules are no rows.
pub(crate) fn table<'r>(rows: impl Iterator<Item = &'r str>) -> Table {
    Table {
        rows: rows.filter(|row| !is_rule(row)).map(cells).collect(),
    }
}

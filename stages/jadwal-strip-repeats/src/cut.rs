//! Takes lines out of a document: an edit of the text, the facts that point into it moved along, and a
//! note of what went.

use std::borrow::Cow;
use std::ops::Range;

use jadwal_core::facts::{Block, Entity, Facts, Removed, Segment};
use jadwal_core::{Document, StageResult, TextEditor};

use crate::lines::Line;
use crate::options::Repeats;

/// Notes the lines that `gone` has a count for in `removed`, and takes them out where that is asked
/// for.
pub(crate) fn cut(
    doc: &mut Document,
    lines: &[Line],
    gone: &[Option<u32>],
    repeats: Repeats,
) -> StageResult<()> {
    let map = doc.origin_map();
    let runs = runs(gone).into_iter().map(|run| {
        let count = gone[run.clone()].iter().flatten().min();
        let mark = if repeats == Repeats::Mark {
            "mark:"
        } else {
            ""
        };
        Removed {
            raw: map.source_range(lines[run.start].range.start..lines[run.end - 1].range.end),
            rule: Cow::Owned(format!("{mark}repeat:{}", count.copied().unwrap_or(0))),
        }
    });
    let removed: Vec<_> = runs.collect();
    if repeats == Repeats::Remove {
        let text = doc.text_handle()?;
        let cuts = Cuts::new(&text, lines, gone);
        let mut editor = TextEditor::new(&text);
        for cut in &cuts.0 {
            editor.remove(cut.range.clone());
        }
        let before = doc.facts().clone();
        doc.replace_text(editor.finish());
        cuts.move_facts(before, doc.facts_mut());
    }
    let all = &mut doc.facts_mut().removed;
    all.extend(removed);
    all.sort_by_key(|removed| (removed.raw.start, removed.raw.end));
    Ok(())
}

/// Returns the runs of lines that go.
fn runs(gone: &[Option<u32>]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (index, _) in gone.iter().enumerate().filter(|(_, gone)| gone.is_some()) {
        match runs.last_mut() {
            Some(run) if run.end == index => run.end += 1,
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

/// What goes, in order, none empty.
struct Cuts(Vec<Cut>);

/// A byte range of a text that goes.
struct Cut {
    range: Range<usize>,
    /// Bytes that went before it.
    before: usize,
}

impl Cuts {
    /// Returns what has to go with the lines. Between two lines that stay, the widest gap stays too:
    /// paragraphs that were apart stay apart.
    fn new(text: &str, lines: &[Line], gone: &[Option<u32>]) -> Self {
        let mut cuts = Vec::new();
        for run in runs(gone) {
            let first = lines[run.start].range.start;
            let last = lines[run.end - 1].range.end;
            let before = run.start.checked_sub(1).map(|index| lines[index].range.end);
            let after = lines.get(run.end).map(|line| line.range.start);
            match (before, after) {
                (Some(before), Some(after)) => {
                    let gap = widest_gap(text, &lines[run.start - 1..=run.end]);
                    cuts.extend([before..gap.start, gap.end..after]);
                }
                (before, after) => cuts.push(before.unwrap_or(first)..after.unwrap_or(last)),
            }
        }
        let mut gone = 0;
        let cuts = cuts.into_iter().filter(|cut| !cut.is_empty());
        let cuts = cuts.map(|range| {
            let before = gone;
            gone += range.len();
            Cut { range, before }
        });
        Self(cuts.collect())
    }

    /// Returns where the byte at `at` lies now; what went lies where it was cut out.
    fn moved(&self, at: usize) -> usize {
        let behind = self.0.partition_point(|cut| cut.range.start < at);
        let Some(cut) = behind.checked_sub(1).map(|index| &self.0[index]) else {
            return at;
        };
        at - cut.before - (cut.range.end.min(at) - cut.range.start)
    }

    fn moved_range(&self, range: &Range<usize>) -> Range<usize> {
        self.moved(range.start)..self.moved(range.end)
    }

    fn touches(&self, range: &Range<usize>) -> bool {
        let next = self.0.partition_point(|cut| cut.range.end <= range.start);
        let cut = self.0.get(next);
        cut.is_some_and(|cut| cut.range.start < range.end)
    }

    /// Gives the facts back that pointed into the text before. Tables stay whole, so all are kept.
    fn move_facts(&self, before: Facts, facts: &mut Facts) {
        let blocks = before.blocks.into_iter();
        facts.blocks = blocks
            .filter(|block| !self.touches(&block.range))
            .map(|block| Block {
                range: self.moved_range(&block.range),
                ..block
            })
            .collect();
        facts.tables = before.tables;
        facts.language = before.language;
        let segments = before.segments.into_iter().map(|segment| Segment {
            range: self.moved_range(&segment.range),
            ..segment
        });
        facts.segments = segments
            .filter(|segment| !segment.range.is_empty())
            .collect();
        facts.entities = self.move_entities(before.entities);
    }

    /// Entities in lines that went go with them, and mentions of them are entities of their own then.
    fn move_entities(&self, entities: Vec<Entity>) -> Vec<Entity> {
        let mut kept = 0;
        let places: Vec<_> = entities
            .iter()
            .map(|entity| {
                let stays = !self.touches(&entity.range);
                kept += usize::from(stays);
                stays.then(|| kept - 1)
            })
            .collect();
        let entities = entities.into_iter().zip(&places);
        entities
            .filter(|(_, place)| place.is_some())
            .map(|(entity, _)| Entity {
                range: self.moved_range(&entity.range),
                mention_of: entity
                    .mention_of
                    .and_then(|first| places.get(first).copied().flatten()),
                ..entity
            })
            .collect()
    }
}

/// Returns the first gap between two of `lines` that has the most line ends.
fn widest_gap(text: &str, lines: &[Line]) -> Range<usize> {
    let gaps = lines
        .windows(2)
        .map(|pair| pair[0].range.end..pair[1].range.start);
    let line_ends = |gap: &Range<usize>| text[gap.clone()].matches('\n').count();
    // `max_by_key` takes the last of several; the first one is nearest to what stays before it.
    let widest = gaps.rev().max_by_key(line_ends);
    widest.expect("a run and the lines around it are three lines at least")
}

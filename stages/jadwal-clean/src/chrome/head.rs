//! Reads what stands before the body: title, date, author, masthead.

use std::ops::Range;

use jadwal_core::fold::fold;

use super::{Judge, credits};
use crate::dates;
use crate::lines::Line;
use crate::phrases::{Category, Place};
use crate::words;

/// How many lines above the body may belong to its head, in a page and in other texts.
const PAGE_HEAD: usize = 12;
const TEXT_HEAD: usize = 25;

/// Longest title.
const MAX_TITLE_WORDS: usize = 35;

/// Longest date line, and how many other words it may hold.
const MAX_STAMP_WORDS: usize = 14;
const MAX_STAMP_OTHERS: usize = 3;

/// How many lines below the body may be date lines.
const STAMPS_BELOW: usize = 3;

/// Longest line of a masthead.
const MAX_MASTHEAD_WORDS: usize = 8;

/// Longest line of a masthead that names what the body speaks of (`Harbour Times`).
const MAX_AMONG_WORDS: usize = 3;

/// How far below the title a subtitle may stand, and how long it is.
const SUBTITLE_LINES: usize = 4;
const SUBTITLE_WORDS: std::ops::RangeInclusive<usize> = 5..=40;

/// Longest value of a label, longest name of an author.
const MAX_VALUE_WORDS: usize = 4;
const MAX_NAME_WORDS: usize = 6;

/// Folded labels whose value is the author.
const AUTHOR_LABELS: [&str; 13] = [
    "بقلم",
    "كتب",
    "كتبت",
    "الكاتب",
    "كاتب المقال",
    "المحرر",
    "نويسنده",
    "مصنف",
    "by",
    "author",
    "written by",
    "auteur",
    "ecrit par",
];

/// Reads the head of the document into the verdict. Returns whether the title is certain: it was
/// known, or its line says what the body says.
pub(super) fn read(judge: &mut Judge<'_>, known_title: &str, page: bool) -> bool {
    let limit = if page { PAGE_HEAD } else { TEXT_HEAD };
    let start = judge.body.start.saturating_sub(limit);
    let head = start..judge.body.start;
    learn_stamps(judge, &head);
    let certain = find_title(judge, head.clone(), known_title);
    remove_copies(judge);
    read_labels(judge, &head);
    read_stamps(judge, &head);
    read_bylines(judge, &head);
    credits::read(judge, &head);
    certain
}

/// Finds the line between title and body that says what the body says: the subtitle. It stays.
pub(super) fn read_subtitle(judge: &mut Judge<'_>) {
    let Some(title) = judge.verdict.title else {
        return;
    };
    let between = title + 1..judge.body.start.min(title + 1 + SUBTITLE_LINES);
    let is_subtitle = |index: &usize| {
        SUBTITLE_WORDS.contains(&judge.lines[*index].words)
            && !judge.lines[*index].in_table
            && !judge.is_removed(*index)
            && judge.strong_hit(*index).is_none()
            && judge.known_share(*index) >= 0.3
    };
    if let Some(found) = between.into_iter().find(is_subtitle) {
        judge.verdict.subtitle = judge.lines[found].text.to_owned();
    }
}

/// Reads what the lines of the head and right after the body say of time.
fn learn_stamps(judge: &mut Judge<'_>, head: &Range<usize>) {
    let lines = judge.lines;
    for index in head.clone().chain(below(judge)) {
        if lines[index].words <= MAX_STAMP_WORDS
            && let Some(stamp) = dates::stamp(lines[index].text)
        {
            judge.stamps.insert(index, stamp);
        }
    }
}

/// The lines right after the body.
fn below(judge: &Judge<'_>) -> Range<usize> {
    judge.body.end..(judge.body.end + STAMPS_BELOW).min(judge.lines.len())
}

/// Finds the title's line. Returns whether the choice is certain.
fn find_title(judge: &mut Judge<'_>, head: Range<usize>, known: &str) -> bool {
    let known = fold(known);
    if !known.is_empty() {
        let last = (judge.body.start + 1).min(judge.lines.len());
        judge.verdict.title = (0..last)
            .rev()
            .find(|index| is_title(judge, *index, &known));
        // The first copy of it is the title, later ones are copies.
        if let Some(found) = judge.verdict.title {
            let first = head.start.min(found);
            judge.verdict.title = (first..=found).find(|index| is_title(judge, *index, &known));
        }
        return judge.verdict.title.is_some();
    }
    if judge.body.is_empty() {
        judge.verdict.title = lone_headline(judge);
        return false;
    }
    let candidates: Vec<usize> = head.filter(|index| is_headline(judge, *index)).collect();
    // A longer match first: names of sections may hold a word of the body too.
    let matches = |words: usize, share: f32| {
        candidates.iter().copied().find(|index| {
            let line = &judge.lines[*index];
            line.words >= words && judge.known_share(*index) >= share
        })
    };
    if let Some(title) = matches(5, 0.5).or_else(|| matches(3, 0.4)) {
        judge.verdict.title = Some(title);
        return true;
    }
    let long_enough = |index: &&usize| judge.lines[**index].words >= 3;
    judge.verdict.title = candidates.iter().find(long_enough).copied();
    false
}

fn is_title(judge: &Judge<'_>, index: usize, known: &str) -> bool {
    let line = &judge.lines[index];
    if line.words > MAX_TITLE_WORDS || line.in_table {
        return false;
    }
    let Some(rest) = known.strip_prefix(judge.folded(index)) else {
        return false;
    };
    rest.is_empty() || (line.words >= 3 && rest.starts_with(' '))
}

/// The first line of a text without paragraphs, if a blank line sets it apart.
fn lone_headline(judge: &Judge<'_>) -> Option<usize> {
    let first = (0..judge.lines.len()).find(|index| is_headline(judge, *index))?;
    let line = &judge.lines[first];
    let apart = judge
        .lines
        .get(first + 1)
        .is_some_and(|next| next.blanks_before > 0);
    (apart && line.words >= 3).then_some(first)
}

fn is_headline(judge: &Judge<'_>, index: usize) -> bool {
    let line = &judge.lines[index];
    let hit = judge.strong_hit(index);
    // A phrase at the start of a line that says what the body says is part of a headline.
    let is_leftover = hit
        .is_some_and(|hit| hit.place == Place::Whole || hit.marked || !judge.is_about_body(index));
    (2..=MAX_TITLE_WORDS).contains(&line.words)
        && !line.in_table
        && !judge.is_removed(index)
        && !is_leftover
        && !line.text.ends_with(['.', '؛', ':'])
        && stamp(judge, index).is_none()
}

/// Removes lines outside the body that repeat the title.
fn remove_copies(judge: &mut Judge<'_>) {
    let Some(title) = judge.verdict.title else {
        return;
    };
    let line = &judge.lines[title];
    if line.words < 3 {
        return;
    }
    for index in 0..judge.lines.len() {
        let other = &judge.lines[index];
        let outside = !judge.body.contains(&index);
        if index != title
            && outside
            && other.words.abs_diff(line.words) <= 1
            && judge.folded(index) == judge.folded(title)
        {
            judge.remove(index, "chrome:title-copy");
        }
    }
}

/// Removes labels with their values (`نشر` / `الأمصار`) and keeps the author's name.
fn read_labels(judge: &mut Judge<'_>, head: &Range<usize>) {
    let after = judge.body.end..judge.lines.len();
    for index in head.clone().chain(after) {
        let is_label = judge.hits[index].is_some_and(|hit| hit.label);
        let Some(value) = judge.lines.get(index + 1).filter(|_| is_label) else {
            continue;
        };
        let fits = value.blanks_before == 0
            && value.words <= MAX_VALUE_WORDS
            && !value.ends_sentence()
            && judge.verdict.title != Some(index + 1)
            && judge.verdict.title != Some(index);
        if fits {
            if AUTHOR_LABELS.contains(&judge.folded(index)) {
                set_byline(judge, value.text);
            }
            judge.remove(index, "chrome:label");
            judge.remove(index + 1, "chrome:label");
        }
    }
}

/// Returns what a line says of time if it is a date line: little else stands in it, and nothing of
/// what the body speaks of.
fn stamp<'j>(judge: &'j Judge<'_>, index: usize) -> Option<&'j dates::Stamp> {
    let stamp = judge.stamps.get(&index)?;
    let is_dated = judge
        .strong_hit(index)
        .is_some_and(|hit| hit.category == Category::Date);
    let is_unknown = || {
        let mut others = Vec::new();
        words::read(&stamp.others.join(" "), &mut others);
        judge.vocabulary.share(&others) == 0.0
    };
    let is_plain = stamp.others.len() <= MAX_STAMP_OTHERS && is_unknown();
    (is_dated || is_plain).then_some(stamp)
}

/// Removes date lines in the head and right after the body. The first date below the title is the
/// document's; a date above it may be that of the visit.
fn read_stamps(judge: &mut Judge<'_>, head: &Range<usize>) {
    let title = judge.verdict.title.unwrap_or(0);
    let mut above_title = String::new();
    for index in head.clone().chain(below(judge)) {
        if judge.verdict.title == Some(index) {
            continue;
        }
        let Some((date, updated)) = stamp(judge, index).map(|stamp| (stamp.date, stamp.updated))
        else {
            continue;
        };
        judge.remove(index, "chrome:date");
        if let Some(updated) = updated.filter(|_| judge.verdict.updated.is_empty()) {
            judge.verdict.updated = updated.to_string();
        }
        let Some(date) = date else {
            continue;
        };
        if index < title {
            above_title = date.to_string();
        } else if judge.verdict.created.is_empty() {
            judge.verdict.created = date.to_string();
        }
    }
    if judge.verdict.created.is_empty() {
        judge.verdict.created = above_title;
    }
}

/// Removes author lines in the head and keeps the name.
fn read_bylines(judge: &mut Judge<'_>, head: &Range<usize>) {
    for index in head.clone() {
        if judge.verdict.title == Some(index) || judge.is_removed(index) {
            continue;
        }
        if let Some(name) = author(judge.lines[index].text) {
            set_byline(judge, name);
            judge.remove(index, "chrome:byline");
        }
    }
}

/// Returns the name in `بقلم: …`, `By …`.
fn author(line: &str) -> Option<&str> {
    let name = match line.split_once(':') {
        Some((label, name)) if AUTHOR_LABELS.contains(&fold(label).as_str()) => name,
        Some(_) => return None,
        None => line
            .strip_prefix("بقلم ")
            .or_else(|| line.strip_prefix("By ").filter(|name| is_capitalised(name)))?,
    };
    let name = name.trim();
    (1..=MAX_NAME_WORDS)
        .contains(&name.split_whitespace().count())
        .then_some(name)
}

fn is_capitalised(name: &str) -> bool {
    name.split_whitespace()
        .all(|word| word.starts_with(char::is_uppercase) || word == "and")
}

fn set_byline(judge: &mut Judge<'_>, name: &str) {
    if judge.verdict.byline.is_empty() {
        judge.verdict.byline = name.to_owned();
    }
}

/// Removes the short lines above the title that have nothing to do with the body, or stand among
/// leftovers: names of the paper, of sections, of the editor.
pub(super) fn remove_masthead(judge: &mut Judge<'_>) {
    let Some(title) = judge.verdict.title else {
        return;
    };
    let is_short = |line: &Line<'_>, words| line.words <= words && !line.text.ends_with('.');
    for index in 0..title {
        let line = &judge.lines[index];
        if is_short(line, MAX_MASTHEAD_WORDS) && judge.known_share(index) < 0.2 {
            judge.remove(index, "chrome:masthead");
        }
    }
    for index in 0..title {
        let above = index
            .checked_sub(1)
            .is_none_or(|above| judge.is_removed(above));
        let is_among = above && judge.is_removed(index + 1);
        if is_among && is_short(&judge.lines[index], MAX_AMONG_WORDS) {
            judge.remove(index, "chrome:masthead");
        }
    }
}

//! What the finders hand over: one row of entities for patterns, tables, rules, lists and taggers.
//!
//! Every finder adds to one `Vec<Found>`; [`merged`] decides where two of them claim the same bytes,
//! and the document pass ([`crate::document`]) links what is left.

use std::ops::Range;

use jadwal_core::facts::Label;

/// Who found an entity. Of two that claim the same bytes the later one in this list wins, unless one
/// of them is longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A title or an office before what looks like a name.
    Rule,
    /// The document pass: it repeats a name of the document.
    Document,
    /// A statistical tagger.
    Tagger,
    /// The tables of names.
    Table,
    /// A pattern: date, amount, address.
    Pattern,
    /// A list of the user's own.
    List,
}

/// An entity that was found, before it is known whether it repeats another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) range: Range<usize>,
    pub(crate) label: Label,
    pub(crate) norm: String,
    pub(crate) link: String,
    pub(crate) score: f32,
    pub(crate) source: Source,
}

impl Found {
    /// Returns what a pattern found, without link.
    pub(crate) fn new(range: Range<usize>, label: Label, norm: String, score: f32) -> Self {
        Self {
            range,
            label,
            norm,
            link: String::new(),
            score,
            source: Source::Pattern,
        }
    }

    /// Returns a name without normal form and link.
    pub(crate) fn name(range: Range<usize>, label: Label, score: f32, source: Source) -> Self {
        Self {
            source,
            ..Self::new(range, label, String::new(), score)
        }
    }

    /// What decides between two that overlap, the greater the better: a user's list, then a sure
    /// pattern, then the longer one, then the better source, of which a doubtful pattern is the worst.
    fn rank(&self) -> (u8, usize, Source) {
        let (class, source) = match self.source {
            Source::List => (2, self.source),
            Source::Pattern if self.score >= SURE_PATTERN => (1, self.source),
            // `نيسان` is a month or a car maker.
            Source::Pattern => (0, Source::Rule),
            source => (0, source),
        };
        (class, self.range.len(), source)
    }
}

/// In place of a link: a body that every state has, of which the text does not say whose it is. The
/// document pass takes it out.
pub(crate) const NATIONAL: &str = "national";

/// Patterns below this score (`May` alone) have to yield to a name that is as long.
const SURE_PATTERN: f32 = 0.65;

/// Whether the label is one of a name, not of a pattern.
pub(crate) fn is_name(label: Label) -> bool {
    matches!(
        label,
        Label::Per | Label::Loc | Label::Org | Label::Misc | Label::Event
    )
}

/// Sorts by start and keeps the best of those that overlap, so that none overlap.
pub(crate) fn merged(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|found| !found.range.is_empty());
    found.sort_by_key(|found| (found.range.start, found.range.end));
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for found in found {
        // What was kept does not overlap, so only the last ones can reach into this one.
        let reaching = |kept: &&Found| kept.range.end > found.range.start;
        let clashes = kept.iter().rev().take_while(reaching);
        let (mut count, mut beaten) = (0, false);
        for other in clashes {
            count += 1;
            beaten |= other.rank() >= found.rank();
        }
        if !beaten {
            kept.truncate(kept.len() - count);
            kept.push(found);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(range: Range<usize>, label: Label, source: Source) -> Found {
        Found::name(range, label, 0.8, source)
    }

    #[test]
    fn the_better_of_two_that_overlap_is_kept() {
        let date = |range, score| Found::new(range, Label::Date, "2016".to_owned(), score);
        let table = |range| name(range, Label::Loc, Source::Table);
        let rule = |range| name(range, Label::Per, Source::Rule);
        let list = |range| name(range, Label::Org, Source::List);
        for (found, expected) in [
            // The longer name, whoever found it.
            (vec![table(0..4), rule(0..9)], "0..9"),
            (vec![rule(0..4), table(2..9)], "2..9"),
            // A sure pattern before a longer name, a doubtful one not.
            (vec![date(2..6, 0.9), rule(0..9)], "2..6"),
            (vec![date(2..6, 0.6), rule(0..9)], "0..9"),
            // The user's own list before all.
            (vec![list(3..6), date(0..9, 0.9)], "3..6"),
            (vec![table(0..2), table(3..5), rule(5..5)], "0..2 3..5"),
            // One that loses to one neighbour takes none of the others along.
            (vec![table(0..5), rule(6..8), table(4..7)], "0..5 6..8"),
        ] {
            let ranges: Vec<_> = merged(found)
                .into_iter()
                .map(|found| format!("{:?}", found.range))
                .collect();
            assert_eq!(ranges.join(" "), expected);
        }
    }

    #[test]
    fn of_one_range_the_better_source_is_kept() {
        let twice = vec![
            name(0..4, Label::Loc, Source::Table),
            name(0..4, Label::Per, Source::Rule),
        ];
        assert_eq!(merged(twice)[0].label, Label::Loc);
    }
}

//! Lists what was removed, in the order of the file, nothing twice.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use jadwal_core::facts::Removed;

/// How the rules of lines begin that were marked and not removed.
const MARK: &str = "mark:";

pub(crate) fn removed(raw: Range<usize>, rule: impl Into<Cow<'static, str>>) -> Removed {
    Removed {
        raw,
        rule: rule.into(),
    }
}

/// Returns the rule for lines that were marked and not removed.
pub(crate) fn mark(rule: &str) -> Cow<'static, str> {
    format!("{MARK}{rule}").into()
}

/// Makes one removal of each run of lines that one rule names. `lines` has, for each line in order, its
/// place and the rule that names it, if one does. A run ends where something between two of its lines was removed `before`,
/// which is in order.
pub(crate) fn runs<'r>(
    lines: impl Iterator<Item = Option<(Range<usize>, &'r Cow<'static, str>)>>,
    before: &[Removed],
) -> Vec<Removed> {
    let mut runs: Vec<Removed> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let Some((raw, rule)) = line else {
            goes_on = false;
            continue;
        };
        match runs.last_mut() {
            Some(run)
                if goes_on && run.rule == *rule && !any_in(run.raw.end..raw.start, before) =>
            {
                run.raw.end = raw.end;
            }
            _ => runs.push(removed(raw, rule.clone())),
        }
        goes_on = true;
    }
    runs
}

fn any_in(gap: Range<usize>, removed: &[Removed]) -> bool {
    let next = removed.partition_point(|removed| removed.raw.start < gap.start);
    removed
        .get(next)
        .is_some_and(|next| next.raw.start < gap.end)
}

/// Sorts `all` by their places and lets none lie in another: what was removed with all around it goes
/// without saying, and a mark is parted where something in its line was removed.
pub(crate) fn put_in_order(all: &mut Vec<Removed>) {
    all.sort_by_key(|removed| (removed.raw.start, Reverse(removed.raw.end)));
    let are_apart = |one: &Removed, other: &Removed| one.raw.end <= other.raw.start;
    if all.is_sorted_by(are_apart) {
        return;
    }
    let mut apart: Vec<Removed> = Vec::with_capacity(all.len());
    for mut next in all.drain(..) {
        let Some(last) = apart.last_mut() else {
            apart.push(next);
            continue;
        };
        let end = last.raw.end;
        let mut rest = None;
        if next.raw.start < end && last.rule.starts_with(MARK) {
            next.raw.start = next.raw.start.max(last.raw.start);
            rest = (next.raw.end < end).then(|| removed(next.raw.end..end, last.rule.clone()));
            last.raw.end = next.raw.start;
            if last.raw.is_empty() {
                apart.pop();
            }
        } else if next.raw.start < end {
            next.raw.start = end;
            if next.raw.end <= end {
                continue;
            }
        }
        apart.push(next);
        apart.extend(rest);
    }
    *all = apart;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(of: &[(Range<usize>, &'static str)]) -> Vec<Removed> {
        of.iter()
            .map(|(raw, rule)| removed(raw.clone(), *rule))
            .collect()
    }

    #[test]
    fn none_lies_in_another() {
        let mut removed = all(&[
            (30..50, "mark:a"),
            (5..9, "b"),
            (33..34, "bad"),
            (36..37, "bad"),
            (0..20, "c"),
            (19..22, "d"),
            (49..50, "bad"),
            (60..61, "bad"),
            (60..70, "mark:e"),
        ]);
        put_in_order(&mut removed);
        let expected = all(&[
            (0..20, "c"),
            (20..22, "d"),
            (30..33, "mark:a"),
            (33..34, "bad"),
            (34..36, "mark:a"),
            (36..37, "bad"),
            (37..49, "mark:a"),
            (49..50, "bad"),
            (60..61, "bad"),
            (61..70, "mark:e"),
        ]);
        assert_eq!(removed, expected);
    }

    #[test]
    fn runs_end_where_something_was_removed() {
        let rules = [Cow::Borrowed("a"), Cow::Borrowed("b")];
        let lines = [(0..4, 0), (5..9, 0), (20..24, 0), (25..29, 1), (30..34, 0)];
        let lines = lines.map(|(raw, rule)| Some((raw, &rules[rule])));
        let lines = lines.into_iter().chain([None, Some((40..44, &rules[0]))]);
        let runs = runs(lines, &all(&[(2..3, "bad"), (10..12, "html")]));
        let expected = [
            (0..9, "a"),
            (20..24, "a"),
            (25..29, "b"),
            (30..34, "a"),
            (40..44, "a"),
        ];
        assert_eq!(runs, all(&expected));
    }
}

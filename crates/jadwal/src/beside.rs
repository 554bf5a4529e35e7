//! Puts two texts beside each other, line by line: what both have, and what only one has.

use std::collections::HashMap;

use jadwal_core::fold::fold;

/// A line of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// It stands in both, as the second has it; spelling may differ.
    Both(&'a str),
    /// It stands in the first only.
    First(&'a str),
    /// It stands in the second only.
    Second(&'a str),
}

/// Returns the lines of both texts in the order of the second; what only the first has stands before
/// the next line that both have. Blank lines are left out. Takes time linear in the texts.
pub(crate) fn beside<'a>(first: &'a str, second: &'a str) -> Vec<Line<'a>> {
    let filled = |text: &'a str| -> Vec<(&'a str, String)> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| (line, fold(line))).collect()
    };
    let (first, second) = (filled(first), filled(second));
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, (_, folded)) in first.iter().enumerate().rev() {
        places.entry(folded).or_default().push(place);
    }
    // Each line of the first is the partner of one line of the second at the most.
    let partners: Vec<_> = second
        .iter()
        .map(|(_, folded)| places.get_mut(folded.as_str()).and_then(Vec::pop))
        .collect();
    let mut taken = vec![false; first.len()];
    partners
        .iter()
        .flatten()
        .for_each(|place| taken[*place] = true);
    let alone = |from: usize, to: usize| {
        let places = (from..to).filter(|place| !taken[*place]);
        places
            .map(|place| Line::First(first[place].0))
            .collect::<Vec<_>>()
    };
    let mut lines = Vec::with_capacity(first.len() + second.len());
    let mut told = 0;
    for ((line, _), partner) in second.iter().zip(&partners) {
        let Some(place) = *partner else {
            lines.push(Line::Second(line));
            continue;
        };
        if place > told {
            lines.extend(alone(told, place));
            told = place;
        }
        lines.push(Line::Both(line));
    }
    lines.extend(alone(told, first.len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_texts_stand_once() {
        let cases: [(&str, &str, &[Line<'_>]); 5] = [
            ("a\n\nb", "a\nb", &[Line::Both("a"), Line::Both("b")]),
            (
                "a\nb\nc",
                "a\nd\nc",
                &[
                    Line::Both("a"),
                    Line::Second("d"),
                    Line::First("b"),
                    Line::Both("c"),
                ],
            ),
            ("إلى", "الي", &[Line::Both("الي")]),
            ("a\na", "a", &[Line::Both("a"), Line::First("a")]),
            ("b\na", "a\nb", &[Line::Both("a"), Line::Both("b")]),
        ];
        for (first, second, wanted) in cases {
            assert_eq!(beside(first, second), wanted, "{first:?} {second:?}");
        }
    }
}

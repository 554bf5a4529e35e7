//! The labels of single words: outside, or first or later word of a name of one of four types.

use jadwal_core::facts::Label;

/// Number of labels.
pub(crate) const LABELS: usize = 9;
/// The label of words that are in no name.
pub(crate) const OUTSIDE: usize = 0;
/// The types, in the order of the labels.
pub(crate) const TYPES: [Label; 4] = [Label::Per, Label::Loc, Label::Org, Label::Misc];

/// Returns the label of the first word of a name of type `kind`.
pub(crate) const fn first_of(kind: usize) -> usize {
    1 + 2 * kind
}

/// Whether the label stands for a later word of a name.
pub(crate) const fn goes_on(label: usize) -> bool {
    label != OUTSIDE && label.is_multiple_of(2)
}

/// Returns the type of a label that is not [`OUTSIDE`].
pub(crate) const fn kind_of(label: usize) -> usize {
    (label - 1) / 2
}

/// Whether `next` may stand right behind `label`; the start of a sentence is `None`.
pub(crate) fn may_follow(label: Option<usize>, next: usize) -> bool {
    if !goes_on(next) {
        return true;
    }
    label.is_some_and(|label| label != OUTSIDE && kind_of(label) == kind_of(next))
}

/// Calls `tell` with first word, word behind the last, and type of each name in `labels`.
pub(crate) fn each_name(labels: &[u8], mut tell: impl FnMut(usize, usize, usize)) {
    let mut at = 0;
    while at < labels.len() {
        let label = usize::from(labels[at]);
        let start = at;
        at += 1;
        if label == OUTSIDE {
            continue;
        }
        let inside = first_of(kind_of(label)) + 1;
        while at < labels.len() && usize::from(labels[at]) == inside {
            at += 1;
        }
        tell(start, at, kind_of(label));
    }
}

//! The word forms that were met lately, with what depends on a form alone.
//!
//! Any form may be forgotten at any time: what is kept is only what would be computed again. Each form has
//! two places that it may be in, so that two frequent forms do not drive each other out. Small texts use a
//! small table; it doubles when more forms were computed than it has room for.

use crate::tagger::features::{FormFacts, PLACES};
use crate::tagger::labels::LABELS;
use crate::tagger::network::{HIDDEN, Pushes, SPAN};
use crate::tagger::rows::Sums;

/// Word forms that are kept at first and at the most, powers of two. At the most they are 3 MB for each language and
/// thread, and 10 MB more where the model has a network; twice as many would make free text a twelfth faster.
const FIRST_FORMS: usize = 1 << 9;
const MOST_FORMS: usize = 1 << 14;

/// What is kept of a word form.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) facts: FormFacts,
    /// The sums of its features' weights for each place that it speaks about.
    pub(crate) sums: [Sums; PLACES],
}

const NOTHING: Kept = Kept {
    facts: FormFacts::NOTHING,
    sums: [[0; LABELS - 1]; PLACES],
};

const NO_PUSHES: [Pushes; 2] = [[[0; HIDDEN]; SPAN]; 2];

/// The table.
pub(crate) struct Forms {
    /// Hashes of the forms, in pairs of places; apart from the rest, so that looking for a form reads little.
    hashes: Vec<[u64; 2]>,
    kept: Vec<[Kept; 2]>,
    /// What each form adds to the network's units; empty where there is no network.
    pushes: Vec<[Pushes; 2]>,
    /// Forms that were computed since the table grew.
    computed: usize,
}

impl Forms {
    /// Returns an empty table, with room for what is added to a network's units if there is one.
    pub(crate) fn new(with_network: bool) -> Self {
        let pushes = if with_network { FIRST_FORMS / 2 } else { 0 };
        Self {
            hashes: vec![[0; 2]; FIRST_FORMS / 2],
            kept: vec![[NOTHING; 2]; FIRST_FORMS / 2],
            pushes: vec![NO_PUSHES; pushes],
            computed: 0,
        }
    }

    /// Keeps more forms from now on, where so many words come or so many forms were computed: a small text
    /// shall not pay for room that it does not need.
    pub(crate) fn make_room(&mut self, words: usize) {
        let wanted = match self.computed > 2 * self.hashes.len() {
            true => 4 * self.hashes.len(),
            false => words.next_power_of_two(),
        };
        let wanted = wanted.min(MOST_FORMS) / 2;
        if wanted > self.hashes.len() {
            self.hashes.clear();
            self.hashes.resize(wanted, [0; 2]);
            self.kept.clear();
            self.kept.resize(wanted, [NOTHING; 2]);
            if !self.pushes.is_empty() {
                self.pushes.clear();
                self.pushes.resize(wanted, NO_PUSHES);
            }
            self.computed = 0;
        }
    }

    /// Returns what is kept of the form with this hash; what is not is computed, which is to write what the form adds to
    /// a network's units where there is one.
    #[inline]
    pub(crate) fn get(
        &mut self,
        form: u64,
        compute: impl FnOnce(Option<&mut Pushes>) -> Kept,
    ) -> (&Kept, Option<&Pushes>) {
        let at = form as usize & (self.hashes.len() - 1);
        let hashes = &mut self.hashes[at];
        let place = if hashes[0] == form {
            0
        } else if hashes[1] == form {
            1
        } else {
            self.computed += 1;
            // One place or the other, so that a row of new forms leaves something of the old ones.
            let place = self.computed % 2;
            hashes[place] = form;
            let pushes = self.pushes.get_mut(at).map(|pushes| &mut pushes[place]);
            self.kept[at][place] = compute(pushes);
            place
        };
        let pushes = self.pushes.get(at).map(|pushes| &pushes[place]);
        (&self.kept[at][place], pushes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: u64) -> Kept {
        Kept {
            facts: FormFacts {
                word: form,
                ..FormFacts::NOTHING
            },
            ..NOTHING
        }
    }

    #[test]
    fn each_form_gets_its_own() {
        let mut forms = Forms::new(false);
        for round in 0..3 {
            forms.make_room(40 << (4 * round));
            for form in (1..100_000).chain(1..10) {
                assert_eq!(forms.get(form, |_| of(form)).0.facts.word, form);
            }
        }
    }

    #[test]
    fn two_forms_of_one_place_are_both_kept() {
        let mut forms = Forms::new(false);
        for form in [7, 7 + (1 << 40)] {
            forms.get(form, |_| of(form));
        }
        let mut again = 0;
        for form in [7, 7 + (1 << 40), 7] {
            forms.get(form, |_| {
                again += 1;
                of(form)
            });
        }
        assert_eq!(again, 0);
    }

    #[test]
    fn the_table_grows_where_forms_are_many_and_not_without_end() {
        let mut forms = Forms::new(false);
        for text in 0..40 {
            forms.make_room(100);
            for form in 1..10_000 {
                forms.get(form << 20 | text, |_| of(form));
                forms.get(
                    (form + text * 7919).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                    |_| of(form),
                );
            }
        }
        assert_eq!(forms.hashes.len(), MOST_FORMS / 2);
    }
}

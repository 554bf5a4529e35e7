//! How alike a new text, at hand as a whole, and a stored one are, of which a sample is known.

use crate::sketch::{Reading, Sketch};

/// How alike a new text and a stored one are, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Likeness {
    /// Jaccard similarity of their shingles.
    pub(crate) jaccard: f32,
    /// Share of the new text that stands in the stored one.
    pub(crate) new_in_old: f32,
    /// Share of the stored text that stands in the new one.
    pub(crate) old_in_new: f32,
}

impl Likeness {
    /// Whether each of the three is below that of `least`.
    fn is_below(&self, least: &Self) -> bool {
        self.jaccard < least.jaccard
            && self.new_in_old < least.new_in_old
            && self.old_in_new < least.old_in_new
    }
}

impl Reading {
    /// Compares the whole of this text with the sample of `old`; `None` where all of the likeness is
    /// below `least`.
    pub(crate) fn likeness(&self, old: &Sketch, least: &Likeness) -> Option<Likeness> {
        let shift = old.sample.shift();
        let theirs = &old.sample.values;
        // Only what could be in the sample is compared.
        let ours = match theirs.last() {
            Some(last) if !old.sample.is_whole() => {
                let end = self
                    .shingles
                    .partition_point(|value| value >> shift <= *last);
                &self.shingles[..end]
            }
            _ => &self.shingles[..],
        };
        // Most candidates share a phrase and no more. That is seen without a comparison of all.
        let needed = self.needed(ours.len(), old, least);
        let most = self.outline.most_in_common(theirs, shift, needed)?;
        let could_be = self.estimate(ours.len(), most, old);
        if could_be.is_below(least) {
            return None;
        }
        let likeness = self.estimate(ours.len(), common(ours, shift, theirs), old);
        (!likeness.is_below(least)).then_some(likeness)
    }

    /// Returns a number of shingles in common that is not above the least with which the likeness, estimated
    /// as in [`Self::estimate`], is not below `least`.
    fn needed(&self, sampled: usize, old: &Sketch, least: &Likeness) -> usize {
        if self.are_few(sampled, old) {
            return 0;
        }
        let (new, stored) = (sampled as f32, old.sample.values.len() as f32);
        let union = least.jaccard / (1.0 + least.jaccard) * (new + stored);
        let needed = union
            .min(least.new_in_old * new)
            .min(least.old_in_new * stored);
        // More than what is lost by rounding.
        (needed - 0.01).max(0.0) as usize
    }

    /// Returns the likeness to `old` where `both` shingles are common to its sample and the `sampled`
    /// ones of this text that could be in it.
    fn estimate(&self, sampled: usize, both: usize, old: &Sketch) -> Likeness {
        let both = both as f32;
        let (new, stored) = (sampled as f32, old.sample.values.len() as f32);
        Likeness {
            jaccard: both / (new + stored - both).max(1.0),
            new_in_old: self.containment(sampled, both, old),
            old_in_new: both / stored.max(1.0),
        }
    }

    /// Whether so few shingles of this text could be in the sample of `old` that they say nothing.
    fn are_few(&self, sampled: usize, old: &Sketch) -> bool {
        const ENOUGH: usize = 8;
        sampled < ENOUGH && !old.sample.is_whole()
    }

    /// A short text has too few shingles in the sample of a very long one: there its pieces speak.
    fn containment(&self, sampled: usize, both: f32, old: &Sketch) -> f32 {
        if !self.are_few(sampled, old) {
            return both / (sampled as f32).max(1.0);
        }
        if !old.all_pieces || self.pieces.len() < 2 {
            return 0.0;
        }
        let known = |piece: &&u32| old.pieces.binary_search(piece).is_ok();
        self.pieces.iter().filter(known).count() as f32 / self.pieces.len() as f32
    }
}

/// Values that are looked at between two looks at whether they still suffice.
const AT_ONCE: usize = 16;

/// Which upper bits the shingles of a text have: one bit of 64 a shingle is set, or fewer.
#[derive(Debug)]
pub(crate) struct Outline {
    bits: Vec<u64>,
    /// Upper bits that choose a bit.
    width: u32,
}

impl Outline {
    pub(crate) fn of(shingles: &[u32]) -> Self {
        let count = (shingles.len() as u32).clamp(1 << 4, 1 << 14);
        let width = count.next_power_of_two().ilog2() + 6;
        let mut bits = vec![0; 1 << (width - 6)];
        for shingle in shingles {
            let at = shingle >> (32 - width);
            bits[(at >> 6) as usize] |= 1 << (at & 63);
        }
        Self { bits, width }
    }

    /// Returns a number that is not below the number of shingles whose value cut by `shift` bits is one
    /// of `cut`; `None` as soon as that is seen to be below `needed`.
    fn most_in_common(&self, cut: &[u32], shift: u32, needed: usize) -> Option<usize> {
        // Of a text so short that fewer bits of a shingle are kept, all are compared.
        let Some(away) = (32 - self.width).checked_sub(shift) else {
            return Some(cut.len());
        };
        let is_set = |at: u32| self.bits[(at >> 6) as usize] >> (at & 63) & 1;
        let (mut most, mut rest) = (0, cut.len());
        for some in cut.chunks(AT_ONCE) {
            let set = some.iter().map(|value| is_set(value >> away) as usize);
            most += set.sum::<usize>();
            rest -= some.len();
            if most + rest < needed {
                return None;
            }
        }
        Some(most)
    }
}

/// Counts the values of `cut` that `sorted` has, its values cut by `shift` bits; both rise.
///
/// Steps are sums of comparisons, not branches: which side is behind can't be foreseen.
fn common(sorted: &[u32], shift: u32, cut: &[u32]) -> usize {
    let (mut left, mut right, mut count) = (0, 0, 0);
    while left < sorted.len() && right < cut.len() {
        let (ours, theirs) = (sorted[left] >> shift, cut[right]);
        left += usize::from(ours <= theirs);
        right += usize::from(theirs <= ours);
        count += usize::from(ours == theirs);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::tests::{pair, read};

    const NOTHING: Likeness = Likeness {
        jaccard: 0.0,
        new_in_old: 0.0,
        old_in_new: 0.0,
    };

    #[test]
    fn likeness_is_exact_for_short_texts_and_near_for_long_ones() {
        for size in [40, 120, 400, 3000] {
            let mut error = 0.0_f32;
            for seed in 0..30 {
                let (left, right) = pair(size, size / 2, seed);
                let shared = (size / 2 - 2) as f32;
                let all = (size - 2) as f32;
                let found = left.likeness(&right.sketch, &NOTHING).unwrap();
                let off = found.jaccard - shared / (2.0 * all - shared);
                let contained = found.new_in_old - shared / all;
                error += off * off + contained * contained;
                assert!(size > 130 || off.abs() < 0.001, "{size}: {off}");
            }
            let error = (error / 60.0).sqrt();
            assert!(error < 0.05, "{size} words: {error}");
        }
    }

    /// A bound spares comparisons and changes no answer.
    #[test]
    fn a_likeness_is_told_from_its_bound_on() {
        let mut told = 0;
        for size in [9, 12, 20, 40, 90, 131, 400, 3000, 40_000] {
            for seed in 0..8 {
                let (left, right) = pair(size, size * seed / 8, seed);
                let whole = left.likeness(&right.sketch, &NOTHING).unwrap();
                for bound in [0.1, 0.25, 0.5, 0.9] {
                    let least = Likeness {
                        jaccard: bound / 2.0,
                        new_in_old: bound,
                        old_in_new: bound,
                    };
                    let wanted = (!whole.is_below(&least)).then_some(whole);
                    let found = left.likeness(&right.sketch, &least);
                    assert_eq!(found, wanted, "{size}, {seed}, {bound}");
                    told += usize::from(found.is_some());
                }
            }
        }
        assert!((60..230).contains(&told), "{told}");
    }

    #[test]
    fn a_text_in_a_longer_one_is_contained() {
        let long = read(0..2000);
        for (from, to) in [(100, 400), (1500, 1740)] {
            let found = read(from..to).likeness(&long.sketch, &NOTHING).unwrap();
            assert!(found.new_in_old > 0.95, "{from} to {to}: {found:?}");
            assert!(found.jaccard < 0.3, "{found:?}");
        }
        let found = read(5000..5300).likeness(&long.sketch, &NOTHING).unwrap();
        assert!(found.new_in_old < 0.05 && found.jaccard < 0.05);
    }
}

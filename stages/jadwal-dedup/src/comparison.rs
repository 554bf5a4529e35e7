//! What the figures of two texts say of their relation: whether they are versions of one text or two
//! issues of a series.
//!
//! Figures of one frame *agree* or *conflict*. An edited copy agrees, a revision conflicts in a few, an
//! issue of a series in most.

use crate::few::Few;
use crate::figures::{Figure, MOST_FIGURES};

/// Words that a text has at least for each figure that a later version of it corrects.
const WORDS_A_CORRECTION: usize = 80;
/// The same where nothing was added.
const WORDS_A_MERE_CORRECTION: usize = 200;
/// Shorter reports of one length with another figure are two issues.
const SHORT_REPORT: u32 = 100;
/// A text of fewer words may be a report with a closing line as well as a story with a new one.
const SHORT_STORY: u32 = 80;
/// Words of a short sentence.
pub(crate) const SENTENCE: u32 = 6;

/// What the figures of two texts have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Figures of the text that has fewer.
    pub(crate) fewer: usize,
    /// Values that stand in both, wherever.
    pub(crate) shared: usize,
    /// Frames whose figures are the same.
    pub(crate) agree: usize,
    /// Frames whose figures differ.
    pub(crate) conflict: usize,
    /// Those of the conflicts that are dates.
    pub(crate) dates_conflict: usize,
    /// 1 where both have dates, in other frames, and most are not the same.
    pub(crate) other_dates: usize,
}

impl Comparison {
    /// Compares two lists of figures, each sorted.
    pub(crate) fn of(left: &[Figure], right: &[Figure]) -> Self {
        let mut found = Self {
            fewer: left.len().min(right.len()),
            shared: shared(left, right),
            ..Self::default()
        };
        for (ours, theirs) in frames(left, right) {
            let agree = common(ours, theirs, |figure| figure.value);
            let conflict = ours.len().min(theirs.len()) - agree;
            found.agree += agree;
            found.conflict += conflict;
            if conflict > 0 && ours.iter().any(|figure| figure.is_date()) {
                found.dates_conflict += conflict;
            }
        }
        // Where the words around the dates differ too, the dates as such are compared.
        found.other_dates = usize::from(found.dates_conflict == 0 && other_dates(left, right));
        found
    }

    /// Whether two texts of so many words are issues of a series and not versions of one text.
    /// `sentences`: those that both have but for figures, where that is known.
    pub(crate) fn is_series(
        &self,
        words: [u32; 2],
        places: Places,
        sentences: Option<Sentences>,
    ) -> bool {
        // Less than 40 % in common.
        if self.fewer >= 4 && self.shared * 5 < self.fewer * 2 {
            return true;
        }
        // Figures change at one address for other reasons too.
        if self.conflict + self.other_dates == 0 || places.same_url {
            return false;
        }
        if self.is_correction(words) {
            return false;
        }
        if words.iter().all(|count| *count < SHORT_REPORT) && of_one_length(words) {
            return true;
        }
        let dates = self.dates_conflict + self.other_dates;
        // A frame is printed again as it is; a story is told again, or told on. Of short texts with a
        // line of the site's own below that can't be seen.
        if self.dates_conflict > 0 && sentences.is_some_and(|sentences| sentences.are_a_frame()) {
            return true;
        }
        if let Some(sentences) = sentences
            && words.iter().all(|count| *count >= SHORT_STORY)
        {
            let retold = sentences.are_rewritten() && self.conflict <= self.agree + 1;
            let grown = sentences.have_grown() && dates == 0 && !of_one_length(words);
            if retold || grown {
                return false;
            }
        }
        // The date of the report itself weighs twice.
        let weight = self.conflict + self.other_dates + dates;
        match sentences.map(|sentences| sentences.are_the_same()) {
            // Nothing was written but figures.
            Some(true) => dates > 0 || self.conflict * 3 > self.agree,
            _ if places.same_host => weight >= self.agree,
            _ => weight * 2 >= self.agree,
        }
    }

    /// Whether one of two texts of the same day is the other with a few figures corrected. As a rule
    /// something was added too; the issues of a report are of one length.
    fn is_correction(&self, words: [u32; 2]) -> bool {
        let words_a_correction = if of_one_length(words) {
            WORDS_A_MERE_CORRECTION
        } else {
            WORDS_A_CORRECTION
        };
        let shorter = words[0].min(words[1]) as usize;
        let dates = self.dates_conflict + self.other_dates;
        dates == 0 && self.conflict * words_a_correction <= shorter
    }
}

/// How many sentences of some length two texts have, each for itself and in common, whatever their
/// figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentences {
    pub(crate) shared: usize,
    pub(crate) new: usize,
    pub(crate) old: usize,
}

impl Sentences {
    /// Whether nothing but figures was written anew.
    pub(crate) fn are_the_same(&self) -> bool {
        self.shared * 10 >= (self.new + self.old - self.shared) * 9
    }

    /// Whether most of the shorter text stands in the other, whatever hangs below, and neither goes on.
    fn are_a_frame(&self) -> bool {
        self.shared * 4 >= self.new.min(self.old) * 3 && self.new.abs_diff(self.old) <= 1
    }

    /// Whether the new text has nearly all of the old one, and more.
    fn have_grown(&self) -> bool {
        self.new > self.old && self.shared * 5 >= self.old * 4
    }

    /// Whether most of the text is in other words.
    fn are_rewritten(&self) -> bool {
        self.shared * 2 < self.new.min(self.old)
    }
}

/// Whether nothing was added that is as long as a sentence.
fn of_one_length([left, right]: [u32; 2]) -> bool {
    left.abs_diff(right) < SENTENCE
}

/// What the addresses of two documents have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) same_url: bool,
    pub(crate) same_host: bool,
}

/// Whether both texts have dates, and less than half of them in common: an issue may come out on the same
/// weekday or in the same month.
fn other_dates(left: &[Figure], right: &[Figure]) -> bool {
    let is_date = |figure: &&Figure| figure.is_date();
    let [left, right] = [left, right].map(|figures| values(figures.iter().filter(is_date)));
    let common = left.iter().filter(|date| right.contains(date));
    common.count() * 2 < left.len().min(right.len())
}

/// Returns how many values stand in both lists.
fn shared(left: &[Figure], right: &[Figure]) -> usize {
    let [left, right] = [left, right].map(|figures| {
        let mut values = values(figures.iter());
        values.sort_unstable();
        values
    });
    common(&left, &right, |value| *value)
}

/// Returns the values of figures of one text.
fn values<'a>(figures: impl Iterator<Item = &'a Figure>) -> Few<u16, MOST_FIGURES> {
    figures.map(|figure| figure.value).collect()
}

/// Returns the size of the common part of two lists, each sorted by `key`.
fn common<T>(left: &[T], right: &[T], key: impl Fn(&T) -> u16) -> usize {
    let (mut at, mut count) = (0, 0);
    for one in left {
        while at < right.len() && key(&right[at]) < key(one) {
            at += 1;
        }
        if at < right.len() && key(&right[at]) == key(one) {
            at += 1;
            count += 1;
        }
    }
    count
}

/// Returns the figures of each frame that stands in both lists.
pub(crate) fn frames<'a>(
    left: &'a [Figure],
    right: &'a [Figure],
) -> impl Iterator<Item = (&'a [Figure], &'a [Figure])> {
    left.chunk_by(|a, b| a.frame == b.frame)
        .filter_map(move |ours| {
            let frame = ours[0].frame;
            let start = right.partition_point(|figure| figure.frame < frame);
            let theirs = &right[start..];
            let end = theirs.partition_point(|figure| figure.frame == frame);
            (end > 0).then_some((ours, &theirs[..end]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Reader;
    use jadwal_core::fold::Folded;

    const FAR: Places = Places {
        same_url: false,
        same_host: false,
    };

    fn sorted(text: &str) -> Vec<Figure> {
        let padded = format!("{text} كلمات لا رقم فيها تكفي لأن يقرأ النص كله");
        let reading = Reader::new().read(Folded::of(&padded)).unwrap();
        reading.sketch.figures.to_vec()
    }

    fn compare(left: &str, right: &str) -> Comparison {
        Comparison::of(&sorted(left), &sorted(right))
    }

    #[test]
    fn figures_of_one_frame_agree_or_conflict() {
        let cases = [
            (
                "بلغ عدد القتلى 12 شخصا",
                "بلغ عدد القتلى 12 شخصا",
                (1, 0, 0),
            ),
            (
                "بلغ عدد القتلى 12 شخصا",
                "بلغ عدد القتلى 15 شخصا",
                (0, 1, 0),
            ),
            (
                "بلغ عدد القتلى 12 شخصا",
                "بلغ عدد الجرحى 15 شخصا",
                (0, 0, 0),
            ),
            (
                "عقد الاجتماع يوم الأحد مساء",
                "عقد الاجتماع يوم الاثنين مساء",
                (0, 1, 1),
            ),
            // The words around the dates differ too.
            ("مساء الأحد حادث", "صباح الاثنين لقاء", (0, 0, 1)),
            ("مساء الأحد حادث", "صباح الأحد لقاء", (0, 0, 0)),
            (
                "الطقس في الرياض يوم الأربعاء 24 مايو",
                "الطقس في الرباط يوم الأربعاء 10 أغسطس",
                (0, 0, 1),
            ),
            (
                "الطقس في الرياض يوم الأربعاء 24 مايو",
                "وفي الرباط أيضا الأربعاء 24 مايو",
                (0, 0, 0),
            ),
        ];
        for (left, right, wanted) in cases {
            let found = compare(left, right);
            let found = (
                found.agree,
                found.conflict,
                found.dates_conflict + found.other_dates,
            );
            assert_eq!(found, wanted, "{left} and {right}");
        }
    }

    #[test]
    fn issues_and_versions_are_told_apart() {
        let compared = |fewer, shared, agree, conflict, dates_conflict| Comparison {
            fewer,
            shared,
            agree,
            conflict,
            dates_conflict,
            other_dates: 0,
        };
        let sentences = |shared, new, old| Some(Sentences { shared, new, old });
        let other_dates = Comparison {
            other_dates: 1,
            ..compared(3, 2, 2, 0, 0)
        };
        // Name, figures, words of the new text and the old one, sentences, whether it is a series.
        let cases = [
            (
                "nothing in common",
                compared(6, 2, 0, 0, 0),
                [300, 300],
                None,
                true,
            ),
            (
                "most in common",
                compared(6, 5, 5, 0, 0),
                [300, 300],
                None,
                false,
            ),
            (
                "one corrected in a long text",
                compared(6, 5, 5, 1, 0),
                [300, 300],
                sentences(9, 9, 9),
                false,
            ),
            (
                "another day",
                compared(6, 4, 4, 1, 1),
                [300, 300],
                sentences(9, 9, 9),
                true,
            ),
            (
                "another day, with another closing line",
                compared(9, 7, 7, 2, 1),
                [105, 106],
                sentences(5, 6, 6),
                true,
            ),
            (
                "grown, with both figures corrected",
                compared(2, 0, 0, 2, 0),
                [160, 110],
                sentences(6, 9, 7),
                false,
            ),
            (
                "grown, on another day",
                compared(2, 0, 0, 2, 1),
                [160, 110],
                sentences(6, 9, 7),
                true,
            ),
            (
                "short, with a closing line",
                compared(2, 1, 1, 1, 0),
                [75, 60],
                sentences(3, 4, 3),
                true,
            ),
            (
                "a frame with another date elsewhere",
                other_dates,
                [120, 130],
                sentences(5, 7, 7),
                true,
            ),
            (
                "rewritten, with another date elsewhere",
                other_dates,
                [120, 130],
                sentences(1, 7, 7),
                false,
            ),
            (
                "short and of one length",
                compared(2, 1, 1, 1, 0),
                [60, 61],
                sentences(2, 3, 3),
                true,
            ),
            (
                "no figures",
                compared(0, 0, 0, 0, 0),
                [60, 60],
                sentences(3, 3, 3),
                false,
            ),
        ];
        for (name, comparison, words, sentences, wanted) in cases {
            let found = comparison.is_series(words, FAR, sentences);
            assert_eq!(found, wanted, "{name}");
        }
        let same_url = Places {
            same_url: true,
            same_host: true,
        };
        let corrected = compared(3, 1, 1, 2, 0);
        assert!(!corrected.is_series([60, 60], same_url, sentences(3, 3, 3)));
    }
}

//! Reads a text for near-duplicate search: bands to find candidates, a sample and figures to verify.
//!
//! - *Shingles* are the word 3-grams of the folded text, as 32-bit hashes.
//! - *Bands*: 32 bands of 4 minima each, over 128 bins. The minima are those of fast similarity
//!   sketching (Dahlgaard, Knudsen, Thorup: "Fast similarity sketching", FOCS 2017): as for one-
//!   permutation hashing each shingle falls into one bin a round, and rounds go on until no bin is
//!   empty; so a short text has as good a sketch as a long one, and two bins are equal with
//!   probability J, as with 128 permutations, in a few rounds over the shingles.
//! - *Runs*: the 24 smallest hashes of six words in a row, whatever figures stand in them: a second way
//!   to candidates. Six words in a row are rare, so one in common is enough; an excerpt shares some
//!   with the whole, and a text that was edited in each sentence shares some where no sentence is left.
//! - *Pieces*: hashes of the sentences and lines of eight words and more, whatever figures stand in
//!   them: they tell what a version adds, and which texts are one frame with other figures.
//! - *Whole keys*: one of all figures and one of all names of a text, a third way to candidates.
//! - *Sample*: the 128 smallest shingles. Of a text up to 130 words that is all of them, and every
//!   comparison is exact; of a longer one the sample gives Jaccard and both containments to about .04.

use std::ops::Range;

use jadwal_core::fold::Folded;
use jadwal_core::shingle::{hashed_words, mix, sequence_hash, shingles};

use crate::comparison::Sentences;
use crate::few::Few;
use crate::figures::{Figure, Lexicon, MOST_FIGURES, Word};
use crate::likeness::Outline;
use crate::names::{MOST_NAMES, Names};

/// Words of a shingle.
pub(crate) const SHINGLE_WORDS: usize = 3;
/// Bands of a sketch; one that agrees makes a candidate.
pub(crate) const BANDS: usize = 32;
/// Minima of a band.
pub(crate) const ROWS: usize = 4;
/// Shingles that are kept of a document.
pub(crate) const SAMPLE: usize = 128;
/// Words that a piece has at least: shorter ones are headlines and phrases that many texts share.
pub(crate) const PIECE_WORDS: usize = 8;
/// Words whose memory is kept from text to text; news has fewer.
const KEPT_WORDS: usize = 1 << 14;
/// Pieces kept of a document, those with the smallest hashes.
pub(crate) const MOST_PIECES: usize = 24;
/// Words of a run.
pub(crate) const RUN_WORDS: usize = 6;
/// Runs kept of a document.
pub(crate) const RUNS: usize = 24;
/// Words that a text has at least to be compared at all: below that everything is like everything.
const LEAST_WORDS: usize = 8;

const BINS: usize = BANDS * ROWS;

/// What is stored of a document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Number of its words.
    pub(crate) words: u32,
    /// Keys of its bands.
    pub(crate) bands: [u32; BANDS],
    /// Its smallest runs.
    pub(crate) runs: Few<u32, RUNS>,
    /// Its smallest shingles.
    pub(crate) sample: Sample,
    /// Its pieces with the smallest hashes, sorted.
    pub(crate) pieces: Few<u32, MOST_PIECES>,
    /// Whether these are all of its pieces.
    pub(crate) all_pieces: bool,
    /// Its figures, sorted.
    pub(crate) figures: Few<Figure, MOST_FIGURES>,
    /// Hashes of the names in a short text, sorted.
    pub(crate) names: Few<u16, MOST_NAMES>,
    /// Keys of the figures and of the names as a whole; see [`whole_keys`].
    pub(crate) whole: Few<u32, 2>,
}

/// The smallest shingles of a text, sorted, cut to the bits that tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Distinct shingles of the text.
    pub(crate) of: u32,
    /// The smallest of them without their lowest `shift` bits.
    pub(crate) values: Few<u32, SAMPLE>,
}

impl Sample {
    fn new(sorted: &[u32]) -> Self {
        let of = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        let shift = Self::shift_of(of);
        let values = sorted.iter().map(|value| value >> shift).collect();
        Self { of, values }
    }

    /// Bits that are cut off: what is left tells a shingle from its next neighbour 2000 to 1, in two
    /// bytes of the stored form.
    fn shift_of(of: u32) -> u32 {
        of.max(1).leading_zeros().saturating_sub(10)
    }

    pub(crate) fn shift(&self) -> u32 {
        Self::shift_of(self.of)
    }

    /// Whether these are all shingles of the text.
    pub(crate) fn is_whole(&self) -> bool {
        self.of as usize <= SAMPLE
    }
}

/// A new text, read: its sketch, and what is only known while the text is at hand.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) sketch: Sketch,
    /// All shingles, sorted, each once.
    pub(crate) shingles: Vec<u32>,
    /// The upper bits that a shingle has.
    pub(crate) outline: Outline,
    /// Pieces in the order of the text.
    pub(crate) pieces: Vec<u32>,
    /// Words of each piece.
    piece_words: Vec<u32>,
    /// Figures in the order of the text.
    figures: Vec<(Figure, Range<usize>)>,
    /// The folded text.
    text: String,
}

/// Reads texts.
pub(crate) struct Reader {
    lexicon: Lexicon,
    names: Names,
    /// The words of the text that is read; kept for their memory.
    words: Vec<Word>,
    hashes: Vec<u64>,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            lexicon: Lexicon::new(),
            names: Names::new(),
            words: Vec::new(),
            hashes: Vec::new(),
        }
    }

    /// Reads `folded`; `None` where it is too short to be compared.
    pub(crate) fn read(&mut self, folded: Folded) -> Option<Reading> {
        self.read_words(&folded.text);
        let Self {
            lexicon,
            names,
            words,
            hashes,
        } = self;
        if words.len() < LEAST_WORDS {
            return None;
        }
        hashes.clear();
        hashes.extend(words.iter().map(|word| word.hash));
        let shingles = distinct(shingles(hashes, SHINGLE_WORDS));
        let (pieces, piece_words) = pieces_of(&folded, words, hashes);
        let mut sorted_pieces = pieces.clone();
        sorted_pieces.sort_unstable();
        sorted_pieces.dedup();
        let all_pieces = sorted_pieces.len() <= MOST_PIECES;
        let figures = lexicon.figures(&folded.text, words);
        let mut sorted_figures: Few<_, MOST_FIGURES> =
            figures.iter().map(|(figure, _)| *figure).collect();
        sorted_figures.sort_unstable();
        let names = names.of(&folded, words);
        let place = |(figure, index): (Figure, usize)| (figure, words[index].range.clone());
        Some(Reading {
            sketch: Sketch {
                words: u32::try_from(words.len()).unwrap_or(u32::MAX),
                bands: bands(&shingles),
                runs: runs(words, hashes),
                sample: Sample::new(&shingles),
                pieces: sorted_pieces.into_iter().collect(),
                all_pieces,
                whole: whole_keys(&sorted_figures, &names),
                figures: sorted_figures,
                names,
            },
            outline: Outline::of(&shingles),
            shingles,
            pieces,
            piece_words,
            figures: figures.into_iter().map(place).collect(),
            text: folded.text,
        })
    }

    /// Returns the pieces of `folded`, in order.
    pub(crate) fn pieces(&mut self, folded: &Folded) -> Vec<u32> {
        self.read_words(&folded.text);
        pieces_of(folded, &self.words, &mut self.hashes).0
    }

    /// Gives back what a long text took, so that one of them doesn't hold its memory for ever.
    pub(crate) fn forget(&mut self) {
        self.words.clear();
        self.words.shrink_to(KEPT_WORDS);
        self.hashes.clear();
        self.hashes.shrink_to(KEPT_WORDS);
    }

    fn read_words(&mut self, text: &str) {
        let Self { lexicon, words, .. } = self;
        words.clear();
        words.extend(hashed_words(text).map(|(range, hash)| Word {
            figure: lexicon.is_figure(&text[range.clone()], hash),
            range,
            hash,
        }));
    }
}

impl Sketch {
    /// Returns how many sentences stand in both texts, whatever their figures.
    pub(crate) fn shared_pieces(&self, other: &Self) -> usize {
        let shared = |piece: &&u32| other.pieces.binary_search(piece).is_ok();
        self.pieces.iter().filter(shared).count()
    }

    /// Returns how many sentences this new text has in common with `old`; `None` where that is not known.
    pub(crate) fn sentences(&self, old: &Self) -> Option<Sentences> {
        let known = self.all_pieces && old.all_pieces;
        let some = !self.pieces.is_empty() && !old.pieces.is_empty();
        (known && some).then(|| Sentences {
            shared: self.shared_pieces(old),
            new: self.pieces.len(),
            old: old.pieces.len(),
        })
    }

    /// Returns the keys under which the document is found, and looks for others.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        let keys = self.bands.iter().chain(&*self.runs);
        keys.chain(&*self.whole).copied()
    }
}

impl Reading {
    /// Returns how many words of this text stand in sentences that `old` has too, whatever their figures.
    pub(crate) fn words_in_shared_pieces(&self, old: &Sketch) -> u32 {
        let pieces = self.pieces.iter().zip(&self.piece_words);
        let shared = pieces.filter(|(piece, _)| old.pieces.binary_search(piece).is_ok());
        shared.map(|(_, words)| words).sum()
    }

    /// Returns the figures in the order of the text, as they are written in the folded text.
    pub(crate) fn figures(&self) -> impl Iterator<Item = (Figure, &str)> {
        let figures = self.figures.iter();
        figures.map(|(figure, range)| (*figure, &self.text[range.clone()]))
    }
}

/// Returns the upper halves of the hashes, sorted, each once.
fn distinct(hashes: impl Iterator<Item = u64>) -> Vec<u32> {
    let mut upper: Vec<_> = hashes.map(|hash| (hash >> 32) as u32).collect();
    upper.sort_unstable();
    upper.dedup();
    upper
}

/// What the hash of a figure is in runs and pieces, whatever the figure is.
const FIGURE: u64 = 0;

/// Writes the hashes of `words` into `hashes`; figures in a row count as one.
fn frame(words: &[Word], hashes: &mut Vec<u64>) {
    hashes.clear();
    for word in words {
        let hash = if word.figure { FIGURE } else { word.hash };
        if hash != FIGURE || hashes.last() != Some(&FIGURE) {
            hashes.push(hash);
        }
    }
}

/// Returns the hashes of the pieces that are long enough, in order, and their numbers of words. `hashes` is
/// only room to work in.
fn pieces_of(folded: &Folded, words: &[Word], hashes: &mut Vec<u64>) -> (Vec<u32>, Vec<u32>) {
    let (mut pieces, mut lengths) = (Vec::new(), Vec::new());
    let mut rest = words;
    for end in folded.breaks.iter().copied().chain([folded.text.len()]) {
        let count = rest.partition_point(|word| word.range.end <= end);
        let (piece, behind) = rest.split_at(count);
        rest = behind;
        if count >= PIECE_WORDS {
            frame(piece, hashes);
            pieces.push((sequence_hash(hashes) >> 32) as u32);
            lengths.push(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    (pieces, lengths)
}

/// Returns a key of all figures, and one of all names, where there are enough to be one text's own. The
/// words of an issue or a notice are those of many; its copies are found among them by these.
pub(crate) fn whole_keys(figures: &[Figure], names: &[u16]) -> Few<u32, 2> {
    const ENOUGH: usize = 3;
    let mut values: Few<u16, MOST_FIGURES> = figures.iter().map(|figure| figure.value).collect();
    values.sort_unstable();
    let mut keys = Few::default();
    for (kind, values) in [(1, &*values), (2, names)] {
        if values.len() >= ENOUGH {
            let hash = values.iter().fold(mix(kind), |hash, value| {
                sequence_hash(&[hash, u64::from(*value)])
            });
            keys.push((hash >> 32) as u32);
        }
    }
    keys
}

/// Returns the smallest hashes of runs. `hashes` is only room to work in.
fn runs(words: &[Word], hashes: &mut Vec<u64>) -> Few<u32, RUNS> {
    frame(words, hashes);
    // The smallest lie below twice their share of all values, but for a text that repeats itself.
    let share = u64::from(u32::MAX) * 2 * RUNS as u64 / hashes.len().max(1) as u64;
    let small = shingles(hashes, RUN_WORDS).filter(|hash| hash >> 32 <= share);
    let mut runs = distinct(small);
    if runs.len() < RUNS {
        runs = distinct(shingles(hashes, RUN_WORDS));
    }
    // Small numbers all lie in the first lines of a table.
    let spread = |run| (mix(u64::from(run)) >> 32) as u32;
    runs.into_iter().map(spread).collect()
}

/// Returns the band keys of a set of shingles.
fn bands(shingles: &[u32]) -> [u32; BANDS] {
    let bins = minima(shingles);
    let (rows, _) = bins.as_chunks::<ROWS>();
    let mut keys = [0; BANDS];
    for (band, (key, rows)) in keys.iter_mut().zip(rows).enumerate() {
        let hash = sequence_hash(&[band as u64, rows[0], rows[1], rows[2], rows[3]]);
        *key = (hash >> 32) as u32;
    }
    keys
}

/// Returns the minimum of each bin: the round in the upper half, the value in the lower.
fn minima(shingles: &[u32]) -> [u64; BINS] {
    let mut bins = [u64::MAX; BINS];
    let mut empty = BINS;
    for round in 0..2 * BINS as u64 {
        for shingle in shingles {
            let hash = mix(u64::from(*shingle) | round << 32);
            // The last rounds go through the bins one by one, so that none stays empty.
            let bin = match round.checked_sub(BINS as u64) {
                None => (hash >> (64 - BINS.ilog2())) as usize,
                Some(bin) => bin as usize,
            };
            let value = round << 32 | (hash & 0xFFFF_FFFF);
            empty -= usize::from(bins[bin] == u64::MAX);
            bins[bin] = bins[bin].min(value);
        }
        if empty == 0 {
            break;
        }
    }
    bins
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn read(words: impl Iterator<Item = u32>) -> Reading {
        let text: Vec<_> = words.map(|word| format!("w{word}")).collect();
        Reader::new().read(Folded::of(&text.join(" "))).unwrap()
    }

    /// Texts of `size` words that share the first `shared`, other ones for each `seed`.
    pub(crate) fn pair(size: u32, shared: u32, seed: u32) -> (Reading, Reading) {
        let words = |side: u32| {
            (0..size).map(move |at| {
                if at < shared {
                    seed * 1_000_000 + at
                } else {
                    seed * 1_000_000 + side * 100_000 + at
                }
            })
        };
        (read(words(1)), read(words(2)))
    }

    #[test]
    fn a_long_text_leaves_little_memory_behind() {
        let mut reader = Reader::new();
        let text: Vec<_> = (0..200_000).map(|word| format!("w{word}")).collect();
        reader.read(Folded::of(&text.join(" "))).unwrap();
        assert!(reader.words.capacity() >= text.len());
        reader.forget();
        let kept = [reader.words.capacity(), reader.hashes.capacity()];
        assert!(kept.iter().all(|kept| *kept <= 2 * KEPT_WORDS), "{kept:?}");
    }

    /// The smallest runs are found below their share, and where a text repeats itself too.
    #[test]
    fn runs_are_the_smallest() {
        for (size, every) in [(10, 99), (60, 99), (900, 9999), (900, 30)] {
            let text: Vec<_> = (0..size).map(|at| format!("w{}", at % every)).collect();
            let text = Folded::of(&text.join(" ")).text;
            let mut reader = Reader::new();
            reader.read_words(&text);
            let hashes: Vec<_> = reader.words.iter().map(|word| word.hash).collect();
            let smallest = distinct(shingles(&hashes, RUN_WORDS)).into_iter();
            let wanted: Vec<_> = smallest
                .take(RUNS)
                .map(|run| (mix(u64::from(run)) >> 32) as u32)
                .collect();
            assert_eq!(
                *runs(&reader.words, &mut Vec::new()),
                wanted,
                "{size}, {every}"
            );
        }
    }

    #[test]
    fn bands_agree_as_often_as_theory_says() {
        for size in [20, 60, 300, 2000] {
            let (mut agree, mut wanted) = (0, 0.0);
            for seed in 0..200 {
                let (left, right) = pair(size, size * 4 / 5, seed);
                let both = left.sketch.bands.iter().zip(&right.sketch.bands);
                agree += both.filter(|(left, right)| left == right).count();
                let shared = f64::from(size * 4 / 5 - 2);
                let jaccard = shared / (2.0 * f64::from(size - 2) - shared);
                wanted += jaccard.powi(4) * BANDS as f64;
            }
            let ratio = agree as f64 / wanted;
            assert!((0.85..1.15).contains(&ratio), "{size} words: {ratio}");
        }
    }

    #[test]
    fn pieces_are_sentences_and_lines_of_some_length() {
        let text = "عنوان قصير\n\nجملة أولى فيها من الكلمات ما يكفي لها وزيادة. لا. \
                    جملة ثانية فيها من الكلمات ما يكفي لها وزيادة\nذيل";
        let first = Reader::new().read(Folded::of(text)).unwrap();
        assert_eq!(first.pieces.len(), 2);
        let alone = "جملة ثانية فيها من الكلمات ما يكفي لها وزيادة";
        let second = Reader::new().read(Folded::of(alone)).unwrap();
        assert_eq!(second.pieces[0], first.pieces[1]);
        assert!(
            Reader::new()
                .read(Folded::of("سبع كلمات لا تكفي لأن تقارن أبدا"))
                .is_none()
        );
    }
}

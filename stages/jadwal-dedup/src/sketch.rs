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
//! - *Sample*: the 128 smallest shingles. Of a text up to 130 words that is all of them, and every
//!   comparison is exact; of a longer one the sample gives Jaccard and both containments to about .04.

use jadwal_core::fold::Folded;
use jadwal_core::shingle::{mix, sequence_hash, shingles, word_hash, words};

use crate::figures::{Figure, Lexicon, Word};

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
    pub(crate) runs: Vec<u32>,
    /// Its smallest shingles.
    pub(crate) sample: Sample,
    /// Its pieces with the smallest hashes, sorted.
    pub(crate) pieces: Vec<u32>,
    /// Whether these are all of its pieces.
    pub(crate) all_pieces: bool,
    /// Its figures, sorted.
    pub(crate) figures: Vec<Figure>,
}

/// The smallest shingles of a text, sorted, cut to the bits that tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Distinct shingles of the text.
    pub(crate) of: u32,
    /// The smallest of them without their lowest `shift` bits.
    pub(crate) values: Vec<u32>,
}

impl Sample {
    fn new(sorted: &[u32]) -> Self {
        let of = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        let shift = Self::shift_of(of);
        let smallest = sorted.iter().take(SAMPLE);
        Self {
            of,
            values: smallest.map(|value| value >> shift).collect(),
        }
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
    shingles: Vec<u32>,
    /// Pieces in the order of the text.
    pub(crate) pieces: Vec<u32>,
    /// Figures in the order of the text, as they are written in the folded text.
    pub(crate) figures: Vec<(Figure, String)>,
}

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

/// Reads texts.
pub(crate) struct Reader {
    lexicon: Lexicon,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            lexicon: Lexicon::new(),
        }
    }

    /// Reads `folded`; `None` where it is too short to be compared.
    pub(crate) fn read(&self, folded: &Folded) -> Option<Reading> {
        let text = folded.text.as_str();
        let words = self.words_of(text);
        if words.len() < LEAST_WORDS {
            return None;
        }
        let hashes: Vec<_> = words.iter().map(|word| word.hash).collect();
        let shingles = distinct(shingles(&hashes, SHINGLE_WORDS));
        let pieces = pieces_of(folded, &words);
        let figures = self.lexicon.figures(text, &words);
        let mut sorted_pieces = pieces.clone();
        sorted_pieces.sort_unstable();
        sorted_pieces.dedup();
        let all_pieces = sorted_pieces.len() <= MOST_PIECES;
        sorted_pieces.truncate(MOST_PIECES);
        let mut sorted_figures: Vec<_> = figures.iter().map(|(figure, _)| *figure).collect();
        sorted_figures.sort_unstable();
        let written = |index: usize| text[words[index].range.clone()].to_owned();
        Some(Reading {
            sketch: Sketch {
                words: u32::try_from(words.len()).unwrap_or(u32::MAX),
                bands: bands(&shingles),
                runs: runs(&words),
                sample: Sample::new(&shingles),
                pieces: sorted_pieces,
                all_pieces,
                figures: sorted_figures,
            },
            shingles,
            pieces,
            figures: figures
                .into_iter()
                .map(|(figure, index)| (figure, written(index)))
                .collect(),
        })
    }

    /// Returns the pieces of `folded`, in order.
    pub(crate) fn pieces(&self, folded: &Folded) -> Vec<u32> {
        pieces_of(folded, &self.words_of(&folded.text))
    }

    fn words_of(&self, text: &str) -> Vec<Word> {
        let mut start = 0;
        words(text)
            .map(|word| {
                let range = start..start + word.len();
                start = range.end + 1;
                let hash = word_hash(word);
                Word {
                    range,
                    hash,
                    figure: self.lexicon.is_figure(word, hash),
                }
            })
            .collect()
    }
}

impl Sketch {
    /// Returns how many sentences stand in both texts, whatever their figures.
    pub(crate) fn shared_pieces(&self, other: &Self) -> usize {
        let shared = |piece: &&u32| other.pieces.binary_search(piece).is_ok();
        self.pieces.iter().filter(shared).count()
    }

    /// Whether the sentences of the two texts are the same but for figures; `None` where that is not
    /// known.
    pub(crate) fn same_frame(&self, other: &Self) -> Option<bool> {
        let known = self.all_pieces && other.all_pieces;
        if !known || self.pieces.is_empty() || other.pieces.is_empty() {
            return None;
        }
        let shared = self.shared_pieces(other);
        let all = self.pieces.len() + other.pieces.len() - shared;
        Some(shared * 10 >= all * 9)
    }

    /// Returns the keys under which the document is found, and looks for others.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        self.bands.iter().chain(&self.runs).copied()
    }
}

impl Reading {
    /// Compares the whole of this text with the sample of `old`.
    pub(crate) fn likeness(&self, old: &Sketch) -> Likeness {
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
        let both = common(ours, shift, theirs) as f32;
        let (new, stored) = (ours.len() as f32, theirs.len() as f32);
        Likeness {
            jaccard: both / (new + stored - both).max(1.0),
            new_in_old: self.containment(ours.len(), both, old),
            old_in_new: both / stored.max(1.0),
        }
    }

    /// A short text has too few shingles in the sample of a very long one: there its pieces speak.
    fn containment(&self, sampled: usize, both: f32, old: &Sketch) -> f32 {
        const ENOUGH: usize = 8;
        if sampled >= ENOUGH || old.sample.is_whole() {
            return both / (sampled as f32).max(1.0);
        }
        if !old.all_pieces || self.pieces.len() < 2 {
            return 0.0;
        }
        let known = |piece: &&u32| old.pieces.binary_search(piece).is_ok();
        self.pieces.iter().filter(known).count() as f32 / self.pieces.len() as f32
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

/// Returns the hashes of the pieces that are long enough, in order.
fn pieces_of(folded: &Folded, words: &[Word]) -> Vec<u32> {
    let mut pieces = Vec::new();
    let mut hashes = Vec::new();
    let mut rest = words;
    for end in folded.breaks.iter().copied().chain([folded.text.len()]) {
        let count = rest.partition_point(|word| word.range.end <= end);
        let (piece, behind) = rest.split_at(count);
        rest = behind;
        if count >= PIECE_WORDS {
            frame(piece, &mut hashes);
            pieces.push((sequence_hash(&hashes) >> 32) as u32);
        }
    }
    pieces
}

/// Returns the smallest hashes of runs.
fn runs(words: &[Word]) -> Vec<u32> {
    let mut hashes = Vec::new();
    frame(words, &mut hashes);
    let mut runs = distinct(shingles(&hashes, RUN_WORDS));
    runs.truncate(RUNS);
    // Small numbers all lie in the first lines of a table.
    runs.iter_mut()
        .for_each(|run| *run = (mix(u64::from(*run)) >> 32) as u32);
    runs
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
                None => (hash >> 57) as usize,
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
mod tests {
    use super::*;

    fn read(words: impl Iterator<Item = u32>) -> Reading {
        let text: Vec<_> = words.map(|word| format!("w{word}")).collect();
        Reader::new().read(&Folded::of(&text.join(" "))).unwrap()
    }

    /// Texts of `size` words that share the first `shared`, other ones for each `seed`.
    fn pair(size: u32, shared: u32, seed: u32) -> (Reading, Reading) {
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
    fn likeness_is_exact_for_short_texts_and_near_for_long_ones() {
        for size in [40, 120, 400, 3000] {
            let mut error = 0.0_f32;
            for seed in 0..30 {
                let (left, right) = pair(size, size / 2, seed);
                let shared = (size / 2 - 2) as f32;
                let all = (size - 2) as f32;
                let found = left.likeness(&right.sketch);
                let off = found.jaccard - shared / (2.0 * all - shared);
                let contained = found.new_in_old - shared / all;
                error += off * off + contained * contained;
                assert!(size > 130 || off.abs() < 0.001, "{size}: {off}");
            }
            let error = (error / 60.0).sqrt();
            assert!(error < 0.05, "{size} words: {error}");
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
    fn a_text_in_a_longer_one_is_contained() {
        let long = read(0..2000);
        for (from, to) in [(100, 400), (1500, 1740)] {
            let found = read(from..to).likeness(&long.sketch);
            assert!(found.new_in_old > 0.95, "{from} to {to}: {found:?}");
            assert!(found.jaccard < 0.3, "{found:?}");
        }
        let found = read(5000..5300).likeness(&long.sketch);
        assert!(found.new_in_old < 0.05 && found.jaccard < 0.05);
    }

    #[test]
    fn pieces_are_sentences_and_lines_of_some_length() {
        let text = "عنوان قصير\n\nجملة أولى فيها من الكلمات ما يكفي لها وزيادة. لا. \
                    جملة ثانية فيها من الكلمات ما يكفي لها وزيادة\nذيل";
        let first = Reader::new().read(&Folded::of(text)).unwrap();
        assert_eq!(first.pieces.len(), 2);
        let alone = "جملة ثانية فيها من الكلمات ما يكفي لها وزيادة";
        let second = Reader::new().read(&Folded::of(alone)).unwrap();
        assert_eq!(second.pieces[0], first.pieces[1]);
        assert!(
            Reader::new()
                .read(&Folded::of("سبع كلمات لا تكفي لأن تقارن أبدا"))
                .is_none()
        );
    }
}

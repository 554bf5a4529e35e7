//! Labels persons, places, organisations and other names by a trained linear-chain model.
//!
//! One pass cuts the text into words (`words`); what depends on a word form alone is added up
//! once and kept (`Workspace`); pairs and the list of names add to it, and where the model has one a
//! network (`network`); the best labels of each sentence become spans, with the lowest probability of
//! their words as score. Time is linear in the text. The same text gives the same spans: what is kept
//! is only what would be computed again.

pub(crate) mod bits;
pub(crate) mod exponential;
pub(crate) mod features;
pub(crate) mod forms;
pub(crate) mod hash;
pub(crate) mod knowledge;
pub(crate) mod labels;
pub(crate) mod lattice;
pub(crate) mod model;
pub(crate) mod network;
pub(crate) mod rows;
pub(crate) mod words;

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use jadwal_core::facts::Label;

use crate::tagger::features::{
    FormFacts, FormFeature, FormReader, InName, MOST_FEATURES, PLACES, REACH, edge, mark_names,
    name_features, pair_features,
};
use crate::tagger::forms::{Forms, Kept};
use crate::tagger::labels::{LABELS, OUTSIDE, TYPES, each_name};
use crate::tagger::lattice::{Lattice, Scores, best_labels, marginals};
use crate::tagger::model::Model;
pub use crate::tagger::model::ModelError;
use crate::tagger::network::{Network, SIDE, SPAN, Units, push};
use crate::tagger::rows::{MOST_ADDED, Packed, Sums};
use crate::tagger::words::{Alphabet, Word};

/// A name that the tagger found.
#[derive(Clone, Debug, PartialEq)]
pub struct TaggedSpan {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// `Per`, `Loc`, `Org` or `Misc`.
    pub label: Label,
    /// Lowest probability of its words, as 0.5 (none) to 1.
    pub score: f32,
}

/// A trained model that labels text.
pub struct Tagger {
    alphabet: Alphabet,
    model: Model,
    edges: [(FormFacts, [Sums; PLACES]); 2],
    /// Workspaces that no thread uses now. The lock is held to take or put one back, not while tagging.
    idle: Mutex<Vec<Workspace>>,
}

impl Tagger {
    /// Reads a model file.
    ///
    /// # Errors
    /// The bytes are not a model file of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let model = Model::read(bytes)?;
        let edges = [false, true].map(|ahead| {
            let (facts, feature) = edge(ahead);
            (facts, sums(&model, &[feature]))
        });
        Ok(Self {
            alphabet: Alphabet::new(),
            model,
            edges,
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Appends the names in `text[range]`, by start, without overlaps. The range must lie on
    /// character boundaries. `bias` is taken off the score of words outside names: see [`Tagger::biases`].
    pub fn tag(&self, text: &str, range: Range<usize>, bias: f32, spans: &mut Vec<TaggedSpan>) {
        let mut workspace = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_else(|| Workspace::new(self.model.network.is_some()));
        let mut words = std::mem::take(&mut workspace.words);
        words.clear();
        self.alphabet.cut(text, range.start, range.end, &mut words);
        workspace.forms.make_room(words.len());
        let mut reading = Reading {
            text,
            bias,
            reader: FormReader::new(&self.alphabet, &self.model.knowledge),
        };
        let mut start = 0;
        while start < words.len() {
            let behind = words[start + 1..].iter().position(|word| word.first);
            let end = behind.map_or(words.len(), |behind| start + 1 + behind);
            self.tag_sentence(&mut reading, &words[start..end], &mut workspace, spans);
            start = end;
        }
        workspace.words = words;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(workspace);
    }

    /// Returns the biases that were tuned for precision, for balance and for recall.
    #[must_use]
    pub fn biases(&self) -> [f32; 3] {
        self.model.biases
    }

    fn tag_sentence(
        &self,
        reading: &mut Reading<'_>,
        words: &[Word],
        workspace: &mut Workspace,
        spans: &mut Vec<TaggedSpan>,
    ) {
        workspace.score_words(self, reading, words);
        let Workspace {
            scores,
            lattice,
            labels,
            probabilities,
            ..
        } = workspace;
        best_labels(scores, &self.model.transitions, lattice, labels);
        let named = |label: &u8| usize::from(*label) != OUTSIDE;
        let Some(first) = labels.iter().position(named) else {
            return;
        };
        marginals(
            scores,
            &self.model.transitions,
            first,
            lattice,
            probabilities,
        );
        each_name(labels, |start, end, kind| {
            let score = (start..end)
                .map(|at| probabilities[at][usize::from(labels[at])])
                .fold(1.0, f32::min);
            spans.push(TaggedSpan {
                range: words[start].start as usize..words[end - 1].end as usize,
                label: TYPES[kind],
                score: 0.5 + 0.5 * score,
            });
        });
    }
}

/// What one call of [`Tagger::tag`] goes by.
struct Reading<'a> {
    text: &'a str,
    bias: f32,
    reader: FormReader<'a>,
}

/// Adds up the weights of a word form's features for each place.
fn sums(model: &Model, features: &[FormFeature]) -> [Sums; PLACES] {
    // All rows are fetched before the first is added: most of them are not in the processor's cache.
    let mut rows = [[0; MOST_FEATURES]; PLACES];
    let mut counts = [0; PLACES];
    for feature in features {
        for place in feature.from..=feature.to {
            let hash = feature.hash.wrapping_add(u64::from(place));
            let place = usize::from(place);
            rows[place][counts[place]] = model.row(hash);
            counts[place] += 1;
        }
    }
    std::array::from_fn(|place| rows::sums(&rows[place][..counts[place]], &model.lanes))
}

/// Adds sums to sums. They can't overflow: see [`MOST_ROWS`].
#[inline]
fn add_sums(total: &mut Sums, sums: &Sums) {
    // Copies, so that the compiler sees that the two do not overlap.
    let (mut added, sums) = (*total, *sums);
    for (total, sum) in added.iter_mut().zip(sums) {
        *total = total.wrapping_add(sum);
    }
    *total = added;
}

/// Buffers of one tagging, and the word forms that were met lately.
struct Workspace {
    words: Vec<Word>,
    forms: Forms,
    facts: Vec<FormFacts>,
    names: Vec<InName>,
    sums: Vec<Sums>,
    /// The network's units, as `sums`; empty where there is no network.
    units: Vec<Units>,
    /// By word: rows of features that look at more than it, and how many.
    pairs: Vec<([Packed; MOST_PAIRS], usize)>,
    scores: Vec<Scores>,
    lattice: Lattice,
    labels: Vec<u8>,
    probabilities: Vec<Scores>,
}

impl Workspace {
    fn new(with_network: bool) -> Self {
        Self {
            words: Vec::new(),
            forms: Forms::new(with_network),
            facts: Vec::new(),
            names: Vec::new(),
            sums: Vec::new(),
            units: Vec::new(),
            pairs: Vec::new(),
            scores: Vec::new(),
            lattice: Lattice::default(),
            labels: Vec::new(),
            probabilities: Vec::new(),
        }
    }

    /// Writes the scores of a sentence's words.
    fn score_words(&mut self, tagger: &Tagger, reading: &mut Reading<'_>, words: &[Word]) {
        let model = &tagger.model;
        self.sums.clear();
        // Room for what words say about places outside the sentence.
        self.sums.resize(words.len() + 2 * REACH, Sums::default());
        self.facts.clear();
        if let Some(network) = &model.network {
            network.start(words.len(), &mut self.units);
        }
        for (at, word) in words.iter().enumerate() {
            let (kept, pushes) = self.forms.get(word.form, |pushes| {
                let slice = &reading.text[word.start as usize..word.end as usize];
                let (facts, features) = reading.reader.read(slice, word.shape);
                if let (Some(pushes), Some(network)) = (pushes, &model.network) {
                    network.write_pushes(features.iter().map(|feature| feature.hash), pushes);
                }
                Kept {
                    facts,
                    sums: sums(model, features),
                }
            });
            if let Some(pushes) = pushes {
                push(&mut self.units[at..at + SPAN], pushes);
            }
            self.facts.push(kept.facts);
            let places = &mut self.sums[at..at + PLACES];
            for (place, sums) in places.iter_mut().zip(&kept.sums) {
                add_sums(place, sums);
            }
        }
        let [before, behind] = &tagger.edges;
        // The edges stand right before the first and right behind the last word.
        spread_clipped(&mut self.sums, REACH as isize - 1, &before.1);
        spread_clipped(&mut self.sums, (REACH + words.len()) as isize, &behind.1);
        mark_names(&self.facts, &model.knowledge, &mut self.names);
        self.fetch_pairs(tagger, words.len());
        self.scores.clear();
        let sums = &self.sums[REACH..];
        for (sums, (rows, count)) in sums.iter().zip(&self.pairs) {
            let mut total = *sums;
            add_sums(&mut total, &rows::sums(&rows[..*count], &model.lanes));
            let mut scores = [-reading.bias; LABELS];
            for (score, sum) in scores[OUTSIDE + 1..].iter_mut().zip(total) {
                *score = f32::from(sum) * model.unit;
            }
            self.scores.push(scores);
        }
        if let Some(network) = &model.network {
            self.add_network(network);
        }
    }

    /// Adds what the network says to the scores of a sentence's words, whose forms it has seen.
    fn add_network(&mut self, network: &Network) {
        for (at, name) in self.names.iter().enumerate() {
            if name.classes != 0 {
                network.push_name(at, *name, &mut self.units);
            }
        }
        for (scores, units) in self.scores.iter_mut().zip(&self.units[SIDE..]) {
            network.add_scores(units, &mut scores[OUTSIDE + 1..]);
        }
    }

    /// Fetches the rows of features that look at more than one word, for all words before any is added: most of
    /// them are not in the processor's cache.
    fn fetch_pairs(&mut self, tagger: &Tagger, words: usize) {
        let [before, behind] = &tagger.edges;
        self.pairs.clear();
        for at in 0..words {
            let (mut rows, mut count) = ([0; MOST_PAIRS], 0);
            let edges = [&before.0, &behind.0];
            each_pair(&self.facts, at, edges, &self.names, |hash| {
                rows[count] = tagger.model.row(hash);
                count += 1;
            });
            self.pairs.push((rows, count));
        }
    }
}

/// Calls `tell` with the row hash of each feature of word `at` that looks at more than one word.
#[inline]
pub(crate) fn each_pair(
    facts: &[FormFacts],
    at: usize,
    edges: [&FormFacts; 2],
    names: &[InName],
    mut tell: impl FnMut(u64),
) {
    let near = |distance: isize| match at.checked_add_signed(distance) {
        None => edges[0],
        Some(near) => facts.get(near).unwrap_or(edges[1]),
    };
    pair_features(
        [near(-2), near(-1), &facts[at], near(1), near(2)],
        &mut tell,
    );
    let name = |distance: isize| {
        let near = at.checked_add_signed(distance);
        near.and_then(|near| names.get(near))
            .copied()
            .unwrap_or_default()
    };
    name_features(name(-1), name(0), name(1), &facts[at], tell);
}

/// Adds the sums of a word form at index `middle` of `places`, where some places do not exist.
fn spread_clipped(places: &mut [Sums], middle: isize, sums: &[Sums; PLACES]) {
    for (place, sums) in (middle - REACH as isize..).zip(sums) {
        let Some(place) = usize::try_from(place)
            .ok()
            .and_then(|place| places.get_mut(place))
        else {
            continue;
        };
        add_sums(place, sums);
    }
}

/// Features of one word that look at more than one: of pairs and of the list of names.
const MOST_PAIRS: usize = 15;

/// Rows that are added up for one word, at the most: all of its own form, as many of each neighbour, 29 of each
/// word behind those, 18 of the two at the far ends, and those of pairs.
const MOST_ROWS: usize = 3 * MOST_FEATURES + 2 * 29 + 18 + MOST_PAIRS;

const _: () = assert!(OUTSIDE == 0 && PLACES == 7);
const _: () = assert!(MOST_ROWS <= MOST_ADDED);

//! Turns corpora into rows of the weight table, and runs a whole training.

use std::collections::HashMap;

use crate::tagger::each_pair;
use crate::tagger::features::{
    FormFacts, FormFeature, FormReader, InName, PLACES, REACH, edge, mark_names,
};
use crate::tagger::knowledge::Knowledge;
use crate::tagger::words::{Alphabet, Word};
use crate::training::conll::{Sentence, mend};
use crate::training::crf::{self, CrfOptions};
use crate::training::export;
use crate::training::lists::NameLists;
use crate::training::network;

/// Labelled sentences of one source.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// Its name, for the lists that leave its own names out.
    pub name: String,
    /// Which guideline it follows: corpora of one guideline share their copies of the weights.
    pub guideline: usize,
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// Blocks of sentences, one behind the other, that each learn from the names of the other blocks: one,
    /// where other corpora or a list tell names.
    pub blocks: usize,
}

impl Corpus {
    /// Returns the sentences of each block, and what the block is called among the sources of names.
    pub(crate) fn each_block(&self) -> impl Iterator<Item = (String, &[Sentence])> {
        let length = self.sentences.len().div_ceil(self.blocks.max(1)).max(1);
        let blocks = self.sentences.chunks(length).enumerate();
        blocks.map(|(index, sentences)| (format!("{} {index}", self.name), sentences))
    }
}

/// Rows and labels of one word of a sentence.
pub(crate) struct Samples {
    pub(crate) sentences: Vec<SampleSentence>,
    pub(crate) rows: Vec<u32>,
    /// Where the rows of each word end.
    pub(crate) ends: Vec<u32>,
    pub(crate) labels: Vec<u8>,
    pub(crate) guidelines: usize,
    /// Number of each word's form, and its place in a name of the lists.
    pub(crate) forms: Vec<u32>,
    pub(crate) names: Vec<InName>,
    /// Features of each form.
    pub(crate) features: Vec<Vec<FormFeature>>,
}

pub(crate) struct SampleSentence {
    pub(crate) first: usize,
    pub(crate) behind: usize,
    pub(crate) guideline: usize,
}

impl Samples {
    pub(crate) fn rows_of(&self, word: usize) -> &[u32] {
        let start = if word == 0 {
            0
        } else {
            self.ends[word - 1] as usize
        };
        &self.rows[start..self.ends[word] as usize]
    }
}

/// Text, words, and a label a word.
type CutSentence = (String, Vec<Word>, Vec<u8>);

/// Cuts a sentence as the tagger does.
pub(crate) fn cut_sentence(alphabet: &Alphabet, sentence: &Sentence) -> CutSentence {
    let (text, places) = sentence.text();
    let mut words = Vec::new();
    alphabet.cut(&text, 0, text.len(), &mut words);
    let mut labels = vec![0; words.len()];
    let mut token = 0;
    let mut last_token = usize::MAX;
    for (word, label) in words.iter().zip(&mut labels) {
        while token < places.len() && places[token].end <= word.start as usize {
            token += 1;
        }
        let Some(tag) = sentence.labels.get(token).copied() else {
            continue;
        };
        let again = last_token == token;
        *label = if tag != 0 && again && tag % 2 == 1 {
            tag + 1
        } else {
            tag
        };
        last_token = token;
    }
    trim_signs(&words, &mut labels);
    (text, words, labels)
}

/// Takes brackets and quotation marks at its ends out of a name.
fn trim_signs(words: &[Word], labels: &mut [u8]) {
    use crate::tagger::labels::each_name;
    use crate::tagger::words::Shape;
    let mut names = Vec::new();
    each_name(labels, |start, end, _| names.push((start, end)));
    for (start, end) in names {
        let solid = |at: &usize| words[*at].shape != Shape::Sign;
        let Some(first) = (start..end).find(solid) else {
            continue;
        };
        for label in &mut labels[start..first] {
            *label = 0;
        }
        for at in (first + 1..end).rev().take_while(|at| !solid(at)) {
            labels[at] = 0;
        }
    }
    mend(labels);
}

/// Forms that were read, with their features.
struct Forms<'a> {
    reader: FormReader<'a>,
    numbers: HashMap<u64, usize>,
    facts: Vec<FormFacts>,
    features: Vec<Vec<FormFeature>>,
}

impl Forms<'_> {
    fn number(&mut self, text: &str, word: &Word) -> usize {
        if let Some(number) = self.numbers.get(&word.form) {
            return *number;
        }
        let slice = &text[word.start as usize..word.end as usize];
        let (facts, features) = self.reader.read(slice, word.shape);
        self.facts.push(facts);
        self.features.push(features.to_vec());
        self.numbers.insert(word.form, self.facts.len() - 1);
        self.facts.len() - 1
    }
}

/// Tells all rows of all words.
pub(crate) fn make_samples(
    alphabet: &Alphabet,
    knowledge: &Knowledge,
    lists: &NameLists,
    corpora: &[Corpus],
    bits: u8,
) -> Samples {
    let mut forms = Forms {
        reader: FormReader::new(alphabet, knowledge),
        numbers: HashMap::new(),
        facts: Vec::new(),
        features: Vec::new(),
    };
    let mut samples = Samples {
        sentences: Vec::new(),
        rows: Vec::new(),
        ends: Vec::new(),
        labels: Vec::new(),
        guidelines: corpora
            .iter()
            .map(|corpus| corpus.guideline + 1)
            .max()
            .unwrap_or(1),
        forms: Vec::new(),
        names: Vec::new(),
        features: Vec::new(),
    };
    let mask = (1_u64 << bits) - 1;
    let blocks = corpora.iter().flat_map(|corpus| {
        let blocks = corpus.each_block();
        blocks.map(move |(name, sentences)| (corpus, name, sentences))
    });
    for (corpus, name, sentences) in blocks {
        // A block does not see the names that only it tells: they would be trusted too much.
        let own = Knowledge {
            names: lists.without(&name),
            ..Knowledge::default()
        };
        for sentence in sentences {
            add_cut(
                &mut samples,
                &mut forms,
                &own,
                cut_sentence(alphabet, sentence),
                corpus.guideline,
                mask,
            );
        }
    }
    samples.features = forms.features;
    samples
}

/// Adds the sentences that the tokenizer makes of one of a corpus, under its guideline.
fn add_cut(
    samples: &mut Samples,
    forms: &mut Forms<'_>,
    own: &Knowledge,
    (text, words, labels): CutSentence,
    guideline: usize,
    mask: u64,
) {
    let numbers: Vec<usize> = words.iter().map(|word| forms.number(&text, word)).collect();
    let mut start = 0;
    while start < words.len() {
        let behind = words[start + 1..].iter().position(|word| word.first);
        let end = behind.map_or(words.len(), |behind| start + 1 + behind);
        let (numbers, labels) = (&numbers[start..end], &labels[start..end]);
        add_sentence(samples, forms, own, numbers, labels, mask);
        let behind = samples.labels.len();
        samples.sentences.push(SampleSentence {
            first: behind - (end - start),
            behind,
            guideline,
        });
        start = end;
    }
}

fn add_sentence(
    samples: &mut Samples,
    forms: &Forms<'_>,
    own: &Knowledge,
    numbers: &[usize],
    labels: &[u8],
    mask: u64,
) {
    let mut facts: Vec<FormFacts> = numbers.iter().map(|number| forms.facts[*number]).collect();
    for facts in &mut facts {
        facts.look_up_names(own);
    }
    let mut names = Vec::new();
    mark_names(&facts, own, &mut names);
    let edges = [edge(false), edge(true)];
    let from = samples.labels.len();
    for at in 0..numbers.len() {
        let rows = &mut samples.rows;
        for place in 0..PLACES {
            // The word that has this one at `place` of its own places.
            let other = at as isize + REACH as isize - place as isize;
            let mut tell = |feature: &FormFeature| {
                if (usize::from(feature.from)..=usize::from(feature.to)).contains(&place) {
                    rows.push((feature.hash.wrapping_add(place as u64) & mask) as u32);
                }
            };
            match usize::try_from(other) {
                Ok(other) if other < numbers.len() => {
                    forms.features[numbers[other]].iter().for_each(&mut tell);
                }
                Ok(other) if other == numbers.len() => tell(&edges[1].1),
                Err(_) if other == -1 => tell(&edges[0].1),
                _ => {}
            }
        }
        each_pair(&facts, at, [&edges[0].0, &edges[1].0], &names, |hash| {
            rows.push((hash & mask) as u32);
        });
        samples.ends.push(samples.rows.len() as u32);
    }
    samples
        .forms
        .extend(numbers.iter().map(|number| *number as u32));
    samples.names.extend(names);
    samples.labels.extend_from_slice(labels);
    mend(&mut samples.labels[from..]);
}

/// Trains a model that speaks guideline 0, and returns the model file.
#[must_use]
pub fn train(
    corpora: &[Corpus],
    knowledge: &Knowledge,
    lists: &NameLists,
    options: &CrfOptions,
    mut progress: impl FnMut(&str),
) -> Vec<u8> {
    let alphabet = Alphabet::new();
    let samples = make_samples(&alphabet, knowledge, lists, corpora, options.bits);
    progress(&format!(
        "{} sentences, {} words, {} rows",
        samples.sentences.len(),
        samples.labels.len(),
        samples.rows.len()
    ));
    let weights = crf::fit(&samples, options, &mut progress);
    let network = (options.network_share > 0.0)
        .then(|| network::fit_network(&samples, options, &mut progress));
    export::write_model(&weights, network.as_ref(), knowledge, options)
}

//! Fits the network of `tagger::network`: on its own, with links of its own, beside the linear weights.
//!
//! Both are fitted to the same sentences and make different mistakes, so that a mean of their scores is better than
//! either. Fitted together they would share what they learn, and each would be unsure of the rest. The weights of the
//! units for the labels have a copy for each guideline, as the linear weights do; all others are shared.

use crate::tagger::features::{FormFeature, InName, edge};
use crate::tagger::labels::{LABELS, OUTSIDE};
use crate::tagger::lattice::Scores;
use crate::tagger::network::{HIDDEN, SIDE, SPAN, Spread, WIDTH, name_feature};
use crate::training::blocks::Links;
use crate::training::crf::CrfOptions;
use crate::training::layers::{Layers, Units, product};
use crate::training::random::Random;
use crate::training::samples::{SampleSentence, Samples};

/// Vectors of features, as a power of two.
pub(crate) const BITS: u8 = 16;
/// Times that the features of a vector must be met to get one.
const LEAST_COUNT: u32 = 25;
/// Times that each sentence is seen.
const EPOCHS: usize = 10;
/// Step size at first, and how much of it is lost by the end.
const RATE: f32 = 0.03;
const FALL: f32 = 0.7;
const DECAY: f32 = 1e-6;
/// Shares of features and of units that are left out each time.
const DROPOUT: f32 = 0.2;
const UNIT_DROPOUT: f32 = 0.3;
/// Words that nothing is learnt from: what they get wrong is less than this.
const LEAST_GRADIENT: f32 = 1e-3;

/// A network as it was fitted.
pub(crate) struct NetworkWeights {
    /// Vectors that features have, by their number.
    pub(crate) vectors: Vec<(u32, [f32; WIDTH])>,
    /// How often each of them was met.
    pub(crate) uses: Vec<u32>,
    pub(crate) spreads: Vec<Spread>,
    pub(crate) base: Units,
    /// By label, over that for `OUTSIDE`.
    pub(crate) outputs: [Units; LABELS - 1],
    pub(crate) transitions: [Scores; LABELS],
    pub(crate) starts: Scores,
}

/// Which vectors the words of the samples have.
struct Inputs {
    /// Number of the vector by the low bits of a feature's hash; `u32::MAX` where it has none.
    numbers: Vec<u32>,
    uses: Vec<u32>,
    /// By form.
    forms: Vec<Vec<u32>>,
    edges: [Option<u32>; 2],
}

impl Inputs {
    fn new(samples: &Samples) -> Self {
        let mask = (1_u64 << BITS) - 1;
        let mut counts = vec![0_u32; 1 << BITS];
        let edges = [edge(false).1.hash, edge(true).1.hash];
        let sentences = samples.sentences.len() as u32;
        for hash in edges {
            counts[(hash & mask) as usize] += sentences;
        }
        for (form, name) in samples.forms.iter().zip(&samples.names) {
            let features = samples.features[*form as usize].iter();
            let hashes = features.map(|feature| feature.hash);
            for hash in hashes.chain(in_list(*name)) {
                counts[(hash & mask) as usize] += 1;
            }
        }
        let mut uses = Vec::new();
        let numbers = counts.iter().map(|count| {
            if *count < LEAST_COUNT {
                return u32::MAX;
            }
            uses.push(*count);
            uses.len() as u32 - 1
        });
        let numbers: Vec<u32> = numbers.collect();
        let number = |hash: u64| Some(numbers[(hash & mask) as usize]).filter(|at| *at != u32::MAX);
        let of_form = |features: &Vec<FormFeature>| {
            let numbers = features.iter().filter_map(|feature| number(feature.hash));
            numbers.collect()
        };
        Self {
            forms: samples.features.iter().map(of_form).collect(),
            edges: edges.map(number),
            uses,
            numbers,
        }
    }

    /// Returns the vector of a place in a name of the list.
    fn of_name(&self, name: InName) -> Option<u32> {
        let hash = in_list(name)?;
        let number = self.numbers[hash as usize & (self.numbers.len() - 1)];
        (number != u32::MAX).then_some(number)
    }
}

fn in_list(name: InName) -> Option<u64> {
    (name.classes != 0).then(|| name_feature(name))
}

struct Trainer<'a> {
    samples: &'a Samples,
    options: &'a CrfOptions,
    inputs: Inputs,
    layers: Layers,
    links: Links,
    random: Random,
    scores: Vec<Scores>,
    gradients: Vec<Scores>,
    /// The vectors that make up each word, the edges included, that were not left out; and their sums.
    used: Vec<Vec<u32>>,
    sums: Vec<[f32; WIDTH]>,
    /// By word: its units, and what each was multiplied by to get there: 0 where it is cut off or left out.
    units: Vec<Units>,
    factors: Vec<Units>,
}

/// Fits a network.
pub(crate) fn fit_network(
    samples: &Samples,
    options: &CrfOptions,
    progress: &mut impl FnMut(&str),
) -> NetworkWeights {
    let mut trainer = Trainer::new(samples, options);
    let mut order: Vec<usize> = (0..samples.sentences.len()).collect();
    let mut kept: Option<Layers> = None;
    let mut summed = 0;
    for epoch in 0..EPOCHS {
        trainer.random.shuffle(&mut order);
        let rate = RATE * (1.0 - FALL * epoch as f32 / EPOCHS as f32);
        let mut loss = 0.0;
        for index in &order {
            loss += trainer.learn(&samples.sentences[*index], rate);
        }
        let words = samples.labels.len().max(1) as f64;
        let round = epoch + 1;
        progress(&format!(
            "network, epoch {round}: loss {:.4} a word",
            loss / words
        ));
        // As with the linear weights, the mean of the later epochs.
        if round >= EPOCHS.div_ceil(2) {
            match &mut kept {
                None => kept = Some(trainer.layers.clone()),
                Some(kept) => kept.add(trainer.layers.clone()),
            }
            summed += 1;
        }
    }
    if let Some(mut kept) = kept {
        let share = 1.0 / summed as f32;
        for table in kept.tables() {
            table.weights.iter_mut().for_each(|weight| *weight *= share);
        }
        trainer.layers = kept;
    }
    trainer.weights()
}

impl<'a> Trainer<'a> {
    fn new(samples: &'a Samples, options: &'a CrfOptions) -> Self {
        let inputs = Inputs::new(samples);
        let copies = 1 + samples.guidelines;
        let mut random = Random(1);
        Self {
            samples,
            options,
            layers: Layers::new(inputs.uses.len(), copies, &mut random),
            inputs,
            links: Links::new(copies, options.caution),
            random,
            scores: Vec::new(),
            gradients: Vec::new(),
            used: Vec::new(),
            sums: Vec::new(),
            units: Vec::new(),
            factors: Vec::new(),
        }
    }

    fn learn(&mut self, sentence: &SampleSentence, rate: f32) -> f64 {
        let own = 1 + sentence.guideline;
        let samples = self.samples;
        self.read_words(sentence);
        self.add_up_units();
        self.score(own);
        let gold = &samples.labels[sentence.first..sentence.behind];
        let loss = self
            .links
            .learn(&self.scores, gold, own, self.options, &mut self.gradients);
        let gradients = self.step_outputs(own, rate);
        self.step_below(&gradients, rate);
        loss
    }

    /// Adds up the vector of each word, between those of the edges.
    fn read_words(&mut self, sentence: &SampleSentence) {
        let [before, behind] = self.inputs.edges;
        self.used.clear();
        self.used.push(before.into_iter().collect());
        for word in sentence.first..sentence.behind {
            let form = &self.inputs.forms[self.samples.forms[word] as usize];
            let name = self.inputs.of_name(self.samples.names[word]);
            let random = &mut self.random;
            let all = form.iter().copied().chain(name);
            let kept = all.filter(|_| random.share() as f32 >= DROPOUT);
            self.used.push(kept.collect());
        }
        self.used.push(behind.into_iter().collect());
        self.sums.clear();
        // The edges' vectors grow too, though an edge is never left out.
        for used in &self.used {
            let mut sum = [0.0; WIDTH];
            for number in used {
                let vector = &self.layers.vectors.weights[*number as usize * WIDTH..][..WIDTH];
                for (sum, value) in sum.iter_mut().zip(vector) {
                    *sum += value / (1.0 - DROPOUT);
                }
            }
            self.sums.push(sum);
        }
    }

    /// Adds up the units of each word, cuts them off and leaves some out.
    fn add_up_units(&mut self) {
        let words = self.sums.len() - 2;
        let mut base = [0.0; HIDDEN];
        base.copy_from_slice(&self.layers.base.weights);
        self.units.clear();
        self.units.resize(words, base);
        for (from, sum) in self.sums.iter().enumerate() {
            for (place, at) in places_around(from, words) {
                for (number, value) in sum.iter().enumerate() {
                    let spread = self.layers.spread(number, place);
                    for (unit, weight) in self.units[at].iter_mut().zip(spread) {
                        *unit += value * weight;
                    }
                }
            }
        }
        self.factors.clear();
        for units in &mut self.units {
            let mut factors = [0.0; HIDDEN];
            for (unit, factor) in units.iter_mut().zip(&mut factors) {
                let kept = self.random.share() as f32 >= UNIT_DROPOUT;
                if kept && *unit > 0.0 {
                    *factor = 1.0 / (1.0 - UNIT_DROPOUT);
                }
                *unit *= *factor;
            }
            self.factors.push(factors);
        }
    }

    fn score(&mut self, own: usize) {
        self.scores.clear();
        let layers = &self.layers;
        self.scores.extend(self.units.iter().map(|units| {
            let output = |copy, label| product(units, layers.output(copy, label));
            std::array::from_fn(|label| output(0, label) + output(own, label))
        }));
    }

    /// Moves the weights of the units for the labels; returns the gradient of each word's units, if it is worth a step.
    fn step_outputs(&mut self, own: usize, rate: f32) -> Vec<Option<Units>> {
        let mut steps = vec![0.0; LABELS * HIDDEN];
        let gradients = (0..self.units.len()).map(|at| {
            let gradient = &self.gradients[at];
            if !gradient.iter().any(|value| value.abs() > LEAST_GRADIENT) {
                return None;
            }
            let mut below = [0.0; HIDDEN];
            for (label, value) in gradient.iter().enumerate() {
                let (shared, own) = (self.layers.output(0, label), self.layers.output(own, label));
                let steps = &mut steps[label * HIDDEN..][..HIDDEN];
                for unit in 0..HIDDEN {
                    below[unit] += value * (shared[unit] + own[unit]);
                    steps[unit] += value * self.units[at][unit];
                }
            }
            for (below, factor) in below.iter_mut().zip(&self.factors[at]) {
                *below *= factor;
            }
            Some(below)
        });
        let gradients = gradients.collect();
        let outputs = &mut self.layers.outputs;
        outputs.step(0, &steps, rate, DECAY);
        let own_rate = rate * self.options.own_rate;
        outputs.step(own * LABELS * HIDDEN, &steps, own_rate, DECAY);
        gradients
    }

    /// Moves what the units are made of.
    fn step_below(&mut self, gradients: &[Option<Units>], rate: f32) {
        let mut base = [0.0; HIDDEN];
        for gradient in gradients.iter().flatten() {
            for (base, value) in base.iter_mut().zip(gradient) {
                *base += value;
            }
        }
        let mut steps = vec![0.0; WIDTH * SPAN * HIDDEN];
        for (from, sum) in self.sums.iter().enumerate() {
            let mut vector = [0.0; WIDTH];
            for (place, at) in places_around(from, gradients.len()) {
                let Some(gradient) = &gradients[at] else {
                    continue;
                };
                for (number, value) in sum.iter().enumerate() {
                    vector[number] += product(gradient, self.layers.spread(number, place));
                    let steps = &mut steps[(number * SPAN + place) * HIDDEN..][..HIDDEN];
                    for (step, gradient) in steps.iter_mut().zip(gradient) {
                        *step += value * gradient;
                    }
                }
            }
            if vector == [0.0; WIDTH] {
                continue;
            }
            let vector = vector.map(|value| value / (1.0 - DROPOUT));
            for number in &self.used[from] {
                let vectors = &mut self.layers.vectors;
                vectors.step(*number as usize * WIDTH, &vector, rate, 0.0);
            }
        }
        if gradients.iter().any(Option::is_some) {
            self.layers.spreads.step(0, &steps, rate, DECAY);
            self.layers.base.step(0, &base, rate, DECAY);
        }
    }

    fn weights(&self) -> NetworkWeights {
        let speaks = &self.options.speaks;
        let output = |label: usize, unit: usize| -> f32 {
            let own = speaks.iter().enumerate();
            self.layers.output(0, label)[unit]
                + own
                    .map(|(copy, share)| share * self.layers.output(1 + copy, label)[unit])
                    .sum::<f32>()
        };
        let above = |label: usize, unit: usize| output(label, unit) - output(OUTSIDE, unit);
        let numbered = self.inputs.numbers.iter().enumerate();
        let vector = |number: u32| {
            let weights = &self.layers.vectors.weights[number as usize * WIDTH..];
            std::array::from_fn(|at| weights[at])
        };
        let [transitions @ .., starts] = self.links.spoken(speaks);
        NetworkWeights {
            vectors: numbered
                .filter(|(_, number)| **number != u32::MAX)
                .map(|(at, number)| (at as u32, vector(*number)))
                .collect(),
            uses: self.inputs.uses.clone(),
            spreads: (0..WIDTH)
                .map(|number| {
                    let spread = |place| self.layers.spread(number, place);
                    std::array::from_fn(|place| std::array::from_fn(|unit| spread(place)[unit]))
                })
                .collect(),
            base: std::array::from_fn(|unit| self.layers.base.weights[unit]),
            outputs: std::array::from_fn(|at| {
                std::array::from_fn(|unit| above(OUTSIDE + 1 + at, unit))
            }),
            transitions,
            starts,
        }
    }
}

/// Returns the places that a word speaks about, and the words there; word `from` is the edge before the sentence where
/// it is 0, and the one behind it where it is one more than there are words.
fn places_around(from: usize, words: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..SPAN).filter_map(move |place| {
        let at = (from + place).checked_sub(1 + SIDE)?;
        (at < words).then_some((place, at))
    })
}

#[cfg(test)]
mod tests {
    use crate::tagger::Tagger;
    use crate::training::{Corpus, CrfOptions, Knowledge, NameLists, Sentence, train};

    /// Scenario: a word is a name where the word two before it says so, and the model is all network.
    /// Guarantees: what is learnt is written, read and computed alike.
    #[test]
    fn a_network_alone_learns_names_from_two_words_before() {
        let text = |sign: &str| format!("{sign} بعد ساعة");
        let sentence = |sign: &str, label: u8| Sentence {
            tokens: text(sign).split(' ').map(str::to_owned).collect(),
            labels: vec![0, 0, label],
        };
        let both = [sentence("زار", 3), sentence("نام", 0)];
        let corpus = Corpus {
            name: "made".to_owned(),
            guideline: 0,
            sentences: both.iter().cycle().take(120).cloned().collect(),
            blocks: 1,
        };
        let options = CrfOptions {
            bits: 12,
            draws: 1,
            network_share: 1.0,
            ..CrfOptions::default()
        };
        let (knowledge, lists) = (Knowledge::default(), NameLists::new(false));
        let model = train(&[corpus], &knowledge, &lists, &options, |_| ());
        let tagger = Tagger::read(&model).unwrap();
        for (sign, found) in [("زار", 1), ("نام", 0)] {
            let (text, mut spans) = (text(sign), Vec::new());
            tagger.tag(&text, 0..text.len(), 0.0, &mut spans);
            assert_eq!(spans.len(), found, "{text}: {spans:?}");
        }
    }

    #[test]
    fn a_model_that_ends_in_its_network_is_damaged() {
        let options = CrfOptions {
            bits: 8,
            network_share: 0.5,
            ..CrfOptions::default()
        };
        let lists = NameLists::new(false);
        let model = train(&[], &Knowledge::default(), &lists, &options, |_| ());
        assert!(Tagger::read(&model).is_ok());
        for end in (0..model.len()).step_by(97) {
            assert!(Tagger::read(&model[..end]).is_err(), "{end}");
        }
    }
}

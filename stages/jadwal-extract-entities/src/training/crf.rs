//! Fits a linear-chain CRF with AdaGrad, one copy of the weights shared by all guidelines and one for each.
//!
//! After Daumé (2007), "Frustratingly easy domain adaptation": what corpora agree on is learnt
//! together, what they label differently goes into their own copies. The model that is kept is
//! the shared copy plus a mix of the guidelines' copies.

use crate::tagger::labels::LABELS;
use crate::tagger::lattice::Scores;
use crate::training::blocks::{Block, Links, spoken};
use crate::training::random::Random;
use crate::training::samples::{SampleSentence, Samples};

/// How a model is trained.
#[derive(Clone, Debug)]
pub struct CrfOptions {
    /// Rows of the table, as a power of two.
    pub bits: u8,
    /// Times that each sentence is seen.
    pub epochs: usize,
    /// Step size.
    pub rate: f32,
    /// Step size of the copies of a guideline, as a share of the shared one's.
    pub own_rate: f32,
    /// What the sum of a weight's squared gradients starts at: the more, the less do weights move that are
    /// seldom met.
    pub caution: f32,
    /// How strongly weights are pulled to zero.
    pub decay: f32,
    /// Share of a word's features that are left out each time it is seen.
    pub dropout: f32,
    /// Times that a row must be met to get a weight.
    pub least_count: u8,
    /// Smaller weights are left out of the file, in units of its scale.
    pub least_weight: i32,
    /// How much of each guideline's copies goes into the model; what is not told is 0.
    pub speaks: Vec<f32>,
    /// Biases against `OUTSIDE` for precision, balance, recall.
    pub biases: [f32; 3],
    /// Times that the weights are learnt, each with its own shuffling and dropout; the mean is kept.
    pub draws: u64,
    /// How much of a network's scores goes into the model, the rest of it being the linear weights'; 0: it has no
    /// network.
    pub network_share: f32,
}

impl Default for CrfOptions {
    fn default() -> Self {
        Self {
            bits: 18,
            epochs: 8,
            rate: 0.04,
            own_rate: 0.3,
            caution: 0.02,
            decay: 1e-6,
            dropout: 0.2,
            least_count: 2,
            least_weight: 3,
            speaks: vec![1.0],
            biases: [0.0, 1.0, 2.5],
            draws: 4,
            network_share: 0.0,
        }
    }
}

/// The weights that are kept, by row.
pub(crate) struct Weights {
    pub(crate) rows: Vec<(u32, Scores)>,
    /// How often each of the rows was met.
    pub(crate) uses: Vec<u32>,
    pub(crate) transitions: [Scores; LABELS],
    pub(crate) starts: Scores,
}

impl Weights {
    fn each(&mut self) -> impl Iterator<Item = &mut Scores> {
        let links = self.transitions.iter_mut().chain([&mut self.starts]);
        self.rows.iter_mut().map(|(_, scores)| scores).chain(links)
    }

    fn add(&mut self, other: &Self) {
        let links = other.transitions.iter().chain([&other.starts]);
        let others = other.rows.iter().map(|(_, scores)| scores).chain(links);
        for (scores, more) in self.each().zip(others) {
            for (score, more) in scores.iter_mut().zip(more) {
                *score += more;
            }
        }
    }

    fn scale(&mut self, factor: f32) {
        for score in self.each().flatten() {
            *score *= factor;
        }
    }
}

struct Trainer<'a> {
    options: &'a CrfOptions,
    /// Number of the row among those with a weight, `u32::MAX` where it has none.
    numbers: Vec<u32>,
    /// `blocks[number * copies]` is the shared one, the guidelines' follow.
    blocks: Vec<Block>,
    copies: usize,
    links: Links,
    scores: Vec<Scores>,
    gradients: Vec<Scores>,
    used: Vec<u32>,
    used_ends: Vec<usize>,
    random: Random,
}

/// Fits the weights. What one draw learns by chance the mean of several does not keep.
pub(crate) fn fit(
    samples: &Samples,
    options: &CrfOptions,
    progress: &mut impl FnMut(&str),
) -> Weights {
    let mut kept = fit_once(samples, options, 1, progress);
    for seed in 2..=options.draws {
        kept.add(&fit_once(samples, options, seed, progress));
    }
    kept.scale(1.0 / options.draws.max(1) as f32);
    let mut uses = vec![0; 1 << options.bits];
    for row in &samples.rows {
        uses[*row as usize] += 1;
    }
    let rows = kept.rows.iter();
    kept.uses = rows.map(|(row, _)| uses[*row as usize]).collect();
    kept
}

fn fit_once(
    samples: &Samples,
    options: &CrfOptions,
    seed: u64,
    progress: &mut impl FnMut(&str),
) -> Weights {
    let mut trainer = Trainer::new(samples, options, seed);
    let mut kept: Option<Weights> = None;
    let mut summed = 0;
    let mut order: Vec<usize> = (0..samples.sentences.len()).collect();
    for epoch in 0..options.epochs {
        trainer.random.shuffle(&mut order);
        let mut loss = 0.0;
        for index in &order {
            loss += trainer.learn(samples, &samples.sentences[*index]);
        }
        let words = samples.labels.len().max(1) as f64;
        let round = epoch + 1;
        progress(&format!("epoch {round}: loss {:.4} a word", loss / words));
        // The mean over the later epochs is steadier than the last weights.
        if round >= options.epochs.div_ceil(2) {
            let now = trainer.weights();
            match &mut kept {
                None => kept = Some(now),
                Some(kept) => kept.add(&now),
            }
            summed += 1;
        }
    }
    let mut kept = kept.unwrap_or_else(|| trainer.weights());
    kept.scale(1.0 / summed.max(1) as f32);
    kept
}

impl<'a> Trainer<'a> {
    fn new(samples: &Samples, options: &'a CrfOptions, seed: u64) -> Self {
        let mut counts = vec![0_u8; 1 << options.bits];
        for row in &samples.rows {
            let count = &mut counts[*row as usize];
            *count = count.saturating_add(1);
        }
        let mut len = 0;
        let numbers = counts
            .iter()
            .map(|count| {
                if *count < options.least_count {
                    return u32::MAX;
                }
                len += 1;
                len - 1
            })
            .collect();
        let copies = 1 + samples.guidelines;
        Self {
            options,
            numbers,
            blocks: vec![Block::new(options.caution); len as usize * copies],
            copies,
            links: Links::new(copies, options.caution),
            scores: Vec::new(),
            gradients: Vec::new(),
            used: Vec::new(),
            used_ends: Vec::new(),
            random: Random(seed),
        }
    }

    fn learn(&mut self, samples: &Samples, sentence: &SampleSentence) -> f64 {
        let own = 1 + sentence.guideline;
        self.score(samples, sentence, own);
        let gold = &samples.labels[sentence.first..sentence.behind];
        let loss = self
            .links
            .learn(&self.scores, gold, own, self.options, &mut self.gradients);
        self.step_words(own);
        loss
    }

    fn score(&mut self, samples: &Samples, sentence: &SampleSentence, own: usize) {
        self.scores.clear();
        self.used.clear();
        self.used_ends.clear();
        let keep = ((1.0 - f64::from(self.options.dropout)) * f64::from(u32::MAX)) as u64;
        let scale = 1.0 / (1.0 - self.options.dropout);
        for word in sentence.first..sentence.behind {
            let mut scores = [0.0; LABELS];
            for row in samples.rows_of(word) {
                let number = self.numbers[*row as usize];
                if number == u32::MAX
                    || self.options.dropout > 0.0 && self.random.draw() >> 32 > keep
                {
                    continue;
                }
                let at = number as usize * self.copies;
                let (shared, own) = (&self.blocks[at].weights, &self.blocks[at + own].weights);
                for label in 0..LABELS {
                    scores[label] += shared[label] + own[label];
                }
                self.used.push(number);
            }
            self.used_ends.push(self.used.len());
            self.scores.push(scores.map(|score| score * scale));
        }
    }

    fn step_words(&mut self, own: usize) {
        let scale = 1.0 / (1.0 - self.options.dropout);
        let mut start = 0;
        for (gradient, end) in self.gradients.iter().zip(&self.used_ends) {
            if gradient.iter().any(|value| value.abs() > 1e-4) {
                let gradient = gradient.map(|value| value * scale);
                for number in &self.used[start..*end] {
                    let at = *number as usize * self.copies;
                    let (rate, decay) = (self.options.rate, self.options.decay);
                    let own_rate = rate * self.options.own_rate;
                    self.blocks[at].step(&gradient, rate, decay);
                    self.blocks[at + own].step(&gradient, own_rate, decay);
                }
            }
            start = *end;
        }
    }

    fn weights(&self) -> Weights {
        let speaks = &self.options.speaks;
        let sum = |number: u32| {
            let at = number as usize * self.copies;
            spoken(&self.blocks[at..at + self.copies], speaks)
        };
        let [transitions @ .., starts] = self.links.spoken(speaks);
        let numbered = self
            .numbers
            .iter()
            .enumerate()
            .filter(|(_, number)| **number != u32::MAX);
        Weights {
            rows: numbered
                .map(|(row, number)| (row as u32, sum(*number)))
                .collect(),
            uses: Vec::new(),
            transitions,
            starts,
        }
    }
}

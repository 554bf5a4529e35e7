//! Draws the training samples of one pass: sentences and words of each label, cut to all lengths,
//! and noise.

use crate::corpus::{Corpus, Label};
use crate::random::Random;

/// Sentences of a label in one pass, and words.
const SENTENCES: usize = 2000;
const WORDS: usize = 1600;

/// A text and the number of its label.
pub(crate) struct Sample {
    /// The text.
    pub(crate) text: String,
    /// Index of its label.
    pub(crate) label: usize,
}

/// Returns the samples of one pass in random order.
pub(crate) fn draw(
    corpus: &Corpus,
    labels: &[Label],
    noise: bool,
    random: &mut Random,
) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        draw_sentences(corpus, label, index, &mut samples, random);
        draw_words(corpus, label, index, &mut samples, random);
    }
    if noise {
        let texts = samples.len() / labels.len();
        for _ in 0..texts {
            let model = random.below(samples.len());
            let text = distort(&samples[model].text, random);
            samples.push(Sample {
                text,
                label: labels.len(),
            });
        }
    }
    random.shuffle(&mut samples);
    samples
}

fn draw_sentences(
    corpus: &Corpus,
    label: &Label,
    index: usize,
    samples: &mut Vec<Sample>,
    random: &mut Random,
) {
    let sources: Vec<&String> = label
        .sources
        .iter()
        .filter_map(|source| corpus.sentences.get(source))
        .flatten()
        .collect();
    if sources.is_empty() {
        return;
    }
    // Little text is repeated in part only, so that it is not learnt by heart.
    for _ in 0..SENTENCES.min(sources.len() * 3) {
        let sentence = sources[random.below(sources.len())];
        let text = vary(&cut(sentence, random), &label.tag, random);
        samples.push(Sample { text, label: index });
    }
}

fn draw_words(
    corpus: &Corpus,
    label: &Label,
    index: usize,
    samples: &mut Vec<Sample>,
    random: &mut Random,
) {
    for source in &label.sources {
        let Some(words) = corpus.words.get(source) else {
            continue;
        };
        for _ in 0..WORDS.min(words.len() * 2) {
            let count = 1 + random.below(4);
            let chosen: Vec<_> = (0..count).map(|_| frequent(words, random)).collect();
            let text = vary(&chosen.join(" "), &label.tag, random);
            samples.push(Sample { text, label: index });
        }
    }
}

/// Draws a word with a leaning to the first, which are the frequent ones.
fn frequent<'w>(words: &'w [String], random: &mut Random) -> &'w str {
    let at = random.unit() * random.unit();
    &words[((at * words.len() as f32) as usize).min(words.len() - 1)]
}

/// Cuts a run of words out of a sentence: 30 % one to three words, 30 % four to nine, else more.
fn cut(sentence: &str, random: &mut Random) -> String {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let wanted = match random.below(10) {
        0..3 => 1 + random.below(3),
        3..6 => 4 + random.below(6),
        _ => 10 + random.below(9),
    };
    let length = wanted.min(words.len());
    let start = random.below(words.len() - length + 1);
    words[start..start + length].join(" ")
}

/// Writes some samples as people do who type Persian and its neighbours on an Arabic keyboard.
fn vary(text: &str, tag: &str, random: &mut Random) -> String {
    let arabic_keys = matches!(tag, "fa" | "ur" | "ps" | "sd") && random.below(8) == 0;
    if !arabic_keys {
        return text.to_owned();
    }
    text.chars()
        .map(|letter| match letter {
            'ی' => 'ي',
            'ک' => 'ك',
            other => other,
        })
        .collect()
}

/// Makes noise out of a text: its letters shuffled, drawn anew, or without their vowels.
fn distort(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    if letters.is_empty() {
        return "qxzjk".to_owned();
    }
    let first = letters[0];
    match random.below(4) {
        0 => random.shuffle(&mut letters),
        1 => letters
            .iter_mut()
            .for_each(|letter| *letter = near(first, random)),
        2 => {
            letters.retain(|letter| !"aeiouyаеиоуыэюяاويی".contains(*letter));
            random.shuffle(&mut letters);
        }
        _ => {
            let one = letters[random.below(letters.len())];
            letters.iter_mut().for_each(|letter| {
                if random.below(3) > 0 {
                    *letter = one;
                }
            });
        }
    }
    let mut noise = String::new();
    for letter in letters {
        noise.push(letter);
        if random.below(6) == 0 {
            noise.push(' ');
        }
    }
    noise
}

/// Returns a random letter of the block that `letter` is of.
fn near(letter: char, random: &mut Random) -> char {
    let (from, count) = match letter as u32 {
        0x0400..0x0530 => (0x0430, 32),
        0x0600..0x0700 => (0x0627, 36),
        _ => (0x61, 26),
    };
    let code = from + random.below(count) as u32;
    char::from_u32(code).unwrap_or(letter)
}

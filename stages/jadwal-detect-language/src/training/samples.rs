//! Draws the training samples of one pass: sentences and words of each label, cut to all lengths,
//! and noise.

use std::collections::BTreeMap;

use super::corpus::Corpus;
use super::noise::distort;
use super::plan::{GroupPlan, Label};
use super::random::Random;

/// Sentences of a label in one pass, and words.
const SENTENCES: usize = 5000;
const WORDS: usize = 2400;
/// How often little text is drawn in one pass, so that its label isn't forgotten.
const REPEATS: usize = 12;

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
    plan: &GroupPlan,
    labels: &[Label],
    random: &mut Random,
) -> Vec<Sample> {
    let labels: Vec<&Label> = labels.iter().collect();
    let mut samples = draw_texts(corpus, &labels, random);
    for _ in 0..plan.noise * samples.len() / labels.len() {
        let like = random.below(samples.len());
        let text = distort(&samples[like].text, random);
        let label = labels.len();
        samples.push(Sample { text, label });
    }
    random.shuffle(&mut samples);
    samples
}

/// Returns the sentences and words of these labels for one pass, label by label.
pub(super) fn draw_texts(corpus: &Corpus, labels: &[&Label], random: &mut Random) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        draw_sentences(corpus, label, index, &mut samples, random);
        draw_words(corpus, label, index, &mut samples, random);
    }
    samples
}

fn draw_sentences(
    corpus: &Corpus,
    label: &Label,
    index: usize,
    samples: &mut Vec<Sample>,
    random: &mut Random,
) {
    let news = rows_of(&corpus.news, label);
    let others = rows_of(&corpus.sentences, label);
    let known = news.len() + others.len();
    for _ in 0..SENTENCES.min(known * REPEATS) {
        // Labels have the same share of news, so that news is not taken for a sign of a language.
        let from_news = !news.is_empty() && (others.is_empty() || random.below(2) == 0);
        let sources = if from_news { &news } else { &others };
        let sentence = sources[random.below(sources.len())];
        let text = vary(&cut(sentence, random), &label.tag, random);
        samples.push(Sample { text, label: index });
    }
}

fn rows_of<'c>(corpus: &'c BTreeMap<String, Vec<String>>, label: &Label) -> Vec<&'c String> {
    let sources = label.sources.iter();
    sources
        .filter_map(|source| corpus.get(source))
        .flatten()
        .collect()
}

fn draw_words(
    corpus: &Corpus,
    label: &Label,
    index: usize,
    samples: &mut Vec<Sample>,
    random: &mut Random,
) {
    let lists: Vec<&Vec<String>> = label
        .sources
        .iter()
        .filter_map(|source| corpus.words.get(source))
        .flatten()
        .collect();
    let known: usize = lists.iter().map(|list| list.len()).sum();
    let wanted = WORDS.min(known * 2);
    for list in lists {
        // Each list has its part, and short ones, which are mostly names, a small one.
        let share = (wanted * list.len().min(6000)).div_ceil(known.min(12_000));
        for _ in 0..share.min(list.len() * 2) {
            let count = [1, 1, 2, 3][random.below(4)];
            let chosen: Vec<_> = (0..count).map(|_| frequent(list, random)).collect();
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

/// Cuts a run of words out of a sentence: 45 % one or two words, 25 % four to nine, else more.
fn cut(sentence: &str, random: &mut Random) -> String {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    if words.is_empty() {
        return String::new();
    }
    let wanted = match random.below(20) {
        0..9 => 1 + random.below(2),
        9..14 => 4 + random.below(6),
        _ => 10 + random.below(9),
    };
    let length = wanted.min(words.len());
    let start = random.below(words.len() - length + 1);
    words[start..start + length].join(" ")
}

/// Writes some samples as people do who type Persian and its neighbours on an Arabic keyboard.
fn vary(text: &str, tag: &str, random: &mut Random) -> String {
    let arabic_keys = matches!(tag, "fa" | "fa-AF" | "ur" | "ps" | "sd") && random.below(12) == 0;
    if !arabic_keys {
        return text.to_owned();
    }
    let typed = |letter| match letter {
        'ی' => 'ي',
        'ک' => 'ك',
        other => other,
    };
    text.chars().map(typed).collect()
}

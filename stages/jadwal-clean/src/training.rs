//! Trains the line model from labelled pages; `MODEL.md` names the data and the command.
//!
//! Deterministic: no randomness, one thread, sums in one order. The method is Newton's, so that
//! the answer does not hang on a learning rate.

mod descent;
mod regression;

use crate::chrome;
use crate::lines;
use crate::model::{CLASSES, Measures, Model, NETWORK, Network, OUTPUTS, PASSES, Row};
use crate::phrases::Phrases;
use crate::tables;
use crate::words::Words;
use descent::{Descent, Rows};
use regression::Problem;

/// A labelled page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Lines of text, as a browser without pictures would show them.
    pub lines: Vec<String>,
    /// Whether each line is part of the main text; `None` where that is open.
    pub keep: Vec<Option<bool>>,
    /// Whether the phrases of the page's language are known.
    pub phrases: bool,
    /// How much the page counts.
    pub weight: f64,
}

/// How the network is fitted: chosen by cross-validation.
const DESCENT: Descent = Descent {
    rounds: 6,
    rate: 0.003,
    decay: 0.01,
};

/// Judges lines with other weights than those that the crate is built with.
#[derive(Debug)]
pub struct Judge {
    phrases: Phrases,
    model: Model,
}

impl Judge {
    /// Returns a judge with these weights, as [`train`] returns them; without `phrases` it knows
    /// none, as in a language that has no list.
    #[must_use]
    pub fn new(weights: &str, phrases: bool) -> Self {
        Self {
            phrases: match phrases {
                true => Phrases::load(),
                false => Phrases::none(),
            },
            model: Model::parse(weights),
        }
    }

    /// Returns for each line whether the stage would keep it, by rules and model: what it does to
    /// characters and to wrapped lines before is left out. Blank lines are not kept.
    #[must_use]
    pub fn keep(&self, lines: &[String]) -> Vec<bool> {
        let bare: Vec<String> = lines.iter().map(|line| line.replace('\n', " ")).collect();
        let text = bare.join("\n");
        let mut split = lines::split(&text, &[]);
        tables::mark(&mut split);
        let verdict = chrome::judge(&split, &self.phrases, &self.model, "", false);
        let filled = bare.iter().map(|line| !line.trim().is_empty());
        let mut rules = verdict.rules.iter();
        filled
            .map(|filled| filled && rules.next().is_some_and(Option::is_none))
            .collect()
    }
}

/// Fits the model to `pages` and returns its weights as the text file that the stage is built with.
/// `ridge` is the strength of the pull towards zero.
#[must_use]
pub fn train(pages: &[Page], ridge: f64) -> String {
    let phrases = Phrases::load();
    let mut samples: Vec<Sample> = pages.iter().map(|p| Sample::new(p, &phrases)).collect();
    let mut model = Model::default();
    let mut text = String::from(HEAD);
    for pass in 0..PASSES {
        let mut names = Vec::new();
        for class in 0..CLASSES {
            let mut problem = Problem::default();
            for sample in &samples {
                sample.add_rows(pass, class, &mut problem, &mut names);
            }
            model.passes[pass][class] = problem
                .solve(ridge, names.len())
                .into_iter()
                .map(rounded)
                .collect();
        }
        write_pass(pass, &names, &model, &mut text);
        if pass + 1 == PASSES {
            model.network = network(&samples, &model);
            write_network(&names, &model.network, &mut text);
            break;
        }
        for sample in &mut samples {
            sample.scores = model.pass(pass, &sample.measures, &sample.scores);
        }
    }
    text
}

/// Fits the network to what the last pass of `model` leaves.
fn network(samples: &[Sample], model: &Model) -> Network {
    let mut rows = Rows::default();
    for sample in samples {
        let offsets = model.pass(PASSES - 1, &sample.measures, &sample.scores);
        let done = |at: usize, row: Row| {
            if let Some(label) = sample.labels[at] {
                rows.width = row.values.len();
                rows.values.extend_from_slice(&row.values);
                rows.labels.push(label);
                rows.weights.push(sample.weights[at] as f32);
                rows.offsets.push(offsets[at]);
            }
        };
        let scores = &sample.scores;
        sample
            .measures
            .each(PASSES - 1, scores, |_| Row::default(), done);
    }
    let mean = rows.weights.iter().sum::<f32>() / rows.weights.len().max(1) as f32;
    for weight in &mut rows.weights {
        *weight /= mean.max(1e-6);
    }
    let mut network = DESCENT.fit(&rows);
    let all = network.inputs.iter_mut().chain([&mut network.outputs]);
    for weight in all.flatten() {
        *weight = rounded(f64::from(*weight));
    }
    network
}

fn write_network(names: &[&str], network: &Network, text: &mut String) {
    let rows = names.iter().zip(&network.inputs);
    for (name, weights) in rows.chain([(&OUTPUTS, &network.outputs)]) {
        *text += &format!("{NETWORK}\t{name}");
        for weight in weights {
            *text += &format!("\t{weight:.4}");
        }
        text.push('\n');
    }
}

const HEAD: &str = "# Weights of the line model, made by `jadwal-train clean`; see MODEL.md.\n\
    # Columns: pass, feature, weight for lines of 1 to 4 words, of 5 to 14, of 15 and more;\n\
    # or `units`, feature, weight for each unit of the network; `(answer)`: what each unit adds.\n";

fn write_pass(pass: usize, names: &[&str], model: &Model, text: &mut String) {
    for (index, name) in names.iter().enumerate() {
        let weights = model.passes[pass].each_ref().map(|weights| weights[index]);
        let [short, middle, long] = weights;
        let pass = pass + 1;
        *text += &format!("{pass}\t{name}\t{short:.4}\t{middle:.4}\t{long:.4}\n");
    }
}

/// The weight as the file will hold it, so that the second pass learns from what will be used.
fn rounded(weight: f64) -> f32 {
    ((weight * 10_000.0).round() / 10_000.0) as f32
}

/// A page as the model sees it.
struct Sample {
    measures: Measures,
    labels: Vec<Option<bool>>,
    /// How much each line counts.
    weights: Vec<f64>,
    /// The last pass's answers.
    scores: Vec<f32>,
}

impl Sample {
    fn new(page: &Page, phrases: &Phrases) -> Self {
        let filled = || {
            let lines = page.lines.iter().zip(&page.keep);
            lines.filter(|(line, _)| !line.trim().is_empty())
        };
        let joined: Vec<String> = filled().map(|(line, _)| line.replace('\n', " ")).collect();
        let text = joined.join("\n");
        let mut lines = lines::split(&text, &[]);
        tables::mark(&mut lines);
        let hits = match page.phrases {
            true => chrome::hits(&lines, phrases),
            false => vec![None; lines.len()],
        };
        let labels: Vec<_> = filled().map(|(_, keep)| *keep).collect();
        // Scores count words, and every page alike: long lines and short pages count more.
        let weight = |words: usize| (words as f64).sqrt();
        let scored = lines
            .iter()
            .zip(&labels)
            .filter(|(_, label)| label.is_some());
        let total: f64 = scored.map(|(line, _)| weight(line.words)).sum();
        let share = page.weight / total.max(1.0).sqrt();
        Self {
            measures: Measures::new(&lines, &hits, &Words::of(&lines)),
            weights: lines.iter().map(|l| weight(l.words) * share).collect(),
            labels,
            scores: Vec::new(),
        }
    }

    /// Adds the labelled lines of `class` to `problem`.
    fn add_rows(
        &self,
        pass: usize,
        class: usize,
        problem: &mut Problem,
        names: &mut Vec<&'static str>,
    ) {
        let done = |at: usize, row: Row| {
            if names.is_empty() {
                names.clone_from(&row.names);
            }
            if let Some(label) = self.labels[at]
                && self.measures.class(at) == class
            {
                problem.add(&row.values, label, self.weights[at]);
            }
        };
        self.measures
            .each(pass, &self.scores, |_| Row::default(), done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taught_is_told_again() {
        let prose = "the council met on monday and spoke for hours about the price of fish, as it had before.";
        let page = |count: usize| {
            let mut page = Page {
                phrases: true,
                weight: 1.0,
                ..Page::default()
            };
            for index in 0..30 {
                let is_text = (8..8 + count).contains(&index);
                page.lines
                    .push(if is_text { prose } else { "more news" }.to_owned());
                page.keep.push(Some(is_text));
            }
            page
        };
        let pages: Vec<Page> = (1..12).map(page).collect();
        let text = train(&pages, 1.0);
        assert_eq!(text, train(&pages, 1.0), "training is deterministic");
        let model = Model::parse(&text);
        let sample = Sample::new(&page(12), &Phrases::load());
        let kept: Vec<_> = model
            .scores(&sample.measures)
            .iter()
            .map(|s| Some(*s > 0.0))
            .collect();
        assert_eq!(kept, page(12).keep);
    }
}

//! Scores the line model by cross-validation: each page by a model that saw no page of its host.
//!
//! All labelled pages that are real take part, so that a change is tuned on many sites instead of the
//! few that are kept for the end. Each page is judged twice: as it is, and as a page in a language
//! that the stage knows nothing of (small letters, no phrases, lists of other headlines about it).

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::thread;

use anyhow::Result;
use jadwal_clean::training::{self, Judge, Page};

use super::{Labelled, variants};

/// A page with what the table says of it.
pub(super) struct Sample {
    pub(super) kind: String,
    pub(super) host: String,
    pub(super) page: Page,
}

impl Sample {
    pub(super) fn new(labelled: Labelled) -> Self {
        Self {
            kind: labelled.ptype.clone(),
            host: labelled.host.clone(),
            page: labelled.into_page(1.0),
        }
    }
}

/// Trains a model for each of `folds` parts of `samples` by host, without them, with `always` besides,
/// and writes how it judges them. `arabic` is judged by all of the models.
pub(super) fn run(
    samples: &[Sample],
    always: &[Page],
    arabic: &[Sample],
    folds: u64,
    ridge: f64,
    out: &mut dyn Write,
) -> Result<()> {
    let mut table: BTreeMap<String, Scores> = BTreeMap::new();
    let fold = |number: u64| {
        let is_held_out = |sample: &&Sample| hash(&sample.host) % folds == number;
        let (held_out, rest): (Vec<_>, Vec<_>) = samples.iter().partition(is_held_out);
        let mut pages: Vec<Page> = rest.iter().map(|sample| sample.page.clone()).collect();
        let mut all = variants::of(&pages);
        all.append(&mut pages);
        all.extend_from_slice(always);
        let weights = training::train(&all, ridge);
        score(&weights, &held_out, arabic)
    };
    // Two at a time: each holds all rows of its pages in memory.
    let numbers: Vec<u64> = (0..folds).collect();
    for pair in numbers.chunks(2) {
        let results: Vec<_> = thread::scope(|scope| {
            let fold = &fold;
            let threads: Vec<_> = pair
                .iter()
                .map(|number| scope.spawn(move || fold(*number)))
                .collect();
            threads
                .into_iter()
                .map(thread::ScopedJoinHandle::join)
                .collect()
        });
        for result in results {
            let scores = result.map_err(|_| anyhow::anyhow!("a fold panicked"))?;
            for (name, scores) in scores {
                table.entry(name).or_default().merge(&scores);
            }
        }
    }
    write(&table, out)?;
    Ok(())
}

/// Judges pages that the model of `weights` did not see.
pub(super) fn score(
    weights: &str,
    held_out: &[&Sample],
    arabic: &[Sample],
) -> BTreeMap<String, Scores> {
    let judge = Judge::new(weights, true);
    let foreign_judge = Judge::new(weights, false);
    let mut table: BTreeMap<String, Scores> = BTreeMap::new();
    let mut add = |name: &str, kind: &str, page: &Page, judge: &Judge| {
        let kept = judge.keep(&page.lines);
        for name in [name.to_owned(), format!("{name}, {kind}")] {
            table.entry(name).or_default().add(page, &kept);
        }
    };
    let headlines: Vec<&str> = held_out
        .iter()
        .filter_map(|sample| variants::headline(&sample.page))
        .collect();
    for (number, sample) in held_out.iter().enumerate() {
        add("pages", &sample.kind, &sample.page, &judge);
        let foreign = variants::foreign(&sample.page, &headlines, number);
        add("foreign", &sample.kind, &foreign, &foreign_judge);
    }
    for sample in arabic {
        add("arabic", &sample.kind, &sample.page, &judge);
    }
    table
}

/// FNV-1a, so that a host's fold hangs on nothing but its name.
fn hash(host: &str) -> u64 {
    host.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    }) >> 7
}

/// Sums over pages.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pages: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    right: u64,
    wrong: u64,
    half_lost: usize,
}

impl Scores {
    /// Adds a page of which the lines `kept` are kept: words as bags, lines one by one.
    fn add(&mut self, page: &Page, kept: &[bool]) {
        let mut bags: HashMap<&str, [u64; 2]> = HashMap::new();
        for ((line, label), kept) in page.lines.iter().zip(&page.keep).zip(kept) {
            let Some(is_text) = *label else {
                continue;
            };
            self.right += 2 * u64::from(*kept && is_text);
            self.wrong += u64::from(*kept != is_text && !line.trim().is_empty());
            for word in line.split_whitespace() {
                let counts = bags.entry(word).or_default();
                counts[0] += u64::from(*kept);
                counts[1] += u64::from(is_text);
            }
        }
        let sum = |count: fn(&[u64; 2]) -> u64| bags.values().map(count).sum::<u64>() as f64;
        let both = sum(|[kept, text]| *kept.min(text));
        let share = |whole: f64| if whole > 0.0 { both / whole } else { 1.0 };
        let (precision, recall) = (share(sum(|[kept, _]| *kept)), share(sum(|[_, text]| *text)));
        self.pages += 1;
        self.precision += precision;
        self.recall += recall;
        if precision + recall > 0.0 {
            self.f1 += 2.0 * precision * recall / (precision + recall);
        }
        self.half_lost += usize::from(recall < 0.5);
    }

    fn merge(&mut self, other: &Self) {
        self.pages += other.pages;
        self.precision += other.precision;
        self.recall += other.recall;
        self.f1 += other.f1;
        self.right += other.right;
        self.wrong += other.wrong;
        self.half_lost += other.half_lost;
    }
}

pub(super) fn write(table: &BTreeMap<String, Scores>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "| pages of other hosts | pages | word P | word R | word F | line F | half lost |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|")?;
    for (name, scores) in table {
        let mean = |sum: f64| sum / scores.pages as f64;
        let all = (scores.right + scores.wrong).max(1) as f64;
        writeln!(
            out,
            "| {name} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {} |",
            scores.pages,
            mean(scores.precision),
            mean(scores.recall),
            mean(scores.f1),
            scores.right as f64 / all,
            scores.half_lost
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(number: usize) -> Sample {
        let prose =
            "the council met on monday and spoke for hours about the price of fish, as it had in";
        let mut page = Page {
            phrases: true,
            weight: 1.0,
            ..Page::default()
        };
        for index in 0..30 {
            let is_text = (8..10 + number % 9).contains(&index);
            page.lines.push(match is_text {
                true => format!("{prose} {}.", 1990 + index),
                false => "more news".to_owned(),
            });
            page.keep.push(Some(is_text));
        }
        Sample {
            kind: "article".to_owned(),
            host: format!("{number}.example"),
            page,
        }
    }

    #[test]
    fn each_page_is_judged_once_by_a_model_of_the_others() {
        let samples: Vec<Sample> = (0..24).map(sample).collect();
        let mut table = Vec::new();
        run(&samples, &[], &samples[..2], 3, 1.0, &mut table).expect("it is written to memory");
        let table = String::from_utf8(table).expect("it is text");
        let row = |name: &str| {
            table
                .lines()
                .find(|line| line.starts_with(name))
                .map(str::to_owned)
        };
        let pages = row("| pages |").expect("there is one");
        assert!(pages.starts_with("| pages | 24 |"), "{table}");
        assert_eq!(
            row("| arabic |").map(|row| row.starts_with("| arabic | 6 |")),
            Some(true)
        );
        let f: f64 = pages
            .split('|')
            .nth(5)
            .and_then(|cell| cell.trim().parse().ok())
            .expect("a number");
        assert!(f > 0.9, "{table}");
    }

    #[test]
    fn words_are_counted_as_bags() {
        let mut scores = Scores::default();
        let page = Page {
            lines: ["a b c", "a d", "e"].map(str::to_owned).to_vec(),
            keep: vec![Some(true), Some(false), None],
            ..Page::default()
        };
        scores.add(&page, &[false, true, true]);
        assert_eq!((scores.precision, scores.recall), (0.5, 1.0 / 3.0));
        assert_eq!((scores.right, scores.wrong, scores.half_lost), (0, 2, 1));
    }
}

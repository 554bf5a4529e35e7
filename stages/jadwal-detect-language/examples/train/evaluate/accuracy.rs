//! Right answers and honest scores, by language and length.

use std::collections::BTreeMap;

use jadwal_detect_language::detector::{Detector, NgramDetector, UNDETERMINED};

use super::{Held, percent};

/// Lengths in words; a text is cut after its first two words, which are often names. The one word is
/// the next with four letters or more, if there is one.
const LENGTHS: [(&str, usize); 4] = [
    ("sentence", usize::MAX),
    ("5 words", 5),
    ("2 words", 2),
    ("1 word", 1),
];

const SETS: [(&str, &str); 4] = [
    ("seven of Arabic script", "ar fa ur ckb ps ug sd"),
    (
        "47 common",
        "ar az be bg bn ca cs da de el en es et fa fi fr gu he hi hu hy it ja ka ko lt lv mr nb nl pa \
         pl pt ro ru sk sl sv ta te th tl tr uk ur vi zh",
    ),
    (
        "101 of the list",
        "af am ar as az ba be bg bn bs ca ckb cs cy da de el en eo es et eu fa fi fr ga gd gl gu ha he \
         hi hr ht hu hy id is it ja jv ka kk km kmr kn ko ky lb lg lo lt lv mi mk ml mn mr ms mt my nb \
         ne nl nn or pa pl ps pt ro ru sd si sk sl sn so sq sr-Cyrl st sv sw ta te tg th tl tn tr ts \
         ug uk ur uz vi xh yi yo zh zu",
    ),
    ("all", ""),
];

/// One answer: the share that it was given, and whether it was right.
type Answer = (f32, bool);

#[derive(Default)]
struct Score {
    answers: Vec<Answer>,
    taken_for: BTreeMap<String, usize>,
}

impl Score {
    fn share(&self) -> f64 {
        let right = self.answers.iter().filter(|(_, right)| *right).count();
        percent(right, self.answers.len())
    }
}

/// Prints a table of the languages, one of sets of them, and one of calibration.
pub(crate) fn print_tables(held: &Held, detector: &NgramDetector) {
    let tables: Vec<BTreeMap<&str, Score>> = LENGTHS
        .iter()
        .map(|(_, words)| scores(held, detector, *words))
        .collect();
    println!("\nright of the sentences of `ntrex/dev`, in per cent; `und` counts as wrong");
    for tag in held.keys() {
        let shares: Vec<_> = tables
            .iter()
            .map(|table| format!("{:6.1}", table[&**tag].share()))
            .collect();
        let mut taken: Vec<_> = tables[0][&**tag].taken_for.iter().collect();
        taken.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        taken.truncate(4);
        println!(
            "{tag:>16} {}  sentences taken for {taken:?}",
            shares.join(" ")
        );
    }
    println!("\nset: sentence, 5 words, 2 words, 1 word (mean of its languages that have text)");
    for (name, tags) in SETS {
        let tags: Vec<&str> = tags.split_whitespace().collect();
        let shares = tables.iter().map(|table| mean(table, &tags));
        let shares: Vec<_> = shares.map(|share| format!("{share:6.2}")).collect();
        println!("{name:>24} {}", shares.join(" "));
    }
    println!("\ncalibration error, in per cent");
    for ((name, _), table) in LENGTHS.iter().zip(&tables) {
        println!("{name:>24} {:.2}", calibration_error(table));
    }
}

fn scores<'h>(held: &'h Held, detector: &NgramDetector, words: usize) -> BTreeMap<&'h str, Score> {
    let mut scores = BTreeMap::new();
    for (tag, texts) in held {
        let score: &mut Score = scores.entry(tag.as_str()).or_default();
        for text in texts {
            count(score, detector, tag, &cut(text, words));
        }
    }
    scores
}

fn cut(text: &str, words: usize) -> String {
    if words == usize::MAX {
        return text.to_owned();
    }
    let mut some = text.split_whitespace().skip(2);
    if words == 1 {
        let long = some.clone().find(|word| word.chars().count() >= 4);
        return long.or(some.next()).unwrap_or_default().to_owned();
    }
    some.take(words).collect::<Vec<_>>().join(" ")
}

fn count(score: &mut Score, detector: &NgramDetector, tag: &str, text: &str) {
    let detection = detector.detect(&[text]);
    if detection.letters == 0 {
        return;
    }
    let best = detection.best();
    let right = tag.split(' ').next() == Some(best.tag);
    if best.tag != UNDETERMINED || best.score > 0.0 {
        score.answers.push((best.score, right));
    }
    if !right {
        *score.taken_for.entry(best.tag.to_owned()).or_default() += 1;
    }
}

fn mean(table: &BTreeMap<&str, Score>, tags: &[&str]) -> f64 {
    let shares: Vec<f64> = table
        .iter()
        .filter(|(tag, _)| tags.is_empty() || tags.contains(tag))
        .map(|(_, score)| score.share())
        .collect();
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

/// Returns the mean distance between score and truth over ten classes of scores.
fn calibration_error(table: &BTreeMap<&str, Score>) -> f64 {
    let mut classes = [(0.0, 0_usize, 0_usize); 10];
    for (score, right) in table.values().flat_map(|score| &score.answers) {
        let class = &mut classes[((score * 10.0) as usize).min(9)];
        class.0 += f64::from(*score);
        class.1 += usize::from(*right);
        class.2 += 1;
    }
    let all: usize = classes.iter().map(|class| class.2).sum();
    let distance = |class: &(f64, usize, usize)| (class.0 - class.1 as f64).abs();
    100.0 * classes.iter().map(distance).sum::<f64>() / all.max(1) as f64
}

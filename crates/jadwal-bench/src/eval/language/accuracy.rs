//! Right answers and honest scores, by language and length.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use jadwal_detect_language::detector::{Detector, UNDETERMINED};

use super::held::{Held, Row};
use super::percent;

/// How much of a sentence is read. Runs of words start at its third word, for the first are often names.
#[derive(Clone, Copy)]
enum Cut {
    Whole,
    Words(usize),
    /// The next word with four letters or more.
    Word,
    /// The same, but none with a capital, which is mostly a name.
    SmallWord,
}

const CUTS: [(&str, Cut); 5] = [
    ("sentence", Cut::Whole),
    ("5 words", Cut::Words(5)),
    ("2 words", Cut::Words(2)),
    ("1 word", Cut::Word),
    ("1 word, no name", Cut::SmallWord),
];

const SETS: [(&str, &str); 4] = [
    ("seven of Arabic script", "ar fa ur ckb ps ug sd"),
    (
        "48 common",
        "ar az be bg bn ca cs da de el en es et fa fi fr gu he hi hu hy id it ja ka ko lt lv mr nb nl pa \
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
    /// Right and all of the rows that can be told.
    tellable: (usize, usize),
    taken_for: BTreeMap<String, usize>,
}

impl Score {
    fn share(&self) -> f64 {
        let right = self.answers.iter().filter(|(_, right)| *right).count();
        percent(right, self.answers.len())
    }

    fn share_of_tellable(&self) -> f64 {
        percent(self.tellable.0, self.tellable.1)
    }
}

type Table<'h> = BTreeMap<&'h str, Score>;

/// Writes a table of the languages, one of sets of them, and one of calibration.
pub(super) fn write_tables(
    held: &Held,
    detector: &dyn Detector,
    out: &mut dyn Write,
) -> Result<()> {
    let tables = CUTS.map(|(_, cut)| scores(held, detector, cut));
    writeln!(out, "\n## Right, in per cent; `und` counts as wrong\n")?;
    let names = CUTS.map(|(name, _)| name).join(" | ");
    writeln!(out, "| language | {names} | sentences taken for |")?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|---|")?;
    for tag in tables[0].keys() {
        let shares = tables
            .each_ref()
            .map(|table| format!("{:.1}", table[tag].share()));
        let taken = taken_for(&tables[0][tag]);
        writeln!(out, "| {tag} | {} | {taken} |", shares.join(" | "))?;
    }
    write_sets(&tables, &names, out)?;
    writeln!(out, "\n## Calibration error in ten classes, in per cent\n")?;
    writeln!(out, "| {names} |\n|--:|--:|--:|--:|--:|")?;
    let errors = tables
        .each_ref()
        .map(|table| format!("{:.2}", calibration_error(table)));
    writeln!(out, "| {} |", errors.join(" | "))?;
    Ok(())
}

fn write_sets(tables: &[Table<'_>; 5], names: &str, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "\n## Mean of the languages of a set that have text\n")?;
    writeln!(
        out,
        "Sentences that can be told have three different words, and no other language has the same.\n"
    )?;
    writeln!(
        out,
        "| set | languages | {names} | sentences that can be told |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|")?;
    for (name, tags) in SETS {
        let tags: Vec<&str> = tags.split_whitespace().collect();
        let of_set = |table: &Table<'_>, share: fn(&Score) -> f64| {
            let scores = table.iter();
            let scores = scores.filter(|(tag, _)| tags.is_empty() || tags.contains(tag));
            scores.map(|(_, score)| share(score)).collect::<Vec<_>>()
        };
        let shares = tables
            .each_ref()
            .map(|table| format!("{:.2}", mean(&of_set(table, Score::share))));
        let tellable = of_set(&tables[0], Score::share_of_tellable);
        writeln!(
            out,
            "| {name} | {} | {} | {:.2} |",
            tellable.len(),
            shares.join(" | "),
            mean(&tellable)
        )?;
    }
    Ok(())
}

/// Writes each sentence that is not told right.
pub(super) fn write_errors(
    held: &Held,
    detector: &dyn Detector,
    out: &mut dyn Write,
) -> Result<()> {
    writeln!(out, "\n## Sentences told wrong\n")?;
    for (tag, rows) in held.tags() {
        for row in rows {
            let detection = detector.detect(&[&row.text]);
            let best = detection.best();
            if !is_right(tag, best.tag) {
                let mark = if row.tellable { "" } else { " (can't be told)" };
                let (told, score, text) = (best.tag, best.score, &row.text);
                writeln!(out, "- {tag} as {told} {score:.2}{mark}: {text}")?;
            }
        }
    }
    Ok(())
}

/// Writes which language is taken for which how often, the most frequent first: sentences, and those
/// of them that can be told.
pub(super) fn write_misses(
    held: &Held,
    detector: &dyn Detector,
    out: &mut dyn Write,
) -> Result<()> {
    let mut misses: BTreeMap<(&str, String), (usize, usize)> = BTreeMap::new();
    for (tag, rows) in held.tags() {
        for row in rows {
            let detection = detector.detect(&[&row.text]);
            let told = detection.best().tag;
            if detection.letters > 0 && !is_right(tag, told) {
                let (all, tellable) = misses.entry((tag, told.to_owned())).or_default();
                *all += 1;
                *tellable += usize::from(row.tellable);
            }
        }
    }
    let mut misses: Vec<_> = misses.into_iter().collect();
    misses.sort_by_key(|(_, (all, _))| std::cmp::Reverse(*all));
    writeln!(out, "\n## Sentences taken for another language\n")?;
    writeln!(
        out,
        "| language | taken for | sentences | that can be told |"
    )?;
    writeln!(out, "|---|---|--:|--:|")?;
    for ((tag, told), (all, tellable)) in misses {
        writeln!(out, "| {tag} | {told} | {all} | {tellable} |")?;
    }
    Ok(())
}

fn taken_for(score: &Score) -> String {
    let mut taken: Vec<_> = score.taken_for.iter().collect();
    taken.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let taken = taken.iter().take(4);
    let told: Vec<_> = taken.map(|(tag, count)| format!("{tag} {count}")).collect();
    told.join(", ")
}

fn scores<'h>(held: &'h Held, detector: &dyn Detector, how: Cut) -> Table<'h> {
    let mut scores = Table::new();
    for (tag, rows) in held.tags() {
        let score = scores.entry(tag).or_default();
        for row in rows {
            count(score, detector, tag, row, how);
        }
    }
    scores
}

fn cut(text: &str, how: Cut) -> String {
    let mut some = text.split_whitespace().skip(2);
    match how {
        Cut::Whole => text.to_owned(),
        Cut::Words(words) => some.take(words).collect::<Vec<_>>().join(" "),
        Cut::Word => {
            let long = some.clone().find(|word| word.chars().count() >= 4);
            long.or(some.next()).unwrap_or_default().to_owned()
        }
        Cut::SmallWord => {
            let trim = |word: &'_ str| {
                word.trim_matches(|mark: char| !mark.is_alphabetic())
                    .to_owned()
            };
            let small =
                |word: &String| word.chars().count() >= 4 && !word.starts_with(char::is_uppercase);
            some.map(trim).find(small).unwrap_or_default()
        }
    }
}

fn count(score: &mut Score, detector: &dyn Detector, tag: &str, row: &Row, how: Cut) {
    let text = cut(&row.text, how);
    let detection = detector.detect(&[&text]);
    if detection.letters == 0 {
        return;
    }
    let best = detection.best();
    let right = is_right(tag, best.tag);
    if best.tag != UNDETERMINED || best.score > 0.0 {
        score.answers.push((best.score, right));
    }
    if row.tellable {
        score.tellable.0 += usize::from(right);
        score.tellable.1 += 1;
    }
    if !right {
        *score.taken_for.entry(best.tag.to_owned()).or_default() += 1;
    }
}

/// A variety's tag in the tables begins with the one that it should be told as: `ar/mey`.
fn is_right(tag: &str, told: &str) -> bool {
    tag.split('/').next() == Some(told)
}

fn mean(shares: &[f64]) -> f64 {
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

/// Returns the mean distance between score and truth over ten classes of scores.
fn calibration_error(table: &Table<'_>) -> f64 {
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

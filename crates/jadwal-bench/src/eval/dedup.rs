//! Scores what `dedup` finds in a generated stream of news.
//!
//! The release binary runs over the stream with every policy set to `mark`, so that each document has
//! a record; the text goes through `clean` before. Two documents are a pair when they tell one story;
//! they are taken as one when their records name one cluster.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::place::Place;
use crate::stream::{Item, Level, Stream};

/// Which stream is scored.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Seed of the stream; 1 to 9 were used for tuning
    #[arg(long, default_value_t = 101)]
    seed: u64,
    /// Documents in the stream
    #[arg(long, default_value_t = 6000)]
    documents: usize,
    /// Folder with `text/arwiki.jsonl.xz`, whose sentences the stories are made of; without it they
    /// are made of invented words. Needs the program `xz`
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Show this many wrong pairs
    #[arg(long, default_value_t = 0)]
    wrong: usize,
}

/// What is read of a record.
#[derive(Clone, Debug, Deserialize)]
struct Record {
    id: String,
    cluster_id: String,
    revision_of: String,
    duplicate_of: String,
    similarity: f64,
    extra: Extra,
    metadata: Metadata,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Extra {
    #[serde(default)]
    dedup: Option<Told>,
}

#[derive(Clone, Debug, Deserialize)]
struct Told {
    relation: String,
    of: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Metadata {
    record_index: usize,
}

/// Generates the stream, runs the binary over it, and writes the tables.
pub(super) fn run(options: &Options, place: &Place, out: &mut dyn Write) -> Result<()> {
    let texts = match &options.data {
        Some(data) => wiki_texts(&data.join("text/arwiki.jsonl.xz"))?,
        None => Vec::new(),
    };
    let source = if texts.is_empty() {
        "invented words"
    } else {
        "Wikipedia sentences"
    };
    let stream = Stream {
        seed: options.seed,
        documents: options.documents,
        texts,
    };
    let items = stream.items();
    let begun = Instant::now();
    let records = deduplicate(place, &items)?;
    let seconds = begun.elapsed().as_secs_f64();
    let bytes: usize = items.iter().map(|item| item.text.len()).sum();
    writeln!(
        out,
        "`jadwal-bench eval dedup --seed {}`: {} documents of {} bytes on average, {source}; \
         clean, dedup and emit took {seconds:.1} s.\n",
        options.seed,
        items.len(),
        bytes / items.len().max(1)
    )?;
    write_pairs(&items, &records, out)?;
    write_levels(&items, &records, out)?;
    write_wrong(&items, &records, options.wrong, out)
}

/// Returns the texts of a packed JSON Lines file.
fn wiki_texts(path: &Path) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Line {
        text: String,
    }
    let unpacked = Command::new("xz")
        .args(["--decompress", "--stdout"])
        .arg(path)
        .stderr(Stdio::inherit())
        .output()
        .context("failed to run `xz`")?;
    ensure!(
        unpacked.status.success(),
        "failed to unpack `{}`",
        path.display()
    );
    let lines = unpacked.stdout.split(|byte| *byte == b'\n');
    let texts = lines.filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    let texts = texts.map(|line| line.text).filter(|text| text.len() > 4000);
    Ok(texts.collect())
}

/// Runs the pipeline over `items`, one JSON Lines file, and returns their records, in order.
fn deduplicate(place: &Place, items: &[Item]) -> Result<Vec<Record>> {
    let mut lines = String::new();
    for item in items {
        let line = json!({ "text": item.text, "url": item.url });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    fs::write(place.inbox().join("stream.jsonl"), lines).context("failed to write the stream")?;
    let config = "[pipeline]\nname = \"bench\"\nstages = [\"clean\", \"dedup\", \"emit\"]\n\
         [source]\ninclude = [\"**/*\"]\n\
         [stages.dedup.options]\npolicy = \"mark\"\n";
    let ran = place.configured("batch", config)?.output();
    let ran = ran.context("failed to run the binary")?;
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    ensure!(ran.status.success(), "the binary failed: {told}");
    let output = fs::read_to_string(place.output()).context("failed to read the records")?;
    let records: Vec<Record> = output
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("failed to read a record")?;
    let whole = records.iter().map(|record| record.metadata.record_index);
    ensure!(
        whole.eq(0..items.len()),
        "not every document has a record: {told}"
    );
    Ok(records)
}

/// Returns the documents of each group, by the group's key.
fn grouped<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (index, key) in keys.enumerate() {
        groups.entry(key).or_default().push(index);
    }
    groups
}

fn pairs(members: usize) -> u64 {
    (members * members.saturating_sub(1) / 2) as u64
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Precision and recall of pairs, and merged pairs of reports and of notices.
fn write_pairs(items: &[Item], records: &[Record], out: &mut dyn Write) -> Result<()> {
    let stories = grouped(items.iter().map(|item| item.story));
    let clusters = grouped(records.iter().map(|record| record.cluster_id.as_str()));
    let both = grouped(
        items
            .iter()
            .zip(records)
            .map(|(item, record)| (item.story, record.cluster_id.as_str())),
    );
    let sum = |groups: &mut dyn Iterator<Item = usize>| groups.map(pairs).sum::<u64>();
    let wanted = sum(&mut stories.values().map(Vec::len));
    let found = sum(&mut clusters.values().map(Vec::len));
    let right = sum(&mut both.values().map(Vec::len));
    let wrong = |is: &dyn Fn(&Item, &Item) -> bool| {
        let wrong =
            wrong_pairs(items, &clusters).filter(|(left, right)| is(&items[*left], &items[*right]));
        wrong.count()
    };
    let series = wrong(&|left, right| left.series.is_some() && left.series == right.series);
    let notices = wrong(&|left, right| left.level == Level::Notice && right.level == Level::Notice);
    writeln!(
        out,
        "| pairs | found | right | precision | recall | issues of a series merged | notices merged |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    writeln!(
        out,
        "| {wanted} | {found} | {right} | {:.4} | {:.4} | {series} | {notices} |\n",
        share(right, found),
        share(right, wanted)
    )?;
    Ok(())
}

/// Returns the pairs of one cluster that tell two stories.
fn wrong_pairs<'a>(
    items: &'a [Item],
    clusters: &'a BTreeMap<&str, Vec<usize>>,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    clusters.values().flat_map(move |members| {
        let pairs = members
            .iter()
            .enumerate()
            .flat_map(move |(at, left)| members[at + 1..].iter().map(move |right| (*left, *right)));
        pairs.filter(move |(left, right)| items[*left].story != items[*right].story)
    })
}

/// For each level of copies: how many are in the cluster of an earlier document of their story, and
/// what they were called.
fn write_levels(items: &[Item], records: &[Record], out: &mut dyn Write) -> Result<()> {
    const NAMES: [&str; 8] = [
        "raw", "text", "copy", "revision", "excerpt", "series", "related", "",
    ];
    writeln!(
        out,
        "| level | documents | linked | raw | text | copy | revision | excerpt | series | related | nothing |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|---|---|")?;
    let rows = Level::COPIES
        .into_iter()
        .chain([Level::Original, Level::Series, Level::Notice]);
    for level in rows {
        let mut called = [0_u64; NAMES.len()];
        let (mut documents, mut linked) = (0, 0);
        let mut clusters: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        for (item, record) in items.iter().zip(records) {
            let earlier = clusters.entry(item.story).or_default();
            if item.level == level {
                documents += 1;
                linked += u64::from(earlier.contains(&record.cluster_id.as_str()));
                let name = record
                    .extra
                    .dedup
                    .as_ref()
                    .map_or("", |told| &told.relation);
                if let Some(place) = NAMES.iter().position(|known| *known == name) {
                    called[place] += 1;
                }
            }
            earlier.push(&record.cluster_id);
        }
        let copies = Level::COPIES.contains(&level);
        let linked = if copies {
            format!("{:.4}", share(linked, documents))
        } else {
            "-".to_owned()
        };
        let called = called.map(|count| count.to_string()).join(" | ");
        writeln!(
            out,
            "| {} | {documents} | {linked} | {called} |",
            level.name()
        )?;
    }
    Ok(())
}

/// Shows some documents that were put into a cluster of another story, and copies that were missed.
fn write_wrong(items: &[Item], records: &[Record], most: usize, out: &mut dyn Write) -> Result<()> {
    let by_id: BTreeMap<_, _> = records
        .iter()
        .enumerate()
        .rev()
        .map(|(at, record)| (record.id.as_str(), at))
        .collect();
    let matched = |record: &Record| {
        let told = record.extra.dedup.as_ref()?;
        by_id.get(told.of.as_str()).copied()
    };
    let mut shown = 0;
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    for (at, (item, record)) in items.iter().zip(records).enumerate() {
        let first = *seen.entry(item.story).or_insert(at);
        let other = matched(record).filter(|other| items[*other].story != item.story);
        let merged = other.filter(|other| records[*other].cluster_id == record.cluster_id);
        let missed = first != at && records[first].cluster_id != record.cluster_id;
        if shown < most && (merged.is_some() || missed) {
            shown += 1;
            let with = merged.unwrap_or(first);
            let what = if merged.is_some() { "merged" } else { "missed" };
            writeln!(
                out,
                "\n{what}: {} with {} as {:?} ({:.3}; duplicate of `{}`, revision of `{}`)\n--- {}\n{}\n--- {}\n{}",
                item.level.name(),
                items[with].level.name(),
                record.extra.dedup.as_ref().map(|told| &told.relation),
                record.similarity,
                record.duplicate_of,
                record.revision_of,
                items[with].url,
                items[with].text,
                item.url,
                item.text
            )?;
        }
    }
    Ok(())
}

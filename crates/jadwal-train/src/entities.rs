//! `jadwal-train entities`: one model a language, from labelled corpora, lists and free text.
//!
//! Trains on `train` splits only. Afterwards the model is scored on the `dev` splits, at several
//! biases, so that the biases below can be chosen.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use jadwal_extract_entities::Tagger;
use jadwal_extract_entities::training::{
    Corpus, Counts, CrfOptions, FreeText, Knowledge, NameLists, Sentence, read_conll, read_split,
    score_sentences, train,
};

/// Where the data lies, and how models are trained.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder of corpora, `LANGUAGE/CORPUS/SPLIT.conll`, also `.gz`
    data: PathBuf,
    /// Train these languages only
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// A corpus of your own, a token and a BIO tag a line: the model labels as it does. Needs --language
    #[arg(long = "data", value_name = "FILE")]
    own_data: Option<PathBuf>,
    /// Folder of free text, `LANGUAGEwiki.jsonl` or `.jsonl.xz` with a field `text`
    #[arg(long, value_name = "DIR")]
    text: Option<PathBuf>,
    /// Keep word clusters in this folder, and take them from there the next time
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Folder of the lists of names and of words that announce names
    #[arg(
        long,
        value_name = "DIR",
        default_value = "stages/jadwal-extract-entities/models/lists"
    )]
    lists: PathBuf,
    /// Where the model files go
    #[arg(
        long,
        value_name = "DIR",
        default_value = "stages/jadwal-extract-entities/models"
    )]
    out: PathBuf,
    /// Rows of the weight table, as a power of two [default: the language's]
    #[arg(long)]
    bits: Option<u8>,
    /// Times that each sentence is seen [default: the language's]
    #[arg(long)]
    epochs: Option<usize>,
    /// Step size
    #[arg(long)]
    rate: Option<f32>,
    /// Step size of what only one corpus tells, as a share of the other
    #[arg(long)]
    own_rate: Option<f32>,
    /// What the sum of a weight's squared gradients starts at
    #[arg(long)]
    caution: Option<f32>,
    /// Times that the weights are learnt anew; the mean is kept
    #[arg(long)]
    draws: Option<u64>,
    /// Share of the features that are left out at random while learning
    #[arg(long)]
    dropout: Option<f32>,
    /// How much of a network's scores goes into the model, 0 to 1; 0: it gets no network [default: the language's]
    #[arg(long)]
    network_share: Option<f32>,
    /// Times that a row must be met to get weights
    #[arg(long)]
    least_count: Option<u8>,
    /// Smaller weights are left out of the file, of 127
    #[arg(long)]
    least_weight: Option<i32>,
    /// Blocks that a corpus is cut in where it is the only one, each with the names of the others
    #[arg(long, default_value_t = 8)]
    blocks: usize,
    /// Times that the free text is tagged for what it says about words
    #[arg(long, default_value_t = 1)]
    rounds: usize,
}

/// A language's model.
#[derive(Clone, Copy)]
struct Plan {
    language: &'static str,
    /// Corpora, and how much of what only they tell goes into the model.
    corpora: &'static [(&'static str, f32)],
    /// Its list of names, if it has one.
    list: Option<&'static str>,
    /// Whether the words of persons' names are looked up one by one too.
    parts: bool,
    /// Biases for precision, balance, recall.
    biases: [f32; 3],
    bits: u8,
    caution: f32,
    least_count: u8,
    least_weight: i32,
    /// How much of a network's scores goes into the model, if it has one.
    network_share: f32,
    /// Whether every fifth sentence is kept for the score: there is no dev split, or one with hardly a name.
    held_out: bool,
}

const PLANS: &[Plan] = &[
    Plan {
        language: "ar",
        corpora: &[
            ("anercorp", 1.0),
            ("aqmar", 0.0),
            ("wikifane", 0.0),
            ("wojood_sample", 0.0),
        ],
        list: Some("ar.tsv"),
        parts: false,
        biases: [0.0, 1.0, 2.0],
        bits: 19,
        caution: 0.005,
        least_count: 3,
        least_weight: 4,
        network_share: 0.5,
        held_out: false,
    },
    Plan {
        language: "en",
        corpora: &[
            ("crossner_politics", 0.4),
            ("uner_ewt", 0.3),
            ("wikigold", 0.3),
            ("re3d", 0.0),
            ("wnut17", 0.0),
            ("sec_filings", 0.0),
        ],
        list: Some("latin.tsv"),
        parts: true,
        biases: [-0.5, 0.5, 1.25],
        bits: 17,
        caution: 0.005,
        least_count: 2,
        least_weight: 3,
        network_share: 0.0,
        held_out: false,
    },
    small("fr", &[("europeana_bnf", 1.0)], 0.25),
    small("pt", &[("uner_bosque", 1.0)], 0.25),
    small("tr", &[("turkish_wiki", 1.0)], 0.0),
    small("fa", &[("parstwiner", 1.0)], 0.75),
    latin(small("hu", &[("nerkor", 1.0)], 0.0)),
    latin(small("da", &[("uner_ddt", 1.0)], 0.5)),
    latin(Plan {
        held_out: true,
        ..small("sv", &[("uner_talbanken", 1.0)], 0.75)
    }),
    Plan {
        held_out: true,
        ..small("ru", &[("factrueval", 1.0)], 0.75)
    },
];

/// The bias that free text is tagged with.
const BIAS_IN_FREE_TEXT: f32 = 1.75;

/// The plan of a language with one corpus and no free text: a small table.
const fn small(
    language: &'static str,
    corpora: &'static [(&'static str, f32)],
    balanced: f32,
) -> Plan {
    Plan {
        language,
        corpora,
        list: None,
        parts: false,
        biases: [balanced - 0.75, balanced, balanced + 0.75],
        bits: 16,
        caution: 0.01,
        least_count: 3,
        least_weight: 3,
        network_share: 0.0,
        held_out: false,
    }
}

/// The same with the list of names in Latin letters.
const fn latin(plan: Plan) -> Plan {
    Plan {
        list: Some("latin.tsv"),
        parts: true,
        ..plan
    }
}

/// The labelled sentences of a language.
#[derive(Default)]
struct Labelled {
    train: Vec<Corpus>,
    dev: Vec<(String, Vec<Sentence>)>,
    speaks: Vec<f32>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    ensure!(
        options.own_data.is_none() || options.languages.len() == 1,
        "`--data` needs exactly one `--language`"
    );
    for language in &options.languages {
        ensure!(
            PLANS.iter().any(|plan| plan.language == language),
            "there is no plan for a model of `{language}`"
        );
    }
    for plan in PLANS {
        let all = options.languages.is_empty();
        if all || options.languages.iter().any(|tag| tag == plan.language) {
            train_language(options, plan)
                .with_context(|| format!("failed to train the model of `{}`", plan.language))?;
        }
    }
    Ok(())
}

fn train_language(options: &Options, plan: &Plan) -> Result<()> {
    let mut labelled = labelled(options, plan)?;
    ensure!(!labelled.train.is_empty(), "there is no corpus to train on");
    if let [only] = &mut labelled.train[..] {
        only.blocks = options.blocks;
    }
    let mut lists = NameLists::new(plan.parts);
    if let Some(list) = plan.list {
        let names = rows(&options.lists.join(list))?;
        let names = names.iter().map(|(class, name)| (name.as_str(), *class));
        lists.add_all(names, "lists");
    }
    for corpus in &labelled.train {
        lists.add_corpus(corpus);
    }
    let text = free_text(options, plan.language)?;
    let mut knowledge = words_of(options, plan.language, &text)?;
    knowledge.set_names(&lists);
    for (class, words) in rows(&options.lists.join("triggers.tsv"))? {
        knowledge.add_triggers(class, &words);
    }
    let settings = settings(options, plan, &labelled);
    // To tag the free text one draw without a network is enough.
    let first = match text.is_empty() {
        true => settings.clone(),
        false => CrfOptions {
            draws: 1,
            network_share: 0.0,
            ..settings.clone()
        },
    };
    let mut model = train(&labelled.train, &knowledge, &lists, &first, say);
    if !text.is_empty() {
        for _ in 0..options.rounds {
            knowledge.set_posteriors(&Tagger::read(&model)?, &text, BIAS_IN_FREE_TEXT);
            model = train(&labelled.train, &knowledge, &lists, &settings, say);
        }
    }
    let path = options.out.join(format!("{}.model", plan.language));
    std::fs::write(&path, &model)
        .with_context(|| format!("failed to write `{}`", path.display()))?;
    say(&format!("`{}`: {} bytes", path.display(), model.len()));
    let tagger = Tagger::read(&model)?;
    for (name, sentences) in &labelled.dev {
        for bias in [-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0] {
            tell(name, bias, score_sentences(&tagger, sentences, bias));
        }
    }
    Ok(())
}

fn settings(options: &Options, plan: &Plan, labelled: &Labelled) -> CrfOptions {
    let usual = CrfOptions::default();
    CrfOptions {
        bits: options.bits.unwrap_or(plan.bits),
        epochs: options.epochs.unwrap_or(usual.epochs),
        rate: options.rate.unwrap_or(usual.rate),
        own_rate: options.own_rate.unwrap_or(usual.own_rate),
        caution: options.caution.unwrap_or(plan.caution),
        draws: options.draws.unwrap_or(usual.draws),
        dropout: options.dropout.unwrap_or(usual.dropout),
        least_count: options.least_count.unwrap_or(plan.least_count),
        least_weight: options.least_weight.unwrap_or(plan.least_weight),
        speaks: labelled.speaks.clone(),
        biases: plan.biases,
        network_share: options.network_share.unwrap_or(plan.network_share),
        ..usual
    }
}

fn say(line: &str) {
    eprintln!("{line}");
}

fn tell(name: &str, bias: f32, counts: [Counts; 4]) {
    let sum = |counts: &[Counts]| counts.iter().copied().fold(Counts::default(), Counts::plus);
    let [precision, recall, f1] = sum(&counts).percent();
    let [.., three] = sum(&counts[..3]).percent();
    let [per, loc, org, misc] = counts.map(|counts| counts.percent()[2]);
    say(&format!(
        "{name:22} dev, bias {bias:.2}: P {precision:.1} R {recall:.1} F1 {f1:.1}; PER LOC ORG together {three:.1}; \
         PER {per:.1} LOC {loc:.1} ORG {org:.1} MISC {misc:.1}"
    ));
}

fn labelled(options: &Options, plan: &Plan) -> Result<Labelled> {
    let mut labelled = Labelled::default();
    for (name, share) in plan.corpora {
        let folder = options.data.join(plan.language).join(name);
        let mut train = read_split(&folder, "train")?;
        let mut dev = read_split(&folder, "dev")?;
        if train.is_empty() {
            // A corpus with a dev split only is learnt from, but for every fifth sentence.
            (dev, train) = every_fifth(dev);
        } else if plan.held_out {
            let (kept, rest) = every_fifth(train);
            dev.extend(kept);
            train = rest;
        }
        if !train.is_empty() {
            labelled.add(name, train, *share);
        }
        if !dev.is_empty() {
            labelled.dev.push(((*name).to_owned(), dev));
        }
    }
    if let Some(path) = &options.own_data {
        let content = std::fs::read_to_string(path)
            .with_context(|| format!("failed to read `{}`", path.display()))?;
        let sentences =
            read_conll(&content).with_context(|| format!("failed to read `{}`", path.display()))?;
        labelled.speaks.fill(0.0);
        labelled.add("own", sentences, 1.0);
    }
    Ok(labelled)
}

/// Returns every fifth sentence, and the others.
fn every_fifth(sentences: Vec<Sentence>) -> (Vec<Sentence>, Vec<Sentence>) {
    let (mut fifth, mut others) = (Vec::new(), Vec::new());
    for (index, sentence) in sentences.into_iter().enumerate() {
        if index % 5 == 4 {
            fifth.push(sentence);
        } else {
            others.push(sentence);
        }
    }
    (fifth, others)
}

impl Labelled {
    fn add(&mut self, name: &str, sentences: Vec<Sentence>, share: f32) {
        self.train.push(Corpus {
            name: name.to_owned(),
            guideline: self.speaks.len(),
            sentences,
            blocks: 1,
        });
        self.speaks.push(share);
    }
}

fn free_text(options: &Options, language: &str) -> Result<FreeText> {
    let mut text = FreeText::default();
    let Some(folder) = &options.text else {
        return Ok(text);
    };
    let plain = folder.join(format!("{language}wiki.jsonl"));
    let packed = folder.join(format!("{language}wiki.jsonl.xz"));
    let content = if plain.exists() {
        std::fs::read_to_string(&plain)
            .with_context(|| format!("failed to read `{}`", plain.display()))?
    } else if packed.exists() {
        unpack(&packed)?
    } else {
        return Ok(text);
    };
    for (index, line) in content.lines().enumerate() {
        let record: serde_json::Value = serde_json::from_str(line)
            .with_context(|| format!("failed to read record {} of the free text", index + 1))?;
        text.add(record["text"].as_str().unwrap_or(""));
    }
    Ok(text)
}

fn unpack(path: &Path) -> Result<String> {
    let output = Command::new("xz")
        .args(["--decompress", "--stdout"])
        .arg(path)
        .output()
        .context("failed to run `xz`, which unpacks the free text")?;
    ensure!(
        output.status.success(),
        "`xz` failed to unpack `{}`",
        path.display()
    );
    String::from_utf8(output.stdout).with_context(|| format!("`{}` is not UTF-8", path.display()))
}

/// Returns the clusters of words, kept ones if there are.
fn words_of(options: &Options, language: &str, text: &FreeText) -> Result<Knowledge> {
    if text.is_empty() {
        return Ok(Knowledge::default());
    }
    let kept = options
        .keep
        .as_ref()
        .map(|folder| folder.join(format!("{language}.words")));
    if let Some(path) = kept.as_ref().filter(|path| path.exists()) {
        let bytes =
            std::fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?;
        return Knowledge::from_bytes(&bytes)
            .with_context(|| format!("failed to understand `{}`", path.display()));
    }
    let knowledge = Knowledge::from_text(text, say);
    if let Some(path) = kept {
        std::fs::write(&path, knowledge.to_bytes())
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(knowledge)
}

/// Reads lines of a class and what is in it.
fn rows(path: &Path) -> Result<Vec<(u8, String)>> {
    let content = std::fs::read_to_string(path)
        .with_context(|| format!("failed to read `{}`", path.display()))?;
    let mut rows = Vec::new();
    for (index, line) in content.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let row = line.split_once('\t').and_then(|(class, rest)| {
            Some((
                class.parse().ok().filter(|class| *class < 8)?,
                rest.to_owned(),
            ))
        });
        rows.push(row.with_context(|| {
            format!(
                "line {} of `{}` is not understood",
                index + 1,
                path.display()
            )
        })?);
    }
    Ok(rows)
}

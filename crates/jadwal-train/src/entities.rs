//! `jadwal-train entities`: one model a language, from labelled corpora and free text.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use jadwal_extract_entities::Tagger;
use jadwal_extract_entities::training::{
    Corpus, Counts, CrfOptions, FreeText, Knowledge, NameLists, Sentence, read_conll,
    rejoin_clitics, score_sentences, train,
};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder of corpora, `LANGUAGE/CORPUS/SPLIT.conll`, also `.gz`
    data: PathBuf,
    /// Train these languages only
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// Where the model files go
    #[arg(
        long,
        value_name = "DIR",
        default_value = "stages/jadwal-extract-entities/models"
    )]
    out: PathBuf,
    /// Folder of free text, `LANGUAGEwiki.jsonl` or `.jsonl.xz` with a field `text`
    #[arg(long, value_name = "DIR")]
    text: Option<PathBuf>,
    /// Keep what was learnt from free text in this folder, and take it from there the next time
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Folder of the lists of names and triggers
    #[arg(
        long,
        value_name = "DIR",
        default_value = "stages/jadwal-extract-entities/models/lists"
    )]
    lists: PathBuf,
    #[arg(long)]
    posteriors: bool,
    #[arg(long, default_value_t = 19)]
    bits: u8,
    #[arg(long, default_value_t = 8)]
    epochs: usize,
    #[arg(long, default_value_t = 0.1)]
    rate: f32,
    #[arg(long, default_value_t = 1.0)]
    own_rate: f32,
    #[arg(long, default_value_t = 0.1)]
    dropout: f32,
    #[arg(long, default_value_t = 1e-6)]
    decay: f32,
    #[arg(long, default_value_t = 2)]
    least_count: u8,
    #[arg(long, default_value_t = 2)]
    least_weight: i32,
    #[arg(long = "corpus")]
    corpora: Vec<String>,
    #[arg(long)]
    no_lists: bool,
}

/// A corpus of a language's model; the first one's guideline is the model's.
struct Source {
    folder: &'static str,
    guideline: usize,
    clitics_apart: bool,
}

const fn source(folder: &'static str, guideline: usize) -> Source {
    Source {
        folder,
        guideline,
        clitics_apart: false,
    }
}

const fn apart(folder: &'static str, guideline: usize) -> Source {
    Source {
        folder,
        guideline,
        clitics_apart: true,
    }
}

const LANGUAGES: &[(&str, &[Source])] = &[
    (
        "ar",
        &[
            source("anercorp", 0),
            source("aqmar", 1),
            apart("wikifane", 2),
            source("wojood_sample", 3),
        ],
    ),
    (
        "en",
        &[
            source("crossner_politics", 0),
            source("wikigold", 1),
            source("uner_ewt", 2),
            source("re3d", 3),
            source("wnut17", 4),
            source("sec_filings", 5),
        ],
    ),
];

pub(crate) fn run(options: &Options) -> Result<()> {
    for (language, sources) in LANGUAGES {
        let wanted =
            options.languages.is_empty() || options.languages.iter().any(|tag| tag == language);
        if wanted {
            train_language(options, language, sources)?;
        }
    }
    Ok(())
}

fn train_language(options: &Options, language: &str, sources: &[Source]) -> Result<()> {
    let folder = options.data.join(language);
    let mut corpora = Vec::new();
    let mut dev = Vec::new();
    for source in sources {
        let from = folder.join(source.folder);
        if options.corpora.is_empty() || options.corpora.iter().any(|name| name == source.folder) {
            corpora.push(Corpus {
                name: source.folder.to_owned(),
                guideline: source.guideline,
                sentences: read_split(&from, "train", source)?,
            });
        }
        dev.push((source.folder, read_split(&from, "dev", source)?));
    }
    let mut lists = NameLists::default();
    if !options.no_lists {
        let list = if *language == *"ar" {
            "ar.tsv"
        } else {
            "latin.tsv"
        };
        let names = rows(&options.lists.join(list))?;
        lists.add_all(
            names.iter().map(|(class, name)| (name.as_str(), *class)),
            "lists",
        );
        for corpus in &corpora {
            lists.add_corpus(corpus);
        }
    }
    let text = free_text(options, language)?;
    let mut knowledge = words_of(options, language, &text)?;
    knowledge.set_names(&lists);
    eprintln!("{} names", lists.len());
    for (class, words) in rows(&options.lists.join("triggers.tsv"))? {
        knowledge.add_triggers(class, &words);
    }
    let crf = CrfOptions {
        bits: options.bits,
        epochs: options.epochs,
        rate: options.rate,
        own_rate: options.own_rate,
        dropout: options.dropout,
        decay: options.decay,
        least_count: options.least_count,
        least_weight: options.least_weight,
        ..CrfOptions::default()
    };
    if options.posteriors {
        let first = train(&corpora, &knowledge, &lists, &crf, |line| {
            eprintln!("{line}")
        });
        knowledge.set_posteriors(&Tagger::read(&first)?, &text, 1.0);
    }
    let model = train(&corpora, &knowledge, &lists, &crf, |line| {
        eprintln!("{line}")
    });
    std::fs::create_dir_all(&options.out)?;
    let path = options.out.join(format!("{language}.model"));
    std::fs::write(&path, &model)
        .with_context(|| format!("failed to write `{}`", path.display()))?;
    eprintln!("{} bytes", model.len());
    let tagger = Tagger::read(&model)?;
    for (name, sentences) in &dev {
        if sentences.is_empty() {
            continue;
        }
        for bias in [0.0, 1.0, 1.5, 2.0, 2.5, 3.0] {
            report(name, bias, score_sentences(&tagger, sentences, bias));
        }
    }
    Ok(())
}

fn report(name: &str, bias: f32, counts: [Counts; 4]) {
    let all = counts.into_iter().fold(Counts::default(), Counts::plus);
    let plo = counts[..3]
        .iter()
        .copied()
        .fold(Counts::default(), Counts::plus);
    let [precision, recall, f1] = all.percent();
    let [.., plo] = plo.percent();
    let [per, loc, org, misc] = counts.map(|counts| counts.percent()[2]);
    println!(
        "{name:18} {bias:.1}  P {precision:.1} R {recall:.1} F {f1:.1}  PLO {plo:.1}  {per:.1} {loc:.1} {org:.1} {misc:.1}"
    );
}

fn read_split(folder: &Path, split: &str, source: &Source) -> Result<Vec<Sentence>> {
    let plain = folder.join(format!("{split}.conll"));
    let packed = folder.join(format!("{split}.conll.gz"));
    let content = if plain.exists() {
        std::fs::read_to_string(&plain)
            .with_context(|| format!("failed to read `{}`", plain.display()))?
    } else if packed.exists() {
        let file = std::fs::File::open(&packed)
            .with_context(|| format!("failed to open `{}`", packed.display()))?;
        std::io::read_to_string(flate2::read::GzDecoder::new(file))
            .with_context(|| format!("failed to unpack `{}`", packed.display()))?
    } else {
        return Ok(Vec::new());
    };
    let sentences = read_conll(&content)
        .with_context(|| format!("failed to read {split} of `{}`", folder.display()))?;
    Ok(if source.clitics_apart {
        sentences.iter().map(rejoin_clitics).collect()
    } else {
        sentences
    })
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
    let output = std::process::Command::new("xz")
        .arg("--decompress")
        .arg("--stdout")
        .arg(path)
        .output()
        .context("failed to run `xz`, which unpacks the free text")?;
    anyhow::ensure!(
        output.status.success(),
        "`xz` failed to unpack `{}`",
        path.display()
    );
    String::from_utf8(output.stdout).with_context(|| format!("`{}` is not UTF-8", path.display()))
}

fn words_of(options: &Options, language: &str, text: &FreeText) -> Result<Knowledge> {
    let kept = options
        .keep
        .as_ref()
        .map(|folder| folder.join(format!("{language}.words")));
    if let Some(path) = kept.as_ref().filter(|path| path.exists()) {
        let bytes =
            std::fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?;
        return Ok(Knowledge::from_bytes(&bytes)?);
    }
    if text.is_empty() {
        return Ok(Knowledge::default());
    }
    let knowledge = Knowledge::from_text(text, |line| eprintln!("{line}"));
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
        let row = line
            .split_once('\t')
            .and_then(|(class, rest)| Some((class.parse().ok()?, rest.to_owned())));
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

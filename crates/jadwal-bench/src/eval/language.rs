//! Scores the language model on text that it was not trained on: `ntrex/dev`, and noise and mixed
//! documents made of it here.

mod accuracy;
mod held;
mod mixed;
mod noise;
mod speed;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use jadwal_core::{Document, Transform};
use jadwal_detect_language::detector::{Detector, NgramDetector};
use jadwal_detect_language::model::{Group, ModelError, parse};
use jadwal_detect_language::naming::Naming;
use jadwal_detect_language::{DetectLanguageOptions, LanguageTagger};

/// What is scored, and on what.
#[derive(Debug, Args)]
pub struct Options {
    /// The folder with the folder `ntrex`
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Another model than the one that is compiled in
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Leave out the second looks at close languages
    #[arg(long)]
    first_look: bool,
    /// Print each sentence that is taken for another language
    #[arg(long)]
    errors: bool,
    /// Print how often which language is taken for which
    #[arg(long)]
    misses: bool,
    /// Print the tables of a fastText model such as `lid.176.ftz` too
    #[cfg(feature = "lid176")]
    #[arg(long, value_name = "FILE")]
    lid176: Option<PathBuf>,
    /// Print the tables of lingua too, with the languages that are compiled in
    #[cfg(feature = "lingua")]
    #[arg(long)]
    lingua: bool,
}

/// Writes all tables.
pub(super) fn run(options: &Options, out: &mut dyn Write) -> Result<()> {
    let Some(held) = held::read(&options.data.join("ntrex"))? else {
        let data = options.data.display();
        writeln!(out, "skipped: there is no `ntrex/dev.tsv.gz` in `{data}`")?;
        return Ok(());
    };
    let model = Model::read(options)?;
    let detector = speed::loaded(&model, out)?;
    accuracy::write_tables(&held, &detector, out)?;
    if options.misses {
        accuracy::write_misses(&held, &detector, out)?;
    }
    if options.errors {
        accuracy::write_errors(&held, &detector, out)?;
    }
    noise::write_table(&held, &model.tagger(), out)?;
    mixed::write_table(&held, &model.tagger(), out)?;
    speed::write_tables(&held, &detector, &model, out)?;
    for (name, peer) in peers(options)? {
        writeln!(out, "\n# {name}")?;
        accuracy::write_tables(&held, peer.as_ref(), out)?;
    }
    Ok(())
}

type Peer = (&'static str, Box<dyn Detector>);

/// Returns the other detectors that are asked for.
#[cfg_attr(
    not(any(feature = "lid176", feature = "lingua")),
    expect(
        clippy::unnecessary_wraps,
        unused_variables,
        unused_mut,
        reason = "there are none"
    )
)]
fn peers(options: &Options) -> Result<Vec<Peer>> {
    let mut peers: Vec<Peer> = Vec::new();
    #[cfg(feature = "lid176")]
    if let Some(path) = &options.lid176 {
        let model = jadwal_detect_language::peers::Lid176Detector::load(path)?;
        peers.push(("lid.176", Box::new(model)));
    }
    #[cfg(feature = "lingua")]
    if options.lingua {
        let lingua = jadwal_detect_language::peers::LinguaDetector::new();
        peers.push(("lingua", Box::new(lingua)));
    }
    Ok(peers)
}

/// The model that is scored.
struct Model {
    groups: Vec<Group>,
    /// Its bytes, unless it is compiled in.
    file: Option<&'static [u8]>,
    second_looks: bool,
}

impl Model {
    fn read(options: &Options) -> Result<Self> {
        let mut model = Self {
            groups: Vec::new(),
            file: None,
            second_looks: !options.first_look,
        };
        let mut name = "the built-in model".to_owned();
        if let Some(path) = &options.model {
            name = format!("`{}`", path.display());
            let file = fs::read(path).with_context(|| format!("failed to read {name}"))?;
            // Kept until the program ends, for the tables stay where they are.
            model.file = Some(file.leak());
        }
        let groups = model.parsed();
        model.groups = groups.with_context(|| format!("failed to understand {name}"))?;
        Ok(model)
    }

    fn parsed(&self) -> Result<Vec<Group>, ModelError> {
        let mut groups = match self.file {
            Some(file) => parse(file)?,
            None => NgramDetector::builtin_groups()?,
        };
        if !self.second_looks {
            groups.iter_mut().for_each(|group| group.close.clear());
        }
        Ok(groups)
    }

    /// Reads the file again, as a start of the stage does.
    fn detector(&self) -> Result<NgramDetector> {
        Ok(NgramDetector::new(self.parsed()?, Naming::default()))
    }

    /// Returns the stage with its default options.
    fn tagger(&self) -> LanguageTagger {
        let detector = NgramDetector::new(self.groups.clone(), Naming::default());
        LanguageTagger::new(DetectLanguageOptions::default(), Box::new(detector))
    }
}

/// Returns the document after the stage has read `text`.
fn tagged(tagger: &LanguageTagger, text: &str) -> Result<Document> {
    let mut doc = Document::of_text("a.txt", text);
    tagger.apply(&mut doc).map_err(|error| anyhow!("{error}"))?;
    Ok(doc)
}

/// Returns a share in per cent.
fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

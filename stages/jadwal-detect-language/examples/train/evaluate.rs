//! Scores a model on text that it was not trained on: `ntrex/dev`, and noise and mixed documents
//! made here.

mod accuracy;
mod mixed;
mod noise;
mod speed;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use jadwal_core::origin::{Edited, OriginMap};
use jadwal_core::{Document, Provenance, Transform};
use jadwal_detect_language::LanguageTagger;

use crate::corpus::read_rows;
use crate::plan::PLAN;

/// Languages whose script has no other, as the plan writes them.
const ALONE: &str = "el=ell hy=hye ka=kat ko=kor ta=tam te=tel kn=kan ml=mal gu=guj pa=pan si=sin \
    th=tha lo=lao km=khm my=mya ja=jpn zh=zho dv=div";

/// Held-out sentences by the tag that they should have.
pub(crate) type Held = BTreeMap<String, Vec<String>>;

/// Prints all tables.
pub(crate) fn evaluate(data: &Path, file: &'static [u8]) -> Result<(), Box<dyn Error>> {
    let folder = data.join("ntrex");
    if !folder.join("dev.tsv.gz").exists() && !folder.join("dev.tsv").exists() {
        println!(
            "skipped: there are no held-out sentences in `{}`",
            folder.display()
        );
        return Ok(());
    }
    let held = read_held(&folder)?;
    let detector = speed::loaded(file)?;
    accuracy::print_tables(&held, &detector);
    noise::print_table(&held, file)?;
    mixed::print_table(&held, file)?;
    speed::print_tables(&held, &detector, file)
}

fn read_held(folder: &Path) -> Result<Held, Box<dyn Error>> {
    let mut rows = BTreeMap::new();
    read_rows(folder, "dev", &mut rows)?;
    let mut held = Held::new();
    for entry in PLAN
        .iter()
        .flat_map(|plan| plan.labels.split_whitespace())
        .chain(ALONE.split_whitespace())
    {
        let (tag, labels) = entry.split_once('=').ok_or("an entry is `tag=labels`")?;
        let tag = match tag.trim_start_matches('-') {
            // Told as `und`, and so no part of the tables.
            "und" => continue,
            "mey" => "ar (Hassaniya)",
            "fa-AF" => "fa",
            other => other,
        };
        for label in labels.split(',') {
            if let Some(texts) = rows.get(label) {
                let held = held.entry(tag.to_owned()).or_default();
                held.extend(texts.iter().cloned());
            }
        }
    }
    Ok(held)
}

/// Returns the document after the stage has read `text`.
pub(crate) fn tagged(tagger: &LanguageTagger, text: &str) -> Result<Document, Box<dyn Error>> {
    let mut doc = document(text);
    tagger.apply(&mut doc).map_err(|error| error.to_string())?;
    Ok(doc)
}

/// Returns a document that holds `text`.
pub(crate) fn document(text: &str) -> Document {
    let provenance = Provenance {
        file_path: String::new(),
        file_bytes: 0,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..0,
    };
    let mut doc = Document::new(bytes::Bytes::copy_from_slice(text.as_bytes()), provenance);
    let map = OriginMap::identity(text.len());
    let text = text.to_owned();
    doc.replace_text(Edited { text, map });
    doc
}

/// Returns a share in per cent.
pub(crate) fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

//! Reads the splits of a corpus from its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::training::conll::{ConllError, Sentence, read_conll, rejoin_clitics};

/// Corpora that write clitics as words of their own, which no text does.
const CLITICS_APART: [&str; 2] = ["wikifane", "newsfane"];

/// Why a split could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// The file can't be read.
    #[error("failed to read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A line is not understood.
    #[error("failed to understand `{path}`")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        source: ConllError,
    },
}

/// Returns the sentences of `folder/SPLIT.conll` or `folder/SPLIT.conll.gz`; none where there is no
/// such file. Clitics that the corpus writes apart are written on to their words.
///
/// # Errors
/// The file can't be read or understood.
pub fn read_split(folder: &Path, split: &str) -> Result<Vec<Sentence>, SplitError> {
    let plain = folder.join(format!("{split}.conll"));
    let packed = folder.join(format!("{split}.conll.gz"));
    let (path, content) = if plain.exists() {
        let content = fs::read_to_string(&plain);
        (plain, content)
    } else if packed.exists() {
        let content =
            fs::File::open(&packed).and_then(|file| io::read_to_string(GzDecoder::new(file)));
        (packed, content)
    } else {
        return Ok(Vec::new());
    };
    let content = content.map_err(|source| SplitError::Read {
        path: path.clone(),
        source,
    })?;
    let sentences = read_conll(&content).map_err(|source| SplitError::Line { path, source })?;
    let apart = folder
        .file_name()
        .is_some_and(|name| CLITICS_APART.iter().any(|corpus| name == *corpus));
    Ok(if apart {
        sentences.iter().map(rejoin_clitics).collect()
    } else {
        sentences
    })
}

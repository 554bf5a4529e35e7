//! Reads the user's own lists of names.
//!
//! A list is UTF-8 text with tabs: name, label, and where there are any link and normal form. Empty
//! lines and lines that begin with `#` are passed over, and so is a first line that names the columns. A
//! name is found in every spelling that folds to the same and with the letters that Arabic writes on to
//! it; in Latin letters it needs a capital where the list gives it one.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use jadwal_core::facts::Label;
use jadwal_core::fold::fold;

use crate::lexicon::{Lexicon, NameSense, Rule, Target};

/// Why a list could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// The file.
    #[error("failed to read the list `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A line of it.
    #[error("line {line} of the list `{}`: {problem}", path.display())]
    Line {
        path: PathBuf,
        line: usize,
        problem: String,
    },
}

/// Adds the names of the list at `path` to `lexicon`. `known` holds the folded names of all lists so far,
/// with their lines.
pub(crate) fn add_list(
    lexicon: &mut Lexicon,
    path: &Path,
    known: &mut HashMap<String, String>,
) -> Result<(), ListError> {
    let content = std::fs::read_to_string(path).map_err(|source| ListError::Read {
        path: path.to_owned(),
        source,
    })?;
    let content = content.strip_prefix('\u{FEFF}').unwrap_or(&content);
    for (index, line) in content.lines().enumerate() {
        let heading = index == 0 && line.starts_with("name\tlabel");
        if line.trim().is_empty() || line.starts_with('#') || heading {
            continue;
        }
        let place = format!("line {} of `{}`", index + 1, path.display());
        add_line(lexicon, line, place, known).map_err(|problem| ListError::Line {
            path: path.to_owned(),
            line: index + 1,
            problem,
        })?;
    }
    Ok(())
}

fn add_line(
    lexicon: &mut Lexicon,
    line: &str,
    place: String,
    known: &mut HashMap<String, String>,
) -> Result<(), String> {
    let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
    if columns.len() < 2 {
        return Err("a name and a label with a tab between them were expected".to_owned());
    }
    if columns.len() > 4 {
        let count = columns.len();
        return Err(format!(
            "{count} columns, and at most name, label, link, norm were expected"
        ));
    }
    let column = |index: usize| columns.get(index).copied().unwrap_or("");
    let (name, link) = (column(0), column(2));
    let label = label(column(1))?;
    if link.contains(char::is_whitespace) {
        return Err(format!("the link `{link}` has a blank in it"));
    }
    let norm = if column(3).is_empty() {
        name
    } else {
        column(3)
    };
    if let Some(first) = known.insert(fold(name), place) {
        return Err(format!("`{name}` was given before, on {first}"));
    }
    let target = lexicon.add_target(Target {
        label,
        norm: norm.to_owned(),
        link: link.to_owned(),
        own: true,
    });
    let writing = lexicon.writing_as_given(name);
    let phrase = lexicon
        .phrase_mut(name)
        .ok_or_else(|| format!("the name `{name}` has no word in it"))?;
    phrase.name = Some(NameSense {
        target,
        rule: Rule::Plain,
        writing,
    });
    Ok(())
}

fn label(name: &str) -> Result<Label, String> {
    let label = serde_json::Value::String(name.to_uppercase());
    serde_json::from_value(label).map_err(|_| {
        let known = "PER LOC ORG MISC EVENT DATE TIME MONEY PERCENT QUANTITY URL EMAIL PHONE";
        format!("the label `{name}` is none of {known}")
    })
}

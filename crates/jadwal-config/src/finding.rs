//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The configuration is refused.
    Error,
    /// It works, but perhaps not as meant.
    Warning,
}

/// Who set the value that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Origin {
    /// The file.
    File,
    /// This environment variable.
    Env(String),
    /// This argument of `--set`.
    Set(String),
    /// Nobody: it is a default, or it is missing.
    Default,
}

/// One thing that is wrong or doubtful.
///
/// `Display` writes one line, `pipeline.toml:12:1: stages.emit.options.pth: unknown field ...`,
/// without the hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, and what was expected.
    pub message: String,
    /// The key, from the root (`stages.emit.options.path`, `pipeline.stages[2]`); empty for the whole.
    pub key: String,
    /// The file, where the finding is about the file.
    #[serde(serialize_with = "lossy")]
    pub file: Option<PathBuf>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Character of the line, from 1.
    pub column: Option<usize>,
    /// What to do.
    pub hint: Option<String>,
    /// Who set the value.
    pub origin: Origin,
}

/// Writes a path for machines, even one that is not UTF-8.
fn lossy<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = path.as_deref().map(Path::to_string_lossy);
    text.serialize(serializer)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::Env(name) => write!(f, "environment variable {name}: ")?,
            Origin::Set(argument) => write!(f, "--set {argument}: ")?,
            Origin::File | Origin::Default => self.write_place(f)?,
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

impl Finding {
    fn write_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(file) = &self.file else {
            return Ok(());
        };
        write!(f, "{}:", file.display())?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column}:")?;
        }
        f.write_str(" ")
    }

    /// Sorts by place: the file from top to bottom, then variables, arguments, defaults.
    pub(crate) fn sort(findings: &mut [Self]) {
        findings.sort_by(|left, right| {
            let key = |finding: &Self| (finding.origin.clone(), finding.line, finding.column);
            key(left).cmp(&key(right))
        });
    }
}

/// Everything that is wrong with a configuration; never empty.
///
/// `Display` writes one line a finding, without hints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
pub struct ConfigErrors(Vec<Finding>);

impl ConfigErrors {
    /// Returns the errors of `findings`, by place.
    pub(crate) fn new(mut findings: Vec<Finding>) -> Self {
        Finding::sort(&mut findings);
        findings.dedup();
        Self(findings)
    }

    /// Returns the findings, by place.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            let newline = if index == 0 { "" } else { "\n" };
            write!(f, "{newline}{finding}")?;
        }
        Ok(())
    }
}

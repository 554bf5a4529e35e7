//! Finds out who set a key: a place in the file, a variable, an argument, or nobody.

use std::path::Path;

use crate::finding::{Finding, Origin, Severity};
use crate::key_path::KeyPath;
use crate::overrides::Assignment;
use crate::source_text::SourceText;

/// Which end of `key = value` a finding points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// The key: it is unknown, or something is missing in it.
    Key,
    /// The value: it is wrong.
    Value,
}

/// A finding whose place is still to be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issue {
    pub(crate) path: KeyPath,
    pub(crate) spot: Spot,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// The byte of a string value that is wrong.
    pub(crate) inside: Option<usize>,
    /// Where to point when nobody set `path`.
    pub(crate) otherwise: Option<KeyPath>,
}

impl Issue {
    /// Returns the issue that the value at `path` is wrong.
    pub(crate) fn value(path: KeyPath, message: impl Into<String>) -> Self {
        Self {
            path,
            spot: Spot::Value,
            message: message.into(),
            hint: None,
            inside: None,
            otherwise: None,
        }
    }

    /// Returns the issue that the key `path` is wrong.
    pub(crate) fn key(path: KeyPath, message: impl Into<String>) -> Self {
        Self {
            spot: Spot::Key,
            ..Self::value(path, message)
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    pub(crate) fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }

    pub(crate) fn inside(self, byte: Option<usize>) -> Self {
        Self {
            inside: byte,
            ..self
        }
    }

    pub(crate) fn otherwise(self, path: KeyPath) -> Self {
        Self {
            otherwise: Some(path),
            ..self
        }
    }
}

/// Knows who set what.
#[derive(Debug)]
pub(crate) struct Locator<'a> {
    pub(crate) source: Option<&'a SourceText>,
    pub(crate) assignments: &'a [Assignment],
}

impl Locator<'_> {
    /// Returns the findings for `issues`, by place.
    pub(crate) fn findings(&self, issues: Vec<Issue>, severity: Severity) -> Vec<Finding> {
        let issues = issues.into_iter();
        let mut findings: Vec<_> = issues.map(|issue| self.finding(issue, severity)).collect();
        Finding::sort(&mut findings);
        findings
    }

    /// Whether what the file says at `path` has no effect.
    pub(crate) fn is_overridden(&self, path: &KeyPath) -> bool {
        let mut assigned = self.assignments.iter();
        assigned.any(|assignment| path.starts_with(&assignment.path))
    }

    fn finding(&self, issue: Issue, severity: Severity) -> Finding {
        let found = self
            .exact(&issue.path, issue.spot)
            .or_else(|| self.exact(issue.otherwise.as_ref()?, Spot::Value))
            .or_else(|| self.above(&issue.path));
        let (origin, place) = found.unwrap_or((Origin::Default, None));
        let inner = issue.inside.filter(|_| origin == Origin::File);
        let place = inner
            .and_then(|byte| self.source?.place_inside(&issue.path, byte))
            .or(place);
        let of_file = matches!(origin, Origin::File | Origin::Default);
        Finding {
            severity,
            message: issue.message,
            key: issue.path.to_string(),
            file: self.file().filter(|_| of_file).map(Path::to_owned),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            hint: issue.hint,
            origin,
        }
    }

    fn file(&self) -> Option<&Path> {
        self.source.map(|source| source.path.as_path())
    }

    /// Looks `path` itself up, the layer that won first.
    fn exact(&self, path: &KeyPath, spot: Spot) -> Option<(Origin, Option<(usize, usize)>)> {
        let last = |leads: &dyn Fn(&KeyPath) -> bool| {
            let mut found = self.assignments.iter().rev();
            found
                .find(|assignment| leads(&assignment.path))
                .map(|assignment| (assignment.origin.clone(), None))
        };
        last(&|assigned| path.starts_with(assigned))
            .or_else(|| {
                let place = self.source?.place(path, spot)?;
                Some((Origin::File, Some(place)))
            })
            // A table that only exists because something in it was set.
            .or_else(|| last(&|assigned| assigned.starts_with(path)))
    }

    /// Looks the nearest table of the file up that `path` would be in.
    fn above(&self, path: &KeyPath) -> Option<(Origin, Option<(usize, usize)>)> {
        let source = self.source?;
        let mut path = path.parent()?;
        loop {
            if let Some(place) = source.place(&path, Spot::Key) {
                return Some((Origin::File, Some(place)));
            }
            path = path.parent()?;
        }
    }
}

//! Checks what types can't say: ranges, globs, and values that don't go together.

use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};

use jadwal_core::units::TimeSpan;

use crate::key_path::KeyPath;
use crate::locate::Issue;
use crate::pipeline_file::PipelineFile;
use crate::plan::resolve;
use crate::source_section::OnDone;
use crate::test_section::{ExpectedFate, TestSection};

/// More threads than any machine has use for.
const MOST_WORKERS: u32 = 1024;
const LONGEST_SPAN: TimeSpan = TimeSpan::secs(365 * 24 * 3600);

/// Checks all but the stages.
pub(crate) struct ValueChecker<'a> {
    pub(crate) file: &'a PipelineFile,
    pub(crate) base_dir: &'a Path,
    pub(crate) issues: Vec<Issue>,
    pub(crate) warnings: Vec<Issue>,
}

impl ValueChecker<'_> {
    pub(crate) fn check(&mut self) {
        self.check_name();
        self.check_limits();
        self.check_paths();
        self.check_source();
        for (index, test) in self.file.tests.iter().enumerate() {
            self.check_test(&KeyPath::of(&["test"]).item(index), test);
        }
    }

    fn refuse(&mut self, keys: &[&str], message: impl Into<String>, hint: &str) {
        let issue = Issue::value(KeyPath::of(keys), message);
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.issues.push(issue.maybe_hint(hint));
    }

    fn check_name(&mut self) {
        let name = &self.file.pipeline.name;
        let fits = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
        };
        if name.is_empty() || !name.bytes().all(fits) {
            let expected = "expected lower-case letters, digits, `_` and `-`";
            let message = format!("`{name}` is not a name; {expected}");
            self.refuse(&["pipeline", "name"], message, "");
        }
    }

    fn check_limits(&mut self) {
        let pipeline = &self.file.pipeline;
        let (longest, room) = (pipeline.max_document_bytes, pipeline.max_in_flight_bytes);
        if longest.bytes() == 0 {
            let key = ["pipeline", "max_document_bytes"];
            self.refuse(&key, "expected a size above 0", "");
        }
        if longest > room {
            let message = format!(
                "{longest} is more than pipeline.max_in_flight_bytes ({room}): such a document \
                 could never be admitted"
            );
            let hint = "raise max_in_flight_bytes, or lower max_document_bytes";
            let key = KeyPath::of(&["pipeline", "max_document_bytes"]);
            let other = KeyPath::of(&["pipeline", "max_in_flight_bytes"]);
            let issue = Issue::value(key, message).hint(hint).otherwise(other);
            self.issues.push(issue);
        }
        if pipeline.workers > MOST_WORKERS {
            let message = format!(
                "expected at most {MOST_WORKERS} threads, found {}",
                pipeline.workers
            );
            self.refuse(&["pipeline", "workers"], message, "0 is one per core");
        }
        self.check_span(&["pipeline", "drain_timeout"], pipeline.drain_timeout);
        let share = pipeline.breaker.share;
        if !(share > 0.0 && share <= 1.0) {
            let key = ["pipeline", "breaker", "share"];
            let message = format!("expected a share above 0, at most 1, found {share}");
            self.refuse(
                &key,
                message,
                "to turn the breaker off, set `enabled = false`",
            );
        }
    }

    /// Longer times can't be added to a clock on every system, and mean "never" anyway.
    fn check_span(&mut self, keys: &[&str], span: TimeSpan) {
        if span > LONGEST_SPAN {
            let message = format!("expected at most {LONGEST_SPAN} (a year), found {span}");
            self.refuse(keys, message, "");
        }
    }

    fn check_paths(&mut self) {
        let (pipeline, source) = (&self.file.pipeline, &self.file.source);
        let paths = [
            (["pipeline", "state"], &pipeline.state),
            (["pipeline", "quarantine"], &pipeline.quarantine),
            (["source", "path"], &source.path),
            (["source", "done_dir"], &source.done_dir),
        ];
        for (key, path) in paths {
            if path.as_os_str().is_empty() {
                self.refuse(
                    &key,
                    "expected the path of a folder, found an empty one",
                    "",
                );
            }
        }
    }

    fn check_source(&mut self) {
        let source = &self.file.source;
        if source.include.is_empty() {
            let message = "expected a glob or more: without one, no file is taken";
            self.refuse(&["source", "include"], message, "all files are `[\"**\"]`");
        }
        self.globs("include", &source.include);
        let excluded = self.globs("exclude", &source.exclude);
        if source.done_marker.contains(['/', '\\']) {
            let message = "expected the ending of a name, such as `.done`, found a path";
            self.refuse(&["source", "done_marker"], message, "");
        }
        let spans = [
            ("poll_interval", source.poll_interval),
            ("reconcile", source.reconcile),
        ];
        for (key, span) in spans {
            if span.0.is_zero() {
                self.refuse(&["source", key], "expected a duration above 0", "");
            }
            self.check_span(&["source", key], span);
        }
        self.check_span(&["source", "settle"], source.settle);
        if source.jsonl.text_field.is_empty() {
            let key = ["source", "jsonl", "text_field"];
            self.refuse(&key, "expected the name of a field, found an empty one", "");
        }
        self.check_inside_source(&excluded);
    }

    /// Compiles the globs of `key`, each by itself to point at the bad one.
    fn globs(&mut self, key: &str, globs: &[String]) -> GlobSet {
        let mut set = GlobSetBuilder::new();
        for (index, text) in globs.iter().enumerate() {
            match Glob::new(text) {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => {
                    let message = format!("`{text}` is not a glob: {}", error.kind());
                    let path = KeyPath::of(&["source", key]).item(index);
                    self.issues.push(Issue::value(path, message));
                }
            }
        }
        set.build().unwrap_or_default()
    }

    /// Refuses or doubts folders of ours inside the folder that is read.
    fn check_inside_source(&mut self, excluded: &GlobSet) {
        let source = &self.file.source;
        let root = resolve(self.base_dir, &source.path);
        let inside = |path: &Path| {
            let path = resolve(self.base_dir, path);
            let inner = path.strip_prefix(&root).ok()?.to_owned();
            let read = !excluded.is_match(inner.join("file.txt"));
            read.then(|| inner.display().to_string())
        };
        let hint = |inner: &str| match inner {
            "" => "choose a folder outside it".to_owned(),
            _ => format!("choose a folder outside it, or add `{inner}/**` to source.exclude"),
        };
        if source.on_done == OnDone::Move
            && let Some(inner) = inside(&source.done_dir)
        {
            let message = "lies inside the source folder: files moved there would be read again";
            let path = KeyPath::of(&["source", "done_dir"]);
            let otherwise = KeyPath::of(&["source", "on_done"]);
            let issue = Issue::value(path, message).hint(hint(&inner));
            self.issues.push(issue.otherwise(otherwise));
        }
        let pipeline = &self.file.pipeline;
        let ours = [
            ("state", &pipeline.state),
            ("quarantine", &pipeline.quarantine),
        ];
        for (key, path) in ours {
            if let Some(inner) = inside(path) {
                let message = "lies inside the source folder: its files may be read as documents";
                let issue = Issue::value(KeyPath::of(&["pipeline", key]), message);
                let otherwise = KeyPath::of(&["source", "path"]);
                let issue = issue.hint(hint(&inner)).otherwise(otherwise);
                self.warnings.push(issue);
            }
        }
    }

    fn check_test(&mut self, path: &KeyPath, test: &TestSection) {
        let one_input = test.input.is_some() != test.file.is_some();
        if !one_input {
            let message = match test.input {
                Some(_) => "expected `input` or `file`, found both",
                None => "expected `input` or `file`, found neither",
            };
            self.issues.push(Issue::key(path.clone(), message));
        }
        let expect = &test.expect;
        let path = path.join("expect");
        if expect.drop.is_some() && !matches!(expect.fate, None | Some(ExpectedFate::Dropped)) {
            let message = "only a dropped document has a reason to be dropped";
            let hint = "set `fate = \"dropped\"`, or leave `drop` out";
            self.issues
                .push(Issue::value(path.join("drop"), message).hint(hint));
        }
        let error_fate = matches!(expect.fate, None | Some(ExpectedFate::Quarantined));
        if expect.error.is_some() && !error_fate {
            let message = "only a quarantined document has an error";
            let hint = "set `fate = \"quarantined\"`, or leave `error` out";
            self.issues
                .push(Issue::value(path.join("error"), message).hint(hint));
        }
    }
}

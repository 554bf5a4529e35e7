//! Checks the list of stages and each stage's table.

use std::collections::BTreeSet;
use std::sync::Arc;

use jadwal_core::StageRegistry;
use jadwal_core::spec::ErasedSpec;
use jadwal_when::When;
use serde_json::Value;

use crate::key_path::KeyPath;
use crate::locate::Issue;
use crate::nearest::{did_you_mean, list};
use crate::overrides::Assignment;
use crate::pipeline_file::{OnError, PipelineFile, StageSection};
use crate::plan::{PlannedStage, is_sink};
use crate::refine::{Others, refine};

/// A stage as listed, with what could be found out about it.
pub(crate) struct Listed {
    pub(crate) id: String,
    /// Its place in the list.
    pub(crate) path: KeyPath,
    pub(crate) spec: Option<Arc<dyn ErasedSpec>>,
    /// Its condition, if it has one that is right.
    pub(crate) when: Option<When>,
    section: StageSection,
    options: Option<Value>,
}

impl Listed {
    /// Whether its table asks for documents to be quarantined when retries are spent.
    pub(crate) fn quarantines(&self) -> bool {
        self.section.on_error == Some(OnError::Quarantine)
    }

    /// Whether it may leave documents out, even if its condition is wrong.
    pub(crate) fn is_conditional(&self) -> bool {
        self.section.when.is_some()
    }

    /// Returns the planned stage, if nothing is wrong with it.
    pub(crate) fn planned(self) -> Option<PlannedStage> {
        let spec = self.spec?;
        let default = match is_sink(spec.as_ref()) {
            true => OnError::Stop,
            false => OnError::Quarantine,
        };
        Some(PlannedStage {
            kind: spec.kind().to_owned(),
            id: self.id,
            when: self.when,
            on_error: self.section.on_error.unwrap_or(default),
            retries: self.section.retries,
            timeout: self.section.timeout.0,
            options: self.options?,
            spec,
        })
    }
}

/// Checks ids, kinds and options.
pub(crate) struct StageChecker<'a> {
    pub(crate) file: &'a PipelineFile,
    pub(crate) registry: &'a StageRegistry,
    pub(crate) assignments: &'a [Assignment],
    pub(crate) issues: Vec<Issue>,
    pub(crate) warnings: Vec<Issue>,
}

impl StageChecker<'_> {
    /// Returns the stages in order, each id once.
    pub(crate) fn check(&mut self) -> Vec<Listed> {
        let list = KeyPath::of(&["pipeline", "stages"]);
        let mut seen = BTreeSet::new();
        let mut stages = Vec::new();
        for (index, id) in self.file.pipeline.stages.iter().enumerate() {
            let path = list.item(index);
            if !seen.insert(id) {
                let message = format!("the stage `{id}` is listed twice");
                let hint = "give the second one an id of its own and say what it uses: \
                            `[stages.<id>]` with `use = \"<kind>\"`";
                self.issues.push(Issue::value(path, message).hint(hint));
            } else if let Some(message) = wrong_id(id) {
                self.issues.push(Issue::value(path, message));
            } else {
                stages.push(self.check_stage(id, path));
            }
        }
        self.check_unused();
        stages
    }

    fn check_stage(&mut self, id: &str, path: KeyPath) -> Listed {
        let section = self.file.stages.get(id).cloned().unwrap_or_default();
        if section.timeout.0.is_zero() {
            let path = KeyPath::of(&["stages", id, "timeout"]);
            let message = "no document is done in no time; expected a duration above 0";
            self.issues.push(Issue::value(path, message));
        }
        let when = self.when(id, &section);
        let spec = self.spec(id, section.kind.as_deref(), &path);
        let options = spec
            .as_ref()
            .and_then(|spec| self.options(id, &section, spec.as_ref(), &path));
        Listed {
            id: id.to_owned(),
            path,
            spec,
            when,
            section,
            options,
        }
    }

    /// Parses the condition of the stage `id`.
    fn when(&mut self, id: &str, section: &StageSection) -> Option<When> {
        let path = KeyPath::of(&["stages", id, "when"]);
        let faults = match When::parse(section.when.as_deref()?) {
            Ok(when) => return Some(when),
            Err(faults) => faults,
        };
        self.issues.extend(faults.into_iter().map(|fault| {
            let near = fault.unknown.and_then(|(name, known)| did_you_mean(&name, known));
            let hint = near.unwrap_or_else(|| {
                "conditions are written in CEL, such as `language == \"ar\" && size(text) > 200`".to_owned()
            });
            let issue = Issue::value(path.clone(), fault.message).hint(hint);
            issue.inside(fault.at)
        }));
        None
    }

    fn spec(
        &mut self,
        id: &str,
        kind: Option<&str>,
        listed: &KeyPath,
    ) -> Option<Arc<dyn ErasedSpec>> {
        let name = kind.unwrap_or(id);
        if let Some(spec) = self.registry.get(name) {
            return Some(Arc::clone(spec));
        }
        let path = match kind {
            Some(_) => KeyPath::of(&["stages", id, "use"]),
            None => listed.clone(),
        };
        let kinds = self.registry.kinds();
        let known = list(kinds.iter().copied());
        let message = format!("unknown stage `{name}`; the known ones are {known}");
        let hint = did_you_mean(name, kinds);
        let issue = Issue::value(path, message).maybe_hint(hint);
        // Where a wrong `use` was refused before, the id is not meant to be a kind.
        let other = KeyPath::of(&["stages", id, "use"]);
        self.issues.push(issue.otherwise(other));
        None
    }

    fn options(
        &mut self,
        id: &str,
        section: &StageSection,
        spec: &dyn ErasedSpec,
        listed: &KeyPath,
    ) -> Option<Value> {
        let base = KeyPath::of(&["stages", id, "options"]);
        let mut tree = Value::Object(section.options.clone());
        let attempt = |options: &Value| spec.check(options);
        let refined = refine(
            &mut tree,
            &base,
            self.assignments,
            Others::MayFollow,
            attempt,
        );
        let located = |issue: Issue| issue.otherwise(listed.clone());
        self.issues.extend(refined.issues.into_iter().map(located));
        if is_sink(spec) && !spec.exactly_once(&tree) {
            let message = format!(
                "`{id}` can't take output back after a crash: records may be delivered twice"
            );
            let hint = "write to a file for exactly-once delivery";
            let issue = Issue::value(base, message).hint(hint);
            self.warnings.push(issue.otherwise(listed.clone()));
        }
        refined.value
    }

    /// Refuses tables of stages that are not listed: their options would have no effect.
    fn check_unused(&mut self) {
        let listed = &self.file.pipeline.stages;
        for id in self.file.stages.keys().filter(|id| !listed.contains(id)) {
            let near = did_you_mean(id, listed.iter().map(String::as_str));
            let hint = near.unwrap_or_else(|| {
                format!("add `{id}` to `stages` in [pipeline], or remove this table")
            });
            let message = format!("the stage `{id}` is not in pipeline.stages");
            let path = KeyPath::of(&["stages", id]);
            self.issues.push(Issue::key(path, message).hint(hint));
        }
    }
}

/// Says what is wrong with `id`, if anything is.
fn wrong_id(id: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let snake_case = id.bytes().all(fits)
        && id.starts_with(|first: char| first.is_ascii_lowercase())
        && !id.ends_with('_');
    if !snake_case {
        let like = "lower-case letters, digits and `_`, such as `detect_language`";
        return Some(format!("`{id}` is not a stage id; expected {like}"));
    }
    if id.contains("__") {
        let why = "two underscores separate the keys of environment variables";
        return Some(format!("`{id}` is not a stage id: {why}"));
    }
    let reserved = id == "source";
    reserved.then(|| "`source` is not a stage id: it is the name of the source".to_owned())
}

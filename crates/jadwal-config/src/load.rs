//! From sources to a checked plan.

use jadwal_core::{Problem, StageRegistry};
use serde_json::Value;

use crate::check::ValueChecker;
use crate::conditions;
use crate::finding::{ConfigErrors, Finding, Severity};
use crate::interpolate::Variables;
use crate::key_path::KeyPath;
use crate::layers;
use crate::locate::{Issue, Locator};
use crate::order;
use crate::overrides::{Assignment, Overrides};
use crate::pipeline_file::PipelineFile;
use crate::plan::{Plan, PlannedStage, plan};
use crate::refine::{Others, Refined, refine};
use crate::source_text::SourceText;
use crate::sources::Sources;
use crate::stages::{Listed, StageChecker};

/// A configuration without errors.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What to run.
    pub plan: Plan,
    /// All layers together, with every default: `to_toml` shows the effective configuration.
    pub file: PipelineFile,
    /// What works, but perhaps not as meant.
    pub warnings: Vec<Finding>,
}

/// Checks everything that can be checked without touching the world.
///
/// # Errors
/// Everything that is wrong. A file with a syntax error is not looked at further.
pub fn load(sources: &Sources, registry: &StageRegistry) -> Result<Checked, ConfigErrors> {
    let overrides = Overrides::read(sources);
    let source = read_file(sources).map_err(|finding| {
        let others = overrides.findings.iter().cloned();
        ConfigErrors::new(others.chain([*finding]).collect())
    })?;
    let locator = Locator {
        source: source.as_ref(),
        assignments: &overrides.assignments,
    };
    let refined = read_tree(source.as_ref(), &overrides.assignments);
    let mut file = refined.value.unwrap_or_default();
    let mut report = Report {
        unread: overrides.issues,
        issues: refined.issues,
        warnings: Vec::new(),
    };
    let of_file = source.iter().flat_map(|source| &source.issues);
    let in_force = of_file.filter(|issue| !locator.is_overridden(&issue.path));
    report.unread.extend(in_force.cloned());
    let stages = report.check(sources, &file, registry, &overrides.assignments);

    let mut errors = overrides.findings;
    errors.extend(locator.findings(report.errors(), Severity::Error));
    if !errors.is_empty() {
        return Err(ConfigErrors::new(errors));
    }
    let planned: Vec<_> = stages.into_iter().filter_map(Listed::planned).collect();
    spell_out(&mut file, &planned);
    Ok(Checked {
        plan: plan(&file, planned, &sources.base_dir),
        file,
        warnings: locator.findings(report.warnings, Severity::Warning),
    })
}

/// Puts the options as they were understood in the place of those that were written.
fn spell_out(file: &mut PipelineFile, stages: &[PlannedStage]) {
    for stage in stages {
        if let Value::Object(mut options) = stage.options.clone() {
            // An option that is not set; TOML has no null.
            options.retain(|_, value| !value.is_null());
            file.stages.entry(stage.id.clone()).or_default().options = options;
        }
    }
}

/// Returns the error that the value at `keys` can't be used, with its place: for what shows only when
/// the world is touched, such as a folder that is not there.
#[must_use]
pub fn refuse(sources: &Sources, keys: &[&str], message: &str, hint: &str) -> ConfigErrors {
    let overrides = Overrides::read(sources);
    let source = read_file(sources).ok().flatten();
    let locator = Locator {
        source: source.as_ref(),
        assignments: &overrides.assignments,
    };
    let issue = Issue::value(KeyPath::of(keys), message).hint(hint);
    ConfigErrors::new(locator.findings(vec![issue], Severity::Error))
}

fn read_file(sources: &Sources) -> Result<Option<SourceText>, Box<Finding>> {
    let file = sources.file.as_ref();
    file.map(|(path, text)| SourceText::parse(path, text, Variables(&sources.env)))
        .transpose()
}

fn read_tree(source: Option<&SourceText>, assignments: &[Assignment]) -> Refined<PipelineFile> {
    let mut tree = layers::merge(source.map(|source| &source.values), assignments);
    let root = KeyPath::default();
    refine(&mut tree, &root, assignments, Others::AreLocal, typed)
}

pub(crate) fn typed(tree: &Value) -> Result<PipelineFile, Vec<Problem>> {
    serde_path_to_error::deserialize(tree).map_err(|error| {
        let segments = error.path().iter();
        let keys = segments.filter_map(|segment| match segment {
            serde_path_to_error::Segment::Map { key } => Some(key.clone()),
            serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
            _ => None,
        });
        vec![Problem {
            path: keys.collect(),
            message: error.inner().to_string(),
        }]
    })
}

/// What was found so far.
struct Report {
    /// Values that could not be read at all.
    unread: Vec<Issue>,
    issues: Vec<Issue>,
    warnings: Vec<Issue>,
}

impl Report {
    /// Checks the values; those that were refused before are not judged again by their defaults.
    fn check(
        &mut self,
        sources: &Sources,
        file: &PipelineFile,
        registry: &StageRegistry,
        assignments: &[Assignment],
    ) -> Vec<Listed> {
        let mut values = ValueChecker {
            file,
            base_dir: &sources.base_dir,
            issues: Vec::new(),
            warnings: Vec::new(),
        };
        values.check();
        let mut checker = StageChecker {
            file,
            registry,
            assignments,
            issues: Vec::new(),
            warnings: Vec::new(),
        };
        let stages = match self.refused(&KeyPath::of(&["pipeline", "stages"])) {
            true => Vec::new(),
            false => checker.check(),
        };
        let mut found = [values.issues, checker.issues].concat();
        // An id that was refused may be the very stage that is missed.
        if stages.len() == file.pipeline.stages.len() {
            found.extend(order::check(&stages, registry));
            let conditions = conditions::check(&stages);
            found.extend(conditions.issues);
            checker.warnings.extend(conditions.warnings);
        }
        found.retain(|issue| !self.consequence(issue));
        self.issues.extend(found);
        self.warnings = [values.warnings, checker.warnings].concat();
        stages
    }

    /// Whether `path`, or something it leads through or to, was refused.
    fn refused(&self, path: &KeyPath) -> bool {
        let mut before = self.issues.iter().chain(&self.unread);
        before.any(|issue| issue.path.touches(path))
    }

    fn consequence(&self, issue: &Issue) -> bool {
        let about = [Some(&issue.path), issue.otherwise.as_ref()];
        about.into_iter().flatten().any(|path| self.refused(path))
    }

    /// Returns all errors; a value that could not be read is not refused twice.
    fn errors(&self) -> Vec<Issue> {
        let unread = |path: &KeyPath| self.unread.iter().any(|issue| issue.path == *path);
        let others = self.issues.iter().filter(|issue| !unread(&issue.path));
        self.unread.iter().chain(others).cloned().collect()
    }
}

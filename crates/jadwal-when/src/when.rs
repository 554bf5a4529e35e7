//! Parses a condition once, answers for each document.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cel::extractors::This;
use cel::{Context, Env, ExecutionError, Program, Value};
use jadwal_core::{Document, StageError, StageResult};
use regex::Regex;

use crate::fault::Fault;
use crate::functions::MATCHES;
use crate::inference::{Inference, Patterns};
use crate::variables::{Variable, value_of};

/// Longer conditions are refused: they are programs, and belong into a stage.
const LONGEST: usize = 4096;
/// Longest part of an evaluation error that is told, in characters: it may quote the text.
const LONGEST_ERROR: usize = 300;

/// A condition over what is known of a document. Cloning shares it.
#[derive(Clone)]
pub struct When(Arc<Parsed>);

struct Parsed {
    source: String,
    program: Program,
    env: Arc<Env>,
    reads: Vec<&'static Variable>,
    patterns: Arc<Patterns>,
}

impl When {
    /// Parses and checks a condition.
    ///
    /// # Errors
    /// All that is wrong with it; of wrong syntax only the first.
    pub fn parse(source: &str) -> Result<Self, Vec<Fault>> {
        if source.trim().is_empty() {
            return Err(vec![Fault::new("expected a condition, found none", None)]);
        }
        if source.len() > LONGEST {
            let message = format!("expected at most {LONGEST} bytes, found {}", source.len());
            return Err(vec![Fault::new(message, None)]);
        }
        let env = Env::stdlib().with_optional_support(false);
        let program = env
            .compile(source)
            .map_err(|errors| vec![syntax(source, &errors)])?;
        let checked = Inference::check(&program, source)?;
        Ok(Self(Arc::new(Parsed {
            source: source.to_owned(),
            program,
            env: Arc::new(env),
            reads: checked.reads,
            patterns: Arc::new(checked.patterns),
        })))
    }

    /// Returns the condition as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Returns the variables that it reads, each once, in the order of [`crate::VARIABLES`].
    #[must_use]
    pub fn reads(&self) -> &[&'static Variable] {
        &self.0.reads
    }

    /// Whether the condition holds for `doc`.
    ///
    /// # Errors
    /// A document error where it can't be told: a missing key, a division by zero, an answer that is
    /// neither true nor false.
    pub fn holds(&self, doc: &Document) -> StageResult<bool> {
        let mut context = Context::with_env(Arc::clone(&self.0.env));
        for variable in &self.0.reads {
            context.add_variable_as_val(variable.name, value_of(variable.name, doc)?);
        }
        if !self.0.patterns.is_empty() {
            let patterns = Arc::clone(&self.0.patterns);
            let matches = move |This(text): This<Arc<String>>, pattern: Arc<String>| {
                is_match(&patterns, &text, &pattern)
            };
            let added = context.add_function(MATCHES, matches);
            added.map_err(|error| StageError::fatal("make `matches` known", error))?;
        }
        match self.0.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(self.failed(&format!(
                "it gives a value of type {}, neither true nor false",
                other.type_of()
            ))),
            Err(error) => Err(self.failed(&error.to_string())),
        }
    }

    fn failed(&self, why: &str) -> StageError {
        let why: String = why.chars().take(LONGEST_ERROR).collect();
        let doing = format!("failed to evaluate `when` (`{}`)", self.0.source);
        StageError::document(doing, why)
    }
}

/// Compiled patterns by their text: every pattern that a condition names was compiled with it.
fn is_match(
    patterns: &BTreeMap<String, Regex>,
    text: &str,
    pattern: &str,
) -> Result<bool, ExecutionError> {
    let unknown = || ExecutionError::function_error(MATCHES, "the pattern is not known");
    Ok(patterns.get(pattern).ok_or_else(unknown)?.is_match(text))
}

/// Words the first syntax error.
fn syntax(source: &str, errors: &cel::ParseErrors) -> Fault {
    let Some(first) = errors.errors.first() else {
        return Fault::new("not CEL", None);
    };
    let line = usize::try_from(first.pos.0).unwrap_or(0);
    let column = usize::try_from(first.pos.1).unwrap_or(0);
    let found = first.msg.trim_start_matches("Syntax error: ");
    let met = [
        "mismatched input ",
        "extraneous input ",
        "token recognition error at: ",
    ];
    let met = met.iter().find_map(|start| found.strip_prefix(start));
    // The parser then lists every token it knows; what it met says more.
    let message = match met.and_then(|rest| rest.split(" expecting ").next()) {
        Some("'<EOF>'") => "it ends too early".to_owned(),
        Some(token) => format!("unexpected {token}"),
        None => found.replace("'<EOF>'", "the end"),
    };
    Fault::new(format!("not CEL: {message}"), place(source, line, column))
}

/// Returns the byte of `source` at a line and a column, both from 1, columns in characters.
fn place(source: &str, line: usize, column: usize) -> Option<usize> {
    let before: usize = source
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let rest = source.get(before..)?;
    let inner = rest.char_indices().map(|(at, _)| at);
    let inner = inner.chain([rest.len()]).nth(column.checked_sub(1)?)?;
    Some(before + inner)
}

impl PartialEq for When {
    fn eq(&self, other: &Self) -> bool {
        self.0.source == other.0.source
    }
}

impl Eq for When {}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("When").field(&self.0.source).finish()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.source)
    }
}

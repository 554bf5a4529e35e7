//! What a stage says when it can't do its work, in three classes that the runtime acts on.

use std::error::Error;
use std::fmt;

/// What a stage returns: a verdict or a classed error.
pub type StageResult<T = crate::Verdict> = Result<T, StageError>;

/// What the runtime does about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// This document is bad: quarantine it, go on with the next.
    Document,
    /// The world is bad for a moment: retry with back-off.
    Transient,
    /// Going on would do harm: stop the pipeline, leave the files where they are.
    Fatal,
}

/// An error of a stage: what was being done, of which class, and why it failed.
///
/// There is no `From`: whoever has the error chooses the class.
#[derive(Debug)]
pub struct StageError {
    class: ErrorClass,
    doing: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StageError {
    /// The document can't be processed and never will be; `doing` says what was tried.
    pub fn document(
        doing: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorClass::Document, doing, Some(source.into()))
    }

    /// Like [`StageError::document`], where the message says it all.
    pub fn document_message(message: impl Into<String>) -> Self {
        Self::new(ErrorClass::Document, message, None)
    }

    /// The work failed now and may succeed later.
    pub fn transient(
        doing: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorClass::Transient, doing, Some(source.into()))
    }

    /// The pipeline must stop.
    pub fn fatal(
        doing: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorClass::Fatal, doing, Some(source.into()))
    }

    /// Like [`StageError::fatal`], where the message says it all.
    pub fn fatal_message(message: impl Into<String>) -> Self {
        Self::new(ErrorClass::Fatal, message, None)
    }

    fn new(
        class: ErrorClass,
        doing: impl Into<String>,
        source: Option<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            class,
            doing: doing.into(),
            source,
        }
    }

    /// Returns what the runtime is to do.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        self.class
    }
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.doing)
    }
}

impl Error for StageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_ref()
            .map(|source| source.as_ref() as &(dyn Error + 'static))
    }
}

/// Returns `error` and its causes, outermost first.
pub fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    // `&dyn Error` is an error too, so the trait object is named to keep its lifetime.
    std::iter::successors(Some(error), |cause| (**cause).source())
}

/// Writes `error` and its causes in one line, each once, outermost first.
#[must_use]
pub fn describe_chain(error: &(dyn Error + 'static)) -> String {
    let lines = chain(error).map(ToString::to_string);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(": ")
}

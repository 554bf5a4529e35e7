//! Words an error for the person at the terminal: what, why, and what to do next.

use std::error::Error;
use std::io;

use jadwal_config::{ConfigErrors, Finding};
use jadwal_core::chain;
use jadwal_runtime::RunError;
use jadwal_store::StoreError;

use crate::exit::ExitStatus;
use crate::terminal::{BOLD, RED, YELLOW, err, styled};

/// Why a command failed, and how the process is to end.
#[derive(Debug)]
pub(crate) struct Failure {
    status: ExitStatus,
    what: What,
    hint: Option<String>,
}

#[derive(Debug)]
enum What {
    Config(ConfigErrors),
    Error(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// The command line or configuration is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            status: ExitStatus::Usage,
            what: What::Error(message.into().into()),
            hint: None,
        }
    }

    /// It can't go on.
    pub(crate) fn fatal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let error = error.into();
        Self {
            status: ExitStatus::Fatal,
            hint: hint(error.as_ref()),
            what: What::Error(error),
        }
    }

    /// Like [`Failure::fatal`], with what was being done.
    pub(crate) fn doing(
        doing: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::fatal(Doing {
            doing: doing.into(),
            source: source.into(),
        })
    }

    /// Says what to do next.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn status(&self) -> ExitStatus {
        self.status
    }

    /// Returns what is wrong with the configuration, if that is it.
    pub(crate) fn findings(&self) -> Option<&[Finding]> {
        match &self.what {
            What::Config(errors) => Some(errors.findings()),
            What::Error(_) => None,
        }
    }

    /// Writes the failure to standard error.
    pub(crate) fn print(&self) {
        match &self.what {
            What::Config(errors) => errors.findings().iter().for_each(print_finding),
            What::Error(error) => {
                err(format_args!("{} {error}", styled(RED, "error:")));
                for (index, cause) in chain(error.as_ref()).enumerate().skip(1) {
                    err(format_args!("  {index}. {cause}"));
                }
            }
        }
        if let Some(hint) = &self.hint {
            err(format_args!("{} {hint}", styled(BOLD, "hint:")));
        }
    }
}

/// Writes one finding about the configuration.
pub(crate) fn print_finding(finding: &Finding) {
    let word = match finding.severity {
        jadwal_config::Severity::Error => styled(RED, "error:"),
        jadwal_config::Severity::Warning => styled(YELLOW, "warning:"),
    };
    err(format_args!("{word} {finding}"));
    if let Some(hint) = &finding.hint {
        err(format_args!("  {} {hint}", styled(BOLD, "hint:")));
    }
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        Self {
            status: ExitStatus::Usage,
            what: What::Config(errors),
            hint: None,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::fatal(error)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let aborted = matches!(error, RunError::Aborted);
        let mut failure = Self::fatal(error);
        if aborted {
            failure.status = ExitStatus::Forced;
        }
        failure
    }
}

#[derive(Debug, thiserror::Error)]
#[error("failed to {doing}")]
struct Doing {
    doing: String,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

/// Whether a reader that went away is behind this error: a normal end.
pub(crate) fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// What to do about an error whose cure is known.
fn hint(error: &(dyn Error + 'static)) -> Option<String> {
    chain(error).find_map(|cause| {
        if let Some(StoreError::Held { .. }) = cause.downcast_ref() {
            return Some("stop it first, or give this one another `pipeline.state`; `jadwal status` works beside a daemon".into());
        }
        if let Some(StoreError::Format { .. }) = cause.downcast_ref() {
            return Some("use the version that wrote it, or move the state folder and the output away to begin anew".into());
        }
        if let Some(RunError::Breaker { .. }) = cause.downcast_ref() {
            return Some("`jadwal quarantine list` says what failed; mend the cause, then `jadwal quarantine retry`".into());
        }
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind)?;
        match kind {
            io::ErrorKind::PermissionDenied => Some("check the owner and the permissions of that path".into()),
            io::ErrorKind::StorageFull => Some("free some space and start again; nothing committed is lost".into()),
            io::ErrorKind::ReadOnlyFilesystem => Some("that place can't be written; choose another path".into()),
            _ => None,
        }
    })
}

//! The exit codes: part of the interface.

use std::process::ExitCode;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: done.
    Done = 0,
    /// 1: done, but some documents are quarantined or some files were left; or a check, a test or a
    /// verification found something.
    DoneWithFailures = 1,
    /// 2: the command line or the configuration is wrong; nothing was touched.
    Usage = 2,
    /// 3: it could not go on; files are where they were, what was committed stays.
    Fatal = 3,
    /// 130: forced to stop by a second signal or the drain's deadline.
    Forced = 130,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

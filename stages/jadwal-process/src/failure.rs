//! Why a child was given up.

use std::io;
use std::time::Duration;

use jadwal_core::describe_chain;

use crate::child::Obituary;
use crate::protocol::FrameTrouble;

/// Why a child was given up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It could not be started.
    #[error("the process could not be started")]
    Start(#[source] io::Error),
    /// It is gone.
    #[error("the process ended")]
    Ended,
    /// It is there, but can't answer any more.
    #[error("the process closed its standard output")]
    Closed,
    /// Reading from it or writing to it failed.
    #[error("the process could not be reached")]
    Pipe(#[source] io::Error),
    /// It did not answer in time.
    #[error("the process gave no answer within {0:?}")]
    Late(Duration),
    /// It was not ready in time.
    #[error("the process was not ready within {0:?}")]
    NotReady(Duration),
    /// What it wrote is no frame.
    #[error("the process broke the protocol")]
    Frame(#[source] FrameTrouble),
    /// What it wrote is no message.
    #[error("the process wrote a message that is not understood")]
    Message(#[source] serde_json::Error),
    /// What it wrote is a message out of place.
    #[error("the process broke the protocol: {0}")]
    Protocol(String),
}

impl Failure {
    /// Tells it in one line, with what is known of the child's end.
    pub(crate) fn describe(&self, obituary: Option<&Obituary>) -> String {
        let mut line = describe_chain(self);
        let Some(Obituary { status, last_words }) = obituary else {
            return line;
        };
        // A child that was killed here has nothing to tell by its status.
        if matches!(self, Self::Ended) {
            line.push_str(&format!(" ({status})"));
        }
        if !last_words.is_empty() {
            line.push_str(&format!(", saying `{last_words}`"));
        }
        line
    }
}

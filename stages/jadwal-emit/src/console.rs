//! Writes lines to standard output.
//!
//! What was written there can't be cut back, so a document whose fate was not committed comes
//! again: at least once, not exactly once. A write that fails stops the pipeline, for trying again
//! would put a second line behind half of the first.

use std::io::{self, ErrorKind, Write};

use jadwal_core::StageError;

use crate::lines::Lines;

/// An output that goes down a pipe.
#[derive(Debug)]
pub(crate) struct Console<W> {
    writer: W,
}

impl<W: Write> Console<W> {
    pub(crate) fn new(writer: W) -> Self {
        Self { writer }
    }

    pub(crate) fn append(&mut self, lines: &Lines) -> Result<(), StageError> {
        self.writer.write_all(lines.bytes()).map_err(stopped)
    }

    pub(crate) fn flush(&mut self) -> Result<(), StageError> {
        self.writer.flush().map_err(stopped)
    }
}

/// Returns the fatal error. Its source is the I/O error, so that the binary can take a broken pipe
/// (`jadwal run | head`) for the normal end that it is.
fn stopped(error: io::Error) -> StageError {
    let doing = match error.kind() {
        ErrorKind::BrokenPipe => "standard output was closed",
        _ => "failed to write the records to standard output",
    };
    StageError::fatal(doing, error)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use jadwal_core::ErrorClass;

    use super::*;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_fatal_and_can_be_told_from_other_errors() {
        let mut lines = Lines::default();
        lines.push(b"1\n");
        let error = Console::new(Closed).append(&lines).unwrap_err();
        assert_eq!(error.class(), ErrorClass::Fatal);
        let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
        assert_eq!(source.kind(), ErrorKind::BrokenPipe);
    }

    #[test]
    fn lines_are_written_as_they_are() {
        let mut lines = Lines::default();
        lines.push("سطر\n".as_bytes());
        lines.push(b"b\n");
        let mut console = Console::new(Vec::new());
        console.append(&lines).unwrap();
        assert_eq!(console.writer, "سطر\nb\n".as_bytes());
    }
}

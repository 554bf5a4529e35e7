//! A child's standard error: line by line to the log, and the last line kept for messages.

use tracing::info;

/// Longest line that is logged whole, in bytes.
const LONGEST: usize = 4096;

/// Longest last line that a message quotes, in characters.
const QUOTED: usize = 300;

/// Cuts standard error into lines.
#[derive(Debug, Default)]
pub(crate) struct LastWords {
    line: Vec<u8>,
    last: String,
}

impl LastWords {
    /// Takes bytes that came and logs the lines that they end.
    pub(crate) fn push(&mut self, mut bytes: &[u8], stage: &str, child: usize) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.line.extend_from_slice(&bytes[..end]);
            self.end_line(stage, child);
            bytes = &bytes[end + 1..];
        }
        self.line.extend_from_slice(bytes);
        if self.line.len() > LONGEST {
            self.end_line(stage, child);
        }
    }

    /// Logs what came of a line that was not ended, and returns the last line that said something.
    pub(crate) fn close(&mut self, stage: &str, child: usize) -> &str {
        self.end_line(stage, child);
        &self.last
    }

    fn end_line(&mut self, stage: &str, child: usize) {
        let line = String::from_utf8_lossy(&self.line);
        let line = line.trim();
        if !line.is_empty() {
            info!(stage, child, "{line}");
            self.last = line.chars().take(QUOTED).collect();
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_says_something_is_kept() {
        let mut words = LastWords::default();
        for piece in ["Traceb", "ack\nValue", "Error: x\n", "\n  \n"] {
            words.push(piece.as_bytes(), "s", 0);
        }
        assert_eq!(words.close("s", 0), "ValueError: x");
        words.push("é".repeat(10_000).as_bytes(), "s", 0);
        words.push(&[0xFF, b'\n'], "s", 0);
        assert!(words.line.is_empty());
    }
}

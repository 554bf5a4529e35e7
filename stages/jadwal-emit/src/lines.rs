//! Records as JSON lines in one buffer, each with its end.

use serde::Serialize;

/// Room that is kept between batches; what a huge document needed beyond it is given back.
const KEPT_BYTES: usize = 4 << 20;

/// Whole lines, each with its line feed at the end.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    /// Appends `row` as one line, or nothing of it.
    pub(crate) fn push(&mut self, row: &impl Serialize) -> serde_json::Result<()> {
        let start = self.bytes.len();
        serde_json::to_writer(&mut self.bytes, row).inspect_err(|_| self.bytes.truncate(start))?;
        self.bytes.push(b'\n');
        self.ends.push(self.bytes.len());
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT_BYTES);
        self.ends.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns where each line ends in [`Lines::bytes`].
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends
    }
}

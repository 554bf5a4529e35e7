//! Lines of a batch in one buffer, each with its end.

/// Room that is kept between batches; what a huge document needed beyond it is given back.
const KEPT_BYTES: usize = 4 << 20;

/// Whole lines, each with its line feed at the end.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    /// Appends `line`, which ends with its line feed.
    pub(crate) fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
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

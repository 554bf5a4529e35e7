//! The memory that an instance may have: all its linear memories and tables together.

use std::fmt;

use jadwal_core::units::ByteSize;
use wasmtime::ResourceLimiter;

/// Bytes that a table's element is reckoned with.
const TABLE_ELEMENT: usize = 16;
/// Core instances, memories and tables of one component; Python's interpreter has a few dozen.
const MOST_PARTS: usize = 1000;

/// Counts what an instance has, and refuses what is too much.
#[derive(Debug)]
pub(crate) struct Limits {
    left: usize,
    most: ByteSize,
}

/// A guest asked for more memory than it may have.
#[derive(Debug)]
pub(crate) struct TooMuchMemory {
    most: ByteSize,
}

impl fmt::Display for TooMuchMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it asked for more than {} of memory", self.most)
    }
}

impl std::error::Error for TooMuchMemory {}

impl Limits {
    pub(crate) fn new(most: ByteSize) -> Self {
        let left = usize::try_from(most.bytes()).unwrap_or(usize::MAX);
        Self { left, most }
    }

    /// Takes `more` bytes from what is left.
    ///
    /// # Errors
    /// When less is left. A guest that could go on with less is not asked: what it puts out must not
    /// depend on how much memory there is.
    fn take(&mut self, more: usize) -> wasmtime::Result<bool> {
        match self.left.checked_sub(more) {
            Some(left) => {
                self.left = left;
                Ok(true)
            }
            None => Err(wasmtime::Error::new(TooMuchMemory { most: self.most })),
        }
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.take(desired.saturating_sub(current))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.take(
            desired
                .saturating_sub(current)
                .saturating_mul(TABLE_ELEMENT),
        )
    }

    fn instances(&self) -> usize {
        MOST_PARTS
    }

    fn tables(&self) -> usize {
        MOST_PARTS
    }

    fn memories(&self) -> usize {
        MOST_PARTS
    }
}

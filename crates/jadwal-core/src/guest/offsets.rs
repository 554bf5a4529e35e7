//! Between byte offsets of a text and the unit that a guest counts in.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes between two samples; a look-up counts at most this many.
const STRIDE: usize = 64;

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OffsetUnit {
    /// Bytes of UTF-8 (Rust, C, Go).
    #[default]
    Bytes,
    /// Unicode code points (Python).
    CodePoints,
    /// UTF-16 units (JavaScript, Java, C#).
    Utf16,
}

impl OffsetUnit {
    /// Returns the name used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::CodePoints => "code points",
            Self::Utf16 => "UTF-16 units",
        }
    }

    /// Counts the units that begin in `bytes`, which may cut characters.
    fn starts_in(self, bytes: &[u8]) -> usize {
        match self {
            Self::Bytes => bytes.len(),
            Self::CodePoints => bytes.iter().map(|byte| usize::from(is_start(*byte))).sum(),
            // A character of four bytes takes two units; both are counted at its first byte.
            Self::Utf16 => bytes
                .iter()
                .map(|byte| usize::from(is_start(*byte)) + usize::from(*byte >= 0xF0))
                .sum(),
        }
    }
}

/// Whether a byte of UTF-8 begins a character (is no `10xxxxxx`).
fn is_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// Counts a text once; after that a look-up in either direction takes at most a few dozen steps.
#[derive(Debug)]
pub struct Offsets<'a> {
    text: &'a str,
    unit: OffsetUnit,
    /// Units that begin before each 64th byte. Empty where a unit is a byte.
    before: Vec<usize>,
    units: usize,
}

impl<'a> Offsets<'a> {
    /// Counts `text` in `unit`.
    #[must_use]
    pub fn new(text: &'a str, unit: OffsetUnit) -> Self {
        let mut offsets = Self {
            text,
            unit,
            before: Vec::new(),
            units: text.len(),
        };
        if unit == OffsetUnit::Bytes || text.is_ascii() {
            return offsets;
        }
        offsets.units = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            offsets.before.push(offsets.units);
            offsets.units += unit.starts_in(chunk);
        }
        offsets
    }

    /// Returns the length of the text in units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns how many units begin before byte `byte`, a character boundary. What lies past the
    /// text counts as its end.
    #[must_use]
    pub fn unit_at(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        if self.before.is_empty() {
            return byte;
        }
        // The end of a text whose length is a multiple of the stride has no sample of its own.
        let sample = (byte / STRIDE).min(self.before.len() - 1);
        let counted = &self.text.as_bytes()[sample * STRIDE..byte];
        self.before[sample] + self.unit.starts_in(counted)
    }

    /// Returns `range`, bytes on character boundaries, in units.
    #[must_use]
    pub fn units_of(&self, range: &Range<usize>) -> (u64, u64) {
        let (start, end) = (self.unit_at(range.start), self.unit_at(range.end));
        (start as u64, end as u64)
    }

    /// Returns the byte where the unit `unit` begins, or the end of the text.
    ///
    /// # Errors
    /// When it lies past the end, or inside a character; in words for the guest's author.
    pub fn byte_at(&self, unit: u64) -> Result<usize, String> {
        let name = self.unit.name();
        let wanted = usize::try_from(unit)
            .ok()
            .filter(|unit| *unit <= self.units);
        let Some(wanted) = wanted else {
            let end = self.units;
            return Err(format!(
                "offset {unit} lies past the end of the text ({end} {name})"
            ));
        };
        let byte = self.find(wanted);
        byte.filter(|byte| self.text.is_char_boundary(*byte))
            .ok_or_else(|| format!("offset {unit} ({name}) lies inside a character"))
    }

    /// The byte where unit `wanted`, which lies in the text or at its end, begins.
    fn find(&self, wanted: usize) -> Option<usize> {
        if self.before.is_empty() {
            return Some(wanted);
        }
        // Of samples with the same count the last one: it is nearest.
        let sample = self.before.partition_point(|before| *before <= wanted) - 1;
        let mut count = self.before[sample];
        let start = sample * STRIDE;
        for (at, byte) in self.text.as_bytes()[start..].iter().enumerate() {
            if is_start(*byte) && count >= wanted {
                return (count == wanted).then_some(start + at);
            }
            count += self.unit.starts_in(std::slice::from_ref(byte));
        }
        (count == wanted).then_some(self.text.len())
    }

    /// Returns the bytes from unit `start` to unit `end`.
    ///
    /// # Errors
    /// As [`Offsets::byte_at`], or when the end lies before the start.
    pub fn bytes_of(&self, start: u64, end: u64) -> Result<Range<usize>, String> {
        if end < start {
            return Err(format!("the end {end} lies before the start {start}"));
        }
        Ok(self.byte_at(start)?..self.byte_at(end)?)
    }
}

//! Turns byte offsets of a text into counts of Unicode code points.

/// Bytes between two samples; a look-up counts at most this many.
const STRIDE: usize = 64;

/// How many code points lie before every 64th byte of a text: one pass to build, constant time to ask.
#[derive(Debug)]
pub(crate) struct CodePoints<'a> {
    text: &'a [u8],
    /// Empty when every byte is a code point.
    before: Vec<u32>,
}

impl<'a> CodePoints<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        if text.is_ascii() {
            let text = text.as_bytes();
            return Self {
                text,
                before: Vec::new(),
            };
        }
        let text = text.as_bytes();
        let mut count = 0;
        let before = text
            .chunks(STRIDE)
            .map(|chunk| {
                let start = count;
                count += starts_in(chunk);
                start
            })
            .collect();
        Self { text, before }
    }

    /// Returns how many code points start before byte `offset`, which lies in the text or at its end.
    pub(crate) fn before(&self, offset: usize) -> u64 {
        if self.before.is_empty() {
            return offset as u64;
        }
        // The end of a text whose length is a multiple of the stride has no sample of its own.
        let sample = (offset / STRIDE).min(self.before.len() - 1);
        let counted = starts_in(&self.text[sample * STRIDE..offset]);
        u64::from(self.before[sample] + counted)
    }
}

/// Counts the bytes that are not continuation bytes (`10xxxxxx`).
fn starts_in(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .map(|byte| u32::from(byte & 0b1100_0000 != 0b1000_0000))
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Guarantees: at every character boundary, the count is that of the characters before it.
        #[test]
        fn every_boundary_has_as_many_code_points_before_it_as_characters(
            text in prop_oneof![r"\PC{0,300}", "[a-z ]{0,200}", "[اأبجد𝒳é ]{0,300}"],
        ) {
            let points = CodePoints::of(&text);
            let boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for (count, at) in boundaries.enumerate() {
                prop_assert_eq!(points.before(at), count as u64);
            }
        }
    }
}

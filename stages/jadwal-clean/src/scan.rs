//! Looks through text for rare bytes, many at a time.

/// Bytes that are looked at together. Enough for the compiler to use wide registers.
const BLOCK: usize = 64;

/// Returns the first place from `from` on whose byte, with the one after it (0 at the end), is a
/// `suspect`. That must be a sum of comparisons without branches (`&` and `|`), to be quick.
#[inline]
pub(crate) fn find_pair(
    bytes: &[u8],
    from: usize,
    suspect: impl Fn(u8, u8) -> bool,
) -> Option<usize> {
    let mut at = from;
    loop {
        let block = bytes.get(at..)?;
        let block = &block[..block.len().min(BLOCK)];
        let after = bytes.get(at + block.len()).copied().unwrap_or(0);
        let last = *block.last()?;
        let pairs = block.iter().zip(&block[1..]);
        let found = pairs.fold(false, |found, (byte, next)| found | suspect(*byte, *next));
        if found || suspect(last, after) {
            let next = |offset: usize| block.get(offset + 1).copied().unwrap_or(after);
            let place = block.iter().enumerate();
            let mut place = place.filter(|(offset, byte)| suspect(**byte, next(*offset)));
            return place.next().map(|(offset, _)| at + offset);
        }
        at += block.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_pair_is_found(bytes in prop::collection::vec(0u8..5, 0..300), from in 0usize..310) {
            let suspect = |byte: u8, next: u8| (byte == 4) & (next != 1) & (next != 2) & (next != 3);
            let slow = (from..bytes.len())
                .find(|at| suspect(bytes[*at], bytes.get(at + 1).copied().unwrap_or(0)));
            prop_assert_eq!(find_pair(&bytes, from, suspect), slow);
        }
    }
}

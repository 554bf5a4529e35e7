//! Words and word n-grams of a folded text as 64-bit hashes: what near-duplicate indexes compare.
//!
//! The hashes are the same on every machine and in every run, so they may be stored. They are fast
//! and well mixed, and no defence against someone who looks for collisions: what they find alike is
//! only as sure as 64 bits of ordinary text are.

use std::ops::Range;

/// Odd constants of the mixing steps (xxHash's primes).
const PRIMES: [u64; 3] = [
    0x9E37_79B1_85EB_CA87,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
];

/// Returns the words of `folded`, which is what [`crate::fold`] makes: no blank is doubled.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

/// Returns the hash of one word.
#[must_use]
pub fn word_hash(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut hash = (bytes.len() as u64).wrapping_mul(PRIMES[2]);
    let (chunks, tail) = bytes.as_chunks::<8>();
    for chunk in chunks {
        hash = mix(hash ^ u64::from_le_bytes(*chunk));
    }
    hash_end(hash, tail)
}

/// Returns the words of `folded`, each with the byte range that it has there and its [`word_hash`].
pub fn hashed_words(folded: &str) -> impl Iterator<Item = (Range<usize>, u64)> + '_ {
    let bytes = folded.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        while bytes.get(start) == Some(&b' ') {
            start += 1;
        }
        let rest = &bytes[start..];
        if rest.is_empty() {
            return None;
        }
        let length = rest.iter().position(|byte| *byte == b' ');
        let range = start..start + length.unwrap_or(rest.len());
        start = range.end;
        Some((range.clone(), hash_at(bytes, range)))
    })
}

/// Returns the hash of the word at `range`. Its last bytes are read together with what follows, eight
/// at once, where there is so much: a copy of so few bytes takes longer than all the rest.
fn hash_at(bytes: &[u8], range: Range<usize>) -> u64 {
    let mut hash = (range.len() as u64).wrapping_mul(PRIMES[2]);
    let mut at = range.start;
    loop {
        let left = range.end - at;
        let eight = match bytes[at..].first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => return hash_end(hash, &bytes[at..range.end]),
        };
        if left < 8 {
            return mix(hash ^ (eight & ((1 << (8 * left)) - 1)));
        }
        hash = mix(hash ^ eight);
        at += 8;
    }
}

/// Returns the hash of a word whose last bytes are `tail`, fewer than eight; `hash` is that of the bytes
/// before.
fn hash_end(hash: u64, tail: &[u8]) -> u64 {
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    mix(hash ^ u64::from_le_bytes(last))
}

/// Returns the hashes of all runs of `width` words, in order; of a shorter text that has a word, the
/// hash of the whole.
pub fn shingles(words: &[u64], width: usize) -> impl Iterator<Item = u64> + '_ {
    let width = width.min(words.len()).max(1);
    words.windows(width).map(sequence_hash)
}

/// Returns the hash of words in their order.
#[must_use]
pub fn sequence_hash(words: &[u64]) -> u64 {
    let all = words.iter().fold(PRIMES[1], |hash, word| {
        (hash ^ word).wrapping_mul(PRIMES[0]).rotate_left(29)
    });
    mix(all)
}

/// Spreads every bit of `value` over all 64; a bijection.
#[must_use]
pub fn mix(value: u64) -> u64 {
    let mut mixed = (value ^ (value >> 32)).wrapping_mul(PRIMES[0]);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(PRIMES[1]);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, width: usize) -> Vec<u64> {
        let words: Vec<_> = words(text).map(word_hash).collect();
        shingles(&words, width).collect()
    }

    #[test]
    fn shingles_are_runs_of_words_in_order() {
        assert_eq!(of("a b c d", 3).len(), 2);
        assert_eq!(of("a b c d", 3)[1], of("b c d", 3)[0]);
        assert_ne!(of("a b c", 3), of("c b a", 3));
        assert_eq!(of("a b", 3).len(), 1);
        assert_ne!(of("a b", 3), of("ab", 3));
        assert!(of("", 3).is_empty());
    }

    #[test]
    fn words_in_a_text_have_the_hash_that_they_have_alone() {
        for text in [
            "",
            "a",
            " a  bc ",
            "الي الامه 2016",
            "12345678 123456789 1234567 x",
        ] {
            let found: Vec<_> = hashed_words(text)
                .map(|(range, hash)| (&text[range], hash))
                .collect();
            let wanted: Vec<_> = words(text).map(|word| (word, word_hash(word))).collect();
            assert_eq!(found, wanted, "{text:?}");
        }
    }

    #[test]
    fn hashes_do_not_change_from_version_to_version() {
        assert_eq!(word_hash("الامه"), 9_956_324_263_631_435_244);
        assert_eq!(of("الي الامه 2016", 3), [4_242_354_614_438_536_986]);
    }

    #[test]
    fn close_words_have_distant_hashes() {
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..20_000_u32 {
            let hash = word_hash(&number.to_string());
            assert!(seen.insert(hash >> 24), "{number}");
        }
        let bits: u32 = (0..20_000_u32)
            .map(|number| {
                let [left, right] = [number, number + 1].map(|n| word_hash(&n.to_string()));
                (left ^ right).count_ones()
            })
            .sum();
        let mean = f64::from(bits) / 20_000.0;
        assert!((31.0..33.0).contains(&mean), "{mean}");
    }
}

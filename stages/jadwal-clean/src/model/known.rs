//! Which words of a line stand in other lines of the document too.

use crate::words::Words;

/// The content words of a document's lines, each a place in a table. Words may share places.
#[derive(Debug, Default)]
pub(super) struct Places {
    all: Vec<u16>,
    /// Where the words of each line end.
    ends: Vec<usize>,
}

const BITS: u32 = 14;

impl Places {
    /// Reads the words of `count` lines.
    pub(super) fn of(words: &Words, count: usize) -> Self {
        let mut places = Self::default();
        places.ends.reserve(count);
        for index in 0..count {
            let long = words.line(index).iter().filter(|word| word.is_long);
            places.all.extend(long.map(|word| place(word.key)));
            places.ends.push(places.all.len());
        }
        places
    }

    /// Returns the words of line `index`.
    pub(super) fn line(&self, index: usize) -> &[u16] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[index]]
    }
}

fn place(key: u64) -> u16 {
    let place = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - BITS);
    u16::try_from(place).unwrap_or(0)
}

/// How often words stand in some of the lines, 3 at most.
#[derive(Debug)]
pub(super) struct Known {
    counts: Vec<u8>,
}

impl Known {
    /// Learns the words of the lines that `is_learnt` names.
    pub(super) fn of(places: &Places, is_learnt: impl Fn(usize) -> bool) -> Self {
        let mut counts = vec![0u8; 1 << BITS];
        for index in (0..places.ends.len()).filter(|index| is_learnt(*index)) {
            for place in places.line(index) {
                let count = &mut counts[usize::from(*place)];
                *count = (*count + 1).min(3);
            }
        }
        Self { counts }
    }

    /// Returns how many of a line's words are known; `is_learnt` says that it is one of the lines that
    /// were learnt, whose own words don't count.
    pub(super) fn count(&self, line: &[u16], is_learnt: bool) -> usize {
        let times = u8::from(is_learnt) + 1;
        let known = |place: &&u16| self.counts[usize::from(**place)] >= times;
        line.iter().filter(known).count()
    }
}

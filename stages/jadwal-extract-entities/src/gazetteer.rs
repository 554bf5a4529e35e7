//! The cities of the world in one frozen table that needs no loading.
//!
//! `data/cities.bin` is made of `data/cities.tsv` by the test of this module and is part of the
//! binary. It is a trie whose edges lie in one hash table: the key of a node is made of the key of the
//! node before and the hash of a folded word ([`chained_key`]). A filter of the first words, small enough
//! for a processor's cache, answers for nearly all words of a text that no city begins with them.
//!
//! Little endian: number of slots, targets, bytes of names; the filter; slots of fingerprint and value;
//! targets of GeoNames id, country, place of the name; the names, each with its length before it.

use crate::hashing::chained_key;
use crate::items::Items;
use crate::letters::Class;

const CITIES: &[u8] = include_bytes!("../data/cities.bin");

const HEADER: usize = 12;
/// Bits of the filter.
const FILTER_BITS: u64 = 1 << 19;
const SLOT: usize = 8;
const TARGET: usize = 12;

/// Of a slot's value: the number of the target, from 1; 0 for none.
const TARGET_MASK: u32 = (1 << 20) - 1;
/// The spelling counts only beside a word for a place.
const WEAK: u32 = 1 << 20;
/// Longer spellings begin with this one.
const PREFIX: u32 = 1 << 21;

/// A city of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct City {
    /// GeoNames id.
    pub(crate) id: u32,
    /// ISO 3166 code.
    pub(crate) country: &'static str,
    pub(crate) name: &'static str,
    /// The spelling counts only beside a word for a place.
    pub(crate) weak: bool,
}

/// The table, by the places of its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gazetteer {
    filter: &'static [u8],
    slots: &'static [u8],
    targets: &'static [u8],
    names: &'static [u8],
}

impl Gazetteer {
    /// Opens the embedded table; `None` where it is broken.
    pub(crate) fn open() -> Option<Self> {
        Self::of(CITIES)
    }

    fn of(bytes: &'static [u8]) -> Option<Self> {
        let count = |at: usize| usize::try_from(number(bytes, at)?).ok();
        let (slots, targets, names) = (count(0)?, count(4)?, count(8)?);
        let filter_len = (FILTER_BITS / 8) as usize;
        let rest = bytes.get(HEADER..)?;
        let (filter, rest) = rest.split_at_checked(filter_len)?;
        let (slots, rest) = rest.split_at_checked(slots.checked_mul(SLOT)?)?;
        let (targets, rest) = rest.split_at_checked(targets.checked_mul(TARGET)?)?;
        (rest.len() == names && !slots.is_empty()).then_some(Self {
            filter,
            slots,
            targets,
            names: rest,
        })
    }

    /// Whether a spelling may begin with the word of this hash.
    #[inline]
    pub(crate) fn may_start(&self, word: u64) -> bool {
        let bit = filter_bit(word);
        let byte = self.filter.get((bit / 8) as usize);
        byte.is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }

    /// Returns the longest spelling that begins with item `at`, read as the word of this hash, and its
    /// last item.
    pub(crate) fn longest(&self, items: &Items<'_>, at: usize, word: u64) -> Option<(City, usize)> {
        let mut key = chained_key(0, word);
        let mut value = self.value(key)?;
        let mut last = at;
        let mut best = None;
        loop {
            if value & TARGET_MASK != 0 {
                best = Some((value, last));
            }
            let joined = items.near(last) || matches!(items.gap(last), "-" | "'" | "’" | ". ");
            let more = value & PREFIX != 0 && joined;
            let Some(next) = items.whole_word(last + 1).filter(|_| more) else {
                break;
            };
            key = chained_key(key, next);
            let Some(longer) = self.value(key) else {
                break;
            };
            value = longer;
            last += 1;
        }
        let (value, last) = best?;
        Some((self.city(value)?, last))
    }

    fn city(&self, value: u32) -> Option<City> {
        let index = ((value & TARGET_MASK) as usize).checked_sub(1)? * TARGET;
        let country = self.targets.get(index + 4..index + 6)?;
        let name = number(self.targets, index + 8)? as usize;
        let length = usize::from(*self.names.get(name)?);
        let name = self.names.get(name + 1..name + 1 + length)?;
        Some(City {
            id: number(self.targets, index)?,
            country: std::str::from_utf8(country).ok()?,
            name: std::str::from_utf8(name).ok()?,
            weak: value & WEAK != 0,
        })
    }

    /// Returns the value under `key`.
    fn value(&self, key: u64) -> Option<u32> {
        let count = self.slots.len() / SLOT;
        let mut at = slot_of(key, count);
        // The table is never full, and a broken one ends the search after one round.
        for _ in 0..count {
            let fingerprint = number(self.slots, at * SLOT)?;
            if fingerprint == 0 {
                return None;
            }
            if fingerprint == fingerprint_of(key) {
                return number(self.slots, at * SLOT + 4);
            }
            at = (at + 1) % count;
        }
        None
    }
}

#[inline]
fn filter_bit(word: u64) -> u64 {
    chained_key(1, word) % FILTER_BITS
}

/// Where the search for `key` begins: its upper half, spread over the slots.
fn slot_of(key: u64, count: usize) -> usize {
    (((key >> 32) * count as u64) >> 32) as usize
}

/// The lower half of a key, never 0.
fn fingerprint_of(key: u64) -> u32 {
    (key as u32) | 1
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Whether item `at` is written as a name may be: of Arabic, or with a capital.
pub(crate) fn written_as_name(items: &Items<'_>, at: usize) -> bool {
    items.get(at).is_some_and(|item| match item.token.class {
        Class::Arabic => true,
        Class::Latin => items.capital(at),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::items::Habits;
    use crate::lexicon::Lexicon;
    use crate::tables;

    const TABLE: &str = include_str!("../data/cities.tsv");

    /// A table that is being laid out.
    struct Layout {
        words: Lexicon,
        values: BTreeMap<u64, u32>,
        filter: Vec<u8>,
        targets: Vec<u8>,
        names: Vec<u8>,
        count: u32,
    }

    impl Layout {
        fn add_row(&mut self, row: &str) {
            let columns: Vec<&str> = row.split('\t').collect();
            let [id, country, _, name, spellings] = columns[..] else {
                panic!("not five columns: {row}");
            };
            self.count += 1;
            assert!(self.count < TARGET_MASK);
            self.targets
                .extend(id.parse::<u32>().unwrap().to_le_bytes());
            self.targets.extend(country.as_bytes());
            self.targets.extend([0, 0]);
            self.targets.extend((self.names.len() as u32).to_le_bytes());
            self.names.push(u8::try_from(name.len()).unwrap());
            self.names.extend(name.as_bytes());
            for spelling in spellings.split('|') {
                match spelling.strip_prefix('?') {
                    Some(spelling) => self.add_spelling(spelling, WEAK),
                    None => self.add_spelling(spelling, 0),
                }
            }
        }

        /// Lets a spelling lead to the newest row, unless it leads to another one already.
        fn add_spelling(&mut self, spelling: &str, weak: u32) {
            let tokens = self.words.tokenize(spelling);
            let Some((first, rest)) = tokens.split_first() else {
                return;
            };
            let bit = filter_bit(first.value);
            self.filter[(bit / 8) as usize] |= 1 << (bit % 8);
            let mut key = chained_key(0, first.value);
            for next in rest {
                *self.values.entry(key).or_default() |= PREFIX;
                key = chained_key(key, next.value);
            }
            let value = self.values.entry(key).or_default();
            if *value & TARGET_MASK == 0 {
                *value |= self.count | weak;
            }
        }

        fn slots(&self) -> Vec<u8> {
            let count = self.values.len() * 7 / 5;
            let mut slots = vec![0u8; count * SLOT];
            for (key, value) in &self.values {
                let mut at = slot_of(*key, count);
                while slots[at * SLOT..at * SLOT + 4] != [0; 4] {
                    at = (at + 1) % count;
                }
                slots[at * SLOT..at * SLOT + 4]
                    .copy_from_slice(&fingerprint_of(*key).to_le_bytes());
                slots[at * SLOT + 4..at * SLOT + 8].copy_from_slice(&value.to_le_bytes());
            }
            slots
        }
    }

    /// Lays the table out; the first row that has a spelling keeps it.
    fn frozen(table: &str) -> Vec<u8> {
        let mut layout = Layout {
            words: Lexicon::empty(),
            values: BTreeMap::new(),
            filter: vec![0u8; (FILTER_BITS / 8) as usize],
            targets: Vec::new(),
            names: Vec::new(),
            count: 0,
        };
        let rows = table.lines().filter(|line| !line.starts_with('#'));
        rows.for_each(|row| layout.add_row(row));
        let slots = layout.slots();
        let slot_count = (slots.len() / SLOT) as u32;
        let counts = [slot_count, layout.count, layout.names.len() as u32];
        let header = counts
            .iter()
            .flat_map(|count| count.to_le_bytes())
            .collect();
        [header, layout.filter, slots, layout.targets, layout.names].concat()
    }

    /// `UPDATE_EXPECT=1` writes the file.
    #[test]
    fn the_frozen_table_is_that_of_the_rows() {
        let expected = frozen(TABLE);
        if std::env::var_os("UPDATE_EXPECT").is_some() && expected != CITIES {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cities.bin");
            std::fs::write(path, &expected).unwrap();
            return;
        }
        assert!(
            expected == CITIES,
            "data/cities.bin is not what data/cities.tsv gives: UPDATE_EXPECT=1 writes it"
        );
    }

    #[test]
    fn every_spelling_is_found() {
        let gazetteer = Gazetteer::open().unwrap();
        let lexicon = Lexicon::empty();
        for row in TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .step_by(23)
        {
            let spelling = row.rsplit(['\t', '|']).next().unwrap();
            let spelling = spelling.trim_start_matches('?');
            let items = Items::of(spelling, &lexicon, Habits::default());
            let Some(word) = items.whole_word(0) else {
                continue;
            };
            assert!(gazetteer.may_start(word), "{spelling}");
            let found = gazetteer.longest(&items, 0, word);
            assert_eq!(
                found.map(|(_, last)| last + 1),
                Some(items.len()),
                "{spelling}"
            );
        }
    }

    #[test]
    fn other_words_are_not_found() {
        let gazetteer = Gazetteer::open().unwrap();
        let mut lexicon = tables::read_all().unwrap();
        lexicon.seal();
        let text = "اجتمع الوزراء أمس لبحث المسائل The ministers met yesterday";
        let items = Items::of(text, &lexicon, Habits::default());
        for at in 0..items.len() {
            let word = items.whole_word(at);
            let found = word.and_then(|word| gazetteer.longest(&items, at, word));
            assert_eq!(found, None, "{}", items.slice(at));
        }
    }

    #[test]
    fn a_broken_table_is_refused() {
        assert!(Gazetteer::of(&[]).is_none());
        assert!(Gazetteer::of(&CITIES[..CITIES.len() - 1]).is_none());
        assert!(Gazetteer::of(&[255; 64]).is_none());
    }
}

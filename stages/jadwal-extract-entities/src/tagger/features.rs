//! What a word says about the labels of the words around it, as hashes.
//!
//! Most features depend on one word alone: they are told once a word form, with the places (from 3
//! words before to 3 behind) that they speak about, so that a tagger can add them up once and keep
//! the sums. The few that look at two words or at a list of names are told for each place.
//! Feature, place and label meet in a table of rows: feature `f` at place `p` has row `f + p`.

use crate::tagger::hash::{Grown, join, key32, of_letters};
use crate::tagger::knowledge::{Knowledge, KnownName, KnownWord};
use crate::tagger::words::{Alphabet, Shape};

/// Words on each side that a feature can reach.
pub(crate) const REACH: usize = 3;
/// Places that a word form speaks about.
pub(crate) const PLACES: usize = 2 * REACH + 1;
/// Features of one word form, at the most: 3 of every word, 8 affixes, 3 of clitics, 10 of what is known of it,
/// 16 of what it announces.
pub(crate) const MOST_FEATURES: usize = 40;
/// Letters of a word that are looked at.
const MOST_LETTERS: usize = 48;

/// What is known of a word form without its weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormFacts {
    /// Hash of the folded word.
    pub(crate) word: u64,
    /// The word, or its cluster where it has one, with the shape: what pairs are made of.
    pub(crate) kind: u64,
    pub(crate) shape: u8,
    /// Hashes that names in the list may start with: the word and its readings without clitics; 0
    /// where there is none.
    pub(crate) readings: [u64; READINGS],
    /// What the list of names says of each of them; 0 where no name starts with it.
    pub(crate) names: [u8; READINGS],
}

impl FormFacts {
    /// The facts of no word.
    pub(crate) const NOTHING: Self = Self {
        word: 0,
        kind: 0,
        shape: 0,
        readings: [0; READINGS],
        names: [0; READINGS],
    };
}

impl FormFacts {
    /// Whether a name of the list starts with the word.
    #[inline]
    fn starts_name(&self) -> bool {
        u32::from_ne_bytes(self.names) > 0
    }

    /// Notes what the list of names says of the readings.
    pub(crate) fn look_up_names(&mut self, knowledge: &Knowledge) {
        self.names = self.readings.map(|reading| match reading {
            0 => 0,
            reading => knowledge.name(reading).map_or(0, KnownName::packed),
        });
    }
}

/// Readings of a word, itself included.
pub(crate) const READINGS: usize = 4;

/// One feature and the places it speaks about, `-REACH..=REACH`, as `0..PLACES`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormFeature {
    pub(crate) hash: u64,
    pub(crate) from: u8,
    pub(crate) to: u8,
}

/// Collects the features of one word form.
pub(crate) struct FormReader<'a> {
    alphabet: &'a Alphabet,
    knowledge: &'a Knowledge,
    letters: Vec<u32>,
    features: Vec<FormFeature>,
}

const WAW: u32 = 'و' as u32;
const FA: u32 = 'ف' as u32;
const BA: u32 = 'ب' as u32;
const LAM: u32 = 'ل' as u32;
const KAF: u32 = 'ك' as u32;
const ALEF: u32 = 'ا' as u32;

/// Letters written on to the front of an Arabic word.
struct Clitics {
    /// Letters of the conjunction and the preposition.
    outer: usize,
    /// Letters in front of the stem, the article included.
    all: usize,
    /// Which clitics, as bits.
    kind: u64,
    /// `لل`: preposition and article in one.
    joined: bool,
}

fn clitics(letters: &[u32]) -> Clitics {
    let long = |at: usize, more: usize| letters.len() >= at + more;
    let mut found = Clitics {
        outer: 0,
        all: 0,
        kind: 0,
        joined: false,
    };
    if long(0, 4) && matches!(letters[0], WAW | FA) {
        found.outer = 1;
        found.kind |= if letters[0] == WAW { 1 } else { 2 };
    }
    let at = found.outer;
    if long(at, 4) && letters[at] == LAM && letters[at + 1] == LAM {
        found.joined = true;
        found.kind |= 4 | 32;
        found.all = at + 2;
        found.outer = at + 1;
        return found;
    }
    if long(at, 4) && matches!(letters[at], BA | LAM | KAF) {
        found.outer += 1;
        found.kind |= match letters[at] {
            LAM => 4,
            BA => 8,
            _ => 16,
        };
    }
    let at = found.outer;
    found.all = at;
    if long(at, 4) && letters[at] == ALEF && letters[at + 1] == LAM {
        found.all += 2;
        found.kind |= 32;
    }
    found
}

impl<'a> FormReader<'a> {
    pub(crate) fn new(alphabet: &'a Alphabet, knowledge: &'a Knowledge) -> Self {
        Self {
            alphabet,
            knowledge,
            letters: Vec::with_capacity(MOST_LETTERS + 1),
            features: Vec::with_capacity(64),
        }
    }

    /// Returns the facts and features of `word`.
    pub(crate) fn read(&mut self, word: &str, shape: Shape) -> (FormFacts, &[FormFeature]) {
        self.features.clear();
        self.alphabet.letters(word, MOST_LETTERS, &mut self.letters);
        let hash = of_letters(&self.letters, 0);
        // Asked early: the answer takes long to come, and the affixes need not wait for it.
        let known = self.knowledge.word(hash);
        let mut facts = FormFacts {
            word: hash,
            kind: hash,
            shape: shape as u8,
            ..FormFacts::NOTHING
        };
        facts.readings[0] = hash;
        self.add(1, hash, 2, 2);
        self.add(
            2,
            shape as u64 * 32 + self.letters.len().min(12) as u64,
            2,
            2,
        );
        if shape == Shape::Sign {
            return (facts, &self.features);
        }
        self.add(3, shape as u64, 2, 2);
        if shape != Shape::Digits {
            self.affixes();
        }
        let stem = self.stem(shape, &mut facts);
        self.about(known, stem, shape, &mut facts);
        facts.look_up_names(self.knowledge);
        (facts, &self.features)
    }

    /// Adds a feature that speaks about as many words `behind` and `ahead` of this one.
    fn add(&mut self, kind: u64, value: u64, ahead: u8, behind: u8) {
        self.features.push(FormFeature {
            hash: join(value, kind),
            from: REACH as u8 - behind,
            to: REACH as u8 + ahead,
        });
    }

    fn affixes(&mut self) {
        let len = self.letters.len();
        let mut front = Grown::new();
        for length in 1..=4.min(len.saturating_sub(1)) {
            front.add(self.letters[length - 1]);
            let front = front.finish(1);
            let back = of_letters(&self.letters[len - length..], 2);
            self.add(4, front, 1, 1);
            self.add(5, back, 1, 1);
        }
    }

    /// Tells the readings of an Arabic word without its clitics and returns the hash of the stem.
    fn stem(&mut self, shape: Shape, facts: &mut FormFacts) -> u64 {
        if shape != Shape::Caseless
            || !self
                .letters
                .iter()
                .all(|letter| (0x620..0x700).contains(letter))
        {
            return facts.word;
        }
        let found = clitics(&self.letters);
        let stem = of_letters(&self.letters[found.all..], 0);
        self.add(6, stem, 2, 2);
        self.add(7, found.kind, 2, 2);
        if found.all > 0 {
            let tail = &self.letters[found.all..];
            let last = of_letters(&tail[tail.len().saturating_sub(2)..], found.kind);
            self.add(8, last, 1, 1);
        }
        if found.joined {
            // The article is put back: `للامم` is looked up as `الامم`.
            let mut whole = Grown::new();
            for letter in [ALEF, LAM].iter().chain(&self.letters[found.all..]) {
                whole.add(*letter);
            }
            facts.readings[1] = whole.finish(0);
        } else if found.outer > 0 {
            facts.readings[1] = of_letters(&self.letters[found.outer..], 0);
            if found.outer == 2 {
                facts.readings[2] = of_letters(&self.letters[1..], 0);
            }
        }
        facts.readings[3] = if found.all > found.outer && !found.joined {
            stem
        } else {
            0
        };
        stem
    }

    /// Tells what the free text and the word lists say about the word, which is `known`, or else about its
    /// readings.
    fn about(&mut self, known: Option<KnownWord>, stem: u64, shape: Shape, facts: &mut FormFacts) {
        let mut found = known;
        let mut reading = 0;
        for (index, other) in facts.readings.iter().enumerate().skip(1) {
            if found.is_none() && *other != 0 {
                found = self.knowledge.word(*other);
                reading = index as u64;
            }
        }
        if found.is_none() && stem != facts.word {
            found = self.knowledge.word(stem);
            reading = 7;
        }
        if let Some(known) = found {
            let [near, beside] = known.clusters;
            let fine = u64::from(near);
            let (middle, coarse) = self.knowledge.coarser(0, near);
            self.add(10, fine, 2, 2);
            self.add(11, middle, 3, 3);
            self.add(12, coarse, 2, 2);
            self.add(13, coarse << 8 | reading << 4 | shape as u64, 1, 1);
            let (middle_beside, _) = self.knowledge.coarser(1, beside);
            self.add(21, u64::from(beside), 2, 2);
            self.add(22, middle_beside, 2, 2);
            facts.kind = middle << 8 | shape as u64;
            if let Some(posterior) = known.posterior {
                for (label, level) in posterior.into_iter().enumerate() {
                    self.add(14 + label as u64, u64::from(level), 2, 2);
                }
                let all = posterior
                    .into_iter()
                    .fold(0, |all, level| all << 4 | u64::from(level));
                self.add(18, all, 1, 1);
            }
        } else {
            facts.kind = join(shape as u64, self.letters.len().min(6) as u64);
            self.add(19, shape as u64, 2, 2);
        }
        let mut classes = 0;
        for other in facts.readings {
            if other != 0 {
                classes |= self.knowledge.trigger(other);
            }
        }
        for bit in 0..16 {
            if classes >> bit & 1 != 0 {
                self.add(20, bit, 3, 2);
            }
        }
    }
}

/// The edge of a sentence: a word that is only itself.
pub(crate) fn edge(ahead: bool) -> (FormFacts, FormFeature) {
    let hash = if ahead { 0x0e0e_0e0e } else { 0x0b0b_0b0b };
    let facts = FormFacts {
        word: hash,
        kind: hash,
        ..FormFacts::NOTHING
    };
    let feature = FormFeature {
        hash: join(hash, 1),
        from: REACH as u8 - 2,
        to: REACH as u8 + 2,
    };
    (facts, feature)
}

/// Calls `tell` with the row hash of each feature of two or three neighbours; `around[i]` are the
/// facts of the word at place `i - 2`.
#[inline]
pub(crate) fn pair_features(around: [&FormFacts; 5], mut tell: impl FnMut(u64)) {
    let [far, before, here, after, _] = around;
    tell(join(before.word, here.word) ^ 0x31);
    tell(join(here.word, after.word) ^ 0x32);
    tell(join(before.kind, here.kind) ^ 0x33);
    tell(join(here.kind, after.kind) ^ 0x34);
    tell(join(before.kind, after.kind) ^ 0x35);
    tell(join(far.kind, before.kind) ^ 0x36);
    tell(join(before.word, here.kind) ^ 0x37);
    tell(join(here.kind, after.word) ^ 0x38);
    let shapes = u64::from(far.shape) << 9
        | u64::from(before.shape) << 6
        | u64::from(here.shape) << 3
        | u64::from(after.shape);
    tell(join(shapes, 0x39));
}

/// Where a word stands in a name of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct InName {
    /// Classes of the name, as bits; 0 outside.
    pub(crate) classes: u8,
    /// 1 first of several words, 2 inside, 3 last, 4 the only one.
    pub(crate) place: u8,
}

impl InName {
    /// Above all codes.
    pub(crate) const CODES: u16 = 1 << 10;

    pub(crate) fn code(self) -> u64 {
        u64::from(self.classes) << 3 | u64::from(self.place)
    }

    /// Returns what has this code.
    pub(crate) fn of_code(code: u16) -> Self {
        Self {
            classes: (code >> 3) as u8,
            place: (code & 7) as u8,
        }
    }
}

/// Calls `tell` with the row hash of each feature of the list of names around one word.
#[inline]
pub(crate) fn name_features(
    before: InName,
    here: InName,
    after: InName,
    facts: &FormFacts,
    mut tell: impl FnMut(u64),
) {
    if here.classes != 0 {
        tell(join(here.code(), 0x41));
        tell(join(here.code() << 8 | u64::from(facts.shape), 0x42));
        tell(join(here.code(), facts.kind) ^ 0x43);
    }
    if before.classes != 0 {
        tell(join(before.code(), 0x44));
    }
    if after.classes != 0 {
        tell(join(after.code(), 0x45));
    }
    if here.classes != 0 && (before.classes | after.classes) != 0 {
        tell(join(
            before.code() << 16 | here.code() << 8 | after.code(),
            0x46,
        ));
    }
}

/// Marks the longest names of the list in a sentence, from left to right.
pub(crate) fn mark_names(facts: &[FormFacts], knowledge: &Knowledge, marks: &mut Vec<InName>) {
    marks.clear();
    marks.resize(facts.len(), InName::default());
    let mut at = 0;
    while at < facts.len() {
        let found = if facts[at].starts_name() {
            longest(&facts[at..], knowledge)
        } else {
            None
        };
        let Some((classes, length)) = found else {
            at += 1;
            continue;
        };
        for place in 0..length {
            let code = match (place, length) {
                (_, 1) => 4,
                (0, _) => 1,
                _ if place + 1 == length => 3,
                _ => 2,
            };
            marks[at + place] = InName {
                classes,
                place: code,
            };
        }
        at += length;
    }
}

/// Returns classes and length of the longest name that starts at the first word.
fn longest(facts: &[FormFacts], knowledge: &Knowledge) -> Option<(u8, usize)> {
    let mut best: Option<(u8, usize)> = None;
    // The word itself comes first: of two names of one length it wins.
    for (reading, name) in facts[0].readings.into_iter().zip(facts[0].names) {
        let mut hash = reading;
        let mut length = 1;
        let mut known = KnownName::of_packed(name);
        while let Some(name) = known {
            if name.classes != 0 && best.is_none_or(|(_, longest)| length > longest) {
                best = Some((name.classes, length));
            }
            if !name.goes_on || length == facts.len() {
                break;
            }
            hash = name_hash(hash, facts[length].word);
            length += 1;
            known = knowledge.name(hash);
        }
    }
    best
}

/// Returns the hash of a name that goes on with `word`.
pub(crate) fn name_hash(name: u64, word: u64) -> u64 {
    join(name, word) ^ 0x51
}

/// Returns the key under which a word or name is stored.
pub(crate) fn stored_key(hash: u64) -> u32 {
    key32(hash)
}

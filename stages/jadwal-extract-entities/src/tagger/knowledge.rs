//! What a model knows of words beyond its weights: clusters and posteriors from free text, a list of
//! names, words that announce names.

use crate::key_map::KeyMap;
use crate::tagger::features::stored_key;

/// Clusterings of the words: by what stands near them, and by what stands right beside them.
pub(crate) const CLUSTERINGS: usize = 2;
/// Bits of a cluster's number.
pub(crate) const CLUSTER_BITS: u32 = 10;
const CLUSTER_MASK: u16 = (1 << CLUSTER_BITS) - 1;
/// Bits of a posterior.
pub(crate) const POSTERIOR_BITS: u32 = 12;
/// Where the posterior of a word stands.
pub(crate) const POSTERIOR_SHIFT: u32 = 2 * CLUSTER_BITS;

/// No posterior is known.
pub(crate) const NO_POSTERIOR: u16 = 0xfff;
/// A name that longer names start with.
pub(crate) const GOES_ON: u8 = 0x80;

/// What the free text says about a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownWord {
    /// One of each clustering.
    pub(crate) clusters: [u16; CLUSTERINGS],
    /// How often it is part of a person, place, organisation: levels 0 to 7.
    pub(crate) posterior: Option<[u8; 3]>,
}

/// A name of the list, or the start of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownName {
    /// What it names, as bits; 0 where it only goes on.
    pub(crate) classes: u8,
    pub(crate) goes_on: bool,
}

impl KnownName {
    /// Returns the name as the lists store it: not 0, for it has a class or goes on.
    pub(crate) fn packed(self) -> u8 {
        self.classes | if self.goes_on { GOES_ON } else { 0 }
    }

    /// Returns the name that is stored so; 0 is none.
    #[inline]
    pub(crate) fn of_packed(packed: u8) -> Option<Self> {
        (packed != 0).then_some(Self {
            classes: packed & !GOES_ON,
            goes_on: packed & GOES_ON != 0,
        })
    }
}

/// All that a model knows of words.
#[derive(Clone, Debug, Default)]
#[cfg_attr(
    not(feature = "train"),
    expect(unreachable_pub, reason = "only the trainer hands it out")
)]
pub struct Knowledge {
    /// From the low bits up: ten bits of each clustering, then the posterior, four bits a label.
    pub(crate) words: KeyMap<u32>,
    /// Of each clustering, by cluster: the middle and the coarse cluster it is part of.
    pub(crate) parents: [Vec<(u16, u16)>; CLUSTERINGS],
    pub(crate) names: KeyMap<u32>,
    pub(crate) triggers: KeyMap<u32>,
}

impl Knowledge {
    #[inline]
    pub(crate) fn word(&self, hash: u64) -> Option<KnownWord> {
        let packed = self.words.get(stored_key(hash))?;
        let levels = (packed >> POSTERIOR_SHIFT) as u16;
        let level = |shift: u16| (levels >> shift & 15) as u8;
        Some(KnownWord {
            clusters: [0, 1].map(|which| (packed >> (CLUSTER_BITS * which)) as u16 & CLUSTER_MASK),
            posterior: (levels != NO_POSTERIOR).then(|| [level(0), level(4), level(8)]),
        })
    }

    /// Returns the middle and the coarse cluster that a cluster of a clustering is part of.
    pub(crate) fn coarser(&self, clustering: usize, cluster: u16) -> (u64, u64) {
        let (middle, coarse) = self.parents[clustering]
            .get(usize::from(cluster))
            .copied()
            .unwrap_or((0, 0));
        (u64::from(middle), u64::from(coarse))
    }

    #[inline]
    pub(crate) fn name(&self, hash: u64) -> Option<KnownName> {
        KnownName::of_packed(self.names.get(stored_key(hash))? as u8)
    }

    /// Returns the classes of a word that announces names, as bits.
    pub(crate) fn trigger(&self, hash: u64) -> u64 {
        self.triggers.get(stored_key(hash)).map_or(0, u64::from)
    }
}

//! What a model knows of words beyond its weights: clusters and posteriors from free text, a list of
//! names, words that announce names.

use crate::key_map::KeyMap;
use crate::tagger::features::stored_key;

/// No posterior is known.
pub(crate) const NO_POSTERIOR: u16 = 0xfff;
/// A name that longer names start with.
pub(crate) const GOES_ON: u8 = 0x80;

/// What the free text says about a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownWord {
    pub(crate) cluster: u16,
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

/// All that a model knows of words.
#[derive(Clone, Debug, Default)]
#[cfg_attr(
    not(feature = "train"),
    expect(unreachable_pub, reason = "only the trainer hands it out")
)]
pub struct Knowledge {
    /// Cluster in the low 16 bits, posterior (4 bits a label) above.
    pub(crate) words: KeyMap<u32>,
    /// By cluster: the middle and the coarse cluster it is part of.
    pub(crate) parents: Vec<(u16, u16)>,
    pub(crate) names: KeyMap<u32>,
    pub(crate) triggers: KeyMap<u32>,
}

impl Knowledge {
    #[inline]
    pub(crate) fn word(&self, hash: u64) -> Option<KnownWord> {
        let packed = self.words.get(stored_key(hash))?;
        let levels = (packed >> 16) as u16;
        let level = |shift: u16| (levels >> shift & 15) as u8;
        Some(KnownWord {
            cluster: packed as u16,
            posterior: (levels != NO_POSTERIOR).then(|| [level(0), level(4), level(8)]),
        })
    }

    pub(crate) fn coarser(&self, cluster: u16) -> (u64, u64) {
        let (middle, coarse) = self
            .parents
            .get(usize::from(cluster))
            .copied()
            .unwrap_or((0, 0));
        (u64::from(middle), u64::from(coarse))
    }

    #[inline]
    pub(crate) fn name(&self, hash: u64) -> Option<KnownName> {
        let packed = self.names.get(stored_key(hash))? as u8;
        Some(KnownName {
            classes: packed & !GOES_ON,
            goes_on: packed & GOES_ON != 0,
        })
    }

    /// Returns the classes of a word that announces names, as bits.
    pub(crate) fn trigger(&self, hash: u64) -> u64 {
        self.triggers.get(stored_key(hash)).map_or(0, u64::from)
    }
}

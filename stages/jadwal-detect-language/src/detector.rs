//! Tells the language of a text: first its script, then, where the script has several languages,
//! a table of letter runs and words.

use crate::alphabet::{Alphabet, HAN, KANA, SCRIPTS, ScriptId};
use crate::cache::Caches;
use crate::model::{Evidence, Group, ModelError, parse};
use crate::naming::Naming;
use crate::words::{Counts, read_words};

/// The tag of a text in no language that can be told.
pub const UNDETERMINED: &str = "und";
/// The script of a text without letters.
pub const NO_SCRIPT: &str = "Zyyy";

/// The model that ships with the crate; see `models/MODEL.md`.
const BUILTIN: &[u8] = include_bytes!("../models/langid.bin");

/// A language that a text may be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'d> {
    /// BCP 47, shortest form.
    pub tag: &'d str,
    /// How likely it is, 0 to 1.
    pub score: f32,
}

/// What a detector says of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection<'d> {
    /// At most three languages, likeliest first.
    pub candidates: Vec<Candidate<'d>>,
    /// ISO 15924 of most of the letters.
    pub script: &'static str,
    /// Whether blanks stand between the script's words.
    pub spaced: bool,
    /// Letters of words; figures and addresses are not counted.
    pub letters: u32,
    /// Words.
    pub words: u32,
}

impl Detection<'_> {
    /// Returns the likeliest language, `und` where there is none.
    #[must_use]
    pub fn best(&self) -> Candidate<'_> {
        self.candidates.first().copied().unwrap_or(NOTHING)
    }
}

/// Tells languages. The stage splits, merges and applies thresholds; a detector only reads.
pub trait Detector: Send + Sync + 'static {
    /// Returns what `parts`, which belong to one text, are written in. Linear in their length.
    fn detect(&self, parts: &[&str]) -> Detection<'_>;

    /// Returns every tag that it can tell, `und` left out, sorted.
    fn languages(&self) -> Vec<&str>;
}

/// The detector that ships with the crate.
#[derive(Debug)]
pub struct NgramDetector {
    alphabet: Alphabet,
    groups: Vec<NamedGroup>,
    /// Index of each script's group.
    group_of: [Option<u8>; SCRIPTS.len()],
    naming: Naming,
    caches: Caches,
}

/// A group with the tags that are told for its labels.
#[derive(Debug)]
struct NamedGroup {
    group: Group,
    /// Each tag once.
    tags: Vec<String>,
    /// Index in `tags` of each label.
    tag_of: Vec<usize>,
    /// Added to each label's value; negative infinity for what is not allowed.
    leaning: Vec<f32>,
}

impl NamedGroup {
    fn new(group: Group, naming: &Naming) -> Self {
        let mut tags: Vec<String> = Vec::new();
        let mut named = Vec::with_capacity(group.tags.len());
        for tag in &group.tags {
            let told = naming.told(tag);
            let at = tags.iter().position(|tag| tag == told);
            named.push(at.unwrap_or(tags.len()));
            if at.is_none() {
                tags.push(told.to_owned());
            }
        }
        let leaning = named.iter().map(|tag| naming.leaning(&tags[*tag]));
        Self {
            leaning: leaning.collect(),
            group,
            tags,
            tag_of: named,
        }
    }

    /// Returns the likeliest tags. Labels that are told as one count together.
    fn candidates(
        &self,
        alphabet: &Alphabet,
        evidence: &Evidence,
        parts: &[&str],
    ) -> Vec<Candidate<'_>> {
        let mut scores = vec![0.0; self.tags.len()];
        let mut labels = self.group.judge(evidence, &self.leaning);
        let reading = (alphabet, self.group.script);
        let bias = |label: usize| self.group.priors[label] + self.leaning[label];
        for set in &self.group.close {
            if set.is_unsure(&labels) {
                set.look(reading, parts, bias, &mut labels);
            }
        }
        for (tag, score) in self.tag_of.iter().zip(labels) {
            scores[*tag] += score;
        }
        let mut candidates = Vec::with_capacity(4);
        for (tag, score) in self.tags.iter().zip(scores) {
            if score > 0.0 {
                let score = score.min(1.0);
                insert(&mut candidates, Candidate { tag, score });
            }
        }
        candidates
    }
}

impl NgramDetector {
    /// Returns the detector with the built-in model. It tells the languages in `allowed` only, or
    /// all that it knows if that is empty.
    ///
    /// # Errors
    /// When the file that was compiled in is damaged.
    pub fn builtin(allowed: &[String]) -> Result<Self, ModelError> {
        Self::builtin_naming(Naming {
            allowed: allowed.to_vec(),
            ..Naming::default()
        })
    }

    /// Returns the detector with the built-in model, which names languages by `naming`.
    ///
    /// # Errors
    /// When the file that was compiled in is damaged.
    pub fn builtin_naming(naming: Naming) -> Result<Self, ModelError> {
        Ok(Self::new(Self::builtin_groups()?, naming))
    }

    /// Returns the groups of the built-in model.
    ///
    /// # Errors
    /// When the file that was compiled in is damaged.
    pub fn builtin_groups() -> Result<Vec<Group>, ModelError> {
        parse(BUILTIN)
    }

    /// Returns a detector of these groups, which names languages by `naming`.
    #[must_use]
    pub fn new(groups: Vec<Group>, naming: Naming) -> Self {
        let mut group_of = [None; SCRIPTS.len()];
        for (index, group) in (0_u8..).zip(&groups) {
            group_of[usize::from(group.script.0)] = Some(index);
        }
        let named = groups
            .into_iter()
            .map(|group| NamedGroup::new(group, &naming));
        Self {
            alphabet: Alphabet::new(),
            groups: named.collect(),
            group_of,
            naming,
            caches: Caches::default(),
        }
    }

    /// Returns the index of the group for texts in `script`, if it has several languages.
    fn group(&self, script: ScriptId) -> Option<usize> {
        self.group_of[usize::from(script.0)].map(usize::from)
    }

    /// Returns the languages of a text that is mostly in `script`, whose group `heard` this.
    fn candidates(
        &self,
        script: ScriptId,
        heard: Option<(usize, Evidence)>,
        parts: &[&str],
    ) -> Vec<Candidate<'_>> {
        if let Some((index, evidence)) = heard {
            return self.groups[index].candidates(&self.alphabet, &evidence, parts);
        }
        let tag = script.info().alone;
        let told = !tag.is_empty() && tag != UNDETERMINED && self.naming.allows(tag);
        vec![if told {
            Candidate { tag, score: 1.0 }
        } else {
            NOTHING
        }]
    }
}

/// Keeps the three likeliest candidates, in order.
fn insert<'d>(candidates: &mut Vec<Candidate<'d>>, candidate: Candidate<'d>) {
    let at = candidates.partition_point(|other| other.score >= candidate.score);
    if at < 3 {
        candidates.insert(at, candidate);
        candidates.truncate(3);
    }
}

const NOTHING: Candidate<'static> = Candidate {
    tag: UNDETERMINED,
    score: 0.0,
};

impl Detector for NgramDetector {
    fn detect(&self, parts: &[&str]) -> Detection<'_> {
        let mut counts = Counts::default();
        let main = self.caches.lend(|cache| {
            for part in parts {
                read_words(&self.alphabet, part, &mut counts, |script, word| {
                    if let Some(index) = self.group(script) {
                        cache.hear(&self.groups[index].group, index, word);
                    }
                });
            }
            let script = main_script(&counts)?;
            let group = self.group(script);
            Some((script, group.map(|index| (index, cache.heard(index)))))
        });
        let Some((script, heard)) = main else {
            return Detection {
                candidates: vec![NOTHING],
                script: NO_SCRIPT,
                spaced: true,
                letters: 0,
                words: 0,
            };
        };
        let candidates = match counts.looks_like_code() {
            true => vec![NOTHING],
            false => self.candidates(script, heard, parts),
        };
        Detection {
            candidates,
            script: script.info().code,
            spaced: script.info().spaced,
            letters: counts.letters(),
            words: counts.words,
        }
    }

    fn languages(&self) -> Vec<&str> {
        let of_groups = self
            .groups
            .iter()
            .flat_map(|named| named.tags.iter().map(String::as_str));
        let alone = SCRIPTS.iter().map(|script| script.alone);
        let mut tags: Vec<_> = of_groups
            .chain(alone)
            .filter(|tag| !tag.is_empty() && *tag != UNDETERMINED)
            .collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }
}

/// Returns the script with most letters. Japanese writes most of a headline in Chinese characters,
/// and Chinese writes no kana.
pub(crate) fn main_script(counts: &Counts) -> Option<ScriptId> {
    let main = counts.main_script()?;
    let (han, kana) = (counts.letters_of(HAN), counts.letters_of(KANA));
    let japanese = main == HAN && kana * 12 >= han + kana;
    Some(if japanese { KANA } else { main })
}

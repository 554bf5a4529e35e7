//! Tells the languages of a text's parts.
//!
//! Each piece is read alone; pieces that are too short or unsure are read together with the unsure
//! ones beside them in the same script, and what stays unsure takes the language of a neighbour.
//! Neighbours of one language are merged, so the segments cover the text in order.

use std::ops::Range;

use jadwal_core::facts::{Language, Segment};

use crate::alphabet::Alphabet;
use crate::detector::{Candidate, Detection, Detector, UNDETERMINED};
use crate::pieces::pieces;

/// A piece in another script than the document speaks for itself.
const OTHER_SCRIPT: Demand = Demand {
    words: 3,
    score: 0.6,
};
/// A piece in the document's script has to outweigh the document.
const SAME_SCRIPT: Demand = Demand {
    words: 4,
    score: 0.85,
};

/// What it takes to be believed.
struct Demand {
    words: u32,
    score: f32,
}

impl Demand {
    fn is_met(&self, detection: &Detection<'_>) -> bool {
        // Two letters of a script without blanks are about a word.
        let words = match detection.spaced {
            true => detection.words,
            false => detection.letters / 2,
        };
        words >= self.words && detection.best().score >= self.score
    }
}

/// A part of the text with what was found; `sure` once it has a language of its own.
struct Part<'d> {
    range: Range<usize>,
    detection: Detection<'d>,
    sure: bool,
}

impl Part<'_> {
    fn score_of(&self, tag: &str) -> f32 {
        let is_tag = |candidate: &&Candidate<'_>| candidate.tag == tag;
        self.detection
            .candidates
            .iter()
            .find(is_tag)
            .map_or(0.0, |candidate| candidate.score)
    }
}

/// Returns the segments of `text`, whose language as a whole is `document`.
pub(crate) fn segments(
    alphabet: &Alphabet,
    detector: &dyn Detector,
    text: &str,
    document: &Language,
) -> Vec<Segment> {
    let read = |range: Range<usize>| {
        let detection = detector.detect(&[&text[range.clone()]]);
        let sure = is_sure(&detection, document);
        Part {
            range,
            detection,
            sure,
        }
    };
    let parts: Vec<_> = pieces(alphabet, text).into_iter().map(read).collect();
    let parts = join_unsure(parts, detector, text, document);
    merge(&parts, document)
}

fn is_sure(detection: &Detection<'_>, document: &Language) -> bool {
    let best = detection.best();
    if best.tag == UNDETERMINED {
        return false;
    }
    if best.tag == document.tag {
        return best.score >= 0.5;
    }
    let same_script = detection.script == document.script && document.tag != UNDETERMINED;
    let demand = if same_script {
        SAME_SCRIPT
    } else {
        OTHER_SCRIPT
    };
    demand.is_met(detection)
}

/// Reads runs of unsure parts in one script as one.
fn join_unsure<'d>(
    parts: Vec<Part<'d>>,
    detector: &'d dyn Detector,
    text: &str,
    document: &Language,
) -> Vec<Part<'d>> {
    let mut joined: Vec<Part<'d>> = Vec::with_capacity(parts.len());
    let mut fresh = false;
    for part in parts {
        match joined.last_mut() {
            Some(last) if !last.sure && !part.sure && belong_together(last, &part) => {
                last.range.end = part.range.end;
                if last.detection.letters == 0 {
                    last.detection.script = part.detection.script;
                }
                last.detection.letters += part.detection.letters;
                fresh = true;
            }
            _ => {
                if fresh {
                    reread(&mut joined, detector, text, document);
                }
                fresh = false;
                joined.push(part);
            }
        }
    }
    if fresh {
        reread(&mut joined, detector, text, document);
    }
    joined
}

fn belong_together(left: &Part<'_>, right: &Part<'_>) -> bool {
    let (left, right) = (&left.detection, &right.detection);
    left.letters == 0 || right.letters == 0 || left.script == right.script
}

fn reread<'d>(parts: &mut [Part<'d>], detector: &'d dyn Detector, text: &str, document: &Language) {
    if let Some(part) = parts.last_mut() {
        part.detection = detector.detect(&[&text[part.range.clone()]]);
        part.sure = is_sure(&part.detection, document);
    }
}

/// Gives unsure parts to a sure neighbour, and makes one segment of neighbours in one language.
fn merge(parts: &[Part<'_>], document: &Language) -> Vec<Segment> {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return Vec::new();
    };
    if parts.iter().all(|part| !part.sure) {
        return vec![Segment {
            range: first.range.start..last.range.end,
            language: document.clone(),
        }];
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut letters = 0.0;
    for (part, owner) in parts.iter().zip(owners(parts)) {
        let owner = &parts[owner].detection;
        match segments.last_mut() {
            Some(last) if last.language.tag == owner.best().tag => last.range.end = part.range.end,
            _ => {
                letters = 0.0;
                segments.push(Segment {
                    range: part.range.clone(),
                    language: language_of(owner),
                });
            }
        }
        if let Some(last) = segments.last_mut().filter(|_| part.sure) {
            average(&mut last.language.score, &mut letters, &part.detection);
        }
    }
    segments
}

/// Makes `score`, the mean over `letters` letters, the mean over those of `detection` too.
fn average(score: &mut f32, letters: &mut f32, detection: &Detection<'_>) {
    let more = detection.letters as f32;
    let sum = *score * *letters + detection.best().score * more;
    *letters += more;
    *score = sum / *letters;
}

/// Returns for each part the index of the sure part whose language it takes; its own if it is sure.
fn owners(parts: &[Part<'_>]) -> Vec<usize> {
    let mut after = vec![None; parts.len()];
    let mut next = None;
    for (index, part) in parts.iter().enumerate().rev() {
        if part.sure {
            next = Some(index);
        }
        after[index] = next;
    }
    let mut before = None;
    let mut owners = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        if part.sure {
            before = Some(index);
        }
        owners.push(match (before, after[index]) {
            (Some(before), Some(after)) => nearer(part, before, after, parts),
            (before, after) => before.or(after).unwrap_or(index),
        });
    }
    owners
}

/// Returns which of two sure neighbours an unsure part belongs to.
fn nearer(part: &Part<'_>, before: usize, after: usize, parts: &[Part<'_>]) -> usize {
    let likeness = |index: usize| {
        let neighbour = &parts[index].detection;
        let script = neighbour.script == part.detection.script;
        (script, part.score_of(neighbour.best().tag))
    };
    if likeness(after) > likeness(before) {
        after
    } else {
        before
    }
}

/// Returns a detection's likeliest language.
pub(crate) fn language_of(detection: &Detection<'_>) -> Language {
    let best = detection.best();
    Language {
        tag: best.tag.to_owned(),
        script: detection.script.to_owned(),
        score: best.score,
    }
}

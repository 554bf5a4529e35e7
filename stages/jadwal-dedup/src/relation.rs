//! Names the relation of a new document to a stored one.

use crate::comparison::{Comparison, Places};
use crate::likeness::Likeness;
use crate::names::{are_others, shared};
use crate::row::{Origin, Row};
use crate::sketch::Reading;

/// From here on two texts are the same, edited.
const SAME_JACCARD: f32 = 0.3;
/// Or one of them stands in the other.
const SAME_CONTAINMENT: f32 = 0.7;
/// Words of a short text and of a long one; between them the bounds move from these to those above.
const SHORT: u32 = 40;
const LONG: u32 = 80;
const SHORT_JACCARD: f32 = 0.52;
const SHORT_CONTAINMENT: f32 = 0.8;
/// A later version at the same address may be rewritten further.
const SAME_URL_JACCARD: f32 = 0.2;
/// The grey zone: linked, and no more.
const RELATED_JACCARD: f32 = 0.25;
const RELATED_CONTAINMENT: f32 = 0.5;
/// Names and figures that a notice has at least: one in common is in many.
const LEAST_TOLD: usize = 2;
/// An excerpt stands in the other text, and is shorter than this share of it. A headline of its own and
/// what a site hangs below may be half of a short one; then a whole sentence must be the same.
const CUT_CONTAINMENT: f32 = 0.55;
/// The earlier text stands in the new one nearly whole.
const GROWN_CONTAINMENT: f32 = 0.9;
const EXCERPT_LENGTH: f32 = 0.4;
/// Versions of one source, or with other figures, are this alike.
const VERSION_JACCARD: f32 = 0.5;

/// Below all of this two texts have nothing to do with each other.
pub(crate) const ANY: Likeness = Likeness {
    jaccard: SAME_URL_JACCARD,
    new_in_old: RELATED_CONTAINMENT,
    old_in_new: RELATED_CONTAINMENT,
};

/// Below all of this two texts from different addresses are at most related.
pub(crate) const MORE_THAN_RELATED: Likeness = Likeness {
    jaccard: SAME_JACCARD,
    new_in_old: CUT_CONTAINMENT,
    old_in_new: SAME_CONTAINMENT,
};

/// How a document relates to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Equal bytes.
    Raw,
    /// Equal folded text.
    Text,
    /// The same text with edits.
    Copy,
    /// A part of it.
    Excerpt,
    /// A later version of it.
    Revision,
    /// The same frame with other figures: another issue of a report.
    Series,
    /// Alike, but not enough to be called the same.
    Related,
}

impl Relation {
    /// Returns the name that records and the ledger use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Text => "text",
            Self::Copy => "copy",
            Self::Excerpt => "excerpt",
            Self::Revision => "revision",
            Self::Series => "series",
            Self::Related => "related",
        }
    }

    /// Whether the two tell one story, and so are of one cluster.
    pub(crate) fn joins(self) -> bool {
        !matches!(self, Self::Series | Self::Related)
    }

    /// Which of two relations says more.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Raw | Self::Text => 4,
            Self::Copy | Self::Excerpt | Self::Revision => 3,
            Self::Series => 2,
            Self::Related => 1,
        }
    }
}

/// A relation and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    pub(crate) relation: Relation,
    /// Jaccard similarity; of an excerpt the share of it that stands in the other.
    pub(crate) similarity: f32,
    /// Whether both came from one address.
    pub(crate) same_url: bool,
}

impl Match {
    /// Returns the likeness below which no document from another address is a better match: so most
    /// candidates need no comparison.
    pub(crate) fn bettered_by(&self) -> Likeness {
        if !self.relation.joins() {
            return MORE_THAN_RELATED;
        }
        // A step of rounding below.
        let least = self.similarity - 0.001;
        Likeness {
            jaccard: least,
            new_in_old: least.max(CUT_CONTAINMENT),
            // It may make a match, and is never its similarity.
            old_in_new: f32::INFINITY,
        }
    }
}

/// Returns how the document `new`, from `origin`, relates to `old`; `None` where it does not, and where
/// their likeness is below `least` and they are from different addresses.
pub(crate) fn relate(new: &Reading, origin: &Origin, old: &Row, least: &Likeness) -> Option<Match> {
    let same_url = origin.url != 0 && origin.url == old.origin.url;
    let same_host = origin.host != 0 && origin.host == old.origin.host;
    let least = if same_url { &ANY } else { least };
    let likeness = new.likeness(&old.sketch, least)?;
    let relation = if is_same(&likeness, [SAME_JACCARD, SAME_CONTAINMENT])
        || is_cut(&likeness, new, old)
        || (same_url && likeness.jaccard >= SAME_URL_JACCARD)
    {
        name(
            new,
            old,
            &likeness,
            Places {
                same_url,
                same_host,
            },
        )
    } else if is_same(&likeness, [RELATED_JACCARD, RELATED_CONTAINMENT]) {
        Relation::Related
    } else {
        return None;
    };
    let similarity = match relation {
        Relation::Excerpt => likeness.new_in_old,
        _ => likeness.jaccard,
    };
    Some(Match {
        relation,
        similarity: (similarity * 1000.0).round() / 1000.0,
        same_url,
    })
}

/// Whether one of the bounds, of Jaccard similarity and of containment, is reached.
fn is_same(likeness: &Likeness, [jaccard, containment]: [f32; 2]) -> bool {
    likeness.jaccard >= jaccard
        || likeness.new_in_old >= containment
        || likeness.old_in_new >= containment
}

/// Whether two texts of one length are too short for what they have in common: notices share their
/// form, and a form is half of a short text.
fn is_form(likeness: &Likeness, new: u32, old: u32) -> bool {
    let (shorter, longer) = (new.min(old), new.max(old));
    if shorter * 2 < longer {
        return false;
    }
    let short = 1.0 - (shorter.clamp(SHORT, LONG) - SHORT) as f32 / (LONG - SHORT) as f32;
    let jaccard = SAME_JACCARD + short * (SHORT_JACCARD - SAME_JACCARD);
    let containment = SAME_CONTAINMENT + short * (SHORT_CONTAINMENT - SAME_CONTAINMENT);
    !is_same(likeness, [jaccard, containment])
}

/// Whether half of the new text stands in the old one by whole sentences, and all names and figures of one
/// of them stand in the other: the rest is what sites hang below a notice.
fn tells_the_same(new: &Reading, old: &Row, figures: &Comparison) -> bool {
    let (ours, theirs) = (&new.sketch.names, &old.sketch.names);
    let shared = shared(ours, theirs);
    shared + figures.shared >= LEAST_TOLD
        && shared == ours.len().min(theirs.len())
        && figures.shared == figures.fewer
        && new.words_in_shared_pieces(&old.sketch) * 2 >= new.sketch.words
}

/// Whether the new text is a short cut of the old one.
fn is_cut(likeness: &Likeness, new: &Reading, old: &Row) -> bool {
    let (ours, theirs) = (new.sketch.words as f32, old.sketch.words as f32);
    likeness.new_in_old >= CUT_CONTAINMENT
        && ours < EXCERPT_LENGTH * theirs
        && new.sketch.shared_pieces(&old.sketch) > 0
}

/// Names the relation of two texts that are the same as far as words go.
fn name(new: &Reading, old: &Row, likeness: &Likeness, places: Places) -> Relation {
    let figures = Comparison::of(&new.sketch.figures, &old.sketch.figures);
    let (new_words, old_words) = (new.sketch.words, old.sketch.words);
    let sentences = new.sketch.sentences(&old.sketch);
    if figures.is_series([new_words, old_words], places, sentences) {
        return Relation::Series;
    }
    if places.same_url {
        return Relation::Revision;
    }
    let names = [&new.sketch.names, &old.sketch.names];
    let is_form = is_form(likeness, new_words, old_words) && !tells_the_same(new, old, &figures);
    if is_form || are_others(names[0], names[1], [new_words, old_words]) {
        return Relation::Related;
    }
    let (ours, theirs) = (new_words as f32, old_words as f32);
    if likeness.new_in_old >= CUT_CONTAINMENT && ours < EXCERPT_LENGTH * theirs {
        return Relation::Excerpt;
    }
    // The earlier one was a flash of this: to call the full text a copy of it would lose it.
    let grown = likeness.old_in_new >= GROWN_CONTAINMENT && theirs < EXCERPT_LENGTH * ours;
    let version = likeness.jaccard >= VERSION_JACCARD && (figures.conflict > 0 || places.same_host);
    if grown || version {
        return Relation::Revision;
    }
    Relation::Copy
}

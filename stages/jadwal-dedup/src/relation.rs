//! Names the relation of a new document to a stored one.

use crate::figures::Comparison;
use crate::row::{Origin, Row};
use crate::sketch::{Likeness, Reading};

/// From here on two texts are the same, edited.
const SAME_JACCARD: f32 = 0.35;
/// Or one of them stands in the other.
const SAME_CONTAINMENT: f32 = 0.7;
/// A later version at the same address may be rewritten further.
const SAME_URL_JACCARD: f32 = 0.2;
/// The grey zone: linked, and no more.
const RELATED_JACCARD: f32 = 0.25;
const RELATED_CONTAINMENT: f32 = 0.5;
/// An excerpt stands in the other text nearly whole, and is shorter than this share of it.
const EXCERPT_CONTAINMENT: f32 = 0.9;
const EXCERPT_LENGTH: f32 = 0.4;
/// Versions of one source, or with other figures, are this alike.
const VERSION_JACCARD: f32 = 0.5;

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

/// Returns how the document `new`, from `origin`, relates to `old`; `None` where it does not.
pub(crate) fn relate(new: &Reading, origin: &Origin, old: &Row) -> Option<Match> {
    let likeness = new.likeness(&old.sketch);
    let same_url = origin.url != 0 && origin.url == old.origin.url;
    let same = likeness.jaccard >= SAME_JACCARD
        || likeness.new_in_old >= SAME_CONTAINMENT
        || likeness.old_in_new >= SAME_CONTAINMENT
        || (same_url && likeness.jaccard >= SAME_URL_JACCARD);
    let relation = if same {
        let figures = Comparison::of(&new.sketch.figures, &old.sketch.figures);
        let same_host = origin.host != 0 && origin.host == old.origin.host;
        name(
            new,
            old,
            &likeness,
            &figures,
            Places {
                same_url,
                same_host,
            },
        )
    } else if likeness.jaccard >= RELATED_JACCARD
        || likeness.new_in_old >= RELATED_CONTAINMENT
        || likeness.old_in_new >= RELATED_CONTAINMENT
    {
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

#[derive(Clone, Copy)]
struct Places {
    same_url: bool,
    same_host: bool,
}

/// Names the relation of two texts that are the same as far as words go.
fn name(
    new: &Reading,
    old: &Row,
    likeness: &Likeness,
    figures: &Comparison,
    places: Places,
) -> Relation {
    if figures.is_series(places.same_url) {
        return Relation::Series;
    }
    if places.same_url {
        return Relation::Revision;
    }
    let (ours, theirs) = (new.sketch.words as f32, old.sketch.words as f32);
    if likeness.new_in_old >= EXCERPT_CONTAINMENT && ours < EXCERPT_LENGTH * theirs {
        return Relation::Excerpt;
    }
    // The earlier one was a flash of this: to call the full text a copy of it would lose it.
    let grown = likeness.old_in_new >= EXCERPT_CONTAINMENT && theirs < EXCERPT_LENGTH * ours;
    let version = likeness.jaccard >= VERSION_JACCARD && (figures.conflict > 0 || places.same_host);
    if grown || version {
        return Relation::Revision;
    }
    Relation::Copy
}

//! What the stage can be told.

use std::path::PathBuf;

use jadwal_core::facts::Label;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of `extract_entities`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExtractEntitiesOptions {
    /// Labels to find. Default: all that this stage knows (`PER LOC ORG MISC EVENT DATE TIME MONEY PERCENT QUANTITY
    /// URL EMAIL PHONE`).
    pub labels: Vec<Label>,
    /// Entities with a lower score are left out, 0 to 1. Default: 0.5. At 0.8 ambiguous numeric dates,
    /// amounts in a currency without country and months without year are gone.
    pub min_score: f64,
    /// Whether the trained tagger looks for persons, places, organisations and other names that no
    /// table has, and what it rather does: leave names out (`precision`) or take wrong ones along
    /// (`recall`). Default: `balanced`.
    pub tagger: TaggerBalance,
    /// Whether dates that count from the document's own (`yesterday`, `قبل يومين`) are found.
    /// Default: true.
    pub relative_dates: bool,
    /// What relative dates count from: the date that the document, its address or its path gives, or
    /// where these give none the day the file was modified. Without a day they are marked
    /// (`relative:-P1D`). Default: `document`.
    pub relative_to: RelativeTo,
    /// Whether ids of entities, spellings, candidates, titles and offices are told in `extra`; a record is
    /// two to three times as long with them. Default: false.
    pub details: bool,
    /// What comes first in numeric dates such as `3/4/2014`. Default: `day`.
    pub date_order: DateOrder,
    /// Files with names of your own: a name, its label, and maybe a link and a normal form a line, with tabs
    /// between them. They win over everything else. Relative paths start from the folder of the
    /// configuration. Default: none.
    pub lists: Vec<PathBuf>,
    /// Entities kept of one document, from its start. Default: 20000.
    pub max_entities: usize,
}

/// What the tagger rather does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaggerBalance {
    /// It is not asked: only tables, patterns and rules.
    Off,
    /// Leave doubtful names out.
    Precision,
    /// As many left out as wrong.
    Balanced,
    /// Take doubtful names along.
    Recall,
}

/// What relative dates count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelativeTo {
    /// The date that the document, its address or its path gives.
    Document,
    /// The same, and without it the day the file was modified.
    File,
}

/// What comes first in a numeric date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `3/4/2014` is the third of April.
    Day,
    /// `3/4/2014` is the fourth of March.
    Month,
}

/// Labels that the stage can find.
const KNOWN_LABELS: [Label; 13] = [
    Label::Per,
    Label::Loc,
    Label::Org,
    Label::Misc,
    Label::Event,
    Label::Date,
    Label::Time,
    Label::Money,
    Label::Percent,
    Label::Quantity,
    Label::Url,
    Label::Email,
    Label::Phone,
];

impl Default for ExtractEntitiesOptions {
    fn default() -> Self {
        Self {
            labels: KNOWN_LABELS.to_vec(),
            min_score: 0.5,
            tagger: TaggerBalance::Balanced,
            relative_dates: true,
            relative_to: RelativeTo::Document,
            details: false,
            date_order: DateOrder::Day,
            lists: Vec::new(),
            max_entities: 20_000,
        }
    }
}

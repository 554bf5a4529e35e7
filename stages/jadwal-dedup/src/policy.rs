//! What becomes of a document that matches an earlier one, by their relation.
//!
//! In the configuration it is one word for all duplicates or a table by relation. Both are read by
//! hand: an untagged enum would answer every mistake with "did not match any variant".

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::relation::Relation;

/// What becomes of a document that matches a delivered one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Drop it; no record is written, and the ledger says what it matched and how much.
    Drop,
    /// Deliver it with `duplicate_of` set.
    Mark,
    /// Deliver it as a document of its own: `duplicate_of` stays empty, and the relation is told in
    /// `revision_of` and `extra`.
    Keep,
}

/// A policy for each relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Policies {
    /// Equal bytes or equal folded text.
    pub exact: Policy,
    /// The same text with edits.
    pub copy: Policy,
    /// A part of a longer document.
    pub excerpt: Policy,
    /// A later version of the same text.
    pub revision: Policy,
    /// The same frame with other figures: another issue of a report.
    pub series: Policy,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            exact: Policy::Drop,
            copy: Policy::Mark,
            excerpt: Policy::Mark,
            revision: Policy::Keep,
            series: Policy::Keep,
        }
    }
}

impl Policies {
    /// Returns the same policy for all relations that make a duplicate. An issue of a series is
    /// none: it is kept, whatever becomes of duplicates.
    #[must_use]
    pub fn all(policy: Policy) -> Self {
        Self {
            exact: policy,
            copy: policy,
            excerpt: policy,
            revision: policy,
            series: Policy::Keep,
        }
    }

    /// Returns what becomes of a document in this relation; a merely related one is always kept.
    pub(crate) fn of(&self, relation: Relation) -> Policy {
        match relation {
            Relation::Raw | Relation::Text => self.exact,
            Relation::Copy => self.copy,
            Relation::Excerpt => self.excerpt,
            Relation::Revision => self.revision,
            Relation::Series => self.series,
            Relation::Related => Policy::Keep,
        }
    }
}

/// The table as it is written; what is left out has its default.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Equal bytes or equal folded text. Default: `drop`.
    exact: Option<Policy>,
    /// The same text with edits. Default: `mark`.
    copy: Option<Policy>,
    /// A part of a longer document. Default: `mark`.
    excerpt: Option<Policy>,
    /// A later version of the same text. Default: `keep`.
    revision: Option<Policy>,
    /// The same frame with other figures. Default: `keep`.
    series: Option<Policy>,
}

impl From<Table> for Policies {
    fn from(table: Table) -> Self {
        let default = Self::default();
        Self {
            exact: table.exact.unwrap_or(default.exact),
            copy: table.copy.unwrap_or(default.copy),
            excerpt: table.excerpt.unwrap_or(default.excerpt),
            revision: table.revision.unwrap_or(default.revision),
            series: table.series.unwrap_or(default.series),
        }
    }
}

impl<'de> Deserialize<'de> for Policies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrTable)
    }
}

struct WordOrTable;

impl<'de> Visitor<'de> for WordOrTable {
    type Value = Policies;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`drop`, `mark`, `keep`, or a table of them by relation")
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Policies, E> {
        Policy::deserialize(StrDeserializer::new(word)).map(Policies::all)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Policies, A::Error> {
        Table::deserialize(MapAccessDeserializer::new(map)).map(Policies::from)
    }
}

impl JsonSchema for Policies {
    fn schema_name() -> Cow<'static, str> {
        "Policies".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let word = generator.subschema_for::<Policy>();
        let table = generator.subschema_for::<Table>();
        json_schema!({ "anyOf": [word, table] })
    }
}

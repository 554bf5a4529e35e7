//! What a guest says of itself before it is shown the first document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::offsets::OffsetUnit;
use crate::document::Document;
use crate::error::StageError;
use crate::spec::Fact;

/// A guest's word on itself; what it does later is held against it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// Its name, for logs and messages.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it counts offsets in.
    pub unit: OffsetUnit,
    /// What a document must have before the guest can work on it, beside a text.
    #[serde(default)]
    pub needs: Vec<GuestFact>,
    /// What it may change: `text` allows edits, `entities` allows new entities.
    #[serde(default)]
    pub gives: Vec<GuestFact>,
    /// What it wants to be shown beside the text.
    #[serde(default)]
    pub sees: Vec<Sees>,
    /// JSON Schema of its options; `null` for a guest without any.
    #[serde(default)]
    pub options: Value,
}

impl Declaration {
    /// Checks what the types leave open.
    ///
    /// # Errors
    /// What is wrong, in words for the guest's author.
    pub fn check(&self) -> Result<(), String> {
        if self.name.trim().is_empty() {
            return Err("`name` is empty".to_owned());
        }
        if self.version.trim().is_empty() {
            return Err("`version` is empty".to_owned());
        }
        let unfit = |fact: &&GuestFact| !matches!(fact, GuestFact::Text | GuestFact::Entities);
        if let Some(fact) = self.gives.iter().find(unfit) {
            let name = fact.key();
            return Err(format!(
                "`gives` names `{name}`; a guest can give `text` and `entities`"
            ));
        }
        match self.options {
            Value::Null | Value::Object(_) => Ok(()),
            _ => Err("`options` is not a JSON Schema (an object), and not null".to_owned()),
        }
    }

    /// Whether the guest said that it gives `fact`.
    #[must_use]
    pub fn gives(&self, fact: GuestFact) -> bool {
        self.gives.contains(&fact)
    }

    /// Whether the guest asked to be shown `part`.
    #[must_use]
    pub fn sees(&self, part: Sees) -> bool {
        self.sees.contains(&part)
    }

    /// Looks whether `doc` has what the guest needs.
    ///
    /// # Errors
    /// Fatal when it has not: the plan's order is wrong, and the next document won't have it either.
    pub fn check_needs(&self, doc: &Document) -> Result<(), StageError> {
        doc.text()?;
        for need in &self.needs {
            let there = match need {
                // Whether there are entities can't be told from a document that has none.
                GuestFact::Text | GuestFact::Entities => true,
                GuestFact::Language => doc.facts().language.is_some(),
                GuestFact::Duplicate => doc.facts().duplicate.is_some(),
            };
            if !there {
                let (name, fact) = (&self.name, Fact::from(*need).name());
                let message = format!("`{name}` needs {fact}, and no stage before it gave one");
                return Err(StageError::fatal_message(message));
            }
        }
        Ok(())
    }
}

/// A [`Fact`] that a guest can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestFact {
    /// A decoded text.
    Text,
    /// A duplicate verdict.
    Duplicate,
    /// A language.
    Language,
    /// Entities.
    Entities,
}

impl GuestFact {
    /// Returns its name in a declaration.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Duplicate => "duplicate",
            Self::Language => "language",
            Self::Entities => "entities",
        }
    }
}

impl From<GuestFact> for Fact {
    fn from(fact: GuestFact) -> Self {
        match fact {
            GuestFact::Text => Self::Text,
            GuestFact::Duplicate => Self::Duplicate,
            GuestFact::Language => Self::Language,
            GuestFact::Entities => Self::Entities,
        }
    }
}

/// A part of a document that is shown on request, because most guests can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sees {
    /// Blocks: headings, paragraphs, lists, tables.
    Blocks,
    /// Languages of the text's parts.
    Segments,
    /// Entities that earlier stages found.
    Entities,
    /// What earlier custom stages said, and the fields of a JSON Lines record.
    Extra,
    /// The raw bytes of the record.
    Raw,
}

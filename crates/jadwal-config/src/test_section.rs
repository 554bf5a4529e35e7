//! The tables `[[test]]`: one document and what the pipeline is expected to make of it.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One config test: give `input` or `file`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TestSection {
    /// Name for the report. Default: its number.
    pub name: String,
    /// The document itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// A file that holds the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// Name the document is given, by which stages tell HTML from text. Default: that of `file`, or
    /// `test.txt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What must be true of the outcome; what is not given is not looked at.
    pub expect: ExpectSection,
}

/// What must be true of a test's outcome; what is not given is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectSection {
    /// How the document ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<ExpectedFate>,
    /// Why it is dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop: Option<ExpectedDrop>,
    /// Part of the error it is quarantined with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Its language (`ar`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The date it gives for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Parts of the clean text.
    pub contains: Vec<String>,
    /// What the clean text must not contain.
    pub not_contains: Vec<String>,
    /// Links of entities that must be found (`iso3166:QA`).
    pub entities: Vec<String>,
}

/// How a document ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedFate {
    /// A record is written.
    Delivered,
    /// It is dropped on purpose.
    Dropped,
    /// It is kept apart with an error.
    Quarantined,
}

/// Why a document is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedDrop {
    /// There is no text in it.
    Empty,
    /// It copies another document.
    Duplicate,
    /// A filter refused it.
    Filtered,
}

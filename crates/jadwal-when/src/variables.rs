//! What a condition may read, and where it is taken from.

use cel::Value;
use cel::common::types::{CelDouble, CelInt, CelString};
use cel::common::value::Val;
use jadwal_core::facts::{Entity, Label};
use jadwal_core::{Document, Fact, StageError, StageResult};

use crate::json;
use crate::kinds::Kind;

/// Something that a condition may read.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What an earlier stage must have given; `None` for what every document has.
    pub fact: Option<Fact>,
    /// What it is, for people.
    pub what: &'static str,
    pub(crate) kind: Kind,
}

const fn variable(
    name: &'static str,
    kind: Kind,
    fact: Option<Fact>,
    what: &'static str,
) -> Variable {
    Variable {
        name,
        fact,
        what,
        kind,
    }
}

/// Every variable, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    variable(
        "text",
        Kind::Text,
        Some(Fact::Text),
        "the text as it is before the stage",
    ),
    variable(
        "language",
        Kind::Text,
        Some(Fact::Language),
        "tag of the language (`ar`), empty where unknown",
    ),
    variable(
        "script",
        Kind::Text,
        Some(Fact::Language),
        "its script (`Arab`), empty where unknown",
    ),
    variable(
        "language_score",
        Kind::Double,
        Some(Fact::Language),
        "how sure the detector is, 0.0 to 1.0",
    ),
    variable(
        "entities",
        Kind::List(&Kind::Entity),
        Some(Fact::Entities),
        "names, dates, amounts; each has `label` (`PER`), `text`, `norm`, `link`, `score`",
    ),
    variable(
        "duplicate_of",
        Kind::Text,
        Some(Fact::Duplicate),
        "id of the document it copies, or empty",
    ),
    variable(
        "revision_of",
        Kind::Text,
        Some(Fact::Duplicate),
        "id of the document it revises, or empty",
    ),
    variable(
        "similarity",
        Kind::Double,
        Some(Fact::Duplicate),
        "likeness to that document, 0.0 to 1.0",
    ),
    variable("title", Kind::Text, None, "headline, or empty"),
    variable("byline", Kind::Text, None, "author line, or empty"),
    variable(
        "url",
        Kind::Text,
        None,
        "address it was fetched from, or empty",
    ),
    variable(
        "created",
        Kind::Text,
        None,
        "the date it gives for itself, ISO 8601, or empty",
    ),
    variable(
        "encoding",
        Kind::Text,
        None,
        "charset it was read with (`windows-1256`), or empty",
    ),
    variable("tables", Kind::Int, None, "number of tables"),
    variable(
        "fields",
        Kind::Map,
        None,
        "fields of a JSON Lines record that have no place of their own",
    ),
    variable(
        "extra",
        Kind::Map,
        None,
        "what custom stages said, by stage id",
    ),
    variable(
        "path",
        Kind::Text,
        None,
        "path of the file, relative to the source",
    ),
    variable(
        "record",
        Kind::Int,
        None,
        "number of the record in its file, from 0",
    ),
    variable(
        "raw_size",
        Kind::Int,
        None,
        "length of the raw record in bytes",
    ),
];

/// Returns the variable of this name.
pub(crate) fn variable_named(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// Returns what the variable `name` is in `doc`.
///
/// # Errors
/// When a record's fields are not JSON, or there is no text.
pub(crate) fn value_of<'v>(name: &str, doc: &'v Document) -> StageResult<Box<dyn Val + 'v>> {
    let facts = doc.facts();
    let language = facts.language.as_ref();
    let duplicate = facts.duplicate.as_ref();
    let place = doc.provenance();
    Ok(match name {
        "text" => text(doc.text()?),
        "language" => text(language.map_or("", |language| &language.tag)),
        "script" => text(language.map_or("", |language| &language.script)),
        "language_score" => double(language.map_or(0.0, |language| language.score)),
        "entities" => entities(doc)?,
        "duplicate_of" => text(duplicate.map_or("", |found| &found.duplicate_of)),
        "revision_of" => text(duplicate.map_or("", |found| &found.revision_of)),
        "similarity" => double(duplicate.map_or(0.0, |found| found.similarity)),
        "title" => text(&facts.title),
        "byline" => text(&facts.byline),
        "url" => text(&facts.url),
        "created" => text(&facts.created),
        "encoding" => text(facts.encoding.as_ref().map_or("", |found| &found.name)),
        "tables" => int(facts.tables.len() as u64),
        "fields" => fields(&facts.fields)?,
        "extra" => {
            let extra = doc.extra().iter();
            owned(json::map(
                extra.map(|(id, said)| (id.as_str(), json::value(said))),
            ))?
        }
        "path" => text(&place.file_path),
        "record" => int(place.record_index),
        "raw_size" => int(doc.raw().len() as u64),
        _ => {
            return Err(StageError::fatal_message(format!(
                "`when` reads `{name}`, which is none"
            )));
        }
    })
}

fn text<'v>(text: &'v str) -> Box<dyn Val + 'v> {
    Box::new(CelString::from(text))
}

fn double(number: f32) -> Box<dyn Val> {
    // Through the decimal form, so that 0.9 is what `0.9` in a condition is.
    let number = number.to_string().parse().unwrap_or(f64::from(number));
    Box::new(CelDouble::from(number))
}

fn int(number: u64) -> Box<dyn Val> {
    Box::new(CelInt::from(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn owned(value: Value) -> StageResult<Box<dyn Val>> {
    let made: Result<Box<dyn Val>, _> = value.try_into();
    made.map_err(|error| StageError::document("failed to read facts for `when`", error))
}

fn fields(fields: &str) -> StageResult<Box<dyn Val>> {
    if fields.is_empty() {
        return owned(json::map(std::iter::empty()));
    }
    let parsed: serde_json::Value = serde_json::from_str(fields)
        .map_err(|error| StageError::document("failed to read the record's fields", error))?;
    owned(json::value(&parsed))
}

fn entities(doc: &Document) -> StageResult<Box<dyn Val>> {
    let text = doc.text()?;
    let found = doc.facts().entities.iter();
    owned(json::list(found.map(|entity| self::entity(text, entity))))
}

fn entity(text: &str, entity: &Entity) -> Value {
    let score = entity
        .score
        .to_string()
        .parse()
        .unwrap_or(f64::from(entity.score));
    let piece = text.get(entity.range.clone()).unwrap_or_default();
    let fields = [
        ("label", label(entity.label)),
        ("text", piece.into()),
        ("norm", entity.norm.as_str().into()),
        ("link", entity.link.as_str().into()),
        ("score", Value::Float(score)),
    ];
    json::map(fields.into_iter())
}

fn label(label: Label) -> Value {
    match serde_json::to_value(label) {
        Ok(serde_json::Value::String(name)) => name.into(),
        _ => Value::Null,
    }
}

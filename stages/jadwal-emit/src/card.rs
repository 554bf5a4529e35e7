//! Keeps a dataset card beside the output.
//!
//! Readers that infer types from the first rows take a list that is empty there for a list of
//! nothing, and fail on the first row where it is not. The card, `README.md` with
//! `dataset_info.features`, tells Hugging Face datasets the types. `extra` is declared as an empty
//! object until a custom stage fills it, then as free JSON, which only newer readers know.
//!
//! A `README.md` without the card's mark is somebody else's and is never written to.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::error::OutputError;
use crate::names::OutputNames;

/// The type of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    Text,
    Integer,
    Float,
    /// A list of texts.
    Texts,
    /// Rows of cells.
    Cells,
    /// An object.
    Object(&'static [(&'static str, Column)]),
    /// A list of objects.
    Objects(&'static [(&'static str, Column)]),
    /// An object with any keys.
    Extra,
}

use Column::{Cells, Extra, Float, Integer, Object, Objects, Text, Texts};

/// Columns of the record, in order; a test holds them against the record's schema.
pub(crate) const COLUMNS: &[(&str, Column)] = &[
    ("id", Text),
    ("text", Text),
    ("source", Text),
    ("added", Text),
    ("created", Text),
    ("url", Text),
    ("title", Text),
    ("byline", Text),
    ("language", Text),
    ("language_script", Text),
    ("language_score", Float),
    ("segments", Objects(SEGMENT)),
    ("duplicate_of", Text),
    ("revision_of", Text),
    ("cluster_id", Text),
    ("minhash_cluster_size", Integer),
    ("similarity", Float),
    ("entities", Objects(ENTITY)),
    (
        "blocks",
        Objects(&[("kind", Text), ("start", Integer), ("end", Integer)]),
    ),
    ("tables", Objects(&[("rows", Cells)])),
    ("removed", Objects(REMOVED)),
    ("repairs", Objects(&[("rule", Text), ("count", Integer)])),
    ("metadata", Object(METADATA)),
    ("extra", Extra),
];

const SEGMENT: &[(&str, Column)] = &[
    ("start", Integer),
    ("end", Integer),
    ("language", Text),
    ("script", Text),
    ("score", Float),
];

const ENTITY: &[(&str, Column)] = &[
    ("start", Integer),
    ("end", Integer),
    ("text", Text),
    ("label", Text),
    ("norm", Text),
    ("link", Text),
    ("mention_of", Integer),
    ("score", Float),
    ("src_start", Integer),
    ("src_end", Integer),
];

const REMOVED: &[(&str, Column)] = &[("src_start", Integer), ("src_end", Integer), ("rule", Text)];

const METADATA: &[(&str, Column)] = &[
    ("file_path", Text),
    ("file_bytes", Integer),
    ("record_index", Integer),
    ("byte_start", Integer),
    ("byte_end", Integer),
    ("encoding", Text),
    ("encoding_score", Float),
    ("modified", Text),
    ("pipeline", Text),
    ("config_hash", Text),
    ("stages", Texts),
    ("fields", Text),
    ("updated", Text),
    ("subtitle", Text),
    ("site", Text),
    ("agency", Text),
    ("place", Text),
];

/// The dataset card of one output.
#[derive(Debug)]
pub(crate) struct Card {
    path: PathBuf,
    first_segment: String,
    later_segments: String,
    pipeline: String,
    /// Whether `extra` is declared as free JSON.
    extra: bool,
}

impl Card {
    pub(crate) fn new(names: &OutputNames, pipeline: &str) -> Self {
        Self {
            path: names.card(),
            first_segment: names.segment_name(0),
            later_segments: names.later_segments_pattern(),
            pipeline: pipeline.to_owned(),
            extra: false,
        }
    }

    /// Writes the card where it is missing or was written by another version.
    ///
    /// # Errors
    /// When the folder can't be read or written.
    pub(crate) fn restore(&mut self) -> Result<(), OutputError> {
        let found = match fs::read_to_string(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.write(),
            // Not a text, so not ours.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(()),
            Err(error) => return Err(OutputError::io("read", &self.path)(error)),
        };
        if !found.contains(&self.mark()) {
            return Ok(());
        }
        self.extra = found.contains(EXTRA_AS_JSON);
        if found == self.text() {
            return Ok(());
        }
        self.write()
    }

    /// Declares `extra` as free JSON, now that a record has something in it.
    ///
    /// # Errors
    /// As [`Card::restore`].
    pub(crate) fn declare_extra(&mut self) -> Result<(), OutputError> {
        if self.extra {
            return Ok(());
        }
        self.extra = true;
        match fs::read_to_string(&self.path) {
            Ok(found) if found.contains(&self.mark()) => self.write(),
            _ => Ok(()),
        }
    }

    /// Writes the card beside its place and moves it there, so that no reader sees half of it.
    fn write(&self) -> Result<(), OutputError> {
        let draft = self.path.with_file_name(".README.md.draft");
        fs::write(&draft, self.text())
            .and_then(|()| fs::rename(&draft, &self.path))
            .map_err(OutputError::io("write the dataset card", &self.path))
    }

    fn mark(&self) -> String {
        format!(
            "<!-- Written by jadwal for {}. Take this line out to keep a README.md of your own. -->",
            self.first_segment
        )
    }

    fn text(&self) -> String {
        let mut features = String::new();
        for (name, column) in COLUMNS {
            push_feature(&mut features, name, *column, "  ", self.extra);
        }
        let Self {
            first_segment,
            later_segments,
            pipeline,
            ..
        } = self;
        format!(
            r#"---
configs:
- config_name: default
  data_files:
  - split: train
    path:
    - "{first_segment}"
    - "{later_segments}"
dataset_info:
  features:
{features}---

{mark}

# {pipeline}

Documents as JSON Lines, one record a line, every key on every line. `start` and `end` count Unicode
code points of `text`; `src_start` and `src_end` are bytes of the original file.
`jadwal schema --record` prints the JSON Schema.
"#,
            mark = self.mark()
        )
    }
}

/// How a card declares `extra` as free JSON.
const EXTRA_AS_JSON: &str = "  - name: extra\n    dtype: json\n";

fn push_feature(yaml: &mut String, name: &str, column: Column, indent: &str, extra: bool) {
    let form = match column {
        Text => "dtype: string",
        Integer => "dtype: int64",
        Float => "dtype: float64",
        Texts => "list: string",
        Cells => "list:\n        list: string",
        Object(_) => "struct:",
        Objects(_) => "list:",
        Extra if extra => "dtype: json",
        Extra => "struct: []",
    };
    yaml.push_str(&format!("{indent}- name: {name}\n{indent}  {form}\n"));
    if let Object(columns) | Objects(columns) = column {
        for (name, column) in columns {
            push_feature(yaml, name, *column, &format!("{indent}  "), extra);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Map, Value};

    use super::*;
    use crate::record::record_schema;

    /// Guarantees: the card declares exactly the columns of the record, with their types.
    #[test]
    fn the_card_declares_what_the_record_has() {
        let schema = record_schema();
        assert_columns(&schema, &schema, COLUMNS);
    }

    fn assert_columns(root: &Value, object: &Value, columns: &[(&str, Column)]) {
        let properties: &Map<String, Value> = object["properties"].as_object().unwrap();
        let mut names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let mut expected: Vec<_> = properties.keys().map(String::as_str).collect();
        expected.sort_unstable();
        assert_eq!(names, expected);
        let required = object["required"].as_array().unwrap();
        assert_eq!(required.len(), properties.len(), "every key on every row");
        for (name, column) in columns {
            assert_column(root, name, &properties[*name], *column);
        }
    }

    fn assert_column(root: &Value, name: &str, schema: &Value, column: Column) {
        let schema = resolved(root, schema);
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[0].as_str(),
            kind => kind.as_str(),
        };
        let expected = match column {
            Text => "string",
            Integer => "integer",
            Float => "number",
            Texts | Cells | Objects(_) => "array",
            Object(_) | Extra => "object",
        };
        // Labels and kinds are enumerations of strings with a description each.
        let named_values = schema.get("oneOf").is_some().then_some("string");
        assert_eq!(kind.or(named_values), Some(expected), "{name}");
        match column {
            Object(columns) => assert_columns(root, schema, columns),
            Objects(columns) => assert_columns(root, resolved(root, &schema["items"]), columns),
            _ => {}
        }
    }

    fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => root.pointer(&reference[1..]).unwrap(),
            None => schema,
        }
    }

    #[test]
    fn a_readme_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let readme = folder.path().join("README.md");
        fs::write(&readme, "mine").unwrap();
        let mut card = card(folder.path());
        card.restore().unwrap();
        card.declare_extra().unwrap();
        assert_eq!(fs::read_to_string(&readme).unwrap(), "mine");
    }

    #[test]
    fn a_missing_or_older_card_is_written_and_keeps_what_it_knows_of_extra() {
        let folder = tempfile::tempdir().unwrap();
        let readme = folder.path().join("README.md");
        let mut first = card(folder.path());
        first.restore().unwrap();
        assert!(!fs::read_to_string(&readme).unwrap().contains(EXTRA_AS_JSON));
        first.declare_extra().unwrap();
        let written = fs::read_to_string(&readme).unwrap();
        assert!(written.contains(EXTRA_AS_JSON));
        fs::write(&readme, written.replace("byline", "author")).unwrap();
        card(folder.path()).restore().unwrap();
        assert_eq!(fs::read_to_string(&readme).unwrap(), written);
    }

    fn card(folder: &Path) -> Card {
        Card::new(&OutputNames::new(&folder.join("records.jsonl")), "news")
    }
}

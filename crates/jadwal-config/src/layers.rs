//! Lays the file and what was set from outside over each other.

use config::{Config, ConfigError, Map, Source, Value};

use crate::overrides::Assignment;

/// All layers lie below this key, so that no key of ours is at the top: there, the `config` crate
/// takes dots and brackets in a name for a path.
const ROOT: &str = "root";

#[derive(Clone, Debug)]
struct Layer(Value);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(Map::from([(ROOT.to_owned(), self.0.clone())]))
    }
}

/// Merges the file's values and the assignments, the later ones over the earlier.
///
/// The result is untyped on purpose: asked for our types, the `config` crate would take `5` for `"5"`
/// and `"7"` for `7` unnoticed.
pub(crate) fn merge(file: Option<&Value>, assignments: &[Assignment]) -> serde_json::Value {
    let empty = Value::new(None, Map::<String, Value>::new());
    let mut builder = Config::builder().add_source(Layer(empty));
    if let Some(values) = file {
        builder = builder.add_source(Layer(values.clone()));
    }
    for assignment in assignments {
        builder = builder.add_source(Layer(nested(assignment)));
    }
    builder
        .build()
        .and_then(|config| config.get(ROOT))
        .expect("collecting our layers can't fail, and any value fits an untyped tree")
}

/// Wraps the assigned value in a table for each key of its path.
fn nested(assignment: &Assignment) -> Value {
    let keys = assignment.path.keys().iter().rev();
    keys.fold(assignment.value.clone(), |value, key| {
        Value::new(None, Map::from([(key.clone(), value)]))
    })
}

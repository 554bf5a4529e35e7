//! The stage around a pool of instances.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jadwal_core::guest::{Declaration, DocumentView, apply};
use jadwal_core::{BuildError, Document, StageError, StageResult, Transform};
use serde_json::Value;
use tracing::warn;

use crate::convert::{self, Shown};
use crate::engine::compile;
use crate::instance::{CallError, Instance, Recipe};
use crate::options::ComponentOptions;
use crate::ticker::Ticker;

/// Runs documents through instances of one component.
pub(crate) struct ComponentStage {
    recipe: Recipe,
    declaration: Declaration,
    /// BLAKE3 of the file, in hexadecimal digits.
    hash: String,
    /// Instances that nobody uses; never more than threads that compute.
    idle: Mutex<Vec<Instance>>,
    documents_per_instance: u32,
}

impl ComponentStage {
    /// Compiles the component and starts a first instance.
    ///
    /// # Errors
    /// When it is no stage, or refuses its settings.
    pub(crate) fn new(
        options: &ComponentOptions,
        stage: &str,
        base_dir: &Path,
    ) -> Result<Self, BuildError> {
        let (pre, hash) = compile(options, base_dir)?;
        let ticker = Ticker::start(pre.engine().clone());
        let recipe = Recipe {
            ticker: ticker.map_err(|error| BuildError::new("start a thread", error))?,
            pre,
            stage: stage.into(),
            settings: Value::Object(options.settings.clone()).to_string(),
            deadline: options.deadline,
            start_timeout: options.start_timeout,
            max_memory: options.max_memory,
        };
        let started = recipe.start();
        let (first, declaration) = started.map_err(|error| {
            let doing = format!("start the component `{}`", options.path.display());
            BuildError::new(doing, error)
        })?;
        Ok(Self {
            recipe,
            declaration,
            hash,
            idle: Mutex::new(vec![first]),
            documents_per_instance: options.documents_per_instance.get(),
        })
    }

    /// Returns what the component says of itself.
    pub(crate) fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// Returns the BLAKE3 of its file, in hexadecimal digits.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns an idle instance, or starts one.
    fn instance(&self) -> Result<Instance, CallError> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(instance) => Ok(instance),
            None => Ok(self.recipe.start()?.0),
        }
    }

    fn give_back(&self, instance: Instance) {
        if instance.served < self.documents_per_instance {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(instance);
        }
    }

    fn failed(&self, doc: &Document, error: CallError) -> StageError {
        let name = &self.declaration.name;
        warn!(doc = %doc.id(), component = name, %error, "throwing an instance away");
        StageError::document(format!("`{name}` failed"), error)
    }
}

impl Transform for ComponentStage {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let view = DocumentView::new(doc, &self.declaration)?;
        let shown = Shown::new(view)?;
        let started = self.instance();
        let mut instance = started.map_err(|error| self.failed(doc, error))?;
        let reply = self.recipe.process(&mut instance, shown.document());
        // An instance that failed is dropped with the error: nobody knows what state it is in.
        let reply = reply.map_err(|error| self.failed(doc, error))?;
        self.give_back(instance);
        let reply = convert::reply(reply)?;
        apply(reply, doc, &self.declaration, &self.recipe.stage)
    }
}

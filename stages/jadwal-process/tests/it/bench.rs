//! Where children are tried: a stage over documents in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_core::spec::PipelineInfo;
use jadwal_core::{
    Batch, BuiltStage, Clock, Document, Edited, OriginMap, Provenance, Slot, Stage, StageCx,
    StageDeps, StageError, StageResult, StageSpec, Transform, Verdict,
};
use jadwal_process::Process;
use jadwal_store::MemoryStore;
use jadwal_testkit::{Lab, LabReport};
use serde_json::{Value, json};

/// A file of this crate.
pub(crate) fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Reads the raw bytes as they are.
struct Decode;

impl Transform for Decode {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = String::from_utf8(doc.raw().to_vec());
        let text = text.map_err(|error| StageError::document("decode", error))?;
        let map = OriginMap::identity(text.len());
        doc.replace_text(Edited { text, map });
        Ok(Verdict::Pass)
    }
}

/// Builds the stage `plugin` with these options.
pub(crate) fn stage(options: Value) -> BuiltStage {
    let deps = StageDeps {
        stage: "plugin".to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::new(MemoryStore::default()),
        clock: Clock::system(),
        base_dir: here("tests/it"),
    };
    let options = serde_json::from_value(options).unwrap();
    Process::check(&options).unwrap();
    Process::build(options, &deps).unwrap()
}

/// Options for the hostile child in `mode`, with a deadline that no good answer misses.
pub(crate) fn hostile(mode: &str) -> Value {
    json!({
        "command": ["python3", "hostile.py", mode],
        "batch_timeout": "30s",
        "max_frame": "1 MiB",
    })
}

/// Runs texts through a child in a pipeline; `set` changes the options.
pub(crate) async fn run(texts: &[String], options: Value) -> LabReport {
    let lab = Lab::with_texts(texts);
    let decode = BuiltStage::transform(Decode);
    lab.run(vec![("decode", decode), ("plugin", stage(options))])
        .await
}

/// Returns `options` with `more` set in them.
pub(crate) fn with(mut options: Value, more: Value) -> Value {
    let Value::Object(more) = more else {
        unreachable!("an object")
    };
    options.as_object_mut().unwrap().extend(more);
    options
}

fn slot(text: &str) -> Slot {
    let place = Provenance {
        file_path: "a.txt".to_owned(),
        file_bytes: text.len() as u64,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..text.len() as u64,
    };
    let mut doc = Document::new(text.to_owned().into(), place);
    doc.replace_text(Edited {
        text: text.to_owned(),
        map: OriginMap::identity(text.len()),
    });
    Slot::new(doc)
}

pub(crate) fn batch(texts: &[&str]) -> Batch {
    Batch {
        slots: texts.iter().map(|text| slot(text)).collect(),
    }
}

pub(crate) fn unboxed(built: BuiltStage) -> Box<dyn Stage> {
    match built {
        BuiltStage::Stage(stage) => stage,
        BuiltStage::Transform(_) => unreachable!("it waits"),
    }
}

/// Lets the stage work and returns the documents.
pub(crate) fn work(stage: &mut dyn Stage, texts: &[&str]) -> Vec<Document> {
    let mut batch = batch(texts);
    let cx = StageCx::inline("plugin");
    futures::executor::block_on(stage.process_batch(&mut batch, &cx)).unwrap();
    let parts = batch.slots.into_iter().map(Slot::into_parts);
    parts
        .map(|(doc, result)| {
            result.unwrap().unwrap();
            doc
        })
        .collect()
}

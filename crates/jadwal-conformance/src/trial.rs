//! One built stage, and what it makes of texts.

use std::future::Future;
use std::task::Context;

use bytes::Bytes;
use jadwal_core::facts::{Duplicate, Language};
use jadwal_core::spec::ErasedSpec;
use jadwal_core::{
    Batch, BuiltStage, Document, Slot, Stage, StageCx, StageDeps, StageResult, Verdict,
    describe_chain,
};
use serde_json::Value;

/// A built stage that documents are shown to.
pub(crate) struct Trial {
    built: BuiltStage,
    cx: StageCx,
}

/// What a stage made of one document, as far as it can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// The verdict; the error with its causes.
    pub(crate) verdict: Result<Verdict, String>,
    /// Text, facts and extra, written out.
    pub(crate) outcome: String,
    /// What is wrong with the document as it came back.
    pub(crate) fault: Option<String>,
}

impl Trial {
    /// Builds and starts the stage.
    pub(crate) fn start(
        spec: &dyn ErasedSpec,
        options: &Value,
        deps: &StageDeps,
    ) -> Result<Self, String> {
        let built = spec.build(options, deps);
        let mut built = built.map_err(|error| describe_chain(&error))?;
        let cx = StageCx::inline(&deps.stage);
        if let BuiltStage::Stage(stage) = &mut built {
            let restored = futures::executor::block_on(stage.restore(None, &cx));
            restored.map_err(|error| describe_chain(&error))?;
        }
        Ok(Self { built, cx })
    }

    /// Shows `texts` to the stage in one batch.
    pub(crate) fn offer(&mut self, texts: &[&str]) -> Result<Vec<Seen>, String> {
        let documents: Vec<_> = texts.iter().map(|text| document(text)).collect();
        let raw: Vec<Bytes> = documents.iter().map(|doc| doc.raw().clone()).collect();
        let results = match &mut self.built {
            BuiltStage::Transform(transform) => documents
                .into_iter()
                .map(|mut doc| {
                    let result = transform.apply(&mut doc);
                    (doc, Some(result))
                })
                .collect(),
            BuiltStage::Stage(stage) => offer_batch(&mut **stage, documents, &self.cx)?,
        };
        if results.len() != raw.len() {
            return Err("it lost a document of the batch".to_owned());
        }
        let results = results.into_iter().zip(raw);
        Ok(results
            .map(|((doc, result), raw)| seen(&doc, result, &raw))
            .collect())
    }

    /// Begins a batch and drops the call; `false` where the stage only computes, or was done already.
    pub(crate) fn offer_and_drop(&mut self, texts: &[&str]) -> bool {
        let BuiltStage::Stage(stage) = &mut self.built else {
            return false;
        };
        let slots = texts.iter().map(|text| Slot::new(document(text))).collect();
        let mut batch = Batch { slots };
        let mut call = stage.process_batch(&mut batch, &self.cx);
        let waker = futures::task::noop_waker();
        let mut context = Context::from_waker(&waker);
        Future::poll(call.as_mut(), &mut context).is_pending()
    }

    /// Ends the stage as a pipeline does that has nothing more to do.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        if let BuiltStage::Stage(stage) = &mut self.built {
            let ended = futures::executor::block_on(stage.finish(&self.cx));
            ended.map_err(|error| describe_chain(&error))?;
        }
        Ok(())
    }
}

type Offered = Vec<(Document, Option<StageResult>)>;

fn offer_batch(
    stage: &mut dyn Stage,
    documents: Vec<Document>,
    cx: &StageCx,
) -> Result<Offered, String> {
    let slots = documents.into_iter().map(Slot::new).collect();
    let mut batch = Batch { slots };
    let done = futures::executor::block_on(stage.process_batch(&mut batch, cx));
    done.map_err(|error| describe_chain(&error))?;
    Ok(batch.slots.into_iter().map(Slot::into_parts).collect())
}

fn seen(doc: &Document, result: Option<StageResult>, raw: &Bytes) -> Seen {
    let verdict = match result {
        Some(result) => result.map_err(|error| describe_chain(&error)),
        None => Err("it left the document unresolved".to_owned()),
    };
    let fault = match doc.raw() == raw {
        true => fault(doc),
        false => Some("it changed the raw bytes".to_owned()),
    };
    let (text, facts, extra) = (doc.text().ok(), doc.facts(), doc.extra());
    Seen {
        verdict,
        outcome: format!("{text:?} {facts:?} {extra:?}"),
        fault,
    }
}

/// Every span lies in the text, on character boundaries, and the origin map covers the text.
fn fault(doc: &Document) -> Option<String> {
    let text = doc.text().ok()?;
    if doc.origin_map().text_len() != text.len() {
        return Some("its text is not covered by the origin map".to_owned());
    }
    let facts = doc.facts();
    let spans = facts
        .entities
        .iter()
        .map(|entity| ("entity", &entity.range));
    let segments = facts
        .segments
        .iter()
        .map(|segment| ("segment", &segment.range));
    let blocks = facts.blocks.iter().map(|block| ("block", &block.range));
    let mut spans = spans.chain(segments).chain(blocks);
    let off = spans.find(|(_, span)| text.get((*span).clone()).is_none());
    off.map(|(what, span)| format!("its {what} {span:?} lies off the text"))
}

/// Returns a document whose text is read already, with a language for stages that need one.
fn document(text: &str) -> Document {
    let mut doc = Document::of_text("trial.txt", text);
    let facts = doc.facts_mut();
    facts.language = Some(Language {
        tag: "und".to_owned(),
        script: "Zyyy".to_owned(),
        score: 0.0,
    });
    facts.duplicate = Some(Duplicate::default());
    doc
}

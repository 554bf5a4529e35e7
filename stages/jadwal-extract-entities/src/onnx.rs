//! A token classifier of the user's own in the place of the built-in tagger: `model.onnx` with its
//! `tokenizer.json` and labels, run on the processor by `tract`, in this process.
//!
//! The text is read in windows of whole sentences (`windows.rs`). The first piece of each word
//! decides about the word; what the labels mean is told in `labels.rs`. The same text gives the same
//! names on the same processor; another processor may add floats up in another order.

mod labels;
mod windows;

use std::fs;
use std::io::Cursor;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jadwal_core::{StageError, StageResult};
use tokenizers::{Encoding, Tokenizer};
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::Factoid;
use tract_onnx::tract_hir::internal::DimLike;

use crate::onnx::labels::{LabelError, Labels};
use crate::onnx::windows::Windows;
use crate::options::{OnnxOptions, TaggerBalance};
use crate::tagger::TaggedSpan;
use crate::taggers::NameTagger;

/// Added to the logit of `O` where doubtful names are to be left out, and taken off where they are to
/// be taken along: odds of e to 1. A model of somebody else's has no tuned ones.
const LEANING: f32 = 1.0;

/// Why a model can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OnnxError {
    /// A file of the folder.
    #[error("failed to read `{}`", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The tokenizer is not understood.
    #[error("`{}` is no tokenizer that can be used: {message}", path.display())]
    Tokenizer { path: PathBuf, message: String },
    /// The model is not understood.
    #[error("`{}` is no token classifier that can be used: {message}", path.display())]
    Model { path: PathBuf, message: String },
    /// What its outputs mean.
    #[error("the labels of the model can't be used")]
    Labels(#[source] LabelError),
}

/// What a model wants to be told of the tokens.
#[derive(Clone, Copy, Debug)]
enum Input {
    Ids,
    Mask,
    Types,
}

impl Input {
    const KNOWN: [(&'static str, Self); 3] = [
        ("input_ids", Self::Ids),
        ("attention_mask", Self::Mask),
        ("token_type_ids", Self::Types),
    ];

    fn of(self, encoding: &Encoding) -> &[u32] {
        match self {
            Self::Ids => encoding.get_ids(),
            Self::Mask => encoding.get_attention_mask(),
            Self::Types => encoding.get_type_ids(),
        }
    }
}

/// A token classifier.
pub(crate) struct OnnxTagger {
    tokenizer: Tokenizer,
    model: Arc<TypedRunnableModel>,
    inputs: Vec<(Input, DatumType)>,
    labels: Labels,
    languages: Vec<String>,
    max_tokens: usize,
    /// The model takes `max_tokens` tokens, no more and no less.
    padded: bool,
}

impl OnnxTagger {
    /// Reads the files that `options` names; a relative folder starts from `base`.
    ///
    /// # Errors
    /// A file is missing, is not understood, or does not fit the others.
    pub(crate) fn open(options: &OnnxOptions, base: &Path) -> Result<Self, OnnxError> {
        let folder = base.join(&options.folder);
        let labels = if options.labels.is_empty() {
            let config = read(&folder.join("config.json"))?;
            Labels::of_config(&config)
        } else {
            Labels::of(&options.labels)
        };
        let labels = labels.map_err(OnnxError::Labels)?;
        let path = folder.join("tokenizer.json");
        let tokenizer = tokenizer(&read(&path)?).map_err(|error| OnnxError::Tokenizer {
            message: error.to_string(),
            path,
        })?;
        let path = folder.join("model.onnx");
        let file = read(&path)?;
        let loaded = Loaded::with_any_length(&file)
            .or_else(|_| Loaded::with_length(&file, options.max_tokens))
            .and_then(|loaded| loaded.checked(labels.len()));
        let loaded = loaded.map_err(|error| OnnxError::Model {
            path,
            message: format!("{error:#}"),
        })?;
        Ok(Self {
            tokenizer,
            model: loaded.model,
            inputs: loaded.inputs,
            labels,
            languages: options.languages.clone(),
            max_tokens: options.max_tokens,
            padded: loaded.padded,
        })
    }

    /// Appends the names of one window, which starts at byte `start` of the text.
    fn tag_window(
        &self,
        encoding: &Encoding,
        start: usize,
        leaning: f32,
        spans: &mut Vec<TaggedSpan>,
    ) -> TractResult<()> {
        let length = if self.padded {
            self.max_tokens
        } else {
            encoding.len()
        };
        let mut tensors = TVec::new();
        for (input, kind) in &self.inputs {
            let mut values: Vec<i64> = input.of(encoding).iter().map(|id| (*id).into()).collect();
            values.resize(length, 0);
            let tensor = Tensor::from_shape(&[1, length], &values)?;
            tensors.push(tensor.cast_to_dt(*kind)?.into_owned().into_tvalue());
        }
        let outputs = self.model.run(tensors)?;
        let logits = outputs[0].cast_to::<f32>()?;
        let logits = logits.to_plain_array_view::<f32>()?;
        let rows = logits
            .as_slice()
            .ok_or_else(|| TractError::msg("the model's output is not in order"))?;
        let words = encoding.get_word_ids().iter().zip(encoding.get_offsets());
        let rows = rows.chunks_exact(self.labels.len());
        let mut decoder = self.labels.decoder(leaning);
        for ((word, (from, to)), row) in words.zip(rows) {
            if let Some(word) = word {
                decoder.piece(*word, start + from..start + to, row);
            }
        }
        spans.extend(decoder.finish());
        Ok(())
    }
}

impl NameTagger for OnnxTagger {
    fn reads(&self, tag: &str) -> bool {
        let covers = |language: &String| {
            tag.strip_prefix(language.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.languages.is_empty() || self.languages.iter().any(covers)
    }

    fn tag(
        &self,
        text: &str,
        range: Range<usize>,
        balance: TaggerBalance,
        spans: &mut Vec<TaggedSpan>,
    ) -> StageResult<()> {
        let leaning = match balance {
            TaggerBalance::Off => return Ok(()),
            TaggerBalance::Precision => LEANING,
            TaggerBalance::Balanced => 0.0,
            TaggerBalance::Recall => -LEANING,
        };
        let failed = |error: String| StageError::document("tag names with the ONNX model", error);
        let mut windows = Windows::of(text, range);
        while let Some(window) = windows.next() {
            let encoding = self.tokenizer.encode(&text[window.clone()], true);
            let encoding = encoding.map_err(|error| failed(error.to_string()))?;
            if encoding.len() > self.max_tokens {
                windows.halve(window);
                continue;
            }
            self.tag_window(&encoding, window.start, leaning, spans)
                .map_err(|error| failed(format!("{error:#}")))?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, OnnxError> {
    fs::read(path).map_err(|source| OnnxError::File {
        path: path.to_owned(),
        source,
    })
}

/// Reads a tokenizer that neither cuts nor fills up: windows do that.
fn tokenizer(file: &[u8]) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_bytes(file)?;
    tokenizer.with_truncation(None)?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}

/// A model that was read and made ready.
struct Loaded {
    model: Arc<TypedRunnableModel>,
    inputs: Vec<(Input, DatumType)>,
    padded: bool,
}

impl Loaded {
    /// Reads a model for sequences of any length.
    fn with_any_length(file: &[u8]) -> TractResult<Self> {
        let model = onnx().model_for_read(&mut Cursor::new(file))?;
        let length = model.symbols.sym("length").to_dim();
        Self::of(model, &length, false)
    }

    /// Reads a model for sequences of `length` tokens: some can't be planned for any length.
    fn with_length(file: &[u8], length: usize) -> TractResult<Self> {
        let model = onnx().model_for_read(&mut Cursor::new(file))?;
        Self::of(model, &length.to_dim(), true)
    }

    fn of(mut model: InferenceModel, length: &TDim, padded: bool) -> TractResult<Self> {
        let mut inputs = Vec::new();
        for (index, outlet) in model.input_outlets()?.to_vec().into_iter().enumerate() {
            let name = model.node(outlet.node).name.clone();
            let known = Input::KNOWN.iter().find(|(known, _)| *known == name);
            let Some((_, input)) = known else {
                let names = Input::KNOWN.map(|(name, _)| name).join(", ");
                return Err(TractError::msg(format!(
                    "it wants an input `{name}`; known are {names}"
                )));
            };
            let kind = model.input_fact(index)?.datum_type.concretize();
            let kind = kind.unwrap_or_else(i64::datum_type);
            let fact = kind.fact([1.to_dim(), length.clone()]);
            model.set_input_fact(index, fact.into())?;
            inputs.push((*input, kind));
        }
        let model = model.into_optimized()?.into_runnable()?;
        Ok(Self {
            model,
            inputs,
            padded,
        })
    }

    /// Returns the model if its output has one value for each of `labels` labels.
    fn checked(self, labels: usize) -> TractResult<Self> {
        let shape = self.model.model().output_fact(0)?.shape.to_tvec();
        let told = shape.last().and_then(|last| last.to_usize().ok());
        match (shape.len(), told) {
            (3, Some(told)) if told == labels => Ok(self),
            (3, Some(told)) => Err(TractError::msg(format!(
                "it tells {told} labels apart, and {labels} are named"
            ))),
            _ => Err(TractError::msg(
                "its first output is not tokens by labels: was it exported for token classification?",
            )),
        }
    }
}

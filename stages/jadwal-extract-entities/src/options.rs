//! What the stage can be told.

use std::path::PathBuf;

use jadwal_core::facts::Label;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of `extract_entities`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExtractEntitiesOptions {
    /// Labels to find. Default: all that this stage knows (`PER LOC ORG MISC EVENT DATE TIME MONEY PERCENT QUANTITY
    /// URL EMAIL PHONE`).
    pub labels: Vec<Label>,
    /// Entities with a lower score are left out, 0 to 1. Default: 0.5. At 0.8 ambiguous numeric dates,
    /// amounts in a currency without country and months without year are gone.
    pub min_score: f64,
    /// Whether the trained tagger looks for persons, places, organisations and other names that no
    /// table has, and what it rather does: leave names out (`precision`) or take wrong ones along
    /// (`recall`). Default: `balanced`.
    pub tagger: TaggerBalance,
    /// Which tagger it is: the built-in one (`crf`), or a model of your own (`onnx`), which is far slower
    /// as a rule, in a build with the feature `onnx`. Default: `crf`.
    pub backend: Backend,
    /// The model of the backend `onnx`.
    pub onnx: OnnxOptions,
    /// Whether dates that count from the document's own (`yesterday`, `قبل يومين`) are found.
    /// Default: true.
    pub relative_dates: bool,
    /// What relative dates count from: the date that the document, its address or its path gives, or
    /// where these give none the day the file was modified. Without a day they are marked
    /// (`relative:-P1D`). Default: `document`.
    pub relative_to: RelativeTo,
    /// Whether ids of entities, spellings, candidates, titles and offices are told in `extra`; a record is
    /// two to three times as long with them. Default: false.
    pub details: bool,
    /// What comes first in numeric dates such as `3/4/2014`. Default: `day`.
    pub date_order: DateOrder,
    /// Files with names of your own: a name, its label, and maybe a link and a normal form a line, with tabs
    /// between them. They win over everything else. Relative paths start from the folder of the
    /// configuration. Default: none.
    pub lists: Vec<PathBuf>,
    /// Entities kept of one document, from its start. Default: 20000.
    pub max_entities: usize,
}

/// Where the tagger comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// The models that are part of the binary.
    Crf,
    /// A token classifier in a folder.
    Onnx,
}

/// A token classifier, as `optimum-cli export onnx --task token-classification` writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OnnxOptions {
    /// The folder with `model.onnx`, `tokenizer.json` and, unless `labels` are given, `config.json`
    /// (`id2label`). Relative paths start from the folder of the configuration. Default: none.
    pub folder: PathBuf,
    /// What each output of the model means, in order: `O`, `B-PER`, `I-PER` and so on. Default: those of
    /// `config.json`.
    pub labels: Vec<String>,
    /// Languages that the model reads, as BCP 47 tags; the built-in models read the others. Default: all.
    pub languages: Vec<String>,
    /// Tokens that the model takes at once, with its own marks. Default: 512.
    pub max_tokens: usize,
}

impl OnnxOptions {
    /// Returns the files that decide what the model says.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let config = self.labels.is_empty().then_some("config.json");
        let names = ["model.onnx", "tokenizer.json"].into_iter().chain(config);
        names.map(|name| self.folder.join(name)).collect()
    }
}

impl Default for OnnxOptions {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            labels: Vec::new(),
            languages: Vec::new(),
            max_tokens: 512,
        }
    }
}

/// What the tagger rather does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaggerBalance {
    /// It is not asked: only tables, patterns and rules.
    Off,
    /// Leave doubtful names out.
    Precision,
    /// As many left out as wrong.
    Balanced,
    /// Take doubtful names along.
    Recall,
}

/// What relative dates count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelativeTo {
    /// The date that the document, its address or its path gives.
    Document,
    /// The same, and without it the day the file was modified.
    File,
}

/// What comes first in a numeric date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `3/4/2014` is the third of April.
    Day,
    /// `3/4/2014` is the fourth of March.
    Month,
}

/// Labels that the stage can find.
const KNOWN_LABELS: [Label; 13] = [
    Label::Per,
    Label::Loc,
    Label::Org,
    Label::Misc,
    Label::Event,
    Label::Date,
    Label::Time,
    Label::Money,
    Label::Percent,
    Label::Quantity,
    Label::Url,
    Label::Email,
    Label::Phone,
];

impl Default for ExtractEntitiesOptions {
    fn default() -> Self {
        Self {
            labels: KNOWN_LABELS.to_vec(),
            min_score: 0.5,
            tagger: TaggerBalance::Balanced,
            backend: Backend::Crf,
            onnx: OnnxOptions::default(),
            relative_dates: true,
            relative_to: RelativeTo::Document,
            details: false,
            date_order: DateOrder::Day,
            lists: Vec::new(),
            max_entities: 20_000,
        }
    }
}

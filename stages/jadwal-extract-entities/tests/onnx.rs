//! The backend `onnx`, with a token classifier that is made here: it looks each token's labels up in
//! a table, so what it must say is known.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jadwal_core::spec::PipelineInfo;
use jadwal_core::state::NoState;
use jadwal_core::{BuiltStage, Clock, Document, StageDeps, StageSpec, Transform};
use jadwal_extract_entities::{Backend, ExtractEntities, ExtractEntitiesOptions, OnnxOptions};
use serde_json::json;
use tempfile::TempDir;

const LABELS: [&str; 4] = ["O", "B-PER", "I-PER", "B-ORG"];
/// Words with the label that the model gives each; the first two are what the tokenizer needs.
const VOCABULARY: [(&str, usize); 8] = [
    ("[UNK]", 0),
    ("[CLS]", 0),
    ("سلوى", 1),
    ("البدراني", 2),
    ("Vexlo", 3),
    ("in", 0),
    ("Doha", 0),
    ("Zubrik", 1),
];

/// Writes fields of a protocol buffer (<https://protobuf.dev/programming-guides/encoding/>).
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    fn text(self, field: u64, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    fn message(self, field: u64, value: &Self) -> Self {
        self.bytes(field, &value.0)
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// Returns `ValueInfoProto` of a tensor with named dimensions.
fn value(name: &str, kind: u64, dimensions: &[&str]) -> Message {
    let mut shape = Message::default();
    for dimension in dimensions {
        shape = shape.message(1, &Message::default().text(2, dimension));
    }
    let tensor = Message::default().number(1, kind).message(2, &shape);
    let tensor = Message::default().message(1, &tensor);
    Message::default().text(1, name).message(2, &tensor)
}

/// Returns a `ModelProto`: `logits = Gather(weights, input_ids)`, with one row of logits a token.
fn model(labels: usize) -> Vec<u8> {
    let output = value("logits", FLOAT, &["batch", "sequence", "labels"]);
    packed(&graph(labels, "logits").message(12, &output))
}

/// The same, for `length` tokens and no other number of them.
fn model_of_length(length: u64) -> Vec<u8> {
    let labels = LABELS.len();
    let sizes = [1, length, labels as u64];
    let sizes: Vec<u8> = sizes.into_iter().flat_map(u64::to_le_bytes).collect();
    let shape = Message::default()
        .number(1, 3)
        .number(2, INT64)
        .text(8, "shape")
        .bytes(9, &sizes);
    let reshape = Message::default()
        .text(1, "looked_up")
        .text(1, "shape")
        .text(2, "logits")
        .text(3, "reshape")
        .text(4, "Reshape");
    let graph = graph(labels, "looked_up").message(1, &reshape);
    let output = value("logits", FLOAT, &["batch", "sequence", "labels"]);
    packed(&graph.message(5, &shape).message(12, &output))
}

/// Returns a `GraphProto` that looks the tokens' rows up, and has no output yet.
fn graph(labels: usize, output: &str) -> Message {
    let mut weights = Vec::new();
    for (_, label) in VOCABULARY {
        let row = (0..labels).map(|at| if at == label { 5.0_f32 } else { 0.0 });
        weights.extend(row.flat_map(f32::to_le_bytes));
    }
    let weights = Message::default()
        .number(1, VOCABULARY.len() as u64)
        .number(1, labels as u64)
        .number(2, FLOAT)
        .text(8, "weights")
        .bytes(9, &weights);
    let gather = Message::default()
        .text(1, "weights")
        .text(1, "input_ids")
        .text(2, output)
        .text(3, "look_up")
        .text(4, "Gather");
    Message::default()
        .message(1, &gather)
        .text(2, "classifier")
        .message(5, &weights)
        .message(11, &value("input_ids", INT64, &["batch", "sequence"]))
        .message(11, &value("attention_mask", INT64, &["batch", "sequence"]))
}

/// Returns the `ModelProto` of `graph`.
fn packed(graph: &Message) -> Vec<u8> {
    let operators = Message::default().text(1, "").number(2, 13);
    let model = Message::default().number(1, 8).message(7, graph);
    model.message(8, &operators).0
}

/// Writes the folder of a model that tells `LABELS` apart.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).expect("files can be written");
    };
    write("model.onnx", &model(LABELS.len()));
    let vocabulary: serde_json::Map<_, _> = VOCABULARY
        .iter()
        .enumerate()
        .map(|(id, (word, _))| ((*word).to_owned(), json!(id)))
        .collect();
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
        "post_processor": {
            "type": "BertProcessing", "sep": ["[CLS]", 1], "cls": ["[CLS]", 1],
        },
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    });
    write("tokenizer.json", tokenizer.to_string().as_bytes());
    let labels: serde_json::Map<_, _> = LABELS
        .iter()
        .enumerate()
        .map(|(id, label)| (id.to_string(), json!(label)))
        .collect();
    let config = json!({"id2label": labels, "model_type": "table"});
    write("config.json", config.to_string().as_bytes());
    folder
}

fn options(change: impl FnOnce(&mut OnnxOptions)) -> ExtractEntitiesOptions {
    let mut onnx = OnnxOptions {
        folder: ".".into(),
        ..OnnxOptions::default()
    };
    change(&mut onnx);
    ExtractEntitiesOptions {
        backend: Backend::Onnx,
        onnx,
        ..ExtractEntitiesOptions::default()
    }
}

fn build(folder: &Path, options: ExtractEntitiesOptions) -> Result<Arc<dyn Transform>, String> {
    let deps = StageDeps {
        stage: "extract_entities".to_owned(),
        pipeline: Arc::new(PipelineInfo::default()),
        state: Arc::new(NoState),
        clock: Clock::system(),
        base_dir: folder.to_owned(),
    };
    ExtractEntities::check(&options).map_err(|problems| format!("{problems:?}"))?;
    match ExtractEntities::build(options, &deps) {
        Ok(BuiltStage::Transform(transform)) => Ok(transform),
        Ok(BuiltStage::Stage(_)) => panic!("it is a transform"),
        Err(error) => Err(jadwal_core::describe_chain(&error)),
    }
}

/// Returns label, text and normal form of each entity.
fn found(stage: &dyn Transform, text: &str) -> Vec<(String, String)> {
    let mut doc = Document::of_text("a.txt", text);
    stage.apply(&mut doc).expect("any text can be tagged");
    let entity = |entity: &jadwal_core::facts::Entity| {
        let label = serde_json::to_value(entity.label).expect("a label is a string");
        let label = label.as_str().expect("a label is a string").to_owned();
        (label, text[entity.range.clone()].to_owned())
    };
    doc.facts().entities.iter().map(entity).collect()
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(label, text): &(&str, &str)| ((*label).to_owned(), (*text).to_owned());
    wanted.iter().map(pair).collect()
}

/// Names that only the model knows stand beside those of tables and patterns.
#[test]
fn a_model_of_the_users_finds_names() {
    let folder = folder();
    let stage = build(folder.path(), options(|_| {})).unwrap();
    let text = "زارت سلوى البدراني شركة Vexlo in Doha في 3 مارس 2016\nZubrik";
    let wanted = [
        ("PER", "سلوى البدراني"),
        ("ORG", "Vexlo"),
        ("LOC", "Doha"),
        ("DATE", "3 مارس 2016"),
        ("PER", "Zubrik"),
    ];
    assert_eq!(found(&*stage, text), pairs(&wanted));
}

/// Scenario: a long text without a line break, and a model that takes eight tokens at once.
/// Guarantees: every name is found, wherever the windows end.
#[test]
fn windows_lose_no_name() {
    let folder = folder();
    let stage = build(folder.path(), options(|onnx| onnx.max_tokens = 8)).unwrap();
    let text = "x Zubrik y. ".repeat(400);
    let names = found(&*stage, &text);
    assert_eq!(names.len(), 400);
    assert!(names.iter().all(|name| name.1 == "Zubrik"));
}

#[test]
fn a_model_of_one_length_is_filled_up() {
    let folder = folder();
    fs::write(folder.path().join("model.onnx"), model_of_length(16)).unwrap();
    let stage = build(folder.path(), options(|onnx| onnx.max_tokens = 16)).unwrap();
    let text = "Vexlo and Zubrik. ".repeat(20);
    let names = found(&*stage, &text);
    assert_eq!(names.len(), 40);
    assert_eq!(names[..2], pairs(&[("ORG", "Vexlo"), ("PER", "Zubrik")]));
}

#[test]
fn languages_without_the_model_keep_the_built_in_one() {
    let folder = folder();
    let only_farsi = |onnx: &mut OnnxOptions| onnx.languages = vec!["fa".to_owned()];
    let stage = build(folder.path(), options(only_farsi)).unwrap();
    let names = found(
        &*stage,
        "Minister Vexlo met Angela Merkel in Doha on Monday.",
    );
    assert!(
        names.contains(&("PER".to_owned(), "Angela Merkel".to_owned())),
        "{names:?}"
    );
    assert!(
        !names.contains(&("ORG".to_owned(), "Vexlo".to_owned())),
        "{names:?}"
    );
}

#[test]
fn labels_may_stand_in_the_options() {
    let folder = folder();
    fs::remove_file(folder.path().join("config.json")).unwrap();
    let named = ["O", "B-ORG", "I-ORG", "B-PER"].map(str::to_owned).to_vec();
    let stage = build(folder.path(), options(|onnx| onnx.labels = named)).unwrap();
    assert_eq!(found(&*stage, "Zubrik"), pairs(&[("ORG", "Zubrik")]));
}

#[test]
fn records_depend_on_the_files_that_are_read() {
    let named = |labels: &[&str]| {
        let mut options = options(|onnx| {
            onnx.folder = "m".into();
            onnx.labels = labels.iter().map(|&label| label.to_owned()).collect();
        });
        options.lists = vec!["names.tsv".into()];
        let files = ExtractEntities::files(&options);
        files
            .iter()
            .map(|file| file.display().to_string())
            .collect::<Vec<_>>()
    };
    let always = ["names.tsv", "m/model.onnx", "m/tokenizer.json"];
    assert_eq!(named(&LABELS), always);
    assert_eq!(named(&[]), [&always[..], &["m/config.json"]].concat());
}

/// Scenario: each file of the folder is missing or wrong in turn.
/// Guarantees: the error names the file and what is wrong with it.
#[test]
fn a_folder_that_does_not_fit_is_refused() {
    let cases: [(&str, Option<Vec<u8>>, &str); 7] = [
        ("model.onnx", None, "failed to read"),
        (
            "model.onnx",
            Some(b"no model".to_vec()),
            "no token classifier",
        ),
        (
            "model.onnx",
            Some(model(7)),
            "it tells 7 labels apart, and 4 are named",
        ),
        ("tokenizer.json", None, "failed to read"),
        ("tokenizer.json", Some(b"{}".to_vec()), "no tokenizer"),
        ("config.json", None, "failed to read"),
        ("config.json", Some(b"{}".to_vec()), "id2label"),
    ];
    for (name, bytes, wanted) in cases {
        let folder = folder();
        let path = folder.path().join(name);
        match bytes {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let error = build(folder.path(), options(|_| {})).err().unwrap();
        assert!(error.contains(wanted) && error.contains(name), "{error}");
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let nowhere = options(|onnx| onnx.folder = Path::new("").to_owned());
    let narrow = options(|onnx| onnx.max_tokens = 2);
    for options in [nowhere, narrow] {
        let problems = ExtractEntities::check(&options).unwrap_err();
        assert_eq!(problems[0].path, ["backend"]);
    }
}

//! What a stage of one's own costs for a document of 5 kB with 95 entities found: linked, as a process
//! in Rust, and as a process in Python through the SDK.
//!
//! `cargo bench -p jadwal-bench --bench plugins`. A process and its host take turns, so the time is the
//! sum of what both compute; on a busy machine it is longer, so the processor time of both is told too.
//! Python is left out, with a word, where there is none.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it found")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput};
use jadwal_bench::process::cpu_time;
use jadwal_core::facts::{Entity, Label};
use jadwal_core::guest::{Declaration, GuestFact, NewEntity, OffsetUnit, Reply};
use jadwal_core::{
    Batch, BuiltStage, Clock, Document, Edited, OriginMap, Provenance, Slot, Stage, StageCx,
    StageDeps, StageResult, StageSpec, Transform, Verdict,
};
use jadwal_process::Process;
use jadwal_process::protocol::serve;
use jadwal_store::MemoryStore;
use serde::Deserialize;
use serde_json::{Value, json};

/// Set where this very program is to be the child.
const CHILD: &str = "JADWAL_BENCH_CHILD";

const WORD: &str = "قطر";

const ENTITIES: usize = 95;

/// Documents in a batch.
const DOCUMENTS: usize = 64;

/// Batches that processor time is taken over: it is told in hundredths of a second.
const BATCHES: usize = 100;

/// 5,000 bytes with the word 95 times in them.
fn text() -> String {
    let piece = format!("{WORD} news from the harbour, today and again; ");
    let mut text = piece.repeat(ENTITIES);
    text.push_str(&"x".repeat(5000 - text.len()));
    text
}

fn slot() -> Slot {
    let text = text();
    let place = Provenance {
        file_path: "news/story.txt".to_owned(),
        file_bytes: text.len() as u64,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..text.len() as u64,
    };
    let mut doc = Document::new(Bytes::from(text.clone()), place);
    let map = OriginMap::identity(text.len());
    doc.replace_text(Edited { text, map });
    Slot::new(doc)
}

/// A stage that only passes documents on: what the machine costs.
struct Pass;

impl Transform for Pass {
    fn apply(&self, doc: &mut Document) -> StageResult {
        black_box(doc.text()?);
        Ok(Verdict::Pass)
    }
}

/// The same work as the children do.
struct Tag;

impl Transform for Tag {
    fn apply(&self, doc: &mut Document) -> StageResult {
        let text = doc.text_handle()?;
        let found = text.match_indices(WORD).map(|(start, word)| Entity {
            range: start..start + word.len(),
            label: Label::Loc,
            norm: String::new(),
            link: String::new(),
            mention_of: None,
            score: 1.0,
        });
        doc.facts_mut().add_entities(found.collect());
        Ok(Verdict::Pass)
    }
}

/// The part of a document that the child needs.
#[derive(Deserialize)]
struct Seen {
    text: String,
}

/// The child in Rust.
fn child() -> std::io::Result<()> {
    serve(|_| {
        let declaration = Declaration {
            name: "tag".to_owned(),
            version: "1".to_owned(),
            unit: OffsetUnit::Bytes,
            gives: vec![GuestFact::Entities],
            ..Declaration::default()
        };
        Ok((declaration, |doc: Seen| {
            let found = doc.text.match_indices(WORD);
            let entities = found.map(|(start, word)| NewEntity {
                start: start as u64,
                end: (start + word.len()) as u64,
                label: Label::Loc,
                norm: String::new(),
                link: String::new(),
                score: 1.0,
            });
            Reply {
                entities: entities.collect(),
                ..Reply::default()
            }
        }))
    })
}

/// The child in Python, as people write it.
const PYTHON: &str = r#"
import re, sys
sys.path.insert(0, sys.argv[1])
from jadwal_stage import Stage

stage = Stage("tag", "1", gives=["entities"])

@stage.work
def work(doc, options):
    for found in re.finditer("قطر", doc.text):
        doc.entity(found.start(), found.end(), "LOC")

stage.run()
"#;

fn process(command: &Value, env: &Value) -> Box<dyn Stage> {
    let options = json!({ "command": command, "env": env, "batch": DOCUMENTS });
    let options = serde_json::from_value(options).expect("the options are good");
    let deps = StageDeps {
        stage: "tag".to_owned(),
        pipeline: Arc::default(),
        state: Arc::new(MemoryStore::default()),
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        base_dir: PathBuf::new(),
    };
    match Process::build(options, &deps) {
        Ok(BuiltStage::Stage(stage)) => stage,
        other => panic!("`process` is a stage that waits, not {other:?}"),
    }
}

fn offer(stage: &mut dyn Stage, batch: &mut Batch, cx: &StageCx) {
    let done = futures::executor::block_on(stage.process_batch(batch, cx));
    done.expect("the child is good");
}

/// Tells the processor time of a document, here and in the child, over many batches.
fn tell_processor_time(name: &str, stage: &mut dyn Stage, cx: &StageCx) {
    let own = std::process::id();
    let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
    let children = children.unwrap_or_default();
    let children: Vec<u32> = children
        .split(' ')
        .filter_map(|id| id.parse().ok())
        .collect();
    let spent = || {
        let child: Duration = children.iter().filter_map(|id| cpu_time(*id).ok()).sum();
        (cpu_time(own).unwrap_or_default(), child)
    };
    let mut batches: Vec<_> = (0..BATCHES).map(|_| batch()).collect();
    let before = spent();
    for batch in &mut batches {
        offer(stage, batch, cx);
    }
    let after = spent();
    let each = |spent: Duration| spent.as_secs_f64() * 1e6 / (BATCHES * DOCUMENTS) as f64;
    let (here, there) = (each(after.0 - before.0), each(after.1 - before.1));
    println!(
        "{name}: {:.0} µs of processor a document, {here:.0} here and {there:.0} in the process",
        here + there
    );
}

fn batch() -> Batch {
    Batch {
        slots: (0..DOCUMENTS).map(|_| slot()).collect(),
    }
}

fn measure_process(criterion: &mut Criterion, name: &str, mut stage: Box<dyn Stage>) {
    let cx = StageCx::inline("tag");
    let mut first = batch();
    offer(&mut *stage, &mut first, &cx);
    let (doc, _) = first.slots.remove(0).into_parts();
    assert_eq!(doc.facts().entities.len(), ENTITIES);
    tell_processor_time(name, &mut *stage, &cx);
    let mut group = criterion.benchmark_group("plugins");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    group.measurement_time(Duration::from_secs(8));
    group.bench_function(name, |bencher| {
        bencher.iter_batched_ref(
            batch,
            |batch| offer(&mut *stage, batch, &cx),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn measure_linked(criterion: &mut Criterion, name: &str, transform: &dyn Transform) {
    let mut group = criterion.benchmark_group("plugins");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    group.bench_function(name, |bencher| {
        bencher.iter_batched_ref(
            batch,
            |batch| {
                for slot in &mut batch.slots {
                    black_box(transform.apply(&mut slot.doc)).expect("any text is good");
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn main() -> std::io::Result<()> {
    if std::env::var_os(CHILD).is_some() {
        return child();
    }
    let mut criterion = Criterion::default().configure_from_args();
    measure_linked(&mut criterion, "linked, passing on", &Pass);
    measure_linked(&mut criterion, "linked, 95 entities", &Tag);
    let own = std::env::current_exe()?.display().to_string();
    let rust = process(&json!([own]), &json!({ CHILD: "1" }));
    measure_process(&mut criterion, "process in Rust, 95 entities", rust);
    let found = std::process::Command::new("python3")
        .arg("--version")
        .output();
    if found.is_ok_and(|found| found.status.success()) {
        let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/python");
        let command = json!(["python3", "-c", PYTHON, sdk.display().to_string()]);
        let python = process(&command, &json!({}));
        measure_process(&mut criterion, "process in Python, 95 entities", python);
    } else {
        eprintln!("skipped: there is no python3 here");
    }
    criterion.final_summary();
    Ok(())
}

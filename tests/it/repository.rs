//! Paths of the repository, and small things that many tests need.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::place::Place;

/// A pipeline with every stage that writes to `out/records.jsonl` and takes files at once.
pub(crate) const CONFIG: &str = "[pipeline]\nname = \"desk\"\n[source]\nsettle = \"20ms\"\n";

/// A paragraph that is long enough to be news.
pub(crate) const STORY: &str = "افتتحت البلدية أمس حديقة عامة جديدة على ضفة النهر بعد عامين من العمل، وقال \
     المهندس المشرف إن الحديقة تتسع لثلاثة آلاف زائر في اليوم الواحد.\n";

/// Returns the path of `name` in the repository.
pub(crate) fn repository(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap().join(name)
}

/// Reads a file of the repository.
pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(repository(name)).unwrap()
}

/// Returns a place whose inbox holds these files.
pub(crate) fn inbox(files: &[(&str, &[u8])]) -> Place {
    let place = Place::with_config(CONFIG);
    for (name, bytes) in files {
        place.write(format!("inbox/{name}"), bytes);
    }
    place
}

/// Returns the ledger's documents, in admission order.
pub(crate) fn documents(place: &Place) -> Vec<Value> {
    let listing = place.jadwal(["state", "ls", "--documents", "--format", "json"]);
    listing.run().expect(0).records()
}

/// Returns the fate and the detail of each document of the ledger, by file and record number.
pub(crate) fn fates(place: &Place) -> BTreeMap<(String, u64), (String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    documents(place)
        .iter()
        .map(|row| {
            let record = row["record_index"].as_u64().unwrap();
            let fate = (text(row, "fate"), text(row, "detail"));
            ((text(row, "file_path"), record), fate)
        })
        .collect()
}

/// Fails the test unless `text` contains each of `parts`.
#[track_caller]
pub(crate) fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

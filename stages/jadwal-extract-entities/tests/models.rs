//! The files of `models/` are those that were scored: `MODEL.md` speaks of them and of no others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes that all models may have together.
const MOST_BYTES: usize = 6_000_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// Guarantees: a model that is trained anew comes with new checksums, and so with new scores.
/// `UPDATE_EXPECT=1` writes the checksums.
#[test]
fn the_models_are_those_that_are_recorded() {
    let mut models = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "model") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            models.insert(name, std::fs::read(&path).unwrap());
        }
    }
    let bytes: usize = models.values().map(Vec::len).sum();
    assert!(
        bytes <= MOST_BYTES,
        "the models have {bytes} bytes together"
    );
    let lines = models
        .iter()
        .map(|(name, content)| format!("{}  {name}\n", blake3::hash(content).to_hex()));
    let sums: String = lines.collect();
    let path = folder().join("BLAKE3SUMS");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &sums).unwrap();
    }
    let recorded = std::fs::read_to_string(&path).unwrap();
    assert_eq!(sums, recorded, "the models are not those of BLAKE3SUMS");
}

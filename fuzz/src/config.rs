//! Any text as `pipeline.toml`, against the built-in stages.
//!
//! Held: no panic; a refusal names at least one finding, and a place it names is in the file; a
//! configuration that is accepted can be written out in full, and means the same when it is read again.

use jadwal_config::{Sources, load};
use jadwal_core::StageRegistry;

/// Holds `bytes` against the promises.
///
/// # Panics
/// When one is broken.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let registry = StageRegistry::empty()
        .with::<jadwal_clean::Clean>()
        .with::<jadwal_dedup::Dedup>()
        .with::<jadwal_detect_language::DetectLanguage>()
        .with::<jadwal_extract_entities::ExtractEntities>()
        .with::<jadwal_emit::Emit>();
    match load(&Sources::of_text("/any/pipeline.toml", text), &registry) {
        Ok(checked) => {
            // Numbers beyond 64 bits have no form in TOML.
            let Ok(spelled) = checked.file.to_toml() else {
                return;
            };
            let again = load(&Sources::of_text("/any/pipeline.toml", spelled), &registry);
            let again = again.expect("what was accepted is accepted when spelled out");
            assert_eq!(again.file, checked.file, "it means the same");
        }
        Err(errors) => {
            assert!(!errors.findings().is_empty(), "a refusal says why");
            for finding in errors.findings() {
                check_place(text, finding.line, finding.column);
            }
            assert!(!errors.to_string().is_empty(), "a refusal can be read");
        }
    }
}

fn check_place(text: &str, line: Option<usize>, column: Option<usize>) {
    let Some(line) = line else { return };
    // An end of file after a line feed is on a line of its own.
    let lines: Vec<&str> = text.split('\n').collect();
    assert!(
        (1..=lines.len()).contains(&line),
        "line {line} is in the file"
    );
    if let Some(column) = column {
        let length = lines[line - 1].chars().count();
        assert!(
            (1..=length + 1).contains(&column),
            "column {column} is in line {line}"
        );
    }
}

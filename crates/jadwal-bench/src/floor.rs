//! The least that a pipeline of this kind has to do, on one thread.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jadwal_core::DocumentId;
use serde::Serialize;

/// What the floor did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Files read.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Wall clock from the first listing to the end of the sync.
    pub elapsed: Duration,
}

/// The shortest record that is of use.
#[derive(Serialize)]
struct Line<'a> {
    id: String,
    text: &'a str,
    file_path: &'a str,
}

/// Lists `folder`, reads each file, hashes it, writes one JSON line to `output`, and syncs that once.
///
/// # Errors
/// When a file can't be read or written. Bytes that are not UTF-8 are written with U+FFFD.
pub fn run(folder: &Path, output: &Path) -> io::Result<Floor> {
    let start = Instant::now();
    let mut paths = Vec::new();
    list(folder, &mut paths)?;
    paths.sort_unstable();
    let mut lines = BufWriter::with_capacity(1 << 20, File::create(output)?);
    let mut bytes = 0;
    for path in &paths {
        let raw = fs::read(path)?;
        bytes += raw.len() as u64;
        let line = Line {
            id: DocumentId::of(&raw).to_string(),
            text: &String::from_utf8_lossy(&raw),
            file_path: &path.to_string_lossy(),
        };
        serde_json::to_writer(&mut lines, &line)?;
        lines.write_all(b"\n")?;
    }
    lines.into_inner()?.sync_all()?;
    Ok(Floor {
        documents: paths.len() as u64,
        bytes,
        elapsed: start.elapsed(),
    })
}

fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), paths)?;
        } else {
            paths.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_writes_a_line_for_each_file() {
        let place = tempfile::tempdir().unwrap();
        let inbox = place.path().join("inbox");
        fs::create_dir_all(inbox.join("a/b")).unwrap();
        fs::write(inbox.join("a/b/1.txt"), "واحد").unwrap();
        fs::write(inbox.join("2.txt"), "two").unwrap();
        let output = place.path().join("lines.jsonl");
        let floor = run(&inbox, &output).unwrap();
        assert_eq!((floor.documents, floor.bytes), (2, 11));
        let lines = fs::read_to_string(output).unwrap();
        let texts: Vec<String> = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|line| line["text"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(texts, ["two", "واحد"]);
    }
}

//! The files of one output, all in one folder, and which of them are there.
//!
//! | name | what it is |
//! |---|---|
//! | `records.jsonl.zst` | segment 0: the configured name itself |
//! | `records-00001.jsonl.zst` | segment 1 |
//! | `.records.jsonl.zst.tail-7` | lines of frame 7, not yet packed |
//! | `.records.jsonl.zst.uncommitted` | the claim of a run that has committed nothing yet |
//! | `README.md` | the dataset card |

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Names of the files of one output.
#[derive(Clone, Debug)]
pub(crate) struct OutputNames {
    folder: PathBuf,
    /// `records`
    stem: String,
    /// `.jsonl.zst`
    suffix: String,
}

/// The files of an output that exist.
#[derive(Debug, Default)]
pub(crate) struct OutputFiles {
    /// Number and length of each segment, in order.
    pub(crate) segments: Vec<(u64, u64)>,
    /// Frame number of each tail.
    pub(crate) tails: Vec<u64>,
}

impl OutputNames {
    /// Returns the names for the output `path`, which names a file.
    pub(crate) fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // A dot at the start makes a name hidden and begins no suffix.
        let dot = name.bytes().skip(1).position(|byte| byte == b'.');
        let (stem, suffix) = name.split_at(dot.map_or(name.len(), |at| at + 1));
        Self {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            stem: stem.to_owned(),
            suffix: suffix.to_owned(),
        }
    }

    /// Returns the folder, `.` where the path has none.
    pub(crate) fn folder(&self) -> &Path {
        if self.folder.as_os_str().is_empty() {
            return Path::new(".");
        }
        &self.folder
    }

    pub(crate) fn segment(&self, number: u64) -> PathBuf {
        self.folder.join(self.segment_name(number))
    }

    pub(crate) fn tail(&self, frame: u64) -> PathBuf {
        self.folder.join(self.tail_name(frame))
    }

    pub(crate) fn claim(&self) -> PathBuf {
        self.folder
            .join(format!(".{}.uncommitted", self.segment_name(0)))
    }

    pub(crate) fn card(&self) -> PathBuf {
        self.folder.join("README.md")
    }

    pub(crate) fn segment_name(&self, number: u64) -> String {
        let (stem, suffix) = (&self.stem, &self.suffix);
        match number {
            0 => format!("{stem}{suffix}"),
            _ => format!("{stem}-{number:05}{suffix}"),
        }
    }

    /// Returns the pattern of all segments but the first, for readers.
    pub(crate) fn later_segments_pattern(&self) -> String {
        format!("{}-*{}", self.stem, self.suffix)
    }

    fn tail_name(&self, frame: u64) -> String {
        format!(".{}.tail-{frame}", self.segment_name(0))
    }

    /// Returns which segments and tails exist. The folder must exist.
    pub(crate) fn existing(&self) -> io::Result<OutputFiles> {
        let mut files = OutputFiles::default();
        for entry in fs::read_dir(self.folder())? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if let Some(number) = self.segment_number(&name) {
                // Follows a link, as opening does; a link to nothing is a file to be made.
                let length = fs::metadata(entry.path()).map_or(0, |found| found.len());
                files.segments.push((number, length));
            } else if let Some(frame) = self.tail_frame(&name) {
                files.tails.push(frame);
            }
        }
        files.segments.sort_unstable();
        files.tails.sort_unstable();
        Ok(files)
    }

    fn segment_number(&self, name: &str) -> Option<u64> {
        if name == self.segment_name(0) {
            return Some(0);
        }
        let rest = name.strip_prefix(&self.stem)?.strip_prefix('-')?;
        let number = rest.strip_suffix(&self.suffix)?.parse().ok()?;
        // `records-1.jsonl` is not a name that this output gives.
        (number > 0 && self.segment_name(number) == name).then_some(number)
    }

    fn tail_frame(&self, name: &str) -> Option<u64> {
        let frame = name.rsplit_once('-')?.1.parse().ok()?;
        (self.tail_name(frame) == name).then_some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_the_first_suffix() {
        let cases = [
            ("out/records.jsonl", 0, "out/records.jsonl"),
            ("out/records.jsonl", 1, "out/records-00001.jsonl"),
            ("a.b.jsonl.zst", 12, "a-00012.b.jsonl.zst"),
            ("/x/.hidden.gz", 3, "/x/.hidden-00003.gz"),
            ("plain", 123_456, "plain-123456"),
        ];
        for (path, number, expected) in cases {
            let names = OutputNames::new(Path::new(path));
            assert_eq!(names.segment(number), Path::new(expected));
        }
    }

    #[test]
    fn only_names_that_the_output_gives_are_its_files() {
        let names = OutputNames::new(Path::new("records.jsonl"));
        let cases = [
            ("records.jsonl", Some(0)),
            ("records-00002.jsonl", Some(2)),
            ("records-2.jsonl", None),
            ("records-00000.jsonl", None),
            ("records-00002.jsonl.gz", None),
            ("records-old.jsonl", None),
        ];
        for (name, expected) in cases {
            assert_eq!(names.segment_number(name), expected, "{name}");
        }
        assert_eq!(names.tail_frame(".records.jsonl.tail-40"), Some(40));
        assert_eq!(names.tail_frame(".records.jsonl.tail-040"), None);
        assert_eq!(names.tail_frame(".other.jsonl.tail-40"), None);
    }
}

//! Where an output ends: what is committed together with the fates of the documents before it.

use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// The end of an output. What lies past it in its files was not committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    /// Number of the last segment.
    pub(crate) segment: u64,
    /// Length of that segment's file; for a packed output, of its complete frames.
    pub(crate) bytes: u64,
    /// Unpacked length of the same.
    pub(crate) text_bytes: u64,
    /// Number of the unfinished frame, counted over all segments; 0 for plain lines.
    pub(crate) frame: u64,
    /// Length of that frame's lines, which lie in its tail.
    pub(crate) tail: u64,
}

impl End {
    /// Returns the same end in another segment.
    pub(crate) fn with_segment(self, segment: u64) -> Self {
        Self { segment, ..self }
    }

    /// Returns the end of an output whose next line opens the segment after this one's.
    pub(crate) fn next_segment(self) -> Self {
        Self {
            segment: self.segment + 1,
            bytes: 0,
            text_bytes: 0,
            ..self
        }
    }
}

/// An [`End`] as it is stored, with the version: JSON, so that `jadwal state show` is readable.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Stored {
    /// The option `path`: another path is another output.
    pub(crate) path: String,
    pub(crate) end: End,
}

/// A stored position that this version can't read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PositionError {
    #[error("it is not a position of this stage")]
    Malformed(#[source] serde_json::Error),
    #[error("it has version {0}, which a newer jadwal wrote")]
    Version(u32),
}

/// Returns the stored form of `end` for the output `path`.
pub(crate) fn store(path: &str, end: End) -> Vec<u8> {
    let stored = serde_json::json!({ "version": VERSION, "path": path, "end": end });
    stored.to_string().into_bytes()
}

/// Returns what was stored, for whatever output.
pub(crate) fn load(stored: &[u8]) -> Result<Stored, PositionError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let versioned: Versioned = serde_json::from_slice(stored).map_err(PositionError::Malformed)?;
    if versioned.version != VERSION {
        return Err(PositionError::Version(versioned.version));
    }
    serde_json::from_slice(stored).map_err(PositionError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_names_its_output() {
        let end = End {
            segment: 3,
            bytes: 10,
            text_bytes: 20,
            frame: 4,
            tail: 5,
        };
        let stored = load(&store("out/a.jsonl", end)).unwrap();
        let path = "out/a.jsonl".to_owned();
        assert_eq!(stored, Stored { path, end });
    }

    #[test]
    fn what_is_no_position_of_this_version_is_refused() {
        assert!(matches!(load(b"x"), Err(PositionError::Malformed(_))));
        let newer = br#"{"version":2,"where":"elsewhere"}"#;
        assert!(matches!(load(newer), Err(PositionError::Version(2))));
    }
}

//! Packs frames: pieces of the output that a reader can unpack by themselves.
//!
//! A frame is one zstd frame or one gzip member; one after the other they are a valid file. A frame's
//! bytes depend on the text in it and on the level alone: each is packed by a fresh compressor, and
//! no header holds a time or a system.

use std::fmt;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use flate2::{Compression, GzBuilder};
use zstd::stream::raw::CParameter;

/// Text that a frame holds at most, unless a single line is longer.
pub(crate) const FRAME_BYTES: usize = 1 << 20;

/// gzip's code for "unknown system".
const UNKNOWN_SYSTEM: u8 = 255;

/// A packer with its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip(u8),
    Zstd(u8),
}

impl Packing {
    /// Returns what the end of a file's name asks for; `None` for plain lines.
    pub(crate) fn of(path: &str, level: Option<u8>) -> Option<Self> {
        if path.ends_with(".gz") {
            Some(Self::Gzip(level.unwrap_or(6)))
        } else if path.ends_with(".zst") {
            Some(Self::Zstd(level.unwrap_or(3)))
        } else {
            None
        }
    }

    pub(crate) fn levels(self) -> RangeInclusive<u8> {
        match self {
            Self::Gzip(_) => 0..=9,
            Self::Zstd(_) => 1..=22,
        }
    }

    /// Returns `text` as one frame.
    pub(crate) fn pack(self, text: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(level) => {
                let mut encoder = GzBuilder::new()
                    .mtime(0)
                    .operating_system(UNKNOWN_SYSTEM)
                    .write(Vec::new(), Compression::new(level.into()));
                encoder.write_all(text)?;
                encoder.finish()
            }
            Self::Zstd(level) => {
                let mut compressor = zstd::bulk::Compressor::new(level.into())?;
                compressor.set_parameter(CParameter::ChecksumFlag(true))?;
                compressor.compress(text)
            }
        }
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip(_) => "gzip",
            Self::Zstd(_) => "zstd",
        })
    }
}

//! Reads `.gz` and `.zst` as what is packed in them, and tells file formats by name.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

const BUFFER: usize = 64 << 10;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) packing: Packing,
    /// Whether it holds a record a line.
    pub(crate) lines: bool,
}

impl Format {
    pub(crate) fn of(path: &Path) -> Self {
        let name = path.file_name().map_or(&[][..], OsStr::as_bytes);
        let name = name.to_ascii_lowercase();
        let (packing, rest) = match name.as_slice() {
            [rest @ .., b'.', b'g', b'z'] => (Packing::Gzip, rest),
            [rest @ .., b'.', b'z', b's', b't'] => (Packing::Zstd, rest),
            rest => (Packing::Plain, rest),
        };
        let lines = rest.ends_with(b".jsonl") || rest.ends_with(b".ndjson");
        Self { packing, lines }
    }
}

impl Packing {
    /// Returns what reads the unpacked bytes.
    pub(crate) fn reader<R: Read + Send + 'static>(
        self,
        file: R,
    ) -> io::Result<Box<dyn BufRead + Send>> {
        let mut packed = BufReader::with_capacity(BUFFER, file);
        if self != Self::Plain && packed.fill_buf()?.is_empty() {
            let empty = "there is nothing in the packed file";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, empty));
        }
        Ok(match self {
            Self::Plain => Box::new(packed),
            Self::Gzip => Box::new(buffered(MultiGzDecoder::new(packed))),
            Self::Zstd => Box::new(buffered(zstd::Decoder::with_buffer(packed)?)),
        })
    }

    /// Returns what to call it in a message.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

fn buffered<R: Read>(reader: R) -> BufReader<R> {
    BufReader::with_capacity(BUFFER, reader)
}

/// Whether `error` says that the packed bytes are bad, not that reading them failed.
pub(crate) fn is_corrupt(error: &io::Error) -> bool {
    error.raw_os_error().is_none()
}

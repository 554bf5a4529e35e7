//! Makes a document of raw bytes that were kept apart, under the name and place they had.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;
use jadwal_core::document::{Document, Provenance};

use crate::options::JsonlFields;
use crate::session::{document_of, read_record};
use crate::unpack::Format;

/// Reads the document whose raw bytes lie in `kept` and that came from `place`. `packed` says that
/// the bytes are a whole packed file. A record of JSON Lines is told by the name of its file.
///
/// # Errors
/// What is wrong with it still, in words.
pub fn read_retained(
    kept: &Path,
    packed: bool,
    place: Provenance,
    names: &JsonlFields,
    max_document_bytes: u64,
) -> Result<Document, String> {
    let failed = |error: io::Error| format!("failed to read `{}`: {error}", kept.display());
    let format = Format::of(Path::new(&place.file_path));
    if packed && format.lines {
        return Err(
            "records of a packed file are read from the drop folder: mend it and drop it again"
                .to_owned(),
        );
    }
    let file = File::open(kept).map_err(failed)?;
    let mut raw = Vec::new();
    let longest = max_document_bytes.saturating_add(1);
    let read = if packed {
        let reader = format.packing.reader(file);
        reader.and_then(|reader| reader.take(longest).read_to_end(&mut raw))
    } else {
        file.take(longest).read_to_end(&mut raw)
    };
    read.map_err(failed)?;
    if raw.len() as u64 > max_document_bytes {
        return Err(format!(
            "too long for a document: more than {max_document_bytes} bytes"
        ));
    }
    let raw = Bytes::from(raw);
    if format.lines {
        let record = read_record(&raw, names)?;
        return Ok(document_of(raw, place, record));
    }
    let bytes = if packed {
        0..raw.len() as u64
    } else {
        place.bytes.clone()
    };
    Ok(Document::new(raw, Provenance { bytes, ..place }))
}

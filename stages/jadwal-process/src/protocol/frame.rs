//! Frames: four bytes of length, the highest first, then as many bytes.

use std::fmt;

/// Bytes of the length.
const HEADER: usize = 4;

/// Begins a frame at the end of `buffer` and returns where, for [`end_frame`].
pub fn begin_frame(buffer: &mut Vec<u8>) -> usize {
    let start = buffer.len();
    buffer.extend([0; HEADER]);
    start
}

/// Ends the frame that [`begin_frame`] began at `start`: writes its length.
///
/// # Panics
/// When the frame is 4 GiB or longer.
pub fn end_frame(buffer: &mut [u8], start: usize) {
    let length = buffer.len() - start - HEADER;
    let length = u32::try_from(length).expect("frames are limited to under 4 GiB");
    buffer[start..start + HEADER].copy_from_slice(&length.to_be_bytes());
}

/// Returns `message` as a frame.
///
/// # Errors
/// When it can't be written as JSON.
pub fn frame<T: serde::Serialize>(message: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut buffer = Vec::new();
    let start = begin_frame(&mut buffer);
    serde_json::to_writer(&mut buffer, message)?;
    end_frame(&mut buffer, start);
    Ok(buffer)
}

/// Puts frames together from bytes as they come; holds no more than one frame and one read.
#[derive(Debug)]
pub struct FrameReader {
    buffer: Vec<u8>,
    limit: usize,
}

/// A length that no frame has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameTrouble {
    length: u32,
    limit: usize,
    /// What stands where the length should, as far as it came.
    seen: Vec<u8>,
}

impl fmt::Display for FrameTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        if self.seen.len() > HEADER && self.seen.iter().take(HEADER).all(printable) {
            // A frame may stand behind what was printed.
            let line = self.seen.split(|byte| *byte == b'\n').next();
            let text = String::from_utf8_lossy(line.unwrap_or_default());
            let text = text.trim_end();
            return write!(
                f,
                "it wrote {text:?} to its standard output, which is for frames; print to standard error"
            );
        }
        let Self { length, limit, .. } = self;
        write!(
            f,
            "it began a frame of {length} bytes, and the limit is {limit}"
        )
    }
}

impl std::error::Error for FrameTrouble {}

impl FrameReader {
    /// Returns a reader that takes frames of up to `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            limit,
        }
    }

    /// Takes bytes that came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether nothing came that was not taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Takes the first frame, if it is whole.
    ///
    /// # Errors
    /// When what came is no frame, or one that is too long.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, FrameTrouble> {
        let Some(header) = self.buffer.first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*header);
        let whole = usize::try_from(length)
            .ok()
            .filter(|length| *length <= self.limit);
        let Some(whole) = whole else {
            return Err(FrameTrouble {
                length,
                limit: self.limit,
                seen: self.buffer.iter().take(60).copied().collect(),
            });
        };
        if self.buffer.len() < HEADER + whole {
            return Ok(None);
        }
        let rest = self.buffer.split_off(HEADER + whole);
        let mut taken = std::mem::replace(&mut self.buffer, rest);
        taken.drain(..HEADER);
        Ok(Some(taken))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Guarantees: frames come out as they went in, however the bytes are cut.
        #[test]
        fn frames_survive_any_cut(
            messages in prop::collection::vec("[a-zé🙂]{0,40}", 0..6),
            step in 1usize..20,
        ) {
            let mut bytes = Vec::new();
            for message in &messages {
                bytes.extend(frame(message).unwrap());
            }
            let mut reader = FrameReader::new(1000);
            let mut found: Vec<String> = Vec::new();
            for piece in bytes.chunks(step) {
                reader.push(piece);
                while let Some(taken) = reader.take().unwrap() {
                    found.push(serde_json::from_slice(&taken).unwrap());
                }
            }
            prop_assert_eq!(found, messages);
            prop_assert!(reader.is_empty());
        }

        /// Guarantees: any bytes are a frame, part of one, or trouble; never a panic.
        #[test]
        fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = FrameReader::new(16);
            reader.push(&bytes);
            while let Ok(Some(taken)) = reader.take() {
                prop_assert!(taken.len() <= 16);
            }
        }
    }

    #[test]
    fn trouble_says_what_was_seen() {
        let trouble = |bytes: &[u8]| {
            let mut reader = FrameReader::new(100);
            reader.push(bytes);
            reader.take().unwrap_err().to_string()
        };
        let printed = trouble(b"loading model\n\0\0\0\x02{}");
        assert!(
            printed.contains("it wrote \"loading model\" to its standard output"),
            "{printed}"
        );
        let long = trouble(&[0, 0, 1, 0, 7]);
        assert_eq!(long, "it began a frame of 256 bytes, and the limit is 100");
    }
}

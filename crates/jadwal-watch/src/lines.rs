//! Splits a stream into lines, with a bound on what is held in memory.
//!
//! Blank lines are passed over. A line that is too long is hashed and counted, not held. A byte
//! order mark at the very beginning belongs to no line.

use std::io::{self, BufRead, Write};

use bytes::Bytes;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Capacity that is kept from line to line.
const KEPT_CAPACITY: usize = 1 << 20;

/// A line that is not blank. Spaces before it, and the end of line after it, are not part of it.
#[derive(Debug)]
pub(crate) struct Line {
    /// From 1, blank lines counted.
    pub(crate) number: u64,
    /// Its first byte in the stream.
    pub(crate) start: u64,
    pub(crate) content: Content,
}

/// What a line holds.
#[derive(Debug)]
pub(crate) enum Content {
    Whole(Bytes),
    TooLong { len: u64, hash: blake3::Hash },
}

impl Content {
    /// Returns the number of bytes that are held in memory.
    pub(crate) fn held(&self) -> u64 {
        match self {
            Self::Whole(raw) => raw.len() as u64,
            Self::TooLong { .. } => 0,
        }
    }
}

/// Reads lines.
pub(crate) struct LineReader {
    input: Box<dyn BufRead + Send>,
    at: u64,
    number: u64,
    limit: usize,
    scratch: Vec<u8>,
    /// Of all bytes before `at`.
    hasher: blake3::Hasher,
    /// Whether the last line that was returned had an end of line.
    ended: bool,
}

/// Whether to give up in the middle of a line; then the error is of kind `Interrupted`.
pub(crate) type Stopping<'a> = &'a dyn Fn() -> bool;

impl LineReader {
    /// Reads lines of at most `limit` bytes from `input`.
    pub(crate) fn new(input: Box<dyn BufRead + Send>, limit: u64) -> Self {
        Self {
            input,
            at: 0,
            number: 1,
            limit: usize::try_from(limit).unwrap_or(usize::MAX - 2),
            scratch: Vec::new(),
            hasher: blake3::Hasher::new(),
            ended: true,
        }
    }

    /// Whether the last line that was returned had an end of line; without one it may have been
    /// written in part.
    pub(crate) fn line_ended(&self) -> bool {
        self.ended
    }

    /// Returns the offset of the next unread byte.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Returns the hash of all bytes before the next unread one.
    pub(crate) fn prefix(&self) -> blake3::Hash {
        self.hasher.finalize()
    }

    /// Reads on to byte `target`, or to the end.
    pub(crate) fn skip_to(&mut self, target: u64, stopping: Stopping<'_>) -> io::Result<()> {
        while self.at < target {
            let chunk = fill(&mut *self.input, stopping)?;
            if chunk.is_empty() {
                return Ok(());
            }
            let wanted = usize::try_from(target - self.at).unwrap_or(usize::MAX);
            let taken = chunk.len().min(wanted);
            self.number += memchr::memchr_iter(b'\n', &chunk[..taken]).count() as u64;
            self.consume(taken)?;
        }
        Ok(())
    }

    /// Passes over blanks; returns whether anything follows.
    pub(crate) fn skip_blanks(&mut self, stopping: Stopping<'_>) -> io::Result<bool> {
        loop {
            let chunk = fill(&mut *self.input, stopping)?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let blanks = chunk.iter().take_while(|byte| is_blank(byte)).count();
            let more = blanks < chunk.len();
            self.number += memchr::memchr_iter(b'\n', &chunk[..blanks]).count() as u64;
            self.consume(blanks)?;
            if more {
                return Ok(true);
            }
        }
    }

    /// Returns the next line that is not blank. The bytes of one that is too long go to `long`.
    pub(crate) fn next_line(
        &mut self,
        stopping: Stopping<'_>,
        long: &mut dyn Write,
    ) -> io::Result<Option<Line>> {
        while self.skip_blanks(stopping)? {
            let (mut start, number) = (self.at, self.number);
            let too_long = self.read_line(stopping, long)?;
            let content = match too_long {
                Some((len, hash)) => Content::TooLong { len, hash },
                None => {
                    let mut line = self.scratch.as_slice();
                    if start == 0
                        && let Some(rest) = line.strip_prefix(BYTE_ORDER_MARK)
                    {
                        start += BYTE_ORDER_MARK.len() as u64;
                        line = rest;
                    }
                    Content::Whole(Bytes::copy_from_slice(line))
                }
            };
            self.scratch.clear();
            self.scratch.shrink_to(KEPT_CAPACITY);
            if !matches!(&content, Content::Whole(line) if line.trim_ascii().is_empty()) {
                return Ok(Some(Line {
                    number,
                    start,
                    content,
                }));
            }
        }
        Ok(None)
    }

    /// Reads up to and past the next end of line, into the scratch; if there is no room, returns the
    /// line's length and hash.
    fn read_line(
        &mut self,
        stopping: Stopping<'_>,
        long: &mut dyn Write,
    ) -> io::Result<Option<(u64, blake3::Hash)>> {
        let start = self.at;
        let mut hasher: Option<blake3::Hasher> = None;
        let mut newline = 0;
        while newline == 0 {
            let chunk = fill(&mut *self.input, stopping)?;
            if chunk.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', chunk);
            newline = u64::from(end.is_some());
            let part = &chunk[..end.unwrap_or(chunk.len())];
            if hasher.is_none() && self.scratch.len() + part.len() <= self.limit + 1 {
                self.scratch.extend_from_slice(part);
            } else {
                let hasher = hasher.get_or_insert_with(blake3::Hasher::new);
                for bytes in [std::mem::take(&mut self.scratch).as_slice(), part] {
                    hasher.update(bytes);
                    long.write_all(bytes)?;
                }
            }
            let taken = part.len();
            self.consume(taken)?;
        }
        let len = self.at - start;
        self.ended = newline == 1;
        if self.ended {
            self.consume(1)?;
            self.number += 1;
        }
        match hasher {
            Some(hasher) => Ok(Some((len, hasher.finalize()))),
            None => self.finish_held(long),
        }
    }

    /// Takes the rest of the end of line off the scratch; returns length and hash if it is a byte
    /// too long all the same.
    fn finish_held(&mut self, long: &mut dyn Write) -> io::Result<Option<(u64, blake3::Hash)>> {
        if self.scratch.last() == Some(&b'\r') {
            self.scratch.pop();
        }
        if self.scratch.len() <= self.limit {
            return Ok(None);
        }
        long.write_all(&self.scratch)?;
        let len = self.scratch.len() as u64;
        Ok(Some((len, blake3::hash(&self.scratch))))
    }

    /// Passes `count` bytes that are buffered.
    fn consume(&mut self, count: usize) -> io::Result<()> {
        if count > 0 {
            // Buffered bytes are given again without reading.
            self.hasher.update(&self.input.fill_buf()?[..count]);
            self.input.consume(count);
            self.at += count as u64;
        }
        Ok(())
    }
}

/// Returns the bytes that are buffered, after reading some if there are none.
fn fill<'a>(input: &'a mut dyn BufRead, stopping: Stopping<'_>) -> io::Result<&'a [u8]> {
    if stopping() {
        return Err(io::ErrorKind::Interrupted.into());
    }
    input.fill_buf()
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    /// Reads `input` in pieces of `piece` bytes and shows each line as number, offset, content.
    fn lines(input: &[u8], piece: usize, limit: u64) -> Vec<(u64, u64, String)> {
        let input = io::Cursor::new(input.to_vec());
        let mut reader = LineReader::new(Box::new(BufReader::with_capacity(piece, input)), limit);
        let mut lines = Vec::new();
        let mut long = Vec::new();
        while let Some(line) = reader.next_line(&|| false, &mut long).unwrap() {
            let content = match line.content {
                Content::Whole(line) => String::from_utf8_lossy(&line).into_owned(),
                Content::TooLong { len, hash } => {
                    assert_eq!((len, hash), (long.len() as u64, blake3::hash(&long)));
                    long.clear();
                    format!("<{len}>")
                }
            };
            lines.push((line.number, line.start, content));
        }
        lines
    }

    fn check(input: &str, expected: &[(u64, u64, &str)]) {
        for piece in [1, 2, 3, 7, 1000] {
            let found = lines(input.as_bytes(), piece, 8);
            let found: Vec<_> = found.iter().map(|(n, s, c)| (*n, *s, c.as_str())).collect();
            assert_eq!(found, expected, "{input:?} in pieces of {piece}");
        }
    }

    #[test]
    fn blank_lines_are_passed_over_and_long_ones_are_not_held() {
        check("", &[]);
        check("\n \r\n\t", &[]);
        check("a", &[(1, 0, "a")]);
        check("\n\na\r\n  b\n", &[(3, 2, "a"), (4, 7, "b")]);
        check("\u{feff}ab\nc", &[(1, 3, "ab"), (2, 6, "c")]);
        check("\u{feff}\nc", &[(2, 4, "c")]);
        check(
            "12345678\r\n123456789\nc",
            &[(1, 0, "12345678"), (2, 10, "<9>"), (3, 20, "c")],
        );
        check("1234567890123\r\nc\n", &[(1, 0, "<14>"), (2, 15, "c")]);
    }

    proptest! {
        /// Scenario: any bytes, in pieces of any size; then again from any line on.
        /// Guarantees: the lines do not depend on the pieces, and reading on at a line finds the
        /// same lines with the same numbers.
        #[test]
        fn lines_do_not_depend_on_pieces_and_can_be_resumed(
            input in prop::collection::vec(prop::sample::select(b" \r\nabc\xEF\xBB\xBF".to_vec()), 0..60),
            piece in 1usize..9,
        ) {
            let whole = lines(&input, 1000, 8);
            prop_assert_eq!(&whole, &lines(&input, piece, 8));
            for (index, (_, start, _)) in whole.iter().enumerate() {
                let cursor = io::Cursor::new(input.clone());
                let mut reader = LineReader::new(Box::new(BufReader::new(cursor)), 8);
                reader.skip_to(*start, &|| false).unwrap();
                let line = reader.next_line(&|| false, &mut io::sink()).unwrap().unwrap();
                prop_assert_eq!((line.number, line.start), (whole[index].0, *start));
            }
        }
    }
}

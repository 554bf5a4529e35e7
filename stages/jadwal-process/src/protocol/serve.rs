//! The child's side of the protocol, in Rust.

use std::io::{self, Read, Write};

use jadwal_core::guest::{Declaration, Reply};
use serde::de::DeserializeOwned;

use super::{Answer, FrameReader, Ready, Refused, Replies, ToChild, VERSION, frame};

/// Answers on standard input and output until there is nothing more to do.
///
/// `start` is given the stage's options, and returns what the stage says of itself with the function
/// that works, or why it won't start. `D` is the part of a document's view that it needs.
///
/// # Errors
/// When standard input or output breaks, or a message is not understood.
pub fn serve<D, S, W>(start: S) -> io::Result<()>
where
    D: DeserializeOwned,
    S: FnMut(serde_json::Value) -> Result<(Declaration, W), String>,
    W: FnMut(D) -> Reply,
{
    serve_on(io::stdin().lock(), io::stdout().lock(), start)
}

/// Like [`serve`], on other ends.
///
/// # Errors
/// As [`serve`].
pub fn serve_on<D, S, W>(
    mut input: impl Read,
    mut output: impl Write,
    mut start: S,
) -> io::Result<()>
where
    D: DeserializeOwned,
    S: FnMut(serde_json::Value) -> Result<(Declaration, W), String>,
    W: FnMut(D) -> Reply,
{
    let mut reader = FrameReader::new(u32::MAX as usize);
    let mut worker = None;
    while let Some(message) = next(&mut input, &mut reader)? {
        let answer = match serde_json::from_slice::<ToChild<D>>(&message)? {
            ToChild::Hello(hello) => match start(hello.options.into()) {
                Ok((stage, work)) => {
                    worker = Some(work);
                    Answer::Ready(Ready {
                        protocol: VERSION,
                        stage,
                    })
                }
                Err(reason) => Answer::Refused(Refused { reason }),
            },
            ToChild::Batch(batch) => {
                let work = worker.as_mut();
                let work = work.ok_or_else(|| io::Error::other("a batch came before the hello"))?;
                Answer::Replies(Replies {
                    number: batch.number,
                    replies: batch.documents.into_iter().map(work).collect(),
                })
            }
        };
        output.write_all(&frame(&answer)?)?;
        output.flush()?;
    }
    Ok(())
}

/// Reads the next frame; `None` at the end of the input.
fn next(input: &mut impl Read, reader: &mut FrameReader) -> io::Result<Option<Vec<u8>>> {
    let mut piece = [0; 65_536];
    loop {
        if let Some(frame) = reader.take().map_err(io::Error::other)? {
            return Ok(Some(frame));
        }
        match input.read(&mut piece)? {
            0 if reader.is_empty() => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => reader.push(&piece[..length]),
        }
    }
}

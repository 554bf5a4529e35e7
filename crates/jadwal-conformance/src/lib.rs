//! Tries a stage from outside, of whatever kind and in whatever language, and says what it breaks.
//!
//! `jadwal test-stage` prints the findings; `jadwal-testkit` offers the same to `cargo test`. What is
//! tried: options, any text in every script, spans on character boundaries, raw bytes left alone, the
//! same answer again, in another order, in other company and after a call that was dropped.
//!
//! A stage may drop any document. One that *fails* on a text is reported: whatever the text, it is no
//! mistake of the user's. Nothing here panics, whatever the stage does, unless the stage itself does.

mod checks;
mod samples;
#[cfg(test)]
mod tests;
mod trial;

pub use checks::{Finding, Subject, check, check_options};
pub use samples::{Sample, samples};

//! Components of good and of bad will, run as stages.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests; clippy only knows functions marked as tests"
)]

mod good;
mod hostile;
mod lab;
mod phones;
mod pipeline;
mod starting;
mod taggers;

//! The stage with real children: Python by hand, Python and JavaScript through their SDKs.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests; clippy only knows functions marked as tests"
)]

mod bench;
mod children;
mod hostile;
mod sdks;

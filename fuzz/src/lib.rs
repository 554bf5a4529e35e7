//! What must hold for any bytes, one function a fuzz target.
//!
//! Each module's `check` takes what a stranger could have written and panics where the machine breaks
//! a promise; refusing the bytes is always allowed. The same files are compiled into an ordinary test
//! of the workspace (`crates/jadwal-bench/tests/fuzz_bodies.rs`), so they can't rot.

pub mod config;
pub mod decode;
pub mod json_lines;

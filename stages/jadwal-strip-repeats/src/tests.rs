//! The stage as the runtime drives it, against a store in memory.

mod lab;
mod laws;
mod learning;
mod lines;
mod sites;
mod state;

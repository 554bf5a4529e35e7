//! The folder source seen from outside: a real folder, a ledger in memory, a scripted pipeline.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests; clippy only knows functions marked as tests"
)]

mod batch;
mod daemon;
mod failing;
mod jsonl;
mod lab;
mod ledger;
mod model;
mod settle;
mod stdin;
mod strange;

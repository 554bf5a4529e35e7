//! The crash oracle: files are dropped into a running daemon that is killed again and again; at the
//! end the output must be what an undisturbed batch writes, and every file must be accounted for.
//!
//! Everything is checked from outside: the output, the quarantine, the folders, and the ledger as
//! `jadwal state ls` prints it. `JADWAL_SEED=n` repeats a run, `JADWAL_KILLS=n` sets how often each of
//! the random tests kills. The seed and the kills are printed.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests fail and tell like tests; clippy only knows functions marked as tests"
)]

mod drops;
mod full_disk;
mod hand_runs;
mod kills;
mod load;
mod machine;
mod oracle;
#[path = "../harness/place.rs"]
#[expect(dead_code, reason = "the tests in `it` use all of it")]
mod place;
mod plugins;
mod points;
mod random;
mod troubles;
#[path = "../harness/wait.rs"]
mod wait;

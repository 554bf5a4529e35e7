//! The `jadwal` binary: the built-in stages and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    jadwal::main(jadwal::Registry::builtin())
}

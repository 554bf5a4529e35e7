//! The `jadwal` command line with the stage `my_stage` in it.

use std::process::ExitCode;

fn main() -> ExitCode {
    jadwal::main(jadwal::Registry::builtin().with::<my_stage::MyStage>())
}

//! Appends records to durable JSON Lines segments.
//!
//! Each document that gets here becomes one line. A batch is on disk before it is acknowledged, and
//! a crash at any instant is taken back at the next start: the output then holds each committed
//! record once, no half line, no double line. Its bytes depend on the records alone, not on batch
//! sizes or restarts. The argument is in `segments.rs`.
//!
//! | file name ends in | a reader finds |
//! |---|---|
//! | `.jsonl` or anything else | lines as they are written; those past the last commit may be cut by a restart |
//! | `.gz`, `.zst` | complete frames of 1 MiB of lines; the rest when the pipeline ends |
//!
//! While a packed output grows, the lines of its last frame are in a hidden file beside it (`names.rs`
//! lists them all): end the pipeline before the output is moved, or move both.
//!
//! Standard output (`path = "-"`) gets plain lines and can't be cut back: at least once.
//!
//! [`RecordBuilder`] makes the row of any document, without writing it.

mod card;
mod claim;
mod code_points;
mod commits;
mod console;
mod disk;
mod emit_stage;
mod error;
mod leaving;
mod line_maker;
mod lines;
mod names;
mod options;
mod packing;
mod position;
mod record;
mod record_builder;
mod recovery;
mod segments;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jadwal_core::{BuildError, BuiltStage, Fact, Problem, StageDeps, StageSpec};

pub use crate::error::OutputError;
pub use crate::options::{EmitOptions, IfExists};
pub use crate::record::{
    BlockRow, EntityRow, Metadata, Record, RemovedRow, RepairRow, SegmentRow, record_schema,
};
pub use crate::record_builder::{RecordBuilder, RecordError};

use crate::card::Card;
use crate::console::Console;
use crate::disk::LocalDisk;
use crate::emit_stage::{EmitStage, Files, Output};
use crate::line_maker::LineMaker;
use crate::lines::Lines;
use crate::names::OutputNames;
use crate::packing::FRAME_BYTES;
use crate::segments::{Segments, SegmentsConfig};

/// The stage `emit`.
#[derive(Clone, Copy, Debug)]
pub struct Emit;

impl StageSpec for Emit {
    const KIND: &'static str = "emit";
    const SUMMARY: &'static str = "Appends records to durable JSON Lines segments";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const NEEDS: &'static [Fact] = &[Fact::Text];
    const GIVES: &'static [Fact] = &[Fact::Record];
    type Options = EmitOptions;

    fn check(options: &EmitOptions) -> Result<(), Vec<Problem>> {
        let problems = options.problems();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn exactly_once(options: &EmitOptions) -> bool {
        !options.to_standard_output()
    }

    fn build(options: EmitOptions, deps: &StageDeps) -> Result<BuiltStage, BuildError> {
        let output = if options.to_standard_output() {
            Output::Console(Console::new(std::io::stdout()))
        } else {
            Output::Files(Box::new(files(options, deps)?))
        };
        Ok(BuiltStage::stage(EmitStage {
            maker: Arc::new(LineMaker {
                builder: RecordBuilder::new(Arc::clone(&deps.pipeline), deps.clock.clone()),
            }),
            lines: Lines::default(),
            output,
        }))
    }
}

fn files(options: EmitOptions, deps: &StageDeps) -> Result<Files, BuildError> {
    let path: PathBuf = deps.base_dir.join(&options.path);
    require_file(&path)?;
    let names = OutputNames::new(&path);
    let card = options.card.then(|| Card::new(&names, &deps.pipeline.name));
    let config = SegmentsConfig {
        names,
        packing: options.packing(),
        frame_bytes: FRAME_BYTES as u64,
        roll_bytes: options.roll_bytes.bytes(),
        if_exists: options.if_exists,
        owner: format!("{}/{}", deps.pipeline.name, deps.stage),
        base_dir: deps.base_dir.clone(),
        compression_level: options.compression_level,
        path: options.path,
    };
    let segments = Segments::new(config, Box::new(LocalDisk));
    Ok(Files { segments, card })
}

/// Refuses what is there but can't be cut: a folder, a pipe, a device.
fn require_file(path: &Path) -> Result<(), BuildError> {
    match path.metadata() {
        Ok(found) if !found.is_file() => Err(BuildError::new(
            format!("use `{}` as the output", path.display()),
            "it is not a regular file; for standard output write `path = \"-\"`",
        )),
        // A file that is missing, or can't be looked at, is for `restore` to make or to report.
        _ => Ok(()),
    }
}

//! Hashes the files that stages read beside their options, so that records tell which lists and models
//! made them.

use std::fs::File;
use std::io;
use std::path::Path;

use jadwal_config::{Plan, PlannedStage, StageFiles};
use jadwal_core::BuildError;

use crate::failure::Failure;

/// Hashes the files that the stages of `plan` name; sinks decide about no record.
pub(crate) fn stage_files(plan: &Plan) -> Result<StageFiles, Failure> {
    let mut files = StageFiles::new();
    for stage in plan.stages.iter().filter(|stage| !stage.is_sink()) {
        let hashes = hashes(stage, &plan.base_dir)
            .map_err(|error| Failure::doing(format!("build the stage `{}`", stage.id), error))?;
        if !hashes.is_empty() {
            files.insert(stage.id.clone(), hashes);
        }
    }
    Ok(files)
}

fn hashes(stage: &PlannedStage, base_dir: &Path) -> Result<Vec<String>, BuildError> {
    let files = stage.spec.files(&stage.options);
    let hash = |file| {
        let path = base_dir.join(file);
        hash_of(&path).map_err(|error| BuildError::new(format!("read `{}`", path.display()), error))
    };
    files.iter().map(hash).collect()
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex()[..16].to_owned())
}

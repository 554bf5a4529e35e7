//! Where sinks write: what can't be written to, and what is not read for its sake.

use std::path::{Path, PathBuf};

use jadwal_config::Plan;
use jadwal_watch::Root;
use tracing::warn;

use crate::assemble::source_root;
use crate::failure::Failure;

/// Folders that Jadwal itself writes to: they are never read as input.
pub(crate) fn own_folders(plan: &Plan, roots: &[Root]) -> Result<Vec<PathBuf>, Failure> {
    if let Some(bad) = read_output(plan, roots) {
        return Err(Failure::usage(bad.message).with_hint(bad.hint));
    }
    let folders = outputs(plan).into_iter();
    let folders = folders.filter_map(|(_, path)| Some(path.parent()?.to_owned()));
    let own = [&plan.state, &plan.quarantine, &plan.source.done_dir];
    Ok(folders.chain(own.into_iter().cloned()).collect())
}

/// An output that can't be written to.
pub(crate) struct BadOutput<'a> {
    pub(crate) stage: &'a str,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}

/// Returns an output of `plan` that every run would refuse.
pub(crate) fn bad_output(plan: &Plan) -> Option<BadOutput<'_>> {
    shared_output(plan).or_else(|| read_output(plan, &[source_root(&plan.source)]))
}

/// Returns an output that lies right in a folder that is read.
fn read_output<'a>(plan: &'a Plan, roots: &[Root]) -> Option<BadOutput<'a>> {
    let is_read = |path: &Path| roots.iter().any(|root| path.parent() == Some(&root.path));
    let (stage, path) = outputs(plan).into_iter().find(|(_, path)| is_read(path))?;
    Some(BadOutput {
        stage,
        message: format!(
            "the output `{}` lies in the folder that is read",
            path.display()
        ),
        hint: "records would be read as documents; choose another `path` for the output",
    })
}

/// Says so where documents lie beside an output, for they are not read.
pub(crate) fn warn_of_unread(plan: &Plan, roots: &[Root]) {
    let outputs = outputs(plan);
    let ours: Vec<_> = outputs.iter().map(|(_, path)| family(path)).collect();
    let is_foreign = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_file = path.is_file() && !name.starts_with('.') && name != "README.md";
        is_file && !ours.contains(&family(path))
    };
    let folders = outputs.iter().filter_map(|(_, path)| path.parent());
    for folder in folders.filter(|folder| roots.iter().any(|root| folder.starts_with(&root.path))) {
        let Ok(entries) = folder.read_dir() else {
            continue;
        };
        if let Some(entry) = entries.flatten().find(|entry| is_foreign(&entry.path())) {
            let (folder, file) = (folder.display(), entry.file_name());
            warn!(%folder, file = %file.display(), "files beside the output are not read");
        }
    }
}

/// Two sinks that cut and append the same file, or one whose segments are the other's file, would
/// destroy each other's records.
pub(crate) fn shared_output(plan: &Plan) -> Option<BadOutput<'_>> {
    let outputs = outputs(plan).into_iter();
    let mut families: Vec<_> = outputs
        .map(|(stage, path)| (family(&path), stage))
        .collect();
    families.sort();
    let shared = families.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
    let (family, stage) = &shared[1];
    Some(BadOutput {
        stage,
        message: format!("two sinks write to `{}`", family.display()),
        hint: "give each sink a `path` of its own",
    })
}

/// The first segment of the output that `path` belongs to, under the real name of its folder.
fn family(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    let folder = folder
        .canonicalize()
        .unwrap_or_else(|_| folder.components().collect());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (stem, ending) = name.split_once('.').unwrap_or((&name, ""));
    let is_number =
        |number: &str| number.len() >= 5 && number.bytes().all(|digit| digit.is_ascii_digit());
    let first = match stem.rsplit_once('-') {
        Some((first, number)) if is_number(number) => first,
        _ => stem,
    };
    folder.join(format!("{first}.{ending}"))
}

/// Files that sinks write to, as far as their options tell, with the ids of the sinks.
pub(crate) fn outputs(plan: &Plan) -> Vec<(&str, PathBuf)> {
    let sinks = plan.stages.iter().filter(|stage| stage.is_sink());
    sinks
        .filter_map(|stage| Some((stage.id.as_str(), stage.options.get("path")?.as_str()?)))
        .filter(|(_, path)| *path != "-")
        .map(|(id, path)| (id, plan.base_dir.join(path)))
        .collect()
}

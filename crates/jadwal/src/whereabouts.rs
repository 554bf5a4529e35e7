//! Where the file of a document that the ledger knows may lie now.

use std::path::PathBuf;

use jadwal_config::Plan;
use jadwal_core::Document;
use jadwal_core::source::Refused;
use jadwal_core::state::DocumentRow;
use jadwal_watch::{escaped_paths, names_when_done};

use crate::assemble::World;
use crate::failure::Failure;
use crate::settings::clock;
use crate::walkthrough::read_file;

/// What a file holds in one place.
type Record = Result<Document, Refused>;

/// Returns the file of `row` and its document, or why the source refuses it; `None` where the file is
/// gone or holds something else now.
pub(crate) fn find(plan: &Plan, row: &DocumentRow) -> Result<Option<(PathBuf, Record)>, Failure> {
    for path in candidates(plan, row) {
        let world = World::forgetful(clock()?, 1, true);
        let id = |record: &Record| match record {
            Ok(doc) => doc.id(),
            Err(refused) => refused.id,
        };
        let mut records = read_file(plan, &path, &world)?.into_iter();
        if let Some(record) = records.find(|record| id(record) == row.id) {
            return Ok(Some((path, record)));
        }
    }
    Ok(None)
}

/// Files below the source, among those that are done, and from here, as `batch` was told their names.
fn candidates(plan: &Plan, row: &DocumentRow) -> Vec<PathBuf> {
    let (source, done) = (&plan.source.path, &plan.source.done_dir);
    let paths = escaped_paths(&row.file_path).into_iter();
    let candidates = paths.flat_map(|path| {
        let in_source = [source.join(&path)];
        let when_done = names_when_done(done, &path).collect::<Vec<_>>();
        in_source.into_iter().chain(when_done).chain([path])
    });
    candidates.filter(|path| path.is_file()).collect()
}

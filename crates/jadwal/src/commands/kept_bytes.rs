//! The part of `jadwal state verify` that looks at the bytes which the quarantine keeps.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::Path;

use jadwal_config::Plan;
use jadwal_core::DocumentId;
use jadwal_core::state::DocumentRow;
use jadwal_runtime::Quarantine;
use jadwal_store::Store;

use crate::failure::Failure;
use crate::terminal::plain;

/// Reads what is kept of each quarantined document of the ledger, and returns what is wrong.
pub(super) fn verify(store: &Store, plan: &Plan) -> Result<Vec<String>, Failure> {
    let quarantine = Quarantine::new(plan.quarantine.clone());
    let (mut problems, mut sound) = (Vec::new(), HashSet::new());
    store.visit_documents(|row| {
        if row.fate == "quarantined" && !sound.contains(&row.id) {
            match flaw(&quarantine, &row)? {
                Some(flaw) => problems.push(format!(
                    "document {}, `{}#{}`, is quarantined, but {flaw}",
                    row.id,
                    plain(&row.file_path),
                    row.record_index
                )),
                None => {
                    sound.insert(row.id);
                }
            }
        }
        Ok::<_, Failure>(())
    })?;
    Ok(problems)
}

fn flaw(quarantine: &Quarantine, row: &DocumentRow) -> Result<Option<String>, Failure> {
    let Some(raw) = quarantine.raw_path(row.id) else {
        return Ok(None);
    };
    match id_of(&raw) {
        Ok(id) if id != row.id => {
            return Ok(Some(format!("`{}` holds other bytes", raw.display())));
        }
        Ok(_) => {}
        Err(error) => {
            return Ok(Some(format!("`{}` can't be read: {error}", raw.display())));
        }
    }
    let entry = quarantine
        .entry(row.id)
        .map_err(|error| Failure::doing("read the quarantine", error))?;
    let is_told = entry.is_some_and(|entry| !entry.occurrences.is_empty());
    Ok((!is_told).then(|| format!("`{}.json` does not tell why", raw.display())))
}

fn id_of(path: &Path) -> io::Result<DocumentId> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(DocumentId::from_hash(&hasher.finalize()))
}

//! Looks into what the stage stored: what `jadwal state verify` and `compact` ask of it.

use std::ops::ControlFlow;

use jadwal_core::state::{StateError, StateRead};

use crate::keys::Holder;
use crate::near::check_header;
use crate::options::DedupOptions;
use crate::row::{Bytes, HEADER_KEY, Row, row_key, row_seq};
use crate::table::GENERATION;

/// What an inspection found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Keys of exact copies.
    pub exact: u64,
    /// Rows for near search.
    pub near: u64,
    /// Bytes of those rows.
    pub near_bytes: u64,
    /// Clusters with two members or more.
    pub clusters: u64,
    /// Keys of rows that no document from the next one on can reach.
    pub out_of_reach: Vec<Vec<u8>>,
    /// What is wrong, one line each.
    pub problems: Vec<String>,
}

/// Reads everything that the stage `stage` with `options` stored; `next_seq` is the next admission
/// number.
///
/// # Errors
/// When the store can't be read; what can't be understood is listed in the inspection.
pub fn inspect(
    state: &dyn StateRead,
    stage: &str,
    options: &DedupOptions,
    next_seq: u64,
) -> Result<Inspection, StateError> {
    let mut found = Inspection::default();
    let reached = (next_seq / GENERATION).saturating_sub(options.generations()) * GENERATION;
    let mut has_header = false;
    state.scan(stage, &[][..]..&[0xFF][..], &mut |key, value| {
        let sound = match key.first() {
            Some(b'r' | b't') if key.len() == 33 => {
                found.exact += 1;
                Holder::decode(value).is_ok()
            }
            Some(b'n') => {
                found.near += 1;
                found.near_bytes += (key.len() + value.len()) as u64;
                if *key < row_key(reached)[..] {
                    found.out_of_reach.push(key.to_vec());
                }
                row_seq(key).is_some() && Row::decode(value).is_ok()
            }
            Some(b'c') if key.len() == 17 => {
                found.clusters += 1;
                Bytes(value).number().is_some_and(|members| members > 1)
            }
            _ if key == HEADER_KEY => {
                has_header = true;
                check_header(Some(value)).is_ok()
            }
            _ => false,
        };
        if !sound {
            let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            let problem = format!("`{stage}` can't read what it stored under {key}");
            found.problems.push(problem);
        }
        ControlFlow::Continue(())
    })?;
    if found.near > 0 && !has_header {
        let problem = format!("`{stage}` has sketches and no header that says how they were made");
        found.problems.push(problem);
    }
    Ok(found)
}

//! The part of `jadwal state` that knows what `dedup` stores.
//!
//! Every other stage's keys are bytes to the store. A binary without `dedup` has nothing to look into.

use jadwal_config::Plan;
use jadwal_store::Store;

use crate::failure::Failure;

/// Reads the index of each `dedup` stage of `plan`, prints what is in it, and returns what is wrong.
#[cfg(feature = "dedup")]
pub(crate) fn verify(store: &Store, plan: &Plan) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for (stage, found) in inspections(store, plan)? {
        crate::terminal::out(format_args!(
            "`{stage}`: {} keys of equal texts, {} sketches of {} bytes ({} out of reach), {} clusters",
            found.exact,
            found.near,
            found.near_bytes,
            found.out_of_reach.len(),
            found.clusters
        ));
        problems.extend(found.problems);
    }
    Ok(problems)
}

/// Forgets the sketches that no document to come can reach.
#[cfg(feature = "dedup")]
pub(crate) fn forget_out_of_reach(store: &Store, plan: &Plan) -> Result<(), Failure> {
    for (stage, found) in inspections(store, plan)? {
        store.forget_keys(&stage, &found.out_of_reach)?;
    }
    Ok(())
}

#[cfg(feature = "dedup")]
fn inspections(
    store: &Store,
    plan: &Plan,
) -> Result<Vec<(String, jadwal_dedup::Inspection)>, Failure> {
    use jadwal_core::StageSpec;
    use jadwal_core::state::StateStore;

    let next_seq = store.next_seq().map_err(Failure::fatal)?;
    let stages = plan.stages.iter();
    stages
        .filter(|stage| stage.kind == jadwal_dedup::Dedup::KIND)
        .map(|stage| {
            let doing = || format!("read what `{}` stored", stage.id);
            let options = serde_json::from_value(stage.options.clone())
                .map_err(|error| Failure::doing(doing(), error))?;
            let found = jadwal_dedup::inspect(store, &stage.id, &options, next_seq)
                .map_err(|error| Failure::doing(doing(), error))?;
            Ok((stage.id.clone(), found))
        })
        .collect()
}

/// Finds nothing: this binary has no `dedup`.
#[cfg(not(feature = "dedup"))]
pub(crate) fn verify(_: &Store, _: &Plan) -> Result<Vec<String>, Failure> {
    Ok(Vec::new())
}

/// Does nothing: this binary has no `dedup`.
#[cfg(not(feature = "dedup"))]
pub(crate) fn forget_out_of_reach(_: &Store, _: &Plan) -> Result<(), Failure> {
    Ok(())
}

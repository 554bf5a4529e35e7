//! The stage keeps the contract that every stage keeps.

use jadwal_strip_repeats::StripRepeats;

#[test]
fn the_stage_keeps_the_contract() {
    jadwal_testkit::check_stage::<StripRepeats>();
}

#[test]
fn the_stage_conforms() {
    let options = serde_json::json!({ "lag": 1, "min_documents": 1 });
    jadwal_testkit::assert_conforms::<StripRepeats>(&options, std::path::Path::new("."));
}

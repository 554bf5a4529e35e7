//! The stage keeps the contract that every stage keeps.

#[test]
fn the_stage_keeps_the_contract() {
    jadwal_testkit::check_stage::<jadwal_detect_language::DetectLanguage>();
}

//! Documents that are made by the binary are golden files: they must not drift from it.

use expect_test::expect_file;

use crate::place::Place;
use crate::repository::{read, repository};

fn made_by(args: &[&str]) -> String {
    Place::empty().jadwal(args).run().expect(0).text()
}

#[test]
fn the_reference_of_stages() {
    expect_file![repository("docs/stages.md")].assert_eq(&made_by(&["stages", "--markdown"]));
}

#[test]
fn the_schema_of_the_configuration() {
    expect_file![repository("docs/pipeline.schema.json")].assert_eq(&made_by(&["schema"]));
}

#[test]
fn the_schema_of_the_record() {
    expect_file![repository("docs/record.schema.json")]
        .assert_eq(&made_by(&["schema", "--record"]));
}

/// Every command that the example names in its comments is one, and the example is good.
#[test]
fn the_example_is_good_and_its_tests_pass() {
    let place = Place::empty();
    place.write("pipeline.toml", read("pipeline.toml"));
    let checked = place.jadwal(["check"]).run().expect(0);
    assert!(checked.err.is_empty(), "{}", checked.err);
    let tested = place.jadwal(["test"]).run().expect(0).text();
    assert!(
        tested.contains("login lines go, the story stays ... ok"),
        "{tested}"
    );
}

/// What the example's comments call defaults are the defaults.
#[test]
fn the_example_spells_the_defaults_out() {
    let place = Place::empty();
    place.write("pipeline.toml", read("pipeline.toml"));
    let with = place.jadwal(["graph"]).run().expect(0).text();
    std::fs::write(place.path("pipeline.toml"), "").unwrap();
    assert_eq!(place.jadwal(["graph"]).run().expect(0).text(), with);
}

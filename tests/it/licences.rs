//! Everything that is linked, built with or tested with has a licence that `deny.toml` allows.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::repository::{read, repository};

/// Reads the list `allow` of `deny.toml`.
fn allowed() -> BTreeSet<String> {
    let page = read("deny.toml");
    let (_, list) = page.split_once("\nallow = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let quoted = list.split('"').skip(1).step_by(2);
    quoted.map(ToOwned::to_owned).collect()
}

/// Returns each package of the lock file with its licence expression, as cargo knows them.
fn packages() -> Vec<(String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let args = ["metadata", "--format-version", "1", "--offline", "--locked"];
    // A package for another system need not be there; those for this one are.
    let target = "--filter-platform=x86_64-unknown-linux-gnu";
    let output = Command::new(cargo)
        .args(args)
        .arg(target)
        .current_dir(repository(""))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| (text(&package["name"]), text(&package["license"])))
        .collect()
}

/// Whether one choice that `licence` leaves is allowed in all its parts.
fn is_allowed(licence: &str, allowed: &BTreeSet<String>) -> bool {
    // Old packages write `MIT/Apache-2.0`.
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) => expression.evaluate(|asked| allowed.contains(&asked.to_string())),
        Err(_) => false,
    }
}

#[test]
fn every_dependency_is_under_a_permissive_licence() {
    let (allowed, packages) = (allowed(), packages());
    assert!(packages.len() > 100, "{}", packages.len());
    let refused: Vec<_> = packages
        .iter()
        .filter(|(_, licence)| !is_allowed(licence, &allowed))
        .collect();
    assert!(refused.is_empty(), "deny.toml does not allow {refused:?}");
}

#[test]
fn a_choice_is_allowed_when_one_side_is_and_a_sum_when_both_are() {
    let allowed = allowed();
    for (licence, expected) in [
        ("MIT OR GPL-3.0-only", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT AND GPL-3.0-only", false),
        ("AGPL-3.0-or-later", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(licence, &allowed), expected, "{licence}");
    }
}

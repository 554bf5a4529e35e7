//! What lies in `deploy/` is checked as far as that goes without a service manager or an engine for
//! containers.

use std::process::Command;

use crate::place::Place;
use crate::repository::{assert_contains, read, repository};

#[test]
fn the_production_configuration_is_good() {
    let place = Place::empty();
    let config = repository("deploy/pipeline.toml").into_os_string();
    let checked = place
        .jadwal(["check".into(), "--config".into(), config.clone()])
        .run()
        .expect(0);
    assert!(checked.err.is_empty(), "{}", checked.err);
    let graph = place
        .jadwal(["graph".into(), "--config".into(), config])
        .run()
        .expect(0)
        .text();
    assert_contains(
        &graph,
        &[
            "/var/lib/jadwal/inbox",
            "/var/lib/jadwal/state",
            "/var/lib/jadwal/quarantine",
        ],
    );
}

/// The value of `key` in a unit.
fn unit_value<'a>(unit: &'a str, key: &str) -> &'a str {
    let line = unit
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("the unit sets no {key}"))
}

#[test]
fn the_unit_passes_the_service_managers_own_check() {
    let unit = read("deploy/jadwal.service");
    let installed = "/usr/local/bin/jadwal";
    assert!(unit_value(&unit, "ExecStart").starts_with(installed));
    let place = Place::empty();
    // The binary is not installed here, and its user is not made.
    let here = unit.replace(installed, env!("CARGO_BIN_EXE_jadwal"));
    let here = here
        .replace("User=jadwal", "User=root")
        .replace("Group=jadwal", "Group=root");
    place.write("jadwal.service", here);
    let verify = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(place.path("jadwal.service"))
        .output();
    let Ok(verify) = verify else {
        println!("SKIPPED: there is no systemd-analyze here");
        return;
    };
    let said = String::from_utf8_lossy(&verify.stderr);
    assert!(
        verify.status.success() && !said.contains("jadwal.service"),
        "{said}"
    );
}

#[test]
fn the_unit_and_the_configuration_agree() {
    let unit = read("deploy/jadwal.service");
    let config = read("deploy/pipeline.toml");
    assert_contains(&config, &["drain_timeout = \"60s\""]);
    assert_eq!(unit_value(&unit, "TimeoutStopSec"), "90s");
    assert_eq!(unit_value(&unit, "RestartPreventExitStatus"), "2");
    assert_contains(unit_value(&unit, "ExecReload"), &["-HUP $MAINPID"]);
    assert_eq!(unit_value(&unit, "User"), "jadwal");
    for folder in ["inbox", "out", "done"] {
        assert_contains(
            unit_value(&unit, "StateDirectory"),
            &[&format!("jadwal/{folder}")],
        );
        assert_contains(&config, &[&format!("\"/var/lib/jadwal/{folder}")]);
    }
    assert_eq!(unit_value(&unit, "ProtectSystem"), "strict");
    // PID files, sockets and networks are not needed.
    assert_eq!(unit_value(&unit, "RestrictAddressFamilies"), "none");
}

#[test]
fn the_image_is_built_in_stages_and_runs_as_nobody_special() {
    let file = read("deploy/Dockerfile");
    let instructions: Vec<_> = file.lines().filter(|line| !line.starts_with('#')).collect();
    let of = |name: &str| -> Vec<&str> {
        let found = instructions
            .iter()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.collect()
    };
    assert!(of("FROM").len() >= 2, "one stage only");
    assert!(
        of("FROM")
            .iter()
            .all(|image| !image.ends_with(":latest") && image.contains(':'))
    );
    let toolchain = read("rust-toolchain.toml");
    let version = toolchain
        .split('"')
        .find(|part| part.starts_with("1."))
        .unwrap();
    let image = of("FROM")[0].strip_prefix("rust:").unwrap();
    let tag = image.split('-').next().unwrap();
    assert!(
        version.starts_with(tag),
        "rust {tag} in the image, {version} here"
    );
    let user = of("USER").last().copied().expect("it runs as root");
    assert!(
        user.split(':')
            .all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)),
        "{user}"
    );
    let last_stage = file.rsplit("\nFROM ").next().unwrap();
    assert!(
        last_stage.contains("\nUSER "),
        "the last stage runs as root"
    );
    for copied in of("COPY")
        .iter()
        .filter(|copy| !copy.starts_with("--from") && **copy != ". .")
    {
        let source = copied.split_whitespace().next().unwrap();
        assert!(
            repository(source).exists(),
            "`{source}` is copied but is not there"
        );
    }
    assert_eq!(of("STOPSIGNAL"), ["SIGTERM"]);
    assert_contains(of("ENTRYPOINT")[0], &["jadwal"]);
}

#[test]
fn the_commands_of_the_image_are_commands() {
    let file = read("deploy/Dockerfile");
    let list = |text: &str| -> Vec<String> { serde_json::from_str(text).unwrap() };
    let after = |start: &str| {
        file.lines()
            .find_map(|line| line.strip_prefix(start))
            .unwrap()
    };
    let health = after("HEALTHCHECK ").split_once("CMD ").unwrap().1;
    let (health, run) = (list(health), list(after("CMD ")));
    let place = Place::empty();
    for args in [&health[1..], &run] {
        // Parsed in full before the help is shown, so a wrong flag is found.
        let args = args.iter().map(String::as_str).chain(["--help"]);
        place.jadwal(args).run().expect(0);
    }
}

#[test]
fn the_compose_file_fits_the_image() {
    let file = read("deploy/compose.yaml");
    assert!(!file.contains('\t'), "YAML knows no tabs");
    assert_contains(
        &file,
        &[
            "dockerfile: deploy/Dockerfile",
            "context: ..",
            "read_only: true",
            "cap_drop: [ALL]",
            "no-new-privileges:true",
            "jadwal-data:/var/lib/jadwal",
            "stop_grace_period: 90s",
        ],
    );
    assert_contains(
        &read("deploy/Dockerfile"),
        &["VOLUME [\"/var/lib/jadwal\"]"],
    );
    assert!(!file.contains("privileged: true") && !file.contains("user: root"));
}

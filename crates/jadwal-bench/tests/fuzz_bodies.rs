//! The promises that the fuzz targets hold, over their seeds: built and held without a fuzzer.

#[path = "../../../fuzz/src/config.rs"]
#[expect(unreachable_pub, reason = "it is public in the fuzzing crate")]
mod config;
#[path = "../../../fuzz/src/decode.rs"]
#[expect(unreachable_pub, reason = "it is public in the fuzzing crate")]
mod decode;
#[path = "../../../fuzz/src/json_lines.rs"]
#[expect(unreachable_pub, reason = "it is public in the fuzzing crate")]
mod json_lines;

use std::fs;
use std::path::Path;

/// Holds each seed of `target`, and each seed cut short at some places, against `check`.
fn check_seeds(target: &str, check: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let mut count = 0;
    for seed in fs::read_dir(&seeds).expect("the seeds are checked in") {
        let path = seed.expect("a folder can be listed").path();
        eprintln!("{}", path.display());
        let bytes = fs::read(&path).expect("a seed can be read");
        check(&bytes);
        for eighth in 1..8 {
            check(&bytes[..bytes.len() * eighth / 8]);
        }
        count += 1;
    }
    assert!(count > 0, "there are no seeds in `{}`", seeds.display());
}

#[test]
fn decoding_keeps_its_promises() {
    check_seeds("decode", decode::check);
}

#[test]
fn json_lines_keep_their_promises() {
    check_seeds("json_lines", json_lines::check);
}

#[test]
fn configurations_keep_their_promises() {
    check_seeds("config", config::check);
}

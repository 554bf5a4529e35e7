//! Any text: no panic, places that are true, options that are looked at; and time that grows with the
//! text alone.

use std::time::{Duration, Instant};

use jadwal_core::spec::ErasedSpec;
use jadwal_core::{Document, StageRegistry, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::StripRepeats;
use crate::options::StripRepeatsOptions;
use crate::tests::lab::{Lab, eager};

/// Returns a lab in which every line of `lines` is a repeat.
fn taught(lines: &[&str]) -> Lab {
    let mut lab = Lab::new(StripRepeatsOptions {
        min_documents: 2,
        min_share: 0.0,
        ..eager()
    });
    for n in ["ا", "ب", "ت", "ث", "ج", "ح", "خ", "د", "ذ", "ر"] {
        lab.pass("desk", &format!("{}\n{n}", lines.join("\n")));
    }
    lab
}

fn offered(lab: &mut Lab, text: &str) -> Document {
    let mut doc = lab.document("desk", text);
    assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
    doc
}

proptest! {
    /// Guarantees: what stays and what went together are the text; every byte that stays came from the
    /// byte that the origin map says; every line that stays whole was no repeat.
    #[test]
    fn any_mix_of_lines_is_cut_true(
        picks in prop::collection::vec((0usize..6, 0usize..4), 0..40),
    ) {
        const LINES: [&str; 6] = ["Menu", "شارك", "own line one", "سطر خاص", " \t", "Share on"];
        const ENDS: [&str; 4] = ["\n", "\n\n", "\r\n", "  \n \n"];
        let repeats = [LINES[0], LINES[1], LINES[5]];
        let mut lab = taught(&repeats);
        let text: String = picks.iter().map(|(line, end)| LINES[*line].to_owned() + ENDS[*end]).collect();
        let doc = offered(&mut lab, &text);
        let left = doc.text().unwrap();
        for (at, letter) in left.char_indices() {
            let place = doc.origin_map().source_range(at..at + letter.len_utf8());
            prop_assert_eq!(&text[place], letter.to_string());
        }
        let has_own = picks.iter().any(|(line, _)| [2, 3].contains(line));
        if has_own {
            for repeat in repeats {
                prop_assert!(!left.lines().any(|line| line.trim() == repeat));
            }
            let own = |text: &str| text.lines().filter(|line| LINES[2..4].contains(&line.trim())).count();
            prop_assert_eq!(own(left), own(&text));
        } else {
            prop_assert_eq!(left, text);
        }
    }

    #[test]
    fn any_text_passes(text in "(\\PC|[\\n\\r\\t ]){0,200}") {
        let mut lab = taught(&["Menu"]);
        for _ in 0..6 {
            let doc = offered(&mut lab, &text);
            prop_assert_eq!(doc.origin_map().text_len(), doc.text().unwrap().len());
            lab.deliver(&doc);
        }
    }
}

/// Guarantees: ten times the lines take about ten times as long, whether they go or stay, also with a
/// block for each.
#[test]
fn time_is_linear_in_the_text() {
    let mut lab = taught(&["Menu", "Share"]);
    let mut time = |lines: usize| {
        let text = "Menu\nan own line of text\nShare\n".repeat(lines / 3);
        let least = (0..3).map(|_| {
            let mut doc = lab.document("desk", &text);
            let starts = text.match_indices("an own");
            doc.facts_mut().blocks = starts
                .map(|(at, line)| jadwal_core::facts::Block {
                    kind: jadwal_core::facts::BlockKind::Paragraph,
                    range: at..at + line.len(),
                })
                .collect();
            let begun = Instant::now();
            assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
            let took = begun.elapsed();
            assert!(doc.text().unwrap().len() < text.len());
            lab.deliver(&doc);
            took
        });
        least.min().unwrap()
    };
    let (short, long) = (time(20_000), time(200_000));
    assert!(
        long < short * 40 + Duration::from_millis(50),
        "{short:?} {long:?}"
    );
}

fn problems(options: &Value) -> Vec<String> {
    let registry = StageRegistry::empty().with::<StripRepeats>();
    let checked = registry.get("strip_repeats").unwrap().check(options);
    let problems = checked.err().unwrap_or_default().into_iter();
    problems.map(|problem| problem.path.join(".")).collect()
}

#[test]
fn options_have_bounds() {
    for (key, good, bad) in [
        (
            "min_documents",
            json!([1, 100_000]),
            json!([0, 100_001, -1, "5"]),
        ),
        ("min_share", json!([0, 0.5, 1]), json!([-0.1, 1.5])),
        ("window", json!([1]), json!([0])),
        ("lag", json!([1, 4096]), json!([0])),
        ("max_lines", json!([16, 524_288]), json!([15, 524_289])),
        (
            "max_counters",
            json!([4096, 16_777_216]),
            json!([0, 16_777_217]),
        ),
        ("key", json!(["auto", "host", "folder"]), json!(["url"])),
        ("counts", json!(["live", "off", "learned"]), json!(["on"])),
    ] {
        for value in good.as_array().unwrap() {
            assert!(problems(&json!({ key: value })).is_empty(), "{key} {value}");
        }
        for value in bad.as_array().unwrap() {
            assert!(
                !problems(&json!({ key: value })).is_empty(),
                "{key} {value}"
            );
        }
    }
    let spec = StageRegistry::empty().with::<StripRepeats>();
    let spec: &dyn ErasedSpec = &**spec.get("strip_repeats").unwrap();
    assert_eq!(spec.needs().len(), 1);
}

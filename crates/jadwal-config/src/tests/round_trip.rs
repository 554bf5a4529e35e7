//! A file that is written and read again is the same file.

use jadwal_core::units::{ByteSize, TimeSpan};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{good, loaded, sources};
use crate::interpolate::Variables;
use crate::key_path::KeyPath;
use crate::layers;
use crate::refine::{Others, refine};
use crate::source_text::SourceText;
use crate::{
    BreakerSection, ConfigErrors, ExpectSection, ExpectedFate, OnDone, OnError, PipelineFile,
    PipelineSection, SourceSection, StageSection, TestSection, Watch,
};

fn text() -> impl Strategy<Value = String> {
    "[a-z${}.\"' ]{0,8}|\\PC{0,8}|[ء-ي \n\t\\\\]{0,8}"
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

fn pipeline() -> impl Strategy<Value = PipelineSection> {
    (
        text(),
        vec(text(), 0..5),
        any::<u32>(),
        1..u32::MAX,
        any::<u64>(),
        0.0..=1.0,
    )
        .prop_map(
            |(name, stages, workers, count, size, share)| PipelineSection {
                name,
                stages,
                workers,
                queue: count.try_into().unwrap(),
                max_in_flight_bytes: ByteSize(size >> 12),
                drain_timeout: TimeSpan::millis(u64::from(workers)),
                breaker: BreakerSection {
                    share,
                    ..BreakerSection::default()
                },
                ..PipelineSection::default()
            },
        )
}

fn source() -> impl Strategy<Value = SourceSection> {
    (text(), vec(text(), 0..4), any::<bool>()).prop_map(|(path, include, flag)| SourceSection {
        path: path.into(),
        include,
        on_done: if flag { OnDone::Move } else { OnDone::Delete },
        watch: if flag { Watch::Poll } else { Watch::Auto },
        follow_symlinks: flag,
        ..SourceSection::default()
    })
}

fn stage() -> impl Strategy<Value = StageSection> {
    let on_error = prop_oneof![Just(OnError::Quarantine), Just(OnError::Stop)];
    let options = btree_map(text(), value(), 0..4).prop_map(Map::from_iter);
    (
        option::of(text()),
        option::of(on_error),
        any::<u32>(),
        options,
    )
        .prop_map(|(kind, on_error, retries, options)| StageSection {
            kind,
            on_error,
            retries,
            options,
            ..StageSection::default()
        })
}

fn test() -> impl Strategy<Value = TestSection> {
    (text(), option::of(text()), vec(text(), 0..3)).prop_map(|(name, input, contains)| {
        TestSection {
            name,
            input: input.clone(),
            expect: ExpectSection {
                fate: input.is_some().then_some(ExpectedFate::Quarantined),
                title: input,
                contains,
                ..ExpectSection::default()
            },
            ..TestSection::default()
        }
    })
}

fn file() -> impl Strategy<Value = PipelineFile> {
    let stages = btree_map(text(), stage(), 0..4);
    (pipeline(), source(), stages, vec(test(), 0..3)).prop_map(
        |(pipeline, source, stages, tests)| PipelineFile {
            pipeline,
            source,
            stages,
            tests,
        },
    )
}

/// Reads `text` by the way of [`crate::load`], up to where values are judged.
fn read(text: &str) -> PipelineFile {
    let source = SourceText::parse("p.toml".as_ref(), text, Variables(&[])).unwrap();
    assert_eq!(source.issues, []);
    let mut tree = layers::merge(Some(&source.values), &[]);
    let root = KeyPath::default();
    let refined = refine(&mut tree, &root, &[], Others::AreLocal, crate::load::typed);
    assert_eq!(refined.issues, []);
    refined.value.unwrap()
}

proptest! {
    #[test]
    fn a_file_survives_being_written(file in file()) {
        let text = file.to_toml().unwrap();
        prop_assert_eq!(read(&text), file, "{}", text);
    }

    #[test]
    fn any_text_is_a_plan_or_errors(text in "(\\[?\\[?(pipeline|source|stages|test)[.a-z]{0,9}\\]?\\]? ?=? ?[\"\\[{a-z0-9$]{0,9}\n){0,6}|\\PC{0,60}") {
        for finding in loaded(&sources(&text)).err().iter().flat_map(ConfigErrors::findings) {
            let lines = text.split('\n').count();
            prop_assert!(finding.line.unwrap_or(1) <= lines);
            prop_assert!(!finding.message.is_empty());
        }
    }

    #[test]
    fn any_override_is_a_plan_or_errors(name in "[A-Z_]{0,20}", value in "\\PC{0,20}") {
        let sources = sources("")
            .with_env([(format!("JADWAL__{name}"), value.clone())])
            .with_sets([format!("{}={value}", name.to_lowercase()), value]);
        prop_assert!(loaded(&sources).is_err());
    }
}

#[test]
fn the_effective_configuration_shows_every_default_and_what_was_understood() {
    let env = [("JADWAL__STAGES__EMIT__OPTIONS__PATH", "2024")];
    let file = loaded(&sources("").with_env(env)).unwrap().file;
    let text = file.to_toml().unwrap();
    for line in [
        "drain_timeout = \"1m\"",
        "path = \"2024\"",
        "max_words = 100",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(good(&text).file, file);
}

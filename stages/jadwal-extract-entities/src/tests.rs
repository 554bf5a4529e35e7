//! Table tests of the whole extractor, one table a label; and what holds for any text.

mod amounts;
mod dates;
mod hostile;
mod linking;
mod lists;
mod names;
mod periods;

use std::path::Path;
use std::sync::LazyLock;

use jadwal_core::StageSpec;
use jadwal_core::facts::{Entity, Label};
use proptest::prelude::*;

use crate::extractor::{Extraction, Extractor};
use crate::taggers::Languages;
use crate::{DateOrder, ExtractEntities, ExtractEntitiesOptions, TaggerBalance};

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(without_tagger(), Path::new("")).unwrap());

/// The tables and patterns are tested alone: what the tagger finds depends on the model.
fn without_tagger() -> ExtractEntitiesOptions {
    ExtractEntitiesOptions {
        tagger: TaggerBalance::Off,
        ..ExtractEntitiesOptions::default()
    }
}

fn extractor() -> &'static Extractor {
    &EXTRACTOR
}

/// Returns what a text without a date of its own names.
fn extraction(extractor: &Extractor, text: &str, whole: &str) -> Extraction {
    let languages = Languages {
        whole,
        segments: &[],
    };
    extractor.extract(text, &languages, None).unwrap()
}

fn entities(text: &str, language: &str) -> Vec<Entity> {
    extraction(extractor(), text, language).entities
}

fn written(text: &str, entities: &[Entity], label: Label) -> String {
    let found: Vec<_> = entities
        .iter()
        .filter(|entity| entity.label == label)
        .map(|entity| format!("{} -> {}", &text[entity.range.clone()], entity.norm))
        .collect();
    found.join(" | ")
}

/// Each case: a text, and its entities of one label as `text -> norm`, parted by ` | `.
fn check(label: Label, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let entities = entities(text, "");
        assert_eq!(written(text, &entities, label), *expected, "{text}");
    }
}

#[test]
fn a_mention_points_to_the_first_one() {
    let entities = entities("قطر وكندا ودولة قطر. Qatar", "");
    let mentions: Vec<_> = entities.iter().map(|entity| entity.mention_of).collect();
    assert_eq!(mentions, [None, None, Some(0), Some(0)]);
    assert!(
        entities
            .iter()
            .all(|entity| entity.link.starts_with("iso3166:"))
    );
}

#[test]
fn the_language_says_what_a_full_stop_parts() {
    let text = "12.500 euros";
    for (language, expected) in [("fr", "12500 EUR"), ("en", "12.5 EUR"), ("", "12.5 EUR")] {
        let entities = entities(text, language);
        assert_eq!(entities[0].norm, expected, "{language}");
    }
}

#[test]
fn ambiguous_dates_score_lower_and_go_by_the_option() {
    let score = |text| entities(text, "")[0].score;
    assert!(score("03/04/2014") < score("23/04/2014"));
    let options = ExtractEntitiesOptions {
        date_order: DateOrder::Month,
        ..without_tagger()
    };
    let extractor = Extractor::new(options, Path::new("")).unwrap();
    let entities = extraction(&extractor, "03/04/2014", "").entities;
    assert_eq!(entities[0].norm, "2014-03-04");
}

#[test]
fn options_choose_what_is_found() {
    let text = "قطر 25% أمس 200 دينار";
    let found = |options| {
        let extractor = Extractor::new(options, Path::new("")).unwrap();
        let entities = extraction(&extractor, text, "").entities;
        entities
            .iter()
            .map(|entity| entity.label)
            .collect::<Vec<_>>()
    };
    let labels = ExtractEntitiesOptions {
        labels: vec![Label::Loc],
        ..without_tagger()
    };
    assert_eq!(found(labels), [Label::Loc]);
    let sure = ExtractEntitiesOptions {
        min_score: 0.8,
        relative_dates: false,
        ..without_tagger()
    };
    assert_eq!(found(sure), [Label::Loc, Label::Percent]);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let wrong = ExtractEntitiesOptions {
        min_score: 1.5,
        ..ExtractEntitiesOptions::default()
    };
    assert_eq!(ExtractEntities::check(&wrong).unwrap_err().len(), 1);
    assert!(ExtractEntities::check(&ExtractEntitiesOptions::default()).is_ok());
    let unknown = serde_json::json!({ "lables": [] });
    assert!(serde_json::from_value::<ExtractEntitiesOptions>(unknown).is_err());
}

fn assert_sound(text: &str, entities: &[Entity]) {
    let mut end = 0;
    for (index, entity) in entities.iter().enumerate() {
        let range = entity.range.clone();
        assert!(range.start >= end && range.start < range.end, "{range:?}");
        assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
        assert!((0.0..=1.0).contains(&entity.score));
        assert!(entity.mention_of.is_none_or(|of| of < index));
        end = range.end;
    }
}

/// Pieces that patterns are made of.
#[rustfmt::skip]
const PIECES: [&str; 68] = [
    "21", "2016", "1438", "هـ", "نوفمبر", "تشرين الثاني", "May", "صفر", "مليون", "ألف", "و", "و500",
    "million", "and", "نصف", "دولار", "ريال قطري", "$", "€", "%", "٪", "+", "@", "http://",
    "www.", "قطر", "لل", "ولليمن", "عُمان", "U.S.", "الساعة", "الثالثة", "pm", "اليوم", "الأربعاء", "منذ",
    "سنوات", "ago", "of", "d'", "من", "إلى", "km", "°C", ".", ",", "،", ":",
    "/", "-", "–", "(", ")", "'", " ", " ", " ", "\n", "\u{200F}", "\u{64B}",
    "ـ", "_", "00974", "123456789", "٣", "٫", "T", "Z",
];

/// A piece of a text put together at random.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(&PIECES[..]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => "\\PC{0,3}", 1 => "[0-9]{1,20}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_survives(texts in prop::collection::vec("\\PC{0,200}", 1..4)) {
        for text in texts {
            assert_sound(&text, &entities(&text, ""));
        }
    }

    #[test]
    fn any_row_of_pieces_survives(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        assert_sound(&text, &entities(&text, "fr"));
    }
}

#[cfg(not(feature = "onnx"))]
#[test]
fn a_build_without_the_engine_refuses_the_backend_that_needs_it() {
    let options = ExtractEntitiesOptions {
        backend: crate::Backend::Onnx,
        ..ExtractEntitiesOptions::default()
    };
    let problems = ExtractEntities::check(&options).unwrap_err();
    assert_eq!(problems[0].path, ["backend"]);
    assert!(problems[0].message.contains("--features onnx"));
}

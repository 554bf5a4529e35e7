//! Every combination of the steps' switches.

use jadwal_core::{Transform, Verdict};
use proptest::prelude::*;

use super::laws::{check_document, markup, mixed_text};
use super::samples::ARABIC;
use super::{clean, document, text};
use crate::{Chrome, Clean, CleanOptions, Html, QualityLabels, Spelling, VisualOrder};

/// Number of switches in [`options`].
const SWITCHES: u32 = 10;

/// Returns the options with the steps on whose bits are set in `bits`.
fn options(bits: u32) -> CleanOptions {
    let is_on = |bit: u32| bits & (1 << bit) != 0;
    let spelling = match is_on(9) {
        true => Spelling {
            alef: true,
            ya: true,
            ta_marbuta: true,
            diacritics: true,
            digits: true,
        },
        false => Spelling::default(),
    };
    CleanOptions {
        decode: is_on(0),
        mojibake: is_on(1),
        html: if is_on(2) { Html::Auto } else { Html::Never },
        controls: is_on(3),
        unicode: is_on(4),
        join_lines: is_on(5),
        chrome: if is_on(6) {
            Chrome::Remove
        } else {
            Chrome::Keep
        },
        metadata: is_on(7),
        whitespace: is_on(8),
        spelling,
        visual_order: match is_on(9) {
            true => VisualOrder::Reverse,
            false => VisualOrder::Keep,
        },
        ..CleanOptions::default()
    }
}

/// A text with work for every step.
fn sample() -> String {
    let misread: String = ARABIC[3].bytes().map(char::from).collect();
    let wrapped = "The town of Harbour opened a new fish market near its quay\n\
        on Monday, and many fishermen came. The mayor said that the\n\
        new market has forty stalls and a cold store, and that the\n\
        work on it took two years, with help from the province. It\n\
        will be open every day.";
    [
        "تسجيل الدخول",
        ARABIC[0],
        &misread,
        "ﻣﺪﺭﺳﺔ  ﺍﻟﻨﻘﻞ ﻭﺯﻳﺮ",
        "ﺔﻨﻳﺪﻣ ﺮﻳﺯﻭ ﻞﻘﻨﻟﺍ",
        "المـــدينة\u{200F} cafe\u{301}\u{A0}&nbsp;x\u{1}y\r",
        "",
        "",
        "",
        wrapped,
        "",
        "اترك تعليقا",
    ]
    .join("\n")
}

#[test]
fn every_combination_of_switches_keeps_the_offsets() {
    let source = sample();
    let mut stage = Clean::new(CleanOptions::default());
    for bits in 0..1 << SWITCHES {
        stage.options = options(bits);
        let mut doc = document("a.txt", source.clone());
        let result = stage.apply(&mut doc);
        assert_eq!(result.expect("it is text"), Verdict::Pass);
        check_document(&doc).unwrap_or_else(|error| panic!("{bits:b}: {error}"));
        // A word that no step touches leads to itself, whatever is on.
        let word = "الصيادين";
        let at = text(&doc).find(word).expect("it is kept");
        let range = doc.source_range(at..at + word.len());
        let range = range.start as usize..range.end as usize;
        assert_eq!(&source[range], word, "{bits:b}");
    }
}

#[test]
fn each_step_counts_its_own_work_and_stops_when_it_is_off() {
    let all = (1 << SWITCHES) - 1;
    for (bit, rule) in [
        (1, "mojibake:"),
        (3, "controls:"),
        (4, "unicode:"),
        (5, "lines:"),
        (8, "whitespace:"),
        (9, "spelling:"),
    ] {
        let counts = |bits: u32| {
            let (_, doc) = clean(options(bits), "a.txt", sample());
            let repairs = doc.facts().repairs.iter();
            let own = repairs.filter(|(name, _)| name.starts_with(rule));
            own.map(|(_, count)| count).sum::<u64>()
        };
        assert!(counts(all) > 0, "{rule}");
        assert_eq!(counts(all & !(1 << bit)), 0, "{rule}");
    }
}

#[test]
fn without_steps_the_text_is_the_source() {
    let source = sample();
    let (_, doc) = clean(options(0), "a.txt", source.clone());
    assert_eq!(text(&doc), source);
    assert!(doc.facts().removed.is_empty() && doc.facts().repairs.is_empty());
    let (result, _) = clean(options(0), "a.txt", b"caf\xE9".to_vec());
    let error = result.expect_err("it is not UTF-8");
    assert_eq!(error.class(), jadwal_core::ErrorClass::Document);
}

#[test]
fn visual_lines_are_kept_and_told_or_turned_round() {
    let source = "ﺔﻨﻳﺪﻣ ﺮﻳﺯﻭ 37 ﻞﻘﻨﻟﺍ";
    let (_, doc) = clean(CleanOptions::default(), "a.txt", source);
    assert_eq!(text(&doc), source);
    assert_eq!(doc.facts().repairs["unicode:visual-order-kept"], 1);
    let reverse = CleanOptions {
        visual_order: VisualOrder::Reverse,
        ..CleanOptions::default()
    };
    let (_, doc) = clean(reverse, "a.txt", source);
    assert_eq!(text(&doc), "النقل 37 وزير مدينة");
    assert_eq!(doc.facts().repairs["unicode:visual-order"], 1);
    assert_eq!(doc.source_range(0..10), 0..source.len() as u64);
}

#[test]
fn quality_is_labelled_and_dropped_only_where_it_is_asked_for() {
    let short = "خبر قصير جدا عن السوق.";
    let with = |quality, raw: &str| {
        let options = CleanOptions {
            quality,
            ..CleanOptions::default()
        };
        let (result, doc) = clean(options, "a.txt", raw.to_owned());
        (
            result.expect("it is text"),
            doc.extra().get("clean").cloned(),
        )
    };
    assert_eq!(with(QualityLabels::Off, short), (Verdict::Pass, None));
    let (verdict, label) = with(QualityLabels::Label, short);
    let label = &label.expect("it is labelled")["quality"];
    assert_eq!(verdict, Verdict::Pass);
    assert_eq!(label["label"], "doubtful");
    assert_eq!(label["reasons"][0], "words");
    assert_eq!(label["measures"]["words"], 5.0);
    let (verdict, _) = with(QualityLabels::Drop, short);
    assert!(matches!(verdict, Verdict::Drop(_)));
    let (verdict, label) = with(QualityLabels::Drop, &ARABIC.join("\n"));
    assert_eq!(verdict, Verdict::Pass);
    assert_eq!(label.expect("it is labelled")["quality"]["label"], "good");
}

#[test]
fn non_joiners_stay_where_they_are_spelling() {
    for (source, expected) in [
        (
            "کتاب\u{200C}ها می\u{200C}رود",
            "کتاب\u{200C}ها می\u{200C}رود",
        ),
        ("مي\u{200C}رود", "مي\u{200C}رود"),
        ("دە\u{200C}چم", "دە\u{200C}چم"),
        ("المدرسة بيت\u{200C}نا", "المدرسة بيتنا"),
        ("क्\u{200D}ष", "क्\u{200D}ष"),
    ] {
        let (_, doc) = clean(CleanOptions::default(), "a.txt", source);
        assert_eq!(text(&doc), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_survives_any_switches(
        bits in 0u32..1 << SWITCHES,
        plain in mixed_text(),
        page in markup(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let inputs = [("a.txt", plain.into_bytes()), ("a.html", page.into_bytes()), ("a", bytes)];
        let stage = Clean::new(options(bits));
        for (path, raw) in inputs {
            let mut doc = document(path, raw);
            let result = stage.apply(&mut doc);
            if matches!(result, Ok(Verdict::Pass)) {
                check_document(&doc)?;
            }
        }
    }
}

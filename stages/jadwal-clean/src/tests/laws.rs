//! What holds for any input.

use encoding_rs::{WINDOWS_1252, WINDOWS_1256};
use jadwal_core::{Document, Edited, Verdict};
use proptest::prelude::*;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{clean, text};
use crate::controls;
use crate::unicode::{Characters, Repairs, compose, is_composed};
use crate::{Chrome, CleanOptions, Html};

/// Text with everything that the steps look for.
pub(super) fn mixed_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,6}",
        "[ابتثجحخدرسصعغفقكلمنهوي]{1,6}",
        "[\u{640}\u{64B}-\u{655}\u{627}أإآ\u{300}-\u{304}e]{1,4}",
        "[\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FEFF}\u{AD}\u{61C}]{1,2}",
        "[\u{FB50}-\u{FBB1}\u{FC00}-\u{FD3F}\u{FDF0}-\u{FDFC}\u{FE70}-\u{FEFC}]{1,3}",
        "[ \t\u{A0}\u{2003}\u{3000}]{1,3}",
        "(\r\n|\n|\r|\u{85}|\u{2028}|\u{C}){1,3}",
        "[\u{1}-\u{8}\u{7F}-\u{84}|.:,0-9٠-٩-]{1,3}",
        Just("تسجيل الدخول\n".to_owned()),
        Just("\nاترك تعليقا\n".to_owned()),
        Just("21 نوفمبر 2016".to_owned()),
        Just("\u{1F468}\u{200D}\u{1F469}".to_owned()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

pub(super) fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<br>",
            "<div class='x'>",
            "</div>",
            "<h1>",
            "</h1>",
            "<table>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "<li>",
            "<ul>",
            "</ul>",
            "<pre>",
            "<a href=\"y\">",
            "</a>",
            "<!-- c -->",
            "<title>",
            "</title>",
            "<script>",
            "</script>",
            "<svg>",
            "</svg>",
            "<",
            "&",
            "&amp;",
            "&lt",
            "&#x627;",
            "&#0;",
            "&nbsp;",
            "&copy2;",
            "</",
            "<!",
            "<?",
            "\r\n",
            " ",
            "|",
            "<blockquote>",
            "<meta name=author content='z'>",
            "<nav>",
            "</nav>",
            "<figcaption>",
            "</figcaption>",
            "<p>Leave a comment</p>",
            "<p>Share</p>",
            "<p>The council met on Monday evening to talk about the price of fish, and no end was in sight.</p>",
        ])
        .prop_map(str::to_owned),
        "[a-zابتثé ]{1,9}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The steps that change characters, alone.
fn normalized(source: &str) -> String {
    let characters = Characters::new(&CleanOptions::default(), source);
    let mut text = source.to_owned();
    let mut repairs = Repairs::new();
    let tidy = |text: &str, repairs: &mut Repairs| characters.tidy(text, repairs);
    for edit in [
        &controls::tidy as &dyn Fn(&str, &mut Repairs) -> Option<Edited>,
        &tidy,
        &compose,
    ] {
        text = edit(&text, &mut repairs).map_or(text, |edited| edited.text);
    }
    text
}

/// Checks what every document must hold.
pub(super) fn check_document(doc: &Document) -> Result<(), TestCaseError> {
    let text = text(doc);
    let map = doc.origin_map();
    let len = doc.raw().len();
    prop_assert_eq!(map.text_len(), text.len());
    let mut last = 0;
    for at in 0..text.len() {
        let range = map.source_range(at..at + 1);
        prop_assert!(range.start <= range.end && range.end <= len);
        prop_assert!(last <= range.start, "starts never fall");
        last = range.start;
    }
    let facts = doc.facts();
    let removed = &facts.removed;
    prop_assert!(removed.iter().all(|removed| removed.raw.end <= len));
    let are_apart = |one: &jadwal_core::facts::Removed, other: &jadwal_core::facts::Removed| {
        one.raw.end <= other.raw.start
    };
    prop_assert!(removed.is_sorted_by(are_apart), "{removed:?}");
    let mut end = 0;
    for block in &facts.blocks {
        prop_assert!(block.range.start >= end && !block.range.is_empty());
        prop_assert!(text.get(block.range.clone()).is_some_and(|t| t.trim() == t));
        end = block.range.end;
    }
    Ok(())
}

/// Checks that each word is what its source says, up to the Unicode step.
fn check_words(doc: &Document) -> Result<(), TestCaseError> {
    let text = text(doc);
    for word in text.split_whitespace() {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let range = doc.origin_map().source_range(at..at + word.len());
        let source = std::str::from_utf8(&doc.raw()[range]);
        let source = normalized(source.map_err(|error| TestCaseError::fail(error.to_string()))?);
        // One ligature may stand for several words.
        let several = source.nfkc().any(|c| c == ' ');
        // Whether non-joiners and presentation forms stay is decided by what stands around; the
        // second form puts marks in order that a blank held apart.
        let plain = |text: &str| {
            text.nfkc()
                .filter(|c| !matches!(c, ' ' | 'ـ' | '\u{200C}'))
                .nfc()
                .collect()
        };
        let (source, word): (String, String) = (plain(&source), plain(word));
        prop_assert!(
            source == word || several && source.contains(&word),
            "{source:?} {word:?}"
        );
    }
    Ok(())
}

fn has_replacement(doc: &Document) -> bool {
    text(doc).contains('\u{FFFD}')
}

fn passed(options: CleanOptions, path: &str, raw: Vec<u8>) -> Option<Document> {
    let (result, doc) = clean(options, path, raw);
    matches!(result, Ok(Verdict::Pass)).then_some(doc)
}

#[test]
fn what_was_removed_stands_in_order_and_nothing_twice() {
    let sentence =
        "The council met on Monday evening to talk about the price of fish, in Café Größe, number";
    let paragraph = |number: usize| format!("<p>{sentence} {number}, and no end was in sight.</p>");
    let paragraphs = |numbers: std::ops::Range<usize>| numbers.map(paragraph).collect::<String>();
    let list = "<aside><ul><li><a href='/1'>Bridge closed for repairs</a></li></ul></aside>";
    let page = format!(
        "<html><body><nav><a href='/'>Ho#me</a></nav><article><h1>Fish is dear</h1>{}\
         <p>Share#d 9 times</p><p>Share</p>{list}<p>Share</p>{}<p>Leave a comment</p>\
         <figure><figcaption>The#quay</figcaption></figure><p>Post comment</p></article>\
         <footer><p>All rights reserved</p></footer></body></html>",
        paragraphs(0..6),
        paragraphs(6..12),
    );
    let text = page
        .replace("</p>", "\n")
        .replace(|c: char| "<>='/".contains(c), " ");
    for (path, source) in [("a.html", page), ("a.txt", text)] {
        for chrome in [Chrome::Remove, Chrome::Mark] {
            let raw: Vec<u8> = source
                .bytes()
                .map(|byte| if byte == b'#' { 0xFF } else { byte })
                .collect();
            let options = CleanOptions {
                chrome,
                ..CleanOptions::default()
            };
            let (result, doc) = clean(options, path, raw);
            assert_eq!(result.expect("the document is sound"), Verdict::Pass);
            assert!(doc.facts().removed.len() > 3, "{:?}", doc.facts().removed);
            check_document(&doc).unwrap_or_else(|error| panic!("{path}, {chrome:?}: {error}"));
        }
    }
}

proptest! {
    #[test]
    fn the_quick_look_at_composition_is_right(source in mixed_text(), any in any::<String>()) {
        for text in [source, any] {
            let slow = is_nfc_quick(text.chars()) == IsNormalized::Yes;
            prop_assert_eq!(is_composed(&text), slow);
        }
    }

    // A misread line is judged whole (`Â¡` alone is `¡`), so a word of it can't be checked alone.
    #[test]
    fn each_word_leads_to_its_source(source in mixed_text(), any in any::<String>()) {
        for source in [source, any] {
            let options = CleanOptions {
                html: Html::Never,
                mojibake: false,
                ..CleanOptions::default()
            };
            if let Some(doc) = passed(options, "a.txt", source.into_bytes()) {
                check_document(&doc)?;
                if doc.facts().encoding.as_ref().is_some_and(|e| e.name == "utf-8") {
                    check_words(&doc)?;
                }
            }
        }
    }

    #[test]
    fn each_repaired_word_leads_to_its_source(
        words in prop::collection::vec("[ابتثجحخدرسصعغفقكلمنهوي]{2,6}", 20..60),
        page in prop::sample::select(vec![WINDOWS_1252, WINDOWS_1256]),
    ) {
        let misread = |text: &str| page.decode_without_bom_handling(text.as_bytes()).0.into_owned();
        let sound = words.join(" ");
        let options = CleanOptions { chrome: Chrome::Keep, ..CleanOptions::default() };
        let doc = passed(options, "a.txt", misread(&sound).into_bytes());
        let doc = doc.ok_or_else(|| TestCaseError::fail("the text was not kept"))?;
        prop_assert_eq!(text(&doc), &sound);
        let mut start = 0;
        for word in words {
            let range = doc.origin_map().source_range(start..start + word.len());
            let source = String::from_utf8_lossy(&doc.raw()[range]);
            prop_assert_eq!(source, misread(&word));
            start += word.len() + 1;
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing(source in mixed_text()) {
        let options = CleanOptions {
            html: Html::Never,
            chrome: Chrome::Keep,
            ..CleanOptions::default()
        };
        if let Some(once) = passed(options.clone(), "a.txt", source.into_bytes())
            && let Some(twice) = passed(options, "a.txt", text(&once).as_bytes().to_vec())
        {
            prop_assert_eq!(text(&once), text(&twice));
        }
    }

    #[test]
    fn any_bytes_survive(raw in prop::collection::vec(any::<u8>(), 0..300)) {
        let spelled = raw.windows(3).any(|w| w == b"\xEF\xBF\xBD")
            || raw.windows(2).any(|w| w == b"\xFD\xFF" || w == b"\xFF\xFD");
        if let Some(doc) = passed(CleanOptions::default(), "a.txt", raw) {
            check_document(&doc)?;
            prop_assert!(spelled || !has_replacement(&doc));
        }
    }

    #[test]
    fn damaged_text_survives(
        source in "[ابتثجحخ دذرزسش\n]{40,200}",
        damage in prop::collection::vec((0usize..80, any::<u8>()), 0..4),
    ) {
        let mut raw = source.into_bytes();
        for (at, byte) in damage {
            let at = at % raw.len();
            raw[at] = byte;
        }
        let spelled = raw.windows(3).any(|w| w == b"\xEF\xBF\xBD");
        if let Some(doc) = passed(CleanOptions::default(), "a.txt", raw) {
            check_document(&doc)?;
            prop_assert!(spelled || !has_replacement(&doc));
        }
    }

    #[test]
    fn any_markup_survives(
        source in markup(),
        mark in any::<bool>(),
        damage in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let chrome = if mark { Chrome::Mark } else { Chrome::Remove };
        let options = CleanOptions { chrome, ..CleanOptions::default() };
        let mut raw = source.into_bytes();
        for at in damage.iter().filter(|_| !raw.is_empty()).collect::<Vec<_>>() {
            let at = at.index(raw.len());
            raw[at] = 0xFF;
        }
        if let Some(doc) = passed(options, "a.html", raw) {
            check_document(&doc)?;
            prop_assert!(!has_replacement(&doc));
        }
    }
}
